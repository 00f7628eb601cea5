"""Brings a database to the rows this program knows, and says how it stands.

One process migrates at a time, each migration in a transaction of its own where the engine allows it, so that a
process killed in the middle leaves a whole earlier state and the next start goes on from there. `serve` and `clock`
never migrate: they look, and say what to do.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, column, insert, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from storage.engine import TRANSACTION_TIMEOUT, UNHURRIED, Database
from storage.server import demand_server
from storage.tables import schema_steps

_VERSION = table("alembic_version", column("version_num"))
_LOCK = 0x1D6A_2026  # ours among the database's advisory locks; nobody else's number
_WAIT = 60.0  # seconds; another process upgrades, or somebody reads long: it is waited for, not fought
_A_TABLE = "3s"  # a migration that waits longer for a table would hold up everybody behind it


class FromTheFuture(Exception):
    """The database has been upgraded by a newer version of this program; nothing was changed."""


class Behind(Exception):
    """The database has not been brought to this version yet; `indgang migrate` does it, and nothing else."""


class UpgradeWaits(Exception):
    """Somebody held the database for too long; what was done stays done, and the next try goes on from there."""


class Standing(Enum):
    """How a database stands to this program's rows."""

    CURRENT = "current"
    BEHIND = "behind"  # `indgang migrate` brings it here
    AHEAD_AND_FITS = "ahead"  # a newer version has only added to it: this one may run on meanwhile
    FROM_THE_FUTURE = "future"  # a newer version has taken something away

    @property
    def fits(self) -> bool:
        return self in (Standing.CURRENT, Standing.AHEAD_AND_FITS)


def upgrade(database: Database) -> None:
    """By one process at a time; the second time changes nothing. Raises ServerUnfit, FromTheFuture or UpgradeWaits."""
    demand_server(database)
    last_try = time.monotonic() + _WAIT
    while True:
        try:
            with _alone(database, until=last_try):
                _upgrade(database)
        except OperationalError as why:
            if not _is_held_by_another(database, why):
                raise
            if time.monotonic() > last_try:
                raise UpgradeWaits from None
            time.sleep(0.2)
        else:
            return


def upgrade_within(connection: Connection, to: str = "head") -> None:
    """In the transaction of somebody who builds a database whole, such as a restore."""
    from alembic import command

    command.upgrade(_alembic(connection), to)


def standing(database: Database) -> Standing:
    with database.reading.connect() as connection:
        return standing_of(connection)


def standing_of(connection: Connection) -> Standing:
    before = _known()
    there, known = set(_heads(connection)), before.keys() - before.values()
    if there == known:
        return Standing.CURRENT
    if there <= before.keys():
        return Standing.BEHIND
    only_added = any(revision in known for revision in _before(connection, there))
    return Standing.AHEAD_AND_FITS if only_added else Standing.FROM_THE_FUTURE


def demand_fit(database: Database) -> None:
    """For whoever is about to serve it: looks, and changes nothing. Raises Behind or FromTheFuture."""
    match standing(database):
        case Standing.BEHIND:
            raise Behind
        case Standing.FROM_THE_FUTURE:
            raise FromTheFuture
        case Standing.CURRENT | Standing.AHEAD_AND_FITS:
            return


def is_current(database: Database) -> bool:
    """Whether the rows are exactly those this program knows."""
    return standing(database) is Standing.CURRENT


def revision_of(connection: Connection) -> str | None:
    """None: nothing has been laid out there."""
    return next(iter(_heads(connection)), None)


def known_revisions() -> set[str]:
    return set(_known())


_IS, _BEFORE = (
    re.compile(rf'^{name} = (?:"(\w+)"|None)$', re.MULTILINE) for name in ("revision", "down_revision")
)


@cache
def _known() -> dict[str, str | None]:
    """Each migration this program has, and the one before it; read without Alembic, which a start need not wait for."""
    folder = files("storage") / "migrations" / "versions"
    texts = [f.read_text("utf-8") for f in folder.iterdir() if re.fullmatch(r"\d{8}_\w+\.py", f.name)]
    found = [(_IS.search(text), _BEFORE.search(text)) for text in texts]
    return {str(this[1]): before[1] for this, before in found if this and before}


def _before(connection: Connection, heads: set[str]) -> Iterator[str]:
    """Back from the database's revision, as long as each step there has only added."""
    if not inspect(connection).has_table(schema_steps.name):
        return
    steps = {step.revision: step for step in connection.execute(select(schema_steps))}
    at = next(iter(heads), None)
    while at in steps and not steps[at].contracts:
        at = steps[at].before
        if at is not None:
            yield at


def _upgrade(database: Database) -> None:
    with database.turn(), _writing(database) as connection:
        match standing_of(connection):
            case Standing.FROM_THE_FUTURE:
                raise FromTheFuture
            case Standing.BEHIND:
                if not database.is_sqlite:
                    connection.commit()  # looking has begun a transaction; each migration has its own
                upgrade_within(connection)
            case Standing.CURRENT | Standing.AHEAD_AND_FITS:
                return


@contextmanager
def _writing(database: Database) -> Iterator[Connection]:
    """SQLite: all of it or nothing, since BEGIN IMMEDIATE has let us in alone. PostgreSQL: a migration at a time."""
    if database.is_sqlite:
        with database.writing.begin() as connection:
            yield connection
        return
    with database.writing.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{_A_TABLE}'"))
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"SET idle_in_transaction_session_timeout = '{UNHURRIED}'"))
        if (connection.dialect.server_version_info or ()) >= TRANSACTION_TIMEOUT:
            connection.execute(text("SET transaction_timeout = 0"))
        connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()  # so that nobody gets it with these settings


@contextmanager
def _alone(database: Database, *, until: float) -> Iterator[None]:
    """A lock of the session, on a connection of its own: it goes with the process, however that ends.

    It is asked for again and again and never waited for in the database: a statement that waits there would itself be
    in the way of an index that is built while others write.
    """
    if database.is_sqlite:
        yield
        return
    with database.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
            if time.monotonic() > until:
                raise UpgradeWaits
            time.sleep(0.1)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})


def _is_held_by_another(database: Database, why: OperationalError) -> bool:
    """SQLite waits shorter than an upgrade may take, and does not wait at all while a new file becomes WAL."""
    if database.is_sqlite:
        return "locked" in str(why.orig)
    return (
        getattr(why.orig, "sqlstate", "") == "55P03"
    )  # lock_not_available: somebody reads the table for long


def _heads(connection: Connection) -> tuple[str, ...]:
    if not inspect(connection).has_table(_VERSION.name):
        return ()
    return tuple(connection.execute(select(_VERSION.c.version_num)).scalars())


def _remember_step(*, ctx: Any, step: Any, **_: Any) -> None:
    """Written in the transaction of the step, for programs that do not know it yet: may they run on with it?"""
    connection = ctx.connection
    if connection is None or not step.is_upgrade or not inspect(connection).has_table(schema_steps.name):
        return
    script = step.up_revision
    connection.execute(
        insert(schema_steps).values(
            revision=script.revision,
            before=script.down_revision,
            contracts=bool(getattr(script.module, "contracts", False)),
            at=datetime.now(UTC),
        )
    )


def _alembic(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    remember: Callable[..., None] = _remember_step
    attributes: dict[str, Any] = {"connection": connection, "remember": remember}
    config = Config(attributes=attributes)
    folder = str(files("storage") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
