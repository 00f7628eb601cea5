"""What reaches a department head in the morning: how many requests of the area nobody has answered, and no case (F13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.people import AreaCode, Person, Role
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.usecases.ports import Work
from bot.usecases.waiting import Waiting

TO_THE_DEPUTIES = 1
"""Working days after its day to be answered that a request goes on to the area's deputies."""
TO_THE_HEAD = 1
"""And so many after that the head hears of it; at once where the area has no deputies."""


def head_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """A line for each area, new whenever another request has come to it. Whoever leads the area has the requests."""
    for area in person.areas_as(Role.DEPARTMENT_HEAD):
        if person.leads(area):
            continue
        after = head_hears_after(work, area)
        late = [
            (request, request.answer_by, due)
            for request in work.presentations.in_states(State.REQUESTED, area=area)
            if request.answer_by and (due := rules.working_days.after(request.answer_by, after)) <= today
        ]
        if late:
            keys = tuple((f"unanswered:{r.id}:{r.version}:head:{person.id}", due) for r, _, due in late)
            first = min(last for _, last, _ in late)
            yield Waiting(
                "unanswered_in_area",
                area,
                "",
                first,
                missing=len(late),
                overdue=True,
                code=area,
                reminders=keys,
            )


def head_hears_after(work: Work, area: AreaCode) -> int:
    """So many working days after the answer was due, neither leader nor deputy has answered in time (D31)."""
    return TO_THE_DEPUTIES + (TO_THE_HEAD if work.people.holding(Role.DEPUTY_LEADER, area) else 0)
