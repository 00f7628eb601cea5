"""The sections of the rules file about how a case ends, and about the passages on the way (R041, R071, T26, T28)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.closing import ClosingRules
from bot.domain.contacts import HandoverRules
from bot.domain.rules import AgePassage, Named, TransitionRules


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Part):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    names: dict[str, str] = Field(min_length=1)
    only_under_18: bool = False


MonthsAfter = Annotated[int, Field(ge=1, le=60)]
MonthsBefore = Annotated[int, Field(ge=-60, le=60)]


class ClosingPart(_Part):
    checks: tuple[MonthsAfter, ...]
    check_shows_days: int = Field(gt=0)
    journal_days: int = Field(gt=0)


class _Passage(_Part):
    age: int = Field(gt=0)
    marks: tuple[MonthsBefore, ...] = Field(min_length=1)


class TransitionsPart(_Part):
    ages: tuple[_Passage, ...]
    kinds: tuple[_Named, ...]
    kind_marks: tuple[MonthsBefore, ...]
    checklist: tuple[_Named, ...] = Field(min_length=1)


class HandoversPart(_Part):
    overlap_days: int = Field(default=14, ge=0, le=90)


def as_closing(part: ClosingPart) -> ClosingRules:
    return ClosingRules(part.checks, part.check_shows_days, part.journal_days)


def as_handovers(part: HandoversPart) -> HandoverRules:
    return HandoverRules(part.overlap_days)


def as_transitions(part: TransitionsPart) -> TransitionRules:
    return TransitionRules(
        ages=tuple(AgePassage(p.age, p.marks) for p in part.ages),
        kinds=_names(part.kinds),
        kind_marks=part.kind_marks,
        checklist=_names(part.checklist),
        only_under_18=tuple(p.code for p in part.checklist if p.only_under_18),
    )


def _names(parts: tuple[_Named, ...]) -> tuple[Named, ...]:
    return tuple(Named(p.code, p.names) for p in parts)
