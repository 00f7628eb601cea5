"""Three-way and advisory meetings are remembered, advice is asked and given; nothing is decided and nothing moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.case import CaseNotFound, Stage
from bot.domain.decision import Recording
from bot.domain.gathering import (
    AdviceAnswered,
    Gathering,
    GatheringAhead,
    GatheringDayMissing,
    GatheringOutcomeMissing,
)
from bot.domain.people import NotForYou
from bot.domain.presentation import Kind, State
from bot.texts import texts
from bot.usecases.gatherings import COMMITTEE, GatheringView, GatheringWish
from bot.views import gathering as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import approved

HELD = Gathering("g1", "c1", "three_way", date(2026, 11, 13), "U0MAJA0001", ("citizen",))
WISH = GatheringWish("three_way", date(2026, 11, 20), ("citizen", "caseworker", "school"))


@pytest.mark.rule("R104", "R107")
def test_a_three_way_meeting_is_planned_and_recorded_in_two_fields(town: OfficeTown) -> None:
    case, _ = active_case(town)
    maja = town.asked("Maja Holm", once=False)
    with pytest.raises(GatheringDayMissing):
        town.office.gatherings.plan(maja, case.id, replace(WISH, day=None))
    with pytest.raises(GatheringAhead):
        town.office.gatherings.plan(maja, case.id, replace(WISH, outcome="agreed"))
    with pytest.raises(GatheringOutcomeMissing):
        town.office.gatherings.plan(maja, case.id, replace(WISH, day=date(2026, 11, 10)))
    with pytest.raises(NotForYou):
        town.office.gatherings.plan(town.asked("Jens Toft"), case.id, WISH)
    planned = town.office.gatherings.plan(town.asked("Maja Holm"), case.id, WISH).gathering
    assert (planned.is_planned, planned.participants) == (True, ("citizen", "caseworker", "school"))

    town.jump_to(date(2026, 11, 23), time(7, 31))
    town.knock()

    assert any("trekantmøde 20. nov. – hvad kom der ud af det?" in h for h in town.heard("U0MAJA0001"))
    done = town.office.gatherings.record(
        town.asked("Maja Holm"),
        planned.id,
        day=date(2026, 11, 20),
        outcome="agreed",
        citizen_present=True,
    )
    assert (done.gathering.outcome, done.gathering.citizen_present) == ("agreed", True)
    assert town.office.overviews.today(maja).lines == ()
    shown = town.office.cases.show(town.asked("Maja Holm"), case.id)
    assert [t.act for t in shown.timeline][-2:] == ["three_way_planned", "three_way_held"]
    assert shown.case.stage == Stage.ACTIVE, "it is no decision of the committee"
    for language in ("da", "en"):
        words = views.line(texts(language), done.gathering)
        assert words and views.record_form(texts(language), town.house.rules.on(town.today), done, meta="{}")


@pytest.mark.rule("R104")
def test_of_a_meeting_that_was_held_it_is_asked_once_who_came(town: OfficeTown) -> None:
    case, _ = active_case(town)
    fields = [
        [b["block_id"] for b in form["blocks"] if b["type"] == "input"]
        for form in (
            views.plan_form(texts("da"), town.house.rules.on(town.today), case, today=town.today, meta="{}"),
            views.record_form(
                texts("da"), town.house.rules.on(town.today), GatheringView(HELD, case), meta="{}"
            ),
        )
    ]
    assert fields == [["kind", "day", "participants", "outcome"], ["day", "outcome", "present"]]
    held = replace(WISH, day=town.today, outcome="agreed")
    for who, came in ((("citizen", "caseworker"), True), (("caseworker",), False)):
        wish = replace(held, participants=who)
        done = town.office.gatherings.plan(town.asked("Maja Holm"), case.id, wish).gathering
        assert (done.citizen_present, done.participants) == (came, who)
    ahead = town.office.gatherings.plan(town.asked("Maja Holm"), case.id, WISH).gathering
    assert not ahead.citizen_present, "who is to come has not come yet"


@pytest.mark.rule("R118")
def test_advice_from_another_area_does_not_move_the_case(town: OfficeTown) -> None:
    case, _ = active_case(town)
    leader = town.person("Lise Vang")
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(leader), case.id)
    advice = town.office.gatherings.ask_advice(
        town.asked("Maja Holm"), case.id, where="youth", question="what_help"
    )
    town.deliver()
    assert any("Hvilken hjælp kan I give?" in h and case.alias in h for h in town.heard(leader))
    seen = town.office.cases.show(town.asked(leader), case.id)
    assert seen.aside.may_answer is not None and seen.aside.may_answer.id == advice
    with pytest.raises(CaseNotFound):
        town.office.gatherings.answer_advice(town.asked("Jens Toft"), advice, "we_can_help")
    town.office.gatherings.answer_advice(town.asked(leader), advice, "we_can_help")
    with pytest.raises(AdviceAnswered):
        town.office.gatherings.answer_advice(town.asked(leader), advice, "not_ours")
    town.deliver()
    assert any("Ja, vi kan hjælpe." in h for h in town.heard("U0MAJA0001"))
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(leader), case.id)
    with town.work() as work:
        now = work.cases.get(case.id)
    assert (now.area, now.caseworker, now.stage) == (case.area, case.caseworker, Stage.ACTIVE)


@pytest.mark.rule("R107")
def test_an_item_for_advice_is_talked_through_and_decides_nothing(town: OfficeTown) -> None:
    case, _ = active_case(town)
    item = town.office.gatherings.ask_advice(
        town.asked("Maja Holm"), case.id, where=COMMITTEE, question="how_together"
    )
    approved(town, town.next_meetings(1)[0], Recording(choice="discussed"))
    with town.work() as work:
        there = work.presentations.get(item)
        assert (there.kind, there.state) == (Kind.ADVISORY, State.DECIDED)
        assert work.cases.get(case.id).stage == Stage.ACTIVE
        assert work.frames.open_of(case.id) is not None


def test_both_languages_word_every_view(town: OfficeTown) -> None:
    case, _ = active_case(town)
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        form = views.advice_form(texts(language), rules, case, meta="{}")
        plan = views.plan_form(
            texts(language), town.house.rules.on(town.today), case, today=town.today, meta="{}"
        )
        assert readable(form["blocks"]) and len([b for b in plan["blocks"] if b["type"] == "input"]) <= 6
