"""A backup while everybody works: all tables as they stood at one instant, in one file.

One way for both engines. A transaction that only reads sees one instant on either (SQLite in WAL, PostgreSQL at
REPEATABLE READ), and holds up no writer. See docs/decisions on why neither `pg_dump` nor SQLite's own copy is used.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import OperationalError

from bot.domain.journal import Entry
from storage.archive import Manifest, TableInside, new_archive
from storage.canary import keys_known
from storage.engine import Database, unhurried
from storage.journal import StoredJournal
from storage.portable import columns_of, lines, row_count, tables_of
from storage.sealing import KeyRing
from storage.tables import backups
from storage.upgrade import demand_fit, revision_of

PATIENCE = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Seconds between the tries to note a backup that has been taken."""

Progress = Callable[[str, int], object]
"""Told the table that is about to be read, and its rows."""


def back_up(
    database: Database,
    into: Path,
    *,
    keys: KeyRing,
    program: str,
    now: Callable[[], datetime],
    progress: Progress = lambda _table, _rows: None,
) -> Manifest:
    """Raises FileTaken, Behind, FromTheFuture or WrongKeys; a file that could not be finished is gone."""
    demand_fit(database)
    # Rows sealed with one key in a file locked with another: that would be found out at the worst of times.
    keys_known(database, keys)
    with new_archive(into) as archive, one_instant(database) as connection:
        taken_at, inside = now(), {}
        revision = revision_of(connection)
        assert revision is not None, "it was looked at a moment ago"
        for table in tables_of(connection):
            progress(table.name, row_count(connection, table))
            inside[table.name] = archive.put(table.name, columns_of(table), lines(connection, table))
        manifest = _manifest(database, revision, taken_at, program, inside)
        archive.close(manifest, keys)
    _remember(database, manifest, now())
    return manifest


@contextmanager
def one_instant(database: Database) -> Iterator[Connection]:
    """Reads only, sees nothing that is committed meanwhile, and may take its time."""
    with database.reading.connect() as connection:
        if database.is_sqlite:
            connection.execute(
                text("SELECT 1 FROM sqlite_master LIMIT 1")
            )  # the instant is that of the first look
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            unhurried(connection)
        yield connection
        connection.rollback()


def _manifest(
    database: Database, revision: str, taken_at: datetime, program: str, inside: dict[str, TableInside]
) -> Manifest:
    return Manifest(
        id=secrets.token_hex(16),
        taken_at=taken_at,
        program=program,
        revision=revision,
        engine="sqlite" if database.is_sqlite else "postgresql",
        tables=inside,
    )


def _remember(database: Database, manifest: Manifest, at: datetime) -> None:
    """Only now is it a backup: what watches over them looks here."""
    row = {"id": manifest.id, "taken_at": manifest.taken_at, "finished_at": at, "rows": manifest.rows}
    entry = Entry(at=at, by=None, act="backup_taken", facts={"backup": manifest.id}, surface="command")
    for wait in (*PATIENCE, None):
        try:
            _write_down(database, row, entry)
        except OperationalError:  # those who work are quicker; the backup is whole, and we are in no hurry
            if wait is None:
                raise
            time.sleep(wait)
        else:
            return


def _write_down(database: Database, row: dict[str, Any], entry: Entry) -> None:
    with database.turn(), database.writing.begin() as connection:
        connection.execute(insert(backups).values(row))
        journal = StoredJournal(connection, locking=not database.is_sqlite)
        journal.write(entry)
        journal.tie()
