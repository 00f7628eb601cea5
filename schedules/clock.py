"""The alarm clock: it knocks every few seconds, and knows nothing of what is due.

A knock is nearly free when nothing stirs: the chores are asked when the sign has changed, or one of them has failed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import metrics
from bot.log import get_log
from bot.usecases.ports import Clock
from schedules.timetable import Chore

log = get_log()


class AlarmClock:
    """One broken chore never blocks another; a knock that was missed is caught up by the next."""

    def __init__(
        self,
        chores: tuple[Chore, ...],
        clock: Clock,
        *,
        every_seconds: float,
        sign: Callable[[datetime], object],
        after: Callable[[], object],
        trusted: Callable[[], bool] = lambda: True,
        waits: Callable[[], bool] = lambda: False,
    ) -> None:
        """`trusted`: whether this machine's clock may decide what is due. `waits`: whether an operator must look first."""
        self._trusted, self._waits = trusted, waits
        self._chores, self._clock, self._sign, self._after = chores, clock, sign, after
        self._every = every_seconds
        self._seen: object = None  # the sign under which every chore was last done
        self._busy = threading.Lock()
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def start(self) -> None:
        """The first knock comes at once, in the clock's own thread: whoever starts it may already answer people."""
        self._scheduler.add_job(
            self.knock,
            IntervalTrigger(seconds=self._every, timezone="UTC"),
            id="knock",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Waits for what is in hand."""
        self._scheduler.shutdown(wait=True)

    def knock(self) -> None:
        with self._busy:
            try:
                at = self._clock.now()
            except Exception as why:  # noqa: BLE001 - the clock is away: nothing is due that we know of
                log.warning("clock_away", error=type(why).__name__)
                return
            if not self._trusted():
                log.error("clock_apart")
                return
            if not self._held():
                self._round(at)
            self._do_after()

    def _held(self) -> bool:
        """After a restore nothing is begun by itself until somebody has looked; what is owed is still delivered."""
        try:
            held = self._waits()
        except Exception as why:  # noqa: BLE001 - the database is away; the round would not come far either
            log.warning("clock_away", error=type(why).__name__)
            return True
        if held:
            log.warning("waits_for_confirmation")
        return held

    def _round(self, at: datetime) -> None:
        try:
            sign = self._sign(at)  # before the chores: what they change is looked at once more
        except Exception as why:
            log.error("chore_failed", key="sign", exc_info=why)
            return
        if sign == self._seen:
            for chore in self._chores:  # nothing stirs: each is as it should be
                metrics.chore_done(chore.code)
            return
        done = [self._do(chore, at) for chore in self._chores]
        self._seen = sign if all(done) else None

    def _do(self, chore: Chore, at: datetime) -> bool:
        try:
            chore.do(at)
        except Exception as why:
            log.error("chore_failed", key=chore.code, exc_info=why)
            metrics.chore_failed(chore.code)
            return False
        metrics.chore_done(chore.code)
        return True

    def _do_after(self) -> None:
        try:
            self._after()
        except Exception as why:
            log.error("delivery_failed", exc_info=why)
