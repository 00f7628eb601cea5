"""Another caseworker and a background group: only the committee, by a real meeting (T24, T27, R057, R065)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.case import CaseNotFound, Stage
from bot.domain.contacts import (
    Contact,
    GroupEmpty,
    HandoverBackwards,
    NewCaseworkerMissing,
    NotComplicated,
    Side,
)
from bot.domain.frame import OnlyFixedCaseworker
from bot.domain.meeting import Meeting
from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, Decision, NotReady, PresentationOpen, State
from bot.domain.task import Task
from bot.texts import texts
from bot.usecases.handovers import Change, GroupWish
from bot.views import case as case_views
from bot.views import handover as views
from bot.views import ready as ready_views
from handlers.refusals import words
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import approved, put, ready

MAJA, NANNA, PETER = "U0MAJA0001", "U0NANNA001", "U0PETER001"
CHANGE = Change("left_job", NANNA, date(2026, 12, 1), "conversation")
MEMBERS = (Contact("family_counsellor", "social"), Contact("mentor", "youth"))


def decided(town: OfficeTown, presentation_id: str, meeting: Meeting) -> None:
    """On the agenda, recorded as recommended, sent and approved by the chair."""
    with town.work() as work:
        item = work.presentations.get(presentation_id)
    put(town, replace(item, meeting_id=meeting.id))
    approved(town, meeting)


def promised(town: OfficeTown, case_id: str, presentation_id: str) -> None:
    """An area owes the case a decision."""
    meeting = town.next_meetings(1)[0]
    due = date(2026, 11, 26)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.tasks.add(Task("task-1", case_id, presentation_id, meeting.id, "youth", "mentor_support", due))


@pytest.mark.rule("T24", "T22", "R056", "R057")
def test_a_change_is_asked_said_yes_to_decided_and_handed_over_on_its_day(town: OfficeTown) -> None:
    meeting = town.next_meetings(1)[0]
    case, follow_up = active_case(town)
    wish = town.office.handovers.ask_change(town.asked("Maja Holm"), case.id, CHANGE)
    town.deliver()
    assert any("Maja Holm" in t for t in town.heard(NANNA))
    town.office.readiness.answer_proposal(town.asked("Nanna Ilsø"), wish.id, yes=True)
    ready = town.office.readiness.mark_ready(town.asked("Jens Toft"), wish.id)
    assert ready.state == State.READY
    decided(town, wish.id, meeting)
    town.deliver()
    assert "Du bliver fast sagsbehandler" in town.heard(NANNA)[-1]
    with town.work() as work:
        assert work.cases.get(case.id).caseworker == MAJA  # until the day
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked("Peter Krogh"), case.id)

    town.jump_to(date(2026, 12, 1), time(8, 0))
    for _ in range(2):
        town.office.handovers.carry_out_due(town.clock.at)
    town.deliver()
    assert f"Du er nu fast sagsbehandler på »{case.alias}« efter Maja Holm." in town.heard(NANNA)[-1]
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked("Maja Holm"), case.id)
    card = town.office.handovers.card(town.asked("Nanna Ilsø"), case.id)
    assert (card.caseworker, card.before, card.changes) == ("Nanna Ilsø", "Maja Holm", 1)
    with town.work() as work:
        moved = work.presentations.get(follow_up)
        assert (moved.requested_by, moved.collector) == (NANNA, NANNA)
        assert work.cases.get(case.id).stage == Stage.ACTIVE


@pytest.mark.rule("T24")
def test_in_the_overlap_both_see_the_case_and_the_old_one_leaves_it_by_itself(town: OfficeTown) -> None:
    meeting = town.next_meetings(1)[0]
    case, _ = active_case(town)
    wish = town.office.handovers.ask_change(
        town.asked("Maja Holm"), case.id, replace(CHANGE, caseworker=PETER, overlap_days=7)
    )
    put(town, replace(wish, state=State.READY, ready_at=town.clock.at))
    decided(town, wish.id, meeting)
    town.deliver()
    assert "Sagen åbnes for dig tirsdag 24. november." in town.heard(PETER)[-1]
    assert not sees(town, "Peter Krogh", case.id, at=date(2026, 11, 23))

    assert sees(town, "Peter Krogh", case.id, at=date(2026, 11, 24))
    for _ in range(2):
        town.office.handovers.carry_out_due(town.clock.at)
    town.deliver()
    told = [t for t in town.heard(PETER) if "Du kan se sagen nu, og Maja Holm har den, til den er din." in t]
    assert len(told) == 1
    assert sees(town, "Maja Holm", case.id, at=date(2026, 11, 24))
    with pytest.raises(OnlyFixedCaseworker):
        town.office.frames.form(town.asked("Peter Krogh"), case.id)
    home = readable(town.house.draw_home(town.person("Peter Krogh"), town.clock.at, texts("da"))["blocks"])
    assert f"»{case.alias}« · Maja Holm har den til tirsdag 1. december" in home

    assert sees(town, "Peter Krogh", case.id, at=date(2026, 12, 1))
    town.office.handovers.carry_out_due(town.clock.at)
    assert not sees(town, "Maja Holm", case.id, at=date(2026, 12, 1))


def sees(town: OfficeTown, name: str, case_id: str, *, at: date) -> bool:
    if town.today != at:
        town.jump_to(at, time(8, 0))
    with town.work() as work:
        return work.cases.seen_by(case_id, town.person(name), town.clock.at) is not None


@pytest.mark.rule("T24", "T22", "R057")
def test_what_a_wish_for_a_change_must_hold_and_who_may_bring_it(town: OfficeTown) -> None:
    case, _ = active_case(town)
    desk = town.office.handovers
    with pytest.raises(NewCaseworkerMissing):
        desk.ask_change(town.asked("Maja Holm"), case.id, replace(CHANGE, caseworker=MAJA))
    with pytest.raises(HandoverBackwards):
        desk.ask_change(town.asked("Maja Holm"), case.id, replace(CHANGE, handover_on=date(2026, 11, 1)))
    with pytest.raises(CaseNotFound):
        desk.ask_change(town.asked("Peter Krogh"), case.id, CHANGE)
    desk.ask_change(town.asked("Jens Toft"), case.id, CHANGE)
    with pytest.raises(PresentationOpen):
        desk.ask_change(town.asked("Maja Holm"), case.id, CHANGE)


@pytest.mark.rule("T27", "R065", "R066", "R067")
def test_a_background_group_is_set_and_ended_by_the_committee_in_roles_only(town: OfficeTown) -> None:
    meeting, later = town.next_meetings(2)
    case, _ = active_case(town)
    desk = town.office.handovers
    with pytest.raises(NotComplicated):
        desk.ask_group(town.asked("Maja Holm"), case.id, GroupWish(complicated=False, members=MEMBERS))
    with pytest.raises(GroupEmpty):
        desk.ask_group(town.asked("Maja Holm"), case.id, GroupWish(complicated=True))
    with pytest.raises(NotForYou):  # a leader does not set it up either
        desk.ask_group(town.asked("Jens Toft"), case.id, GroupWish(complicated=True, members=MEMBERS))
    wish = desk.ask_group(town.asked("Maja Holm"), case.id, GroupWish(complicated=True, members=MEMBERS))
    assert desk.card(town.asked("Maja Holm"), case.id).group == ()
    put(town, replace(wish, state=State.READY, ready_at=town.clock.at))
    decided(town, wish.id, meeting)
    card = desk.card(town.asked("Maja Holm"), case.id)
    assert {c.side for c in card.group} == {Side.AUTHORITY, Side.PROVIDER}
    shown = town.office.cases.show(town.asked("Maja Holm"), case.id)
    rules = town.house.rules.on(town.today)
    page = case_views.page(texts("da"), rules, shown, meta="{}")
    assert card.complicated and "Særligt kompliceret sag" in readable(page["blocks"])
    with pytest.raises(CaseNotFound):  # being of the group's area gives no access
        town.office.cases.show(town.asked("Peter Krogh"), case.id)

    end = desk.ask_group(town.asked("Maja Holm"), case.id, GroupWish(complicated=False, ends=True))
    put(town, replace(end, state=State.READY, ready_at=town.clock.at))
    decided(town, end.id, later)
    ended = desk.card(town.asked("Maja Holm"), case.id)
    assert (ended.group, ended.complicated) == ((), False)


@pytest.mark.rule("T17", "R050")
def test_the_appointed_caseworker_says_that_they_take_the_case_and_the_leader_sees_who_has_not(
    town: OfficeTown,
) -> None:
    meeting = town.next_meetings(1)[0]
    item = ready(town, meeting, caseworker="U0ALI00001")
    approved(town, meeting)
    town.deliver()
    assert len([h for h in town.heard("U0ALI00001") if "Jeg tager sagen" in h]) == 1
    words, rules = texts("da"), town.house.rules.on(town.today)
    line = "Ali Demir har ikke sagt *Jeg tager sagen* endnu."

    def page(by: str) -> str:
        view = town.office.cases.show(town.asked(by), item.case_id)
        actions = case_views.actions(words, view)
        return readable(case_views.page(words, rules, view, meta="{}", actions=actions)["blocks"])

    def on_home(by: str, language: str = "da") -> str:
        view = town.house.draw_home(town.person(by), town.clock.at, texts(language))
        return readable(view["blocks"])

    assert line in page("Jens Toft") and "Jeg tager sagen" in page("Ali Demir")
    alias = town.office.cases.get(town.asked("Jens Toft"), item.case_id).alias
    waits = f"»{alias}«: Ali Demir har ikke sagt *Jeg tager sagen* · udpeget torsdag 19. november"
    assert waits in on_home("Jens Toft") and "has not said *I take" in on_home("Jens Toft", "en")
    assert waits not in on_home("Lise Vang") and waits not in on_home("Ali Demir")
    with pytest.raises(NotForYou):
        town.office.handovers.accept(town.asked("Jens Toft"), item.case_id)
    taken = town.office.handovers.accept(town.asked("Ali Demir"), item.case_id)
    assert taken.accepted_at == town.clock.at
    again = town.office.handovers.accept(town.asked("Ali Demir"), item.case_id)
    assert again == taken
    town.deliver()
    assert not [h for h in town.heard("U0ALI00001") if "Jeg tager sagen" in h]
    assert "Jeg tager sagen" not in on_home("Jens Toft")
    assert line not in page("Jens Toft") and "Sagsbehandleren har taget sagen" in page("Jens Toft")


@pytest.mark.rule("D18", "T27")
def test_a_background_group_is_ready_by_eight_points_of_which_the_plan_as_it_runs_answers_five(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    asked = town.asked("Maja Holm", once=False)
    wish = town.office.handovers.ask_group(asked, case.id, GroupWish(complicated=True, members=MEMBERS))
    view = town.office.readiness.show(asked, wish.id)
    assert (view.done, view.total, view.missing) == (5, 8, ("own_view", "area_status", "documents"))
    receipt = views.asked(texts("da"), view, None)
    assert [b["elements"][0]["value"] for b in receipt["blocks"] if b["type"] == "actions"] == [wish.id]
    page = ready_views.page(texts("da"), view, meta="{}")
    opened = [b["accessory"]["value"] for b in page["blocks"] if "accessory" in b]
    assert opened == ["person", "areas"]  # nothing in the plan and the agreement is asked for again
    status = dict.fromkeys(("social", "youth", "schools"), town.today)
    town.office.readiness.save_areas(asked, wish.id, status=status, ticks=("documents",))
    with pytest.raises(NotReady):
        town.office.readiness.mark_ready(town.asked("Jens Toft"), wish.id)
    town.office.readiness.save_person(asked, wish.id, own_view="conversation", ticks=(), birth_month=None)
    assert town.office.readiness.mark_ready(town.asked("Jens Toft"), wish.id).state == State.READY
    ready = town.office.readiness.show(asked, wish.id)
    assert "markeret af Jens Toft mandag kl. 7.50" in readable(
        ready_views.page(texts("da"), ready, meta="{}")
    )
    assert "Gør klar" not in readable(views.asked(texts("da"), ready, None))  # nothing is left to do


@pytest.mark.rule("D41")
def test_an_old_button_to_make_ready_says_what_is_true_now_by_whom_and_when(town: OfficeTown) -> None:
    case, _ = active_case(town)
    asked = town.asked("Maja Holm", once=False)
    wish = town.office.handovers.ask_group(asked, case.id, GroupWish(complicated=True, members=MEMBERS))
    ready = replace(wish, state=State.READY, ready_at=town.clock.at)
    recorded = Decision("as_recommended", recorded_by="U0LONE0001", recorded_at=town.clock.at, complete=True)
    held = put(town, replace(ready, decision=recorded))
    with pytest.raises(AlreadySettled) as waits:  # the minutes are not approved yet
        town.office.readiness.show(asked, wish.id)
    town.jump(hours=1)
    put(town, held.settled(State.DECIDED, by="U0HENRIK01", at=town.clock.at, undo_until=None))
    with pytest.raises(AlreadySettled) as over:
        town.office.readiness.show(asked, wish.id)
    told = [words(refused.value, texts("da")) for refused in (waits, over)]
    assert told == [
        "Sagen er allerede besluttet af Lone Ager mandag kl. 7.50. Du behøver ikke gøre mere.",
        "Sagen er allerede besluttet af Henrik Dahl mandag kl. 8.50. Du behøver ikke gøre mere.",
    ]


@pytest.mark.rule("R109", "R110", "R111")
def test_other_caseworkers_by_law_are_contacts_and_the_entrance_stays_one(town: OfficeTown) -> None:
    case, _ = active_case(town)
    desk = town.office.handovers
    contacts = (Contact("youth_guidance", "youth"), Contact("employment_caseworker", "youth"))
    desk.set_contacts(town.asked("Maja Holm"), case.id, contacts)
    with pytest.raises(NotForYou):
        desk.set_contacts(town.asked("Jens Toft"), case.id, ())
    card = desk.card(town.asked("Maja Holm"), case.id)
    assert (set(card.contacts), card.caseworker) == (set(contacts), "Maja Holm")


@pytest.mark.rule("D41")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_forms_and_the_card_in_both_languages(town: OfficeTown, language: str) -> None:
    case, follow_up = active_case(town)
    promised(town, case.id, follow_up)
    words, rules = texts(language), town.house.rules.on(town.today)
    desk, asked = town.office.handovers, town.asked("Maja Holm", once=False)
    group = desk.people_form(asked, case.id, group=True)
    people = desk.people(asked, case.id)
    shown = (
        views.change_form(words, rules, desk.change_form(asked, case.id), meta="{}"),
        views.group_form(words, rules, group, meta="{}"),
        views.contacts_form(words, rules, group, meta="{}"),
        views.card(words, rules, desk.card(asked, case.id), people, meta="{}"),
    )
    assert all(readable(view) for view in shown)
    assert "(1)" in readable(shown[-1])  # one promise is open
    assert "»" not in "".join(readable(v) for v in shown) or language == "da"


@pytest.mark.rule("T08", "T22", "R020")
def test_the_leader_hears_when_a_change_or_a_group_waits_for_their_mark_and_has_it_in_home(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    change = town.office.handovers.ask_change(town.asked("Maja Holm"), case.id, CHANGE)
    group = town.office.handovers.ask_group(
        town.asked("Maja Holm"), case.id, GroupWish(True, MEMBERS, own_view="conversation")
    )

    def home() -> str:
        return readable(town.house.draw_home(town.person("Jens Toft"), town.clock.at, texts("da")))

    town.deliver()
    assert not any("er klar til dig" in heard for heard in town.heard(town.person("Jens Toft")))
    assert "er klar til dig" not in home()
    town.office.readiness.answer_proposal(town.asked("Nanna Ilsø"), change.id, yes=True)
    status = dict.fromkeys(("social", "youth", "schools"), town.today)
    town.office.readiness.save_areas(town.asked("Maja Holm"), group.id, status=status, ticks=("documents",))
    town.deliver()
    told = [heard for heard in town.heard(town.person("Jens Toft")) if "er klar til dig" in heard]
    assert len(told) == 2
    assert f"»{case.alias}« er klar til dig · sagsbehandlerskifte" in home()
    assert f"»{case.alias}« er klar til dig · baggrundsgruppe" in home()
    for item in (change, group):
        town.office.readiness.mark_ready(town.asked("Jens Toft"), item.id)
    assert "er klar til dig" not in home()
