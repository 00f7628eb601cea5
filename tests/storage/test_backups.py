"""A backup holds everything as it stood at one instant, comes back whole on either engine, or says why it does not."""

from __future__ import annotations

import json
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from bot.domain.case import Reference
from bot.domain.notices import Notice, NoticeState
from storage import portable
from storage.archive import BackupDamaged, FileTaken, Manifest, NotABackup, OtherKeys, opened
from storage.backup import back_up
from storage.engine import Database, unhurried
from storage.only_one import AnotherIsRunning, only_one_on
from storage.restore import NewerBackup, NotEmpty, StillServed, look_through, restore
from storage.sealing import KeyRing, new_key
from storage.tables import backups, journal, notices, people, restores
from storage.unit_of_work import Storage
from storage.upgrade import Standing, standing, upgrade_within
from tests.support.databases import Databases
from tests.support.rows import AT, Rows, a_frame, a_meeting, a_presentation, an_entry

LATER = AT + timedelta(hours=6)
NUMBER = "DUBU-4711"
ONCE = pytest.mark.parametrize("engine", ["sqlite"])
"""What is about the file alone is the same whichever database it came from."""


@pytest.fixture
def town(storage: Storage, keys: KeyRing) -> Rows:
    """With every kind of value in it: sealed, JSON and its `null`, days, times, and rows that speak of one another."""
    town = Rows(storage)
    case = town.case(id="case", alias="Blåmejse »Ærø« 𝄞")
    with storage.open_work(at=AT) as work:
        work.meetings.add(a_meeting())
        work.presentations.add(a_presentation(case_id=case.id, meeting_id="meeting"))
        work.frames.add(a_frame(case_id=case.id))
        work.frames.add_entry(an_entry("b-first"))
        work.frames.add_entry(an_entry("a-second", reverses="b-first"))
        work.cases.put_reference(Reference(case.id, "social", NUMBER))
        for who in ("UMAJA", "ULEDER", "USEK"):
            work.notices.tell(Notice(f"overview:1:{who}", "overview", who))
        work.note("case_registered", case=case.id)
    return town


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def other(engine: str, databases: Databases, tmp_path: Path) -> Iterator[Database]:
    """A second database, with nothing in it."""
    (tmp_path / "other").mkdir()
    address = databases.empty(engine, tmp_path / "other")
    database = Database(address)
    yield database
    database.close()
    databases.take_back(address)


def taken(database: Database, file: Path, keys: KeyRing) -> Manifest:
    return back_up(database, file, keys=keys, program="1.2.3", now=lambda: AT)


def content(database: Database) -> dict[str, list[str]]:
    with database.reading.connect() as connection:
        return {t.name: sorted(portable.lines(connection, t)) for t in portable.tables_of(connection)}


def test_everything_comes_back(town: Rows, database: Database, other: Database, keys: KeyRing, file: Path):
    before = content(database)
    manifest = taken(database, file, keys)
    restore(other, file, keys=keys, replace=False, at=LATER)
    after = content(other)
    for changed in (
        "notices",
        "journal",
        "journal_links",
        "restores",
    ):  # where a restore leaves its own traces
        before.pop(changed), after.pop(changed)
    assert after == before
    assert standing(other) is Standing.CURRENT
    assert {n: t.rows for n, t in manifest.tables.items() if n in after} == {
        n: len(r) for n, r in after.items()
    }


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_backup_of_one_engine_comes_back_on_the_other(
    town: Rows, database: Database, databases: Databases, keys: KeyRing, file: Path, tmp_path: Path
):
    """There and back: how a town that outgrows SQLite moves on."""
    before = content(database)
    manifest = taken(database, file, keys)
    there = Database(databases.postgres.empty())
    restore(there, file, keys=keys, replace=False, at=LATER)
    again, back = tmp_path / "again.zip", Database(f"sqlite:///{tmp_path}/back.db")
    inside = {n: t.digest for n, t in taken(there, again, keys).tables.items()}
    restore(back, again, keys=keys, replace=False, at=LATER)
    changed = ("notices", "journal", "journal_links", "restores", "backups")
    assert {n: d for n, d in inside.items() if n not in changed} == {
        n: t.digest for n, t in manifest.tables.items() if n not in changed
    }
    after = content(back)
    assert {n: r for n, r in after.items() if n not in changed} == {
        n: r for n, r in before.items() if n not in changed
    }
    there.close(), back.close()


def test_a_town_whose_database_is_not_in_utf8_moves_by_backup_and_restore(
    databases: Databases, keys: KeyRing, file: Path
):
    """Laid out before anybody looked at the encoding; this version neither upgrades nor serves it."""
    databases.postgres._ask("CREATE DATABASE in_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    old, new = (
        Database(address) for address in (databases.postgres.address("in_latin1"), databases.postgres.empty())
    )
    with old.writing.begin() as connection:
        unhurried(connection)
        upgrade_within(connection)
    case = Rows(Storage(old, keys=keys, new_id=lambda: "none")).case(alias="Blåmejse »Ærø«")
    taken(old, file, keys)
    restore(new, file, keys=keys, replace=False, at=LATER)
    with Storage(new, keys=keys, new_id=lambda: "none").open_reading(at=LATER) as work:
        assert work.cases.get(case.id).alias == "Blåmejse »Ærø«"
    old.close(), new.close()


def test_life_goes_on_after_a_restore(
    town: Rows, database: Database, other: Database, keys: KeyRing, file: Path, new_id: Any
):
    """Numbers and the journal are counted on, nothing collides, and what is sealed opens."""
    taken(database, file, keys)
    restore(other, file, keys=keys, replace=False, at=LATER)
    storage = Storage(other, keys=keys, new_id=new_id)
    with storage.open_work(at=LATER) as work:
        latest = work.journal.latest()
        assert work.note("case_registered") == latest + 1
        assert work.cases.references("case", ("social",))[0].number == NUMBER
        work.notices.tell(Notice("overview:2:UMAJA", "overview", "UMAJA"))
    with storage.open_reading(at=LATER) as work:
        found = work.notices.by_key("overview:2:UMAJA")
        assert found is not None
        assert found.seq == 2


def test_json_that_is_empty_and_json_that_says_null_stay_apart(
    town: Rows, database: Database, other: Database, keys: KeyRing, file: Path
):
    with database.turn(), database.writing.begin() as connection:
        connection.execute(
            insert(journal).values(at=AT, act="x", facts=None, surface="", role="", look=False)  # JSON's null
        )
    before = content(database)["journal"]
    taken(database, file, keys)
    restore(other, file, keys=keys, replace=False, at=LATER)
    assert set(before) <= set(content(other)["journal"])
    assert any('{"j":null}' in line for line in before)


@ONCE
def test_only_its_owner_may_read_it_and_no_key_and_no_number_is_in_it(
    town: Rows, database: Database, file: Path, tmp_path: Path
):
    text = new_key()
    taken(database, file, KeyRing.read(text))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as inside:
        everything = b"".join(inside.read(name) for name in inside.namelist())
    assert b"UMAJA" in everything
    assert NUMBER.encode() not in everything
    assert text.encode() not in everything
    assert KeyRing.read(text).current not in everything
    assert [p.name for p in tmp_path.glob("backup*")] == ["backup.zip"]  # nothing unfinished is left


@ONCE
def test_a_backup_never_covers_another(town: Rows, database: Database, keys: KeyRing, file: Path):
    file.write_text("yesterday's")
    with pytest.raises(FileTaken):
        taken(database, file, keys)
    assert file.read_text() == "yesterday's"


def test_a_backup_that_ends_early_leaves_no_file(town: Rows, database: Database, keys: KeyRing, file: Path):
    def break_off(table: str, _rows: int) -> None:
        if table == "journal":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(database, file, keys=keys, program="1", now=lambda: AT, progress=break_off)
    assert list(file.parent.glob("backup*")) == []
    with database.reading.connect() as connection:
        assert connection.execute(select(backups)).all() == []


def test_what_is_written_while_a_backup_is_taken_is_not_in_it(
    town: Rows, database: Database, other: Database, keys: KeyRing, file: Path
):
    before = content(database)

    def write(table: str, _rows: int) -> None:
        with town.storage.open_work(at=AT) as work:
            work.note("case_registered", case="case", during=table)

    back_up(database, file, keys=keys, program="1", now=lambda: AT, progress=write)
    with opened(file, keys) as backup:
        assert {n: sorted(backup.lines(n)) for n in backup.manifest.tables} == before


# --- refusals ---


@ONCE
def test_other_keys_do_not_open_it(
    town: Rows, database: Database, other: Database, keys: KeyRing, file: Path
):
    taken(database, file, keys)
    with pytest.raises(OtherKeys):
        look_through(other, file, keys=KeyRing.read(new_key()))
    later = KeyRing.read(new_key())
    look_through(other, file, keys=replace(later, old=(keys.current,)))


@ONCE
def test_a_file_that_is_no_backup_is_refused(other: Database, keys: KeyRing, file: Path):
    file.write_bytes(b"SQLite format 3\x00" + bytes(1000))
    with pytest.raises(NotABackup):
        look_through(other, file, keys=keys)


@ONCE
def test_half_a_backup_is_refused(town: Rows, database: Database, other: Database, keys: KeyRing, file: Path):
    taken(database, file, keys)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(NotABackup):
        look_through(other, file, keys=keys)


@ONCE
@pytest.mark.parametrize("change", ["row", "row_left_out", "table_left_out", "manifest", "a_bit"])
def test_whatever_was_changed_is_found_and_nothing_is_touched(
    change: str, town: Rows, database: Database, keys: KeyRing, file: Path
):
    taken(database, file, keys)
    _tamper(file, change)
    before = content(database)
    with pytest.raises((BackupDamaged, NotABackup, OtherKeys)):
        restore(database, file, keys=keys, replace=True, at=LATER)
    assert content(database) == before


def _tamper(file: Path, change: str) -> None:
    if change == "a_bit":
        raw = bytearray(file.read_bytes())
        with zipfile.ZipFile(file) as whole:
            inside = whole.getinfo("tables/people.jsonl")
        raw[inside.header_offset + 30 + len(inside.filename) + inside.compress_size // 2] ^= 4
        file.write_bytes(raw)
        return
    with zipfile.ZipFile(file) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(members["manifest.json"])
    if change == "row":
        members["tables/people.jsonl"] = members["tables/people.jsonl"].replace(b"UMAJA", b"UMONA")
    elif change == "row_left_out":
        members["tables/entries.jsonl"] = members["tables/entries.jsonl"].split(b"\n", 1)[1]
    elif change == "table_left_out":
        del members["tables/journal.jsonl"]
    else:
        manifest["manifest"] = manifest["manifest"].replace('"program": "1.2.3"', '"program": "9.9.9"')
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as whole:
        for name, content_ in members.items():
            whole.writestr(name, content_)


@ONCE
def test_a_database_with_rows_is_only_replaced_when_somebody_says_so(
    town: Rows, database: Database, keys: KeyRing, file: Path
):
    before = content(database)
    taken(database, file, keys)
    with database.turn(), database.writing.begin() as connection:
        connection.execute(update(people).values(name="somebody else"))
    with pytest.raises(NotEmpty) as full:
        restore(database, file, keys=keys, replace=False, at=LATER)
    assert full.value.rows > 10
    restore(database, file, keys=keys, replace=True, at=LATER)
    assert content(database)["people"] == before["people"]


@ONCE
def test_a_newer_backup_is_refused(
    town: Rows, database: Database, other: Database, keys: KeyRing, file: Path
):
    from tests.storage.test_rolling_upgrade import _newer

    _newer(database, contracts=False)
    taken(database, file, keys)
    with pytest.raises(NewerBackup):
        restore(other, file, keys=keys, replace=False, at=LATER)


def test_after_an_upgrade_that_went_wrong_the_older_program_takes_its_backup_back(
    town: Rows, database: Database, keys: KeyRing, file: Path
):
    from tests.storage.test_rolling_upgrade import _newer

    taken(database, file, keys)
    _newer(database, contracts=True)
    with database.turn(), database.writing.begin() as connection:
        connection.execute(text("CREATE TABLE newer (id INTEGER PRIMARY KEY)"))
    restore(database, file, keys=keys, replace=True, at=LATER)
    assert standing(database) is Standing.CURRENT
    assert "newer" not in content(database)


def test_a_database_that_is_served_is_left_alone(town: Rows, database: Database, keys: KeyRing, file: Path):
    taken(database, file, keys)
    serving = Database(database.address)
    serving.serves()
    with only_one_on(database.address), serving.reading.connect() as open_one:
        open_one.execute(text("SELECT 1"))
        open_one.rollback()
        with pytest.raises(AnotherIsRunning if database.is_sqlite else StillServed):
            restore(database, file, keys=keys, replace=True, at=LATER)
        assert look_through(database, file, keys=keys).rows_there, "to look is no harm"
    serving.close()
    restore(database, file, keys=keys, replace=True, at=LATER)


# --- what it leaves behind ---


def test_what_was_owed_is_looked_for_before_it_is_sent(
    town: Rows, database: Database, keys: KeyRing, file: Path
):
    tried = AT - timedelta(hours=2)
    states = {
        "UMAJA": {
            "state": "sending",
            "attempts": 1,
            "first_try": tried,
            "lease_until": LATER,
            "owner": "gone",
        },
        "ULEDER": {"state": "parked"},
        "USEK": {"state": "sent", "ts": "1.1", "channel": "D1"},
    }
    with database.turn(), database.writing.begin() as connection:
        for who, change in states.items():
            connection.execute(update(notices).where(notices.c.to == who).values(change))
    taken(database, file, keys)
    restore(database, file, keys=keys, replace=True, at=LATER)
    with database.reading.connect() as connection:
        query = select(notices.c.to, notices.c.state, notices.c.look_since, notices.c.lease_until)
        found = {row.to: tuple(row)[1:] for row in connection.execute(query)}
    assert found == {
        "UMAJA": (NoticeState.PENDING, tried, None),
        "ULEDER": (NoticeState.PARKED, AT, None),
        "USEK": (NoticeState.SENT, None, None),
    }


@ONCE
def test_a_backup_that_cannot_be_noted_at_once_is_noted_when_the_others_let_it(
    town: Rows, database: Database, keys: KeyRing, file: Path
):
    """Somebody else has held the only writer's place for longer than a person would be asked to wait."""
    other, held = Database(database.address), threading.Event()

    def hold() -> None:
        with other.writing.begin():
            held.set()
            time.sleep(2.2)

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait()
    taken(database, file, keys)
    holding.join()
    other.close()
    with database.reading.connect() as connection:
        assert len(connection.execute(select(backups)).all()) == 1


@ONCE
def test_backups_and_restores_leave_their_traces(town: Rows, database: Database, keys: KeyRing, file: Path):
    manifest = taken(database, file, keys)
    with database.reading.connect() as connection:
        (made,) = connection.execute(select(backups))
    assert (made.id, made.taken_at, made.rows) == (manifest.id, AT, manifest.rows)
    restore(database, file, keys=keys, replace=True, at=LATER)
    with database.reading.connect() as connection:
        (back,) = connection.execute(select(restores))
        last = connection.execute(select(journal).order_by(journal.c.seq.desc()).limit(1)).one()
    assert (back.backup_id, back.taken_at, back.restored_at, back.confirmed_at) == (
        manifest.id,
        AT,
        LATER,
        None,
    )
    assert (last.act, last.facts) == ("database_restored", {"backup": manifest.id})
