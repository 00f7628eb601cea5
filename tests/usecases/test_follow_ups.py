"""Follow-ups: ready in four questions, and another date (A6, D10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.calendar import school_break
from bot.domain.decision import Recording
from bot.domain.follow_up import (
    ClosingMissing,
    FollowUpTooLate,
    MoveNeedsCommittee,
    NoMeetingNear,
    ProgressMissing,
    proposed_next,
)
from bot.domain.frame import CommitmentsOpen
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, State
from bot.rules import read_rules
from bot.texts import texts
from bot.usecases.follow_ups import Answers, waiting_wishes
from bot.usecases.frames import Use
from bot.views import follow_up as views
from handlers.refusals import words
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import begun, saved

RULES = read_rules().on(date(2026, 11, 16))

PROGRESS = {"education": "on_track", "employment": "stalled"}


@pytest.fixture
def office(database: Database) -> OfficeTown:
    return OfficeTown(database)


def opened(office: OfficeTown, follow_up: str) -> Any:
    return office.office.follow_ups.open(office.asked("Maja Holm"), follow_up)


def prepared(office: OfficeTown, follow_up: str, **change: Any) -> Any:
    answers = Answers(
        progress=PROGRESS,
        own_view="conversation",
        next_meeting=opened(office, follow_up).proposed,
    )
    return office.office.follow_ups.prepare(office.asked("Maja Holm"), follow_up, replace(answers, **change))


@pytest.mark.rule("T23")
def test_four_answers_make_it_ready_without_a_leader(office: OfficeTown) -> None:
    _, follow_up = active_case(office)
    done = prepared(office, follow_up)
    assert done.presentation.state == State.READY
    assert done.presentation.recommendation.progress == PROGRESS
    assert done.presentation.ticks["own_view"].how == "conversation"
    assert done.presentation.recommendation.follow_up_on is not None


def test_without_the_own_view_it_is_kept_and_says_what_is_missing(office: OfficeTown) -> None:
    _, follow_up = active_case(office)
    done = prepared(office, follow_up, own_view="not_yet")
    assert done.presentation.state == State.REFERRED
    said = readable(views.done(texts("da"), done)["blocks"])
    assert "Der mangler 1 ting: den unges egen holdning." in said
    assert prepared(office, follow_up).presentation.state == State.READY


@pytest.mark.rule("R071", "T28")
def test_each_goal_needs_a_word_and_closing_a_criterion(office: OfficeTown) -> None:
    _, follow_up = active_case(office)
    with pytest.raises(ProgressMissing) as said:
        prepared(office, follow_up, progress={"education": "reached"})
    assert said.value.field == "progress_employment"
    with pytest.raises(ClosingMissing):
        prepared(office, follow_up, outcome="close", next_meeting=None)
    with pytest.raises(ClosingMissing):  # which stops the reminders by itself, on another form (T28)
        prepared(office, follow_up, outcome="close", closing="dead", next_meeting=None)
    closing = prepared(office, follow_up, outcome="close", closing="education", next_meeting=None)
    assert (closing.presentation.state, closing.presentation.recommendation.follow_up_on) == (
        State.READY,
        None,
    )


def test_beyond_three_months_the_latest_meeting_is_named(office: OfficeTown) -> None:
    _, follow_up = active_case(office, follow_up=office.next_meetings(1)[0])
    with office.work() as work:
        far = work.meetings.next_after("committee-youth", date(2027, 2, 20), count=1)[0]
    with pytest.raises(FollowUpTooLate) as said:
        prepared(office, follow_up, next_meeting=far.id)
    assert said.value.facts == {"months": 3, "latest": date(2027, 2, 18)}


@pytest.mark.rule("R064")
def test_the_next_one_is_proposed_about_twelve_weeks_on_outside_school_holidays(office: OfficeTown) -> None:
    _, follow_up = active_case(
        office, follow_up=office.next_meetings(2)[1]
    )  # 26 November: twelve weeks is week 7
    found = opened(office, follow_up)
    assert dict(found.next_choices)[found.proposed] == date(2027, 2, 11)
    form = readable(views.ready_form(texts("da"), RULES, found, meta="{}")["blocks"])
    assert "Uge 7 er vinterferie. Nærmeste møde er torsdag 11. februar." in form
    assert "Week 7 is winter holiday" in readable(
        views.ready_form(texts("en"), RULES, found, meta="{}")["blocks"]
    )


def test_no_day_is_proposed_in_a_school_holiday() -> None:
    start = date(2026, 1, 1)
    thursdays = tuple(start + timedelta(weeks=n) for n in range(120))
    for after in thursdays[:80]:
        found = proposed_next(tuple(d for d in thursdays if d > after), after=after, weeks=12)
        assert found is not None
        assert school_break(found) is None


def test_the_form_shows_at_most_six_fields(office: OfficeTown) -> None:
    _, follow_up = active_case(office, goals=("education", "employment", "income_basis"))
    found = opened(office, follow_up)
    for language in ("da", "en"):
        for held in ({}, {"outcome": "close"}):
            form = views.ready_form(texts(language), RULES, found, meta="{}", held=held)
            assert sum(b["type"] == "input" for b in form["blocks"]) <= 6
        assert views.move_form(texts(language), RULES, found, meta="{}")


def test_somebody_elses_follow_up_is_not_prepared(office: OfficeTown) -> None:
    _, follow_up = active_case(office)
    with pytest.raises(NotForYou):
        office.office.follow_ups.open(office.asked("Jens Toft"), follow_up)


def wished(office: OfficeTown, follow_up: str, meeting: str) -> Any:
    return office.office.follow_ups.ask_new_date(
        office.asked("Maja Holm"), follow_up, meeting_id=meeting, reason="illness"
    )


def test_a_new_date_is_asked_for_and_the_secretary_answers_with_one_press(office: OfficeTown) -> None:
    first, second = office.next_meetings(2)
    case, follow_up = active_case(office, follow_up=first)
    assert wished(office, follow_up, second.id).wished
    office.deliver()
    assert f"Maja Holm beder om ny dato til »{case.alias}«" in office.heard("U0LONE0001")[0]
    given = office.office.follow_ups.answer_new_date(office.asked("Lone Ager"), follow_up, second.id)
    office.deliver()
    assert (given.day, given.wished) == (second.day, False)
    assert "Klaret" in office.heard("U0LONE0001")[0]
    assert "følges op torsdag 26. november (uge 48)" in office.heard("U0MAJA0001")[0]
    with office.work() as work:
        assert work.frames.open_of(case.id).follow_up_on == second.day
    with pytest.raises(AlreadySettled):
        office.office.follow_ups.answer_new_date(office.asked("Lone Ager"), follow_up, first.id)


@pytest.mark.rule("T21", "D10")
def test_the_secretary_puts_a_follow_up_no_further_off_than_the_longest_interval(office: OfficeTown) -> None:
    """Agreed on 16 November, so 16 February at the latest: the caseworker, the secretary and Home say the same."""
    last = [m for m in office.next_meetings(14) if m.day <= date(2027, 2, 16)][-1]
    beyond = office.next_meetings(14)[-1]
    assert beyond.day > date(2027, 2, 16)
    _, follow_up = active_case(office, follow_up=office.next_meetings(12)[10])
    wished(office, follow_up, last.id)
    with office.work() as work:
        rules = office.house.rules.on(office.today)
        [asked_for] = waiting_wishes(work, office.person("Lone Ager"), office.clock.now(), rules)
        assert max(day for _, day in asked_for.choices) <= date(2027, 2, 16)
    with pytest.raises(FollowUpTooLate) as said:
        office.office.follow_ups.answer_new_date(office.asked("Lone Ager"), follow_up, beyond.id)
    assert said.value.field == "meeting"
    given = office.office.follow_ups.answer_new_date(office.asked("Lone Ager"), follow_up, last.id)
    assert given.day == last.day


@pytest.mark.rule("T21", "D10", "D19")
def test_another_date_is_given_only_by_who_runs_the_meetings_ahead_and_not_while_it_waits_for_the_minutes(
    office: OfficeTown,
) -> None:
    first, second = office.next_meetings(2)
    _, follow_up = active_case(office, follow_up=first)
    wished(office, follow_up, second.id)
    give = office.office.follow_ups.answer_new_date
    with pytest.raises(NotForYou):
        give(office.asked("Maja Holm"), follow_up, second.id)
    with pytest.raises(NoMeetingNear) as said:
        give(office.asked("Lone Ager"), follow_up, "nothing")
    assert said.value.field == "meeting"
    page = begun(office, first)
    saved(office, page, Recording(choice="discussed"))
    office.office.sessions.close(office.asked("Lone Ager"), first.id)
    with pytest.raises(AlreadySettled) as settled:
        give(office.asked("Lone Ager"), follow_up, second.id)
    assert settled.value.facts["state"] == State.DECIDED
    with office.work() as work:
        stands = work.presentations.get(follow_up)
        assert (stands.meeting_id, stands.date_moved) == (first.id, 0)
        assert work.presentations.wish(follow_up) is not None, "the wish is not lost"


def test_a_second_time_or_more_than_four_weeks_needs_the_committee(office: OfficeTown) -> None:
    meetings = office.next_meetings(7)
    _, follow_up = active_case(office, follow_up=meetings[0])
    with pytest.raises(MoveNeedsCommittee):
        wished(office, follow_up, meetings[6].id)
    wished(office, follow_up, meetings[1].id)
    office.office.follow_ups.answer_new_date(office.asked("Lone Ager"), follow_up, meetings[1].id)
    with pytest.raises(MoveNeedsCommittee):
        wished(office, follow_up, meetings[2].id)
    found = opened(office, follow_up)
    assert found.move_choices == ()
    assert "kan ikke flyttes mere" in readable(
        views.move_form(texts("da"), RULES, found, meta="{}")["blocks"]
    )


def test_a_case_is_not_closed_while_something_is_set_aside(office: OfficeTown) -> None:
    case, follow_up = active_case(office)
    asked = office.asked("Maja Holm")
    until = office.today + timedelta(days=60)
    aside = Use(Kroner.of(8_400), "mentor_support", office.today, commitment=True, period_until=until)
    receipt = office.office.frames.use(asked, case.id, aside)
    closing: dict[str, Any] = {"outcome": "close", "closing": "education", "next_meeting": None}
    with pytest.raises(CommitmentsOpen) as said:
        prepared(office, follow_up, **closing)
    assert said.value.field == "outcome"
    danish, english = (str(words(said.value, texts(language))) for language in ("da", "en"))
    assert danish == "Der er 8.400,00 kr. sat af til mentorstøtte. Afregn dem først."
    assert english.endswith("is set aside for mentor support. Settle it first.")
    office.office.frames.settle(
        office.asked("Maja Holm"),
        receipt.entry.id,
        actual=Kroner.of(8_000),
        spent_on=office.today,
        keep_rest=False,
    )
    assert prepared(office, follow_up, **closing).is_ready
