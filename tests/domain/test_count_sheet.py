"""Nobody computes back a small number from all the tables of one case count report together (R129, R144).

The tables are read as a reader reads them, who knows the rule sets: each printed cell is a sum over groups of people.
A cell that is kept back is safe when somebody could be in another group, or one more or less in some of them, and every
printed cell would be the same while that one is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.anchoring import Facts, Moves, propose
from bot.domain.birth import Born
from bot.domain.case_count import count_tables
from bot.domain.count import Counted
from bot.domain.count_sheet import Ask, Sheet
from bot.domain.suppression import Kept
from bot.rules import read_rules

DAY, EARLIER = date(2026, 11, 19), date(2025, 6, 30)
SETS = read_rules().on(DAY).anchoring
EVERY = tuple(Ask(s, DAY) for s in SETS.sets)
AGES = (16, 20, 27, 40)
FLAGS = {
    "stays always": (True, False, False),
    "most vulnerable": (False, False, True),
    "others": (False, False, False),
}


class Kind(NamedTuple):
    """People of one age with one answer to the questions of the count, in it on one of the two days alone."""

    day: date
    age: int
    flags: str

    @property
    def facts(self) -> Facts:
        return Facts(Born(self.day.year - self.age, 1), *FLAGS[self.flags])

    def rows(self, number: int) -> list[Counted]:
        opened, closed = (date(2024, 1, 1), date(2025, 12, 1)) if self.day == EARLIER else (DAY, None)
        return [Counted(self.facts.born, opened, closed, *FLAGS[self.flags])] * number


KINDS = [Kind(day, age, flags) for day in (EARLIER, DAY) for age in AGES for flags in FLAGS]
Numbers = dict[Kind, int]
Who = frozenset[Kind]


def told_of(ask: Ask, part: int, low: int, high: int) -> Who:
    """Everybody, who moves, or who stays, of these ages."""

    def is_in(kind: Kind) -> bool:
        moves = propose(ask.rule_set, kind.facts, ask.day).kind == Moves.MOVES
        return kind.day == ask.day and low <= kind.age <= high and (True, moves, not moves)[part]

    return frozenset(filter(is_in, KINDS))


def cells(sheet: Sheet) -> Iterator[tuple[Who, object]]:
    """What is printed or kept back, and of whom; without shares and what is in proportion."""
    asks = [*([sheet.before] if sheet.before else []), sheet.after]
    for table in count_tables(sheet):
        if table.code == "bands":
            spans = [(15, 17), (18, 24), (25, 29), (15, 29)]
            for (low, high), row in zip(spans, table.rows, strict=True):
                yield from (
                    (told_of(sheet.after, p, low, high), row.cells[c]) for c, p in enumerate((1, 2, 0))
                )
        elif table.code == "comparison":
            for ask, row in zip(sheet.every, table.rows, strict=True):
                yield from ((told_of(ask, p, 15, 29), row.cells[p]) for p in range(3))
        else:
            span = (15, 29) if table.code == "youth" else (30, 99)
            for ask, column in zip(asks, (0, -1), strict=False):
                yield from ((told_of(ask, p, *span), table.rows[p].cells[column]) for p in range(3))


def could_be_otherwise(kept: Who, printed: Sequence[Who], numbers: Numbers) -> bool:
    """One more or less in some groups, and every printed number is the same while the kept one is not."""
    kinds = [k for k in KINDS if any((k.day, k.age < 30) == (x.day, x.age < 30) for x in kept)]
    sums = [[kind in who for kind in kinds] for who in printed if who & set(kinds)]
    ends = [max(n for n, is_in in enumerate(row) if is_in) for row in sums]

    def further(at: int, off: tuple[int, ...], change: int) -> bool:
        if any(o and end < at for o, end in zip(off, ends, strict=True)):
            return False
        if at == len(kinds):
            return change != 0
        return any(
            further(
                at + 1,
                tuple(o + step * row[at] for o, row in zip(off, sums, strict=True)),
                change + step * (kinds[at] in kept),
            )
            for step in ((1, -1, 0) if numbers.get(kinds[at]) else (1, 0))
        )

    return further(0, (0,) * len(sums), 0)


def is_safe(numbers: Numbers, sheet: Sheet) -> dict[str, tuple[tuple[object, ...], ...]]:
    """The tables of these people, when nothing small can be computed from them."""
    full = sheet.counting(row for kind, number in numbers.items() for row in kind.rows(number))
    read: dict[Who, set[object]] = {}
    for who, value in cells(full):
        read.setdefault(who, set()).add(value)
    printed = [who for who, values in read.items() if who and values != {Kept.BACK}]
    for who in filter(None, read):
        size = sum(numbers.get(kind, 0) for kind in who)
        if who in printed:
            assert read[who] == {size}, "the same number in every table"
            assert size >= 5
        else:
            assert read[who] == {Kept.BACK}
            assert could_be_otherwise(who, printed, numbers), (sorted(who), size)
    return {table.code: tuple(row.cells for row in table.rows) for table in count_tables(full)}


reports = st.tuples(
    st.sampled_from(SETS.sets),
    st.sampled_from([None, *(Ask(s, day) for s in SETS.sets for day in (EARLIER, DAY))]),
    st.sampled_from([(), EVERY]),
).map(lambda chosen: Sheet(Ask(chosen[0], DAY), chosen[1], chosen[2]))


@pytest.mark.rule("R129", "R144")
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(KINDS), st.sampled_from((0, 1, 2, 3, 4, 5, 6, 8, 12)), max_size=24),
    reports,
)
def test_no_small_number_follows_from_all_tables_together(numbers: Numbers, sheet: Sheet) -> None:
    is_safe(numbers, sheet)


def now(age: int, *numbers: int) -> Numbers:
    """Who stays always, the most vulnerable and the others of an age, on the report's day."""
    return {Kind(DAY, age, flags): n for flags, n in zip(FLAGS, numbers, strict=True)}


FIRST_SET, SECOND_SET = (Ask(SETS.set(code), DAY) for code in ("forslag_1", "forslag_2"))


@pytest.mark.rule("R144")
def test_two_sets_that_part_by_an_age_do_not_tell_who_stays_of_that_age() -> None:
    """187 less 179 would be the eight who move at 15 to 17, and eleven of that age are printed."""
    many = {**now(16, 3, 0, 8), **now(20, 30, 20, 91), **now(27, 20, 20, 88)}
    tables = is_safe(many, Sheet(SECOND_SET, None, EVERY))
    assert tables["bands"][0] == (Kept.BACK, Kept.BACK, 11)
    assert [row[1] for row in tables["comparison"]] == [227, 187, Kept.BACK, Kept.BACK]


@pytest.mark.rule("R144", "R088")
def test_two_sets_on_one_day_that_part_by_three_do_not_tell_about_these_three() -> None:
    alike = {**now(16, 10, 0, 20), **now(20, 60, 3, 80), **now(27, 40, 0, 100)}
    tables = is_safe(alike, Sheet(SECOND_SET, FIRST_SET, EVERY))
    assert tables["youth"][1] == (Kept.BACK, Kept.BACK, 200)
    assert [row[1] for row in tables["comparison"]] == [Kept.BACK, 200, 180, 180]


@pytest.mark.rule("R088")
def test_few_who_stay_hide_who_moves_as_well_and_the_shift() -> None:
    before = {Kind(EARLIER, 20, "stays always"): 3, Kind(EARLIER, 20, "others"): 60}
    sheet = Sheet(SECOND_SET, Ask(SETS.set("forslag_1"), EARLIER))
    tables = is_safe({**before, **now(20, 20, 0, 50)}, sheet)
    assert tables["youth"][1:3] == ((Kept.BACK, Kept.BACK, 50), (Kept.BACK, Kept.BACK, 20))


@pytest.mark.rule("R091")
def test_a_shift_of_few_young_people_is_kept_back() -> None:
    """203 of 300 in proportion, and 200 now: printed, they would be »Forskydning 3«."""
    before = {Kind(EARLIER, 20, "stays always"): 97, Kind(EARLIER, 20, "others"): 203}
    sheet = Sheet(SECOND_SET, Ask(SETS.set("forslag_1"), EARLIER))
    tables = is_safe({**before, **now(20, 90, 10, 200)}, sheet)
    assert tables["youth"][1:3] == ((Kept.BACK, Kept.BACK, 200), (Kept.BACK, Kept.BACK, 100))
