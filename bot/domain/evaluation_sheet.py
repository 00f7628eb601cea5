"""The numbers of one evaluation that tell of one another, and which of them may be printed together.

What is settled splits twice: into the first time and later, and into new cases, changes of caseworker, follow-ups on
time and the rest, of which the closed cases are some. So a table can tell what another keeps back: twenty settled and
twenty of them new leave no change of caseworker. And the mean of meetings, beside its count of cases, says how often
items stood on an agenda: what was settled and what was postponed cannot be more.

One flow holds all that is settled. The meetings are another, and limit it; where more would have to be kept back for
their sake than there are means, the means are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.flow import Edge, Flow, Node
from bot.domain.suppression import (
    A_TOTAL,
    SMALLEST,
    SOMEBODY,
    UNLIMITED,
    Kept,
    Limit,
    Shown,
    is_safe_hidden,
    protect,
    shown,
)

Column = list["int | Kept"]
"""A number for each area, and the total last where there are several."""


@dataclass(frozen=True)
class InArea:
    """What is counted of one area. `meetings` is how often its cases stood on an agenda."""

    first: int
    later: int
    within: int  # new cases that came to a meeting within the target
    beyond: int
    changes: int
    punctual: int
    treated: int
    meetings: int
    postponed: tuple[int, ...]  # by reason

    @property
    def settled(self) -> int:
        return self.first + self.later

    @property
    def new(self) -> int:
        return self.within + self.beyond

    @property
    def others(self) -> int:
        return self.settled - self.new - self.changes - self.punctual

    @property
    def more(self) -> int:
        """How often its cases came beyond the first time."""
        return self.meetings - self.treated

    @property
    def talked(self) -> int:
        """How often its items stood on an agenda and were neither settled nor postponed.

        Less than none where an item belongs to another area than its case by now: then the numbers are not tied.
        """
        return self.meetings - self.settled - sum(self.postponed)


@dataclass(frozen=True)
class EvaluationSheet:
    """`former` are the reasons that stand there only because somebody used them."""

    areas: tuple[InArea, ...]
    closed: int = 0
    former: tuple[bool, ...] = ()

    def column(self, name: str) -> Column:
        """As it may be printed: first, later, settled, new, within, changes, punctual or treated."""
        edges = self._meetings if name == "treated" else self._settled
        return [shown(edges[name, n]) for n in range(len(self.areas) + self._many)]

    @cached_property
    def postponed(self) -> Shown:
        """By area and reason, with totals."""
        return self._postponed(limited=not self._means_withheld)

    def has_mean(self, number: int) -> bool:
        """Whether the mean of meetings of that area, or of them all, may be printed."""
        edges = self._meetings
        open_ = edges["treated", number].kept or edges["more", number].open
        return not (self._means_withheld or open_)

    @property
    def _many(self) -> bool:
        return len(self.areas) > 1

    # --- what is settled ---

    @cached_property
    def _settled(self) -> dict[tuple[str, int], Edge]:
        return self._settled_under(limited=not self._means_withheld)[0].edges

    @cached_property
    def _means_withheld(self) -> bool:
        """More would have to be kept back for the means' sake than there are means."""
        (free, _), (tied, safe) = (self._settled_under(limited=limited) for limited in (False, True))
        if not (safe and self._is_postponed_safe()):
            return True
        edges = self._meetings
        means = sum(not edges[name, n].open for name, n in edges if name == "more")
        reasons = _hidden(self._postponed(limited=True)) - _hidden(self._postponed(limited=False))
        return tied.hidden() - free.hidden() + reasons > means

    def _is_postponed_safe(self) -> bool:
        """Where few were postponed, that nothing is printed is not enough under the means; else its total is."""
        if sum(map(sum, self._reasons)) < SMALLEST:
            return is_safe_hidden(self._reasons, row_limits=self._row_limits)
        return self._postponed(limited=True)[-1][-1] is not Kept.BACK

    def _settled_under(self, *, limited: bool) -> tuple[Numbers, bool]:
        """`limited`: the means are printed too."""
        numbers = Numbers()
        for n, area in enumerate(self.areas):
            most = area.settled + area.talked if limited and area.talked >= 0 else None
            into, out, new = ("into", n), ("out", n), ("new", n)
            few = area.beyond < SMALLEST
            numbers.put("first", n, Edge(_FIRST, into, area.first))
            numbers.put("later", n, Edge(_LATER, into, area.later))
            numbers.put("settled", n, Edge(into, out, area.settled, most=most, price=A_TOTAL))
            numbers.put("new", n, Edge(out, new, area.new, price=A_TOTAL))
            numbers.put("within", n, Edge(new, _WITHIN, area.within))
            numbers.put("beyond", n, Edge(new, _BEYOND, area.beyond, printed=False, secret=few))
            numbers.put("changes", n, Edge(out, _CHANGES, area.changes))
            numbers.put("punctual", n, Edge(out, _PUNCTUAL, area.punctual))
            numbers.put("others", n, Edge(out, _REST, area.others, printed=False))
        self._put_totals(numbers, limited=limited)
        return numbers, numbers.flow.close_gaps()

    def _put_totals(self, numbers: Numbers, *, limited: bool) -> None:
        def total(name: str, tail: Node, head: Node, price: int = A_TOTAL) -> None:
            edge = Edge(tail, head, self._sum(name), printed=self._many, price=price)
            numbers.put(name, len(self.areas), edge)

        total("first", _BEGIN, _FIRST)
        total("later", _BEGIN, _LATER)
        total("settled", _END, _BEGIN, DEAR)
        total("within", _WITHIN, _NEW)
        total("beyond", _BEYOND, _NEW)
        total("new", _NEW, _END, 10 * A_TOTAL)
        total("changes", _CHANGES, _END)
        total("punctual", _PUNCTUAL, _REST)
        self._put_rest(numbers)
        self._hide_beyond(numbers)
        settled, talked = numbers.edges["settled", len(self.areas)], self._sum("talked")
        settled.most = settled.value + talked if limited and talked >= 0 else None

    def _hide_beyond(self, numbers: Numbers) -> None:
        """The total of those that came later stands nowhere; where it is small it shall not follow either."""
        beyond = numbers.edges["beyond", len(self.areas)]
        beyond.printed, beyond.kept = False, False
        beyond.secret = self._many and beyond.value < SMALLEST

    def _put_rest(self, numbers: Numbers) -> None:
        """What is neither new nor a change: the closed cases are among them, so where it is none, nobody's is closed."""
        rest = self._sum("others") + self._sum("punctual")
        least = self.closed if SMALLEST <= self.closed <= rest else 0
        tells = rest == self.closed == 0
        numbers.put(
            "rest", len(self.areas), Edge(_REST, _END, rest, printed=False, secret=tells, least=least)
        )

    def _sum(self, name: str) -> int:
        return sum(getattr(area, name) for area in self.areas)

    # --- the meetings ---

    @cached_property
    def _meetings(self) -> dict[tuple[str, int], Edge]:
        """Cases, and how often they came beyond the first time: these stand nowhere, and follow from the mean."""
        numbers, end = Numbers(), len(self.areas)
        for n, area in enumerate(self.areas):
            least = area.meetings - area.talked if area.talked >= 0 else 0
            numbers.put("treated", n, Edge(_FIRST, ("area", n), area.treated))
            numbers.put("more", n, Edge(_LATER, ("area", n), area.more, printed=area.treated >= SMALLEST))
            numbers.put("meetings", n, Edge(("area", n), _END, area.meetings, printed=False, least=least))
        treated, more = self._sum("treated"), self._sum("more")
        numbers.put("treated", end, Edge(_END, _FIRST, treated, printed=self._many, price=DEAR))
        shown_more = self._many and treated >= SMALLEST
        numbers.put("more", end, Edge(_END, _LATER, more, printed=shown_more, price=A_TOTAL))
        for n in range(end + 1):
            numbers.edges["more", n].kept = False  # how often somebody came is no number of people
        numbers.flow.close_gaps()
        return numbers.edges

    # --- what was postponed ---

    @property
    def _reasons(self) -> list[list[int]]:
        return [list(area.postponed) for area in self.areas]

    @property
    def _row_limits(self) -> list[Limit]:
        """No more than stood on an agenda and was not settled."""
        return [
            (0, sum(area.postponed) + area.talked) if area.talked >= 0 else UNLIMITED for area in self.areas
        ]

    def _postponed(self, *, limited: bool) -> Shown:
        return protect(
            self._reasons,
            row_totals=True,
            column_totals=self._many,
            row_limits=self._row_limits if limited else None,
            column_limits=[SOMEBODY if former else UNLIMITED for former in self.former] or None,
        )


DEAR = 50 * A_TOTAL
"""What keeping back the total of a whole table costs."""


_BEGIN, _END, _REST, _NEW = ("begin", 0), ("end", 0), ("rest", 0), ("all new", 0)
_FIRST, _LATER = ("first", 0), ("later", 0)
_WITHIN, _BEYOND, _CHANGES, _PUNCTUAL = ("within", 0), ("beyond", 0), ("changes", 0), ("punctual", 0)


def _hidden(table: Shown) -> int:
    return sum(row.count(Kept.BACK) for row in table)


@dataclass
class Numbers:
    """Numbers laid out as a flow, by name and area; what is small is kept back from the start."""

    flow: Flow = field(default_factory=lambda: Flow(SMALLEST))
    edges: dict[tuple[str, int], Edge] = field(default_factory=dict)

    def put(self, name: str, n: int, edge: Edge) -> None:
        edge.kept = edge.printed and edge.value < SMALLEST
        self.edges[name, n] = self.flow.add(edge)

    def hidden(self) -> int:
        return sum(edge.kept for edge in self.edges.values())
