"""How the outbox stands: numbers only, for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from bot.domain.notices import NoticeState
from storage.engine import Database
from storage.tables import notices

_OWED = [NoticeState.PENDING.value, NoticeState.SENDING.value]


@dataclass(frozen=True)
class Outbox:
    pending: int
    oldest_since: datetime | None  # None: nothing that might be sent now is owed
    dead: int
    parked_places: int


def outbox_of(database: Database, *, at: datetime) -> Outbox:
    """What waits for its own time counts as pending, and as owed only from then; what failed, from when it was told."""
    due = or_(notices.c.not_before.is_(None), notices.c.not_before <= at, notices.c.error.is_not(None))
    waited = notices.c.error.is_(None) & (notices.c.not_before > notices.c.created_at)
    since = case((waited, notices.c.not_before), else_=notices.c.created_at)
    owed = notices.c.state.in_(_OWED)
    query = select(
        func.count().filter(owed),
        func.min(since).filter(owed, due),
        func.count().filter(notices.c.state == NoticeState.DEAD.value),
        func.count(notices.c.to.distinct()).filter(notices.c.state == NoticeState.PARKED.value),
    ).where(notices.c.state.in_([*_OWED, NoticeState.DEAD.value, NoticeState.PARKED.value]))
    with database.reading.connect() as connection:
        return Outbox(*connection.execute(query).one())
