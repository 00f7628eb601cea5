"""What a leader answers for this morning: requests, advice, marks, gaps before a meeting, what is late in their areas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.follow_up import marks_due
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.people import Person, Role
from bot.domain.presentation import OPEN_STATES, Kind, Presentation, State
from bot.domain.rules import Rules
from bot.domain.tracks import Mode
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
    yield from _advice(work, person, today, rules)
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
    late = [
        (request, request.answer_by)
        for area in person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
        for request in work.presentations.in_states(State.REQUESTED, area=area)
        if request.answer_by
        and request.answer_by < today
        and person.id not in (request.requested_by, *request.conflicted_leaders)
    ]
    work.cases.gather(request.case_id for request, _ in late)
    for request, last in late:
        case = work.cases.get(request.case_id)
        key = f"unanswered:{request.id}:{request.version}:{person.id}"
        due = rules.working_days.after(last, 1)
        yield Waiting("unanswered", case.id, case.alias, last, overdue=True, reminders=((key, due),))


def _advice(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Advice they are asked for (R118), and in advisory mode what a meeting advised (R107), until somebody answers.

    A message has asked the area's leaders already, so they are reminded once, when as long has gone as a request may
    wait; from then on the area's deputies see it too.
    """
    for area in person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER):
        for kind, subject, case, since in _to_answer(work, area, rules):
            due = rules.working_days.after(since, rules.deadlines.leader_answers)
            if due <= today or person.has(Role.AREA_LEADER, area):
                key = f"{kind}_waits:{subject}:{person.id}"
                reminders = ((key, due),) if due <= today else ()
                yield Waiting(kind, subject, case.alias, since, reminders=reminders)


def _to_answer(work: Work, area: str, rules: Rules) -> Iterator[tuple[str, str, Case, date]]:
    asked = work.advice.waiting_in(area)
    work.cases.gather(request.case_id for request in asked)
    for request in asked:
        case = work.cases.get(request.case_id)
        if case.is_open:
            yield "advice", request.id, case, local_date(request.asked_at)
    if rules.mode != Mode.ADVISORY:
        return
    advised = [p for p in work.presentations.in_states(*OPEN_STATES, area=area) if p.advice == "open"]
    work.cases.gather(item.case_id for item in advised)
    for item in advised:
        if item.approved_at:
            yield "advised", item.case_id, work.cases.get(item.case_id), local_date(item.approved_at)


def _before_meetings(
    work: Work, person: Person, areas: tuple[str, ...], today: date, rules: Rules
) -> Iterator[Waiting]:
    """What is still missing on the days its caseworker is reminded (R020), and what waits for the leader's mark (T08).

    The mark is asked for by a message of its own, so it reminds nobody here.
    """
    for area in areas:
        coming = work.presentations.in_states(*BEFORE_MEETING, area=area)
        work.cases.gather(p.case_id for p in coming)
        work.meetings.gather(p.meeting_id for p in coming)
        for presentation in coming:
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
