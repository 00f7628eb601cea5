"""A report: facts in tables, with the date they hold on, the rules they were counted under and what each word means.

Codes and numbers only; a report's words are found where it is printed. Numbers of people that are small are kept back
before they get here (`suppression`), so whatever prints a report prints what everybody may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.people import Person, Role
from bot.domain.rules import Named
from bot.domain.suppression import SOMEBODY, UNLIMITED, Kept, protect
from bot.domain.tracks import Ages


@dataclass(frozen=True)
class Share:
    """A part of a whole, 0 to 1."""

    of: Fraction


@dataclass(frozen=True)
class Label:
    """A code whose words stand in texts/*/report.j2, and the facts in them."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


Value = int | Fraction | Share | Kroner | date | Label | Kept | None
"""A label is a cell of words; None is an empty cell."""


class ReportCode(StrEnum):
    CASE_COUNT = "case_count"
    STATUS = "status"
    EVALUATION = "evaluation"
    FRAMES = "frames"


READERS: dict[ReportCode, frozenset[Role]] = {
    ReportCode.CASE_COUNT: frozenset({Role.EVALUATOR, Role.CHAIR, Role.SECRETARY, Role.DEPARTMENT_HEAD}),
    ReportCode.STATUS: frozenset({Role.EVALUATOR, Role.CHAIR, Role.SECRETARY}),
    ReportCode.EVALUATION: frozenset({Role.EVALUATOR, Role.CHAIR, Role.SECRETARY}),
    ReportCode.FRAMES: frozenset({Role.CONTROLLER}),
}
"""Who may read a report of the whole effort (the privacy matrix). A case count names no area, so a head may read it."""

READERS_OF_THEIR_AREA: dict[ReportCode, frozenset[Role]] = {
    ReportCode.EVALUATION: frozenset({Role.DEPARTMENT_HEAD, Role.AREA_LEADER, Role.DEPUTY_LEADER}),
}


def may_read(person: Person, code: ReportCode) -> bool:
    roles = READERS[code] | READERS_OF_THEIR_AREA.get(code, frozenset())
    return any(person.has(role) for role in roles)


def readable_by(person: Person) -> tuple[ReportCode, ...]:
    return tuple(code for code in ReportCode if may_read(person, code))


class NoCount(Refusal):
    """No case count has been brought in, or none of that name."""


class CountNameTaken(Refusal):
    """A count of that name is kept already; facts: name."""


class NoSuchRuleSet(Refusal):
    """The rules file has no rule set of that code; facts: codes."""


@dataclass(frozen=True)
class Row:
    label: Label
    cells: tuple[Value, ...]
    total: bool = False
    in_chart: bool = True  # False: it is worth no bar, as a total is none


@dataclass(frozen=True)
class Table:
    """`charted` are the columns worth a picture, counted from 0; rows that are totals stay out of it."""

    code: str
    columns: tuple[Label, ...]
    rows: tuple[Row, ...]
    notes: tuple[Label, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    charted: tuple[int, ...] = ()


@dataclass(frozen=True)
class UsedSet:
    """A rule set a report was counted under, with its version."""

    rule_set: Named
    version: str


@dataclass(frozen=True)
class Report:
    """`holds_keys`: cases are named by their keys, so only the controller reads it."""

    code: ReportCode
    as_of: date
    rules_version: str
    definitions: tuple[str, ...]
    tables: tuple[Table, ...]
    since: date | None = None  # None: it is about one day, not a period
    ages: Ages = Ages()  # whom it calls young and adult
    counted: str | None = None  # the case count it was made from
    rule_sets: tuple[UsedSet, ...] = ()
    holds_keys: bool = False
    cases: tuple[str, ...] = ()  # the ids of the cases whose keys stand in it


def unless_few(table: Table) -> Table:
    """A table of nothing but numbers that are kept back says so in one line; an empty one too."""
    if not table.rows:
        return replace(table, notes=(*table.notes, Label("none")))
    if all(isinstance(value, Kept) for row in table.rows for value in row.cells):
        return few(table)
    return table


def few(table: Table) -> Table:
    """Without its lines: a reason that stands there because somebody used it would tell that there is one."""
    return replace(table, columns=(), rows=(), charted=(), notes=(Label("few"),))


def share(part: Value, whole: Value) -> Value:
    """A share can only be printed where both of its numbers are; of nothing there is none."""
    if isinstance(part, Kept) or isinstance(whole, Kept):
        return Kept.BACK
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return Share(Fraction(part, whole))


def apart(first: Value, second: Value) -> Value:
    """How much more the first is; kept back when either is."""
    if isinstance(first, Kept) or isinstance(second, Kept):
        return Kept.BACK
    assert isinstance(first, int)
    assert isinstance(second, int)
    return first - second


def median(numbers: Sequence[int]) -> Fraction | None:
    """None of nothing."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return Fraction(ordered[middle] + ordered[~middle], 2)


def rescaled(parts: Sequence[int], whole: int) -> tuple[int, ...]:
    """The parts in proportion, as whole numbers that add up to `whole`; the largest remainders round up first (R091).

    Equal remainders go to the larger part, then to the earlier one. Nothing to take the proportions from gives nothing.
    """
    before = sum(parts)
    if not before:
        return tuple(0 for _ in parts)
    exact = [Fraction(part * whole, before) for part in parts]
    rounded = [int(e) for e in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (rounded[i] - exact[i], -parts[i], i))
    for i in by_remainder[: whole - sum(rounded)]:
        rounded[i] += 1
    return tuple(rounded)


def total_of(amounts: Iterable[Kroner]) -> Kroner:
    return Kroner(sum(a.ore for a in amounts))


def counts_table(
    code: str,
    columns: Sequence[Label],
    rows: Sequence[tuple[Label, Sequence[int]]],
    *,
    row_totals: bool = True,
    share_of: tuple[int, tuple[int, ...]] | None = None,
    share_name: str = "of_all",
    facts: dict[str, Any] | None = None,
    charted: tuple[int, ...] = (),
    taken: Sequence[bool] = (),
) -> Table:
    """Numbers of people or their cases, small ones kept back, with totals where there is more than one to add.

    `share_of` adds a share: which column, of the sum of which columns. `taken` are the rows that are only there because
    somebody is in them.
    """
    if not rows:
        return Table(code, tuple(columns), (), facts=facts or {})
    row_totals = row_totals and len(columns) > 1
    many = len(rows) > 1
    shown = protect(
        [list(cells) for _, cells in rows],
        row_totals=row_totals,
        column_totals=many,
        row_limits=[SOMEBODY if there else UNLIMITED for there in taken] or None,
    )
    labels = [*(label for label, _ in rows), *([Label("total")] if many else [])]
    heads = (*columns, *([Label("total")] if row_totals else []), *([Label(share_name)] if share_of else []))
    made = [
        Row(
            label,
            (*cells, *([share_of_row(cells, share_of)] if share_of else [])),
            total=many and n == len(rows),
        )
        for n, (label, cells) in enumerate(zip(labels, shown, strict=True))
    ]
    return Table(code, heads, tuple(made), facts=facts or {}, charted=charted)


def share_of_row(cells: Sequence[Value], share_of: tuple[int, tuple[int, ...]]) -> Value:
    """One of the cells, of the sum of some of them."""
    part, whole = share_of
    parts = [cells[c] for c in whole]
    if any(isinstance(p, Kept) for p in parts):
        return Kept.BACK
    return share(cells[part], sum(p for p in parts if isinstance(p, int)))


def column_of(cells: Sequence[int], *, total: bool) -> list[int | Kept]:
    """One column of numbers of people, small ones kept back, with its total last where there is one."""
    printed = protect([[c] for c in cells], row_totals=False, column_totals=total)
    return [row[0] for row in printed]


def money_column(amounts: Sequence[Kroner], over: Sequence[Value], *, total: bool) -> list[Value]:
    """Sums of money over so many cases each: kept back where the number of cases is, and never the rest of the total."""
    marked = [[isinstance(number, Kept)] for number in over[: len(amounts)]]
    if total and isinstance(over[-1], Kept):
        return [Kept.BACK] * (len(amounts) + 1)
    cells = [[a.ore] for a in amounts]
    printed = protect(cells, row_totals=False, column_totals=total, small=marked)
    return [v if isinstance(v, Kept) else Kroner(v) for (v,) in printed]
