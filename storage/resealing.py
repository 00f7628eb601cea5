"""Moves everything sealed to the current key, while the bot runs; may be killed at any moment and begun again (D27).

A row is written anew only if it is still as it was read, so that nobody's change is lost; what a change has made
meanwhile was sealed with the current key already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, or_, select, update

from bot.domain.case import Reference
from storage.cases import blinded
from storage.engine import Database
from storage.sealing import KeyRing
from storage.tables import birth_months, canaries, count_rows, documents, drafts, emergencies, references

BATCH = 500
"""Rows in one transaction: short enough that nobody waits for it."""

_Also = Callable[[KeyRing, Row[Any], dict[str, str]], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """A table with sealed columns; `called` are the columns that name a row, as its seal knows it."""

    table: Table
    sealed: tuple[str, ...]
    called: tuple[str, ...]
    also: _Also | None = None  # what else is written from the opened values

    def row_name(self, row: Row[Any]) -> str:
        return "/".join(str(getattr(row, name)) for name in self.called)


def _hashes(keys: KeyRing, row: Row[Any], opened: dict[str, str]) -> dict[str, Any]:
    return blinded(keys, Reference(row.case_id, row.area, opened["number"]))


PLACES = (
    Place(canaries, ("sealed",), ("name",)),
    Place(references, ("number", "link"), ("case_id", "area"), also=_hashes),
    Place(birth_months, ("month",), ("case_id",)),
    Place(documents, ("number",), ("id",)),
    Place(emergencies, ("why",), ("id",)),
    Place(drafts, ("held",), ("person", "form", "subject")),
    Place(count_rows, ("sealed",), ("count_id", "number")),
)
"""Everything that is sealed; a test holds this list against every sealed column of the tables."""


def left(database: Database, keys: KeyRing) -> dict[str, int]:
    """How many rows of each table another key than the current has sealed."""
    with database.reading.connect() as connection:
        return {p.table.name: _count(connection, p, keys) for p in PLACES}


def reseal(database: Database, keys: KeyRing) -> Iterator[int]:
    """Yields how many rows were moved, batch by batch. Raises SealBroken at a row that no key of the ring opens."""
    for place in PLACES:
        while moved := _move_some(database, place, keys):
            yield moved


def _count(connection: Connection, place: Place, keys: KeyRing) -> int:
    query = select(func.count()).select_from(place.table).where(_by_another(place, keys))
    return int(connection.execute(query).scalar_one())


def _move_some(database: Database, place: Place, keys: KeyRing) -> int:
    with database.turn(), database.writing.begin() as connection:
        query = select(place.table).where(_by_another(place, keys)).limit(BATCH)
        rows = connection.execute(query).all()
        for row in rows:
            connection.execute(_anew(place, row, keys))
        return len(rows)


def _anew(place: Place, row: Row[Any], keys: KeyRing) -> Any:
    name = place.row_name(row)
    held = {column: getattr(row, column) for column in place.sealed}
    where = {"table": place.table.name, "row": name}
    opened = {c: keys.open(bytes(v), column=c, **where) for c, v in held.items() if v is not None}
    values: dict[str, Any] = {c: keys.seal(text, column=c, **where) for c, text in opened.items()}
    if place.also:
        values |= place.also(keys, row, opened)
    this = [place.table.c[c] == getattr(row, c) for c in place.called]
    as_read = [place.table.c[c] == v for c, v in held.items() if v is not None]
    return update(place.table).where(*this, *as_read).values(values)


def _by_another(place: Place, keys: KeyRing) -> ColumnElement[bool]:
    return or_(*(_begins_otherwise(place.table.c[c], keys) for c in place.sealed))


def _begins_otherwise(column: ColumnElement[Any], keys: KeyRing) -> ColumnElement[bool]:
    return and_(column.is_not(None), func.substr(column, 1, len(keys.mark)) != keys.mark)
