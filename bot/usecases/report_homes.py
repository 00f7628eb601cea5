"""The Homes of those who read figures: controller, department head, and a way to the reports for everybody who has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from fractions import Fraction

from bot.domain.calendar import instant, local_date
from bot.domain.frame import EntryKind
from bot.domain.frame_overview import PayerSums
from bot.domain.money import ZERO, Kroner
from bot.domain.people import AreaCode, Role
from bot.domain.presentation import Kind, State
from bot.domain.report import ReportCode, median, readable_by
from bot.domain.rules import Rules
from bot.domain.suppression import SMALLEST, Kept, unless_small
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Work
from bot.usecases.tasks import past_their_start

LOOKED_BACK = timedelta(days=92)
"""How far back requests are looked at for the time to an answer."""

ANSWERS = ("presentation_referred", "presentation_returned", "presentation_declined")


@dataclass(frozen=True)
class FrameFigures:
    """The controller's frames at a glance (A12)."""

    count: int
    expired: int
    payers: tuple[PayerSums, ...]
    spent_this_month: Kroner
    reversed_this_month: Kroner
    wrong: bool


@dataclass(frozen=True)
class AreaFigures:
    """A department head's own areas: counts only, and no case (R015). One to four is kept back: they could be known."""

    areas: tuple[AreaCode, ...]
    waiting: int | Kept
    answered_in: int | None  # working days, the middle one; None: too few to say
    returned: int | Kept
    overdue_starts: int | Kept


@dataclass(frozen=True)
class MyReports:
    codes: tuple[ReportCode, ...]
    only: bool = field(default=False)  # the person has nothing else here: each report gets its own button


def frame_figures(part: PartAsked) -> FrameFigures | None:
    if not part.asked.by.has(Role.CONTROLLER):
        return None
    today = part.asked.today
    payers = {p.area: p for p in part.work.figures.payers(today)}
    month = part.work.figures.written_since(instant(today.replace(day=1), time()))
    return FrameFigures(
        count=sum(p.frames for p in payers.values()),
        expired=sum(p.expired for p in payers.values()),
        payers=tuple(payers.get(a.code) or PayerSums(a.code) for a in part.rules.areas),
        spent_this_month=month.get(EntryKind.EXPENSE, ZERO),
        reversed_this_month=month.get(EntryKind.REVERSAL, ZERO),
        wrong=any(p.wrong for p in payers.values()),
    )


def area_figures(part: PartAsked) -> AreaFigures | None:
    areas = part.asked.by.areas_as(Role.DEPARTMENT_HEAD)
    if not areas:
        return None
    return AreaFigures(
        areas=areas,
        waiting=unless_small(_standing(part.work, areas, State.REQUESTED)),
        answered_in=answered_in(part.work, areas, part.rules, part.asked.today),
        returned=unless_small(_standing(part.work, areas, State.RETURNED)),
        overdue_starts=unless_small(_overdue_starts(part, areas)),
    )


def my_reports(part: PartAsked) -> MyReports | None:
    person = part.asked.by
    codes = readable_by(person)
    only = all(p.role in (Role.EVALUATOR, Role.CONTROLLER, Role.DEPARTMENT_HEAD) for p in person.posts)
    return MyReports(codes, only) if codes else None


def answered_in(work: Work, areas: Sequence[AreaCode], rules: Rules, today: date) -> int | None:
    """Working days from a request of the last quarter to its answer on the areas' cases: the middle one, or None of few.

    The journal says when it was answered: the presentation keeps only what it was settled by last.
    """
    since = instant(today - LOOKED_BACK, time(0))
    answers = work.journal.of_acts(*ANSWERS, since=since, areas=areas)
    answered_cases = list(dict.fromkeys(e.case_id for e in answers if e.case_id))
    if len(answered_cases) < SMALLEST:
        return None
    work.presentations.gather_cases(answered_cases)
    asked = [p for case in answered_cases for p in work.presentations.of_case(case) if p.kind == Kind.NEW]
    pairs = [
        (p, next((e.at for e in answers if e.case_id == p.case_id and e.at >= p.requested_at), None))
        for p in asked
        if p.requested_at >= since
    ]
    answered = [
        rules.working_days.between(local_date(p.requested_at), local_date(at)) for p, at in pairs if at
    ]
    found = median(answered) if len(answered) >= SMALLEST else None
    return None if found is None else int(found + Fraction(1, 2))


def _standing(work: Work, areas: tuple[AreaCode, ...], state: State) -> int:
    """How many stand so in the areas; practice cases count nowhere (D43)."""
    found = [p.case_id for area in areas for p in work.presentations.in_states(state, area=area)]
    work.cases.gather(found)
    return sum(not work.cases.get(case).practice for case in found)


def _overdue_starts(part: PartAsked, areas: tuple[AreaCode, ...]) -> int:
    late = [t.case_id for area in areas for t in past_their_start(part.work, area, part.asked.today)]
    return sum(not part.work.cases.get(case).practice for case in late)
