"""What each person's Home shows: one part per thing they have to do with, in the order of urgency (A12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.meeting import Meeting
from bot.domain.people import Person, Role
from bot.domain.rules import Rules
from bot.usecases.cases import CaseLine, lines_of_cases, the_committee
from bot.usecases.ports import Asked, Work
from bot.usecases.referrals import Request, waiting_requests
from bot.usecases.tools import UseCases


@dataclass(frozen=True)
class PartAsked:
    work: Work
    asked: Asked
    rules: Rules


HomePart = Callable[[PartAsked], Any]
"""Facts for one part of Home; None when the person has nothing to do with it."""


@dataclass(frozen=True)
class HomeFacts:
    person: Person
    at: datetime
    next_meeting: Meeting | None
    parts: dict[str, Any]
    restored_at: datetime | None = None  # the clock waits since then for somebody to look


@dataclass(frozen=True)
class MyCases:
    cases: tuple[CaseLine, ...]


def my_cases(part: PartAsked) -> MyCases | None:
    if not part.asked.by.has(Role.CASEWORKER):
        return None
    work, me = part.work, part.asked.by
    lines = lines_of_cases(work, work.cases.of_caseworker(me.id), me)
    lines.sort(key=lambda line: (line.status.day or date.max, line.key))
    return MyCases(tuple(lines))


def everyday(part: PartAsked) -> bool | None:
    """What a caseworker does most, close below what waits (A12)."""
    return part.asked.by.has(Role.CASEWORKER) or None


def my_queue(part: PartAsked) -> tuple[Request, ...] | None:
    if not part.asked.by.is_leader:
        return None
    return tuple(waiting_requests(part.work, part.asked.by))


BEFORE_THE_COMMITTEE = frozenset({"admin"})
"""All that there is to see while no committee has been set up."""


class Homes(UseCases):
    """`parts` is filled where the house is put together: name -> how its facts are found."""

    parts: dict[str, HomePart] = {}  # noqa: RUF012 - set once, by the assembly

    def of(self, asked: Asked) -> HomeFacts:
        with self._open_reading(at=asked.at) as work:
            part = PartAsked(work, asked, self._rules.on(asked.today))
            set_up = bool(work.committees.all())
            told = (
                self.parts if set_up else {n: p for n, p in self.parts.items() if n in BEFORE_THE_COMMITTEE}
            )
            facts = {name: find(part) for name, find in told.items()}
            coming = work.meetings.next_after(the_committee(work, asked.by), asked.today) if set_up else []
            return HomeFacts(
                person=asked.by,
                at=asked.at,
                next_meeting=coming[0] if coming else None,
                restored_at=work.lookouts.restored(),
                parts={name: found for name, found in facts.items() if found is not None},
            )
