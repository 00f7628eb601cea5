"""The drill: backups are taken while four processes write, and each of them is whole and in step with itself (S15).

7 of each kind here, each read through, the first restored into SQLite and the last into PostgreSQL; `make storm` takes
and restores 200 (INDGANG_STORM).
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.frame import Entry, EntryKind
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from storage import recovery
from storage.archive import opened
from storage.backup import back_up
from storage.engine import Database, DatabaseAway
from storage.restore import restore
from storage.sealing import KeyRing
from storage.tables import entries, frames, journal, journal_links, notices
from storage.unit_of_work import Storage
from tests.support.databases import Databases, PostgresServer
from tests.support.rows import AT, TODAY, Rows

WRITERS = 4
STORM = bool(os.environ.get("INDGANG_STORM"))
BACKUPS, EVERY, BETWEEN = (200, 1, 0.1) if STORM else (7, 6, 0.01)
"""How many are taken, every which is restored, and a writer's rest in seconds: a long drill must not drown in rows."""


@dataclass(frozen=True)
class Seen:
    """Everything a booking writes, counted apart: in a backup that is whole, all of them agree."""

    entries: int
    used: int
    told: int
    journaled: int
    linked: int


def seen(database: Database) -> Seen:
    with database.reading.connect() as connection:

        def one(query: Any) -> int:
            return int(connection.execute(query).scalar_one() or 0)

        return Seen(
            entries=one(select(func.count()).select_from(entries)),
            used=one(select(func.sum(frames.c.used_ore))),
            told=one(select(func.count()).where(notices.c.kind == "frame_use")),
            journaled=one(select(func.count()).where(journal.c.act == "frame_used")),
            linked=one(
                select(func.count())
                .select_from(journal_links.join(journal, journal.c.seq == journal_links.c.seq))
                .where(journal.c.act == "frame_used")
            ),
        )


def test_each_backup_taken_while_four_write_is_whole(
    database: Database, keys: KeyRing, tmp_path: Path, databases: Databases
):
    storage = Storage(database, keys=keys, new_id=iter(f"n-{i}" for i in range(9)).__next__)
    town = Rows(storage)
    for number in range(2):  # two writers at each frame
        town.frame(town.case(), id=f"frame-{number}", used=Kroner(0), amount=Kroner.of(9_000_000))
    files = [tmp_path / f"{n}.zip" for n in range(BACKUPS)]
    database.close()
    with writing(database.address, keys):
        counts = []
        for file in files:
            back_up(database, file, keys=keys, program="1", now=lambda: AT)
            counts.append(seen(database).entries)
    assert counts[-1] > counts[0], "nobody wrote meanwhile"
    held = [_holds(file, keys) for file in files]
    places = itertools.cycle((tmp_path / "restored.db", databases.postgres))
    restored = [_in_step(file, keys, next(places)) for file in files[::EVERY]]
    assert restored == held[::EVERY]
    assert held == sorted(held)
    assert held[-1] > held[0]


def _holds(file: Path, keys: KeyRing) -> int:
    """How many bookings it holds, by its own lines; what the frames say they have used agrees."""
    with opened(file, keys) as backup:
        inside = backup.manifest.tables
        used = inside["frames"].columns.index("used_ore")
        total = sum(json.loads(line)[used] for line in backup.lines("frames"))
        booked = sum(1 for _ in backup.lines("entries"))
        told = sum('"frame_use"' in line for line in backup.lines("notices"))
        journaled = sum('"frame_used"' in line for line in backup.lines("journal"))
    assert (total, told, journaled) == (booked * 100, booked, booked)
    return booked


def _in_step(file: Path, keys: KeyRing, place: Path | PostgresServer) -> int:
    """How many bookings it holds, restored into either kind of database, whatever it came from."""
    with _empty(place) as there:
        restore(there, file, keys=keys, replace=False, at=AT)
        found = seen(there)
        assert found == Seen(*[found.entries, found.entries * 100, *[found.entries] * 3])
        restored = recovery.last_restore(there)
        assert restored is not None
        assert recovery.missing_rows(there, restored) == {}
        assert recovery.frames_out_of_step(there) == []
        assert recovery.sent_blindly(there, restored) == 0
        assert recovery.journal_is_there(there, restored)
    return found.entries


@contextmanager
def _empty(place: Path | PostgresServer) -> Iterator[Database]:
    """A database with nothing in it, gone afterwards."""
    address = f"sqlite:///{place}" if isinstance(place, Path) else place.empty()
    there = Database(address)
    yield there
    there.close()
    if not isinstance(place, Path):
        place.drop(address)
        return
    for ending in ("", "-wal", "-shm", ".running"):
        Path(f"{place}{ending}").unlink(missing_ok=True)


@contextmanager
def writing(address: str, keys: KeyRing) -> Iterator[None]:
    """Four processes that book one krone after the other, until they are killed in the middle of it."""
    children, parent = [], os.getpid()
    for number in range(WRITERS):
        child = os.fork()
        if child == 0:
            _write(address, keys, number, parent)
        children.append(child)
    try:
        yield
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _write(address: str, keys: KeyRing, number: int, parent: int) -> None:
    """Until it is killed, or nobody is left to do so."""
    try:
        storage = Storage(Database(address), keys=keys, new_id=iter(_ids(number)).__next__)
        for turn in itertools.takewhile(lambda _: os.getppid() == parent, itertools.count()):
            try:
                _book(storage, number, turn)
            except DatabaseAway:  # the others were quicker for two seconds
                time.sleep(BETWEEN)
    finally:
        os._exit(1)


def _ids(number: int) -> Iterator[str]:
    for count in range(10_000_000):
        yield f"n-{number}-{count}"


def _book(storage: Storage, number: int, turn: int) -> None:
    """What one use of a frame writes: the frame, its entry, a message, the journal and its chain."""
    which, entry = f"frame-{number % 2}", f"e-{number}-{turn}"
    with storage.open_work(at=AT) as work:
        frame = work.frames.get(which, lock=True)
        booked = Entry(entry, which, EntryKind.EXPENSE, Kroner(100), "transport", TODAY, "UMAJA", AT)
        work.frames.add_entry(booked)
        work.frames.save(frame.booked(booked))
        work.notices.tell(Notice(f"frame_use:{entry}:ULEDER", "frame_use", "ULEDER"))
        work.note("frame_used", case=frame.case_id, entry=entry)
    time.sleep(BETWEEN)


def test_the_drill_sees_a_backup_that_is_not_of_one_instant(
    keys: KeyRing, tmp_path: Path, databases: Any, monkeypatch: pytest.MonkeyPatch
):
    """With each table read at an instant of its own, the same drill must complain; else it is blind."""
    from storage import backup as taking

    address = databases.fresh("sqlite", tmp_path)
    database = Database(address)
    storage = Storage(database, keys=keys, new_id=iter(f"n-{i}" for i in range(9)).__next__)
    town = Rows(storage)
    town.frame(town.case(), id="frame-0", used=Kroner(0))
    turns = iter(range(1000))

    def torn(connection: Any, table: Any) -> Any:
        """Lets go of the instant, and somebody writes before the next table is read."""
        connection.rollback()
        _book(storage, 0, next(turns))
        return lines(connection, table)

    lines = taking.lines
    monkeypatch.setattr(taking, "lines", torn)
    back_up(database, tmp_path / "torn.zip", keys=keys, program="1", now=lambda: AT)
    with pytest.raises(Exception):  # noqa: B017 - a broken reference, or sums that do not agree: either is enough
        _in_step(tmp_path / "torn.zip", keys, tmp_path / "restored.db")
    database.close()
