"""What Slack says of itself while people work: wait so long, or that it does not let us in. Kept for all replicas."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.lanes import HOME, TEAM
from bot.usecases.consequences import SHUT_OUT, let_in, pause, shut_out
from bot.usecases.ports import CertainlyNotSent, Clock, TeamBroken
from bot.usecases.tools import Tools, UseCases


class SlackSaid(UseCases):
    """May be asked by many threads."""

    def __init__(self, tools: Tools, *, clock: Clock, renew: Callable[[], object] = lambda: None) -> None:
        """`renew` looks for a new token; it is asked while Slack shuts us out."""
        super().__init__(tools)
        self._clock, self._renew = clock, renew
        self._shut = False  # as far as this process knows
        self._renews_from = clock.real()

    def hear(self, why: Exception | None) -> None:
        """What came of one call; None: it went well."""
        if isinstance(why, TeamBroken):
            self._shut_out(why)
        elif isinstance(why, CertainlyNotSent) and why.retry_after is not None and why.act:
            with self._open_work(at=self._clock.now()) as work:
                pause(work, why, self._clock.real())
        elif why is None and self._shut:
            self._let_in()

    @property
    def is_shut_out(self) -> bool:
        """As far as this process knows."""
        return self._shut

    def home_rests(self) -> float:
        """Seconds until a Home may be shown again; 0: now."""
        real = self._clock.real()
        with self._open_reading(at=self._clock.now()) as work:
            lane = work.lanes.of(HOME)
        return (lane.free_from - real).total_seconds() if lane.free_from and lane.rests(real) else 0.0

    def _shut_out(self, why: TeamBroken) -> None:
        """What only one method is refused (a scope, a Home that is switched off) keeps no message back."""
        if not why.everywhere:
            return
        real = self._clock.real()
        if not self._shut:
            at = self._clock.now()
            with self._open_work(at=at) as work:
                shut_out(work, why, at, real)
            self._shut = True
        if real >= self._renews_from:
            self._renews_from = real + SHUT_OUT
            self._renew()

    def _let_in(self) -> None:
        at = self._clock.now()
        with self._open_work(at=at) as work:
            let_in(work, work.lanes.of(TEAM), at)
        self._shut = False
