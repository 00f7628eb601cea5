"""What a leader's morning names: a request nobody has answered, and what is missing before a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.case import Stage
from bot.domain.people import Role
from bot.usecases.overviews import days_to_look_at
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.usecases.test_overviews import JENS, MAJA, overviews

LISE, HEAD = "U0LISE0001", "U0ANNE0001"


@pytest.fixture
def office(database: Database) -> OfficeTown:
    return OfficeTown(database)


def morning_of(office: OfficeTown, day: date) -> None:
    office.jump_to(day, time(8, 0))
    office.knock()


def nobody_stands_in(office: OfficeTown) -> None:
    """An area with leaders and no deputies."""
    with office.house.storage.open_work(at=office.clock.at) as work:
        for person in work.people.holding(Role.DEPUTY_LEADER):
            posts = tuple(post for post in person.posts if post.role != Role.DEPUTY_LEADER)
            work.people.save(replace(person, posts=posts))


@pytest.mark.rule("T03", "F13")
def test_a_request_nobody_has_answered_in_time_is_in_the_leaders_morning_until_somebody_does(
    office: OfficeTown,
) -> None:
    nobody_stands_in(office)
    request = office.requested("Maja Holm")
    assert request.answer_by
    morning_of(office, request.answer_by)
    assert overviews(office, JENS) == []
    morning_of(office, office.house.rules.on(office.today).working_days.after(request.answer_by, 1))
    said = readable(overviews(office, JENS)[-1]["blocks"])
    assert "anmodningen mangler et svar" in said
    with office.work() as work:
        assert "passed_on" not in [entry.act for entry in work.journal.of_case(request.case_id)]
    assert overviews(office, MAJA) == []


@pytest.mark.rule("F13", "D31")
def test_the_head_hears_how_many_neither_leader_nor_deputy_has_answered_and_of_no_case(
    office: OfficeTown,
) -> None:
    request, other = office.requested("Maja Holm"), office.requested("Maja Holm")
    last = request.answer_by
    assert last
    for day in (days_after(office, last, 1), days_after(office, last, 2), days_after(office, last, 3)):
        morning_of(office, day)
    (said,) = (readable(m["blocks"]) for m in overviews(office, HEAD))  # on the second morning, and not again
    assert (
        said
        == "*I dag: 1 ting*\nSocialområdet: 2 anmodninger om henvisning mangler svar. Tal med områdets leder."
    )
    office.office.referrals.refer(office.asked("Jens Toft"), other.id, collector=None, meeting_id=None)
    assert [(kind, subject) for kind, subject, _ in lines(office, "Anne Bruun")] == [
        ("unanswered_in_area", "social")
    ]
    office.office.referrals.refer(office.asked("Jens Toft"), request.id, collector=None, meeting_id=None)
    assert lines(office, "Anne Bruun") == []


@pytest.mark.rule("F13", "D17")
def test_the_time_machine_stops_at_the_morning_after_a_request_should_have_been_answered(
    office: OfficeTown,
) -> None:
    request = office.requested("Maja Holm")
    assert request.answer_by
    with office.work() as work:
        looked_at = days_to_look_at(work, office.today, office.house.rules.on(office.today))
    assert {days_after(office, request.answer_by, n) for n in (1, 2)} <= set(looked_at)


@pytest.mark.rule("R020")
def test_what_is_missing_before_a_meeting_is_in_the_leaders_morning_too(office: OfficeTown) -> None:
    meeting = office.next_meetings(3)[1]
    referred = office.referred("Maja Holm", meeting=meeting.id)
    morning_of(office, office.house.rules.on(office.today).working_days.after(meeting.day, -2))
    with office.work() as work:
        alias = work.cases.get(referred.case_id).alias
    said = readable(overviews(office, JENS)[-1]["blocks"])
    assert f"»{alias}« mangler " in said
    assert "møde torsdag" in said


def days_after(office: OfficeTown, day: date, count: int) -> date:
    return office.house.rules.on(office.today).working_days.after(day, count)


def lines(office: OfficeTown, who: str) -> list[tuple[str, str, date]]:
    today = office.office.overviews.today(office.asked(who, once=False))
    return [(line.kind, line.subject, line.day) for line in today.lines]


@pytest.mark.rule("R118")
def test_a_request_for_advice_is_in_the_leaders_day_until_it_is_answered(office: OfficeTown) -> None:
    case, asked_on = active_case(office)[0], office.today
    advice = office.office.gatherings.ask_advice(
        office.asked("Maja Holm"), case.id, where="youth", question="what_help"
    )
    assert lines(office, "Lise Vang") == [("advice", advice, asked_on)]
    morning_of(office, days_after(office, asked_on, 2))
    assert overviews(office, LISE) == []
    morning_of(office, days_after(office, asked_on, 3))
    (morning,) = overviews(office, LISE)
    assert f"»{case.alias}«: der er bedt om dit råd 16. nov." in readable(morning["blocks"])
    assert "Giv råd" in readable(morning["blocks"])
    office.jump_to(days_after(office, asked_on, 34), time(12, 0))
    assert ("advice", advice, asked_on) in lines(office, "Lise Vang"), "the message is gone after thirty days"
    assert "advice" not in [kind for kind, *_ in lines(office, "Jens Toft")]
    office.office.gatherings.answer_advice(office.asked("Lise Vang"), advice, "we_can_help")
    assert lines(office, "Lise Vang") == []


@pytest.mark.rule("R118", "D11")
def test_nobody_is_reminded_of_advice_on_a_case_that_is_over(office: OfficeTown) -> None:
    case, _ = active_case(office)
    office.office.gatherings.ask_advice(
        office.asked("Maja Holm"), case.id, where="youth", question="what_help"
    )
    with office.house.storage.open_work(at=office.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), stage=Stage.CLOSED))
    assert lines(office, "Lise Vang") == []
