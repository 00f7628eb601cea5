"""»Prøvefugl«: a whole life that reaches nobody, counts in nothing, and is gone after a week."""

from __future__ import annotations

import pytest

from bot.domain.follow_up import ClosingMissing
from bot.domain.frame import FrameExceeded
from bot.domain.personal_data import PersonalDataRefused
from bot.domain.practice import Practice, PracticeOver, Step
from bot.domain.presentation import CRITERIA, CriteriaMissing
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.practice_cases import Filled, my_practice
from bot.views import practice as views
from tests.support.office import OfficeTown, readable

MAJA = "Maja Holm"
GOOD = {
    Step.REGISTER: Filled(reference="ØVELSE"),
    Step.REQUEST: Filled(criteria=CRITERIA),
    Step.FRAME: Filled(amount="450"),
    Step.FOLLOW_UP: Filled(progress={"education": "on_track"}),
    Step.CLOSING: Filled(closing="education"),
}


def walked_to(town: OfficeTown, wanted: Step) -> Practice:
    now = town.office.practice_cases.begin(town.asked(MAJA))
    while now.step != wanted:
        now = town.office.practice_cases.go(town.asked(MAJA), now.step, GOOD.get(now.step, Filled()))
    return now


def in_home(town: OfficeTown) -> Practice | None:
    with town.work() as work:
        return my_practice(PartAsked(work, town.asked(MAJA, once=False), town.house.rules.on(town.today)))


@pytest.mark.rule("D43")
def test_a_whole_life_reaches_nobody_and_is_in_no_list(town: OfficeTown) -> None:
    town.knock()
    with town.work() as work:
        before = (work.cases.open(), work.presentations.in_states(*_all_states()), len(town.slack.posts))
    done = walked_to(town, Step.DONE)
    town.knock()
    with town.work() as work:
        after = (work.cases.open(), work.presentations.in_states(*_all_states()), len(town.slack.posts))
        found = work.cases.found_by("Prøvefugl", town.person(MAJA), town.clock.at)
        acts = work.journal.not_journaled(town.person(MAJA).id)
    assert after == before
    assert (found, acts) == ([], [])
    assert (done.used.ore, (done.day - town.today).days) == (45_000, 147)
    assert in_home(town) is None


def _all_states() -> tuple:  # type: ignore[type-arg]
    from bot.domain.presentation import State

    return tuple(State)


@pytest.mark.rule("D43")
@pytest.mark.parametrize("language", ["da", "en"])
def test_each_view_is_the_real_one_marked_as_practice(town: OfficeTown, language: str) -> None:
    words, rules = texts(language), town.house.rules.on(town.today)
    mark = "ØVELSE" if language == "da" else "PRACTICE"
    maja = town.person(MAJA)
    for step in Step:
        view = views.step_view(words, rules, walked_to(town, step), maja, meta="{}")
        assert view["title"]["text"].startswith(mark), step
        assert readable(view["blocks"]).startswith(mark), step
        assert not [b for b in view["blocks"] if b["type"] == "actions" or "accessory" in b], step
        ids = [b["block_id"] for b in view["blocks"]]
        assert len(ids) == len(set(ids)), step


@pytest.mark.rule("D43", "D36", "R061")
def test_the_rules_are_the_real_ones(town: OfficeTown) -> None:
    go = town.office.practice_cases.go
    walked_to(town, Step.REGISTER)
    with pytest.raises(PersonalDataRefused):
        go(town.asked(MAJA), Step.REGISTER, Filled(reference="311299-9999"))
    walked_to(town, Step.REQUEST)
    with pytest.raises(CriteriaMissing):
        go(town.asked(MAJA), Step.REQUEST, Filled(criteria=CRITERIA[:3]))
    walked_to(town, Step.FRAME)
    with pytest.raises(FrameExceeded):
        go(town.asked(MAJA), Step.FRAME, Filled(amount="40.001"))
    walked_to(town, Step.CLOSING)
    with pytest.raises(ClosingMissing):
        go(town.asked(MAJA), Step.CLOSING, Filled(closing="on_a_whim"))
    with pytest.raises(PracticeOver):
        go(town.asked(MAJA), Step.REQUEST, GOOD[Step.REQUEST])


@pytest.mark.rule("D43")
def test_it_is_kept_where_one_left_it_and_gone_after_seven_days(town: OfficeTown) -> None:
    walked_to(town, Step.READY)
    assert in_home(town) == town.office.practice_cases.begin(town.asked(MAJA))
    town.jump(days=7)
    assert in_home(town) is None
    town.knock()
    with town.work() as work:
        assert work.practices.find(town.person(MAJA).id) is None
    with pytest.raises(PracticeOver):
        town.office.practice_cases.go(town.asked(MAJA), Step.READY, Filled())
    assert town.office.practice_cases.begin(town.asked(MAJA)).step == Step.REGISTER
