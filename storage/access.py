"""The one access rule, as the database asks it (D11): which cases a person may see at an instant.

Everything that lists, searches, opens, exports or tells goes through `visible`. Deny by default: a person with none
of the relations below sees nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    bindparam,
    exists,
    false,
    not_,
    or_,
    select,
    union,
)

from bot.domain.ballot import BallotState
from bot.domain.calendar import local_date
from bot.domain.case import OPEN_STAGES
from bot.domain.committee import MemberWindow
from bot.domain.emergency import WORK_WITH_CASES
from bot.domain.people import ROLES_OF_A_COMMITTEE, Person, PersonId, Role
from bot.domain.presentation import OPEN_STATES, State
from storage.memory import among
from storage.tables import (
    advice_requests,
    alarms,
    ballot_voters,
    ballots,
    cases,
    co_presenters,
    conflicts,
    emergencies,
    handovers,
    meetings,
    presentations,
    seats,
    substitutes,
)

ON_THE_QUEUE = (State.REFERRED, State.READY, State.POSTPONED)


def few(viewer: Person, at: datetime) -> CompoundSelect[Any] | None:
    """The ids of the same cases as `visible`, where a search may begin; None for whoever may see very many."""
    if (
        viewer.is_leader
        or viewer.runs_meetings
        or not viewer.has(Role.CASEWORKER)
        or viewer.has(Role.COMMITTEE_MEMBER)
    ):
        return None
    day = local_date(at)
    return union(
        select(cases.c.id).where(cases.c.caseworker == viewer.id),
        select(substitutes.c.case_id).where(substitutes.c.person == viewer.id, stands_in(day)),
        select(handovers.c.case_id).where(handovers.c.new == viewer.id, overlaps(day)),
        select(presentations.c.case_id).where(
            presentations.c.requested_by == viewer.id, among(presentations.c.state, *OPEN_STATES)
        ),
        select(presentations.c.case_id)
        .join(co_presenters, co_presenters.c.presentation_id == presentations.c.id)
        .where(co_presenters.c.person == viewer.id, among(presentations.c.state, *OPEN_STATES)),
        select(emergencies.c.case_id).where(emergencies.c.person == viewer.id, emergencies.c.until > at),
    )


def visible(viewer: Person, at: datetime, window: MemberWindow) -> ColumnElement[bool]:
    """A condition on `cases`. The relations are those of the privacy matrix (»own«); `window` is the rules' (D8)."""
    if not viewer.has_any_role:
        return false()
    reasons = [
        _answers_for_it(viewer),
        _stands_in_on_it(viewer, at),
        _takes_over(viewer, at),
        _presents_it(viewer),
        _leads_its_area(viewer),
        _sits_on_its_meeting(viewer, at, window),
        _runs_the_meetings(viewer),
        _follows_its_ballots(viewer),
        _answers_a_ballot(viewer, at, window),
        _hears_its_alarm(viewer),
        _is_asked_for_advice(viewer),
        _came_by_the_emergency_door(viewer, at),
    ]
    return or_(false(), *(r for r in reasons if r is not None))  # no reason is no case, never all of them


OWN = cases.c.caseworker == bindparam("viewer")
"""The first reason alone, of whoever `may_have_own`: most of what is opened is one's own, and needs no other."""


def may_have_own(viewer: Person) -> bool:
    return viewer.has(Role.CASEWORKER)


def answers_for(viewer: Person, caseworker: PersonId) -> bool:
    """The same, of a case in the hand."""
    return may_have_own(viewer) and caseworker == viewer.id


def _answers_for_it(viewer: Person) -> ColumnElement[bool] | None:
    return cases.c.caseworker == viewer.id if may_have_own(viewer) else None


def _stands_in_on_it(viewer: Person, at: datetime) -> ColumnElement[bool] | None:
    """A substitute, on the days they stand in and no other (T25, privacy matrix)."""
    if not viewer.has(Role.CASEWORKER):
        return None
    mine = and_(substitutes.c.case_id == cases.c.id, substitutes.c.person == viewer.id)
    return exists(select(1).where(mine, stands_in(local_date(at))))


def stands_in(day: date) -> ColumnElement[bool]:
    """A condition on `substitutes`: not ended, and the day is one of its days."""
    return and_(substitutes.c.ended_at.is_(None), substitutes.c.first <= day, substitutes.c.last >= day)


def _takes_over(viewer: Person, at: datetime) -> ColumnElement[bool] | None:
    """Who is to be the fixed caseworker, in the overlap; the old one stays until the day and then leaves (T24)."""
    if not viewer.has(Role.CASEWORKER):
        return None
    still_open = cases.c.stage.in_([s.value for s in OPEN_STAGES])
    mine = and_(handovers.c.case_id == cases.c.id, handovers.c.new == viewer.id)
    return and_(still_open, exists(select(1).where(mine, overlaps(local_date(at)))))


def overlaps(day: date) -> ColumnElement[bool]:
    """A condition on `handovers`: decided, not carried out, and the overlap has begun."""
    return and_(handovers.c.done_at.is_(None), handovers.c.overlap_from <= day)


def _presents_it(viewer: Person) -> ColumnElement[bool] | None:
    """Whoever brings a case sees it while it is open, and through it their own item alone (R007)."""
    if not viewer.has(Role.CASEWORKER):
        return None
    open_now = presentations.c.state.in_([s.value for s in OPEN_STATES])
    asked_for = _has_presentation(presentations.c.requested_by == viewer.id, open_now)
    return or_(asked_for, _has_presentation(taken_along(viewer), open_now))


def taken_along(viewer: Person) -> ColumnElement[bool]:
    """A condition on `presentations`: they bring it forward together with whoever asked."""
    mine = and_(co_presenters.c.presentation_id == presentations.c.id, co_presenters.c.person == viewer.id)
    return exists(select(1).where(mine))


def _leads_its_area(viewer: Person) -> ColumnElement[bool] | None:
    areas = viewer.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    if not areas:
        return None
    return or_(cases.c.area.in_(areas), _has_presentation(presentations.c.area.in_(areas)))


def _is_asked_for_advice(viewer: Person) -> ColumnElement[bool] | None:
    """A leader of an area that is asked for advice, until the answer, or until the case is over (R118)."""
    areas = viewer.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    if not areas:
        return None
    waits = and_(advice_requests.c.case_id == cases.c.id, advice_requests.c.answered_at.is_(None))
    still_open = cases.c.stage.in_([s.value for s in OPEN_STAGES])
    return and_(still_open, exists(select(1).where(waits, advice_requests.c.area.in_(areas))))


def _came_by_the_emergency_door(viewer: Person, at: datetime) -> ColumnElement[bool] | None:
    """For an hour, told and written down; only whoever still works with cases."""
    if not any(viewer.has(role) for role in WORK_WITH_CASES):
        return None
    mine = and_(emergencies.c.case_id == cases.c.id, emergencies.c.person == viewer.id)
    return exists(select(1).where(mine, emergencies.c.at <= at, emergencies.c.until > at))


def _runs_the_meetings(viewer: Person) -> ColumnElement[bool] | None:
    """Of their own committee, and of no other (docs/decisions/26)."""
    run = viewer.committees_as(*ROLES_OF_A_COMMITTEE)
    if not run:
        return None
    on_queue = presentations.c.state.in_([s.value for s in ON_THE_QUEUE])
    on_it = or_(on_queue, presentations.c.meeting_id.is_not(None))
    return _has_presentation(on_it, presentations.c.committee.in_(run))


def _hears_its_alarm(viewer: Person) -> ColumnElement[bool] | None:
    """The chair sees a case of their committee that lacks something until it is mended (T32)."""
    chaired = viewer.committees_as(Role.CHAIR)
    if not chaired:
        return None
    stands = exists(select(1).where(alarms.c.case_id == cases.c.id, alarms.c.mended_at.is_(None)))
    return and_(stands, cases.c.committee.in_(chaired))


def _sits_on_its_meeting(viewer: Person, at: datetime, window: MemberWindow) -> ColumnElement[bool] | None:
    if not viewer.has(Role.COMMITTEE_MEMBER):
        return None
    first, last = window.days(local_date(at))
    sits = exists(
        select(1).where(
            seats.c.committee == meetings.c.committee,
            seats.c.person == viewer.id,
            or_(seats.c.first.is_(None), seats.c.first <= meetings.c.day),
            or_(seats.c.last.is_(None), seats.c.last >= meetings.c.day),
            or_(seats.c.alternate.is_(False), _named_in("stand_ins", viewer), _named_in("attending", viewer)),
        )
    )
    return exists(
        select(1)
        .select_from(presentations.join(meetings, meetings.c.id == presentations.c.meeting_id))
        .where(
            presentations.c.case_id == cases.c.id,
            meetings.c.day.between(first, last),
            sits,
            not_(_disqualified(viewer)),
        )
    )


def _named_in(part: str, viewer: Person) -> ColumnElement[bool]:
    """An alternate sits on a meeting once they have said yes, or were there (D31)."""
    written: ColumnElement[str] = meetings.c.more[part].as_string()
    return written.contains(f'"{viewer.id}"', autoescape=True)


def _follows_its_ballots(viewer: Person) -> ColumnElement[bool] | None:
    """Who runs the meetings follows a written procedure (D32), and its minutes afterwards."""
    run = viewer.committees_as(*ROLES_OF_A_COMMITTEE)
    if not run:
        return None
    return exists(select(1).where(ballots.c.case_id == cases.c.id, ballots.c.committee.in_(run)))


def _answers_a_ballot(viewer: Person, at: datetime, window: MemberWindow) -> ColumnElement[bool] | None:
    """Whoever is asked in a written procedure (D32), until fourteen days after its deadline like after a meeting."""
    if not viewer.has(Role.COMMITTEE_MEMBER):
        return None
    return exists(
        select(1)
        .select_from(ballots.join(ballot_voters, ballot_voters.c.ballot_id == ballots.c.id))
        .where(
            ballots.c.case_id == cases.c.id,
            ballots.c.state != BallotState.WITHDRAWN.value,
            ballots.c.deadline >= at - window.after,
            ballot_voters.c.person == viewer.id,
        )
    )


def _disqualified(viewer: Person) -> ColumnElement[bool]:
    """Who has declared a conflict on the item does not see its case as a member."""
    return exists(
        select(1).where(conflicts.c.presentation_id == presentations.c.id, conflicts.c.person == viewer.id)
    )


def _has_presentation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(and_(presentations.c.case_id == cases.c.id, *conditions)))
