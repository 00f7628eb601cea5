"""Passages by the month of birth: each mark on the first working day of its month, once, whatever the calendar (T26)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.birth import Born
from bot.domain.calendar import WorkingDays, add_months, danish_closed_days
from bot.domain.choices import KNOWN
from bot.domain.closing import MET, ClosingRules, asked_afterwards
from bot.domain.rules import Named, TransitionRules
from bot.domain.transitions import (
    Transition,
    come,
    is_owed,
    marks_of_birth,
    marks_of_plan,
    months_until,
    points_of,
)
from bot.rules import read_rules

DAYS = WorkingDays(lambda day: day in danish_closed_days(day.year))
RULES = TransitionRules(
    checklist=(Named("dialogue_youth", {"da": "a"}), Named("dialogue_parents", {"da": "b"})),
    only_under_18=("dialogue_parents",),
)
births = st.builds(Born, st.integers(1995, 2015), st.integers(1, 12))
AT = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.mark.rule("T26", "R041", "R025")
def test_the_marks_of_one_life() -> None:
    """By the rules file that comes with the program: what stands there is what people are told."""
    marks = marks_of_birth(Born(2009, 5), read_rules().versions[-1].transitions, DAYS)
    assert [(m.code, m.months, m.due_on) for m in marks] == [
        ("age_18", 24, date(2025, 5, 1)),
        ("age_18", 12, date(2026, 5, 1)),
        ("age_18", 6, date(2026, 11, 2)),  # 1 November is a Sunday
        ("age_18", 3, date(2027, 2, 1)),
        ("age_18", 0, date(2027, 5, 3)),  # 1 May is a Saturday
        ("age_18", -6, date(2027, 11, 1)),
        ("age_25", 0, date(2034, 5, 1)),
        ("age_30", 6, date(2038, 11, 1)),
        ("age_30", 1, date(2039, 4, 1)),
        ("age_30", 0, date(2039, 5, 2)),  # 1 May is a Sunday
    ]


@pytest.mark.rule("T26", "R041")
@given(births)
def test_every_mark_lies_on_the_first_working_day_of_its_month(born: Born) -> None:
    for mark in marks_of_birth(born, RULES, DAYS):
        birthday = born.turns(int(mark.code.removeprefix("age_")))
        assert months_until(birthday, mark.due_on) == mark.months
        assert DAYS.is_working(mark.due_on)
        first = mark.due_on.replace(day=1)
        assert all(not DAYS.is_working(first + timedelta(days=n)) for n in range(mark.due_on.day - 1))


@pytest.mark.rule("T26")
@given(births, st.lists(st.integers(0, 500), min_size=1, max_size=30), st.integers(0, 11_000))
def test_whenever_the_bot_looks_each_mark_is_told_once_and_the_newest_after_a_pause(
    born: Born, pauses: list[int], start: int
) -> None:
    since = date(2010, 1, 1) + timedelta(days=start)
    marks = tuple(m for m in marks_of_birth(born, RULES, DAYS) if m.code == "age_18")
    today, told, tellings = since, 0, []
    for pause in [*pauses, 9_000]:
        due = come(marks, today=today)
        if is_owed(due, told=told, since=since):
            tellings.append(due[-1])
            told = len(due)
        today += timedelta(days=pause)
    due = come(marks, today=today)
    if is_owed(due, told=told, since=since):
        tellings.append(due[-1])
    assert len(tellings) == len(set(tellings)), "none is told twice"
    assert tellings == sorted(tellings, key=lambda m: m.due_on)
    followed = [m for m in marks if since.replace(day=1) <= m.due_on <= today]
    assert (tellings[-1:] or [None])[0] == (followed[-1] if followed else None)


@pytest.mark.rule("T26", "D25")
@given(st.dates(date(1996, 1, 1), date(2015, 12, 31)), st.sampled_from([18, 25, 30]))
def test_no_birthday_comes_before_its_mark_leap_days_too(born_on: date, age: int) -> None:
    """Known by the month, so the mark at the passage is never after the birthday, but for days nobody works."""
    by_day = Born(born_on.year, born_on.month, born_on.day).turns(age)
    mark = next(
        m
        for m in marks_of_birth(Born(born_on.year, born_on.month), RULES, DAYS)
        if (m.code, m.months) == (f"age_{age}", 0)
    )
    assert mark.due_on <= DAYS.next_on_or_after(by_day)


@pytest.mark.rule("R036")
@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (Born(1996, 9, 2), date(2026, 9, 1), 29),
        (Born(1996, 9, 2), date(2026, 9, 2), 30),  # the birthday itself counts
        (Born(1996, 2, 29), date(2026, 2, 28), 29),
        (Born(1996, 2, 29), date(2026, 3, 1), 30),
    ],
)
def test_the_birthday_itself_counts(born: Born, day: date, age: int) -> None:
    assert born.age_on(day) == age


@pytest.mark.rule("R105", "T26")
def test_a_passage_of_school_years_has_marks_of_its_own() -> None:
    marks = marks_of_plan("school_stu", date(2027, 8, 1), RULES, DAYS)
    assert [(m.months, m.due_on) for m in marks] == [
        (6, date(2027, 2, 1)),
        (3, date(2027, 5, 3)),
        (0, date(2027, 8, 2)),
    ]


@pytest.mark.rule("T26", "R041")
def test_the_list_asks_the_parents_only_while_there_is_custody_and_ends_by_its_last_tick() -> None:
    assert points_of(RULES, under_18=True) == ("dialogue_youth", "dialogue_parents")
    assert points_of(RULES, under_18=False) == ("dialogue_youth",)
    begun = Transition("t", "c", "age_18", points=points_of(RULES, under_18=True), told=1)
    assert begun.is_new and not begun.looked_at().is_new
    half = begun.ticked(frozenset({"dialogue_youth"}), by="U1", at=AT)
    later = half.ticked(frozenset(begun.points), by="U2", at=AT + timedelta(days=1))
    assert (half.done_at, later.done_at) == (None, AT + timedelta(days=1))
    assert [t.by for t in later.ticks.values()] == ["U1", "U2"], "a tick that stood keeps who"
    assert later.ticked(frozenset(), by="U2", at=AT).done_at is None
    assert not later.is_new


@pytest.mark.rule("T28")
@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
def test_what_is_asked_after_a_closing_on_any_day(closed_on: date) -> None:
    for why in MET:
        journal, *checks = asked_afterwards(why, closed_on=closed_on, rules=ClosingRules(), days=DAYS)
        assert DAYS.between(closed_on, journal.due_on) == 10
        assert [c.months for c in checks] == [3, 6]
        for check in checks:
            assert DAYS.is_working(check.due_on)
            assert add_months(closed_on, check.months) <= check.due_on < check.until  # type: ignore[operator]
            assert not check.is_asked(check.due_on - timedelta(days=1))
            assert check.is_asked(check.due_on)
            assert not check.is_asked(check.until + timedelta(days=1))  # type: ignore[operator]
    for why in set(KNOWN["closing"]) - set(MET):
        only = asked_afterwards(why, closed_on=closed_on, rules=ClosingRules(), days=DAYS)
        assert [a.kind for a in only] == ["journal"]
