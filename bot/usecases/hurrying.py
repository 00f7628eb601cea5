"""Who hears that something is urgent (D32)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.meeting import Meeting
from bot.domain.notices import AT_ONCE, Notice
from bot.domain.people import Role
from bot.domain.presentation import Presentation
from bot.usecases.ports import Work

CANCELLED = "cancelled"  # the meeting the chair had chosen


def tell_chairs(work: Work, presentation: Presentation, **more: str) -> None:
    """While none of them is here, and nobody stands in, they all hear it at once all the same: nobody else may choose."""
    chairs = work.people.holding(Role.CHAIR, committee=presentation.committee)
    if not any(work.notices.reaches(Notice("", "urgent", chair.id)) for chair in chairs):
        more[AT_ONCE] = "1"
    for chair in chairs:
        key = presentation.urgent_key(chair.id)
        facts = {"presentation": presentation.id, **more}
        work.notices.tell(Notice(key, "urgent", chair.id, facts, case_id=presentation.case_id))


def show_chairs(work: Work, presentation: Presentation) -> None:
    """The chairs' messages show what is true now."""
    for chair in work.people.holding(Role.CHAIR, committee=presentation.committee):
        work.notices.retell(presentation.urgent_key(chair.id))


def choose_again(work: Work, cancelled: Meeting) -> None:
    """What the chair chose this meeting for is no less urgent: the choice falls, and the chair is asked anew."""
    for before in work.presentations.hurried_to(cancelled.id):
        saved = work.presentations.save(_to_choose_again(before))
        work.note("urgent_meeting_cancelled", case=saved.case_id, meeting=cancelled.id)
        work.notices.handle(f"urgent:{saved.id}:")
        tell_chairs(work, saved, **{CANCELLED: cancelled.id})


def _to_choose_again(before: Presentation) -> Presentation:
    free = replace(before, urgent_choice=None, urgent_meeting=None, urgent_by=None, urgent_at=None)
    return replace(free, urgent_round=before.urgent_round + 1)
