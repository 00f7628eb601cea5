"""What stands in the way of messages, shared by all replicas: pauses, and places that are broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.lanes import LONGEST_PAUSE, MAY_DIFFER, Lane
from storage.tables import lanes
from storage.types import Instant

RESTING = and_(
    lanes.c.free_from > bindparam("real", type_=Instant),
    lanes.c.free_from <= bindparam("paused", type_=Instant),
    or_(lanes.c.set_at.is_(None), lanes.c.set_at <= bindparam("set", type_=Instant)),
)
"""As `Lane.rests` says it, at a moment's `pauses_at`."""


def pauses_at(real: datetime) -> dict[str, datetime]:
    return {"real": real, "paused": real + LONGEST_PAUSE + MAY_DIFFER, "set": real + MAY_DIFFER}


_OF = select(lanes).where(lanes.c.name == bindparam("this"))
_THESE = select(lanes).where(lanes.c.name.in_(bindparam("these", expanding=True)))


def _pausing(dialect_insert: Any) -> Any:
    until, real = bindparam("until", type_=Instant), bindparam("real", type_=Instant)
    paused = dialect_insert(lanes).values(name=bindparam("lane"), free_from=until, set_at=real)
    shorter = or_(lanes.c.free_from.is_(None), not_(RESTING), lanes.c.free_from < until)
    new = {"free_from": paused.excluded.free_from, "set_at": paused.excluded.set_at}
    return paused.on_conflict_do_update(index_elements=["name"], set_=new, where=shorter)


_PAUSING = {"postgresql": _pausing(insert_pg), "sqlite": _pausing(insert_sqlite)}


class StoredLanes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, name: str) -> Lane:
        """A lane nobody has written about is free and whole."""
        row = self._connection.execute(_OF, {"this": name}).first()
        return _lane(row) if row else Lane(name)

    def each(self, *names: str) -> list[Lane]:
        """The same of several, in one question and in their order."""
        found = {row.name: _lane(row) for row in self._connection.execute(_THESE, {"these": names})}
        return [found.get(name) or Lane(name) for name in names]

    def broken(self) -> list[Lane]:
        query = select(lanes).where(lanes.c.broken.is_not(None)).order_by(lanes.c.since, lanes.c.name)
        return [_lane(row) for row in self._connection.execute(query)]

    def pause(self, name: str, until: datetime, *, real: datetime) -> None:
        """Nothing goes there before then; a longer pause is never cut short by a shorter one."""
        pausing = _PAUSING[self._connection.dialect.name]
        self._connection.execute(pausing, {"lane": name, "until": until, **pauses_at(real)})

    def spend(self, name: str, *, real: datetime, each: timedelta, at_once: int) -> None:
        """One of what Slack counts by the minute: `at_once` may go together, and one more every `each` after that."""
        self._there(name)
        this = lanes.c.name == name
        row = self._connection.execute(select(lanes).where(this).with_for_update()).one()
        saved, lane = real - each * (at_once - 1), _lane(row)
        spent = lane.free_from if lane.free_from and (lane.rests(real) or lane.free_from <= real) else saved
        self.pause(name, max(spent, saved) + each, real=real)

    def take_turn(self, name: str, *, real: datetime, until: datetime) -> bool:
        """For what one replica does at a time: True for the first to ask, who then has it until then.

        One that was taken later than now, or ends later than any that is given, is a wrong clock's: it is nobody's.
        """
        self._there(name)
        free = lanes.c.free_from
        latest = max(until, real + LONGEST_PAUSE) + MAY_DIFFER
        nobodys = or_(free.is_(None), free <= real, free > latest, lanes.c.set_at > real + MAY_DIFFER)
        turn = update(lanes).where(lanes.c.name == name, nobodys)
        return self._connection.execute(turn.values(free_from=until, set_at=real)).rowcount == 1

    def forget_turns(self, of: str, *, real: datetime) -> int:
        """Those of a name that begins so, and is over: it says nothing any more. Gives how many."""
        theirs = lanes.c.name.startswith(of, autoescape=True)
        return self._connection.execute(delete(lanes).where(theirs, lanes.c.free_from <= real)).rowcount

    def break_off(self, name: str, code: str, *, at: datetime) -> bool:
        """True when it was whole until now."""
        self._there(name)
        breaking = update(lanes).where(lanes.c.name == name, lanes.c.broken.is_(None))
        return self._connection.execute(breaking.values(broken=code, since=at)).rowcount == 1

    def mend(self, name: str) -> bool:
        """It is whole and free again. True when it was broken."""
        mending = update(lanes).where(lanes.c.name == name, lanes.c.broken.is_not(None))
        whole = {"broken": None, "since": None, "free_from": None, "failures": 0, "set_at": None}
        return self._connection.execute(mending.values(**whole)).rowcount == 1

    def failed(self, name: str) -> int:
        """How often in a row now."""
        self._there(name)
        more = update(lanes).where(lanes.c.name == name).values(failures=lanes.c.failures + 1)
        return int(self._connection.execute(more.returning(lanes.c.failures)).scalar_one())

    def answered(self, name: str) -> None:
        """It answers again: what failed before counts no more."""
        again = update(lanes).where(lanes.c.name == name, lanes.c.failures > 0)
        self._connection.execute(again.values(failures=0))

    def _there(self, name: str) -> None:
        dialect_insert: Any = insert_pg if self._connection.dialect.name == "postgresql" else insert_sqlite
        self._connection.execute(dialect_insert(lanes).values(name=name).on_conflict_do_nothing())


def _lane(row: Row[Any]) -> Lane:
    return Lane(row.name, row.free_from, row.broken, row.since, row.failures, row.set_at)
