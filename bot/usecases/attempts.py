"""What came of an attempt to say something: what it means for the message itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.lanes import Lane
from bot.domain.notices import ANEW, UNWANTED, Notice, NoticeState
from bot.usecases.one_by_one import UNFIT
from bot.usecases.ports import (
    CertainlyNotSent,
    NeverSendable,
    PerhapsSent,
    PlaceBroken,
    WordsFailed,
)

SETTLES_IN = (1, 1, 2, 5)
"""So many leases a doubtful message is left alone before it is looked for: the more often it failed, the more."""

LOOK_BACK = timedelta(days=7)
"""What is in doubt is looked for among what Slack itself dates so far back: our own clock may have been wrong, or have
waited for Slack. In a week a person is told a page's worth.
"""

GIVE_UP_AFTER = timedelta(hours=72)
GIVE_UP_TRIES = 10
"""A bot that was down for a week has tried nothing: time alone gives no message up."""

DELETED = "message_not_found"
"""Slack's word for a message that was there and is not any more."""

UNWORDED = (*UNFIT, WordsFailed)
"""No words could be found: our own fault, and this message's alone."""


class KindUnknown(LookupError):
    """A newer program has told it, which runs beside this one or is to come back: it is left for that one for three days."""

    code = "kind_unknown"


class Overslept(Exception):
    """Between the claim and the call more time has passed than the lease gives: somebody else may have it by now."""


@dataclass
class Attempt:
    """A claimed message, what was heard of it, and what must be told besides."""

    claimed: Notice
    team: Lane  # as it was before
    token: Lane  # of the token it is said with, as it was before
    notice: Notice = field(init=False)
    why: Exception | None = None  # None: it went well, or there was nothing to say
    renewed: bool = False  # a token that was refused has been replaced since
    spoke: bool = False  # Slack has answered
    posted_at: datetime | None = None  # when a new message was begun, on `Clock.real`
    posted: bool = False  # and it stands there
    edited: bool = False  # one that stood there says something else now
    returns: bool = False  # a deputy may not hear it: it goes back to whom it was meant for
    left: bool = False  # whom it is for has left since it was first tried
    language: str = "da"  # of whoever hears it, also where there is nothing more to say
    unread: int = 0  # cases that could not be read, and are not in it
    also: list[Notice] = field(default_factory=list)
    # told when somebody has deleted it, and nobody has asked for it again
    if_deleted: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        self.notice = self.claimed

    @property
    def let_in(self) -> bool:
        """Slack knows us: it did what we asked, or said what was wrong with just this."""
        said_no = isinstance(self.why, NeverSendable | PlaceBroken)
        answered_badly = isinstance(self.why, PerhapsSent) and not self.why.away
        return said_no or answered_badly or (self.spoke and self.why is None)


def look_from(moments: Iterable[datetime], *, at: datetime) -> datetime:
    """A moment that has not come yet was said by a clock that was wrong; then what we look for is older than now."""
    return min(at, *moments) - LOOK_BACK


def failed(notice: Notice, why: Exception, *, at: datetime, real: datetime, lease: timedelta) -> Notice:
    """The notice after an attempt that did not succeed."""
    code = getattr(why, "code", type(why).__name__)[:60]
    if isinstance(why, CertainlyNotSent):
        return _untried(notice, NoticeState.PENDING, code)
    if isinstance(why, PlaceBroken) and why.gone and notice.ts is not None:
        return notice.moved(NoticeState.SENT, lease_until=None, error=code)  # nobody reads it any more
    if isinstance(why, PlaceBroken):
        return _untried(notice, NoticeState.PARKED, code)
    if isinstance(why, KindUnknown):
        return _left_for_a_newer(notice, at=at, lease=lease)
    if isinstance(why, PerhapsSent):
        return _doubtful(notice, why, at=at, real=real, lease=lease)
    if isinstance(why, NeverSendable) and notice.ts is not None and code == DELETED:
        return _deleted(notice, at)
    if isinstance(why, NeverSendable) and notice.ts is not None and notice.handled:
        return notice.moved(NoticeState.SENT, lease_until=None, error=code)
    return notice.moved(NoticeState.DEAD, lease_until=None, error=code)


def _deleted(notice: Notice, at: datetime) -> Notice:
    """Somebody has deleted it in Slack: it is changed no more. Where it is asked for again it goes as a new one, and is
    looked for first.
    """
    if ANEW not in notice.facts or notice.handled:
        return notice.moved(NoticeState.SENT, lease_until=None, error=DELETED, handled=True)
    new = {"channel": None, "ts": None, "sent_at": None, "attempts": 0, "first_try": None, "look_since": at}
    return notice.moved(NoticeState.PENDING, facts=_settled(notice), lease_until=None, error=DELETED, **new)


def _settled(notice: Notice) -> dict[str, str]:
    """Without what was asked of this one attempt."""
    return {name: fact for name, fact in notice.facts.items() if name not in (ANEW, UNWANTED)}


def shown(notice: Notice, channel: str | None, ts: str | None, *, at: datetime) -> Notice:
    return notice.moved(
        NoticeState.SENT,
        channel=channel or notice.channel,
        ts=ts or notice.ts,
        facts=_settled(notice),
        sent_at=notice.sent_at or at,
        shown_revision=notice.revision,
        lease_until=None,
        attempts=0,
        error=None,
        failures=0,
        failing_since=None,
        look_since=None,
    )


def _untried(notice: Notice, state: NoticeState, code: str) -> Notice:
    """Nothing reached Slack: this attempt counts for nothing. What was doubtful before it still is."""
    doubtful = notice.attempts > 1
    return notice.moved(
        state,
        attempts=notice.attempts if doubtful else 0,
        first_try=notice.first_try if doubtful else None,
        lease_until=None,
        error=code,
    )


def _left_for_a_newer(notice: Notice, *, at: datetime, lease: timedelta) -> Notice:
    """This attempt sent nothing, and nobody here can: what comes after it in the stream goes by meanwhile.

    One that may stand since an earlier attempt is looked for when somebody can word it, as after a restore.
    """
    failures, since = notice.failures + 1, notice.failing_since or at
    hopeless = _is_hopeless(failures, since, at)
    return notice.moved(
        NoticeState.DEAD if hopeless else NoticeState.PENDING,
        not_before=at + _settles_in(failures, lease),
        lease_until=None,
        attempts=0,
        first_try=None,
        look_since=notice.look_since or (notice.first_try if notice.attempts > 1 else None),
        error=KindUnknown.code,
        failures=failures,
        failing_since=since,
    )


def _is_hopeless(failures: int, since: datetime, at: datetime) -> bool:
    return failures >= GIVE_UP_TRIES and at - since > GIVE_UP_AFTER


def _settles_in(failures: int, lease: timedelta) -> timedelta:
    return lease * SETTLES_IN[min(failures, len(SETTLES_IN) - 1)]


def _doubtful(notice: Notice, why: PerhapsSent, *, at: datetime, real: datetime, lease: timedelta) -> Notice:
    failures = notice.failures + (not why.away)
    since = notice.failing_since or at
    hopeless = _is_hopeless(failures, since, at)
    settle = _settles_in(failures, lease)
    return notice.moved(
        NoticeState.DEAD if hopeless else NoticeState.SENDING,
        lease_until=None if hopeless else real + settle,
        error=why.code,
        failures=failures,
        failing_since=since if failures else None,
        doubtful_at=at,
    )
