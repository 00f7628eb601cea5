"""What Slack says of itself while people work: wait so long, or that it does not let us in. Kept for all replicas."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.lanes import HOME, TEAM
from bot.usecases.consequences import pause
from bot.usecases.ports import CertainlyNotSent, Clock, NeverSendable, PlaceBroken, TeamBroken
from bot.usecases.shut_out import SameToken, Token, lane_of, let_in, shut_out
from bot.usecases.tools import Tools, UseCases

ON_THEIR_WAY = timedelta(seconds=10)
"""So long after a token was replaced an answer may still be about the one before."""


class SlackSaid(UseCases):
    """May be asked by many threads."""

    def __init__(self, tools: Tools, *, clock: Clock, token: Token | None = None) -> None:
        super().__init__(tools)
        self._clock, self._token = clock, token or SameToken()
        self._lane = lane_of(self._token)
        self._settled: datetime | None = None  # when no answer is about the token before any more
        self._refused = ""  # the lane of the token that is shut out, as far as this process knows

    def hear(self, why: Exception | None) -> None:
        """What came of one call; None: it went well. Whoever says what is wrong with just this one lets us in too."""
        if isinstance(why, TeamBroken):
            self._shut_out(why)
        elif isinstance(why, CertainlyNotSent) and why.retry_after is not None and why.act:
            with self._open_work(at=self._clock.now()) as work:
                pause(work, why, self._clock.real())
        elif self._refused and (why is None or isinstance(why, NeverSendable | PlaceBroken)):
            self._let_in()

    @property
    def is_shut_out(self) -> bool:
        """As far as this process knows."""
        return self._refused == lane_of(self._token)

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
        self._token.renew()
        at, real, lane = self._clock.now(), self._clock.real(), lane_of(self._token)
        if lane != self._lane:
            self._lane, self._settled = lane, real + ON_THEIR_WAY
        if lane == self._refused or (self._settled and real < self._settled):
            return
        with self._open_work(at=at) as work:
            shut_out(work, why, at, real, lane=lane)
        self._refused = lane

    def _let_in(self) -> None:
        at = self._clock.now()
        with self._open_work(at=at) as work:
            let_in(work, work.lanes.of(TEAM), at, lane=lane_of(self._token))
        self._refused = ""
