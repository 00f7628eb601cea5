"""What a colleague who falls ill leaves behind: their own cases, and those they stand in on (D31, T25)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.case import Case
from bot.domain.people import Person, PersonId, Role
from bot.domain.substitute import Substitute
from bot.usecases.ports import Asked, Work

NEXT_DAYS = 7


@dataclass(frozen=True)
class Left:
    """A case somebody leaves: until when it is free, and, where they only stood in on it, the stint that ends."""

    case: Case
    until: date
    stood_in: Substitute | None = None


def led_caseworkers(work: Work, leader: Person, today: date) -> list[Person]:
    areas = leader.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    found = {p.id: p for area in areas for p in work.people.holding(Role.CASEWORKER, area)}
    for stint in work.substitutes.standing(today):
        if leader.leads(work.cases.get(stint.case_id).area):
            found[stint.person] = work.people.get(stint.person)
    return sorted((p for p in found.values() if p.id != leader.id), key=lambda p: p.name)


def left_by(
    work: Work, asked: Asked, person: PersonId, last: date, *, lock: bool = False
) -> tuple[list[Left], int]:
    """What a colleague leaves in the leader's areas from today on, and how many of their cases are taken care of.

    Own cases are free until somebody is agreed to stand in; where they stand in themselves, the rest of their days.
    """
    left, covered, today = [], 0, asked.today
    for case in (c for c in work.cases.of_caseworker(person) if asked.by.leads(c.area)):
        agreed = [s for s in work.substitutes.of_case(case.id) if s.ended_at is None and s.last >= today]
        if any(s.covers(today) for s in agreed):
            covered += 1
        else:
            until = min([last, *(s.first - timedelta(days=1) for s in agreed)])
            left.append(Left(case, until))
    for stint in work.substitutes.of_person(person, today):
        case = work.cases.get(stint.case_id)
        if asked.by.leads(case.area):
            left.append(Left(case, stint.last, stint))
    if lock:
        left = [replace(one, case=work.cases.get(one.case.id, lock=True)) for one in left]
    return left, covered


def stood_in_before(work: Work, stint: Substitute) -> Substitute | None:
    """Whose days ended in the same press, because they fell ill themselves; None: it was the caseworker who left."""
    others = (s for s in work.substitutes.of_case(stint.case_id) if s.id != stint.id)
    return next((s for s in others if s.ended_at == stint.set_at), None)


def next_meeting(work: Work, cases: list[Case], today: date) -> tuple[date | None, int]:
    if not cases:
        return None, 0
    ids = {c.id for c in cases}
    for meeting in work.meetings.next_after(cases[0].committee, today, count=2):
        count = sum(p.case_id in ids for p in work.presentations.on_agenda(meeting.id))
        if count and meeting.day <= today + timedelta(days=NEXT_DAYS):
            return meeting.day, count
    return None, 0
