"""How the committee is put together (R003-R006), on the day it meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.committee import Seat, SeatBackwards, SeatKind, roster_faults
from bot.rules import read_rules
from bot.texts import texts
from bot.views.setup import roster_limits

DAY = date(2026, 11, 19)
RULES = read_rules().on(DAY)


def seats(management: int = 2, caseworkers: int = 3, schools: int = 1, **changes: Any) -> tuple[Seat, ...]:
    """Caseworkers come from the two areas by turns."""
    kinds = (
        [(SeatKind.MANAGEMENT, "youth")] * management
        + [(SeatKind.CASEWORKER, ("youth", "social")[n % 2]) for n in range(caseworkers)]
        + [(SeatKind.SCHOOLS, "schools")] * schools
    )
    return tuple(
        Seat(f"s{n}", "committee", f"U{n}", kind, area, **changes) for n, (kind, area) in enumerate(kinds)
    )


def faults(*chosen: Seat, on: date = DAY) -> tuple[str, ...]:
    return roster_faults(chosen, RULES.roster, on)


@pytest.mark.rule("R003", "R004", "R005", "R006")
@given(st.integers(0, 4), st.integers(0, 6), st.integers(0, 3))
def test_a_roster_is_right_exactly_when_each_part_is(management: int, caseworkers: int, schools: int) -> None:
    found = faults(*seats(management, caseworkers, schools))
    right = management == 2 and 2 <= caseworkers <= 4 and schools == 1
    assert (found == ()) == right
    assert ("size" in found) == (not 5 <= management + caseworkers + schools <= 7)
    assert ("management" in found) == (management != 2)
    assert ("caseworkers" in found) == (not 2 <= caseworkers <= 4)
    assert ("schools" in found) == (schools != 1)


@pytest.mark.rule("R005")
def test_both_areas_have_a_caseworker_and_no_other_area_has_one() -> None:
    one_area = tuple(replace(s, area="social") if s.kind == SeatKind.CASEWORKER else s for s in seats())
    assert faults(*one_area) == ("areas",)
    relaxed = replace(RULES.roster, both=False)
    assert roster_faults(one_area, relaxed, DAY) == ()
    stranger = tuple(replace(s, area="health") if s.id == "s2" else s for s in seats())
    assert "areas" in roster_faults(stranger, relaxed, DAY)


@pytest.mark.rule("R003")
def test_a_period_begins_and_ends_on_its_days_and_alternates_do_not_count() -> None:
    leaving = tuple(replace(s, last=DAY) if s.id == "s5" else s for s in seats())
    assert faults(*leaving) == ()
    assert faults(*leaving, on=date(2026, 11, 20)) == ("schools",)
    coming = replace(seats()[5], id="new", person="UNEW", first=date(2026, 11, 20))
    assert faults(*leaving, coming, on=date(2026, 11, 20)) == ()
    assert faults(*leaving, coming) == ()
    assert faults(*seats(), *(replace(s, id=f"a{s.id}", alternate=True) for s in seats())) == ()
    with pytest.raises(SeatBackwards):
        replace(coming, last=DAY)


@pytest.mark.rule("R003", "R004", "R005", "R006")
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("fault", ["size", "management", "caseworkers", "areas", "schools", "twice"])
def test_each_fault_is_said_with_the_rule_files_own_numbers(fault: str, language: str) -> None:
    said = texts(language).say("setup", f"fault_{fault}", **roster_limits(RULES))
    assert said.startswith("⚠")
    if fault == "areas":
        assert RULES.area("social").name(language) in said
