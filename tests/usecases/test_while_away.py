"""»Mens du var væk«: whatever piled up is one overview on the first morning back (D31, A9, D10)."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.decision import Recording
from bot.domain.people import Absence, Post, Role
from bot.domain.presentation import Presentation
from bot.usecases.session_facts import ItemView
from tests.support.office import OfficeTown, readable
from tests.support.session import begun, next_meeting, ready, saved

MAJA, HENRIK, LISE = "U0MAJA0001", "U0HENRIK01", "U0LISE0001"
MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


def postponed(town: OfficeTown, count: int) -> list[Presentation]:
    """So many of Maja's items, postponed at the next meeting, with the minutes approved the same evening."""
    meeting, later = next_meeting(town), town.next_meetings(3)[1]
    items = [ready(town, meeting) for _ in range(count)]
    town.office.absences.away(town.asked("Maja Holm"), MONDAY + timedelta(days=1), FRIDAY, None)
    town.deliver()
    page: Any = begun(town, meeting)
    while isinstance(page, ItemView):
        page = saved(town, page, Recording(choice="postponed", reason="time", to_meeting=later.id))
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    return items


def heard_on(town: OfficeTown, day: date, who: str = MAJA) -> list[str]:
    """What is new for the person on that day, knock by knock."""
    before = len(town.slack.posts)
    for clock in (time(7, 0), time(7, 30)):
        town.jump_to(day, clock)
        town.knock()
    return [readable(message["blocks"]) for to, message in town.slack.posts[before:] if to == who]


def first_lines(heard: list[str]) -> list[str]:
    return [words.splitlines()[0] for words in heard if "I dag:" not in words]


@pytest.mark.rule("D10", "D31")
def test_items_postponed_while_away_are_one_message_on_the_first_morning(town: OfficeTown) -> None:
    postponed(town, 3)
    saturday = date(2026, 11, 21)
    assert heard_on(town, saturday) == []
    monday = heard_on(town, saturday + timedelta(days=2))
    assert first_lines(monday) == ["Mens du var væk: 0 registreringer, 0 beslutninger, 3 punkter udsat."]
    before = len(town.slack.posts)
    town.jump(days=8)
    town.deliver()  # and none of them comes afterwards
    assert [to for to, _ in town.slack.posts[before:] if to == MAJA] == []


@pytest.mark.rule("D10", "D31")
@pytest.mark.parametrize("second", [(3, 4), (2, 4)], ids=["adjoining", "overlapping"])
def test_a_holiday_after_an_illness_is_one_message_that_counts_everything_once(
    town: OfficeTown, second: tuple[int, int]
) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    wishes = [town.requested() for _ in range(2)]
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add_absence(Absence(MAJA, days[0], days[2], None, "ill"))
        work.people.add_absence(Absence(MAJA, days[second[0]], days[second[1]], None, "holiday"))
    for day, wish in zip((days[2], days[3]), wishes, strict=True):
        town.jump_to(day, time(9, 0))
        town.office.referrals.return_(town.asked("Jens Toft"), wish.id, missing=("own_view",))
    monday = first_lines(heard_on(town, date(2026, 11, 23)))
    assert monday == ["Mens du var væk: 0 registreringer, 0 beslutninger, 2 andre nyheder."]


@pytest.mark.rule("D31", "D10")
def test_other_news_of_ones_own_cases_is_counted_and_what_was_declined_is_told(town: OfficeTown) -> None:
    """A declined request is seen nowhere else by whoever asked: that is a message of its own."""
    back, gone = town.requested(), town.requested()
    town.office.absences.away(town.asked("Maja Holm"), MONDAY, MONDAY, None)
    town.office.referrals.return_(town.asked("Jens Toft"), back.id, missing=("own_view",))
    town.office.referrals.decline(
        town.asked("Jens Toft"), gone.id, reason="one_area_enough", area="social", contact=MAJA
    )
    tuesday = first_lines(heard_on(town, date(2026, 11, 17)))
    assert "Mens du var væk: 0 registreringer, 0 beslutninger, 1 anden nyhed." in tuesday
    assert len(tuesday) == 2


@pytest.mark.rule("D31")
def test_back_early_hears_at_once_what_came_today(town: OfficeTown) -> None:
    wish = town.requested()
    absence = town.office.absences.away(town.asked("Maja Holm"), MONDAY, FRIDAY, None)
    town.office.referrals.return_(town.asked("Jens Toft"), wish.id, missing=("own_view",))
    town.office.absences.back(town.asked("Maja Holm"), absence.id)
    town.jump(minutes=10)
    town.deliver()
    assert len(town.heard(MAJA)) == 1


@pytest.mark.rule("D31")
def test_a_leader_hears_what_the_deputy_did(town: OfficeTown) -> None:
    town.office.absences.allow_deputies(town.asked("Bo Winther"), HENRIK, (MAJA,))
    town.office.absences.away(town.asked("Henrik Dahl"), MONDAY, FRIDAY, MAJA)
    wish, other = town.requested("Sofie Bech"), town.requested("Sofie Bech")
    own = town.requested("Maja Holm")
    maja = town.asked("Maja Holm")
    town.office.referrals.refer(maja, wish.id, collector=None, meeting_id=None)
    town.office.referrals.return_(town.asked("Maja Holm"), other.id, missing=("own_view",))
    town.office.referrals.refer(town.asked("Jens Toft"), own.id, collector=None, meeting_id=None)
    monday = heard_on(town, date(2026, 11, 23), HENRIK)
    assert next(words for words in monday if "Mens du var væk" in words).splitlines()[:2] == [
        "Mens du var væk: 0 registreringer, 0 beslutninger.",
        "Maja Holm tog over: 2 svar om henvisning.",
    ]


@pytest.mark.rule("D31")
def test_who_leads_no_longer_hears_nothing_of_what_the_deputy_did(town: OfficeTown) -> None:
    town.office.absences.away(town.asked("Henrik Dahl"), MONDAY, FRIDAY, LISE)
    wish = town.requested("Sofie Bech")
    town.office.referrals.refer(town.asked("Lise Vang"), wish.id, collector=None, meeting_id=None)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(work.people.get(HENRIK).given(frozenset({Post(Role.CHAIR)})))
    assert not any("Mens du var væk" in words for words in heard_on(town, date(2026, 11, 23), HENRIK))


@pytest.mark.rule("D31")
def test_a_secretary_hears_what_was_done_about_meetings_and_nobody_hears_that_nothing_was(
    town: OfficeTown,
) -> None:
    town.office.absences.allow_deputies(town.asked("Bo Winther"), "U0LONE0001", (LISE,))
    town.office.absences.away(town.asked("Lone Ager"), MONDAY, FRIDAY, LISE)
    town.office.absences.away(town.asked("Henrik Dahl"), MONDAY, FRIDAY, LISE)
    meeting, later = next_meeting(town), town.next_meetings(3)[1]
    ready(town, meeting)
    page: Any = begun(town, meeting, by="Lise Vang")
    page = saved(
        town, page, Recording(choice="postponed", reason="time", to_meeting=later.id), by="Lise Vang"
    )
    town.office.sessions.close(town.asked("Lise Vang"), meeting.id)
    lone = heard_on(town, date(2026, 11, 23), "U0LONE0001")
    assert [words.splitlines()[1] for words in lone if "Mens du var væk" in words] == [
        "Lise Vang tog over: 2 ting om møder og referater."
    ]
    assert not any("Mens du var væk" in words for words in town.heard(HENRIK))
