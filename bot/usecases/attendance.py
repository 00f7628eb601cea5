"""Who comes to a meeting: somebody to present the item, and somebody from each area it involves (T10)."""

from __future__ import annotations

from bot.domain.committee import Seat
from bot.domain.meeting import Meeting, NobodyFromArea, PresenterAway, involved_areas
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Rules
from bot.usecases.ports import Work


def expect_people(work: Work, rules: Rules, meeting: Meeting, presentation: Presentation) -> None:
    """Raises PresenterAway and NobodyFromArea. Doubt always goes on, whoever comes (D18).

    An area without a seat in the committee holds nothing up: the desk shows that nobody comes from it.
    """
    if presentation.kind == Kind.DOUBT:
        return
    away = presenter_away(work, meeting, presentation)
    if away is not None:
        raise PresenterAway(name=work.people.get(away).name, day=meeting.day)
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    seated = frozenset(s.area for s in seats if not s.alternate)
    without = (involved_areas(presentation) & seated) - present_areas(work, meeting, seats)
    if without:
        raise NobodyFromArea(area=rules.area(min(without)), day=meeting.day)


def presenter_away(work: Work, meeting: Meeting, presentation: Presentation) -> PersonId | None:
    """Whoever presents the item that day, if they have said that they are away; None: somebody comes."""
    standing = work.substitutes.now_on(presentation.case_id, meeting.day)
    presents = standing.person if standing else work.cases.get(presentation.case_id).caseworker
    away = work.people.absences_between(meeting.day, meeting.day)
    return presents if any(a.person == presents for a in away) else None


def present_areas(work: Work, meeting: Meeting, seats: list[Seat]) -> frozenset[AreaCode]:
    """The areas somebody comes from: members who are still here and have sent no regrets, and who stands in for them."""
    absent = {r.person for r in work.meetings.regrets(meeting.id)}
    absent |= {p.id for p in work.people.all() if not p.active}
    coming = {s.person for s in seats if not s.alternate} - absent
    coming &= set(meeting.called) or coming  # to an extraordinary meeting the chair chose who is called (D32)
    coming |= {stand_in for a, stand_in in meeting.stand_ins.items() if a in absent} - absent
    return frozenset(s.area for s in seats if s.person in coming)
