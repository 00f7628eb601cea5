"""Who saw what is found again in seconds, sampled every month, and signed for by a leader (D12)."""

from __future__ import annotations

import time as machine
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.journal import Entry
from bot.domain.looks import LEAST, Outcome, OutcomeMissing, drawn
from bot.domain.people import NotForYou, Person, Post, Role
from bot.usecases.homes import PartAsked
from bot.usecases.looks import Watch, samples_part, watch_part
from tests.support.office import OfficeTown

MAJA, JENS, ANNE = "Maja Holm", "Jens Toft", "Kim Nyholm"
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def town(town: OfficeTown) -> OfficeTown:
    anne = Person("U0KIM00001", town.person(MAJA).team, ANNE, frozenset({Post(Role.DPO)}))
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add(anne)
    return town


def looked(town: OfficeTown, case: str, who: str, times: int) -> None:
    by = town.person(who).id
    with town.house.storage.open_work(at=town.clock.at) as work:
        for n in range(times):
            entry = Entry(
                town.clock.at + timedelta(seconds=n), by, "case_opened", case, {}, "home", "caseworker", True
            )
            work.journal.write(entry)


def part(town: OfficeTown, who: str, find: Any) -> Any:
    with town.work() as work:
        return find(PartAsked(work, town.asked(who, once=False), town.house.rules.on(town.today)))


def test_the_log_of_a_case_says_who_saw_what_in_which_role_and_asking_is_a_look(town: OfficeTown):
    case = town.registered(MAJA)
    town.office.cases.show(town.asked(MAJA), case.id)
    found = town.office.looks.of_case(town.asked(ANNE), case.key)
    assert [(x.by, x.act, x.look, x.roles) for x in found.lines] == [
        (MAJA, "case_opened", True, ("caseworker",)),
        (MAJA, "case_registered", False, ("caseworker",)),
    ]
    again = town.office.looks.of_case(town.asked(ANNE), case.key)
    assert (again.lines[0].by, again.lines[0].act) == (ANNE, "access_log_opened")


def test_who_came_by_the_emergency_door_is_shown_with_the_reason(town: OfficeTown):
    case, why = town.registered(MAJA), "Sagsbehandleren er syg, og det haster nu"
    town.office.emergencies.open(town.asked("Lone Ager"), case.key, why)
    town.office.cases.show(town.asked("Lone Ager"), case.id)
    assert town.office.looks.of_case(town.asked(ANNE), case.key).lines[0].why == why


def test_ten_thousand_lines_are_there_in_under_five_seconds(
    town: OfficeTown, record_property: Callable[[str, object], None]
):
    case = town.registered(MAJA)
    looked(town, case.id, MAJA, 10_000)
    began, worked = machine.perf_counter(), machine.process_time()
    found = town.office.looks.of_case(town.asked(ANNE), case.key)
    seconds, worked = machine.perf_counter() - began, machine.process_time() - worked
    assert len(found.lines) == 10_001
    assert worked < 5, "of processor: how long it took says what else ran"
    figures = f"the log of a case: {len(found.lines)} lines in {seconds:.1f} s, {worked:.1f} of processor"
    record_property("figures", figures)


@pytest.mark.parametrize("who", [MAJA, JENS, "Lone Ager", "Bo Winther"])
def test_nobody_else_has_the_log(town: OfficeTown, who: str):
    case = town.registered(MAJA)
    with pytest.raises(NotForYou):
        town.office.looks.of_case(town.asked(who), case.key)


def test_a_key_that_is_none_has_no_log(town: OfficeTown):
    with pytest.raises(CaseNotFound):
        town.office.looks.of_case(town.asked(ANNE), "26-9999")


def test_a_month_is_drawn_once_on_the_next_months_first_working_day_and_never_a_leaders_own(town: OfficeTown):
    case = town.registered(MAJA)
    looked(town, case.id, MAJA, 30)
    looked(town, case.id, JENS, 30)
    town.jump_to(DECEMBER, time(7, 59))
    assert town.office.looks.draw_due(town.clock.at) == 0
    town.jump_to(DECEMBER, time(8, 1))
    assert [town.office.looks.draw_due(town.clock.at) > 0, town.office.looks.draw_due(town.clock.at)] == [
        True,
        0,
    ]
    (sample,) = part(town, JENS, samples_part) or ()
    assert (sample.month, sample.area, len(sample.looks), sample.of) == (
        date(2026, 11, 1),
        "social",
        LEAST,
        30,
    )
    view = town.office.looks.sample(town.asked(JENS, once=False), sample.id)
    assert {line.by for line in view.lines} == {MAJA}
    town.deliver()
    assert [m for m in town.heard(town.person(JENS)) if "Stikprøve" in m] == [
        "Stikprøve for nov. 2026: 20 opslag i dit område\nGennemgå"
    ]


def test_a_leader_signs_and_what_is_late_is_shown_to_the_data_protection_officer(town: OfficeTown):
    case = town.registered(MAJA)
    looked(town, case.id, MAJA, 3)
    town.jump_to(DECEMBER, time(8, 1))
    town.office.looks.draw_due(town.clock.at)
    (sample,) = part(town, JENS, samples_part) or ()
    town.jump(days=15)
    watch = part(town, ANNE, watch_part)
    before = watch.overdue_samples
    assert before == 2  # each of the area's leaders has one of their own
    with pytest.raises(OutcomeMissing):
        town.office.looks.sign(town.asked(JENS), sample.id, None)
    with pytest.raises(NotForYou):
        town.office.looks.sign(town.asked("Henrik Dahl"), sample.id, Outcome.FINE)
    town.office.looks.sign(town.asked(JENS), sample.id, Outcome.FINE)
    assert part(town, JENS, samples_part) is None
    after = part(town, ANNE, watch_part)
    assert after.overdue_samples == before - 1


def test_the_watch_counts_this_month(town: OfficeTown):
    case = town.registered(MAJA)
    town.office.emergencies.open(town.asked("Lone Ager"), case.key, "Sagsbehandleren er syg, det haster")
    town.office.cases.show(town.asked("Lone Ager"), case.id)
    town.office.looks.note_refused(town.asked(MAJA))
    assert part(town, ANNE, watch_part) == Watch(None, 1, 1, 1, date(2026, 11, 1), 0, 0)
    assert part(town, JENS, watch_part) is None


def test_chance_draws_two_in_a_hundred_and_leaves_out_nothing_that_came_by_the_door(town: OfficeTown):
    looks, always = tuple(range(5_000)), frozenset({7, 4_711})
    chosen = drawn(looks, always, town.house.office.looks._chance.random)
    assert (len(chosen), always <= set(chosen), sorted(chosen) == list(chosen)) == (100, True, True)
    assert drawn((1, 2, 3), frozenset(), town.house.office.looks._chance.random) == (1, 2, 3)


def test_all_that_is_held_on_a_case_is_given_out_with_names_and_its_own_areas_numbers(town: OfficeTown):
    case = town.registered(MAJA, number="S2026-004711")
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.put_birth_month(case.id, "2004-05")
    found = town.office.looks.holdings(town.asked(MAJA), case.key)
    assert found["cases"][0]["caseworker"] == MAJA
    assert found["case_references"] == [
        {
            "case_id": case.id,
            "area": "social",
            "number": "S2026-004711",
            **(
                {"link": found["case_references"][0]["link"]} if "link" in found["case_references"][0] else {}
            ),
        }
    ]
    assert found["birth_months"] == [{"case_id": case.id, "month": "sealed"}]
    assert [e["act"] for e in found["journal"]] == ["case_registered"]
    assert town.office.looks.of_case(town.asked(ANNE), case.key).lines[0].act == "holdings_opened"


@pytest.mark.parametrize("who", ["Peter Krogh", "Bo Winther", ANNE])
def test_nobody_gets_what_is_held_on_a_case_that_is_not_theirs(town: OfficeTown, who: str):
    case = town.registered(MAJA)
    with pytest.raises(CaseNotFound):
        town.office.looks.holdings(town.asked(who), case.key)


def test_another_area_never_gets_a_number_that_is_not_its_own(town: OfficeTown):
    case = town.registered(MAJA, number="S2026-004711")
    town.office.emergencies.open(town.asked("Peter Krogh"), case.key, "Sagsbehandleren er syg, det haster")
    found = town.office.looks.holdings(town.asked("Peter Krogh"), case.key)
    assert found["case_references"][0]["number"] == "sealed"
