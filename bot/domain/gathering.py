"""Meetings that are not the committee's, and advice across areas: they decide nothing, they are remembered (R104, R107, R118)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId


class GatheringDayMissing(Refusal):
    default_field = "day"


class GatheringOutcomeMissing(Refusal):
    """A meeting that has been held has an outcome."""

    default_field = "outcome"


class GatheringAhead(Refusal):
    """A meeting that lies ahead has no outcome yet; facts: day."""

    default_field = "outcome"


class AdviceWhereMissing(Refusal):
    default_field = "where"


class AdviceAnswered(Refusal):
    """Somebody has answered already; facts: by."""


@dataclass(frozen=True)
class Gathering:
    """*Trekantmøde* or *Rådgivende møde*: roles, never names; the outcome is a code (B2)."""

    id: str
    case_id: str
    kind: str
    day: date
    planned_by: PersonId
    participants: tuple[str, ...] = ()
    citizen_present: bool = False
    outcome: str | None = None  # None: planned
    recorded_by: PersonId | None = None
    recorded_at: datetime | None = None
    version: int = 0

    @property
    def is_planned(self) -> bool:
        return self.outcome is None

    def held(
        self, outcome: str, *, day: date, citizen_present: bool, by: PersonId, at: datetime
    ) -> Gathering:
        return replace(
            self, outcome=outcome, day=day, citizen_present=citizen_present, recorded_by=by, recorded_at=at
        )


@dataclass(frozen=True)
class AdviceRequest:
    """*Bed om råd*: an area is asked, by a code, and answers by one; the case does not move (R118)."""

    id: str
    case_id: str
    area: AreaCode  # whose leaders are asked
    question: str
    asked_by: PersonId
    asked_at: datetime
    answer: str | None = None
    answered_by: PersonId | None = None
    answered_at: datetime | None = None  # with no answer: the case was over before there was one
    version: int = 0

    @property
    def waits(self) -> bool:
        return self.answered_at is None

    def answered(self, answer: str, *, by: PersonId, at: datetime) -> AdviceRequest:
        return replace(self, answer=answer, answered_by=by, answered_at=at)
