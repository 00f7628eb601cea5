"""A process that is frozen or cut off in the middle of a transaction stops nobody for long, and what it held is undone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from storage import engine as engines
from storage.engine import Database, DatabaseAway, unhurried
from storage.sealing import KeyRing
from storage.streams import Streams
from storage.unit_of_work import Storage
from tests.support.rows import AT
from tests.support.wire import waits_until

pytestmark = pytest.mark.parametrize("engine", ["postgresql"])
"""On SQLite one process serves the file, and nobody else waits for it (storage/only_one.py)."""


def town(address: str, keys: KeyRing) -> Storage:
    return Storage(Database(address), keys=keys, new_id=lambda: "id")


def writes(storage: Storage, act: str) -> None:
    with storage.open_work(at=AT) as work:
        work.note(act)


def freezes_before_it_commits(storage: Storage) -> None:
    """Its entry is tied to the chain by then: everybody else who writes waits for it."""

    @event.listens_for(storage.database.writing, "commit", once=True)
    def freeze(_connection: object) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)


@pytest.fixture
def frozen(
    database_address: str, keys: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[int, Path]]:
    """A replica that stops itself in the worst place, and says what it hears when it wakes."""
    monkeypatch.setattr(engines, "FORGOTTEN", "400ms")
    said = tmp_path / "said"
    pid = os.fork()
    if not pid:
        try:
            storage = town(database_address, keys)
            freezes_before_it_commits(storage)
            try:
                writes(storage, "frozen")
            except DatabaseAway:
                writes(storage, "woke")
                said.write_text("away")
        finally:
            os._exit(0)
    waits_until(lambda: Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "T")
    yield pid, said
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_others_write_on_while_it_is_frozen_and_it_wakes_to_have_written_nothing(
    frozen: tuple[int, Path], database_address: str, keys: KeyRing
) -> None:
    child, said = frozen
    others = town(database_address, keys)
    writes(others, "others")
    os.kill(child, signal.SIGCONT)
    waits_until(said.exists)
    with others.open_reading(at=AT) as work:
        entries = work.journal.of_acts("frozen", "others", "woke")
    others.database.close()
    assert [entry.act for entry in entries] == ["others", "woke"]


def test_both_ends_look_whether_the_other_is_there_still(database_address: str) -> None:
    """Five seconds of silence in a transaction; 25 without a sign of life on the network, also where only locks hang."""
    database, streams = Database(database_address), Streams(database_address)
    with database.reading.connect() as connection:
        assert connection.execute(SILENCE).scalar() == "5s"
        unhurried(connection)
        assert connection.execute(SILENCE).scalar() == "2min"
        for line in (connection, streams._connection()):
            told = line.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
            ours = {name: value for name, value in told.items() if "keepalives_" in name or "user" in name}
            assert ours | KNOCKS == ours
            assert all(f"-c tcp_{name}={value}" in told["options"] for name, value in AT_THE_SERVER.items())
    streams.close()
    database.close()


SILENCE = text("SHOW idle_in_transaction_session_timeout")
KNOCKS = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
AT_THE_SERVER = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "user_timeout": "25s",
}
