"""Claims what is owed, finds its words from what is true now, sends it, and marks it; nothing is lost or doubled.

A stream is held by one process from before the claim until the outcome is written down. The claim is committed before
anything is sent, so that a crash leaves a trace. Whatever was tried before is looked for in Slack before it is sent
again, by the key that went along with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from bot import metrics
from bot.domain.lanes import DELETE, GUARD, LOOK, TEAM
from bot.domain.notices import MEANT_FOR, UNWANTED, Notice, NoticeState
from bot.domain.people import Person
from bot.log import about_request, get_log
from bot.usecases.apart import Apart
from bot.usecases.attempts import UNWORDED, Attempt, KindUnknown, Overslept, failed, look_from, shown
from bot.usecases.consequences import Consequences, Leave
from bot.usecases.one_by_one import UNFIT
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
    Streams,
    TeamBroken,
    Work,
)
from bot.usecases.shut_out import SameToken, Token, lane_of, may_ask
from bot.usecases.tools import Tools, UseCases

log = get_log()
PACE_SECONDS = 1.1
"""From one call to the next: Slack takes about one message a second in a channel or to a person, and one may be a tenth
of a second slower on its way than the next. Meanwhile the others are served.
"""
LEASE_SECONDS = 60.0
CALL_TAKES = 1 / 6
"""Of the lease, at most; what has less left is not begun."""
STREAMS_AT_ONCE = 20
"""How many streams one look finds: more than all replicas hold, so that whoever is frozen is passed by."""


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
    """Facts for the words, and in which language they are said. `if_deleted` is told when it is not there any more."""

    facts: Any
    language: str
    if_deleted: tuple[Notice, ...] = ()


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

    def __call__(self, telling: Telling) -> Told | Remove | Park | None: ...


@dataclass(frozen=True)
class Park:
    """The place cannot be written in just now (archived, or we are not in it): it waits there, and `also` is told."""

    code: str
    also: tuple[Notice, ...] = ()


Teller = Callable[[Telling], Told | Remove | Park | None]
"""None: there is nothing to say any more, or the recipient may not hear it."""


class NobodyElse:
    """Streams where one process does everything."""

    def hold(self, stream: str) -> AbstractContextManager[bool]:  # noqa: ARG002 - each is ours
        return nullcontext(enter_result=True)


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
        streams: Streams | None = None,
        leave: Leave | None = None,
        token: Token | None = None,
    ) -> None:
        """`streams`: None where nobody else can speak."""
        super().__init__(tools)
        self._clock, self._messenger, self._words = clock, messenger, words
        self._tellers, self._owner = tellers, owner
        self._pace = timedelta(seconds=pace)
        self._apart = Apart(tools)
        self._streams, self._token = streams or NobodyElse(), token or SameToken()
        self._consequences = Consequences(clock=clock, pace=self._pace, leave=leave)
        self._guarded = frozenset(k for k, teller in tellers.items() if isinstance(teller, LooksFirst))
        self._pacing_until = clock.real()
        self._over = threading.Event()
        self._clocks_agree: Callable[[], bool] = lambda: True
        self._agreed = True
        self._one_at_a_time = threading.Lock()

    def deliver_due(self, *, patient: bool = True) -> int:
        """Sends what may be sent now; gives how many were handled. Safe to run in several processes at once.

        Not `patient`: what only waits for the pace is left to whoever comes next. A fault of ours in one stream is raised
        when the others have had theirs.
        """
        count, faults = 0, list[Exception]()
        while not self._over.is_set() and self._is_trusted():
            with self._one_at_a_time:
                handled = self._deliver_some(faults)
                rest = timedelta(0) if handled else self._rest_of_those_in_line()
            count += handled
            if not handled and (not rest or not patient):
                break
            if rest:
                self._over.wait(rest.total_seconds())
        if faults:
            raise faults[0]
        return count

    def trusts(self, clocks_agree: Callable[[], bool]) -> None:
        """Asked before each look: by a clock that others deny nothing is sent, and nothing held back or taken over."""
        self._clocks_agree = clocks_agree

    def finish(self) -> None:
        """What is in hand is the last; what is still owed is sent by whoever comes next."""
        self._over.set()

    def _is_trusted(self) -> bool:
        before, self._agreed = self._agreed, self._clocks_agree()
        if before and not self._agreed:
            log.error("clock_apart")
        return self._agreed

    def _rest_of_those_in_line(self) -> timedelta:
        """How long until the first who waits for the pace may hear more; zero when nobody does.

        Asked only after a message of our own: whoever waits for another replica's is seen to by that one.
        """
        at, real = self._clock.now(), self._clock.real()
        if real >= self._pacing_until:
            return timedelta(0)
        with self._open_reading(at=at) as work:
            free = work.notices.free_again(at=at, real=real)
        return free - real if free and real < free <= real + self._pace else timedelta(0)

    def _deliver_some(self, faults: list[Exception]) -> int:
        """Of each stream that one look finds, a message, one after another: whoever is asked to wait is asked nothing more.
        Of changes one, as Slack counts them for all together.

        While Slack fails, one message alone asks whether it is back.
        """
        at, real = self._clock.now(), self._clock.real()
        with self._open_reading(at=at) as work:
            due = work.notices.due_streams(at=at, real=real, most=STREAMS_AT_ONCE, guarded=self._guarded)
            if not (due.new or due.changes):
                return 0
            team, token = work.lanes.each(TEAM, lane_of(self._token))
        if token.failures and not self._token.renew() and token.rests(real):
            return 0

        def serve(stream: str) -> bool:
            return self._serve_apart(stream, faults)

        if team.broken or team.failures or token.failures:
            handled = int(any(map(serve, (*due.new, *due.changes))))
        else:
            handled = sum(map(serve, due.new)) or int(any(map(serve, due.changes)))
        if handled:
            self._pacing_until = self._clock.real() + self._pace
        return handled

    def _serve_apart(self, stream: str, faults: list[Exception]) -> bool:
        """What was in hand there is taken up when its lease has run out. A database that fails fails everybody."""
        try:
            return self._serve(stream)
        except UNFIT as why:
            log.error("stream_failed", channel=stream, exc_info=why)
            metrics.stream_failed()
            faults.append(why)
            return False

    def _serve(self, stream: str) -> bool:
        """False when nothing was done: another speaks there, somebody was quicker, or we are to stop."""
        if self._over.is_set():
            return False
        with self._streams.hold(stream) as mine:
            return mine and self._speak_in(stream)

    def _speak_in(self, stream: str) -> bool:
        """The stream is ours, and stays so over the claim, the call and what came of it."""
        at, real = self._clock.now(), self._clock.real()
        with self._open_work(at=at) as work:
            team, token = work.lanes.each(TEAM, lane_of(self._token))
            if not may_ask(work, team, token, real):
                return False
            claimed = work.notices.claim(
                stream,
                at=at,
                real=real,
                owner=self._owner,
                lease_seconds=LEASE_SECONDS,
                guarded=self._guarded,
            )
        if claimed is None:
            return False
        with about_request(claimed.request):
            self._attend(Attempt(claimed, team, token), at)
        return True

    def _attend(self, attempt: Attempt, at: datetime) -> None:
        """One message, under the number of what caused it."""
        attempt = self._speak(attempt, at)
        if isinstance(attempt.why, Overslept):
            return  # it is somebody else's by now; they look before they send
        if isinstance(attempt.why, TeamBroken):
            self._token.renew()
            attempt.renewed = lane_of(self._token) != attempt.token.name
        with self._open_work(at=at) as work:
            if attempt.let_in and (lane := lane_of(self._token)) != attempt.token.name:
                attempt.token = work.lanes.of(lane)  # a press took the new one up before the call
            self._consequences.follow(work, attempt, at)
        log.info(
            "delivered", notice=attempt.claimed.id, kind=attempt.claimed.kind, state=attempt.notice.state
        )

    def _look(self, notice: Notice) -> ChannelSeen | None:
        teller = self._tellers.get(notice.kind)
        return teller.look(notice) if isinstance(teller, LooksFirst) else None

    def _told(self, attempt: Attempt, at: datetime, seen: ChannelSeen | None) -> Told | Remove | Park | None:
        with self._open_reading(at=at) as work:
            return self._tell(work, attempt, at, seen)

    def _tell(
        self, work: Work, attempt: Attempt, at: datetime, seen: ChannelSeen | None
    ) -> Told | Remove | Park | None:
        notice = attempt.claimed
        recipient = work.people.find(notice.to)
        attempt.language = recipient.language if recipient else attempt.language
        if notice.to[:1] in "UW" and (recipient is None or not recipient.active):
            # in doubt as they left, and with nobody's since
            attempt.left = notice.attempts > 1 and not notice.handled
            return None
        if notice.expires_at and at > notice.expires_at and notice.ts is None:
            return None
        if notice.kind not in self._tellers:
            raise KindUnknown
        return self._tellers[notice.kind](Telling(work, notice, recipient, at, seen))

    def _speak(self, attempt: Attempt, at: datetime) -> Attempt:
        """What came of saying it. One that cannot be worded is dead, and blocks nobody."""
        try:
            if UNWANTED in attempt.claimed.facts:
                return self._let_go(attempt, at)
            seen = self._look(attempt.claimed)
            told, attempt.unread = self._apart.without_unreadable(
                lambda: self._told(attempt, at, seen), at=at
            )
            if isinstance(told, Remove | Park):
                attempt.also.extend(told.also)
            if isinstance(told, Park):
                raise PlaceBroken(told.code)
            attempt.if_deleted = told.if_deleted if isinstance(told, Told) else ()
            self._say(attempt, told, at)
        except (CertainlyNotSent, PerhapsSent, PlaceBroken, NeverSendable, Overslept, *UNWORDED) as why:
            attempt.why = self._understood(attempt.claimed, why)
            attempt.notice = failed(
                attempt.claimed, attempt.why, at=at, real=self._clock.real(), lease=_lease()
            )
        return attempt

    def _let_go(self, attempt: Attempt, at: datetime) -> Attempt:
        """An operator has cancelled it while it may stand in Slack: if it is there it stays, else it is never sent.

        One that stays is one like any other: it becomes neutral when its time comes.
        """
        notice, place = attempt.claimed, self._where(attempt, at)
        if place is None:
            attempt.notice = notice.moved(NoticeState.CANCELLED, lease_until=None)
        else:
            stands = shown(notice, place.channel, place.ts, at=at)
            attempt.notice = replace(stands, state=NoticeState.PENDING) if notice.handled else stands
        return attempt

    def _understood(self, notice: Notice, why: Exception) -> Exception:
        """Slack says »no such channel« also of a person whose account is closed: then nobody will mend it.

        Only a person can be gone: what is owed to a channel waits until somebody mends it.
        """
        if isinstance(why, TeamBroken) and not why.everywhere and why.act in (LOOK, GUARD, DELETE):
            return PlaceBroken(why.code, refused=why.act)  # others may still be told what needs no look
        if not isinstance(why, PlaceBroken):
            return why
        if notice.to[:1] not in "UW":
            return PlaceBroken(why.code)
        if why.gone:
            return why
        try:
            return PlaceBroken(why.code, gone=self._messenger.has_left(notice.to))
        except (CertainlyNotSent, PerhapsSent, NeverSendable):
            return why

    def _say(self, attempt: Attempt, told: Told | Remove | None, at: datetime) -> None:
        notice = attempt.claimed
        place = self._where(attempt, at)
        if isinstance(told, Remove):
            if place:
                self._messenger.delete(place.channel, place.ts)
                attempt.spoke = True
            gone = shown(notice, None, None, at=at)
            attempt.notice = replace(gone, state=notice.moved(NoticeState.CANCELLED).state, handled=True)
            return
        if place is None and (told is None or (notice.handled and not notice.kind.startswith("agenda"))):
            late = notice.expires_at is not None and at > notice.expires_at
            attempt.returns = told is None and MEANT_FOR in notice.facts and not notice.handled and not late
            over = NoticeState.PARKED if attempt.left else NoticeState.CANCELLED
            if late:
                over = NoticeState.DEAD if notice.doubtful_at else NoticeState.CANCELLED
            attempt.notice = notice.moved(NoticeState.PENDING if attempt.returns else over, lease_until=None)
            return
        message = self._message(attempt, told)
        self._still_ours(notice)
        if place:
            self._messenger.edit(place.channel, place.ts, message)
            attempt.edited = True
        else:
            attempt.posted_at = self._clock.real()
            place = self._messenger.send(notice.to, message, key=notice.id)
            attempt.posted = True
        attempt.spoke = True
        attempt.notice = shown(notice, place.channel, place.ts, at=at)

    def _still_ours(self, notice: Notice) -> None:
        """Right before the call: a process that was frozen meanwhile, and lost its hold of the stream, stays silent."""
        if notice.lease_until is not None and self._clock.real() > notice.lease_until - _lease() * CALL_TAKES:
            raise Overslept

    def _where(self, attempt: Attempt, at: datetime) -> Sent | None:
        """Where the message stands already. Whatever was tried before is looked for first."""
        notice = attempt.claimed
        if notice.ts and notice.channel:
            return Sent(notice.channel, notice.ts)
        since = [notice.first_try] if notice.attempts > 1 else []
        tried = [moment for moment in (*since, notice.look_since) if moment]
        if tried:
            found = self._messenger.look_for(notice.to, key=notice.id, since=look_from(tried, at=at))
            metrics.ambiguous("found" if found else "resent")
            attempt.spoke = True
            return found
        return None

    def _message(self, attempt: Attempt, told: Told | Remove | None) -> Any:
        notice = attempt.claimed
        if (
            told is None
            or isinstance(told, Remove)
            or (notice.handled and not notice.kind.startswith("agenda"))
        ):
            language = told.language if isinstance(told, Told) else attempt.language
            return self._words.say("handled", notice, language=language, key=notice.id)
        unread = attempt.unread
        return self._words.say(notice.kind, told.facts, language=told.language, key=notice.id, unread=unread)


def _lease() -> timedelta:
    return timedelta(seconds=LEASE_SECONDS)
