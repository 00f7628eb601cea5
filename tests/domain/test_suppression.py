"""Nobody computes back what was kept back: every table that fits what is printed is made, and looked at."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.suppression import Kept, protect

small_tables = st.integers(1, 3).flatmap(
    lambda rows: st.integers(1, 3).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 8), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


def could_be(printed: list[list[int | Kept]], *, rows: int, columns: int, most: int) -> list[list[set[int]]]:
    """For each inner cell, every value it has in some table of whole numbers that agrees with all that is printed."""
    open_cells = [(r, c) for r in range(rows) for c in range(columns) if printed[r][c] is Kept.BACK]
    seen: list[list[set[int]]] = [[set() for _ in range(columns)] for _ in range(rows)]
    for values in product(range(most + 1), repeat=len(open_cells)):
        table = [[printed[r][c] for c in range(columns)] for r in range(rows)]
        for (r, c), value in zip(open_cells, values, strict=True):
            table[r][c] = value
        if _agrees(table, printed, rows, columns):
            for r, c in product(range(rows), range(columns)):
                seen[r][c].add(table[r][c])
    return seen


def _agrees(table: list[list[int]], printed: list[list[int | Kept]], rows: int, columns: int) -> bool:
    with_rows, with_columns = len(printed[0]) > columns, len(printed) > rows
    if with_rows and any(printed[r][columns] not in (sum(table[r]), Kept.BACK) for r in range(rows)):
        return False
    if with_columns and any(
        printed[rows][c] not in (sum(table[r][c] for r in range(rows)), Kept.BACK) for c in range(columns)
    ):
        return False
    both = with_rows and with_columns
    return not both or printed[rows][columns] in (sum(map(sum, table)), Kept.BACK)


@pytest.mark.rule("R129")
@settings(max_examples=50, deadline=None)
@example([[0, 3], [2, 8], [3, 3]])
@given(
    small_tables.filter(lambda t: len(t) * len(t[0]) <= 4 or max(map(max, t)) <= 2 or len(t) * len(t[0]) <= 6)
)
def test_what_is_kept_back_could_always_be_something_else(cells: list[list[int]]) -> None:
    rows, columns = len(cells), len(cells[0])
    printed = protect(cells, row_totals=True, column_totals=True, smallest=3)
    open_cells = sum(v is Kept.BACK for row in printed[:rows] for v in row[:columns])
    most = {0: 0, 1: 30, 2: 30, 3: 14, 4: 10, 5: 7, 6: 5, 7: 4}.get(open_cells, 3)
    if open_cells and most < max(map(max, cells)) + 2:  # a two can become none, and others two more with it
        return  # too many to write out; smaller tables of the same shape are
    seen = could_be(printed, rows=rows, columns=columns, most=most)
    for r, c in product(range(rows), range(columns)):
        if printed[r][c] is Kept.BACK:
            assert len(seen[r][c]) > 1, printed
            assert not seen[r][c] <= {1, 2}, "that there are some, and few"


@settings(max_examples=100, deadline=None)
@given(small_tables, st.booleans(), st.booleans())
def test_nothing_small_is_printed_and_what_is_printed_is_true(
    cells: list[list[int]], row_totals: bool, column_totals: bool
) -> None:
    printed = protect(cells, row_totals=row_totals, column_totals=column_totals)
    for row, true in zip(printed, cells, strict=False):
        for value, exact in zip(row, true, strict=False):
            assert value is Kept.BACK or (value == exact and value >= 5)
    if row_totals and column_totals:
        whole = sum(map(sum, cells))
        assert printed[-1][-1] == (whole if whole >= 5 else Kept.BACK)


def test_one_small_cell_takes_another_with_it_and_the_totals_stand() -> None:
    assert protect([[3, 20], [30, 40]], row_totals=True, column_totals=True) == [
        [Kept.BACK, Kept.BACK, 23],
        [Kept.BACK, Kept.BACK, 70],
        [33, 60, 93],
    ]


def test_a_number_that_could_only_be_three_or_four_takes_more_with_it() -> None:
    """Without the big ones it would be: the first row has four hidden, the other three, and the first column six."""
    printed = protect([[4, 0, 50, 9], [2, 1, 60, 9], [20, 30, 40, 9]], row_totals=True, column_totals=True)
    assert sum(v is Kept.BACK for row in printed[:3] for v in row[:4]) > 4


def test_two_zeros_that_add_up_to_a_printed_zero_would_be_told_by_it() -> None:
    printed = protect([[0, 0, 9], [20, 30, 40]], row_totals=True, column_totals=True)
    assert printed[0][:2] == [Kept.BACK, Kept.BACK]
    assert printed[0][2] is Kept.BACK or printed[0][3] is Kept.BACK


def test_few_in_all_are_not_printed_at_all() -> None:
    assert protect([[1, 0], [1, 2]], row_totals=True, column_totals=True) == [[Kept.BACK] * 3] * 3


def test_where_no_total_is_printed_only_the_small_ones_are_kept_back() -> None:
    assert protect([[3, 20], [30, 40]], row_totals=False, column_totals=False) == [[Kept.BACK, 20], [30, 40]]


def test_a_sum_of_money_over_few_cases_is_not_the_rest_of_the_printed_total() -> None:
    sums = [[900_00], [120_000_00], [80_000_00]]
    marked = [[True], [False], [False]]
    printed = protect(sums, row_totals=False, column_totals=True, small=marked)
    assert printed[0] == [Kept.BACK]
    assert [printed[1], printed[2]].count([Kept.BACK]) == 1
    assert printed[3] == [200_900_00]
