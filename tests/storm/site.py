"""One database and one file of Slack's: looked at row by row, kept as a picture, and put back as it was.

Speaks with the drivers themselves, and never over a connection that was there before a fork.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg.rows import dict_row

from tests.storm.slack_file import Line, SlackFile

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Picture:
    """A moment of a site."""

    tables: dict[str, Any]
    slack_bytes: int
    print: str  # two pictures of the same have the same


class Site(ABC):
    def __init__(self, address: str, slack: Path) -> None:
        self.address, self.slack = address, SlackFile(slack)
        slack.touch()

    def picture(self, before: Picture | None = None) -> Picture:
        """`before` spares work: what has not changed since is taken from it."""
        tables, said = self._take(before.tables if before else None), self.slack.path.stat().st_size
        return Picture(tables, said, f"{self._print(tables)} {said}")

    def put_back(self, picture: Picture) -> None:
        self._put(picture.tables)
        os.truncate(self.slack.path, picture.slack_bytes)
        self.slack.catch_up()

    def is_as(self, picture: Picture) -> bool:
        return self.slack.path.stat().st_size == picture.slack_bytes and self._same(picture.tables)

    def lines(self) -> list[Line]:
        self.slack.catch_up()
        return self.slack.lines

    def leave(self) -> None:  # noqa: B027 - a file need not be told
        """Nobody looks here any more."""

    @abstractmethod
    def rows(self) -> Rows: ...
    @abstractmethod
    def owed(self) -> int:
        """How many messages wait or are being sent."""

    @abstractmethod
    def _take(self, before: dict[str, Any] | None) -> dict[str, Any]: ...
    @abstractmethod
    def _print(self, tables: dict[str, Any]) -> str: ...
    @abstractmethod
    def _put(self, tables: dict[str, Any]) -> None: ...
    @abstractmethod
    def _same(self, tables: dict[str, Any]) -> bool: ...


class FileSite(Site):
    """SQLite: the picture is the file, once what lies in the log beside it has gone into it."""

    def __init__(self, address: str, slack: Path) -> None:
        super().__init__(address, slack)
        self._path = Path(address.removeprefix("sqlite:///"))

    def rows(self) -> Rows:
        with contextlib.closing(self._open()) as connection:
            connection.row_factory = sqlite3.Row
            names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {n: [_read(dict(r)) for r in connection.execute(f'SELECT * FROM "{n}"')] for n in names}

    def owed(self) -> int:
        with contextlib.closing(self._open()) as connection:
            query = "SELECT count(*) FROM notices WHERE state IN ('pending', 'sending')"
            return int(connection.execute(query).fetchone()[0])

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None)

    def _take(self, before: dict[str, Any] | None) -> dict[str, Any]:
        """With the moment the file was written last; what is committed in between lies in the log beside it."""
        with contextlib.closing(self._open()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return {"": self._path.read_bytes(), "written": self._path.stat().st_mtime_ns}

    def _print(self, tables: dict[str, Any]) -> str:
        return hashlib.sha256(tables[""]).hexdigest()

    def _put(self, tables: dict[str, Any]) -> None:
        for ending in ("-wal", "-shm"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)
        self._path.write_bytes(tables[""])
        os.utime(self._path, ns=(tables["written"], tables["written"]))

    def _same(self, tables: dict[str, Any]) -> bool:
        """Nothing in the log, and the file not touched: that is seen without reading a megabyte."""
        log = Path(f"{self._path}-wal")
        if self._path.stat().st_mtime_ns == tables["written"] and (
            not log.exists() or not log.stat().st_size
        ):
            return True
        return bool(self._take(None)[""] == tables[""])


class ServerSite(Site):
    """PostgreSQL: the picture is every table's rows; only what changed is read and put back."""

    _kept: ClassVar[
        list[Any]
    ] = []  # connections from before a fork: never used again, and never said goodbye on

    def __init__(self, address: str, slack: Path) -> None:
        super().__init__(address, slack)
        self._connection: Any = None
        self._of = 0
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        self._names = [name for (name,) in self._raw().execute(query)]
        one = "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{0}\" t"
        self._prints_of = " UNION ALL ".join(one.format(name) for name in self._names)

    def rows(self) -> Rows:
        with self._raw().cursor(row_factory=dict_row) as cursor:
            return {n: cursor.execute(f'SELECT * FROM "{n}"').fetchall() for n in self._names}

    def owed(self) -> int:
        query = "SELECT count(*) FROM notices WHERE state IN ('pending', 'sending')"
        return int(self._raw().execute(query).fetchone()[0])

    def _raw(self) -> Any:
        if self._of != os.getpid():
            self._kept.append(self._connection)
            self._connection, self._of = (
                psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True),
                os.getpid(),
            )
        return self._connection

    def leave(self) -> None:
        self._raw().close()
        self._of = 0

    def forget_connection(self) -> None:
        """The server has ended it."""
        self._of = 0

    def _prints(self) -> dict[str, str]:
        return dict(self._raw().execute(self._prints_of).fetchall())

    def _take(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return {
            name: before[name]
            if before and before[name][0] == print_
            else (print_, self._copied(f'COPY "{name}" TO STDOUT'))
            for name, print_ in self._prints().items()
        }

    def _copied(self, command: str) -> bytes:
        with self._raw().cursor() as cursor, cursor.copy(command) as copy:
            return b"".join(bytes(part) for part in copy)

    def _print(self, tables: dict[str, Any]) -> str:
        return hashlib.sha256("".join(print_ for print_, _ in tables.values()).encode()).hexdigest()

    def _put(self, tables: dict[str, Any]) -> None:
        raw, now = self._raw(), self._prints()
        changed = [name for name in self._names if now[name] != tables[name][0]]
        with raw.transaction():
            raw.execute("SET LOCAL session_replication_role = replica")
            for name in changed:
                raw.execute(f'DELETE FROM "{name}"')
                with raw.cursor() as cursor, cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(tables[name][1])

    def _same(self, tables: dict[str, Any]) -> bool:
        return self._prints() == {name: print_ for name, (print_, _) in tables.items()}


def site_at(address: str, slack: Path) -> Site:
    return FileSite(address, slack) if address.startswith("sqlite") else ServerSite(address, slack)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps facts as text and yes as 1."""
    for name in ("facts", "more"):
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return row
