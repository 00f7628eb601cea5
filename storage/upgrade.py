"""Brings a database to the rows this program knows, and says whether it is there already."""

from __future__ import annotations

import time
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from storage.engine import Database

_LOCK = 0x1D6A_2026  # ours among the database's advisory locks; nobody else's number
_WAIT = 60  # seconds; another process upgrades: it is waited for, not fought


class FromTheFuture(Exception):
    """The database has been upgraded by a newer version of this program; nothing was changed."""


def upgrade(database: Database) -> None:
    """All of it or nothing, by one process at a time; the second time changes nothing. Raises FromTheFuture."""
    last_try = time.monotonic() + _WAIT
    while True:
        try:
            _upgrade_alone(database)
        except OperationalError as why:
            if not _is_held_by_another(database, why) or time.monotonic() > last_try:
                raise
            time.sleep(0.1)
        else:
            return


def _upgrade_alone(database: Database) -> None:
    with database.turn(), database.writing.begin() as connection:
        _wait_for_others(connection)
        if not set(_standing(connection)) <= _known():
            raise FromTheFuture
        command.upgrade(_alembic(connection), "head")


def _is_held_by_another(database: Database, why: OperationalError) -> bool:
    """SQLite waits shorter than an upgrade may take, and does not wait at all while a new file becomes WAL."""
    return database.is_sqlite and "locked" in str(why.orig)


def is_current(database: Database) -> bool:
    """Whether the rows are exactly those this program knows."""
    with database.reading.connect() as connection:
        return set(_standing(connection)) == set(ScriptDirectory.from_config(_alembic()).get_heads())


def _standing(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def _wait_for_others(connection: Connection) -> None:
    """SQLite needs nothing: BEGIN IMMEDIATE has let us in alone."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT}s'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _alembic(connection: Connection | None = None) -> Config:
    attributes: dict[str, Any] = {"connection": connection}
    config = Config(attributes=attributes)
    folder = str(files("storage") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
