"""The plan on one page for the citizen: made from codes, printed outside Slack, without a name in it (R046, D16, D40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import CaseNotFound
from bot.domain.people import AreaCode
from bot.domain.presentation import Kind
from bot.domain.significance import PlanMissing
from bot.usecases.plan_line import changed_on
from bot.usecases.ports import Asked
from bot.usecases.tools import UseCases


@dataclass(frozen=True)
class SheetMeasure:
    code: str
    area: AreaCode
    planned_on: date
    started: bool


@dataclass(frozen=True)
class PlanSheet:
    """What stands on the page. No alias and no key: the page is the citizen's, and tells nobody else anything."""

    decided_on: date
    changed_on: date | None
    goals: tuple[str, ...]
    measures: tuple[SheetMeasure, ...]
    follow_up_on: date | None  # never a day that has passed
    purposes: tuple[str, ...]


class PlanSheets(UseCases):
    def sheet(self, asked: Asked, key: str) -> PlanSheet:
        """An export: written into the journal before it is handed over. Raises CaseNotFound, PlanMissing."""
        with self._open_work(asked) as work:
            seen = [c for c in work.cases.found_by(key, asked.by, asked.at) if c.key == key.strip()]
            if not seen:
                raise CaseNotFound
            case = seen[0]
            if case.plan_decided_on is None or case.plan_is_history:
                raise PlanMissing
            follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
            meeting = work.meetings.find(follow_up.meeting_id) if follow_up and follow_up.meeting_id else None
            frame = work.frames.open_of(case.id)
            work.note("plan_exported", case=case.id)
            return PlanSheet(
                decided_on=case.plan_decided_on,
                changed_on=changed_on(work, case),
                goals=case.goals,
                measures=tuple(
                    SheetMeasure(t.measure, t.area, t.planned_on, t.started_on is not None)
                    for t in work.tasks.of_case(case.id)
                    if t.is_running
                ),
                follow_up_on=meeting.day if meeting and meeting.day >= asked.today else None,
                purposes=frame.purposes if frame else (),
            )
