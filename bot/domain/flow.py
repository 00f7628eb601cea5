"""Numbers that add up to one another, as a flow: which of them could be another, for all a reader can see.

A table with its totals is a closed flow: the grand total flows out to the rows, each row to its columns, the columns
into their totals, and back. A number that is kept back can only be told where too little can flow round through it
without touching a printed one. So where there is no such round, the cheapest is opened by keeping back what lies on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

Node = tuple[str, int]


@dataclass(eq=False)
class Edge:
    """A number, as what flows from one side to another; `least` and `most` are what other tables say of it."""

    tail: Node
    head: Node
    value: int
    printed: bool = True  # False: it stands nowhere, so a reader knows what follows for it and no more
    kept: bool = False
    secret: bool = False  # it stands nowhere, and shall not follow either
    fixed: bool = False  # known to everybody, never kept back
    price: int = 0  # what keeping it back costs its readers, beyond its size
    least: int = 0
    most: int | None = None  # None: nothing is said of it

    @property
    def open(self) -> bool:
        """It may have another value than it has, for all a reader can see."""
        return self.kept or not self.printed


Step = tuple[Edge, int]
"""One more along an edge, or one less."""


@dataclass
class Flow:
    """`smallest`: that some are there, and fewer than this, shall not follow; None: only the exact number."""

    smallest: int | None = None
    edges: list[Edge] = field(default_factory=list)
    _at: defaultdict[Node, list[Edge]] = field(default_factory=lambda: defaultdict(list))

    def add(self, edge: Edge) -> Edge:
        self.edges.append(edge)
        self._at[edge.tail].append(edge)
        self._at[edge.head].append(edge)
        return edge

    def close_gaps(self) -> bool:
        """Keeps back more until nothing that is kept back can be told. False: some of it can, whatever is kept back."""
        waiting = [edge for edge in self.edges if edge.kept or edge.secret]
        safe = True
        while waiting:
            more = self._to_keep_back(waiting.pop())
            safe = safe and more is not None
            for edge in more or ():
                edge.kept = True
            waiting += more or ()
        return safe

    def _to_keep_back(self, edge: Edge) -> list[Edge] | None:
        """The cheapest that must be kept back for this one's sake: mostly nothing. None: no round is wide enough."""
        plans = (self._plan(edge, way, units) for way, units in self._wide_enough(edge))
        found = [plan for plan in plans if plan is not None]
        return min(found, key=lambda plan: sum(map(_price, plan)), default=None)

    def _wide_enough(self, edge: Edge) -> Iterator[tuple[int, int]]:
        """How far it must be able to go, up or down: to another number, and for a small one to none or to many."""
        few = self.smallest is not None and 0 < edge.value < self.smallest
        up = self.smallest - edge.value if few and self.smallest else 1
        down = edge.value if few else 1
        if edge.value - down >= edge.least:
            yield -1, down
        if edge.most is None or edge.value + up <= edge.most:
            yield 1, up

    def _plan(self, edge: Edge, way: int, units: int) -> list[Edge] | None:
        """What more must be open for so many units to flow round through the edge."""
        start, goal = (edge.head, edge.tail) if way > 0 else (edge.tail, edge.head)
        changed: dict[Edge, int] = {edge: way * units}
        opened: dict[Edge, None] = {}
        while units:
            path = self._path(start, goal, edge, changed, opened)
            if path is None:
                return None
            width = min(units, *(_room(step, changed) for step in path))
            for other, along in path:
                changed[other] = changed.get(other, 0) + along * width
            opened |= {other: None for other, _ in path if not other.open}
            units -= width
        return list(opened)

    def _path(
        self, start: Node, goal: Node, without: Edge, changed: dict[Edge, int], opened: dict[Edge, None]
    ) -> list[Step] | None:
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Step]] = {}
        queue: list[tuple[int, Node]] = [(0, start)]
        while queue:
            so_far, here = heappop(queue)
            if here == goal:
                return _steps(came, start, goal)
            if so_far > best[here]:
                continue
            for edge in self._at[here]:
                step, there = ((edge, 1), edge.head) if edge.tail == here else ((edge, -1), edge.tail)
                if edge is without or edge.fixed or _room(step, changed) < 1:
                    continue
                total = so_far + (0 if edge.open or edge in opened else _price(edge))
                if total < best.get(there, total + 1):
                    best[there], came[there] = total, (here, step)
                    heappush(queue, (total, there))
        return None


_ENDLESS = 1_000_000_000_000


def _room(step: Step, changed: dict[Edge, int]) -> int:
    """How many more units the edge takes, that way."""
    edge, way = step
    now = edge.value + changed.get(edge, 0)
    if way < 0:
        return now - edge.least
    return _ENDLESS if edge.most is None else edge.most - now


def _price(edge: Edge) -> int:
    """A large number costs more than a small one."""
    return 1_000 + edge.price + min(edge.value, 999)


def _steps(came: dict[Node, tuple[Node, Step]], start: Node, goal: Node) -> list[Step]:
    steps, here = [], goal
    while here != start:
        here, step = came[here]
        steps.append(step)
    return steps
