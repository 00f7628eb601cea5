"""The outbox: one row per message in Slack, claimed before it is sent, marked after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, union, update

from bot.domain.lanes import TEAM
from bot.domain.notices import Notice, NoticeState, Stuck
from bot.log import request_now
from bot.usecases.outgoing import DueStreams
from storage.due import CLAIM, DUE_STREAMS, FREE_AGAIN, times
from storage.hearers import Hearers
from storage.lanes import StoredLanes
from storage.memory import Memory
from storage.notices_at_once import ASIDE, NOWHERE, NoticesAtOnce
from storage.numbers import take_number
from storage.tables import lanes, notices

_NAMES = [f.name for f in fields(Notice)]
_RECORD = update(notices).where(notices.c.id == bindparam("this"))
_BY_KEY = select(notices).where(notices.c.key == bindparam("this"))
_BY_KEY_HELD = _BY_KEY.with_for_update()
"""Statements that each message needs are put together once."""

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
            # or whoever tells by the clock would tell it again
            self.put_aside([Notice(notice.key, ASIDE, NOWHERE)])
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
            if notice.handled or (notice.state == NoticeState.CANCELLED and notice.ts is None):
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
        query = _BY_KEY_HELD if self._locking and not self._memory.on else _BY_KEY
        found = self._memory.ask("by_key", key, lambda: self._found(query, this=key))
        return found[0] if found else None

    def gather(self, keys: Iterable[str]) -> None:
        """Finds these at once, so that a reading need not ask `by_key` for each."""
        self._memory.gather(
            "by_key", keys, lambda new: ((n.key, n) for n in self._where(notices.c.key.in_(new)))
        )

    def claim(
        self,
        stream: str,
        *,
        at: datetime,
        real: datetime,
        owner: str,
        lease_seconds: float,
        guarded: frozenset[str] = frozenset(),
    ) -> Notice | None:
        """What may be sent there now; nobody else gets it while the lease lasts.

        A stream gives out its new messages in order: nothing overtakes one that is being sent, or waits to be tried
        again. A change to one that stands keeps no new one waiting.
        """
        claim = CLAIM.with_for_update(skip_locked=True, of=notices) if self._locking else CLAIM
        about = {"stream": stream, "guarded": list(guarded), **times(at, real)}
        row = self._connection.execute(claim, about).first()
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

    def due_streams(
        self, *, at: datetime, real: datetime, most: int, guarded: frozenset[str] = frozenset()
    ) -> DueStreams:
        about = {"most": most, "guarded": list(guarded), **times(at, real)}
        found = self._connection.execute(DUE_STREAMS[self._connection.dialect.name], about).all()
        new, changes = (
            [stream for stream, stands in found if stands == is_change] for is_change in (False, True)
        )
        return DueStreams(tuple(new), tuple(changes))

    def free_again(self, *, at: datetime, real: datetime) -> datetime | None:
        """On `Clock.real`."""
        return self._connection.execute(FREE_AGAIN, {"guarded": [], **times(at, real)}).scalar()

    def record(self, notice: Notice) -> None:
        if notice.key in self._fresh:
            self._fresh[notice.key] = notice
            return
        self._connection.execute(_RECORD, {**_row(notice), "this": notice.id})

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

    def parked(self) -> list[Notice]:
        return self._where(notices.c.state == NoticeState.PARKED.value)

    def unreached(self, most: int | None = None) -> tuple[list[Notice], int]:
        """Given up, parked, or answered badly by Slack so far; the oldest first, and how many there are in all."""
        stopped = notices.c.state.in_([NoticeState.PARKED.value, NoticeState.DEAD.value])
        fails = and_(notices.c.state.in_([_PENDING, _SENDING]), notices.c.failures > 0)
        these = or_(stopped, fails)
        count = self._connection.execute(select(func.count()).select_from(notices).where(these)).scalar_one()
        query = select(notices).where(these).order_by(notices.c.created_at, notices.c.id).limit(most)
        return self._found(query), int(count)

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

    def _where(self, *conditions: Any, lock: bool = False) -> list[Notice]:
        query = select(notices).where(*conditions).order_by(notices.c.created_at, notices.c.seq)
        if lock and self._locking:
            query = query.with_for_update()
        return self._found(query)

    def _found(self, query: Select[Any], **about: Any) -> list[Notice]:
        return [_notice(row) for row in self._connection.execute(query, about)]


def _broken() -> Select[Any]:
    return select(lanes.c.name).where(lanes.c.broken.is_not(None), lanes.c.name != TEAM)


def _row(notice: Notice) -> dict[str, Any]:
    values = {name: getattr(notice, name) for name in _NAMES}
    values["state"] = notice.state.value
    return values


def _notice(row: Row[Any]) -> Notice:
    values = {name: getattr(row, name) for name in _NAMES}
    return Notice(**{**values, "state": NoticeState(row.state)})
