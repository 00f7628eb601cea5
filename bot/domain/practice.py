"""»Prøvefugl«: a case to practise on, with a clock of its own; nobody else sees or counts it (D43)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.money import ZERO, Kroner

ALIAS = "Prøvefugl"
LIVES = timedelta(days=7)
"""After so long the practice case is gone, wherever its owner has come."""


class Step(StrEnum):
    """What is practised, in the order of a case's life."""

    REGISTER = "register"
    REQUEST = "request"
    REFER = "refer"
    READY = "ready"
    DECIDED = "decided"
    FRAME = "frame"
    SPENT = "spent"
    FOLLOW_UP = "follow_up"
    CLOSING = "closing"
    DONE = "done"


WEEKS_AFTER: dict[Step, int] = {Step.DECIDED: 1, Step.FOLLOW_UP: 10, Step.CLOSING: 10}
"""How far the practice case's own clock has jumped when a step begins."""

UNTIL_FOLLOW_UP = timedelta(weeks=10)
FRAME_OF_PLAY = Kroner.of(40_000)


class PracticeOver(Refusal):
    """The practice case is gone, or is somewhere else by now."""


@dataclass(frozen=True)
class Practice:
    """`id` is its owner's. `day` is today in the practice case; amounts are play money."""

    id: str
    begun_at: datetime
    day: date
    step: Step = Step.REGISTER
    amount: Kroner = FRAME_OF_PLAY
    used: Kroner = ZERO
    purpose: str = ""
    decided_on: date | None = None  # None: not decided yet
    version: int = 0

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        return list(Step).index(self.step) + 1

    def is_over(self, at: datetime) -> bool:
        return at - self.begun_at >= LIVES

    def past(self, step: Step) -> Practice:
        """`step` is done and the next begins, perhaps weeks later. Raises PracticeOver when it is not at `step`."""
        if self.step != step or step == Step.DONE:
            raise PracticeOver
        following = list(Step)[list(Step).index(step) + 1]
        day = self.day + timedelta(weeks=WEEKS_AFTER.get(following, 0))
        decided_on = day if following == Step.DECIDED else self.decided_on
        return replace(self, step=following, day=day, decided_on=decided_on)
