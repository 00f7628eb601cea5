"""The figures of the two council documents come out of a count made to their quotas (R084-R093, R144)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.birth import Born
from bot.domain.case_count import adult_table, bands_table, comparison, youth_table
from bot.domain.count import Counted, Fault, RowUnfit, read_row
from bot.domain.count_sheet import Ask, Sheet, band_of, bands
from bot.domain.report import Share, rescaled
from bot.domain.tracks import Ages
from bot.rules import read_rules
from bot.texts import texts
from bot.views.case import band_choices
from tests.support.caseload import BANDS_2020, JUNE_2019, NOV_2020, rows

AGES = Ages()

TODAY = date(2026, 11, 16)
RULES = read_rules().on(TODAY)
FIRST, SECOND = (
    Ask(RULES.anchoring.set(code), day) for code, day in (("forslag_1", JUNE_2019), ("forslag_2", NOV_2020))
)


EVERY = tuple(Ask(s, NOV_2020) for s in RULES.anchoring.sets)


@pytest.fixture(scope="module")
def counted() -> list[Counted]:
    return [read_row(row, today=TODAY) for row in rows()]


@pytest.fixture(scope="module")
def sheet(counted: list[Counted]) -> Sheet:
    """With all the tables of a report at once: they print what the documents print all the same."""
    return Sheet(SECOND, FIRST, EVERY).counting(counted)


def values(table: object) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]  # type: ignore[attr-defined]


@pytest.mark.rule("R077", "R079", "R080", "R085", "R086", "R088", "R089", "R090", "R091", "R092", "R112")
def test_table_1_is_the_documents_own(sheet: Sheet) -> None:
    table = youth_table(sheet, FIRST)
    assert values(table)[:3] == [(359, 339, 339), (265, 250, 220), (94, 89, 119)]
    assert values(table)[3] == (
        Share(Fraction(265, 359)),
        Share(Fraction(250, 339)),
        Share(Fraction(220, 339)),
    )
    assert (table.notes[0].facts["shift"], table.notes[0].facts["fewer"]) == (30, 20)


@pytest.mark.rule("R078", "R087", "R093")
def test_table_2_is_the_documents_own(sheet: Sheet) -> None:
    assert values(adult_table(sheet, FIRST))[:3] == [(106, 114), (45, 50), (61, 64)]


@pytest.mark.rule("R144")
def test_the_rule_sets_stand_side_by_side(sheet: Sheet) -> None:
    by_set = {row.label.facts["set"].code: row.cells[:3] for row in comparison(sheet).rows}
    assert by_set["forslag_1"] == (339, 250, 89)
    assert by_set["forslag_2"] == (339, 220, 119)
    assert by_set["forslag_2_18"] == (339, 179, 160)


def test_by_age_the_young_of_the_second_snapshot(sheet: Sheet) -> None:
    assert [row.cells[:2] for row in bands_table(sheet).rows[:-1]] == list(BANDS_2020.values())


def test_another_seed_gives_the_same_totals() -> None:
    again = Sheet(SECOND, FIRST).counting(read_row(row, today=TODAY) for row in rows(seed=7))
    numbers = [
        [again.number(ask, part, of) for part in ("moves", "stays")]
        for ask, of in ((FIRST, "youth"), (SECOND, "youth"), (SECOND, "adults"))
    ]
    assert numbers == [[265, 94], [220, 119], [50, 64]]


@pytest.mark.rule("R078", "X1")
def test_exactly_thirty_is_an_adult_and_fourteen_is_in_no_band() -> None:
    assert [band_of(age, AGES) for age in (14, 15, 17, 18, 29, 30)] == [
        None,
        "15-17",
        "15-17",
        "18-24",
        "25-29",
        "adults",
    ]


@pytest.mark.rule("R091")
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.integers(0, 1000))
def test_rescaled_parts_add_up_and_are_less_than_one_from_exact(parts: list[int], whole: int) -> None:
    found = rescaled(parts, whole)
    before = sum(parts)
    assert sum(found) == (whole if before else 0)
    for part, got in zip(parts, found, strict=True):
        assert abs(got - (Fraction(part * whole, before) if before else 0)) < 1
    if before == whole:
        assert list(found) == parts


GOOD = {
    "key": "T1",
    "birth_date": "2000-02-29",
    "opened_on": "2019-01-02",
    "closed_on": "",
    "disability_pension": "0",
    "no_prospect": "1",
    "most_vulnerable": "nej",
}


def test_a_row_comes_back_as_it_was_sealed() -> None:
    for row in (GOOD, {**GOOD, "birth_date": "2001-07", "closed_on": "2020-01-01"}):
        read = read_row(row, today=TODAY)
        assert Counted.of(read.written()) == read
    assert read_row(GOOD, today=TODAY).born == Born(2000, 2, 29)


@pytest.mark.rule("R129")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"birth_date": "2000-13"}, (Fault.BAD_DATE, "birth_date")),
        ({"birth_date": "01-02-2000"}, (Fault.BAD_DATE, "birth_date")),
        ({"opened_on": ""}, (Fault.BAD_DATE, "opened_on")),
        ({"opened_on": "2019-02-30"}, (Fault.BAD_DATE, "opened_on")),
        ({"opened_on": "2018-W01-1"}, (Fault.BAD_DATE, "opened_on")),
        ({"opened_on": "2026-11-17"}, (Fault.OPENED_AHEAD, "opened_on")),
        ({"closed_on": "2019-01-01"}, (Fault.CLOSED_BEFORE_OPENED, "closed_on")),
        ({"no_prospect": "måske"}, (Fault.UNKNOWN_FLAG, "no_prospect")),
        ({"birth_date": "2012-01"}, (Fault.TOO_YOUNG, "birth_date")),
        ({"birth_date": "1901-01"}, (Fault.TOO_OLD, "birth_date")),
        ({"key": "010203-4567"}, (Fault.KEY_LIKE_CPR, "key")),
        ({"key": "Anne Jensen"}, (Fault.KEY_UNFIT, "key")),
        ({"key": ""}, (Fault.KEY_UNFIT, "key")),
    ],
)
def test_each_fault_is_named_with_its_column(change: dict[str, str], fault: tuple[Fault, str]) -> None:
    with pytest.raises(RowUnfit) as unfit:
        read_row({**GOOD, **change}, today=TODAY)
    assert fault in unfit.value.faults


@pytest.mark.rule("R025", "R026", "R028", "R041", "X1")
def test_the_ages_of_the_rules_file_are_the_ages_people_read() -> None:
    """A municipality that says 23 and 27 sees these in the form, in the count and in what the count means."""
    ages = Ages(middle=23, adult=27)
    assert bands(ages) == ((15, 17), (18, 22), (23, 26))
    assert [band_of(age, ages) for age in (14, 22, 23, 26, 27)] == [None, "18-22", "23-26", "23-26", "adults"]
    rules = replace(read_rules().on(NOV_2020), ages=ages)
    for language, said in (
        ("da", ["15–17 år", "18–26 år", "27 år og derover"]),
        ("en", ["15–17 years", "18–26 years", "27 years and over"]),
    ):
        words = texts(language)
        assert [choice.text for choice in band_choices(words, rules)] == said
        titles = [
            words.say("report", f"table_{t}", ages=ages, day=NOV_2020)
            for t in ("youth", "adults", "comparison")
        ]
        assert [("15-26" in t, "27" in t) for t in titles] == [(True, False), (False, True), (True, False)]
        assert "26" in words.say("report", "definition_age", ages=ages)
