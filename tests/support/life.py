"""Cases, items and meetings of a year, a few words each: what an evaluation is counted from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.case import Case
from bot.domain.evaluation_material import Agreed, Material
from bot.domain.meeting import Meeting, MeetingState, Minuted
from bot.domain.presentation import Decision, Kind, Presentation, State
from tests.support.rows import a_case, a_meeting, a_presentation

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
AREAS = ("social", "youth")
MET, POSTPONED = "as_recommended", "postponed"


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


class Life:
    """Cases, items and meetings, a few words each."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.items: list[Presentation] = []
        self.meetings: dict[date, Meeting] = {}
        self.tasks: list[Any] = []
        self.agreed: list[Agreed] = []
        self._count = 0

    def meeting(self, day: date, *, cancelled: bool = False) -> Meeting:
        state = MeetingState.CANCELLED if cancelled else MeetingState.APPROVED
        return self.meetings.setdefault(day, a_meeting(f"m{day}", day=day, state=state))

    def case(self, area: str = "social", **changes: Any) -> Case:
        self._count += 1
        made = a_case(f"c{self._count}", area=area, key=f"26-{self._count:04d}", **changes)
        self.cases.append(made)
        return made

    def item(
        self,
        case: Case,
        *days: date,
        kind: Kind = Kind.NEW,
        asked: date = date(2026, 3, 1),
        choice: str = MET,
        **changes: Any,
    ) -> Presentation:
        """Stood on the agenda of these days; postponed on all but the last."""
        self._count += 1
        done = bool(days) and choice != POSTPONED
        made = a_presentation(
            f"p{self._count}",
            case_id=case.id,
            area=case.area,
            kind=kind,
            requested_at=at(asked),
            state=State.DECIDED if done else State.POSTPONED,
            decision=Decision(choice, complete=True) if done else None,
            approved_at=at(days[-1]) if done else None,
            **changes,
        )
        self.items.append(made)
        for number, day in enumerate(days, start=1):
            how = choice if number == len(days) else POSTPONED
            reason = "info_missing" if how == POSTPONED else None
            minuted = Minuted(1, made.id, case.id, kind, Decision(how, reason=reason, complete=True))
            meeting = self.meeting(day)
            self.meetings[day] = replace(meeting, record=(*meeting.record, minuted))
        return made

    def other_items(self) -> None:
        """In each area a case of which a frame was changed, and which was talked about: then nothing is told by a rest."""
        for area in AREAS:
            case = self.case(area)
            self.item(case, date(2026, 9, 3), kind=Kind.FRAME_CHANGE)
            self.item(case, date(2026, 9, 10), kind=Kind.BRIEFING)

    def put_off_for(self, reason: str) -> None:
        """Whatever was postponed was so for another reason."""
        for day, meeting in self.meetings.items():
            record = tuple(
                replace(m, decision=replace(m.decision, reason=reason)) if m.decision.reason else m
                for m in meeting.record
            )
            self.meetings[day] = replace(meeting, record=record)

    def material(self, **changes: Any) -> Material:
        whole = Material(
            cases=self.cases,
            presentations=self.items,
            meetings=list(self.meetings.values()),
            frames=[],
            tasks=self.tasks,
            transitions=[],
            agreed=self.agreed,
            since=SINCE,
            until=UNTIL,
            areas=AREAS,
        )
        return replace(whole, **changes)
