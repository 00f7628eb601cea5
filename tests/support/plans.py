"""How the database finds what it is asked for: every statement of a piece of work, and which of them walk through a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, text

from storage.engine import Database

LARGE = frozenset(
    {
        "cases", "case_references", "presentations", "frames", "entries", "notices", "journal", "journal_links",
        "intake", "tasks", "belongings", "transitions", "after_closings", "gatherings", "documents", "adjustments",
    }
)  # fmt: skip
"""What grows with the archive. People, seats, meetings of a year and what waits today do not."""


FEW = frozenset(
    {
        "uq_notices_one_sending",
        "ix_notices_due",
        "ix_tasks_open",
        "ix_after_closings_waiting",
        "ix_transitions_open",
    }
)
"""Indexes that hold only what is in hand just now."""


class Asked:
    """The statements of a piece of work, in order."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    @property
    def count(self) -> int:
        return len([s for s, _ in self.statements if not s.startswith("BEGIN")])

    def walks(self, database: Database) -> list[str]:
        """The plans that go through a whole large table, with what was asked; each statement once."""
        different = {
            s: p
            for s, p in self.statements
            if s.split(maxsplit=1)[0] in ("SELECT", "UPDATE", "DELETE", "WITH")
        }
        with database.reading.connect() as connection:
            if not database.is_sqlite:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            return [
                f"{walk}\n    {statement}"
                for statement, parameters in different.items()
                for walk in _walks(_plan(connection, statement, parameters))
                if not _NEWEST.search(statement)
            ]


@contextmanager
def listening(database: Database) -> Iterator[Asked]:
    asked = Asked()

    def heard(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        asked.statements.append((statement, parameters[0] if many else parameters))

    engines = {database.reading, database.writing}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", heard)


def _plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """As text, a step a line."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[-1] for row in rows]
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


_NEWEST = re.compile(r"FROM \w+ ORDER BY \S+ DESC\s+LIMIT")
"""The newest row alone: it is read, and the rest is not."""

_SQLITE = re.compile(r"^SCAN (\w+)")
_POSTGRES = re.compile(
    r"(?:Seq Scan|Index Scan(?: Backward)? using \w+|Index Only Scan(?: Backward)? using \w+) on (\w+)"
)


def _walks(plan: list[str]) -> Iterator[str]:
    """SQLite says SCAN; on PostgreSQL, with sequential reading forbidden, it is an index without a condition."""
    for number, step in enumerate(plan):
        if (found := _SQLITE.match(step)) and _table(found[1]) in LARGE:
            yield step
        elif (found := _POSTGRES.search(step)) and found[1] in LARGE:
            following = plan[number + 1].strip() if number + 1 < len(plan) else ""
            if "Index Cond" not in following and not any(index in step for index in FEW):
                yield step.strip()


def _table(name: str) -> str:
    return re.sub(r"_\d+$", "", name)
