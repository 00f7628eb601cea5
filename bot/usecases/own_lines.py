"""What waits for a caseworker on their own cases: what is asked of them before a meeting, and what came back (A6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from bot.domain.case import Case
from bot.domain.meeting import Meeting, MeetingState, build_agenda
from bot.domain.people import Person
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Rules
from bot.usecases.follow_ups import snooze_key
from bot.usecases.led_lines import due_reminders
from bot.usecases.mornings import WAITING
from bot.usecases.ports import Work
from bot.usecases.readiness import missing_points
from bot.usecases.waiting import Waiting


def own_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    cases = {c.id: c for c in work.cases.looked_after_by(person.id, today) if not c.is_stilled}
    agendas: dict[str, dict[str, time]] = {}
    found = [
        p for p in work.presentations.of_cases(cases, *WAITING) if _waits_for(p, person, cases[p.case_id])
    ]
    work.meetings.gather(p.meeting_id for p in found)
    work.notices.gather(snooze_key(p, person) for p in found if p.kind == Kind.FOLLOW_UP)
    for presentation in found:
        case = cases[presentation.case_id]
        line = _line(work, person, presentation, case, today, rules, agendas)
        if line:
            yield line


def unplaced_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """For Home: what has no meeting yet, a reopened case among it, and still misses something. It reminds nobody."""
    cases = {c.id: c for c in work.cases.looked_after_by(person.id, today) if not c.is_stilled}
    for presentation in work.presentations.of_cases(cases, State.REFERRED, State.POSTPONED):
        case = cases[presentation.case_id]
        placed = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
        if placed and placed.state != MeetingState.CANCELLED:
            continue
        if presentation.kind != Kind.FOLLOW_UP and _waits_for(presentation, person, case):
            missing = len(missing_points(presentation, case, rules, today))
            if missing:
                yield Waiting("unplaced", presentation.id, case.alias, today, missing=missing)


def _waits_for(presentation: Presentation, person: Person, case: Case) -> bool:
    if case.caseworker != person.id:
        return True  # the person stands in on it today, and hears instead of the caseworker (T25)
    if presentation.state == State.RETURNED:
        return presentation.requested_by == person.id
    return person.id in (case.caseworker, presentation.collector)


def _line(  # noqa: PLR0917 - what one line is made of
    work: Work,
    person: Person,
    presentation: Presentation,
    case: Case,
    today: date,
    rules: Rules,
    agendas: dict[str, dict[str, time]],
) -> Waiting | None:
    if presentation.state == State.RETURNED:
        return _returned(presentation, case, today, rules)
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    if meeting is None or meeting.state == MeetingState.CANCELLED:
        return None
    if presentation.kind == Kind.FOLLOW_UP:
        return _follow_up(work, person, presentation, case, meeting, today, rules)
    missing = missing_points(presentation, case, rules, today)
    if not missing or meeting.day < today:
        return None
    reminders = due_reminders(presentation, meeting, today, rules, overdue=())
    if reminders is None:
        return None
    if meeting.id not in agendas:
        agenda = build_agenda(meeting, tuple(work.presentations.on_agenda(meeting.id)), rules.agenda)
        agendas[meeting.id] = {i.presentation.id: i.starts for i in agenda.items}
    clock = agendas[meeting.id].get(presentation.id)
    return Waiting(
        "agenda",
        presentation.id,
        case.alias,
        meeting.day,
        at=clock,
        missing=len(missing),
        reminders=reminders,
    )


def _follow_up(  # noqa: PLR0917 - what one line is made of
    work: Work,
    person: Person,
    presentation: Presentation,
    case: Case,
    meeting: Meeting,
    today: date,
    rules: Rules,
) -> Waiting | None:
    after = (rules.deadlines.leader_reminded_after,)
    reminders = due_reminders(presentation, meeting, today, rules, overdue=after)
    snoozed = work.notices.by_key(snooze_key(presentation, person))
    if snoozed:
        until = date.fromisoformat(snoozed.facts["until"])
        if today < until:
            return None
        reminders = (*(reminders or ()), (f"{snoozed.key}:{until}", until))
    if reminders is None:
        return None
    return Waiting(
        "follow_up",
        presentation.id,
        case.alias,
        meeting.day,
        overdue=meeting.day < today,
        reminders=reminders,
    )


def _returned(presentation: Presentation, case: Case, today: date, rules: Rules) -> Waiting | None:
    """A request that came back: told at once, and once more on the day it should have been answered."""
    day = presentation.answer_by or today
    key = f"returned:{presentation.id}:{presentation.version}"
    due = ((key, day),) if rules.working_days.next_on_or_after(day) <= today else ()
    return Waiting("returned", presentation.id, case.alias, day, overdue=day < today, reminders=due)
