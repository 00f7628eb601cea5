"""Somebody else for a while: a substitute is bounded in time, and never a change of caseworker (T25, R057, X8, D31)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import WorkingDays, danish_closed_days
from bot.domain.errors import Refusal
from bot.domain.people import PersonId


@dataclass(frozen=True)
class SubstituteRules:
    """T25: how long somebody may stand in, and on which day the leader is reminded of a change."""

    longest_days: int = 30  # calendar days in a row, whoever stands in
    remind_on_day: int = 25
    sick_days: int = 7  # what the form proposes; an illness has no end that anybody knows (D31)


@dataclass(frozen=True)
class Substitute:
    """Who stands in on one case, both days included. `batch` ties those set in one form, so that one press undoes it."""

    id: str
    case_id: str
    person: PersonId
    first: date
    last: date
    set_by: PersonId
    set_at: datetime
    ended_at: datetime | None = None  # None: it ends by itself when the last day is over
    batch: str = ""

    def covers(self, day: date) -> bool:
        """Access and duty last exactly the days between, and end at once with the button (R060)."""
        return self.ended_at is None and self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def ended(self, *, at: datetime, day: date) -> Substitute:
        """Ended by button: the days that were not reached count no more."""
        return replace(self, ended_at=at, last=max(self.first, min(self.last, day)))


class SubstituteTooLong(Refusal):
    """More than thirty days, or thirty days renewed without a pause: that is a change; facts: most."""

    default_field = "last"


class SubstituteBackwards(Refusal):
    """The last day lies before the first, or is over."""

    default_field = "last"


class SubstituteUnfit(Refusal):
    """Whoever stands in is a caseworker, at work, and not the one who is away."""

    default_field = "substitute"


class SubstituteAlready(Refusal):
    """Somebody stands in on these days; facts: name, last."""

    default_field = "substitute"


class NothingToTakeOver(Refusal):
    """The person has no open cases."""

    default_field = "person"


def free_days(stints: Iterable[Substitute], first: date, last: date) -> list[tuple[date, date]]:
    """First and last day of each row nobody is agreed to stand in on; days off alone are none."""
    agreed = [s for s in stints if s.ended_at is None]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows: list[list[date]] = [[]]
    for day in days:
        if any(s.covers(day) for s in agreed):
            rows.append([])
        else:
            rows[-1].append(day)
    return [(row[0], row[-1]) for row in rows if any(map(_is_worked_on, row))]


def _is_worked_on(day: date) -> bool:
    return day.weekday() < 5 and day not in danish_closed_days(day.year)


def whole_row(stints: tuple[Substitute, ...], stint: Substitute, days: WorkingDays) -> tuple[date, date]:
    """First and last day of the unbroken row that `stint` belongs to. A weekend or a closed day is no pause."""
    first, last = stint.first, stint.last
    others = [s for s in stints if s.id != stint.id and _counts(s)]
    for one in sorted(others, key=lambda s: s.last, reverse=True):
        if one.first < first and _next_working(one.last, days) >= first:
            first = one.first
    for one in sorted(others, key=lambda s: s.first):
        if one.last > last and _next_working(last, days) >= one.first:
            last = one.last
    return first, last


def _next_working(day: date, days: WorkingDays) -> date:
    return days.next_on_or_after(day + timedelta(days=1))


def _counts(stint: Substitute) -> bool:
    """One that was taken back on the day it was set stood for nothing."""
    return stint.ended_at is None or stint.last > stint.first


def check(
    stint: Substitute,
    *,
    earlier: tuple[Substitute, ...],
    rules: SubstituteRules,
    days: WorkingDays,
    today: date,
) -> None:
    """Raises SubstituteBackwards, or SubstituteTooLong when it is really a change of caseworker (R057)."""
    if stint.last < stint.first or stint.last < today:
        raise SubstituteBackwards
    first, last = whole_row(earlier, stint, days)
    if (last - first).days + 1 > rules.longest_days:  # R057, T25
        raise SubstituteTooLong(most=rules.longest_days)


def reminded_on(
    stints: tuple[Substitute, ...], stint: Substitute, *, rules: SubstituteRules, days: WorkingDays
) -> date | None:
    """The 25th day of the row; None when it ends before."""
    first, last = whole_row(stints, stint, days)
    day = first + timedelta(days=rules.remind_on_day - 1)
    return day if day <= last else None
