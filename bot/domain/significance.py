"""What a fixed caseworker may adjust alone, and what goes back to the committee (B7, R053, R068, R069)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import PersonId
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Question

DOUBT = "doubt"
"""The answer »ved ikke«, whatever it was asked about. It is never argued with (R068)."""

WHOLE_PLAN = "plan"
"""The matter of an adjustment that is about no single measure."""

AMOUNT = "amount"
"""The kind of adjustment that is about money."""

GRAVEST_FIRST = (Kind.CHANGE, Kind.FRAME_CHANGE, Kind.CASEWORKER_CHANGE, Kind.DOUBT)
"""What a question may lead to: the kinds the form *Justér* can open."""


class AdjustmentWaits(Refusal):
    """The same matter is on its way to the committee, so it is not adjusted meanwhile (R069); facts: kind, day."""

    default_field = "matter"


class PlanMissing(Refusal):
    """Only a case with a decided plan has something to adjust, or to bring back (T20, T22)."""


class MeasureNotRunning(Refusal):
    """The measure has ended, or belongs to another case."""

    default_field = "matter"


@dataclass(frozen=True)
class Adjustment:
    """T20: what was adjusted and how, as codes; the words live in the case system."""

    id: str
    case_id: str
    matter: str  # a measure's task, or WHOLE_PLAN
    how: str
    by: PersonId
    at: datetime
    measure: str | None = None  # the measure's code, for figures


@dataclass(frozen=True)
class Verdict:
    """It goes to the committee, as what; `notify`: remember the duty to notify (underretningspligt)."""

    kind: Kind
    reasons: tuple[str, ...]
    notify: bool = False


def verdict(questions: Iterable[Question], yes: Iterable[str]) -> Verdict | None:
    """None when every answer is »nej«: the caseworker adjusts alone. One »ja« or »ved ikke« is enough (B7)."""
    said = set(yes)
    asked = [q for q in questions if q.code in said]
    reasons = tuple(q.code for q in asked)
    if DOUBT in said and DOUBT not in reasons:
        reasons = (*reasons, DOUBT)
    if not reasons:
        return None
    kinds = {Kind(q.leads_to) for q in asked}
    kind = next((k for k in GRAVEST_FIRST if k in kinds), Kind.DOUBT)
    return Verdict(kind, reasons, any(q.notify for q in asked))


def blocks(presentation: Presentation, *, matter: str, how: str) -> bool:
    """Whether what is on its way to the committee holds this adjustment back (R069).

    A change or a doubt about no single measure is about them all; a new frame is about money.
    """
    if not presentation.is_open:
        return False
    if presentation.kind == Kind.FRAME_CHANGE:
        return how == AMOUNT or matter in presentation.matters
    if presentation.kind in (Kind.CHANGE, Kind.DOUBT):
        return not presentation.matters or matter in presentation.matters
    return False
