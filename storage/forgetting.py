"""Takes from a case that is over everything but what is counted (T31, D27). The journal keeps the facts of it.

Rows that exist only for their person are deleted; in all others the people become nobody, and what was sealed is gone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage import tables as t

NOBODY = "NOBODY"
"""Stands where a row must name an employee and no longer does; has no role and no account."""

DELETED = (
    t.references,
    t.birth_months,
    t.documents,
    t.notices,
    t.substitutes,
    t.advice_requests,
    t.alarms,
    t.emergencies,
    t.marks,
)
"""Of the case, and counted nowhere."""

DELETED_BY_ITEM = (t.mandates, t.conflicts, t.wishes, t.co_presenters)
"""Of an item of the case, one for each person."""

KEPT = (
    t.presentations,
    t.frames,
    t.tasks,
    t.ballots,
    t.adjustments,
    t.belongings,
    t.after_closings,
    t.transitions,
    t.gatherings,
    t.handovers,
)
"""What is counted: without people."""

UNTOUCHED = (t.journal,)
"""Never changed (D12): it keeps who did what with which opaque id, and no content."""


def forget(connection: Connection, case: str) -> None:
    _make_nobody(connection)
    people = frozenset(connection.execute(select(t.people.c.id)).scalars()) - {NOBODY}
    items = select(t.presentations.c.id).where(t.presentations.c.case_id == case)
    _drop_drafts(connection, case)
    for table in DELETED_BY_ITEM:
        connection.execute(delete(table).where(table.c.presentation_id.in_(items)))
    voted = select(t.ballots.c.id).where(t.ballots.c.case_id == case)
    connection.execute(delete(t.ballot_voters).where(t.ballot_voters.c.ballot_id.in_(voted)))
    for table in DELETED:
        connection.execute(delete(table).where(table.c.case_id == case))
    for table in KEPT:
        _leave_no_person(connection, table, table.c.case_id == case, people)
    of_case = exists(select(1).where(t.frames.c.id == t.entries.c.frame_id, t.frames.c.case_id == case))
    _leave_no_person(connection, t.entries, of_case, people)


def _drop_drafts(connection: Connection, case: str) -> None:
    """What anybody had begun about it, or about anything that is of it; a subject begins on such an id."""
    of_it = {case}
    for table in t.metadata.sorted_tables:
        if "case_id" in table.c and "id" in table.c:
            of_it |= set(connection.execute(select(table.c.id).where(table.c.case_id == case)).scalars())
    frames = select(t.frames.c.id).where(t.frames.c.case_id == case)
    of_it |= set(connection.execute(select(t.entries.c.id).where(t.entries.c.frame_id.in_(frames))).scalars())
    begun = connection.execute(select(t.drafts.c.subject).distinct()).scalars()
    about = [subject for subject in begun if subject.split(":")[0] in of_it]
    connection.execute(delete(t.drafts).where(t.drafts.c.subject.in_(about)))


def keep_alias_taken(connection: Connection, committee: str, alias: str) -> None:
    """An alias is never given again (D29), also when nothing says any more whose it was."""
    connection.execute(t.spent_aliases.insert().values(committee=committee, alias=alias))


def _make_nobody(connection: Connection) -> None:
    row = {c.name: _blank(c) for c in t.people.c if not c.nullable}
    inserting = insert_pg if connection.dialect.name == "postgresql" else insert_sqlite
    values = {**row, "id": NOBODY, "name": "–", "active": False}
    connection.execute(inserting(t.people).values(values).on_conflict_do_nothing())


def _blank(column: Any) -> Any:
    kind = column.type.python_type
    return {} if kind is dict else kind()


def _leave_no_person(
    connection: Connection, table: Table, where: ColumnElement[bool], people: frozenset[str]
) -> None:
    named = [c.name for c in table.c if any(k.column.table is t.people for k in c.foreign_keys)]
    rows = connection.execute(select(table).where(where)).all()
    for row in rows:
        values: dict[str, Any] = {n: NOBODY for n in named if getattr(row, n) is not None}
        if "more" in table.c:
            values["more"] = _without(row.more, people)
        if values:
            connection.execute(update(table).where(table.c.id == row.id).values(values))


def _without(value: Any, people: frozenset[str]) -> Any:
    """The same value, with nobody in every person's place."""
    match value:
        case str():
            return NOBODY if value in people else value
        case list():
            return [_without(v, people) for v in value]
        case dict():
            return {_without(k, people): _without(v, people) for k, v in value.items()}
        case _:
            return value
