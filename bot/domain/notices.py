"""What we owe somebody to hear: facts with a key, no words.

A notice is one message in Slack with a life of its own: sent once, edited while what it tells changes, made neutral
when it has been handled (D34). Words are found when it is sent, from what is true then, for who may hear it then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoticeState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"  # the destination is broken; waits until it is mended
    DEAD = "dead"
    CANCELLED = "cancelled"  # nothing to say any more, or nobody who may hear it


@dataclass(frozen=True)
class Notice:
    """`key` is the business key that makes it once; `to` is a person's or a channel's id in Slack."""

    key: str
    kind: str
    to: str
    facts: dict[str, str] = field(default_factory=dict)  # ids and codes only
    not_before: datetime | None = None  # None: at once
    expires_at: datetime | None = None  # None: never too late
    case_id: str | None = None
    id: str = ""
    seq: int = 0
    state: NoticeState = NoticeState.PENDING
    revision: int = 1  # what should be shown
    shown_revision: int = 0  # what Slack shows
    attempts: int = 0
    lease_until: datetime | None = None
    owner: str | None = None
    first_try: datetime | None = None
    look_since: datetime | None = None  # it may stand in Slack since then: the database was restored
    channel: str | None = None  # where Slack put it
    ts: str | None = None  # None: not known to be there
    sent_at: datetime | None = None
    error: str | None = None
    handled: bool = False  # made neutral: one line is left
    created_at: datetime | None = None
    failures: int = (
        0  # attempts Slack itself answered badly, since the last good one; a pause or an outage is none
    )
    failing_since: datetime | None = None
    doubtful_at: datetime | None = None  # when it last was unknown whether Slack had it; None: never

    @property
    def untried(self) -> bool:
        """It cannot stand in Slack: nobody has tried to send it, nor may a database that is gone have done so."""
        return self.ts is None and self.attempts == 0 and self.look_since is None


@dataclass(frozen=True)
class Stuck:
    """How the outbox stands: what is on its way, and what is not."""

    owed: int  # may be sent now
    oldest: datetime | None  # since when the oldest of them has been owed; None: nothing is
    dead: int  # given up
    waiting: int  # held back by a place that cannot be reached
    places: int  # so many places
