"""The Homes of those who read figures: controller, department head, and a way to the reports for everybody who has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from fractions import Fraction

from bot.domain.calendar import instant, local_date
from bot.domain.case import OPEN_STAGES
from bot.domain.frame import Entry, EntryKind
from bot.domain.frame_overview import Ledger
from bot.domain.money import Kroner
from bot.domain.people import AreaCode, Role
from bot.domain.presentation import Kind, State
from bot.domain.report import ReportCode, median, readable_by, total_of
from bot.domain.rules import Rules
from bot.domain.suppression import SMALLEST, Kept, unless_small
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Work
from bot.usecases.reports import ledgers_of

LOOKED_BACK = timedelta(days=92)
"""How far back requests are looked at for the time to an answer."""

ANSWERS = ("presentation_referred", "presentation_returned", "presentation_declined")


@dataclass(frozen=True)
class PayerSums:
    area: AreaCode
    granted: Kroner
    committed: Kroner
    spent: Kroner


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
    ledgers = ledgers_of(part.work)
    today = part.asked.today
    month = [e for x in ledgers for e in x.entries if local_date(e.at) >= today.replace(day=1)]
    return FrameFigures(
        count=len(ledgers),
        expired=sum(x.is_expired(today) for x in ledgers),
        payers=tuple(_payer(a.code, ledgers) for a in part.rules.areas),
        spent_this_month=_sum(month, EntryKind.EXPENSE),
        reversed_this_month=_sum(month, EntryKind.REVERSAL),
        wrong=any(x.difference for x in ledgers),
    )


def area_figures(part: PartAsked) -> AreaFigures | None:
    areas = part.asked.by.areas_as(Role.DEPARTMENT_HEAD)
    if not areas:
        return None
    mine = [p for p in part.work.figures.presentations() if p.area in areas]
    return AreaFigures(
        areas=areas,
        waiting=unless_small(sum(p.state == State.REQUESTED for p in mine)),
        answered_in=answered_in(part.work, areas, part.rules, part.asked.today),
        returned=unless_small(sum(p.state == State.RETURNED for p in mine)),
        overdue_starts=unless_small(_overdue_starts(part, areas)),
    )


def my_reports(part: PartAsked) -> MyReports | None:
    person = part.asked.by
    codes = readable_by(person)
    only = all(p.role in (Role.EVALUATOR, Role.CONTROLLER, Role.DEPARTMENT_HEAD) for p in person.posts)
    return MyReports(codes, only) if codes else None


def _payer(area: AreaCode, ledgers: list[Ledger]) -> PayerSums:
    mine = [x for x in ledgers if x.frame.payer == area]
    return PayerSums(
        area,
        total_of(x.frame.amount for x in mine),
        total_of(x.committed for x in mine),
        total_of(x.spent for x in mine),
    )


def _sum(entries: list[Entry], kind: EntryKind) -> Kroner:
    return total_of(e.amount for e in entries if e.kind == kind)


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


def _overdue_starts(part: PartAsked, areas: tuple[AreaCode, ...]) -> int:
    running = {c.id for c in part.work.figures.cases() if c.stage in OPEN_STAGES}
    return sum(
        t.area in areas and t.case_id in running and t.waits_for_start(part.asked.today)
        for t in part.work.figures.tasks()
    )
