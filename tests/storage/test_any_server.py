"""However the server, the database or the role is set, our sessions are as our locks and rows assume."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from storage.engine import Database, dedicated, unhurried
from tests.support.databases import Databases

SET_OTHERWISE = {
    "default_transaction_isolation": "'serializable'",
    "default_transaction_read_only": "on",
    "idle_session_timeout": "'1h'",
    "transaction_timeout": "'1h'",
    "datestyle": "'SQL, DMY'",
    "client_encoding": "'LATIN1'",
    "timezone": "'America/St_Johns'",
}
AS_OURS = {
    "transaction_isolation": "read committed",
    "transaction_read_only": "off",
    "idle_session_timeout": "0",
    "datestyle": "ISO, MDY",
    "client_encoding": "UTF8",
    "timezone": "UTC",
}


@pytest.fixture(scope="module")
def elsewhere(databases: Databases) -> Iterator[Database]:
    """Where whoever runs the server has chosen the usual differently in all that touches us."""
    address = databases.fresh("postgresql")
    name = make_url(address).database
    database = Database(address)
    with database.asking.connect() as connection:
        for setting, value in SET_OTHERWISE.items():
            connection.execute(text(f"ALTER DATABASE {name} SET {setting} = {value}"))
    database.close()
    yield database
    database.close()
    databases.take_back(address)


@pytest.mark.parametrize("whose", ["who writes", "who asks", "who holds streams"])
def test_no_usual_of_the_servers_holds_for_us(elsewhere: Database, whose: str) -> None:
    line = {
        "who writes": elsewhere.writing,
        "who asks": elsewhere.asking,
        "who holds streams": dedicated(elsewhere.address),
    }[whose]
    with line.connect() as connection:
        found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in AS_OURS}
    assert found == AS_OURS


def test_what_an_operator_does_may_take_its_time_whatever_the_server_thinks_of_it(
    elsewhere: Database,
) -> None:
    with elsewhere.reading.connect() as connection:
        unhurried(connection)
        assert connection.execute(text("SHOW transaction_timeout")).scalar() == "0"


def test_what_the_address_asks_of_the_server_is_asked_too(elsewhere: Database) -> None:
    database = Database(f"{elsewhere.address}&options=-csearch_path%3Dapp%20-cstatement_timeout%3D9s")
    with database.reading.connect() as connection:
        found = [connection.execute(text(f"SHOW {n}")).scalar() for n in ("search_path", "statement_timeout")]
    database.close()
    assert found == ["app", "1800ms"]
