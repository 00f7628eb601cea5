"""Minor or significant: the eight questions, what blocks, and the plan's own days (B7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.common_practice import PracticeNote, newest
from bot.domain.presentation import Kind, Measure, Presentation, Recommendation, State, Stop
from bot.domain.significance import WHOLE_PLAN, blocks, verdict
from bot.domain.task import Task
from bot.rules import read_rules
from bot.usecases.common_practice import cells

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
QUESTIONS = read_rules().on(AT.date()).plan.questions


@pytest.mark.rule("R053", "T20", "D8")
def test_eight_questions_all_no_is_a_minor_adjustment() -> None:
    assert len(QUESTIONS) == 8
    assert verdict(QUESTIONS, ()) is None


@pytest.mark.rule("R068")
@pytest.mark.parametrize("code", [q.code for q in QUESTIONS])
def test_any_single_yes_goes_to_the_committee(code: str) -> None:
    found = verdict(QUESTIONS, (code,))
    assert found is not None
    assert found.reasons == (code,)
    assert found.notify == (code == "safety")


@pytest.mark.rule("R068")
def test_the_gravest_kind_wins_and_doubt_alone_is_enough() -> None:
    assert verdict(QUESTIONS, ("doubt",)) == replace(verdict(QUESTIONS, ("doubt",)), kind=Kind.DOUBT)  # type: ignore[type-var]
    both = verdict(QUESTIONS, ("over_frame", "doubt"))
    assert both is not None and both.kind == Kind.FRAME_CHANGE
    all_of_them = verdict(QUESTIONS, ("over_frame", "goal_type", "doubt"))
    assert all_of_them is not None and all_of_them.kind == Kind.CHANGE
    assert verdict((), ("doubt",)) is not None, "doubt counts whatever the file asks"


def raised(kind: Kind, *matters: str, state: State = State.REFERRED) -> Presentation:
    return Presentation("p", "c", "k", kind, "social", "U1", AT, state=state, matters=matters)


@pytest.mark.rule("R069")
def test_the_same_matter_waits_and_another_does_not() -> None:
    about_m1 = raised(Kind.CHANGE, "m1")
    assert blocks(about_m1, matter="m1", how="period")
    assert not blocks(about_m1, matter="m2", how="period")
    assert blocks(raised(Kind.DOUBT), matter="m2", how="period"), "doubt about the whole plan"
    money = raised(Kind.FRAME_CHANGE)
    assert blocks(money, matter=WHOLE_PLAN, how="amount")
    assert not blocks(money, matter=WHOLE_PLAN, how="period")
    assert not blocks(raised(Kind.CHANGE, "m1", state=State.DECIDED), matter="m1", how="period")
    assert not blocks(raised(Kind.FOLLOW_UP), matter="m1", how="period")


@pytest.mark.rule("R014", "R051")
def test_a_measure_waits_for_its_start_from_the_day_after_it_was_planned() -> None:
    task = Task("t", "c", "p", "m", "social", "mentor_support", date(2026, 11, 26))
    assert not task.waits_for_start(date(2026, 11, 26))
    assert task.waits_for_start(date(2026, 11, 27))
    later = replace(task, start_on=date(2026, 12, 10))
    assert not later.waits_for_start(date(2026, 12, 10))
    assert not task.started(date(2026, 11, 25), by="U1").waits_for_start(date(2026, 12, 1))
    assert not replace(task, stopped_on=date(2026, 11, 27)).waits_for_start(date(2026, 12, 1))
    assert not replace(task, ends="t0").is_running


@pytest.mark.rule("R070")
def test_the_newest_version_of_each_topic_stands() -> None:
    notes = [
        PracticeNote(f"n{n}", "k", topic, number, f"{topic}{number}", "U1", AT)
        for n, (topic, number) in enumerate((("a", 1), ("b", 1), ("a", 2)))
    ]
    assert {n.text for n in newest(notes)} == {"a2", "b1"}


@pytest.mark.rule("R070", "R075")
def test_a_small_group_is_not_told() -> None:
    pairs = [("change", "as_recommended")] * 9 + [("change", "changed")] * 4 + [("new", "changed")] * 8
    found = {(c.row, c.column): c.count for c in cells(pairs, smallest=5)}
    assert found["change", "as_recommended"] == 9
    assert found["change", "changed"] is None
    assert cells([("new", "changed")] * 4, smallest=5)[0].count is None


def test_what_a_decision_says_about_the_plan_reads_from_older_rows() -> None:
    old = Recommendation(goals=("education",), measures=(Measure("housing", "social"),))
    assert old.stops == () and not old.keep_frame
    assert Stop("t", "housing", "social").area == "social"
