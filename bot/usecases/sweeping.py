"""Our own doubles are taken away: should one get through all the same, it stands for ten minutes at most.

A post that arrives long after its connection was given up, or a process frozen in its very call, cannot be ruled out by
looking first. So whatever was doubtful is looked at again: of two messages with one key the later goes, and one that was
not to be sent any more, and stands there all the same, is known from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from bot import metrics
from bot.domain.lanes import SWEEP
from bot.domain.notices import Notice, NoticeState
from bot.log import get_log
from bot.usecases.attempts import look_from
from bot.usecases.ports import (
    CertainlyNotSent,
    Clock,
    Messenger,
    NeverSendable,
    PerhapsSent,
    PlaceBroken,
    Sent,
    Streams,
    Work,
)
from bot.usecases.tools import Tools, UseCases

log = get_log()
EVERY = timedelta(minutes=10)
LOOKS_BACK = timedelta(hours=48)
OVER = (NoticeState.CANCELLED, NoticeState.DEAD)


class Sweeping(UseCases):
    def __init__(self, tools: Tools, *, clock: Clock, messenger: Messenger, streams: Streams) -> None:
        super().__init__(tools)
        self._clock, self._messenger, self._streams = clock, messenger, streams

    def sweep_due(self, at: datetime) -> int:
        """Every ten minutes, by one replica, and only where something was doubtful; gives how many were taken away."""
        real = self._clock.real()
        with self._open_reading(at=at) as work:
            if work.lanes.of(SWEEP).rests(real) or not work.notices.doubtful(since=at - LOOKS_BACK):
                return 0
        with self._open_work(at=at) as work:
            if not work.lanes.take_turn(SWEEP, real=real, until=real + EVERY):
                return 0
            doubtful = work.notices.doubtful(since=at - LOOKS_BACK)
        return sum(self._sweep(to, list(some), at) for to, some in groupby(doubtful, key=lambda n: n.to))

    def _sweep(self, to: str, doubtful: list[Notice], at: datetime) -> int:
        """A place that cannot be looked at now is looked at the next time."""
        since = look_from((n.doubtful_at for n in doubtful if n.doubtful_at), at=at)
        with self._streams.hold(to) as mine:
            if not mine:
                return 0
            try:
                standing = self._messenger.standing(to, since=since)
                doubles = _doubles(standing)
                for key, first, later in doubles:
                    self._write_down(key, first, later, at)
                    self._messenger.delete(later.channel, later.ts)
                    metrics.duplicate_removed()
                    log.warning("double_removed", notice=key)
                for notice, place in _strays(standing, doubtful):
                    self._take_up(notice, place, at)
                    log.warning("came_late", notice=notice.id)
            except (CertainlyNotSent, PerhapsSent, PlaceBroken, NeverSendable) as why:
                log.warning("not_swept", channel=to, code=why.code)
                return 0
        return len(doubles)

    def _write_down(self, key: str, first: Sent, later: Sent, at: datetime) -> None:
        """Before it is taken away: whoever dies in between leaves it to the next, and no row knows a message that is gone."""
        with self._open_work(at=at) as work:
            notice = work.notices.find(key)
            if notice is not None and notice.ts == later.ts:
                _shown_anew(work, notice, first)  # it may say what was true before
            about = {"notice": key, "ts": later.ts}
            if all(
                entry.facts != about
                for entry in work.journal.of_acts("double_removed", since=at - LOOKS_BACK)
            ):
                work.note("double_removed", **about)

    def _take_up(self, notice: Notice, place: Sent, at: datetime) -> None:
        """In a channel it goes, as it was not to stand there; a person's becomes neutral, or says what is true now."""
        if notice.to[:1] not in "UW" and notice.state == NoticeState.CANCELLED:
            self._messenger.delete(place.channel, place.ts)
            return
        with self._open_work(at=at) as work:
            now = work.notices.find(notice.id)
            if now is not None and now.ts == notice.ts and now.state in OVER:
                _shown_anew(work, replace(now, sent_at=at), place)


def _shown_anew(work: Work, notice: Notice, place: Sent) -> None:
    """Also one that is handled, or was given up: it stands, and is changed like any other."""
    state = notice.state if notice.state == NoticeState.SENDING else NoticeState.PENDING
    work.notices.record(notice.moved(state, channel=place.channel, ts=place.ts, revision=notice.revision + 1))


def _strays(
    standing: Iterable[tuple[str, Sent]], doubtful: Iterable[Notice]
) -> Iterator[tuple[Notice, Sent]]:
    """What is over, and as far as we know has never stood there or does so no more; and where it stands."""
    places = dict(sorted(standing, key=lambda one: float(one[1].ts), reverse=True))
    for notice in doubtful:
        place = places.get(notice.id)
        if place and notice.state in OVER and notice.ts != place.ts:
            yield notice, place


def _doubles(standing: Iterable[tuple[str, Sent]]) -> list[tuple[str, Sent, Sent]]:
    """Each message too many: its key, the first one with that key, and itself."""
    in_order = sorted(standing, key=lambda one: (one[0], float(one[1].ts)))
    found = []
    for key, some in groupby(in_order, key=lambda one: one[0]):
        first, *later = (sent for _, sent in some)
        found += [(key, first, one) for one in later]
    return found
