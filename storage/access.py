"""The one access rule, as the database asks it (D11): which cases a person may see at an instant.

Everything that lists, searches, opens, exports or tells goes through `visible`. Deny by default: a person with none
of the relations below sees nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from bot.domain.calendar import local_date
from bot.domain.people import Person, Role
from bot.domain.presentation import OPEN_STATES, State
from storage.tables import cases, meetings, presentations, seats

AFTER_MEETING = timedelta(days=14)
"""A member sees the cases of a meeting until fourteen days after it."""

ON_THE_QUEUE = (State.REFERRED, State.READY, State.POSTPONED)


def visible(viewer: Person, at: datetime) -> ColumnElement[bool]:
    """A condition on `cases`. The relations are those of the privacy matrix (»own«)."""
    if not viewer.has_any_role:
        return false()
    reasons = [
        _answers_for_it(viewer),
        _presents_it(viewer),
        _leads_its_area(viewer),
        _sits_on_its_meeting(viewer, at),
        _runs_the_meetings(viewer),
    ]
    return or_(false(), *(r for r in reasons if r is not None))  # no reason is no case, never all of them


def _answers_for_it(viewer: Person) -> ColumnElement[bool] | None:
    return cases.c.caseworker == viewer.id if viewer.has(Role.CASEWORKER) else None


def _presents_it(viewer: Person) -> ColumnElement[bool] | None:
    if not viewer.has(Role.CASEWORKER):
        return None
    open_now = presentations.c.state.in_([s.value for s in OPEN_STATES])
    return _has_presentation(presentations.c.requested_by == viewer.id, open_now)


def _leads_its_area(viewer: Person) -> ColumnElement[bool] | None:
    areas = viewer.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    if not areas:
        return None
    return or_(cases.c.area.in_(areas), _has_presentation(presentations.c.area.in_(areas)))


def _runs_the_meetings(viewer: Person) -> ColumnElement[bool] | None:
    if not viewer.runs_meetings:
        return None
    on_queue = presentations.c.state.in_([s.value for s in ON_THE_QUEUE])
    return _has_presentation(or_(on_queue, presentations.c.meeting_id.is_not(None)))


def _sits_on_its_meeting(viewer: Person, at: datetime) -> ColumnElement[bool] | None:
    if not viewer.has(Role.COMMITTEE_MEMBER):
        return None
    first, last = member_window(local_date(at))
    sits = exists(select(1).where(seats.c.committee == meetings.c.committee, seats.c.person == viewer.id))
    return exists(
        select(1)
        .select_from(presentations.join(meetings, meetings.c.id == presentations.c.meeting_id))
        .where(presentations.c.case_id == cases.c.id, meetings.c.day.between(first, last), sits)
    )


def member_window(today: date) -> tuple[date, date]:
    """The days whose meetings a member sees: fourteen days back, and next week's from this week's Thursday (D18)."""
    monday = today - timedelta(days=today.weekday())
    weeks_shown = 2 if today.weekday() >= 3 else 1
    return today - AFTER_MEETING, monday + timedelta(days=7 * weeks_shown - 1)


def _has_presentation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(and_(presentations.c.case_id == cases.c.id, *conditions)))
