"""What the database knows of how the installation is: numbers and instants only, for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from bot.domain.lanes import TEAM
from bot.domain.notices import NoticeState
from storage.engine import Database
from storage.tables import backups, journal_checks, lanes, notices, restores

_OWED = [NoticeState.PENDING.value, NoticeState.SENDING.value]


@dataclass(frozen=True)
class Gauges:
    pending: int
    oldest_since: datetime | None  # None: nothing that might be sent now is owed
    dead: int
    parked_places: int
    shut_out: bool  # Slack does not take our token
    backed_up_at: datetime | None
    journal_whole: bool | None  # None: nobody has looked yet
    restore_waits: bool  # for an operator's word, before the clock begins anything


def gauges_of(database: Database, *, at: datetime) -> Gauges:
    """What waits for its own time is pending, and owed only from then; what failed, from when it first did."""
    due = or_(
        notices.c.not_before.is_(None), notices.c.not_before <= at, notices.c.failing_since.is_not(None)
    )
    own_time = case(
        (notices.c.not_before > notices.c.created_at, notices.c.not_before), else_=notices.c.created_at
    )
    since = func.coalesce(notices.c.failing_since, own_time)
    owed, dead = notices.c.state.in_(_OWED), notices.c.state == NoticeState.DEAD.value
    parked = notices.c.state == NoticeState.PARKED.value
    held = notices.c.to.in_(
        select(lanes.c.name).where(lanes.c.broken.is_not(None))
    )  # late for a known reason
    outbox = select(
        func.count().filter(owed),
        func.min(since).filter(owed, due, ~held),
        func.count().filter(dead),
        func.count(notices.c.to.distinct()).filter(parked),
    ).where(or_(owed, dead, parked))
    shut_out = select(func.count()).where(lanes.c.name == TEAM, lanes.c.broken.is_not(None))
    looked = select(journal_checks.c.fault).order_by(journal_checks.c.day.desc()).limit(1)
    unconfirmed = select(func.count()).where(restores.c.confirmed_at.is_(None))
    with database.reading.connect() as connection:
        looks = connection.execute(looked).first()
        pending, oldest, given_up, places = connection.execute(outbox).one()
        return Gauges(
            pending=pending,
            oldest_since=oldest,
            dead=given_up,
            parked_places=places,
            shut_out=bool(connection.execute(shut_out).scalar()),
            backed_up_at=connection.execute(select(func.max(backups.c.finished_at))).scalar(),
            journal_whole=None if looks is None else looks.fault is None,
            restore_waits=bool(connection.execute(unconfirmed).scalar()),
        )
