"""How often an asking goes to the database and back: whoever is far from it waits for each journey."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from storage import engine as engines
from storage import tables as t
from storage.engine import Database, DatabaseAway
from storage.questions import Question
from tests.benchmarks import house
from tests.benchmarks.daily import PETER
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown

AT_THE_DOOR = 1
A_USE = {"sqlite": 14, "postgresql": 15}
"""With the door, the beginning and the end of the transaction; on PostgreSQL there is a turn to take in the chain."""


class Journeys:
    """The messages of PostgreSQL's protocol that wait for an answer; on SQLite every statement."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.written: list[IO[bytes]] = []

    @property
    def count(self) -> int:
        lines = [line for file in self.written for line in _lines(file)]
        return len(self.statements) + sum("\tSync" in line or "\tQuery\t" in line for line in lines)


@contextmanager
def journeys(database: Database) -> Iterator[Journeys]:
    found, traced = Journeys(), set[Any]()

    def follow(connection: Any, _record: Any, _lent: Any) -> None:
        if database.is_sqlite:
            connection.set_trace_callback(found.statements.append)
        elif connection not in traced:
            found.written.append(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the others
            connection.pgconn.trace(found.written[-1].fileno())
        traced.add(connection)

    lines = {database.writing, database.reading, database.asking}
    for line in lines:
        event.listen(line, "checkout", follow, insert=True)
    yield found
    for line in lines:
        event.remove(line, "checkout", follow)
    for connection in traced:
        connection.set_trace_callback(None) if database.is_sqlite else connection.pgconn.untrace()


def _lines(file: IO[bytes]) -> list[str]:
    file.seek(0)
    return file.read().decode("utf-8", "replace").splitlines()


@pytest.fixture
def town(engine: str, databases: Databases) -> Iterator[OfficeTown]:
    database = databases.at(databases.fresh(engine, settle=OfficeTown))
    yield OfficeTown(database)
    database.close()
    databases.take_back(database.address)


def test_who_somebody_is_is_one_journey_at_the_door(town: OfficeTown) -> None:
    bot = house.Bot(town)
    house.asks(bot.app, house.command(PETER, "/nothing"))
    with journeys(town.house.storage.database) as found:
        house.asks(bot.app, house.command(PETER, "/nothing"))
        assert found.count == AT_THE_DOOR


def test_a_use_of_a_frame_goes_to_the_database_no_oftener_than_it_must(town: OfficeTown, engine: str) -> None:
    case, _ = active_case(town, "Peter Krogh", kroner=49_000)
    bot = house.Bot(town)
    bot.dispatch.afterwards.ask = lambda *_, **__: None  # type: ignore[method-assign]  # the Home is another story
    for _ in range(2):
        house.asks(bot.app, house.use(PETER, case.id, town.today))
    with journeys(town.house.storage.database) as found:
        house.asks(bot.app, house.use(PETER, case.id, town.today))
        assert found.count <= A_USE[engine], found.statements


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_line_that_is_cut_while_nobody_has_it_is_noticed_by_nobody(town: OfficeTown) -> None:
    database = town.house.storage.database
    for _ in range(2):
        assert town.office.people.known(PETER, at=town.clock.at)
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.note("before")
        _cut_all_others(database)
    assert town.office.people.known(PETER, at=town.clock.at)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.note("after")
        assert [entry.act for entry in work.journal.of_acts("before", "after")] == ["before"] * 2 + ["after"]


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_line_that_has_long_lain_still_is_asked_whether_it_is_there(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = town.house.storage
    counts = []
    for fresh in (engines.FRESH, 0.0):
        monkeypatch.setattr(engines, "FRESH", fresh)
        with storage.open_reading(at=town.clock.at) as work:
            work.committees.all()
        with journeys(storage.database) as found, storage.open_reading(at=town.clock.at) as work:
            work.committees.all()
        counts.append(found.count)
    assert counts[1] == counts[0] + 1


def _cut_all_others(database: Database) -> None:
    """As when the server starts anew."""
    import psycopg

    with psycopg.connect(database.address.replace("+psycopg", ""), autocommit=True) as hand:
        hand.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        while hand.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone():
            pass


def test_a_server_that_refuses_is_away_at_the_door_too() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/nothing?sslmode=disable")
    with pytest.raises(DatabaseAway):
        Question(select(t.people.c.id), database).ask()
    database.close()


def test_what_is_wrong_with_a_question_is_not_called_away(town: OfficeTown) -> None:
    question = Question(select(t.people.c.id), town.house.storage.database)
    question._text = "SELECT nothing FROM people"
    with pytest.raises(DBAPIError) as wrong:
        question.ask()
    assert (
        isinstance(wrong.value, DatabaseAway) is town.house.storage.database.is_sqlite
    )  # it has one kind for both
