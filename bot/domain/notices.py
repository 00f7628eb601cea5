"""What we owe somebody to hear: facts with a key, no words.

A notice is one message in Slack with a life of its own: sent once, edited while what it tells changes, made neutral
when it has been handled (D34). Words are found when it is sent, from what is true then, for who may hear it then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class NoticeState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"  # the destination is broken; waits until it is mended
    DEAD = "dead"
    CANCELLED = "cancelled"  # nothing to say any more, or nobody who may hear it


MOVES: dict[NoticeState, frozenset[NoticeState]] = {
    NoticeState.PENDING: frozenset({NoticeState.PENDING, NoticeState.SENDING, NoticeState.CANCELLED}),
    NoticeState.SENDING: frozenset(NoticeState),
    NoticeState.SENT: frozenset({NoticeState.PENDING}),  # told anew, or made neutral
    NoticeState.PARKED: frozenset({NoticeState.PENDING, NoticeState.CANCELLED, NoticeState.SENT}),
    NoticeState.DEAD: frozenset({NoticeState.PENDING, NoticeState.CANCELLED, NoticeState.SENT}),
    NoticeState.CANCELLED: frozenset({NoticeState.PENDING}),  # it stands all the same, and becomes neutral
}
"""PENDING -> PENDING is told anew before it was sent; SENDING -> SENDING is claimed again, or left alone in doubt. What is
parked or dead is told anew, or an operator ends it: one that stands is left as it is.
"""


class NoSuchMove(Exception):
    """A notice was to go where the table of moves has no way. A fault of ours; nobody is told so."""


LONGEST_LEASE = timedelta(minutes=5)
"""As long as a doubtful message is left alone, at most (bot/usecases/attempts.py)."""

MEANT_FOR = "for"
"""The fact that names whom a message was meant for; it goes back there when a deputy may not hear it."""

AT_ONCE = "at_once"
"""The fact of what does not wait until its reader is back, though nobody takes over."""


WITH = "with"
"""The fact that names the others of its sort that the same person hears of in the same message."""


FOLDED = frozenset(
    {
        "decided",
        "answered",
        "taken_off",
        "missing_again",
        "new_date_given",
        "minutes_amended",
        "can_wait",
        "meeting_cancelled",
        "meeting_moved",
        "advice_answer",
    }
)
"""News that, when nobody takes over, is counted in one overview on the first morning back instead of piling up (D10)."""


ANEW = "anew"
"""The fact of a message somebody asks for again: when it is no longer there, it is sent as a new one."""

UNWANTED = "unwanted"
"""The fact of a message an operator has cancelled while it may stand in Slack: it is looked for, and not sent."""


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
    # attempts Slack itself answered badly, since the last good one; a pause or an outage is none
    failures: int = 0
    failing_since: datetime | None = None
    doubtful_at: datetime | None = None  # when it last was unknown whether Slack had it; None: never
    request: str | None = None  # the number of the request that caused it; None: the clock did

    @property
    def untried(self) -> bool:
        """It cannot stand in Slack: nobody has tried to send it, nor may a database that is gone have done so."""
        return self.ts is None and self.attempts == 0 and self.look_since is None

    @property
    def presentations(self) -> tuple[str, ...]:
        """The items it is about, where it is about items."""
        others = self.facts.get(WITH, "").split(",")
        return tuple(id for id in (self.facts["presentation"], *others) if id)  # noqa: A001

    def moved(self, state: NoticeState, **changes: Any) -> Notice:
        """With what else changes along with it. Raises NoSuchMove unless the table of moves allows it."""
        if state not in MOVES[self.state]:
            raise NoSuchMove(f"{self.state} -> {state}")
        return replace(self, state=state, **changes)


@dataclass(frozen=True)
class Stuck:
    """How the outbox stands: what is on its way, and what is not."""

    owed: int  # may be sent now
    oldest: datetime | None  # since when the oldest of them has been owed; None: nothing is
    dead: int  # given up
    waiting: int  # held back by a place that cannot be reached
    places: int  # so many places
