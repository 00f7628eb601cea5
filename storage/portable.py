"""Rows as lines that both engines can write and read: every table, in words that lose nothing.

A line is a JSON list, one value a column. What JSON has no word for is named: `{"t": …}` an instant, `{"d": …}` a day,
`{"h": …}` a time of day, `{"b": …}` bytes (what is sealed stays sealed), `{"j": …}` a column that holds JSON itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)

BATCH = 500
_VERSION_TABLE = "alembic_version"


def tables_of(connection: Connection) -> list[Table]:
    """As they stand in the database, whatever version laid them out; the one that names the version is left out."""
    there = MetaData()
    there.reflect(connection)
    return [table for table in there.sorted_tables if table.name != _VERSION_TABLE]


def columns_of(table: Table) -> list[str]:
    return sorted(column.name for column in table.columns)


def lines(connection: Connection, table: Table) -> Iterator[str]:
    columns = [table.c[name] for name in columns_of(table)]
    said = [_writer(column.type) for column in columns]
    asked = [cast(c, Text) if isinstance(c.type, JSON) else c for c in columns]
    for row in connection.execute(select(*asked), execution_options={"yield_per": BATCH}):
        values = [say(value) for say, value in zip(said, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(connection: Connection, table: Table, columns: list[str], found: Iterable[str]) -> int:
    """Raises KeyError when the table has no such column."""
    heard = [_reader(table.c[name].type, sqlite=connection.dialect.name == "sqlite") for name in columns]
    count, coming = 0, iter(found)
    while batch := list(islice(coming, BATCH)):
        rows = [
            {name: hear(value) for name, hear, value in zip(columns, heard, json.loads(line), strict=True)}
            for line in batch
        ]
        connection.execute(insert(_loosely(table)), rows)
        count += len(rows)
    return count


class Digest:
    """The same for the same lines in whatever order they come: databases sort differently."""

    def __init__(self) -> None:
        self._sum, self.count = 0, 0

    def take(self, line: str) -> str:
        self._sum = (self._sum + int.from_bytes(sha256(line.encode()).digest(), "big")) % 2**256
        self.count += 1
        return line

    @property
    def value(self) -> str:
        return f"{self._sum:064x}"


def digest_of(connection: Connection, table: Table) -> str:
    digest = Digest()
    for line in lines(connection, table):
        digest.take(line)
    return digest.value


def row_count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def references_may_wait(connection: Connection) -> None:
    """Until the transaction ends: rows come in whatever order, also those that speak of one another."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    for table, name in _references(connection):
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"))


def references_hold_again(connection: Connection) -> None:
    """Raises IntegrityError when a row speaks of one that is not there."""
    if connection.dialect.name == "sqlite":
        return  # the commit looks
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in _references(connection):
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))


def numbers_go_on(connection: Connection) -> None:
    """PostgreSQL counts beside the table: it goes on after the greatest that is there. SQLite looks by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables_of(connection):
        for column in table.primary_key.columns:
            named = {"table": _quoted(connection, table.name), "column": column.name}
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"), named
            ).scalar()
            if sequence:
                greatest = connection.execute(select(func.max(column))).scalar() or 0
                step = {"sequence": sequence, "to": greatest + 1}
                connection.execute(text("SELECT setval(:sequence, :to, false)"), step)


def clear_away(connection: Connection) -> None:
    """Every table in the database: it holds nothing but ours."""
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)


def _references(connection: Connection) -> list[tuple[str, str]]:
    seen = inspect(connection)
    return [
        (_quoted(connection, table), _quoted(connection, str(reference["name"])))
        for table in seen.get_table_names()
        for reference in seen.get_foreign_keys(table)
    ]


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _loosely(table: Table) -> Table:
    """A JSON column that has nothing in it is empty; one that holds JSON's own `null` is not."""
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    return table


def _writer(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, JSON):
        return lambda value: None if value is None else {"j": json.loads(value)}
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(kind, DateTime):
        return lambda value: None if value is None else {"t": _utc(value).isoformat()}
    return _plain


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    return value


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _reader(kind: Any, *, sqlite: bool) -> Callable[[Any], Any]:
    if isinstance(kind, JSON):
        return lambda said: None if said is None else (JSON.NULL if said["j"] is None else said["j"])
    if isinstance(kind, DateTime) and sqlite:
        return lambda said: None if said is None else datetime.fromisoformat(said["t"]).replace(tzinfo=None)
    return _heard


_KINDS: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "h": time.fromisoformat,
    "b": base64.b64decode,
}


def _heard(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    ((kind, value),) = said.items()
    return _KINDS[kind](value)
