"""Where a case stands, in one line: the most pressing thing that is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import Case
from bot.domain.meeting import Meeting
from bot.domain.presentation import Kind, Presentation, State
from bot.usecases.ports import Work


@dataclass(frozen=True)
class Status:
    """Where a case stands, as people say it: a code with words in terms.j2, and the day it is about."""

    code: str
    day: date | None = None


_WHILE_OPEN = {
    State.REQUESTED: "waiting_leader",
    State.RETURNED: "missing_info",
    State.REFERRED: "referred",
    State.READY: "ready",
    State.POSTPONED: "postponed",
}


def status_of(work: Work, case: Case) -> Status:
    """The most pressing thing that is true of the case."""
    if not case.is_open:
        return Status(case.stage)
    open_ones = [p for p in work.presentations.of_case(case.id) if p.is_open]
    for presentation in sorted(open_ones, key=lambda p: p.kind == Kind.FOLLOW_UP):
        meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
        return _status(presentation, meeting)
    return Status(case.stage)


def _status(presentation: Presentation, meeting: Meeting | None) -> Status:
    if presentation.kind == Kind.FOLLOW_UP and meeting:
        return Status("follow_up_ready" if presentation.state == State.READY else "follow_up_on", meeting.day)
    if meeting and presentation.state in (State.REFERRED, State.READY):
        return Status("on_agenda", meeting.day)
    day = presentation.answer_by if presentation.state == State.REQUESTED else None
    return Status(_WHILE_OPEN[presentation.state], day)
