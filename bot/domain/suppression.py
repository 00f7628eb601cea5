"""Small numbers are kept back, with as many others as it takes for nobody to compute them from what is printed.

A table with its totals is a closed flow: the grand total flows out to the rows, each row to its columns, the columns
into their totals, and back to the grand total. A number that is kept back can be computed exactly when nothing can flow
round through it without touching a printed one. So as long as there is such a round, the number could be another; where
there is none, the cheapest round is opened by keeping back the numbers along it.

Several tables over the same people are no such flow. What their numbers tell together follows from them as equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from heapq import heappop, heappush

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


def protect(
    cells: Grid,
    *,
    row_totals: bool,
    column_totals: bool,
    smallest: int = SMALLEST,
    small: Sequence[Sequence[bool]] | None = None,
) -> list[list[int | Kept]]:
    """The table as it may be printed, with its totals last in each row and column where they are printed.

    The grand total is printed wherever it is not small itself; then nothing of the table is printed. `small` says
    which cells are to be kept back when that does not follow from their size (a sum of money over few cases).
    """
    flow = _Flow.of(cells, row_totals=row_totals, column_totals=column_totals)
    marked = small or [[value < smallest for value in row] for row in cells]
    whole = sum(map(sum, cells))
    if small is None and whole < smallest:
        flow.keep_back_everything()
    else:
        flow.keep_back(marked, smallest if small is None else None)
        flow.close_gaps()
    return flow.printed()


Node = tuple[str, int]
_OUT, _IN = ("out", 0), ("in", 0)


@dataclass
class _Edge:
    """A number of the table, as a flow from one side to another. `printed` is False for one nobody will read."""

    tail: Node
    head: Node
    value: int
    printed: bool
    kept: bool = False
    fixed: bool = False  # the grand total: known to everybody, never kept back

    @property
    def open(self) -> bool:
        """It may have another value than it has, for all a reader can see."""
        return self.kept or not self.printed


@dataclass
class _Flow:
    rows: int
    columns: int
    row_totals: bool
    column_totals: bool
    edges: dict[tuple[int, int], _Edge] = field(
        default_factory=dict
    )  # rows and columns; the last of each is totals

    @classmethod
    def of(cls, cells: Grid, *, row_totals: bool, column_totals: bool) -> _Flow:
        rows, columns = len(cells), len(cells[0]) if cells else 0
        flow = cls(rows, columns, row_totals, column_totals)
        for r, row in enumerate(cells):
            for c, value in enumerate(row):
                flow.edges[r, c] = _Edge(("row", r), ("column", c), value, printed=True)
            flow.edges[r, columns] = _Edge(_OUT, ("row", r), sum(row), printed=row_totals)
        for c in range(columns):
            flow.edges[rows, c] = _Edge(
                ("column", c), _IN, sum(row[c] for row in cells), printed=column_totals
            )
        whole = row_totals or column_totals
        flow.edges[rows, columns] = _Edge(_IN, _OUT, sum(map(sum, cells)), printed=whole, fixed=whole)
        return flow

    def keep_back_everything(self) -> None:
        for edge in self.edges.values():
            edge.kept = True

    def keep_back(self, marked: Sequence[Sequence[bool]], smallest: int | None) -> None:
        for r, row in enumerate(marked):
            for c, is_small in enumerate(row):
                self.edges[r, c].kept = is_small
        if smallest is not None:
            for edge in self.edges.values():
                edge.kept = edge.kept or (edge.printed and not edge.fixed and edge.value < smallest)

    def close_gaps(self) -> None:
        """Keeps back more until no number that is kept back follows from the printed ones."""
        waiting = [edge for edge in self.edges.values() if edge.kept]
        while waiting:
            edge = waiting.pop()
            if self._round(edge, free=True) is not None:
                continue
            extra = [e for e in self._round(edge, free=False) or () if not e.open]
            for other in extra:
                other.kept = True
            waiting += extra

    def _round(self, edge: _Edge, *, free: bool) -> list[_Edge] | None:
        """The cheapest round through the edge, more or less of it; None when there is none. `free`: open edges only."""
        more = self._path(edge.head, edge.tail, edge, free=free)
        less = self._path(edge.tail, edge.head, edge, free=free) if edge.value else None
        found = [path for path in (more, less) if path is not None]
        return min(found, key=lambda path: sum(_price(e) for e in path), default=None)

    def _path(self, start: Node, goal: Node, without: _Edge, *, free: bool) -> list[_Edge] | None:
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, _Edge]] = {}
        queue: list[tuple[int, Node]] = [(0, start)]
        while queue:
            price, here = heappop(queue)
            if here == goal:
                return _steps(came, start, goal)
            for edge, there in self._from(here):
                if edge is without or edge.fixed or (free and not edge.open):
                    continue
                total = price + _price(edge)
                if total < best.get(there, total + 1):
                    best[there], came[there] = total, (here, edge)
                    heappush(queue, (total, there))
        return None

    def _from(self, here: Node) -> list[tuple[_Edge, Node]]:
        """One more flows along an edge, or one less against it where there is something to take."""
        along = [(e, e.head) for e in self.edges.values() if e.tail == here]
        against = [(e, e.tail) for e in self.edges.values() if e.head == here and e.value]
        return along + against

    def printed(self) -> list[list[int | Kept]]:
        last_row = self.rows + (1 if self.column_totals else 0)
        last_column = self.columns + (1 if self.row_totals else 0)
        return [[self._cell(r, c) for c in range(last_column)] for r in range(last_row)]

    def _cell(self, r: int, c: int) -> int | Kept:
        edge = self.edges[r, c]
        return Kept.BACK if edge.kept else edge.value


def _price(edge: _Edge) -> int:
    """What keeping a number back costs its readers: a total more than a cell, a large number more than a small one."""
    if edge.open:
        return 0
    is_total = _OUT in (edge.tail, edge.head) or _IN in (edge.tail, edge.head)
    return (1_000_000 if is_total else 1_000) + min(edge.value, 999)


def _steps(came: dict[Node, tuple[Node, _Edge]], start: Node, goal: Node) -> list[_Edge]:
    steps, here = [], goal
    while here != start:
        here, edge = came[here]
        steps.append(edge)
    return steps


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
