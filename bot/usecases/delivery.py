"""Claims what is owed, finds its words from what is true now, sends it, and marks it; nothing is lost or doubled.

The claim is committed before anything is sent, so that a crash leaves a trace. Whatever was tried before is looked
for in Slack before it is sent again, by the key that went along with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot.domain.notices import Notice, NoticeState
from bot.domain.people import Person
from bot.usecases.ports import (
    CertainlyNotSent,
    ChannelSeen,
    Clock,
    Messenger,
    NeverSendable,
    NoticeWords,
    PerhapsSent,
    PlaceBroken,
    Sent,
    WordsFailed,
    Work,
)
from bot.usecases.tools import Tools, UseCases

LEASE_SECONDS = 60.0
PACE_SECONDS = 1.05
"""Slack takes about one message a second in a channel or to a person; meanwhile the others are served."""
BACKOFF_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0, 1800.0)
LOOK_BACK = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)


@dataclass(frozen=True)
class Telling:
    """What a notice's teller is given: the notice, who hears it (None: a channel), and the instant."""

    work: Work
    notice: Notice
    recipient: Person | None
    at: datetime
    seen: ChannelSeen | None = None  # what a teller that looks first saw


@dataclass(frozen=True)
class Told:
    """Facts for the words, and in which language they are said."""

    facts: Any
    language: str


@dataclass(frozen=True)
class Remove:
    """The message must go from Slack altogether (a guest has come into the channel); `also` is told because of it."""

    also: tuple[Notice, ...] = ()


@runtime_checkable
class LooksFirst(Protocol):
    """A teller that looks at the place before anything is read here: nothing speaks to Slack inside a transaction."""

    def look(self, notice: Notice) -> ChannelSeen:
        """Raises CertainlyNotSent or PerhapsSent when Slack cannot be asked."""
        ...

    def __call__(self, telling: Telling) -> Told | Remove | None: ...


Teller = Callable[[Telling], Told | Remove | None]
"""None: there is nothing to say any more, or the recipient may not hear it."""


class Delivery(UseCases):
    def __init__(
        self,
        tools: Tools,
        *,
        clock: Clock,
        messenger: Messenger,
        words: NoticeWords,
        tellers: Mapping[str, Teller],
        owner: str,
        pace: float = PACE_SECONDS,
    ) -> None:
        super().__init__(tools)
        self._clock, self._messenger, self._words = clock, messenger, words
        self._tellers, self._owner = tellers, owner
        self._pace = timedelta(seconds=pace)
        self._over = threading.Event()
        self._rests: dict[
            str, datetime
        ] = {}  # who has just heard something, until when (the machine's clock)
        self._one_at_a_time = threading.Lock()

    def deliver_due(self, *, patient: bool = True) -> int:
        """Sends what may be sent now; gives how many were handled. Safe to run in several processes at once.

        Not `patient`: what only waits for the pace is left to whoever comes next.
        """
        count = 0
        while not self._over.is_set():
            with self._one_at_a_time:
                handled = self._deliver_one()
                rest = timedelta(0) if handled else self._rest_of_those_in_line()
            count += handled
            if not handled and (not rest or not patient):
                break
            if rest:
                self._over.wait(rest.total_seconds())
        return count

    def finish(self) -> None:
        """The message in hand is the last; what is still owed is sent by whoever comes next."""
        self._over.set()

    def _resting(self) -> frozenset[str]:
        real = self._clock.real()
        self._rests = {to: until for to, until in self._rests.items() if until > real}
        return frozenset(self._rests)

    def _rest_of_those_in_line(self) -> timedelta:
        """How long until the first of those may hear more; zero when nobody is owed anything."""
        if not self._resting():
            return timedelta(0)
        at, real = self._clock.now(), self._clock.real()
        with self._open_reading(at=at) as work:
            owed = work.notices.is_due(at=at, real=real)
        return max(timedelta(0), min(self._rests.values()) - real) if owed else timedelta(0)

    def _deliver_one(self) -> bool:
        at, resting = self._clock.now(), self._resting()
        with self._open_reading(at=at) as work:
            if not work.notices.is_due(at=at, real=self._clock.real(), but_for=resting):
                return False
        with self._open_work(at=at) as work:
            notice = work.notices.claim(
                at=at,
                real=self._clock.real(),
                owner=self._owner,
                lease_seconds=LEASE_SECONDS,
                but_for=resting,
            )
        if notice is None:
            return False
        also: list[Notice] = []
        outcome = self._speak(notice, at, also)
        with self._open_work(at=at) as work:
            work.notices.record(self._merged(work, outcome))
            for other in also:
                work.notices.tell(other)
        return True

    def _look(self, notice: Notice) -> ChannelSeen | None:
        teller = self._tellers.get(notice.kind)
        return teller.look(notice) if isinstance(teller, LooksFirst) else None

    def _tell(
        self, work: Work, notice: Notice, at: datetime, seen: ChannelSeen | None
    ) -> Told | Remove | None:
        recipient = work.people.find(notice.to)
        if notice.to[:1] in "UW" and (recipient is None or not recipient.active):
            return None
        if notice.expires_at and at > notice.expires_at and notice.ts is None:
            return None
        return self._tellers[notice.kind](Telling(work, notice, recipient, at, seen))

    def _speak(self, notice: Notice, at: datetime, also: list[Notice]) -> Notice:
        """The notice as it is after the attempt. One that cannot be worded is dead, and blocks nobody.

        What must be told besides is put into `also`, whatever comes of the attempt.
        """
        try:
            seen = self._look(notice)
            with self._open_reading(at=at) as work:
                told = self._tell(work, notice, at, seen)
            if isinstance(told, Remove):
                also.extend(told.also)
            return self._attempt(notice, told, at)
        except CertainlyNotSent as why:
            wait = why.retry_after or BACKOFF_SECONDS[min(notice.attempts, len(BACKOFF_SECONDS)) - 1]
            return self._again_later(notice, at, wait, why.code, tried=notice.attempts > 1)
        except PerhapsSent as why:
            return replace(
                notice,
                state=NoticeState.SENDING,
                lease_until=self._clock.real() + timedelta(seconds=LEASE_SECONDS),
                error=why.code,
            )
        except PlaceBroken as why:
            return replace(notice, state=NoticeState.PARKED, lease_until=None, error=why.code)
        except NeverSendable as why:
            gone = notice.ts is not None
            state = NoticeState.SENT if gone and notice.handled else NoticeState.DEAD
            return replace(notice, state=state, lease_until=None, error=why.code)
        except (LookupError, TypeError, ValueError, AttributeError, WordsFailed) as why:
            return replace(notice, state=NoticeState.DEAD, lease_until=None, error=type(why).__name__[:60])

    def _attempt(self, notice: Notice, told: Told | Remove | None, at: datetime) -> Notice:
        place = self._where(notice)
        if isinstance(told, Remove):
            if place:
                self._messenger.delete(place.channel, place.ts)
            return replace(_shown(notice, None, at), state=NoticeState.CANCELLED, handled=True)
        if told is None and place is None:
            return replace(notice, state=NoticeState.CANCELLED, lease_until=None)
        message = self._message(notice, told)
        if place:
            self._messenger.edit(place.channel, place.ts, message)
        else:
            self._rests[notice.to] = self._clock.real() + self._pace
            place = self._messenger.send(notice.to, message, key=notice.id)
        return _shown(notice, place, at)

    def _where(self, notice: Notice) -> Sent | None:
        """Where the message stands already. Whatever was tried before is looked for first."""
        if notice.ts and notice.channel:
            return Sent(notice.channel, notice.ts)
        if notice.attempts > 1 and notice.first_try:
            return self._messenger.look_for(notice.to, key=notice.id, since=notice.first_try - LOOK_BACK)
        return None

    def _message(self, notice: Notice, told: Told | Remove | None) -> Any:
        if (
            told is None
            or isinstance(told, Remove)
            or (notice.handled and not notice.kind.startswith("agenda"))
        ):
            language = told.language if isinstance(told, Told) else "da"
            return self._words.say("handled", notice, language=language, key=notice.id)
        return self._words.say(notice.kind, told.facts, language=told.language, key=notice.id)

    def _again_later(self, notice: Notice, at: datetime, wait: float, code: str, *, tried: bool) -> Notice:
        hopeless = notice.first_try is not None and at - notice.first_try > GIVE_UP_AFTER
        return replace(
            notice,
            state=NoticeState.DEAD if hopeless else NoticeState.PENDING,
            attempts=notice.attempts if tried else 0,
            first_try=notice.first_try if tried else None,
            not_before=at + timedelta(seconds=wait),
            lease_until=None,
            error=code,
        )

    def _merged(self, work: Work, outcome: Notice) -> Notice:
        """Somebody may have asked for another showing while we spoke: then it is shown again."""
        now = work.notices.by_key(outcome.key)
        if now is None or now.revision == outcome.revision:
            return outcome
        state = NoticeState.PENDING if outcome.state == NoticeState.SENT else outcome.state
        return replace(outcome, revision=now.revision, facts=now.facts, handled=now.handled, state=state)


def _shown(notice: Notice, place: Sent | None, at: datetime) -> Notice:
    return replace(
        notice,
        state=NoticeState.SENT,
        channel=place.channel if place else notice.channel,
        ts=place.ts if place else notice.ts,
        sent_at=notice.sent_at or at,
        shown_revision=notice.revision,
        lease_until=None,
        attempts=0,
        error=None,
    )
