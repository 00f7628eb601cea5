"""Who may see which case: one rule, deny by default (D11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.people import Post, Role
from bot.domain.presentation import OPEN_STATES, State
from bot.domain.substitute import Substitute
from tests.support.rows import AT, Rows, a_person

WEDNESDAY = date(2026, 11, 25)  # AT is the Tuesday before


def test_a_caseworker_sees_the_cases_they_answer_for_and_no_others(town: Rows):
    peter = town.person("UPETER", Post(Role.CASEWORKER, "social"))
    mine, _others = town.case(caseworker=peter.id), town.case(caseworker="UMAJA")
    assert town.sees(peter) == [mine.id]


@pytest.mark.parametrize("state", sorted(State))
def test_a_caseworker_sees_what_they_have_asked_about_while_it_is_open(town: Rows, state: State):
    peter = town.person("UPETER", Post(Role.CASEWORKER, "youth"))
    case = town.case(caseworker="UMAJA")
    town.presentation(case, requested_by=peter.id, state=state)
    assert town.sees(peter) == ([case.id] if state in OPEN_STATES else [])


@pytest.mark.parametrize(("days", "seen"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_substitute_sees_the_case_on_their_days_and_nobody_else_through_them(
    town: Rows, days: int, seen: bool
):
    peter = town.person("UPETER", Post(Role.CASEWORKER, "youth"))
    nanna = town.person("UNANNA", Post(Role.CASEWORKER, "youth"))
    case = town.case(caseworker="UMAJA")
    first = AT.date() - timedelta(days=days)
    stint = Substitute("stint", case.id, peter.id, first, first + timedelta(days=9), "UMAJA", AT)
    with town.storage.open_work(at=AT) as work:
        work.substitutes.add(stint)
    assert (town.sees(peter), town.sees(nanna)) == ([case.id] if seen else [], [])


@pytest.mark.parametrize("role", [Role.AREA_LEADER, Role.DEPUTY_LEADER])
def test_a_leader_and_the_deputy_see_their_areas_cases_and_what_their_area_answers_for(
    town: Rows, role: Role
):
    leader = town.person("UANE", Post(role, "youth"))
    anchored = town.case(area="youth")
    presented = town.case(area="social")
    town.case(area="social")
    town.presentation(presented, area="youth", state=State.DECIDED)
    assert town.sees(leader) == [anchored.id, presented.id]


def test_the_secretary_sees_what_is_referred_or_on_an_agenda_but_not_a_mere_request(town: Rows):
    secretary = a_person("USEK", Post(Role.SECRETARY))
    asked, referred, decided = town.case(), town.case(), town.case()
    town.presentation(asked, state=State.REQUESTED)
    town.presentation(referred, state=State.REFERRED)
    town.presentation(decided, state=State.DECIDED, meeting_id=town.meeting().id)
    assert town.sees(secretary) == [referred.id, decided.id]


@pytest.mark.parametrize(
    ("days_from_tuesday", "day", "seen"),
    [
        (0, WEDNESDAY, True),  # this week's meeting
        (0, WEDNESDAY + timedelta(days=7), False),  # next week's, on a Tuesday
        (2, WEDNESDAY + timedelta(days=7), True),  # from Thursday (D18)
        (2, WEDNESDAY + timedelta(days=14), False),
        (15, WEDNESDAY, True),  # fourteen days after
        (16, WEDNESDAY, False),
    ],
)
def test_a_member_sees_the_meetings_near_today(town: Rows, days_from_tuesday: int, day: date, seen: bool):
    member = town.person("UANE", Post(Role.COMMITTEE_MEMBER))
    town.seat(member.id)
    case = town.case()
    town.presentation(case, meeting_id=town.meeting(day=day).id)
    assert town.sees(member, AT + timedelta(days=days_from_tuesday)) == ([case.id] if seen else [])


def test_a_member_without_a_seat_sees_nothing(town: Rows):
    member = town.person("UANE", Post(Role.COMMITTEE_MEMBER))
    town.presentation(town.case(), meeting_id=town.meeting().id)
    assert town.sees(member) == []


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.CONTROLLER, Role.EVALUATOR, Role.DPO, Role.DEPARTMENT_HEAD]
)
def test_a_role_that_needs_no_cases_sees_none(town: Rows, role: Role):
    person = town.person("UANE", Post(role, "social" if role == Role.DEPARTMENT_HEAD else None))
    case = town.case(caseworker=person.id)
    town.presentation(case, meeting_id=town.meeting().id, requested_by=person.id)
    assert town.sees(person) == []


def test_who_has_no_role_or_has_left_sees_nothing(town: Rows):
    maja = a_person()
    town.case(caseworker=maja.id)
    assert town.sees(maja.given(frozenset())) == []
    assert town.sees(replace(maja, active=False)) == []


def test_a_case_that_is_not_yours_is_not_found_by_any_road(town: Rows):
    case = town.case(caseworker="UMAJA", alias="Bogfinke")
    peter = town.person("UPETER", Post(Role.CASEWORKER, "social"))
    with town.storage.open_reading(at=AT) as work:
        assert work.cases.seen_by(case.id, peter, AT) is None
        assert work.cases.found_by("bogfinke", peter, AT) == []
        assert work.cases.found_by(case.key, peter, AT) == []
