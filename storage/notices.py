"""The outbox: one row per message in Slack, claimed before it is sent, marked after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
    update,
)

from bot.domain.lanes import DELETE, EDIT, GUARD, LOOK, MAY_DIFFER, POST, TEAM
from bot.domain.notices import LONGEST_LEASE, Notice, NoticeState, Stuck
from bot.log import request_now
from storage.hearers import Hearers
from storage.lanes import StoredLanes, resting
from storage.memory import Memory
from storage.notices_at_once import NOWHERE, NoticesAtOnce
from storage.numbers import take_number
from storage.tables import lanes, notices

_NAMES = [f.name for f in fields(Notice)]
_PENDING, _SENDING = NoticeState.PENDING.value, NoticeState.SENDING.value


class StoredNotices(NoticesAtOnce):
    """`wake` is called when there is something to send after this transaction; `by_clock`: nobody asked for it."""

    def __init__(
        self,
        connection: Connection,
        *,
        locking: bool,
        at: datetime,
        new_id: Any,
        wake: Any,
        by_clock: bool = False,
    ) -> None:
        self._connection, self._locking, self._at = connection, locking, at
        self._new_id, self._wake, self._by_clock = new_id, wake, by_clock
        self.hearers = Hearers(connection, at=at)
        self._fresh: dict[str, Notice] = {}  # told in this transaction, and not written yet
        self._memory = Memory()

    def remember(self) -> None:
        """For a reading: it holds nobody's notice, and asks for none twice."""
        self._memory.begin()

    def tell(self, notice: Notice) -> None:
        """Written when the transaction ends, with all the others told in it, in the order of the streams.

        Two transactions that tell the same people in opposite order would else wait for one another's numbers. What
        is only put aside goes nowhere: it is written at once, and whoever puts the same aside waits for it.
        """
        if self.by_key(notice.key) is not None:
            return
        notice = self.hearers.heard_by(notice)
        if self.hearers.has_heard(notice, told_now=self._fresh.values()):
            return
        self._fresh[notice.key] = self._written(notice, notice.seq)
        if notice.to == NOWHERE:
            self.settle()
        self._wake()

    def reaches(self, notice: Notice) -> bool:
        return self.hearers.heard_by(notice).not_before is None

    def settle(self) -> None:
        """Writes what has been told. By key, as two who tell the same wait for one another at the keys too."""
        fresh, self._fresh = list(self._fresh.values()), {}
        self._write(fresh)

    def retell(self, key: str, **facts: str) -> bool:
        notice = self.by_key(key)
        if notice is None:
            return False
        if notice.handled or notice.state == NoticeState.CANCELLED:
            return True
        self._again(notice, facts={**notice.facts, **facts})
        return True

    def handle(self, prefix: str) -> None:
        for key, fresh in self._fresh.items():
            if key.startswith(prefix) and fresh.state != NoticeState.CANCELLED:
                self._fresh[key] = fresh.moved(NoticeState.CANCELLED, handled=True)
        for notice in self._where(notices.c.key.startswith(prefix, autoescape=True), lock=True):
            if notice.handled or notice.state == NoticeState.CANCELLED:
                continue
            if notice.untried:
                self.record(notice.moved(NoticeState.CANCELLED, handled=True))
            else:
                self._again(replace(notice, handled=True), facts=notice.facts)

    def cancel(self, key: str) -> bool:
        """True if it had not been sent, and now never will be."""
        notice = self.by_key(key)
        if notice is None or not notice.untried:
            return False
        if notice.state != NoticeState.CANCELLED:
            self.record(notice.moved(NoticeState.CANCELLED))
        return True

    def by_key(self, key: str) -> Notice | None:
        """Held until the transaction ends: a notice is told anew and marked as sent by different processes."""
        if key in self._fresh:
            return self._fresh[key]
        lock = not self._memory.on
        found = self._memory.ask("by_key", key, lambda: self._where(notices.c.key == key, lock=lock))
        return found[0] if found else None

    def gather(self, keys: Iterable[str]) -> None:
        """Finds these at once, so that a reading need not ask `by_key` for each."""
        self._memory.gather(
            "by_key", keys, lambda new: ((n.key, n) for n in self._where(notices.c.key.in_(new)))
        )

    def claim(
        self,
        *,
        at: datetime,
        real: datetime,
        owner: str,
        lease_seconds: float,
        but_for: frozenset[str] = frozenset(),
        to: str | None = None,
        guarded: frozenset[str] = frozenset(),
    ) -> Notice | None:
        """The first message of some stream that may be sent now; nobody else gets it while the lease lasts.

            A stream gives out its new messages in order: nothing overtakes one that is being sent, or waits to be tried again.
        A change to one that stands keeps no new one waiting.
        """
        due = self._due(at, real, but_for, guarded, closed=self._closed(real))
        if to is not None:
            due = due.where(notices.c.to == to)
        if self._locking:
            due = due.with_for_update(skip_locked=True, of=notices)
        rows = (self._connection.execute(query).first() for query in _in_turn(due))
        row = next((row for row in rows if row), None)
        if row is None:
            return None
        notice = _notice(row)
        claimed = notice.moved(
            NoticeState.SENDING,
            owner=owner,
            attempts=notice.attempts + 1,
            first_try=notice.first_try or at,
            lease_until=real + timedelta(seconds=lease_seconds),
            doubtful_at=at if notice.state == NoticeState.SENDING else notice.doubtful_at,
        )
        self.record(claimed)
        return claimed

    def is_due(self, *, at: datetime, real: datetime, but_for: frozenset[str] = frozenset()) -> bool:
        due = self._due(at, real, but_for, frozenset(), closed=self._closed(real))
        return self._connection.execute(due).first() is not None

    def due_streams(
        self, *, at: datetime, real: datetime, most: int, guarded: frozenset[str] = frozenset()
    ) -> list[str]:
        """Where a claim would give something, the one who has waited longest first; nowhere while everything rests."""
        due = self._due(at, real, frozenset(), guarded, closed=self._closed(real))
        free = due.where(_is_free(TEAM, real)).with_only_columns(notices.c.to).limit(most)
        turns = [select(query.subquery().c.to) for query in _in_turn(free)]
        streams = self._connection.execute(
            union_all(*turns)
        ).scalars()  # one question: it is asked every second
        return list(dict.fromkeys(streams))[:most]

    def free_again(self, *, at: datetime, real: datetime) -> datetime | None:
        """When the first of those who are owed something, and rest now, may hear it; on `Clock.real`."""
        due = self._due(at, real, frozenset(), frozenset(), closed=_broken())
        owed = due.with_only_columns(notices.c.to).limit(None).order_by(None)
        query = select(func.min(lanes.c.free_from)).where(
            resting(real), lanes.c.name.in_(owed), _is_free(TEAM, real)
        )
        return self._connection.execute(query).scalar()

    @staticmethod
    def _closed(real: datetime) -> Select[Any]:
        return select(lanes.c.name).where(or_(lanes.c.broken.is_not(None), resting(real)))

    def record(self, notice: Notice) -> None:
        if notice.key in self._fresh:
            self._fresh[notice.key] = notice
            return
        self._connection.execute(update(notices).where(notices.c.id == notice.id).values(_row(notice)))

    def forget_owed(self, *, but_of: frozenset[str]) -> int:
        """For a town that is loaded with a past: what was owed then has been heard, but for these cases'."""
        others = or_(notices.c.case_id.is_(None), notices.c.case_id.not_in(but_of))
        owed = update(notices).where(notices.c.state == _PENDING, others)
        return self._connection.execute(owed.values(state=NoticeState.CANCELLED.value, handled=True)).rowcount

    def unsent(self, kind: str) -> list[Notice]:
        waits = notices.c.state.in_([_PENDING, _SENDING])
        return self._where(waits, notices.c.kind == kind, notices.c.ts.is_(None))

    def doubtful(self, *, since: datetime) -> list[Notice]:
        """What at some time since then may have been sent without our knowing; by stream."""
        found = self._where(notices.c.doubtful_at.is_not(None), notices.c.doubtful_at >= since)
        return sorted(found, key=lambda notice: notice.to)

    def find(self, id: str) -> Notice | None:  # noqa: A002 - every thing has an id
        found = self._where(notices.c.id == id, lock=True)
        return found[0] if found else None

    def redirect(self, old: str, new: str) -> int:
        """What waits in one place, and certainly does not stand there, goes to another, in order."""
        moved = [notice for notice in self.owed_to(old) if notice.attempts == 0 and not notice.look_since]
        for notice in moved:
            seq = take_number(self._connection, f"stream:{new}")
            self.record(notice.moved(NoticeState.PENDING, to=new, seq=seq))
        if moved:
            self._wake()
        return len(moved)

    def give_back(self, notice: Notice) -> None:
        """What a deputy may not hear waits for whoever it was meant for; it certainly does not stand in Slack."""
        meant = self.hearers.given_back(notice)
        seq = take_number(self._connection, f"stream:{meant.to}")
        self.record(meant.moved(NoticeState.PENDING, seq=seq, attempts=0, first_try=None, lease_until=None))
        self._wake()

    def owed_to(self, to: str) -> list[Notice]:
        """What waits and has never stood in Slack, in order."""
        waits = notices.c.state.in_([_PENDING, NoticeState.PARKED.value])
        return self._where(notices.c.to == to, waits, notices.c.ts.is_(None), lock=True)

    def waiting_at(self, place: str) -> int:
        waits = notices.c.state.in_([_PENDING, NoticeState.PARKED.value])
        query = select(func.count()).where(notices.c.to == place, waits)
        return int(self._connection.execute(query).scalar_one())

    def stuck(self, *, at: datetime) -> Stuck:
        """How the outbox stands, in a handful of counts."""
        dead = select(func.count()).where(notices.c.state == NoticeState.DEAD.value)
        broken = _broken()
        parked = notices.c.state == NoticeState.PARKED.value
        held = and_(notices.c.state == _PENDING, notices.c.to.in_(broken))
        waiting = select(func.count()).where(or_(parked, held))
        places = select(func.count()).select_from(
            union(broken, select(notices.c.to).where(parked)).subquery()
        )
        going = or_(
            and_(
                notices.c.state == _PENDING, or_(notices.c.not_before.is_(None), notices.c.not_before <= at)
            ),
            notices.c.state == _SENDING,
        )
        owed_since = func.coalesce(notices.c.not_before, notices.c.created_at)
        owed = select(func.count(), func.min(owed_since)).where(going, notices.c.to.not_in(broken))
        count, oldest = self._connection.execute(owed).one()
        dead_now, waiting_now, places_now = (
            int(self._connection.execute(query).scalar_one()) for query in (dead, waiting, places)
        )
        return Stuck(count, oldest, dead_now, waiting_now, places_now)

    def dead(self) -> list[Notice]:
        return self._where(notices.c.state == NoticeState.DEAD.value)

    def parked(self) -> list[Notice]:
        return self._where(notices.c.state == NoticeState.PARKED.value)

    def failing(self) -> list[Notice]:
        """What Slack has answered badly, and is tried again; its stream waits for it meanwhile."""
        return self._where(notices.c.state.in_([_PENDING, _SENDING]), notices.c.failures > 0)

    def unpark(self, to: str) -> int:
        """The place can be reached again: what waited goes out in order. Gives how many were held back by it."""
        StoredLanes(self._connection).mend(to)
        change = update(notices).where(notices.c.to == to, notices.c.state == NoticeState.PARKED.value)
        self._connection.execute(change.values(state=_PENDING, not_before=None))
        waiting = select(func.count()).where(notices.c.to == to, notices.c.state == _PENDING)
        count = int(self._connection.execute(waiting).scalar_one())
        if count:
            self._wake()
        return count

    def to_clear(self, *, before: datetime) -> list[Notice]:
        """Messages that stand in Slack, not neutral yet, and were sent before that instant."""
        return self._where(
            notices.c.ts.is_not(None), notices.c.handled.is_(False), notices.c.sent_at < before
        )

    def showing(self, kind: str) -> list[Notice]:
        return self._where(notices.c.kind == kind, notices.c.ts.is_not(None), notices.c.handled.is_(False))

    def _again(self, notice: Notice, *, facts: dict[str, str]) -> None:
        state = notice.state if notice.state == NoticeState.SENDING else NoticeState.PENDING
        unsent = notice.ts is None and notice.attempts == 0
        again = notice.moved(
            state,
            facts=facts,
            request=request_now() or notice.request,
            revision=notice.revision + 1,
            not_before=notice.not_before if unsent else None,  # its own time has not come yet
        )
        self.record(again)
        self._wake()

    def _due(
        self,
        at: datetime,
        real: datetime,
        but_for: frozenset[str],
        guarded: frozenset[str],
        *,
        closed: Select[Any],
    ) -> Select[Any]:
        earlier = notices.alias("earlier")
        in_the_way = exists(
            select(1).where(
                and_(
                    earlier.c.to == notices.c.to,
                    earlier.c.seq < notices.c.seq,
                    or_(
                        earlier.c.state == _SENDING, and_(earlier.c.state == _PENDING, earlier.c.ts.is_(None))
                    ),
                    or_(earlier.c.not_before.is_(None), earlier.c.not_before <= at, earlier.c.attempts > 0),
                )
            )
        )
        being_sent = exists(
            select(1).where(
                and_(
                    earlier.c.to == notices.c.to,
                    earlier.c.state == _SENDING,
                    earlier.c.id != notices.c.id,
                )
            )
        )
        due = or_(notices.c.not_before.is_(None), notices.c.not_before <= at)
        free = or_(
            and_(notices.c.state == _PENDING, due),
            and_(notices.c.state == _SENDING, _nobodys(real)),
        )
        return (
            select(notices)
            .where(free, ~in_the_way, ~being_sent, notices.c.to.not_in(but_for), notices.c.to.not_in(closed))
            .where(*_possible(real, guarded))
            .order_by(notices.c.created_at, notices.c.seq)
            .limit(1)
        )

    def _where(self, *conditions: Any, lock: bool = False) -> list[Notice]:
        query = select(notices).where(*conditions).order_by(notices.c.created_at, notices.c.seq)
        if lock and self._locking:
            query = query.with_for_update()
        return [_notice(row) for row in self._connection.execute(query)]


def _in_turn(due: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """New messages in their order. Then changes to those that stand, the newest first: somebody may be looking at one,
    while the old ones that are cleared at night wait.
    """
    stands = notices.c.ts.is_not(None)
    newest_first = due.where(stands).order_by(None).order_by(notices.c.sent_at.desc(), notices.c.seq)
    return due.where(~stands), newest_first


def _nobodys(real: datetime) -> Any:
    """The lease has run out, or ends later than any that is given: a clock that was wrong gave it."""
    return or_(notices.c.lease_until < real, notices.c.lease_until > real + LONGEST_LEASE + MAY_DIFFER)


def _is_free(lane: str, real: datetime) -> Any:
    return literal(lane).not_in(select(lanes.c.name).where(resting(real)))


def _broken() -> Select[Any]:
    return select(lanes.c.name).where(lanes.c.broken.is_not(None), lanes.c.name != TEAM)


def _possible(real: datetime, guarded: frozenset[str]) -> tuple[Any, ...]:
    """What we do may be paused: a message that stands is edited, one that was tried is looked for first."""
    stands = notices.c.ts.is_not(None)
    tried = or_(notices.c.attempts > 0, notices.c.look_since.is_not(None))
    looked_at_first = notices.c.kind.in_(guarded)
    return (
        or_(stands, _is_free(POST, real)),
        or_(~stands, _is_free(EDIT, real)),
        or_(stands, ~tried, _is_free(LOOK, real)),
        or_(~looked_at_first, and_(_is_free(GUARD, real), _is_free(DELETE, real))),
    )


def _row(notice: Notice) -> dict[str, Any]:
    values = {name: getattr(notice, name) for name in _NAMES}
    values["state"] = notice.state.value
    return values


def _notice(row: Row[Any]) -> Notice:
    values = {name: getattr(row, name) for name in _NAMES}
    return Notice(**{**values, "state": NoticeState(row.state)})
