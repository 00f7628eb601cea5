"""A table in a form: columns that line up while there is room for them, and lines where there is not."""

from __future__ import annotations

import pytest

from bot.domain.report import Label, Row, Table
from bot.texts import texts
from bot.views.lined_up import lined_up

COLUMNS = (Label("moves"), Label("stays"), Label("total"))


def table(*rows: tuple[int, ...], columns: tuple[Label, ...] = COLUMNS) -> Table:
    named = tuple(Row(Label("total"), cells, total=True) for cells in rows)
    return Table("bands", columns, named)


@pytest.mark.rule("R128")
def test_columns_line_up_under_their_headings() -> None:
    said = lined_up(
        texts("da"), table((120, 80, 200), (3, 1_000, 1_003)), table((120, 80, 200), (3, 1_000, 1_003)).rows
    )
    assert said is not None
    fence, *lines, end = said.split("\n")
    assert (fence, end) == ("```", "```")
    assert lines == [
        "       Flyttes  Forbliver  I alt",
        "I alt      120         80    200",
        "I alt        3      1.000  1.003",
    ]


@pytest.mark.parametrize("many", [1, 7])
def test_one_column_and_more_than_there_is_room_for_are_lines(many: int) -> None:
    columns = tuple(Label("stays") for _ in range(many))
    wide = table(tuple(range(many)), columns=columns)
    assert lined_up(texts("da"), wide, wide.rows) is None


def test_a_long_name_takes_several_lines() -> None:
    rows = (Row(Label("moves_youth"), (10, 20, 30)),)
    said = lined_up(texts("da"), Table("bands", (Label("days_to_start"),) * 3, rows), rows)
    assert said is not None
    assert said.split("\n")[-3:-1] == [
        "Flyttes til",
        "Ungeindsatsen og UU          10          20          30",
    ]
