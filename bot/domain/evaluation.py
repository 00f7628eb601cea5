"""What an evaluation asks of the first years: pace, first-time decisions, punctual follow-ups, continuity, frames, endings.

Counted by area and by reason, and never by case: no key and no alias is in it (R128).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.choices import INFO_MISSING
from bot.domain.evaluation_material import PUNCTUALITY, Material
from bot.domain.evaluation_sheet import Column, EvaluationSheet, InArea
from bot.domain.money import Kroner
from bot.domain.people import AreaCode
from bot.domain.presentation import Presentation
from bot.domain.report import (
    Label,
    Row,
    Share,
    Table,
    Value,
    column_of,
    counts_table,
    median,
    money_column,
    share,
    share_of_row,
    total_of,
    unless_few,
)
from bot.domain.rules import Rules
from bot.domain.suppression import SMALLEST, Kept
from bot.domain.transitions import AREA as AREA_PASSAGE
from bot.domain.transitions import Transition

T = TypeVar("T")


def evaluation_tables(material: Material, rules: Rules) -> tuple[Table, ...]:
    if not material.areas:
        return (Table("pace", (), (), (Label("few"),)),)
    return Evaluation(material, rules).tables()


@dataclass(frozen=True)
class Evaluation:
    """Every table of it: what they tell together is kept back together (`evaluation_sheet`)."""

    material: Material
    rules: Rules

    def tables(self) -> tuple[Table, ...]:
        return tuple(
            map(
                unless_few,
                (
                    self.pace(),  # R128
                    self.first_time(),
                    self.postponements(),
                    self.follow_ups(),
                    self.continuity(),
                    self.frame_use(),
                    self.closings(),
                    self.passages(),
                ),
            )
        )

    def pace(self) -> Table:
        """Days from the request to the decision, and from there to the first measure's start: the middle one (R117, R014).

        And how many came to a meeting within the target, which nothing enforces (X9).
        """
        numbers, groups = self._sheet.column("new"), self._by_area(self.material.new, lambda p: p.area)
        days = [_middle(self._to_decision(g), n) for g, n in zip(groups, numbers, strict=True)]
        starts = [_middle(self._to_start(g), n) for g, n in zip(groups, numbers, strict=True)]
        columns = (
            Label("new_decided"),
            Label("days_to_decision"),
            Label("days_to_start"),
            Label("within_target", {"days": self.rules.deadlines.days_to_meeting}),
        )
        rows = self._rows(numbers, days, starts, self._sheet.column("within"))
        return Table("pace", columns, rows, charted=(0,))

    def first_time(self) -> Table:
        """Items settled the first time they stood on an agenda (R022)."""
        first, later, settled = map(self._sheet.column, ("first", "later", "settled"))
        rows = self._rows(first, later, settled, [*map(share, first, settled)])
        columns = tuple(map(Label, ("first_time", "later", "total", "of_all")))
        return Table("first_time", columns, rows, charted=(0, 1))

    def postponements(self) -> Table:
        """Postponed items by area and reason (R022)."""
        offered = self._postpone_reasons
        of = offered.index(INFO_MISSING), tuple(range(len(offered)))
        rows = tuple(
            Row(label, (*cells, share_of_row(cells, of)), total=is_total)
            for (label, is_total), cells in zip(self._labels(), self._sheet.postponed, strict=True)
        )
        columns = (
            *(Label("postpone_reason", {"reason": reason}) for reason in offered),
            Label("total"),
            Label("share_info_missing"),
        )
        return Table("postponements", columns, rows)

    def follow_ups(self) -> Table:
        """Held by the day that was agreed, moved by agreement, delayed by a cancelled meeting, or late.

        A meeting the committee cancelled is never the caseworker's delay (D10); neither is it punctual. Those in time
        are some of what was settled, so a sum of the four is printed where all of them are, and tells nothing more.
        """
        found = self.material.outcomes
        others: list[Column] = [
            column_of([found[area, outcome] for area in self.material.areas], total=self._many)
            for outcome in PUNCTUALITY[1:]
        ]
        parts = [self._sheet.column("punctual"), *others]
        sums = [_sum_of(cells) for cells in zip(*parts, strict=True)]
        shares = [share_of_row(cells, (0, (0, 1, 3))) for cells in zip(*parts, strict=True)]
        columns = tuple(map(Label, (*PUNCTUALITY, "total", "of_all")))
        return Table("follow_ups", columns, self._rows(*parts, sums, shares), charted=(0, 1, 2, 3))

    def continuity(self) -> Table:
        """Meetings per case, and changes of caseworker, which are the exception (R056, R117)."""
        groups = self._by_area(self.material.treated, lambda c: c.area)
        means: list[Value] = [
            self._mean(group) if self._sheet.has_mean(n) else Kept.BACK for n, group in enumerate(groups)
        ]
        columns = (Label("cases_treated"), Label("meetings_each"), Label("caseworker_changes"))
        rows = self._rows(self._sheet.column("treated"), means, self._sheet.column("changes"))
        return Table("continuity", columns, rows)

    def frame_use(self) -> Table:
        """Frames that ran in the period, by who pays: sums over few of them are kept back (R058)."""
        material = self.material
        ran = [f for f in material.frames if f.payer in material.areas and material.ran(f)]
        groups = [[f for f in ran if f.payer == area] for area in material.areas]
        numbers = column_of([len(g) for g in groups], total=self._many)
        granted = money_column([total_of(f.amount for f in g) for g in groups], numbers, total=self._many)
        used = money_column([total_of(f.used for f in g) for g in groups], numbers, total=self._many)
        columns = (Label("frames"), Label("granted"), Label("used"), Label("used_share"))
        rows = self._rows(numbers, granted, used, [*map(_used_share, used, granted)])
        return Table("frame_use", columns, rows)

    def closings(self) -> Table:
        """Why cases ended: the three criteria first (R071)."""
        ended, offered = self.material.ended, self.rules.choices.closing
        reasons = _with_former(offered, ended)
        rows = [(Label("closing", {"closing": r}), [ended[r]]) for r in reasons]
        former = [r not in offered for r in reasons]
        return counts_table("closings", (Label("cases"),), rows, charted=(0,), taken=former)

    def passages(self) -> Table:
        """Passages that were prepared for (R041, T26): under way, and done in the period."""
        material, rules = self.material, self.rules.transitions
        mine = {c.id: c for c in material.my_cases}
        watched = [t for t in material.transitions if t.case_id in mine]

        def under_way(passage: Transition) -> bool:
            """Nobody prepares a passage of a case that has ended."""
            return not material.is_over(mine[passage.case_id]) and not material.was_done(passage)

        def done(passage: Transition) -> bool:
            return passage.done_at is not None and material.in_period(local_date(passage.done_at))

        codes = [p.code for p in rules.ages] + [k.code for k in rules.kinds] + [AREA_PASSAGE]
        rows = [
            (
                self._passage(code),
                [sum(t.code == code and counts(t) for t in watched) for counts in (under_way, done)],
            )
            for code in codes
        ]
        return counts_table("passages", (Label("under_way"), Label("done")), rows)

    # --- the small steps ---

    @cached_property
    def _sheet(self) -> EvaluationSheet:
        offered = self.rules.choices.postpone
        return EvaluationSheet(
            tuple(map(self._in_area, self.material.areas)),
            closed=self.material.ended.total(),
            former=tuple(reason not in offered for reason in self._postpone_reasons),
        )

    def _in_area(self, area: AreaCode) -> InArea:
        material, target = self.material, self.rules.deadlines.days_to_meeting
        decided = [p for p in material.decided if p.area == area]
        new = [p for p in material.new if p.area == area]
        first, soon = (
            sum(map(material.is_first, decided)),
            sum(material.days_to_meeting(p) <= target for p in new),
        )
        treated = [c for c in material.treated if c.area == area]
        return InArea(
            first=first,
            later=len(decided) - first,
            within=soon,
            beyond=len(new) - soon,
            changes=sum(p.area == area for p in material.changes_of_caseworker),
            punctual=material.outcomes[area, PUNCTUALITY[0]],
            treated=len(treated),
            meetings=sum(material.sat[c.id] for c in treated),
            postponed=tuple(material.postponed[area, reason] for reason in self._postpone_reasons),
        )

    @cached_property
    def _postpone_reasons(self) -> tuple[str, ...]:
        return _with_former(self.rules.choices.postpone, (reason for _, reason in self.material.postponed))

    @property
    def _many(self) -> bool:
        return len(self.material.areas) > 1

    def _by_area(self, things: Sequence[T], area_of: Callable[[T], AreaCode]) -> list[list[T]]:
        """For each area, and all of them last where there are several."""
        groups = [[t for t in things if area_of(t) == area] for area in self.material.areas]
        return [*groups, *([list(things)] if self._many else [])]

    def _labels(self) -> list[tuple[Label, bool]]:
        """A label for each area, and for the total where there are several."""
        labels = [(Label("area", {"area": self.rules.area(code)}), False) for code in self.material.areas]
        return [*labels, *([(Label("total"), True)] if self._many else [])]

    def _rows(self, *columns: Sequence[Value]) -> tuple[Row, ...]:
        lines = zip(self._labels(), zip(*columns, strict=True), strict=True)
        return tuple(Row(label, cells, total=is_total) for (label, is_total), cells in lines)

    def _to_decision(self, items: Sequence[Presentation]) -> list[int]:
        days = ((p, self.material.decided_on(p)) for p in items)
        return [(on - local_date(p.requested_at)).days for p, on in days if on]

    def _to_start(self, items: Sequence[Presentation]) -> list[int]:
        starts = self.material.first_starts
        days = ((self.material.decided_on(p), starts.get(p.id)) for p in items)
        return [(start - on).days for on, start in days if on and start]

    def _mean(self, cases: Sequence[Case]) -> Fraction:
        return Fraction(sum(self.material.sat[c.id] for c in cases), len(cases))

    def _passage(self, code: str) -> Label:
        kind = self.rules.transitions.kind(code)
        if kind:
            return Label("passage", {"kind": kind})
        age = next((p.age for p in self.rules.transitions.ages if p.code == code), None)
        return Label("passage_area") if age is None else Label("passage_age", {"age": age})


def _with_former(offered: tuple[str, ...], found: Iterable[str]) -> tuple[str, ...]:
    """The reasons of today, and those of an older list that somebody used in the period: nothing goes uncounted."""
    return (*offered, *sorted(set(found) - set(offered)))


def _middle(days: Sequence[int], number: Value) -> Value:
    """The middle of few would be somebody's own; of none it is hidden as well, so that hidden does not mean few."""
    return Kept.BACK if isinstance(number, Kept) or len(days) < SMALLEST else median(days)


def _sum_of(cells: Sequence[int | Kept]) -> Value:
    numbers = [cell for cell in cells if not isinstance(cell, Kept)]
    return sum(numbers) if len(numbers) == len(cells) else Kept.BACK


def _used_share(used: Value, granted: Value) -> Value:
    if isinstance(used, Kroner) and isinstance(granted, Kroner) and granted:
        return Share(Fraction(used.ore, granted.ore))
    return Kept.BACK if Kept.BACK in (used, granted) else None
