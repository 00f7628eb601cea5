"""What a case count says at a date under a rule set: who would move and who would stay, by age (R077-R093, R144).

A rule set proposes; the assessed anchor of a real case is a professional's (R083), so these are figures for planning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from bot.domain.anchoring import Facts, Moves, RuleSet, propose
from bot.domain.count import Counted
from bot.domain.report import Label, Row, Table, Value, apart, rescaled, share
from bot.domain.rules import Named
from bot.domain.suppression import SMALLEST, Kept, protect
from bot.domain.tracks import Ages

YOUTH, ADULTS = "youth", "adults"


@dataclass(frozen=True)
class Ask:
    """Count on this day, under this rule set."""

    rule_set: RuleSet
    day: date


@dataclass
class Tally:
    """How many move and stay, by band; who is too young for the target group is in none."""

    moves: Counter[str] = field(default_factory=Counter)
    stays: Counter[str] = field(default_factory=Counter)

    def of(self, group: str) -> tuple[int, int]:
        """Moves and stays among the young, or the adults."""
        bands = [b for b in (*self.moves, *self.stays) if (b == ADULTS) == (group == ADULTS)]
        return sum(self.moves[b] for b in set(bands)), sum(self.stays[b] for b in set(bands))


def bands(ages: Ages) -> tuple[tuple[int, int], ...]:
    """The young in three: before they are of age, until the act's 25 years, and until they are adults here (R025, R026)."""
    firsts = (ages.teens, ages.youth, ages.middle, ages.adult)
    return tuple((low, high - 1) for low, high in pairwise(firsts))


def band_of(age: int, ages: Ages) -> str | None:
    """None below the target group. Exactly thirty is an adult (X1)."""
    if age >= ages.adult:
        return ADULTS
    return next((f"{low}-{high}" for low, high in bands(ages) if low <= age <= high), None)


def tally(rows: Iterable[Counted], asks: Sequence[Ask], ages: Ages) -> list[Tally]:
    """One pass over the rows, an answer for each ask; nothing of a row is kept."""
    found = [Tally() for _ in asks]
    for row in rows:
        facts = Facts(
            row.born,
            disability_pension=row.disability_pension,
            no_prospect=row.no_prospect,
            most_vulnerable=row.most_vulnerable,
        )
        for ask, answer in zip(asks, found, strict=True):
            if not row.is_open_on(ask.day):  # R129
                continue
            band = band_of(row.born.age_on(ask.day), ages)
            if band:
                moves = propose(ask.rule_set, facts, ask.day).kind == Moves.MOVES
                (answer.moves if moves else answer.stays)[band] += 1
    return found


def youth_table(before: Ask, then: Tally, after: Ask, now: Tally, ages: Ages) -> Table:
    """Table 1: the first snapshot, the same in proportion to the second one's size, and the second (R085-R092)."""
    whole = sum(now.of(YOUTH))
    old = _column(then.of(YOUTH))
    shown = _agreeing(_column(now.of(YOUTH)), bands_table(after, now, ages))
    kept = Kept.BACK in old or shown[0] is Kept.BACK
    scaled = _column(rescaled(then.of(YOUTH), whole))
    middle: list[Value] = [shown[0], Kept.BACK, Kept.BACK] if kept else scaled
    columns = (
        Label("set_at", {"set": _short(before.rule_set), "day": before.day}),
        Label("set_rescaled", {"set": _short(before.rule_set)}),
        Label("set_at", {"set": _short(after.rule_set), "day": after.day}),
    )
    notes = (
        Label(
            "shift",
            {
                "old": _short(before.rule_set),
                "new": _short(after.rule_set),
                "shift": apart(middle[1], shown[1]),
                "fewer": apart(old[0], shown[0]),
            },
        ),
        Label("rescaled"),
    )
    rows = _rows("youth", old, middle, shown)
    return Table("youth", columns, rows, notes, {"ages": ages}, charted=(0, 1, 2))


def adult_table(before: Ask, then: Tally, after: Ask, now: Tally, ages: Ages) -> Table:
    """Table 2: both snapshots as they were counted; nothing in proportion (R087, R093)."""
    columns = (Label("at", {"day": before.day}), Label("at", {"day": after.day}))
    old, new = _column(then.of(ADULTS)), _column(now.of(ADULTS))
    return Table("adults", columns, _rows("adults", old, new), facts={"ages": ages}, charted=(0, 1))


def day_tables(ask: Ask, now: Tally, ages: Ages) -> tuple[Table, ...]:
    """Both groups on one day alone."""
    shown = {
        YOUTH: _agreeing(_column(now.of(YOUTH)), bands_table(ask, now, ages)),
        ADULTS: _column(now.of(ADULTS)),
    }
    column = (Label("set_at", {"set": _short(ask.rule_set), "day": ask.day}),)
    return tuple(
        Table(group, column, _rows(group, shown[group]), facts={"ages": ages}, charted=(0,))
        for group in (YOUTH, ADULTS)
    )


def moved_in(tables: Sequence[Table]) -> dict[str, Value]:
    """How many move by the last column of the tables of the young and the adults, as printed."""
    return {t.code: t.rows[1].cells[-1] for t in tables if t.code in (YOUTH, ADULTS)}


def bands_table(ask: Ask, now: Tally, ages: Ages) -> Table:
    """The young of the second snapshot by age."""
    names = [f"{low}-{high}" for low, high in bands(ages)]
    cells = [[now.moves[name], now.stays[name]] for name in names]
    printed = protect(cells, row_totals=True, column_totals=True)
    rows = [
        Row(Label("band", {"band": n}), tuple(cells)) for n, cells in zip(names, printed[:-1], strict=True)
    ]
    rows.append(Row(Label("total"), tuple(printed[-1]), total=True))
    columns = (Label("moves"), Label("stays"), Label("total"))
    return Table(
        "bands",
        columns,
        tuple(rows),
        facts={"set": _short(ask.rule_set), "day": ask.day},
        charted=(0, 1),
    )


def comparison(asks: Sequence[Ask], tallies: Sequence[Tally], ages: Ages) -> Table:
    """The rule sets side by side on one day (R144).

    Two sets that part by one to four people would tell about just those, so the later one is kept back.
    """
    rows, known = [], list[int]()
    for ask, answer in zip(asks, tallies, strict=True):
        moves, stays = answer.of(YOUTH)
        too_near = any(0 < abs(moves - other) < SMALLEST for other in known)
        cells: list[Value] = [Kept.BACK, Kept.BACK] if too_near else _column((moves, stays))[1:]
        if Kept.BACK not in cells:
            known.append(moves)
        whole = _column((moves, stays))[0]
        values = (whole, *cells, share(cells[0], whole))
        rows.append(Row(Label("rule_set", {"set": _named(ask.rule_set)}), values))
    columns = (Label("total"), Label("moves"), Label("stays"), Label("share"))
    return Table("comparison", columns, tuple(rows), facts={"day": asks[0].day, "ages": ages}, charted=(1, 2))


def _column(parts: Sequence[int]) -> list[Value]:
    """The total, who moves and who stays, as they may be printed."""
    printed = protect([list(parts)], row_totals=True, column_totals=False)[0]
    return [printed[-1], *printed[:-1]]


def _agreeing(column: list[Value], bands: Table) -> list[Value]:
    """What is kept back among the totals by age is kept back here too."""
    moves, stays, _ = bands.rows[-1].cells
    if Kept.BACK in (moves, stays):
        return [column[0], Kept.BACK, Kept.BACK]
    return column


def _rows(group: str, *columns: list[Value]) -> tuple[Row, ...]:
    lines = zip(("cases", f"moves_{group}", "stays_social"), zip(*columns, strict=True), strict=True)
    shares = tuple(share(column[1], column[0]) for column in columns)
    return (
        *(Row(Label(code), tuple(values), total=code == "cases") for code, values in lines),
        Row(Label("share_moving"), shares),
    )


def _named(rule_set: RuleSet) -> Named:
    return Named(rule_set.code, rule_set.names)


def _short(rule_set: RuleSet) -> Named:
    """»Forslag 1« of »Forslag 1 (model 1)«."""
    return Named(rule_set.code, {lang: name.split(" (")[0] for lang, name in rule_set.names.items()})
