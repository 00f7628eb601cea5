"""What a leader's morning names: a request nobody has answered, and what is missing before a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.people import Role
from storage.engine import Database
from tests.support.office import OfficeTown, readable
from tests.usecases.test_overviews import JENS, MAJA, overviews


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
