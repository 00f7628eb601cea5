"""The meetings ahead, as several use cases need them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import add_months, local_date
from bot.domain.meeting import Meeting
from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.usecases.meetings import TRIED, place
from bot.usecases.ports import Work


def meetings_within(work: Work, committee: str, after: date, months: int) -> list[Meeting]:
    """The meetings after a day that lie within the longest interval from it."""
    coming = work.meetings.next_after(committee, after + timedelta(days=1), count=30)
    return [m for m in coming if m.day <= add_months(after, months)]


def put_on_next(work: Work, rules: Rules, presentation: Presentation, at: datetime) -> Presentation:
    """On the first agenda with room that is not locked; where it stands it stays; else it waits for a place."""
    if presentation.meeting_id:
        meeting = work.meetings.find(presentation.meeting_id)
        if meeting and meeting.is_ahead(at):
            work.notices.retell(meeting.post_key)
            return presentation
    for meeting in work.meetings.next_after(presentation.committee, local_date(at), count=TRIED):
        if meeting.is_ahead(at):
            placed = place(work, rules, presentation, meeting.id, at)
            if placed.meeting_id:
                work.notices.retell(meeting.post_key)
                return placed
    return presentation
