"""A case that was over and comes back is one case with two lives, and the earlier one decides nothing in the later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from bot.domain.case import AgeBand, Case, CaseNotFound, Stage
from bot.domain.closing import CHECK, JOURNAL, OVERTAKEN
from bot.domain.contacts import Handover
from bot.domain.presentation import CRITERIA, Kind, Presentation
from bot.domain.target_group import OWN_CHOICE, AnchoredElsewhere
from bot.texts import texts
from bot.usecases.closing_effect import close_case
from bot.usecases.handover_effect import decide_handover
from bot.usecases.referrals import Wish
from bot.views import case as case_views
from bot.views import withdrawal
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.usecases.test_closings import case_now

MAJA, JENS = "Maja Holm", "Jens Toft"


def closed(town: OfficeTown, case: Case, why: str = "education", **changes: Any) -> Case:
    """As the approval of minutes closes it."""
    with town.house.storage.open_work(town.asked("Henrik Dahl")) as work:
        standing = work.cases.save(replace(work.cases.get(case.id, lock=True), **changes))
        return close_case(
            work,
            standing,
            why=why,
            on=town.today,
            rules=town.house.rules.on(town.today),
            at=town.clock.at,
            by="U0HENRIK01",
            but_for="",
            new_id=iter([f"{case.id}-{town.today}-{n}" for n in range(3)]).__next__,
        )


def back(town: OfficeTown, case: Case, by: str = JENS, **wish: Any) -> Presentation:
    asked_for = Wish(criteria=CRITERIA, **wish)
    return town.office.reopening.reopen(
        town.asked(by), case.id, reason="new_need", presenter=None, wish=asked_for
    )


def active_again(town: OfficeTown, case: Case) -> Case:
    """As the approval of minutes leaves it."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        now = work.cases.get(case.id, lock=True)
        return work.cases.save(replace(now, stage=Stage.ACTIVE, fixed_since=town.clock.at))


@pytest.mark.rule("T03", "R036", "X11", "X1")
def test_who_has_come_to_30_before_the_first_request_is_asked_for_consent_like_every_adult(
    town: OfficeTown,
) -> None:
    case = town.registered(MAJA)
    town.office.passages.save_birth_month(town.asked(MAJA), case.id, year="1996", month="12")
    town.jump_to(date(2026, 12, 2), time(8, 0))
    town.office.passages.grow_due(town.clock.at)
    assert (case_now(town, case).age_band, case_now(town, case).band_now) == (AgeBand.YOUTH, AgeBand.ADULT)
    town.office.referrals.request(town.asked(MAJA), case.id, Wish(criteria=CRITERIA, consent="not_yet"))
    now = case_now(town, case)
    assert (now.age_band, now.grown_to, now.consent_missing) == (AgeBand.ADULT, None, True)


@pytest.mark.rule("T30", "R036", "X11")
@pytest.mark.parametrize("said", ["yes", "no"])
def test_what_an_adult_said_of_an_earlier_plan_says_nothing_of_the_new_one(
    town: OfficeTown, said: str
) -> None:
    case, _ = active_case(town)
    reason = None if said == "yes" else OWN_CHOICE
    earlier = {"plan_choice": said, "plan_choice_on": town.today, "no_plan_reason": reason}
    closed(town, case, "consent_withdrawn", age_band=AgeBand.ADULT, **earlier)
    back(town, case, consent="not_yet")
    now = case_now(town, case)
    assert (now.plan_choice, now.plan_choice_on, now.no_plan_reason) == (None, None, None)
    assert now.consent_missing


@pytest.mark.rule("T24", "T28", "T30", "R057")
def test_a_handover_decided_before_the_closing_does_not_reach_the_case_that_came_back(
    town: OfficeTown,
) -> None:
    case, follow_up = active_case(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        coming = Handover("h1", case.id, follow_up, case.caseworker, "U0NANNA001", date(2027, 2, 1))
        decide_handover(work, work.cases.get(case.id, lock=True), coming, at=town.clock.at)
    closed(town, case)
    back(town, case)
    active_again(town, case)
    town.jump_to(date(2027, 2, 1), time(9, 0))
    town.office.handovers.carry_out_due(town.clock.at)
    assert case_now(town, case).caseworker == "U0MAJA0001"
    with town.work() as work:
        assert (work.handovers.waiting_on(case.id), work.handovers.count(case.id)) == (None, 0)


@pytest.mark.rule("T30", "R118", "X11")
def test_who_was_asked_for_advice_in_an_earlier_life_does_not_see_the_new_one(town: OfficeTown) -> None:
    case, _ = active_case(town)
    advice = town.office.gatherings.ask_advice(town.asked(MAJA), case.id, where="youth", question="what_help")
    closed(town, case)
    back(town, case)
    lise = town.asked("Lise Vang", once=False)
    for look in (
        lambda: town.office.cases.show(lise, case.id),
        lambda: town.office.gatherings.answer_advice(lise, advice, "we_can_help"),
    ):
        with pytest.raises(CaseNotFound):
            look()
    assert town.office.cases.show(town.asked(MAJA, once=False), case.id).aside.advice == ()
    town.deliver()
    assert not any(case.alias in said for said in town.heard("U0LISE0001"))


@pytest.mark.rule("T30", "R043", "R083")
def test_the_leader_who_is_told_to_assess_where_a_closed_case_belongs_can_do_it(town: OfficeTown) -> None:
    case, _ = active_case(town)
    closed(town, case, area="youth")
    lise = town.asked("Lise Vang", once=False)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.put_birth_month(case.id, "1996-11")
    with pytest.raises(AnchoredElsewhere):
        back(town, case, "Lise Vang", consent="not_yet")
    shown = case_views.actions(texts("da"), town.office.cases.show(lise, case.id))
    assert "anchor.open" in [button.action for button in shown]
    town.office.anchorings.assess(lise, case.id, chosen=(), area="social", reason="other")
    back(town, case, consent="not_yet")
    assert (case_now(town, case).stage, case_now(town, case).area) == (Stage.IN_REFERRAL, "social")


@pytest.mark.rule("T14", "T30", "T28")
@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.NOT_REFERRED, Stage.OUT_OF_SCOPE])
def test_a_case_that_came_back_and_is_not_asked_for_after_all_is_over_as_it_was(
    town: OfficeTown, stage: Stage
) -> None:
    case, _ = active_case(town)
    before = closed(town, case)
    if stage != Stage.CLOSED:
        with town.house.storage.open_work(at=town.clock.at) as work:
            other = replace(work.cases.get(case.id), stage=stage, closed_on=None, closed_for=None)
            before = work.cases.save(replace(other, plan_choice="no", no_plan_reason="one_area"))
    wish = back(town, case)
    saved = town.office.referrals.withdraw(town.asked(MAJA), wish.id, reason="not_now")
    now = case_now(town, case)
    assert replace(now, version=0) == replace(before, version=0, fixed_since=None)
    line = town.office.cases.get(town.asked(MAJA), case.id)
    assert "som den var, før den blev genåbnet" in withdrawal.receipt(texts("da"), saved, line)


@pytest.mark.rule("T14", "R068")
def test_doubt_taken_back_leaves_the_request_beside_it_as_it_is(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    doubt = town.office.referrals.raise_doubt(town.asked(MAJA), wish.case_id)
    town.office.referrals.withdraw(town.asked(MAJA), doubt.id, reason="solved")
    with town.work() as work:
        assert work.cases.get(wish.case_id).stage == Stage.IN_REFERRAL
        assert work.presentations.open_of(wish.case_id, Kind.NEW) is not None


@pytest.mark.rule("T28", "T30")
def test_a_case_closed_a_second_time_is_asked_after_once(town: OfficeTown) -> None:
    case, _ = active_case(town)
    closed(town, case)
    back(town, case)
    active_again(town, case)
    town.jump(days=40)
    closed(town, case)
    with town.work() as work:
        asked = [(a.kind, a.months, a.answer) for a in work.after_closings.of_case(case.id)]
        waiting = {a.id: a for a in work.after_closings.waiting_for("U0MAJA0001")}
    assert sorted(asked, key=str) == sorted(
        [
            (kind, n, answer)
            for kind, n in ((JOURNAL, 0), (CHECK, 3), (CHECK, 6))
            for answer in (OVERTAKEN, None)
        ],
        key=str,
    )
    assert [a.answer for a in waiting.values()] == [None] * 3
