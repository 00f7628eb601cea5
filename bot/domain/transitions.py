"""Passages in a young life that the law or the areas make hard, and when to begin to prepare them (R041, R054, T26).

Nothing here changes a caseworker, an anchor or a payer, and nothing closes: a passage is prepared for, and seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.birth import Born
from bot.domain.calendar import WorkingDays, add_months
from bot.domain.errors import Refusal
from bot.domain.people import PersonId
from bot.domain.presentation import Tick
from bot.domain.rules import TransitionRules

AREA = "area"
"""The case is anchored in another area than before; told once, at once."""


class BirthMonthMissing(Refusal):
    default_field = "birth_month"


class BirthMonthDoubtful(Refusal):
    """Nobody born then is in the case's age band; facts: years, the first and the last of it."""

    default_field = "birth_year"


class TransitionMonthMissing(Refusal):
    """A passage that is added needs the month it is planned for, ahead."""

    default_field = "month"


class TransitionThere(Refusal):
    """The case has this one already."""

    default_field = "code"


@dataclass(frozen=True)
class Mark:
    """`months` until the passage (negative: since); `due_on` is the first working day of its month."""

    code: str
    months: int
    due_on: date


@dataclass(frozen=True)
class Transition:
    """One passage of one case, with its checklist. `occasion` tells two passages of a kind apart.

    `told` and `seen` count marks; no month stands here, so that a sealed birthday is not read from it (D25).
    """

    id: str
    case_id: str
    code: str
    occasion: str = ""
    planned: date | None = None  # the first of its month; None for an age, whose month is sealed
    points: tuple[str, ...] = ()
    ticks: dict[str, Tick] = field(default_factory=dict)
    told: int = 0  # how many of its marks have come
    seen: int = 0  # how many of them the caseworker has looked at
    done_at: datetime | None = None
    version: int = 0

    @property
    def open_points(self) -> tuple[str, ...]:
        return tuple(p for p in self.points if p not in self.ticks)

    @property
    def is_new(self) -> bool:
        """Something is missing, and a mark has come that nobody has looked at."""
        return self.done_at is None and self.told > self.seen

    def looked_at(self) -> Transition:
        return replace(self, seen=self.told)

    def ticked(self, points: frozenset[str], *, by: PersonId, at: datetime) -> Transition:
        """The list as it was left: a tick that stood keeps who and when; the last one ends it."""
        kept = {p: t for p, t in self.ticks.items() if p in points}
        new = {p: Tick(by, at) for p in self.points if p in points and p not in kept}
        ticks = {**kept, **new}
        done = all(p in ticks for p in self.points)
        return replace(self, ticks=ticks, done_at=(self.done_at or at) if done else None)


def first_working_day(year: int, month: int, days: WorkingDays) -> date:
    return days.next_on_or_after(date(year, month, 1))


def marks_of_birth(born: Born, rules: TransitionRules, days: WorkingDays) -> tuple[Mark, ...]:
    """Every mark of a life, in order of its day."""
    found = [
        _mark(passage.code, months, born.turns(passage.age), days)
        for passage in rules.ages
        for months in passage.marks
    ]
    return tuple(sorted(found, key=lambda m: (m.due_on, m.code)))


def marks_of_plan(code: str, planned: date, rules: TransitionRules, days: WorkingDays) -> tuple[Mark, ...]:
    found = [_mark(code, months, planned, days) for months in rules.kind_marks]
    return tuple(sorted(found, key=lambda m: m.due_on))


def _mark(code: str, months: int, day: date, days: WorkingDays) -> Mark:
    month = add_months(day.replace(day=1), -months)
    return Mark(code, months, first_working_day(month.year, month.month, days))


def come(marks: Iterable[Mark], *, today: date) -> tuple[Mark, ...]:
    """Those whose day has come, the newest last."""
    return tuple(sorted((m for m in marks if m.due_on <= today), key=lambda m: m.due_on))


def is_owed(marks: tuple[Mark, ...], *, told: int, since: date) -> bool:
    """Something has come that was not told, and the newest of it not before the month in which somebody began to follow.

    After a pause of any length it is one telling, of the newest.
    """
    return len(marks) > told and marks[-1].due_on >= since.replace(day=1)


def months_until(passage: date, today: date) -> int:
    """Whole months by the calendar; negative afterwards."""
    return (passage.year - today.year) * 12 + passage.month - today.month


def points_of(rules: TransitionRules, *, under_18: bool) -> tuple[str, ...]:
    """The checklist; talking with the parents only while there is custody (R041)."""
    return tuple(p.code for p in rules.checklist if under_18 or p.code not in rules.only_under_18)
