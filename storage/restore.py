"""A backup comes back: looked through first, then laid down in one transaction, and looked at again before it counts.

Whatever was still to be sent may have been sent since the backup, and whatever the clock begins by itself may have
been begun: so each such message is looked for in Slack before it is sent, and the clock's own chores wait until an
operator has looked (`indgang doctor --after-restore --confirm`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, and_, case, insert, literal, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.journal import Entry
from bot.domain.notices import NoticeState
from storage import portable
from storage.archive import BackupDamaged, Manifest, Opened, opened
from storage.engine import SERVING, Database, unhurried
from storage.journal import StoredJournal
from storage.only_one import only_one_on
from storage.rights import give_back, rights
from storage.sealing import KeyRing
from storage.server import demand_server
from storage.tables import notices, restores
from storage.types import Instant
from storage.upgrade import demand_fit, known_revisions, revision_of, upgrade_within

Progress = Callable[[str, str, int], object]
"""Told what is done (`look`, `load`, `compare`), with which table, and its rows."""


class NewerBackup(Exception):
    """It was made by a newer version of this program; nothing was changed."""

    def __init__(self, program: str) -> None:
        super().__init__(program)
        self.program = program


class NotEmpty(Exception):
    """The database holds rows, and nobody said that they may go."""

    def __init__(self, rows: int) -> None:
        super().__init__(str(rows))
        self.rows = rows


class StillServed(Exception):
    """`serve` or `clock` has the database open."""

    def __init__(self, connections: int) -> None:
        super().__init__(str(connections))
        self.connections = connections


@dataclass(frozen=True)
class Prospect:
    """What a restore would do."""

    manifest: Manifest
    rows_there: int  # that would go


def look_through(
    database: Database,
    file: Path,
    *,
    keys: KeyRing,
    progress: Progress = lambda _what, _table, _rows: None,
) -> Prospect:
    """Changes nothing, so nobody need say that rows may go, or stop what serves. Raises what else stands in the way.

    NotABackup, OtherKeys, BackupDamaged, NewerBackup, ServerUnfit.
    """
    demand_server(database)
    with opened(file, keys) as backup:
        return _prospect(database, backup, replace=True, progress=progress)


def restore(
    database: Database,
    file: Path,
    *,
    keys: KeyRing,
    replace: bool,
    at: datetime,
    progress: Progress = lambda _what, _table, _rows: None,
) -> Prospect:
    """All of it or nothing; who may do what with the tables stays as it was. Raises as `look_through` does, and NotEmpty,
    StillServed or AnotherIsRunning.
    """
    with _to_ourselves(database), opened(file, keys) as backup:
        found = _prospect(database, backup, replace=replace, progress=progress)
        with database.turn(), database.writing.begin() as connection:
            _take_time(connection)
            given = rights(connection)
            _lay_down(connection, backup, progress)
            upgrade_within(connection)
            give_back(connection, given)
            manifest = backup.manifest
            rows = {name: table.rows for name, table in manifest.tables.items()}
            _look_before_sending(connection, manifest.id, manifest.taken_at, rows, at)
        return found


def brought_back(database: Database, *, taken_at: datetime, at: datetime) -> None:
    """The database itself was brought back by other means, as it was at that time: from now on it looks first too.

    Raises Behind or FromTheFuture, StillServed or AnotherIsRunning.
    """
    demand_fit(database)
    with (
        _to_ourselves(database),
        database.turn(),
        database.writing.begin() as connection,
    ):
        _take_time(connection)
        rows = {t.name: portable.row_count(connection, t) for t in portable.tables_of(connection)}
        _look_before_sending(connection, "elsewhere", taken_at, rows, at)


def _prospect(database: Database, backup: Opened, *, replace: bool, progress: Progress) -> Prospect:
    manifest = backup.manifest
    if manifest.revision not in known_revisions():
        raise NewerBackup(manifest.program)
    rows = _rows_there(database)
    if rows and not replace:
        raise NotEmpty(rows)
    for table, inside in manifest.tables.items():
        progress("look", table, inside.rows)
        for _ in backup.lines(table):
            pass
    return Prospect(manifest, rows)


def _rows_there(database: Database) -> int:
    with database.reading.connect() as connection:
        return sum(
            portable.row_count(connection, t)
            for t in portable.tables_of(connection)
            if t.name not in _WRITTEN_BY_MIGRATING
        )


_WRITTEN_BY_MIGRATING = ("schema_steps", "canaries")
"""A database that has only been laid out is empty."""


@contextmanager
def _to_ourselves(database: Database) -> Iterator[None]:
    with only_one_on(database.address):
        demand_server(database)
        if not database.is_sqlite:
            _nobody_serves(database)
        yield


def _nobody_serves(database: Database) -> None:
    query = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = :name
    """
    with database.reading.connect() as connection:
        serving = int(connection.execute(text(query), {"name": SERVING}).scalar_one())
    if serving:
        raise StillServed(serving)


def _take_time(connection: Connection) -> None:
    unhurried(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))


def _lay_down(connection: Connection, backup: Opened, progress: Progress) -> None:
    """The rows as they were, in tables as they were then; each table is read back and held against the backup."""
    portable.references_may_wait(connection)
    portable.clear_away(connection)
    upgrade_within(connection, backup.manifest.revision)
    portable.references_may_wait(connection)
    there = {table.name: table for table in portable.tables_of(connection)}
    if set(there) != set(backup.manifest.tables):
        raise BackupDamaged("manifest")
    for name, inside in backup.manifest.tables.items():
        progress("load", name, inside.rows)
        if portable.row_count(connection, there[name]):  # what laying out has written
            connection.execute(there[name].delete())
        portable.load(connection, there[name], inside.columns, backup.lines(name))
    for name, inside in backup.manifest.tables.items():
        progress("compare", name, inside.rows)
        if portable.digest_of(connection, there[name]) != inside.digest:
            raise BackupDamaged(name)
    try:
        portable.references_hold_again(connection)
    except IntegrityError as why:
        raise BackupDamaged("manifest") from why
    portable.numbers_go_on(connection)
    assert revision_of(connection) == backup.manifest.revision


def _look_before_sending(
    connection: Connection, backup: str, taken_at: datetime, rows: dict[str, int], at: datetime
) -> None:
    """What was pending or being sent may stand in Slack since then; leases belong to processes that are gone."""
    said_or_dropped = [NoticeState.SENT.value, NoticeState.CANCELLED.value]
    unsure = and_(notices.c.ts.is_(None), notices.c.state.not_in(said_or_dropped))
    then = literal(taken_at, Instant)
    since = case((notices.c.first_try < then, notices.c.first_try), else_=then)
    connection.execute(update(notices).where(unsure).values(look_since=since))
    freed = {"state": NoticeState.PENDING.value, "lease_until": None, "owner": None}
    connection.execute(update(notices).where(notices.c.state == NoticeState.SENDING.value).values(freed))
    journal = StoredJournal(connection, locking=connection.dialect.name == "postgresql")
    row = {
        "id": secrets.token_hex(16),
        "backup_id": backup,
        "taken_at": taken_at,
        "restored_at": at,
        "facts": {"journal": journal.latest(), "rows": rows},
    }
    connection.execute(insert(restores).values(row))
    entry = Entry(at=at, by=None, act="database_restored", facts={"backup": backup}, surface="command")
    journal.write(entry)
    journal.tie()
