"""A town with an archive: 1,000 to 1,000,000 cases beside those of the people who are measured.

One case is lived through the use cases; the mass is copies of its rows, made inside the database. A municipality's people
do not grow with its archive: 150 caseworkers share the mass, of which every fiftieth case is open, in other areas than
the one that is measured, and on meetings more than eight weeks ahead. What happened on them happened a year ago: a
quarter's doings do not grow with an archive either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)

from bot.rules import alias_words
from storage import tables as t
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown

CASEWORKERS = 150
OPEN_EVERY = 50
AT_ONCE = 100_000
FAR = 8
"""Coming meetings that are left to those who are measured."""


def fill(
    town: OfficeTown,
    database: Database,
    many: int,
    *,
    open_every: int = OPEN_EVERY,
    meetings: Sequence[str] = (),
    colleagues: int = CASEWORKERS,
) -> None:
    """Adds `many` cases with what belongs to them, and lets the database look at what it has.

    The open ones' follow-ups are shared among `meetings`; by itself those more than eight meetings ahead.
    """
    hire(database, colleagues)
    pattern, _ = active_case(town, "Maja Holm", follow_up=town.next_meetings(2)[-1])
    town.office.frames.usable(town.asked("Maja Holm", once=False))
    with database.writing.begin() as connection:
        rows = _pattern(connection, pattern.id)
        far = list(meetings) or [m.id for m in town.next_meetings(40)[FAR:]]
    for first in range(1, many + 1, AT_ONCE):
        with database.writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            _copies(connection, rows, far, first, min(first + AT_ONCE - 1, many), open_every, colleagues)
    looking = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"
    with database.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not database.is_sqlite:
            connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(looking))


def hire(database: Database, many: int = CASEWORKERS) -> list[dict[str, Any]]:
    """So many caseworkers more, in two areas."""
    with database.writing.begin() as connection:
        return _colleagues(connection, many)


def _colleagues(connection: Connection, many: int) -> list[dict[str, Any]]:
    person = dict(connection.execute(select(t.people).limit(1)).mappings().one())
    people = [{**person, "id": f"UMASS{n:04d}", "name": f"Kollega {n}"} for n in range(many)]
    connection.execute(insert(t.people), people)
    posts = [
        {"person": p["id"], "role": "caseworker", "area": ("social", "schools")[n % 2]}
        for n, p in enumerate(people)
    ]
    connection.execute(insert(t.posts), posts)
    return people


def _pattern(connection: Connection, lived: str) -> dict[Table, dict[str, Any]]:
    """A row of each table, of the case that was lived."""
    found: dict[Table, dict[str, Any]] = {}
    wanted = (t.cases, t.references, t.presentations, t.frames, t.journal)
    for table in wanted:
        key = table.c.id if table is t.cases else table.c.case_id
        found[table] = dict(connection.execute(select(table).where(key == lived)).mappings().first() or {})
    return found


def _copies(
    connection: Connection,
    rows: dict[Table, dict[str, Any]],
    meetings: list[str],
    first: int,
    last: int,
    open_every: int,
    colleagues: int,
) -> None:
    n = select(literal(first, Integer).label("i")).cte("n", recursive=True)
    n = n.union_all(select(n.c.i + 1).where(n.c.i < last))
    i = cast(n.c.i, String)
    id, open_ = "mass-" + i, n.c.i % open_every == 0  # noqa: A001
    caseworker = "UMASS" + func.substr("0000" + cast(n.c.i % colleagues, String), -4, 4)
    if connection.dialect.name == "postgresql":
        caseworker = "UMASS" + func.lpad(cast(n.c.i % colleagues, String), 4, "0")
    area = case((n.c.i % 2 == 0, "social"), else_="schools")
    far = case(dict(enumerate(meetings)), value=n.c.i // open_every % len(meetings))
    blind = _bytes(connection, i)
    put = _Putting(connection, n)
    put(
        t.cases,
        rows[t.cases],
        id=id,
        key="15-" + i,
        alias=_alias(n) + "-" + i,
        area=area,
        caseworker=caseworker,
        registered_by=caseworker,
        stage=case((open_, "active"), else_="closed"),
    )
    put(t.references, rows[t.references], case_id=id, area=area, blind=blind, blind_tail=blind)
    decided = {
        "state": "decided", "kind": "new", "requested_by": caseworker, "meeting_id": None, "case_id": id,
        "area": area,
    }  # fmt: skip
    put(t.presentations, rows[t.presentations], id="p-" + i, **decided)
    followed = decided | {
        "kind": "follow_up",
        "state": case((open_, "referred"), else_="decided"),
        "meeting_id": case((open_, far), else_=None),
    }
    put(t.presentations, rows[t.presentations], id="f-" + i, **followed)
    put(
        t.frames,
        rows[t.frames],
        id="r-" + i,
        case_id=id,
        state=case((open_, "open"), else_="settled"),
        used_ore=45_000,
    )
    entry = {
        "id": None, "frame_id": "r-" + i, "kind": "expense", "amount_ore": 45_000, "purpose": "transport",
        "spent_on": rows[t.frames]["follow_up_on"], "by": caseworker, "at": rows[t.journal]["at"],
        "period_until": None, "settles": None, "reverses": None,
    }  # fmt: skip
    put(t.entries, entry, id="e-" + i)
    for number, act in enumerate(("case_registered", "presentation_referred", "frame_used")):
        line = {k: v for k, v in rows[t.journal].items() if k != "seq"} | {"at": _long_ago(rows)}
        put(t.journal, line, case_id=id, by=caseworker, act=act)
        if number == 2:
            break
        put(
            t.notices,
            _notice(rows[t.journal]["at"]),
            id=f"n{number}-" + i,
            key=f"told{number}:" + i,
            to=caseworker,
            seq=-(n.c.i * 2 + number),  # before any that is told from now on
            case_id=id,
            ts="1790000000." + i,
        )


def _long_ago(rows: dict[Table, dict[str, Any]]) -> datetime:
    then: datetime = rows[t.journal]["at"]
    return then - timedelta(days=365)


def _notice(at: Any) -> dict[str, Any]:
    return {
        "id": None, "key": None, "kind": "referral", "to": None, "seq": 0, "facts": {}, "case_id": None,
        "state": "sent", "revision": 1, "shown_revision": 1, "attempts": 0, "handled": True, "created_at": at,
        "sent_at": at, "channel": "D1", "ts": None,
    }  # fmt: skip


class _Putting:
    """`put(table, pattern, column=expression, ...)`: a copy of the pattern's row for each number."""

    def __init__(self, connection: Connection, n: CTE) -> None:
        self._connection, self._n = connection, n

    def __call__(self, table: Table, pattern: dict[str, Any], **changed: Any) -> None:
        whole = {**pattern, **changed}
        columns = [
            value.label(name) if hasattr(value, "label") else literal(value, table.c[name].type).label(name)
            for name, value in whole.items()
        ]
        copies = select(
            *[cast(c, table.c[c.name].type) if self._is_pg and c.name in changed else c for c in columns]
        )
        self._connection.execute(insert(table).from_select(list(whole), copies.select_from(self._n)))

    @property
    def _is_pg(self) -> bool:
        return self._connection.dialect.name == "postgresql"


def _alias(n: CTE) -> Any:
    words = [w.word for w in alias_words()]
    return case(dict(enumerate(words[:40])), value=n.c.i % 40)


def _bytes(connection: Connection, i: Any) -> Any:
    if connection.dialect.name == "postgresql":
        return func.convert_to(i, "UTF8")
    return type_coerce(cast(i, LargeBinary), LargeBinary)
