"""Who looks at cases: the log of one case, and the monthly sample a leader signs for (D12)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId

SHARE, LEAST = 0.02, 20
"""Two in a hundred of a month's looks, and twenty at least; all of them when there are fewer."""

SIGNED_WITHIN = timedelta(days=14)


class Outcome(StrEnum):
    FINE = "fine"
    FOLLOWED_UP = "followed_up"  # something is asked about, outside the bot


class OutcomeMissing(Refusal):
    """A sample is signed with an outcome."""

    default_field = "outcome"


@dataclass(frozen=True)
class Sample:
    """Looks at the cases of one area in one month, drawn by chance for one leader; never the leader's own looks."""

    id: str
    month: date  # its first day
    area: AreaCode
    leader: PersonId
    drawn_at: datetime
    looks: tuple[int, ...]  # numbers of journal entries
    of: int  # how many looks they were drawn from
    signed_at: datetime | None = None
    outcome: Outcome | None = None
    version: int = 0

    def is_overdue(self, at: datetime) -> bool:
        return self.signed_at is None and at - self.drawn_at > SIGNED_WITHIN

    def signed(self, outcome: Outcome | None, at: datetime) -> Sample:
        """Raises OutcomeMissing."""
        if outcome is None:
            raise OutcomeMissing
        return replace(self, signed_at=at, outcome=outcome)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def drawn(looks: Sequence[int], always: frozenset[int], chance: random.Random) -> tuple[int, ...]:
    """`always` come along whatever chance says; in the order of the journal."""
    rest = [n for n in looks if n not in always]
    wanted = max(LEAST, round(len(looks) * SHARE)) - len(always)
    some = chance.sample(rest, min(len(rest), max(0, wanted)))
    return tuple(sorted({*some, *(n for n in looks if n in always)}))
