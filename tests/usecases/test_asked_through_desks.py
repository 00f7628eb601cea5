"""What the desks' own stories ask on one database, asked here on each: forms that are kept, the door, an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.demo import town as demo
from bot.domain.money import Kroner
from bot.domain.presentation import Measure
from bot.usecases.frame_facts import Use
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.usecases.test_agendas import CLOSED, MONDAY, on_agenda

FORM = ("case_new", "")


@pytest.mark.rule("D37")
def test_a_form_is_kept_until_it_is_as_it_stood_and_a_desk_keeps_for_itself(town: OfficeTown) -> None:
    drafts, maja = town.office.drafts, town.asked("Maja Holm")
    about = {"shown": {"alias": ""}, "written": frozenset[str](), "sent_as": None}
    drafts.keep_form(maja, FORM, {"alias": "Stær"}, **about)
    begun = drafts.begun(maja, FORM)
    assert begun is not None and begun.answers == {"alias": "Stær"}
    drafts.keep_form(maja, FORM, {"alias": ""}, **about)
    assert drafts.begun(maja, FORM) is None
    drafts.keep(maja, "desk", "one", {"page": 2})
    assert drafts.held(maja, "desk", "one") == {"page": 2}
    drafts.drop(maja, "desk", "one")
    assert drafts.held(maja, "desk", "one") is None


@pytest.mark.rule("R135")
def test_an_address_of_the_calendar_is_given_anew_and_closed(town: OfficeTown) -> None:
    calendars, lone = town.office.calendars, town.asked("Lone Ager")

    def address() -> str | None:
        with town.work() as work:
            return str(next(iter(work.committees.all())).calendar_token or "") or None

    calendars.give_address(lone)
    first = address()
    calendars.give_address(town.asked("Lone Ager"))
    assert None not in (first, address()) and first != address()
    calendars.close_address(town.asked("Lone Ager"))
    assert address() is None


@pytest.mark.rule("D12")
def test_at_the_door_a_stranger_is_turned_away_and_somebody_with_a_role_is_welcomed(town: OfficeTown) -> None:
    town.office.people.turned_away("U0GAEST001", at=town.clock.at)
    with town.work() as work:
        assert [entry.facts for entry in work.journal.of_acts("turned_away")] == [{"person": "U0GAEST001"}]
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(replace(work.people.get("U0MAJA0001"), welcomed=False))
    town.office.people.welcomed(town.asked("Maja Holm"))
    assert town.person("Maja Holm").welcomed


@pytest.mark.rule("D35")
def test_a_use_is_repeated_today_with_its_amount_and_purpose(town: OfficeTown) -> None:
    case, _ = active_case(town)
    frames = town.office.frames
    first = frames.use(town.asked("Maja Holm"), case.id, Use(Kroner.of(900), "transport", town.today))
    town.jump(days=1)
    again = frames.repeat(town.asked("Maja Holm"), first.entry.id)
    assert (again.entry.amount, again.entry.purpose) == (Kroner.of(900), "transport")
    assert again.entry.id != first.entry.id


@pytest.mark.rule("A7")
def test_a_measure_is_taken_out_again_and_a_leader_says_yes_for_who_cannot_press(town: OfficeTown) -> None:
    wish, ready = town.referred("Maja Holm"), town.office.readiness
    for code in ("mentor_support", "housing_support"):
        ready.add_measure(town.asked("Maja Holm"), wish.id, Measure(code, "youth"))
    left = ready.remove_measure(town.asked("Maja Holm"), wish.id, 0)
    assert [measure.code for measure in left.recommendation.measures] == ["housing_support"]
    said = ready.yes_on_behalf(town.asked("Jens Toft"), wish.id)
    assert said.recommendation.yes_on_behalf_by == town.person("Jens Toft").id


@pytest.mark.rule("D32")
def test_a_channel_that_is_brought_back_is_found_by_looking(town: OfficeTown) -> None:
    """Slack tells no app of it; whoever cannot wait for the minute presses *Prøv igen*."""
    on_agenda(town)
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, archived=True)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    town.office.outbox.place_again(town.asked("Lone Ager"), demo.OPEN_CHANNEL)
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump(minutes=2)
    town.knock()
    assert len(town.heard(demo.OPEN_CHANNEL)) == 1


@pytest.mark.rule("D7")
def test_each_week_one_more_meeting_lies_a_year_ahead(town: OfficeTown) -> None:
    def last() -> date:
        with town.work() as work:
            return max(m.day for m in work.meetings.next_after(demo.COMMITTEE, town.today, count=100))

    before = last()
    town.jump(days=7)
    town.office.meetings.lay_out_due(town.clock.at)
    assert last() > before
