"""Small numbers are kept back, with as many others as it takes for nobody to compute them from what is printed.

A table with its totals is a flow (`flow`): what is kept back could be another number, and nobody can tell that it is
one to four. Several tables over the same people are mostly no such flow. What their numbers tell together follows from
them as equations (`Told`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from bot.domain.flow import Edge, Flow, Node

SMALLEST = 5
"""A number of people below this is not printed."""


class Kept(StrEnum):
    """One sign for both reasons, so that the sign itself says nothing."""

    BACK = "kept_back"


def unless_small(number: int) -> int | Kept:
    """A number that stands alone, with no total beside it: zero says nothing of anybody."""
    return Kept.BACK if 0 < number < SMALLEST else number


Grid = Sequence[Sequence[int]]
Shown = list[list["int | Kept"]]
Limit = tuple[int, "int | None"]
"""The least and the most that a total can be, for what else is known of it; None: nothing is."""

UNLIMITED: Limit = (0, None)
SOMEBODY: Limit = (1, None)
"""It would not stand there otherwise."""
A_TOTAL = 1_000_000
"""What keeping back a total costs, beside a number of one cell."""


def protect(
    cells: Grid,
    *,
    row_totals: bool,
    column_totals: bool,
    smallest: int = SMALLEST,
    small: Sequence[Sequence[bool]] | None = None,
    row_limits: Sequence[Limit] | None = None,
    column_limits: Sequence[Limit] | None = None,
) -> Shown:
    """The table as it may be printed, with its totals last in each row and column where they are printed.

    The grand total is printed wherever it is not small itself; then nothing of the table is printed. `small` says
    which cells are to be kept back when that does not follow from their size (a sum of money over few cases).
    """
    table = _Laid(cells, row_totals, column_totals, smallest, small, row_limits, column_limits)
    if not table.close():
        table.keep_back_everything()
    return table.printed()


def is_safe_hidden(grid: Grid, *, row_limits: Sequence[Limit]) -> bool:
    """Whether a table of which nothing is printed stays unknown under what others say of its rows."""
    table = _Laid(grid, row_totals=True, column_totals=True, row_limits=row_limits)
    table.keep_back_everything()
    return table.flow.close_gaps()


_OUT, _IN = ("out", 0), ("in", 0)


@dataclass
class _Laid:
    """A table laid out as a flow: rows and columns, the last of each is totals."""

    cells: Grid
    row_totals: bool
    column_totals: bool
    smallest: int = SMALLEST
    small: Sequence[Sequence[bool]] | None = None
    row_limits: Sequence[Limit] | None = None
    column_limits: Sequence[Limit] | None = None
    flow: Flow = field(init=False)
    edges: dict[tuple[int, int], Edge] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.flow = Flow(self.smallest if self.small is None else None)
        rows, columns = self._size
        for r, row in enumerate(self.cells):
            for c, value in enumerate(row):
                self._put(r, c, Edge(("row", r), ("column", c), value))
            limit = self.row_limits[r] if self.row_limits else UNLIMITED
            self._put(r, columns, _total(_OUT, ("row", r), sum(row), self.row_totals, limit))
        for c in range(columns):
            whole = sum(row[c] for row in self.cells)
            limit = self.column_limits[c] if self.column_limits else UNLIMITED
            self._put(rows, c, _total(("column", c), _IN, whole, self.column_totals, limit))
        shown = self.row_totals or self.column_totals
        grand = Edge(_IN, _OUT, sum(map(sum, self.cells)), printed=shown, fixed=shown)
        self._put(rows, columns, grand)

    def _put(self, row: int, column: int, edge: Edge) -> None:
        self.edges[row, column] = self.flow.add(edge)

    def close(self) -> bool:
        """What is small is kept back, and more for its sake. False: some of it can be told all the same."""
        rows, columns = self._size
        if self.small is None and self.edges[rows, columns].value < self.smallest:
            return False
        for (r, c), edge in self.edges.items():
            if self.small is not None:
                edge.kept = r < rows and c < columns and self.small[r][c]
            else:
                edge.kept = edge.printed and not edge.fixed and edge.value < self.smallest
        return self.flow.close_gaps()

    def keep_back_everything(self) -> None:
        for edge in self.flow.edges:
            edge.kept, edge.fixed = True, False

    def printed(self) -> Shown:
        rows, columns = self._size
        every = range(rows + self.column_totals), range(columns + self.row_totals)
        return [[shown(self.edges[r, c]) for c in every[1]] for r in every[0]]

    @property
    def _size(self) -> tuple[int, int]:
        return len(self.cells), len(self.cells[0]) if self.cells else 0


def _total(tail: Node, head: Node, value: int, printed: bool, limit: Limit) -> Edge:
    least, most = limit
    return Edge(tail, head, value, printed=printed, price=A_TOTAL, least=least, most=most)


def shown(edge: Edge) -> int | Kept:
    return Kept.BACK if edge.kept else edge.value


Sum = tuple[int | Fraction, ...]
"""How many times each group of people counts in a number."""


@dataclass(frozen=True)
class Told:
    """What printed sums over the same groups of people tell together.

    They are kept as equations, each solved for one group that somebody is in: what those do not settle may have
    another number, up or down. A group nobody is in can only have more, and not even that where equations among such
    groups alone may hold it at none.
    """

    empty: tuple[bool, ...]
    solved: tuple[tuple[int, Sum], ...] = ()  # the group it is solved for, and the equation
    among_empty: tuple[Sum, ...] = ()

    def adding(self, number: Sum) -> Told:
        """With this sum printed too."""
        rest = self._rest(number)
        group = next((g for g, times in enumerate(rest) if times and not self.empty[g]), None)
        if group is None:
            return replace(self, among_empty=(*self.among_empty, rest)) if any(rest) else self
        equation = tuple(Fraction(times) / rest[group] for times in rest)
        others = tuple((g, _less(other, equation, other[group])) for g, other in self.solved)
        return replace(self, solved=(*others, (group, equation)))

    def tells(self, number: Sum) -> bool:
        """The sum follows from what is printed; nothing is told of a sum over nobody."""
        rest = self._rest(number)
        return any(number) and not any(times and self._may_be_otherwise(g) for g, times in enumerate(rest))

    def _may_be_otherwise(self, group: int) -> bool:
        return not (self.empty[group] and any(equation[group] for equation in self.among_empty))

    def _rest(self, number: Sum) -> Sum:
        """What is left of a sum when all that is solved is put in its place."""
        for group, equation in self.solved:
            number = _less(number, equation, number[group])
        return number


def _less(one: Sum, other: Sum, times: int | Fraction) -> Sum:
    return tuple(a - times * b for a, b in zip(one, other, strict=True)) if times else one
