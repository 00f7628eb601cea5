"""Who is around a case, for its page: who stands in, and what the viewer may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import Case, Stage
from bot.domain.contacts import Contact
from bot.domain.presentation import Kind, Presentation
from bot.usecases.ports import Asked, Work


@dataclass(frozen=True)
class CasePeople:
    """Part of the case's page."""

    substitute: str | None = None  # a name; None: nobody stands in
    until: date | None = None
    may_accept: bool = False  # »Jeg tager sagen« (T17)
    not_taken_by: str | None = None  # for the leader: the fixed caseworker who has not said so yet
    may_set: bool = False
    may_end: bool = False
    may_change: bool = False
    may_group: bool = False
    may_contacts: bool = False
    may_see_contacts: bool = False
    group: tuple[Contact, ...] = ()
    contacts: tuple[Contact, ...] = ()
    handed_over_on: date | None = None  # decided, and its day has not come
    overlap_from: date | None = None  # both see it from this day
    new: str | None = None


def people_of(work: Work, asked: Asked, case: Case, presentations: tuple[Presentation, ...]) -> CasePeople:
    standing = work.substitutes.now_on(case.id, asked.today)
    waiting = work.handovers.waiting_on(case.id)
    leads, mine = asked.by.leads(case.area) and case.is_open, case.caseworker == asked.by.id and case.is_open
    stands_in = standing is not None and standing.person == asked.by.id
    active = case.stage == Stage.ACTIVE
    under_way = {p.kind for p in presentations if p.is_open}
    takes_over = waiting is not None and waiting.new == asked.by.id and waiting.overlaps(asked.today)
    near = mine or stands_in or takes_over
    return CasePeople(
        substitute=work.people.get(standing.person).name if standing else None,
        until=standing.last if standing else None,
        may_accept=mine and case.waits_to_be_taken,
        not_taken_by=work.people.get(case.caseworker).name if leads and case.waits_to_be_taken else None,
        may_set=leads and standing is None,
        may_end=standing is not None and (leads or mine),
        may_change=active and (leads or mine) and Kind.CASEWORKER_CHANGE not in under_way,
        may_group=active and mine and Kind.BACKGROUND_GROUP not in under_way,
        may_contacts=mine,
        may_see_contacts=near,
        group=case.group if near else (),
        contacts=case.contacts if near else (),
        handed_over_on=waiting.on if waiting else None,
        overlap_from=waiting.overlap_from if waiting else None,
        new=work.people.get(waiting.new).name if waiting else None,
    )
