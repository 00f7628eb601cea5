"""How long somebody may stand in: thirty days in a row, whoever it is, and no pause for a weekend (T25, X8)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.calendar import WorkingDays, danish_closed_days
from bot.domain.people import Person, Post, Role, lendable_to
from bot.domain.substitute import (
    Substitute,
    SubstituteBackwards,
    SubstituteRules,
    SubstituteTooLong,
    check,
    reminded_on,
)

RULES = SubstituteRules()
DAYS = WorkingDays(frozenset(danish_closed_days(2026)))
TODAY = date(2026, 11, 16)  # a Monday
AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


def stint(first: date, days: int, id: str = "new") -> Substitute:  # noqa: A002
    return Substitute(id, "case", "U0ALI00001", first, first + timedelta(days=days - 1), "U0JENS0001", AT)


def checked(new: Substitute, *earlier: Substitute) -> None:
    check(new, earlier=earlier, rules=RULES, days=DAYS, today=TODAY)


@pytest.mark.rule("T25", "R057", "X8")
@pytest.mark.parametrize("days", [1, 29, 30])
def test_thirty_days_is_a_substitute(days: int) -> None:
    checked(stint(TODAY, days))


@pytest.mark.rule("T25", "R057", "X8")
def test_thirty_one_days_is_a_change() -> None:
    with pytest.raises(SubstituteTooLong):
        checked(stint(TODAY, 31))


@pytest.mark.rule("T25", "X8")
@pytest.mark.parametrize(
    ("gap", "refused"),
    [(0, True), (2, True), (3, False)],  # the first stint ends on a Friday: Saturday and Sunday are no pause
)
def test_renewing_counts_from_the_first_day_unless_a_working_day_lies_between(
    gap: int, refused: bool
) -> None:
    earlier = stint(date(2026, 11, 2), 19, "old")  # to Friday 20 November
    new = stint(earlier.last + timedelta(days=1 + gap), 20)
    if refused:
        with pytest.raises(SubstituteTooLong):
            checked(new, earlier)
    else:
        checked(new, earlier)


@pytest.mark.rule("T25")
def test_a_later_one_that_is_set_already_counts_too() -> None:
    later = stint(TODAY + timedelta(days=10), 25, "later")
    with pytest.raises(SubstituteTooLong):
        checked(stint(TODAY, 10), later)


@pytest.mark.rule("T25")
@pytest.mark.parametrize(
    ("first", "last"), [(TODAY, TODAY - timedelta(days=1)), (date(2026, 11, 1), date(2026, 11, 5))]
)
def test_it_ends_after_it_begins_and_not_before_today(first: date, last: date) -> None:
    with pytest.raises(SubstituteBackwards):
        checked(Substitute("new", "case", "U1", first, last, "U2", AT))


@pytest.mark.rule("T25")
def test_the_leader_is_reminded_on_day_25_of_the_row_and_only_if_it_comes_that_far() -> None:
    long = stint(TODAY, 30)
    assert reminded_on((long,), long, rules=RULES, days=DAYS) == TODAY + timedelta(days=24)
    short = stint(TODAY, 24)
    assert reminded_on((short,), short, rules=RULES, days=DAYS) is None
    second = stint(short.last + timedelta(days=1), 6, "second")
    assert reminded_on((short, second), second, rules=RULES, days=DAYS) == TODAY + timedelta(days=24)


@pytest.mark.rule("T25", "R060")
def test_it_covers_its_days_and_none_after_the_button() -> None:
    one = stint(TODAY, 5)
    assert [one.covers(TODAY + timedelta(days=n)) for n in (-1, 0, 4, 5)] == [False, True, True, False]
    assert not one.ended(at=AT, day=TODAY).covers(TODAY)


@pytest.mark.rule("D31")
def test_a_deputy_is_lent_what_the_administrator_allows_or_what_they_do_already() -> None:
    henrik = Person(
        "U1",
        "T",
        "H",
        frozenset({Post(Role.AREA_LEADER, "youth"), Post(Role.CHAIR), Post(Role.COMMITTEE_MEMBER)}),
    )
    lise = Person("U2", "T", "L", frozenset({Post(Role.AREA_LEADER, "youth")}))
    maja = Person("U3", "T", "M", frozenset({Post(Role.CASEWORKER, "social")}))
    both = {Post(Role.AREA_LEADER, "youth"), Post(Role.CHAIR)}
    assert lendable_to(henrik, lise, allowed=False) == {Post(Role.AREA_LEADER, "youth")}
    assert lendable_to(henrik, lise, allowed=True) == both  # a seat is never lent: alternates are for that
    assert lendable_to(henrik, maja, allowed=False) == frozenset()
    assert lendable_to(henrik, maja, allowed=True) == both
