"""The plan in one line: what a case shows first (R046)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import AgeBand, Case
from bot.usecases.ports import Work


@dataclass(frozen=True)
class PlanLine:
    goals: tuple[str, ...]
    decided_on: date
    running: int
    started: int
    late: int
    adult: bool
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
        history=case.plan_is_history,
    )
