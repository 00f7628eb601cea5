"""Rule sets propose, people decide; and nothing moves on a birthday."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anchoring import (
    FACTS,
    Anchor,
    AnchorReasonMissing,
    Facts,
    Moves,
    propose,
    reason_for,
)
from bot.domain.birth import Born
from bot.domain.case import AgeBand
from bot.domain.tracks import Ages
from bot.rules import DEFAULT, read_rules
from tests.support.rows import a_case

RULES = read_rules().on(date(2026, 11, 16))
F1, F2, F2_18, TILLEMPET = (
    RULES.anchoring.set(code) for code in ("forslag_1", "forslag_2", "forslag_2_18", "tillempet")
)
DAY = date(2026, 11, 16)

MOVES_YOUTH, MOVES_ADULT, STAYS = (
    Anchor(Moves.MOVES, "youth"),
    Anchor(Moves.MOVES, "employment"),
    Anchor(Moves.STAYS, "social"),
)


def aged(years: int, **facts: bool) -> Facts:
    return Facts(Born(DAY.year - years, DAY.month, DAY.day), **facts)


@pytest.mark.rule("R079", "R112", "X1", "X2", "D8")
def test_proposal_one_moves_everybody_but_pensioners_and_those_without_prospect() -> None:
    assert propose(F1, aged(29), DAY) == MOVES_YOUTH
    assert propose(F1, aged(30), DAY) == MOVES_ADULT
    assert propose(F1, aged(22, most_vulnerable=True), DAY) == MOVES_YOUTH
    for age in (22, 45):
        assert propose(F1, aged(age, disability_pension=True), DAY) == STAYS
        assert propose(F1, aged(age, no_prospect=True), DAY) == STAYS
    assert F1.name("da") == "Forslag 1 (model 1)"


@pytest.mark.rule("R080", "R081", "R082", "R034")
def test_proposal_two_lets_the_most_vulnerable_stay() -> None:
    assert propose(F2, aged(22, most_vulnerable=True), DAY) == STAYS
    assert propose(F2, aged(45, most_vulnerable=True), DAY) == STAYS
    assert propose(F2, aged(16), DAY) == MOVES_YOUTH
    assert propose(F2, aged(31), DAY) == MOVES_ADULT


@pytest.mark.rule("R101", "R102", "R103", "R114")
def test_the_handover_waits_for_eighteen_except_for_light_needs_in_the_adapted_model() -> None:
    assert propose(F2_18, aged(17), DAY) == STAYS
    assert propose(F2_18, aged(18), DAY) == MOVES_YOUTH
    assert propose(F2_18, aged(16, light_needs_only=True), DAY) == STAYS
    assert propose(TILLEMPET, aged(16, light_needs_only=True), DAY) == MOVES_YOUTH
    assert propose(TILLEMPET, aged(16), DAY) == STAYS
    assert RULES.anchoring.in_force == TILLEMPET
    assert RULES.anchoring.handover_age == 18


@pytest.mark.rule("R101", "D8")
def test_the_handover_can_be_set_to_fifteen(tmp_path: Path) -> None:
    """15 or 18 is a line of the rules file: at 15 the youth unit takes over three years sooner."""
    text = DEFAULT.read_text("utf-8").replace("handover_age: 18", "handover_age: 15", 1)
    (tmp_path / "regler.yaml").write_text(text, "utf-8")
    sooner = read_rules(tmp_path / "regler.yaml").on(DAY).anchoring
    assert sooner.handover_age == 15
    for age, now, then in (
        (14, STAYS, STAYS),
        (15, STAYS, MOVES_YOUTH),
        (17, STAYS, MOVES_YOUTH),
        (18, MOVES_YOUTH, MOVES_YOUTH),
    ):
        assert (propose(TILLEMPET, aged(age), DAY), propose(sooner.in_force, aged(age), DAY)) == (
            now,
            then,
        ), age


@pytest.mark.rule("R083", "R084")
def test_an_assessment_that_departs_says_why() -> None:
    assert reason_for(STAYS, "social", None) == "as_proposed"
    assert reason_for(STAYS, "youth", "own_wish") == "own_wish"
    for silence in (None, "", "as_proposed"):
        with pytest.raises(AnchorReasonMissing) as refused:
            reason_for(STAYS, "youth", silence)
        assert refused.value.facts["area"] == "social"


@pytest.mark.rule("X1", "R028", "R042")
@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1996-11-16", date(2026, 11, 15), 29),
        ("1996-11-16", date(2026, 11, 16), 30),
        ("2008-02-29", date(2026, 2, 28), 17),
        ("2008-02-29", date(2026, 3, 1), 18),
        ("2008-02-29", date(2024, 2, 29), 16),
        ("1996-11", date(2026, 10, 31), 29),
        ("1996-11", date(2026, 11, 1), 30),
        ("2009-01-01", date(2009, 1, 1), 0),
    ],
)
def test_birthdays_to_the_day_and_to_the_month(born: str, day: date, age: int) -> None:
    assert Born.read(born).age_on(day) == age


@pytest.mark.parametrize("text", ["", "2007", "2007-13", "2007-2-30", "2007-02-30", "07-02", "2007-0२"])
def test_what_is_no_birthday_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Born.read(text)


@pytest.mark.rule("R028", "X1")
@given(st.dates(date(1940, 1, 1), date(2010, 12, 31)), st.integers(0, 90))
def test_the_age_goes_up_on_the_birthday_and_on_no_other_day(born: date, age: int) -> None:
    person = Born(born.year, born.month, born.day)
    turns = person.turns(age)
    assert person.age_on(turns) == age
    assert person.age_on(turns - timedelta(days=1)) == age - 1
    assert person.last_day_under(30) == person.turns(30) - timedelta(days=1)


@pytest.mark.rule("R025", "R026", "R028", "R038", "R042", "X1")
def test_the_bands_meet_at_eighteen_and_thirty() -> None:
    ages = Ages()
    assert [ages.band(a) for a in (14, 15, 17, 18, 29, 30, 66)] == [
        None,
        AgeBand.TEENS,
        AgeBand.TEENS,
        AgeBand.YOUTH,
        AgeBand.YOUTH,
        AgeBand.ADULT,
        AgeBand.ADULT,
    ]
    assert [ages.years(b) for b in AgeBand] == [(15, 17), (18, 29), (30, None)]
    assert ages.middle == 25


@pytest.mark.rule("T26", "R108", "R083", "R054")
@given(
    st.dates(date(1990, 1, 1), date(2011, 12, 31)),
    st.integers(-400, 400),
    st.fixed_dictionaries({f: st.booleans() for f in FACTS}),
    st.sampled_from(RULES.anchoring.sets),
)
def test_a_birthday_changes_a_proposal_at_most_and_never_a_case(
    born: date, days: int, facts: dict[str, bool], rule_set: object
) -> None:
    """Whatever a set proposes around 18 and 30, it only answers: the case has no way to hear of it."""
    case = a_case(area="social", payer="youth")
    person = Facts(Born(born.year, born.month, born.day), **facts)
    for age in (18, 30):
        day = person.born.turns(age) + timedelta(days=days)
        proposed = propose(rule_set, person, day)  # type: ignore[arg-type]
        assert (proposed.kind == Moves.STAYS) == (proposed.area == "social")
        assert (case.area, case.payer) == ("social", "youth")
