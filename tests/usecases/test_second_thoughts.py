"""Criterion 10, the later half: what a leader, the secretary or a caseworker has said is taken back in one press (D35).

Each gives back what was before; whoever was told reads that it was taken back; what something has been built on since
stands, and the refusal says what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.case import AgeBand, Stage
from bot.domain.closing import CHECK, AfterClosing
from bot.domain.people import Person
from bot.domain.presentation import CRITERIA, AlreadySettled, State, TooLateToUndo
from bot.domain.undoing import BuiltUpon
from bot.texts import texts
from bot.usecases.referrals import Wish
from handlers.refusals import words
from tests.support.office import OfficeTown
from tests.support.session import ready
from tests.usecases.test_readiness import made_ready
from tests.usecases.test_undo import ALI, JENS, LONE, MAJA, Prepared, _state

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
KAREN, DEPUTY = "Karen Friis", "Bente Juhl"


def taken_off(town: OfficeTown) -> Prepared:
    item = ready(town, town.next_meetings(1)[0])
    return (
        lambda: _state(town, item.id),
        lambda: town.office.agendas.take_off(town.asked(LONE), item.id, reason="time"),
        lambda: town.office.second_thoughts.taken_off(town.asked(LONE), item.id),
    )


def missing_again(town: OfficeTown) -> Prepared:
    item = town.referred(MAJA)
    made_ready(town, item)
    town.office.readiness.mark_ready(town.asked(JENS), item.id)

    def look() -> Any:
        with town.work() as work:
            return replace(work.presentations.get(item.id), version=0)

    return (
        look,
        lambda: town.office.missing_again.take(
            town.asked(LONE), item.id, missing=("consent", "own_view", "area_status")
        ),
        lambda: town.office.second_thoughts.missing(town.asked(LONE), item.id),
    )


def leader_conflict(town: OfficeTown) -> Prepared:
    wish = town.requested(MAJA)
    town.office.leader_conflicts.leave(town.asked(KAREN), wish.id)

    def look() -> Any:
        with town.work() as work:
            found = work.presentations.get(wish.id)
        mine = [r.presentation.id for r in town.office.referrals.waiting_for(town.asked(JENS))]
        return (mine, found.conflicted_leaders, found.passed_on_at)

    return (
        look,
        lambda: town.office.leader_conflicts.leave(town.asked(JENS), wish.id),
        lambda: town.office.second_thoughts.leader_conflict(town.asked(JENS), wish.id),
    )


def consent(town: OfficeTown) -> Prepared:
    case = town.registered(MAJA, band=AgeBand.ADULT)
    wish = Wish(criteria=CRITERIA, consent="not_yet")
    town.office.referrals.request(town.asked(MAJA), case.id, wish)

    def look() -> Any:
        with town.work() as work:
            now = work.cases.get(case.id)
            return (now.plan_choice, now.plan_choice_on, now.consent_missing)

    return (
        look,
        lambda: town.office.target_group.consent(town.asked(MAJA), case.id, on=town.today),
        lambda: town.office.second_thoughts.consent(town.asked(MAJA), case.id),
    )


def company(town: OfficeTown) -> Prepared:
    wish, ali, nanna = town.requested(MAJA), town.person(ALI).id, town.person("Nanna Ilsø").id
    town.office.company.take_along(town.asked(MAJA), wish.id, (nanna,))

    def look() -> Any:
        with town.work() as work:
            return work.presentations.taken_along(wish.id)

    return (
        look,
        lambda: town.office.company.take_along(town.asked(MAJA), wish.id, (ali,)),
        lambda: town.office.second_thoughts.company(town.asked(MAJA), wish.id),
    )


def after_closing(town: OfficeTown) -> Prepared:
    case = town.registered(MAJA)
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.cases.get(case.id, lock=True)
        work.cases.save(replace(there, stage=Stage.CLOSED, closed_on=town.today, closed_for="education"))
        work.after_closings.add(AfterClosing("after-3", case.id, CHECK, town.today, 3))

    def look() -> Any:
        with town.work() as work:
            return replace(work.after_closings.get("after-3"), version=0)

    return (
        look,
        lambda: town.office.closings.answer(town.asked(MAJA), "after-3", "does_not_hold"),
        lambda: town.office.second_thoughts.after_closing(town.asked(MAJA), "after-3"),
    )


BUTTONS = (taken_off, missing_again, leader_conflict, consent, company, after_closing)


@pytest.mark.rule("D35", "T09", "T11", "T07", "R036", "R007", "T28")
@pytest.mark.parametrize("button", BUTTONS, ids=lambda b: b.__name__)
def test_one_press_gives_back_what_was_within_ten_minutes_once(
    town: OfficeTown, button: Callable[[OfficeTown], Prepared]
) -> None:
    look, press, undo = button(town)
    before = look()
    press()
    after = look()
    assert after != before
    town.jump(minutes=9)
    undo()
    assert look() == before
    with pytest.raises(TooLateToUndo):
        undo()
    press()
    again = look()
    town.jump(minutes=11)
    with pytest.raises(TooLateToUndo):
        undo()
    assert look() == again


TOLD = (
    (taken_off, JENS, "har taget", "står på dagsordenen torsdag 19. november igen: Lone Ager fortrød"),
    (missing_again, JENS, "ikke velbelyst længere", "er velbelyst alligevel: Lone Ager fortrød"),
    (after_closing, JENS, "holder ikke, siger", "skal ikke genåbnes: Maja Holm fortrød"),
)


@pytest.mark.rule("D35", "T09", "T11", "T28")
@ON_ONE_DATABASE
@pytest.mark.parametrize(("button", "who", "first", "then"), TOLD, ids=lambda x: getattr(x, "__name__", ""))
def test_whoever_was_told_reads_that_it_was_taken_back_and_nobody_is_told_of_both(
    town: OfficeTown, button: Callable[[OfficeTown], Prepared], who: str, first: str, then: str
) -> None:
    _, press, undo = button(town)
    hears = town.person(who)

    def heard() -> tuple[int, int]:
        town.deliver()
        said = town.heard(hears)
        return sum(first in h for h in said), sum(then in h for h in said)

    press()
    undo()  # before anybody is told
    assert heard() == (0, 0)
    press()
    assert heard() == (1, 0)
    undo()
    assert heard() == (0, 1)
    press()  # and in earnest
    assert heard() == (1, 1)


@pytest.mark.rule("D35", "T07", "D31")
def test_a_conflict_taken_back_asks_the_leader_again_and_the_deputies_no_more(town: OfficeTown) -> None:
    _, press, undo = leader_conflict(town)
    jens, deputy = town.person(JENS), town.person(DEPUTY)

    def asked(person: Person) -> int:
        town.deliver()
        return sum("venter på dig" in h for h in town.heard(person))

    for _ in range(2):
        press()
        assert (asked(jens), asked(deputy)) == (0, 1)
        undo()
        assert (asked(jens), asked(deputy)) == (1, 0)


@pytest.mark.rule("T09", "R036", "D35")
@ON_ONE_DATABASE
def test_a_mark_given_on_a_consent_that_is_taken_back_goes_and_its_leader_hears_it(town: OfficeTown) -> None:
    _, press, undo = consent(town)
    [wish] = _waiting(town, State.REQUESTED)
    press()
    with town.house.storage.open_work(at=town.clock.at) as work:
        item = replace(work.presentations.get(wish, lock=True), state=State.READY)
        work.presentations.save(replace(item, ready_by="U0JENS0001", ready_at=town.clock.at))
    undo()
    with town.work() as work:
        after = work.presentations.get(wish)
    assert (after.state, after.ready_at) == (State.REFERRED, None)
    town.deliver()
    [said] = [h for h in town.heard("U0JENS0001") if "ikke velbelyst længere" in h]
    assert "Maja Holm har ændret sagen" in said and "• Samtykke eller hjemmel er på plads" in said


INSTEAD = {
    "taken_off": "Se, hvor punktet er nu, på mødepulten.",
    "missing": "Gør sagen klar, og markér den velbelyst igen.",
    "consent": "Siger borgeren nej, så vælg Ingen samlet plan, eller skriv det i beslutningen.",
    "company": "Åbn Tag en kollega med, og vælg igen.",
    "after_closing": "Sagen er genåbnet. Tal med din leder.",
}


def put_elsewhere(town: OfficeTown) -> None:
    second = town.next_meetings(2)[1]
    [item] = _waiting(town)
    town.office.agendas.add(town.asked(LONE), item, second.id)


def ticked_since(town: OfficeTown) -> None:
    [item] = _waiting(town)
    town.office.readiness.save_plan(town.asked(MAJA), item, goals=("employment",), ticks=())


def shared_since(town: OfficeTown) -> None:
    [case] = town.office.cases.mine(town.asked(MAJA))
    town.office.gatherings.ask_advice(town.asked(MAJA), case.id, where="employment", question="what_help")


def chosen_anew(town: OfficeTown) -> None:
    [wish] = _waiting(town, State.REQUESTED)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.take_along(wish, [town.person("Peter Krogh").id])


def reopened_since(town: OfficeTown) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        case = work.cases.get(work.after_closings.get("after-3").case_id, lock=True)
        work.cases.save(replace(case, stage=Stage.IN_REFERRAL))


def _waiting(town: OfficeTown, *states: State) -> list[str]:
    with town.work() as work:
        return [p.id for p in work.presentations.in_states(*(states or (State.REFERRED, State.READY)))]


BUILT = (
    (taken_off, put_elsewhere, "taken_off"),
    (missing_again, ticked_since, "missing"),
    (consent, shared_since, "consent"),
    (company, chosen_anew, "company"),
    (after_closing, reopened_since, "after_closing"),
)


@pytest.mark.rule("D35")
@ON_ONE_DATABASE
@pytest.mark.parametrize(("button", "since", "instead"), BUILT, ids=lambda x: getattr(x, "__name__", ""))
def test_what_something_has_been_built_on_stands_and_the_refusal_says_what_to_do(
    town: OfficeTown,
    button: Callable[[OfficeTown], Prepared],
    since: Callable[[OfficeTown], None],
    instead: str,
) -> None:
    look, press, undo = button(town)
    press()
    since(town)
    after = look()
    with pytest.raises(BuiltUpon) as refused:
        undo()
    assert look() == after
    said = str(words(refused.value, texts("da")))
    assert said == f"Det kan ikke fortrydes: Der er sket noget siden. {INSTEAD[instead]}"
    assert len(str(words(refused.value, texts("en"))).split()) <= 25 >= len(said.split())


@pytest.mark.rule("D35", "T07")
@ON_ONE_DATABASE
def test_a_conflict_is_not_taken_back_when_somebody_has_answered(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    town.office.leader_conflicts.leave(town.asked(JENS), wish.id)
    town.office.referrals.refer(town.asked(KAREN), wish.id, collector=None, meeting_id=None)
    with pytest.raises(AlreadySettled) as refused:
        town.office.second_thoughts.leader_conflict(town.asked(JENS), wish.id)
    assert refused.value.facts["by"] == KAREN
