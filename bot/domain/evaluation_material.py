"""What an evaluation is counted from: every case, item, meeting and frame, without practice cases (R128, D43).

Collected from day one, and counted by area: what belongs to somebody else's areas is left out of every figure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.decision import AS_RECOMMENDED, CHANGED, ONLY_TALK, OUT_OF_SCOPE, POSTPONED
from bot.domain.frame import Frame, FrameState
from bot.domain.meeting import Meeting, MeetingState, Minuted
from bot.domain.people import AreaCode
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.task import Task
from bot.domain.transitions import Transition

SETTLING = frozenset({AS_RECOMMENDED, CHANGED, OUT_OF_SCOPE})
"""Choices by which the committee is done with an item."""


@dataclass(frozen=True)
class Agreed:
    """For when a follow-up of a case was agreed, and when that was written."""

    case_id: str
    at: datetime
    day: date


@dataclass(frozen=True)
class Material:
    """All there is, without practice cases; what belongs to other areas than `areas` is left out of every figure."""

    cases: Sequence[Case]
    presentations: Sequence[Presentation]
    meetings: Sequence[Meeting]
    frames: Sequence[Frame]
    tasks: Sequence[Task]
    transitions: Sequence[Transition]
    agreed: Sequence[Agreed]
    since: date
    until: date
    areas: tuple[AreaCode, ...]

    def in_period(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    @cached_property
    def mine(self) -> list[Presentation]:
        return [p for p in self.presentations if p.area in self.areas]

    @cached_property
    def my_cases(self) -> list[Case]:
        return [c for c in self.cases if c.area in self.areas]

    @cached_property
    def sittings(self) -> dict[str, list[tuple[Meeting, Minuted]]]:
        """Every time an item stood in approved minutes, by presentation, in order of day."""
        found: dict[str, list[tuple[Meeting, Minuted]]] = defaultdict(list)
        for meeting in sorted(self.meetings, key=lambda m: (m.day, m.starts)):
            if meeting.state == MeetingState.APPROVED:
                for minuted in meeting.record:
                    found[minuted.presentation_id].append((meeting, minuted))
        return found

    def decided_on(self, presentation: Presentation) -> date | None:
        """The day of the meeting that settled it, or of the approval in a written procedure; None: not settled."""
        if presentation.state != State.DECIDED or presentation.decision is None:
            return None
        if presentation.decision.choice not in SETTLING:
            return None
        sat = self.sittings.get(presentation.id)
        if sat:
            return sat[-1][0].day
        return local_date(presentation.approved_at) if presentation.approved_at else None

    def ran(self, frame: Frame) -> bool:
        """It had begun by the last day, and had not ended before the first."""
        ended = self._ended_on(frame)
        return frame.opens_on <= self.until and (ended is None or ended >= self.since)

    def _ended_on(self, frame: Frame) -> date | None:
        """The day of the next frame, or of the closing; else of its follow-up, where it was decided that there be none."""
        if frame.state == FrameState.OPEN:
            return None
        later = [day for day in self._opened_on[frame.case_id] if day > frame.opens_on]
        closed = [day for day in self._endings.get(frame.case_id, ()) if day >= frame.opens_on]
        ended = [*later, *closed] if frame.state == FrameState.SETTLED else later
        return min(ended, default=frame.follow_up_on)

    @cached_property
    def _opened_on(self) -> dict[str, list[date]]:
        """The days of each case's frames."""
        found: dict[str, list[date]] = defaultdict(list)
        for frame in self.frames:
            found[frame.case_id].append(frame.opens_on)
        return found

    @cached_property
    def _endings(self) -> dict[str, list[date]]:
        return {c.id: [day for day, _ in c.endings] for c in self.cases}

    @cached_property
    def decided(self) -> list[Presentation]:
        """Settled in the period; what is only talked about is never settled."""
        return [p for p in self.mine if p.kind not in ONLY_TALK and self.in_period(self.decided_on(p))]

    @cached_property
    def new(self) -> list[Presentation]:
        return [p for p in self.decided if p.kind == Kind.NEW and _goes_on(p)]

    @cached_property
    def changes_of_caseworker(self) -> list[Presentation]:
        return [p for p in self.decided if p.kind == Kind.CASEWORKER_CHANGE and _goes_on(p)]

    def is_first(self, presentation: Presentation) -> bool:
        return len(self.sittings.get(presentation.id, ())) <= 1

    @cached_property
    def sat(self) -> Counter[str]:
        """How often each case stood on an agenda in the period."""
        return Counter(
            minuted.case_id
            for sittings in self.sittings.values()
            for meeting, minuted in sittings
            if self.in_period(meeting.day)
        )

    @cached_property
    def treated(self) -> list[Case]:
        return [c for c in self.my_cases if self.sat[c.id]]

    @cached_property
    def postponed(self) -> Counter[tuple[AreaCode, str]]:
        """By area and reason."""
        area_of = {p.id: p.area for p in self.presentations}
        return Counter(
            (area_of.get(minuted.presentation_id, ""), minuted.decision.reason or "other")
            for sat in self.sittings.values()
            for meeting, minuted in sat
            if minuted.decision.choice == POSTPONED and self.in_period(meeting.day)
        )

    @cached_property
    def outcomes(self) -> Counter[tuple[AreaCode, str]]:
        """Of follow-ups, by area and `PUNCTUALITY`."""
        follow_ups = (p for p in self.mine if p.kind == Kind.FOLLOW_UP)
        found = ((p.area, punctuality(self, p)) for p in follow_ups)
        return Counter((area, outcome) for area, outcome in found if outcome)

    @cached_property
    def first_starts(self) -> dict[str, date]:
        """The day the first measure began, by presentation."""
        found: dict[str, date] = {}
        for task in self.tasks:
            if task.started_on:
                earliest = found.get(task.presentation_id, task.started_on)
                found[task.presentation_id] = min(earliest, task.started_on)
        return found

    def days_to_meeting(self, presentation: Presentation) -> int:
        """From the request to the first meeting it stood at, or to the decision where it stood at none."""
        sat = self.sittings.get(presentation.id)
        met = sat[0][0].day if sat else self.decided_on(presentation)
        return (met - local_date(presentation.requested_at)).days if met else 0

    def is_over(self, case: Case) -> bool:
        """It had ended by the last day."""
        return case.closed_on <= self.until if case.closed_on else not case.is_open

    def was_done(self, passage: Transition) -> bool:
        """By the last day."""
        return passage.done_at is not None and local_date(passage.done_at) <= self.until

    @cached_property
    def ended(self) -> Counter[str]:
        """Endings in the period, by reason; one that came back later has ended all the same."""
        return Counter(why for c in self.my_cases for day, why in c.endings if why and self.in_period(day))


PUNCTUALITY = ("punctual", "moved", "meeting_cancelled", "late")


def punctuality(material: Material, presentation: Presentation) -> str | None:
    """None: not agreed for the period, or its day has not come."""
    agreed = _agreed_day(material, presentation)
    held = material.decided_on(presentation)
    ended = presentation.state in (State.WITHDRAWN, State.DECLINED)
    if agreed is None or ended or not material.in_period(held or agreed):
        return None
    if held is not None and held <= agreed:
        return "punctual"
    if held is None and agreed >= material.until:
        return None
    if presentation.date_moved:
        return "moved"
    return "meeting_cancelled" if _was_cancelled(material, presentation, agreed) else "late"


def _goes_on(presentation: Presentation) -> bool:
    return presentation.decision is not None and presentation.decision.choice != OUT_OF_SCOPE


def _agreed_day(material: Material, presentation: Presentation) -> date | None:
    """The day last agreed for the case before this follow-up was settled."""
    before = presentation.approved_at
    days = [
        a for a in material.agreed if a.case_id == presentation.case_id and (before is None or a.at < before)
    ]
    return max(days, key=lambda a: a.at).day if days else None


def _was_cancelled(material: Material, presentation: Presentation, agreed: date) -> bool:
    """The last meeting on or before the agreed day was cancelled, and the next one that was held took it."""
    before = [m for m in material.meetings if agreed - timedelta(days=27) <= m.day <= agreed]
    if not before or max(before, key=lambda m: (m.day, m.starts)).state != MeetingState.CANCELLED:
        return False
    until = material.decided_on(presentation) or material.until
    between = [m for m in material.meetings if agreed < m.day < until and m.state == MeetingState.APPROVED]
    return not between
