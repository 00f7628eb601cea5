"""Who does the daily work on a case today: its caseworker, or whoever stands in (T25, R060)."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.people import Person
from bot.domain.presentation import Presentation
from bot.domain.two_chairs import may_coordinate
from bot.usecases.ports import Asked, Work


def acts_for(work: Work, case: Case, person: Person, day: date) -> bool:
    """The case's caseworker, or whoever stands in on that day: who may do the daily work on it (R060)."""
    if case.caseworker == person.id:
        return True
    standing = work.substitutes.now_on(case.id, day)
    return standing is not None and standing.person == person.id


def may_send(work: Work, case: Case, person: Person, day: date) -> bool:
    """Who asks for the committee: whoever has the case today, and a leader of its area while nobody who is here has (T03)."""
    if acts_for(work, case, person, day):
        return True
    standing = work.substitutes.now_on(case.id, day)
    has_it = standing.person if standing else case.caseworker
    here = may_coordinate(work.people.find(has_it)) and not work.people.away(has_it, day)
    return person.leads(case.area) and not here


def may_fill(work: Work, asked: Asked, presentation: Presentation, case: Case) -> bool:
    """Who makes a presentation ready: whoever asked or gathers, whoever has the case today, a leader of its area."""
    gather = (presentation.requested_by, presentation.collector)
    mine = asked.by.id in gather or acts_for(work, case, asked.by, asked.today)
    return mine or asked.by.leads(presentation.area)


def end_substitutes(work: Work, case: Case, *, at: datetime) -> None:
    """Nobody stands in for somebody who has the case no longer: not today, and not on days that were agreed (T24, T28)."""
    today = local_date(at)
    for stint in work.substitutes.of_case(case.id):
        if stint.ended_at is None and stint.last >= today:
            work.substitutes.save(stint.ended(at=at, day=today))
            work.note("substitute_ended", case=case.id, person=stint.person)
    work.notices.handle(f"substitute_long:{case.id}:")
