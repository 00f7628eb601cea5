"""All that is held on a case, table by table: for the citizen who asks what the municipality has (GDPR art. 15).

Generic on purpose: a table that is added later is in it as soon as `storage.forgetting` knows it, and a test sees to
that. What is sealed is opened for the areas whose own people ask, and said to be sealed otherwise.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Table, select

from bot.domain.people import AreaCode
from storage import tables as t
from storage.forgetting import DELETED, DELETED_BY_ITEM, KEPT, UNTOUCHED
from storage.sealing import KeyRing

SEALED = "sealed"
"""Stands for what is kept and not shown to whoever asks."""

_OPENED = {"case_references": ("case_id", "area"), "documents": ("id",), "emergencies": ("id",)}
"""Sealed tables of which something may be shown, and what names a row for its seal. Birth months never are (D25)."""

_HASHES = frozenset({"blind", "blind_tail"})


def held(
    connection: Connection, keys: KeyRing, case: str, areas: tuple[AreaCode, ...]
) -> dict[str, list[dict[str, Any]]]:
    """Each table's rows as plain values; a table with nothing is left out."""
    found = {
        table.name: [_plain(table, row._mapping, keys, areas) for row in connection.execute(query)]  # noqa: SLF001
        for table, query in _queries(case)
    }
    return {name: rows for name, rows in found.items() if rows}


def _queries(case: str) -> list[tuple[Table, Any]]:
    items = select(t.presentations.c.id).where(t.presentations.c.case_id == case)
    frames = select(t.frames.c.id).where(t.frames.c.case_id == case)
    ballots = select(t.ballots.c.id).where(t.ballots.c.case_id == case)
    wanted: list[tuple[Table, ColumnElement[bool]]] = [
        (t.cases, t.cases.c.id == case),
        *((table, table.c.case_id == case) for table in (*KEPT, *DELETED, *UNTOUCHED)),
        *((table, table.c.presentation_id.in_(items)) for table in DELETED_BY_ITEM),
        (t.entries, t.entries.c.frame_id.in_(frames)),
        (t.ballot_voters, t.ballot_voters.c.ballot_id.in_(ballots)),
    ]
    return [
        (table, select(table).where(where).order_by(*table.primary_key.columns)) for table, where in wanted
    ]


def _plain(table: Table, row: Any, keys: KeyRing, areas: tuple[AreaCode, ...]) -> dict[str, Any]:
    return {
        c.name: _opened(table, row, c.name, keys, areas)
        if isinstance(c.type, LargeBinary)
        else _value(row[c.name])
        for c in table.c
        if c.name not in _HASHES and row[c.name] is not None
    }


def _opened(table: Table, row: Any, column: str, keys: KeyRing, areas: tuple[AreaCode, ...]) -> str:
    named = _OPENED.get(table.name)
    if named is None or ("area" in table.c and row["area"] not in areas):
        return SEALED
    place = "/".join(str(row[name]) for name in named)
    return keys.open(bytes(row[column]), table=table.name, column=column, row=place)


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value
