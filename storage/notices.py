"""The outbox: one row per message in Slack, claimed before it is sent, marked after."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import aliased

from bot.domain.notices import Notice, NoticeState
from storage.hearers import Hearers
from storage.notices_at_once import NoticesAtOnce
from storage.numbers import take_number
from storage.tables import notices

_NAMES = [f.name for f in fields(Notice)]
_PENDING, _SENDING = NoticeState.PENDING.value, NoticeState.SENDING.value


class StoredNotices(NoticesAtOnce):
    """`wake` is called when there is something to send after this transaction."""

    def __init__(
        self, connection: Connection, *, locking: bool, at: datetime, new_id: Any, wake: Any
    ) -> None:
        self._connection, self._locking, self._at = connection, locking, at
        self._new_id, self._wake = new_id, wake
        self.hearers = Hearers(connection, at=at)

    def tell(self, notice: Notice) -> None:
        if self.by_key(notice.key) is not None:
            return
        notice = self.hearers.heard_by(notice)
        if self.hearers.has_heard(notice):
            return
        seq = take_number(self._connection, f"stream:{notice.to}")
        written = replace(notice, id=notice.id or self._new_id(), seq=seq, created_at=self._at)
        dialect_insert = insert_pg if self._locking else insert_sqlite
        telling = dialect_insert(notices).values(_row(written)).on_conflict_do_nothing(index_elements=["key"])
        told_now = self._connection.execute(
            telling
        ).rowcount  # 0: another process did while we waited for a number
        if told_now:
            self._wake()

    def retell(self, key: str, **facts: str) -> bool:
        notice = self.by_key(key)
        if notice is None:
            return False
        if notice.handled or notice.state == NoticeState.CANCELLED:
            return True
        self._again(notice, facts={**notice.facts, **facts})
        return True

    def handle(self, prefix: str) -> None:
        for notice in self._where(notices.c.key.startswith(prefix, autoescape=True), lock=True):
            if notice.handled or notice.state == NoticeState.CANCELLED:
                continue
            if notice.ts is None and notice.attempts == 0:
                self.record(replace(notice, state=NoticeState.CANCELLED, handled=True))
            else:
                self._again(replace(notice, handled=True), facts=notice.facts)

    def cancel(self, key: str) -> bool:
        """True if it had not been sent, and now never will be."""
        notice = self.by_key(key)
        if notice is None or notice.ts is not None or notice.attempts:
            return False
        self.record(replace(notice, state=NoticeState.CANCELLED))
        return True

    def by_key(self, key: str) -> Notice | None:
        """Held until the transaction ends: a notice is told anew and marked as sent by different processes."""
        found = self._where(notices.c.key == key, lock=True)
        return found[0] if found else None

    def claim(
        self,
        *,
        at: datetime,
        real: datetime,
        owner: str,
        lease_seconds: float,
        but_for: frozenset[str] = frozenset(),
    ) -> Notice | None:
        """The first message of some stream that may be sent now; nobody else gets it while the lease lasts.

        A stream gives out its messages in order: nothing overtakes one that is being sent, or waits to be tried again.
        """
        row = self._connection.execute(self._next_due(at, real, but_for)).first()
        if row is None:
            return None
        notice = _notice(row)
        claimed = replace(
            notice,
            state=NoticeState.SENDING,
            owner=owner,
            attempts=notice.attempts + 1,
            first_try=notice.first_try or at,
            lease_until=real + timedelta(seconds=lease_seconds),
        )
        self.record(claimed)
        return claimed

    def is_due(self, *, at: datetime, real: datetime, but_for: frozenset[str] = frozenset()) -> bool:
        return self._connection.execute(self._due(at, real, but_for)).first() is not None

    def record(self, notice: Notice) -> None:
        self._connection.execute(update(notices).where(notices.c.id == notice.id).values(_row(notice)))

    def forget_owed(self, *, but_of: frozenset[str]) -> int:
        """For a town that is loaded with a past: what was owed then has been heard, but for these cases'."""
        others = or_(notices.c.case_id.is_(None), notices.c.case_id.not_in(but_of))
        owed = update(notices).where(notices.c.state == _PENDING, others)
        return self._connection.execute(owed.values(state=NoticeState.CANCELLED.value, handled=True)).rowcount

    def dead(self) -> list[Notice]:
        return self._where(notices.c.state == NoticeState.DEAD.value)

    def parked(self) -> list[Notice]:
        return self._where(notices.c.state == NoticeState.PARKED.value)

    def unpark(self, to: str) -> int:
        change = update(notices).where(notices.c.to == to, notices.c.state == NoticeState.PARKED.value)
        count = self._connection.execute(change.values(state=_PENDING, not_before=None)).rowcount
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
        untried = notice.ts is None and notice.attempts == 0
        again = replace(
            notice,
            facts=facts,
            revision=notice.revision + 1,
            state=state,
            not_before=notice.not_before if untried else None,  # its own time has not come yet
        )
        self.record(again)
        self._wake()

    def _next_due(self, at: datetime, real: datetime, but_for: frozenset[str]) -> Any:
        query = self._due(at, real, but_for)
        return query.with_for_update(skip_locked=True, of=notices) if self._locking else query

    def _due(self, at: datetime, real: datetime, but_for: frozenset[str]) -> Select[Any]:
        earlier = aliased(notices)
        in_the_way = exists(
            select(1).where(
                and_(
                    earlier.c.to == notices.c.to,
                    earlier.c.seq < notices.c.seq,
                    earlier.c.state.in_([_PENDING, _SENDING]),
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
            and_(notices.c.state == _SENDING, notices.c.lease_until < real),
        )
        return (
            select(notices)
            .where(free, ~in_the_way, ~being_sent, notices.c.to.not_in(but_for))
            .order_by(notices.c.created_at, notices.c.seq)
            .limit(1)
        )

    def _where(self, *conditions: Any, lock: bool = False) -> list[Notice]:
        query = select(notices).where(*conditions).order_by(notices.c.created_at, notices.c.seq)
        if lock and self._locking:
            query = query.with_for_update()
        return [_notice(row) for row in self._connection.execute(query)]


def _row(notice: Notice) -> dict[str, Any]:
    values = {name: getattr(notice, name) for name in _NAMES}
    values["state"] = notice.state.value
    return values


def _notice(row: Row[Any]) -> Notice:
    values = {name: getattr(row, name) for name in _NAMES}
    return Notice(**{**values, "state": NoticeState(row.state)})
