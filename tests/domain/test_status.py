"""The status note: staff as the council counted them, and cases where they were assessed to be (R127, R083)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from bot.domain.case import AgeBand, Stage
from bot.domain.people import Person, Post, Role
from bot.domain.report import Label, ReportCode, readable_by
from bot.domain.status import anchors_table, staff_table
from bot.domain.suppression import Kept
from bot.rules import read_rules
from tests.support.rows import a_case

RULES = read_rules().on(date(2026, 11, 24))


@pytest.mark.rule("R094", "R095", "R096", "R097", "R099", "R127")
def test_cases_for_each_post_is_arithmetic_and_hidden_with_its_number() -> None:
    table = staff_table(RULES, {"youth": 220, "adults": Kept.BACK})
    assert [row.cells for row in table.rows] == [(5, Fraction(44)), (6, None), (1, Kept.BACK), (2, None)]
    assert staff_table(RULES, {}).rows[0].cells == (5, None)
    assert [n.code for n in table.notes] == ["each", "neutral"]


@pytest.mark.rule("R083", "R084", "R098")
def test_a_case_counts_where_it_was_assessed_to_belong() -> None:
    cases = [a_case(f"a{n}", area="social") for n in range(6)]
    cases += [a_case(f"b{n}", area="youth") for n in range(7)]
    cases += [a_case(f"d{n}", area="employment", age_band=AgeBand.ADULT) for n in range(8)]
    cases += [a_case(f"c{n}", stage=Stage.CLOSED) for n in range(9)]
    rows = anchors_table(cases, RULES).rows
    by_area = {r.label.facts["area"].code: r.cells for r in rows if r.label.code == "area"}
    assert (by_area["social"][2], by_area["youth"][2]) == (6, 7)


@pytest.mark.rule("R127")
def test_a_place_is_there_because_somebody_is_and_that_does_not_tell_how_few() -> None:
    """Two and three, and five in all: neither could be none or five. And none looks like few."""
    few = [a_case(f"a{n}", area="social") for n in range(2)] + [
        a_case(f"b{n}", area="youth") for n in range(3)
    ]
    for cases in ([], few):
        table = anchors_table(cases, RULES)
        assert (table.columns, table.rows, table.notes) == ((), (), (Label("few"),))
    many = [*few, *(a_case(f"c{n}", stage=Stage.CLOSED) for n in range(9))]
    assert [row.cells[-1] for row in anchors_table(many, RULES).rows] == [Kept.BACK, Kept.BACK, Kept.BACK, 14]


@pytest.mark.rule("R015")
def test_a_leader_reads_of_their_own_area_alone() -> None:
    leader = Person("U1", "T1", "Åse", frozenset({Post(Role.AREA_LEADER, "social")}))
    assert readable_by(leader) == (ReportCode.EVALUATION,)
    assert readable_by(Person("U2", "T1", "Bo", frozenset({Post(Role.ADMINISTRATOR)}))) == ()
