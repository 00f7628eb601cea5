"""What a leader answers for this morning: requests, marks, gaps before a meeting, and what is late in their areas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.follow_up import marks_due
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.people import Person, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Rules
from bot.usecases.follow_ups import overdue_ones
from bot.usecases.ports import Work
from bot.usecases.readiness import missing_points, waits_for_mark
from bot.usecases.tasks import late_starts, late_tasks
from bot.usecases.waiting import Waiting

BEFORE_MEETING = (State.REFERRED, State.POSTPONED)


def led_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """What waits for their answer or mark, what is missing before a meeting, and what is late in their areas."""
    areas = person.areas_as(Role.AREA_LEADER)
    yield from _unanswered(work, person, today, rules)
    yield from _before_meetings(work, person, areas, today, rules)
    for presentation, meeting in overdue_ones(work, today, areas) if areas else ():
        due = rules.working_days.after(meeting.day, rules.deadlines.leader_reminded_after)
        if due <= today:
            case = work.cases.get(presentation.case_id)
            key = f"follow_up:{presentation.id}:{meeting.id}:leader:{person.id}"
            yield Waiting("overdue", case.id, case.alias, meeting.day, overdue=True, reminders=((key, due),))
    yield from late_tasks(work, person, today, rules)
    yield from late_starts(work, person, today, rules)


def _unanswered(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Requests whose day to be answered is past, for whoever may answer them, until somebody does (D31, T03)."""
    for area in person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER):
        for request in work.presentations.in_states(State.REQUESTED, area=area):
            last = request.answer_by
            may_answer = person.id not in (request.requested_by, *request.conflicted_leaders)
            if last and last < today and may_answer:
                case = work.cases.get(request.case_id)
                key = f"unanswered:{request.id}:{request.version}:{person.id}"
                due = rules.working_days.after(last, 1)
                yield Waiting("unanswered", case.id, case.alias, last, overdue=True, reminders=((key, due),))


def _before_meetings(
    work: Work, person: Person, areas: tuple[str, ...], today: date, rules: Rules
) -> Iterator[Waiting]:
    """What is still missing on the days its caseworker is reminded (R020), and what waits for the leader's mark (T08).

    The mark is asked for by a message of its own, so it reminds nobody here.
    """
    for area in areas:
        for presentation in work.presentations.in_states(*BEFORE_MEETING, area=area):
            case = work.cases.get(presentation.case_id)
            missing = missing_points(presentation, case, rules, today)
            if not missing and waits_for_mark(presentation):
                yield Waiting("attest", presentation.id, case.alias, today, code=presentation.kind)
            elif missing and presentation.kind != Kind.FOLLOW_UP and case.caseworker != person.id:
                yield from _gaps(work, person, presentation, case.alias, len(missing), today, rules)


def _gaps(  # noqa: PLR0917 - what one line is made of
    work: Work,
    person: Person,
    presentation: Presentation,
    alias: str,
    missing: int,
    today: date,
    rules: Rules,
) -> Iterator[Waiting]:
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    if meeting is None or meeting.state == MeetingState.CANCELLED or meeting.day < today:
        return
    due = due_reminders(presentation, meeting, today, rules, overdue=())
    if due is not None:
        own = tuple((f"{key}:leader:{person.id}", day) for key, day in due)
        yield Waiting("gaps", presentation.case_id, alias, meeting.day, missing=missing, reminders=own)


def due_reminders(
    presentation: Presentation, meeting: Meeting, today: date, rules: Rules, *, overdue: tuple[int, ...]
) -> tuple[tuple[str, date], ...] | None:
    """The marks whose day has come; None before the first one. A mark from before the thing existed was never owed."""
    due = marks_due(
        follow_up_on=meeting.day,
        today=today,
        marks=rules.deadlines.reminders,
        overdue=overdue,
        days=rules.working_days,
    )
    since = local_date(presentation.settled_at or presentation.requested_at)
    owed = tuple(
        (f"follow_up:{presentation.id}:{meeting.id}:{r.mark}", r.due_on) for r in due if r.due_on >= since
    )
    return owed if due else None
