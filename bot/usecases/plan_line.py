"""The plan in one line: what a case shows first (R046)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.case import AgeBand, Case
from bot.domain.presentation import Kind, Presentation, State
from bot.usecases.ports import Work


@dataclass(frozen=True)
class PlanLine:
    goals: tuple[str, ...]
    decided_on: date
    running: int
    started: int
    late: int
    adult: bool
    changed_on: date | None = None
    history: bool = False  # the case has come back since, and no new plan holds yet (T30)


def plan_line(work: Work, case: Case, today: date) -> PlanLine | None:
    """None while the committee has decided no plan (R045)."""
    if case.plan_decided_on is None:
        return None
    running = [t for t in work.tasks.of_case(case.id) if t.is_running]
    return PlanLine(
        goals=case.goals,
        decided_on=case.plan_decided_on,
        running=len(running),
        started=sum(t.started_on is not None for t in running),
        late=sum(t.waits_for_start(today) for t in running),
        adult=case.band_now == AgeBand.ADULT,
        changed_on=changed_on(work, case),
        history=case.plan_is_history,
    )


def changed_on(work: Work, case: Case) -> date | None:
    """When the committee last changed the plan that is in force (R065); None: it is as first decided."""
    days = [
        _day(work, p)
        for p in work.presentations.of_case(case.id)
        if p.kind == Kind.CHANGE and p.state == State.DECIDED
    ]
    since = case.plan_decided_on
    return max((day for day in days if since and day and day > since), default=None)


def _day(work: Work, decided: Presentation) -> date | None:
    """The meeting's; in writing, the day it was approved."""
    meeting = work.meetings.find(decided.meeting_id) if decided.meeting_id else None
    if meeting:
        return meeting.day
    return local_date(decided.settled_at) if decided.settled_at else None
