"""The database by its address: SQLite for one small place, PostgreSQL where there are several processes (D13)."""

from __future__ import annotations

import select as sockets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

LOCK_TIMEOUT = "1800ms"  # Slack waits three seconds for us; a person gets a sentence before that
TURN_SECONDS, FILE_SECONDS = 1.5, 1.0
"""On SQLite one may wait twice, for the writer before us and for another process: together it must be below three."""

TRANSACTION_TIMEOUT = (17,)
"""From this PostgreSQL on a server may end whatever takes long, also what is not silent."""

FORGOTTEN = "5s"
"""So long may a transaction do nothing at all; then PostgreSQL undoes it, and what it held is free for others. Ours
never speak to Slack in one and write within a second: who is quiet for five is frozen, or cut off.
"""
UNHURRIED = "120s"
"""For the operator's long ones, which hold up nobody: a backup waits for its disk now and then."""

AS_OURS = {
    "timezone": "UTC",
    "client_encoding": "UTF8",
    "datestyle": "ISO,MDY",
    "default_transaction_isolation": r"read\ committed",  # each of our locks is asked for, none is left to a snapshot
    "default_transaction_read_only": "off",
    "idle_session_timeout": 0,  # PostgreSQL 14; streams and an upgrade hang on a session that says nothing meanwhile
}
"""Said by every session of ours, so that nothing depends on what the server, the database or the role has as its usual."""

KNOCKS_AFTER, KNOCKS_EVERY, KNOCKS = 10, 5, 3
"""Seconds, seconds and times: who no longer answers on the network has gone after 25 seconds, and its locks with it."""

FRESH = 1.0
"""Seconds a connection is believed to be there after its last use, if nothing has come on it since: whoever ended it has
said so. After that it is asked, which is a journey there and back.
"""
_RESTS_SINCE = "rests since"

ASKING = 4
"""Connections to PostgreSQL for single questions, which take a fraction of a millisecond each."""

SERVING = "indgang serving"
"""How the connections of `serve` and `clock` are called in PostgreSQL."""

DatabaseAway = OperationalError
"""It does not answer, or not in time: what others may catch, since SQLAlchemy's door is here."""

DatabaseFault = SQLAlchemyError
"""Anything the database or its driver raises."""

SHUT = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
NO_SUCH_TABLE = "42P01"
NOT_ALLOWED, ONLY_READS, DISK_FULL, LOCKED = "42501", "25006", "53100", "55P03"  # as PostgreSQL numbers them
POOLERS_WORD = "unsupported startup parameter"
"""What PgBouncer answers to a session that says itself how it works; PostgreSQL never does."""


def is_damaged(fault: Exception) -> bool:
    """SQLite says that the file is not whole, or no database at all."""
    return _code(fault) in DAMAGED


def is_shut(fault: Exception) -> bool:
    """SQLite says that the file cannot be opened or written: it is a folder, or the user may not."""
    return _code(fault) in SHUT


def is_full(fault: Exception) -> bool:
    """The disk takes no more, or cannot be written."""
    return _code(fault) in FULL or _state(fault) == DISK_FULL


def is_held(fault: Exception) -> bool:
    """Somebody else writes, or has a table to themselves, for longer than we wait."""
    return _code(fault) in HELD or _state(fault) == LOCKED


def _code(fault: Exception) -> int | None:
    code = getattr(getattr(fault, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF  # the rest of the number says where it was seen


def _state(fault: Exception) -> str | None:
    """The number PostgreSQL gives a fault."""
    return getattr(getattr(fault, "orig", None), "sqlstate", None)


def is_not_allowed(fault: Exception) -> bool:
    """PostgreSQL says that the role may not do this."""
    return _state(fault) == NOT_ALLOWED


def only_reads(fault: Exception) -> bool:
    """PostgreSQL says that it is a copy which takes no writing."""
    return _state(fault) == ONLY_READS


def is_pooled(fault: Exception) -> bool:
    """What stands between us and PostgreSQL says that it does not let our settings through."""
    return POOLERS_WORD in str(getattr(fault, "orig", ""))


def lacks_a_table(fault: Exception) -> bool:
    """It has never been upgraded, or long ago."""
    said = getattr(fault, "orig", None)
    return getattr(said, "sqlstate", None) == NO_SUCH_TABLE or str(said).startswith("no such table")


class Database:
    """An engine that writes safely, and one that only reads.

    SQLite begins each writing transaction with BEGIN IMMEDIATE, one writer at a time in the process: with the
    defaults two threads lose each other's updates without an error.
    """

    def __init__(self, address: str) -> None:
        self.address = normal_address(address)
        self.is_sqlite = self.address.startswith("sqlite")
        self.writing = (
            _sqlite(self.address, begin="BEGIN IMMEDIATE") if self.is_sqlite else _postgres(self.address)
        )
        self.reading = _sqlite(self.address, begin="BEGIN") if self.is_sqlite else self.writing
        self._one_writer = threading.RLock()

    @cached_property
    def asking(self) -> Engine:
        """For single questions to the driver, each in no transaction (storage/questions.py)."""
        if self.is_sqlite:
            return self.reading
        return create_engine(
            make_url(self.address),
            isolation_level="AUTOCOMMIT",
            pool_size=ASKING,
            max_overflow=0,
            pool_timeout=2,
            pool_reset_on_return=None,  # there is nothing to undo
            hide_parameters=True,
            connect_args=_settings(self.address),
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Held while a transaction writes; free of cost on PostgreSQL. Raises DatabaseAway."""
        if not self.is_sqlite:
            yield
            return
        if not self._one_writer.acquire(timeout=TURN_SECONDS):
            raise DatabaseAway("the writer's turn", None, TimeoutError())
        try:
            yield
        finally:
            self._one_writer.release()

    def clock(self) -> datetime:
        """The database's own time: to compare the machine's with, and what replicas share (D17)."""
        with self.reading.connect() as connection:
            if not self.is_sqlite:
                at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
                return at
            said = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%S', 'now')")).scalar_one()
            return datetime.fromisoformat(str(said)).replace(tzinfo=UTC)

    def serves(self) -> None:
        """From now on PostgreSQL shows by our connections' name that the bot works here: a restore asks for it."""
        if self.is_sqlite:
            return
        for engine in (self.writing, self.asking):
            _named(engine)
            engine.dispose()

    def close(self) -> None:
        for engine in (self.writing, self.reading, self.asking):
            engine.dispose()


def _named(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def name_it(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
        named["application_name"] = SERVING


def normal_address(address: str) -> str:
    """`postgres://` and `postgresql://` mean psycopg 3 here."""
    for plain in ("postgres://", "postgresql://"):
        if address.startswith(plain):
            return "postgresql+psycopg://" + address.removeprefix(plain)
    return address


def _sqlite(address: str, *, begin: str) -> Engine:
    engine = create_engine(
        address,
        pool_size=10,  # as on PostgreSQL: every thread that reads finds a connection
        max_overflow=30,
        pool_timeout=2,
        hide_parameters=True,
        connect_args={"timeout": FILE_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def dedicated(address: str) -> Engine:
    """For one session that lives as long as its process and is never lent to anybody: a lock may hang on it."""
    return create_engine(
        make_url(address),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=_line(address, "indgang-streams", statement_timeout=LOCK_TIMEOUT),
    )


def _postgres(address: str) -> Engine:
    engine = create_engine(
        make_url(address),
        pool_size=10,
        max_overflow=30 - ASKING,  # up to 40 in all: as many as a process has threads (docs/operations.md)
        pool_timeout=2,
        hide_parameters=True,
        connect_args=_settings(address),
    )

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def is_there(connection: Any, record: Any, _lent: Any) -> None:
        """In place of a new one, whoever borrows it never meets one that has been ended while nobody had it."""
        since = record.info.pop(_RESTS_SINCE, None)
        if since is None or (time.monotonic() - since < FRESH and _is_silent(connection)):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as why:
            if connection.closed or connection.broken:
                raise InvalidatePoolError from why
            raise

    @event.listens_for(engine, "handle_error")
    def cut_off(context: Any) -> None:
        """Whoever wakes after its session was ended is told as when the database is away, whatever word it has for it."""
        if context.is_disconnect and not isinstance(context.sqlalchemy_exception, OperationalError):
            raise DatabaseAway(context.statement, None, context.original_exception) from None

    return engine


def _settings(address: str) -> dict[str, Any]:
    return _line(
        address,
        "indgang",
        lock_timeout=LOCK_TIMEOUT,
        statement_timeout=LOCK_TIMEOUT,
        idle_in_transaction_session_timeout=FORGOTTEN,
    )


def _is_silent(connection: Any) -> bool:
    """Nothing has come that nobody asked for: neither a farewell nor the end of the line."""
    if connection.closed:
        return False
    look = sockets.poll()
    look.register(connection.fileno(), sockets.POLLIN)
    return not look.poll(0)


def unhurried(connection: Connection) -> None:
    """This transaction of an operator's may take its time: a statement any, a pause between two a while."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{UNHURRIED}'"))
        if (connection.dialect.server_version_info or ()) >= TRANSACTION_TIMEOUT:
            connection.execute(text("SET LOCAL transaction_timeout = 0"))


def _line(address: str, name: str, **settings: str) -> dict[str, Any]:
    """How a connection is laid: both ends look whether the other is there still, and neither waits longer for it.

    What the address itself asks of the server (`?options=-csearch_path=…`) is asked too; ours come after it and hold.
    """
    seconds = KNOCKS_AFTER + KNOCKS_EVERY * KNOCKS
    at_the_server = {
        **AS_OURS,
        **settings,
        "tcp_keepalives_idle": KNOCKS_AFTER,
        "tcp_keepalives_interval": KNOCKS_EVERY,
        "tcp_keepalives_count": KNOCKS,
        "tcp_user_timeout": f"{seconds}s",
    }
    asked = make_url(address).query.get("options", ())
    theirs = (asked,) if isinstance(asked, str) else asked
    return {
        "options": " ".join((*theirs, *(f"-c {key}={value}" for key, value in at_the_server.items()))),
        "connect_timeout": 2,
        "application_name": name,
        "keepalives_idle": KNOCKS_AFTER,
        "keepalives_interval": KNOCKS_EVERY,
        "keepalives_count": KNOCKS,
        "tcp_user_timeout": seconds * 1000,
    }
