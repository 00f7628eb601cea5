"""The leaders a request waits for: each is told of it, and it goes on to the deputies when nobody can answer (D31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.notices import Notice
from bot.domain.people import Person, Role
from bot.domain.presentation import Presentation
from bot.usecases.ports import Work
from bot.usecases.slips import standing_or_next


def tell_one(work: Work, presentation: Presentation, leader: Person) -> None:
    """Once, and anew when what was told before has been put away."""
    key, facts = told_of(work, presentation, leader), {"presentation": presentation.id}
    if not work.notices.retell(key):
        work.notices.tell(Notice(key, "referral", leader.id, facts, case_id=presentation.case_id))


def told_of(work: Work, presentation: Presentation, leader: Person) -> str:
    """The key of what the leader is shown of it now, or would be told next."""
    return standing_or_next(work, f"referral:{presentation.id}:{leader.id}")


def pass_on(work: Work, request: Presentation, at: datetime, *, by_itself: bool = True) -> None:
    """To the area's deputies; where it has none, it stays with the leaders, whose mornings name it from now on.

    Not `by_itself`: there are many of them, and the deputies read them in one line of their mornings.
    """
    deputies = work.people.holding(Role.DEPUTY_LEADER, request.area)
    if not deputies:
        return
    work.presentations.save(replace(request, passed_on_at=at))
    work.note("passed_on", case=request.case_id, presentation=request.id)
    for deputy in deputies if by_itself else ():
        tell_one(work, request, deputy)


def take_from_deputies(work: Work, request: Presentation) -> Presentation:
    """A leader of the area can answer after all: whoever it was passed on to is asked no more."""
    for deputy in work.people.holding(Role.DEPUTY_LEADER, request.area):
        work.notices.handle(told_of(work, request, deputy))
    return work.presentations.save(replace(request, passed_on_at=None))
