"""A caseworker asks, a leader refers; ten minutes to undo; a deputy after three working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.case import CaseNotFound, Stage
from bot.domain.people import NotForYou
from bot.domain.presentation import (
    CRITERIA,
    AlreadySettled,
    AssessmentMissing,
    CriteriaMissing,
    DeclineIncomplete,
    ItemsUnanswered,
    LeaderConflicted,
    OwnRequest,
    PresentationOpen,
    State,
    TooLateToUndo,
    UrgentReasonMissing,
)
from bot.texts import texts
from bot.usecases.ports import Asked
from bot.usecases.referrals import Wish
from bot.views.kit import Page, Surface
from bot.views.referral import queue_on
from tests.support.hands import Hands
from tests.support.office import OfficeTown, readable


def stage(town: OfficeTown, case: str) -> Stage:
    with town.work() as work:
        return work.cases.get(case).stage


@pytest.mark.rule("T03", "R018", "R009")
def test_a_request_reaches_both_leaders_with_a_day_to_answer_by(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    town.deliver()
    assert (wish.answer_by, stage(town, wish.case_id)) == (date(2026, 11, 19), Stage.IN_REFERRAL)
    for leader in ("Jens Toft", "Karen Friis"):
        assert "Svar senest torsdag 19. november" in " ".join(town.heard(town.person(leader)))
    assert town.heard(town.person("Bente Juhl")) == []


@pytest.mark.rule("R029", "R030", "R031", "R034", "R035", "T03")
@pytest.mark.parametrize("left_out", ["complex", "joint_plan", "perspective", "not_excluded"])
def test_each_of_the_four_criteria_is_needed(town: OfficeTown, left_out: str) -> None:
    case = town.registered("Maja Holm")
    some = tuple(c for c in ("complex", "joint_plan", "perspective", "not_excluded") if c != left_out)
    with pytest.raises(CriteriaMissing) as refused:
        town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(criteria=some))
    assert refused.value.facts == {"missing": (left_out,)}


@pytest.mark.rule("R038", "R039")
def test_somebody_of_15_to_17_needs_an_individual_assessment(town: OfficeTown) -> None:
    from bot.domain.case import AgeBand

    case = town.registered("Maja Holm", band=AgeBand.TEENS)
    with pytest.raises(AssessmentMissing):
        town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(criteria=CRITERIA))
    wish = Wish(criteria=CRITERIA, assessed_by="psychologist")
    assert town.office.referrals.request(town.asked("Maja Holm"), case.id, wish).state == State.REQUESTED


def test_urgent_needs_a_reason_and_tells_the_chair_at_once(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    with pytest.raises(UrgentReasonMissing):
        town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(criteria=CRITERIA, urgent=True))
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    town.office.referrals.request(town.asked("Maja Holm"), case.id, wish)
    town.deliver()
    assert "En sag haster" in town.heard(town.person("Henrik Dahl"))[-1]


@pytest.mark.rule("T07", "R019")
def test_a_leader_refers_and_everybody_sees_by_whom(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    town.deliver()
    meeting = town.next_meetings()[1]
    town.office.referrals.refer(town.asked("Jens Toft"), wish.id, collector=None, meeting_id=meeting.id)
    town.deliver()
    assert "henvist af dig" in town.heard(town.person("Jens Toft"))[-1]
    assert "henvist af Jens Toft" in town.heard(town.person("Karen Friis"))[-1]
    assert "torsdag 26. november" in town.heard(town.person("Maja Holm"))[-1]


def test_the_second_leader_is_told_who_was_first(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    town.office.referrals.refer(town.asked("Karen Friis"), wish.id, collector=None, meeting_id=None)
    with pytest.raises(AlreadySettled) as refused:
        town.office.referrals.decline(
            town.asked("Jens Toft"), wish.id, reason="other", area="social", contact="U0JENS0001"
        )
    assert refused.value.facts == {"state": State.REFERRED, "by": "Karen Friis", "at": town.clock.at}


@pytest.mark.rule("D3", "T07")
def test_nobody_refers_their_own_request(town: OfficeTown) -> None:
    wish = town.requested("Jens Toft")
    with pytest.raises(OwnRequest) as refused:
        town.office.referrals.refer(town.asked("Jens Toft"), wish.id, collector=None, meeting_id=None)
    assert refused.value.facts == {"other": "Karen Friis"}


@pytest.mark.rule("R018")
def test_only_a_leader_of_the_area_answers(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    with pytest.raises(NotForYou):
        town.office.referrals.refer(town.asked("Maja Holm"), wish.id, collector=None, meeting_id=None)
    with pytest.raises(CaseNotFound):
        town.office.referrals.refer(town.asked("Lise Vang"), wish.id, collector=None, meeting_id=None)


@pytest.mark.rule("R018", "R118")
def test_a_leader_elsewhere_who_was_asked_for_advice_gives_no_answer_to_the_request(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    question = town.house.rules.on(town.today).choices.advice_questions[0]
    town.office.gatherings.ask_advice(town.asked("Maja Holm"), wish.case_id, where="youth", question=question)
    lise, answers = town.asked("Lise Vang", once=False), town.office.referrals
    assert answers.open(lise, wish.id).presentation == wish, "the case is seen, to answer the question"
    for answer in (
        lambda: answers.refer(lise, wish.id, collector=None, meeting_id=None),
        lambda: answers.return_(lise, wish.id, missing=("consent",)),
        lambda: answers.decline(lise, wish.id, reason="not_complex", area="youth", contact="U0SOFIE001"),
    ):
        with pytest.raises(NotForYou):
            answer()
    assert answers.open(lise, wish.id).presentation == wish


@pytest.mark.rule("T04", "T05", "R019")
def test_what_was_missing_is_answered_and_sent_again(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    town.office.referrals.return_(town.asked("Jens Toft"), wish.id, missing=("consent", "own_view"))
    town.deliver()
    assert "Samtykke eller hjemmel" in town.heard(town.person("Maja Holm"))[-1]
    with pytest.raises(ItemsUnanswered) as refused:
        town.office.referrals.answer_missing(town.asked("Maja Holm"), wish.id, answered=("consent",))
    assert refused.value.facts == {"missing": ("own_view",)}
    again = town.office.referrals.answer_missing(
        town.asked("Maja Holm"), wish.id, answered=("consent", "own_view")
    )
    town.deliver()
    assert again.state == State.REQUESTED
    assert "venter på dig" in town.heard(town.person("Jens Toft"))[-1]


@pytest.mark.rule("T07", "D35")
def test_an_item_that_became_ready_before_slack_took_the_answer_is_not_taken_back(town: OfficeTown) -> None:
    sent = town.referred("Maja Holm")
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.presentations.get(sent.id, lock=True)
        work.presentations.save(replace(there, state=State.READY, ready_by="U0JENS0001"))
    town.deliver()
    [heard] = town.heard(town.person("Maja Holm"))
    assert "taget tilbage" not in heard and "Jens Toft" in heard


@pytest.mark.rule("T06", "D35", "R019")
def test_a_decline_reaches_the_caseworker_after_ten_minutes_unless_it_is_undone(town: OfficeTown) -> None:
    declined = town.requested("Maja Holm")
    undone = town.requested("Maja Holm")
    for wish in (declined, undone):
        town.office.referrals.decline(
            town.asked("Jens Toft"), wish.id, reason="not_complex", area="youth", contact="U0SOFIE001"
        )
    town.jump(minutes=5)
    town.office.referrals.undo(town.asked("Jens Toft"), undone.id)
    town.deliver()
    assert town.heard(town.person("Maja Holm")) == []
    town.jump(minutes=6)
    town.deliver()
    (told,) = town.heard(town.person("Maja Holm"))
    assert "Ikke sammensat nok" in told
    assert "Sofie Bech" in told
    assert (stage(town, declined.case_id), stage(town, undone.case_id)) == (
        Stage.NOT_REFERRED,
        Stage.IN_REFERRAL,
    )


@pytest.mark.rule("D35")
def test_after_ten_minutes_it_is_too_late_to_undo(town: OfficeTown) -> None:
    wish = town.referred("Maja Holm")
    town.jump(minutes=11)
    with pytest.raises(TooLateToUndo):
        town.office.referrals.undo(town.asked("Jens Toft"), wish.id)


@pytest.mark.rule("D31")
def test_unanswered_after_three_working_days_the_deputy_has_it_once(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    town.deliver()
    town.jump(days=3)  # Thursday, the day to answer by
    assert town.office.referrals.pass_on_due(town.clock.at) == 0
    town.jump(days=1)
    assert town.office.referrals.pass_on_due(town.clock.at) == 1
    assert town.office.referrals.pass_on_due(town.clock.at) == 0
    town.deliver()
    (told,) = [t for t in town.heard(town.person("Bente Juhl")) if "venter på dig" in t]
    assert "stedfortræder" in told
    saved = town.office.referrals.refer(town.asked("Bente Juhl"), wish.id, collector=None, meeting_id=None)
    assert (saved.state, saved.settled_by) == (State.REFERRED, "U0BENTE001")


@pytest.mark.rule("D31")
def test_a_leader_whose_message_comes_late_is_not_called_a_deputy(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.jump(days=4)
    town.office.referrals.pass_on_due(town.clock.at)
    town.deliver()
    for name, is_deputy in (("Jens Toft", False), ("Bente Juhl", True)):
        (told,) = [t for t in town.heard(town.person(name)) if "venter på dig" in t]
        assert ("Du er stedfortræder" in told) == is_deputy


def test_of_many_requests_five_stand_on_home_and_all_in_a_form(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    (one,) = town.office.referrals.waiting_for(town.asked("Jens Toft"))
    words, many = texts("da").on(town.today), [one] * 7
    home, form = Page(Surface.HOME), Page(Surface.MODAL)
    queue_on(home, words, many)
    queue_on(form, words, many)
    drawn = (home.home(), form.modal(title=words.say("referral", "title_queue"), callback="x"))
    shown = [readable(view["blocks"]) for view in drawn]
    assert [said.count(f"»{one.alias}«") for said in shown] == [5, 7]
    assert ["Vis alle 7" in said for said in shown] == [True, False]
    full = Page(Surface.MODAL)
    queue_on(full, words, [one] * 60)
    said = readable(full.modal(title=words.say("referral", "title_queue"), callback="x")["blocks"])
    assert said.count(f"»{one.alias}«") == 45 and "15 til vises, når disse er besvaret." in said
    assert one.presentation.id == wish.id


@pytest.mark.rule("T14")
def test_a_request_is_withdrawn_and_can_be_made_again(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    with pytest.raises(PresentationOpen):
        town.office.referrals.request(town.asked("Maja Holm"), wish.case_id, Wish(criteria=CRITERIA))
    town.office.referrals.withdraw(town.asked("Maja Holm"), wish.id, reason="not_now")
    again = town.office.referrals.request(town.asked("Maja Holm"), wish.case_id, Wish(criteria=CRITERIA))
    assert again == replace(wish, id=again.id, version=again.version)
    assert town.clock.at - again.requested_at == timedelta(0)


@pytest.mark.rule("T06", "R019")
def test_a_no_without_a_reason_an_area_and_somebody_to_ask_is_no_answer(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    whole = {"reason": "not_complex", "area": "social", "contact": "U0NANNA001"}
    for field, said in (("reason", None), ("reason", "because"), ("area", ""), ("contact", "")):
        with pytest.raises(DeclineIncomplete) as refused:
            town.office.referrals.decline(town.asked("Jens Toft"), wish.id, **{**whole, field: said})
        assert refused.value.field == field
    declined = town.office.referrals.decline(town.asked("Jens Toft"), wish.id, **whole)
    assert declined.declined is not None and declined.declined.reason == "not_complex"


@pytest.mark.rule("T07")
def test_a_leader_who_is_disqualified_leaves_the_request_to_another(town: OfficeTown) -> None:
    wish, jens, karen = town.requested("Maja Holm"), town.asked("Jens Toft"), town.asked("Karen Friis")

    def queue(by: Asked) -> list[str]:
        return [r.presentation.id for r in town.office.referrals.waiting_for(by)]

    assert wish.id in queue(jens) and wish.id in queue(karen)
    town.office.leader_conflicts.leave(jens, wish.id)
    with pytest.raises(LeaderConflicted):
        town.office.referrals.refer(town.asked("Jens Toft"), wish.id, collector=None, meeting_id=None)
    assert wish.id not in queue(jens) and wish.id in queue(karen)
    with town.work() as work:
        assert work.presentations.get(wish.id).passed_on_at is None
    referred = town.office.referrals.refer(karen, wish.id, collector=None, meeting_id=None)
    assert (referred.state, referred.settled_by) == (State.REFERRED, karen.by.id)


@pytest.mark.rule("T07", "D31")
def test_when_every_leader_is_disqualified_the_deputies_have_it_at_once(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    for leader in ("Jens Toft", "Karen Friis"):
        town.office.leader_conflicts.leave(town.asked(leader), wish.id)
    with town.work() as work:
        assert work.presentations.get(wish.id).passed_on_at == town.clock.at


@pytest.mark.rule("T04")
def test_the_caseworker_has_five_working_days_for_what_is_missing(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")  # a Monday
    returned = town.office.referrals.return_(town.asked("Jens Toft"), wish.id, missing=("consent",))
    assert returned.answer_by == date(2026, 11, 23)


def test_one_answered_from_the_list_leaves_no_older_list_beneath(town: OfficeTown) -> None:
    first, second = town.requested("Maja Holm"), town.requested("Maja Holm")
    jens = Hands(town, town.person("Jens Toft").id)
    jens.presses("referral.queue")
    jens.presses("referral.refer", first.id, inside=True)
    jens.fills("judged", ["yes"])
    jens.submits()
    assert "er henvist" in readable(jens.form["blocks"])
    jens.presses("referral.queue", inside=True)
    (list_,) = jens.stack
    assert [
        e["value"]
        for b in list_["blocks"]
        for e in b.get("elements", ())
        if e.get("action_id") == "referral.refer"
    ] == [second.id]
