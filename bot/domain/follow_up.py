"""When the committee wants to hear again, and who is reminded of what (D10): quiet by design."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import WorkingDays
from bot.domain.errors import Refusal
from bot.domain.people import PersonId


class FollowUpTooLate(Refusal):
    """Beyond the longest interval; facts: months, latest (the last meeting inside it)."""

    default_field = "next_on"


class NoMeetingNear(Refusal):
    """There is no meeting on or before that day."""

    default_field = "next_on"


class MoveNeedsCommittee(Refusal):
    """More than four weeks later, or a second time (D10)."""


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due: which mark (14, 7, 2, 0 working days before; -3, -7 after), for which day."""

    mark: int
    due_on: date


def marks_due(
    *, follow_up_on: date, today: date, marks: tuple[int, ...], overdue: tuple[int, ...], days: WorkingDays
) -> tuple[Reminder, ...]:
    """The reminders whose day has come, newest mark last. `overdue` marks are given as positive days after."""
    before = (
        Reminder(m, days.after(follow_up_on, -m) if m else days.next_on_or_after(follow_up_on)) for m in marks
    )
    after = (Reminder(-m, days.after(follow_up_on, m)) for m in overdue)
    return tuple(r for r in (*before, *after) if r.due_on <= today)


@dataclass(frozen=True)
class NewDateWish:
    """*Bed om ny dato*: answered by the secretary with one of the next three meetings."""

    presentation_id: str
    by: PersonId
    at: datetime
    reason: str
