"""Which message may be sent now: at most one of each stream, found at the stream's beginning however much is owed in it.

Of a stream: what is in hand, and nobody's any more; else the first new message, as nothing overtakes it; else a change
to one that stands, the newest first, as somebody may be looking at it while the old ones that are cleared at night wait.

The statements are put together once, and their parameters are `times` and `guarded`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)

from bot.domain.lanes import DELETE, EDIT, GUARD, LOOK, MAY_DIFFER, POST, TEAM
from bot.domain.notices import LONGEST_LEASE
from storage.lanes import RESTING, pauses_at
from storage.tables import lanes, notices
from storage.types import Instant

_PENDING: ColumnElement[str] = literal_column("'pending'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
"""As they are written in the partial indexes, so that both databases know which index answers."""

_NONE: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")
_LAST: ColumnElement[int] = literal_column(str(2**31 - 1))
_AT, _REAL = bindparam("at", type_=Instant), bindparam("real", type_=Instant)
_LEASED = bindparam("leased", type_=Instant)
_GUARDED: BindParameter[Any] = bindparam("guarded", expanding=True)
_RESTING = select(lanes.c.name, lanes.c.free_from, lanes.c.broken).where(RESTING).cte("resting")


def times(at: datetime, real: datetime) -> dict[str, Any]:
    """`at` decides what is due; leases and pauses run on `real`."""
    return {"at": at, "leased": real + LONGEST_LEASE + MAY_DIFFER, **pauses_at(real)}


def _owed(row: FromClause) -> ColumnElement[bool]:
    """Word for word the condition of `ix_notices_due`."""
    return row.c.state.in_([_PENDING, _SENDING])


def _is_free(lane: Any) -> ColumnElement[bool]:
    name = literal_column(f"'{lane}'") if isinstance(lane, str) else lane
    return ~exists(select(_ONE).where(_RESTING.c.name == name).correlate_except(_RESTING))


def _may_go(row: FromClause) -> ColumnElement[bool]:
    """Its time has come, and nobody has it: a lease that ends later than any that is given was a wrong clock's."""
    due = or_(row.c.not_before.is_(None), row.c.not_before <= _AT)
    nobodys = or_(row.c.lease_until < _REAL, row.c.lease_until > _LEASED)
    return or_(and_(row.c.state == _PENDING, due), and_(row.c.state == _SENDING, nobodys))


def _possible(row: FromClause) -> ColumnElement[bool]:
    """What we do may be paused: a message that stands is edited, one that was tried is looked for first."""
    stands = row.c.ts.is_not(None)
    tried = or_(row.c.attempts > _NONE, row.c.look_since.is_not(None))
    return and_(
        or_(stands, _is_free(POST)),
        or_(~stands, _is_free(EDIT)),
        or_(stands, ~tried, _is_free(LOOK)),
        or_(row.c.kind.not_in(_GUARDED), and_(_is_free(GUARD), _is_free(DELETE))),
    )


def _one(column: Any, row: FromClause, *conditions: Any, order: Sequence[Any] = ()) -> ScalarSelect[Any]:
    """A part of the first row for which they hold; what else they name is the question around this one's."""
    found = select(column).where(*conditions).order_by(*order).limit(_ONE)
    return found.correlate_except(row).scalar_subquery()


def _in_hand(stream: Any) -> ScalarSelect[Any]:
    row = notices.alias("in_hand")
    return _one(row.c.id, row, row.c.to == stream, row.c.state == _SENDING)


def _first(stream: Any) -> ScalarSelect[Any]:
    """The number of the first new message that is due, or waits to be tried again: what comes after it waits."""
    row = notices.alias("head")
    waits = or_(row.c.not_before.is_(None), row.c.not_before <= _AT, row.c.attempts > _NONE)
    new = and_(row.c.to == stream, _owed(row), row.c.state == _PENDING, row.c.ts.is_(None))
    return _one(row.c.seq, row, new, waits, order=[row.c.seq])


def _new(stream: Any) -> ScalarSelect[Any]:
    row = notices.alias("new")
    this = and_(row.c.to == stream, row.c.seq == _first(stream))
    return _one(row.c.id, row, this, _may_go(row), _possible(row))


def _change(stream: Any) -> ScalarSelect[Any]:
    row = notices.alias("change")
    stands = and_(row.c.to == stream, _owed(row), row.c.state == _PENDING, row.c.ts.is_not(None))
    before = row.c.seq < func.coalesce(_first(stream), _LAST)
    newest = [row.c.sent_at.desc(), row.c.seq]
    return _one(row.c.id, row, stands, before, _may_go(row), _possible(row), order=newest)


def _next_of(stream: Any) -> ColumnElement[bool]:
    """Said of `notices` besides: whoever waited for the row's lock finds that it has been taken meanwhile."""
    chosen = func.coalesce(_in_hand(stream), _new(stream), _change(stream))
    return and_(notices.c.id == chosen, _may_go(notices), _possible(notices))


def _streams(by_index: str) -> FromClause:
    """Where something is owed: from name to name in the index, not from message to message; the first is nobody's."""
    one = (
        f"SELECT n.\"to\" FROM notices AS n {by_index} WHERE n.state IN ('pending', 'sending')"  # noqa: S608 - of words below
        ' AND n."to" > streams.name ORDER BY n."to" LIMIT 1'
    )
    names = (
        f"SELECT CAST('' AS VARCHAR(40)) UNION ALL SELECT ({one}) FROM streams WHERE streams.name IS NOT NULL"  # noqa: S608
    )
    return text(names).columns(name=notices.c.to.type).cte("streams", recursive=True)


def _is_open(stream: Any) -> ColumnElement[bool]:
    broken = exists(
        select(_ONE).where(lanes.c.name == stream, lanes.c.broken.is_not(None)).correlate_except(lanes)
    )
    return and_(~broken, _is_free(stream))


def _due_streams(by_index: str = "") -> Select[Any]:
    streams, stands = _streams(by_index), notices.c.ts.is_not(None)
    new_ones_in_order = case((~stands, notices.c.created_at))
    return (
        select(notices.c.to, stands.label("stands"))
        .select_from(streams.join(notices, _next_of(streams.c.name)))
        .where(_is_open(streams.c.name), _is_free(TEAM))
        .order_by(stands, new_ones_in_order, case((stands, notices.c.sent_at)).desc(), notices.c.seq)
        .limit(bindparam("most"))
    )


def _free_again() -> Select[Any]:
    return (
        select(func.min(_RESTING.c.free_from))
        .select_from(_RESTING.join(notices, _next_of(_RESTING.c.name)))
        .where(_RESTING.c.broken.is_(None), _is_free(TEAM))
    )


_STREAM = bindparam("stream", type_=notices.c.to.type)

DUE_STREAMS = {"postgresql": _due_streams(), "sqlite": _due_streams("INDEXED BY ix_notices_due")}
"""Where a claim would give something, the one who has waited longest first; nowhere while everything rests. SQLite by
itself would go through all that is owed by its state.
"""

CLAIM = select(notices).where(_next_of(_STREAM), _is_open(_STREAM))
"""That message of one stream."""

FREE_AGAIN = _free_again()
"""When the first of those who are owed something, and rest now, may hear it."""
