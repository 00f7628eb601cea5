"""When the committee wants to hear again, and who is reminded of what (D10): quiet by design."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import WorkingDays, add_months, school_break
from bot.domain.case import Case
from bot.domain.errors import Refusal
from bot.domain.people import PersonId
from bot.domain.presentation import Kind, Presentation, Recommendation, State


class FollowUpTooLate(Refusal):
    """Beyond the longest interval; facts: months, latest (the last meeting inside it)."""

    default_field = "next_on"


class FollowUpTooEarly(Refusal):
    """A follow-up lies after the meeting that decides it (D26); facts: day (that meeting's)."""

    default_field = "follow_up_on"


class NoMeetingNear(Refusal):
    """There is no meeting on or before that day."""

    default_field = "next_on"


class MoveNeedsCommittee(Refusal):
    """More than four weeks later, or a second time (D10); facts: weeks."""

    default_field = "meeting"


class ClosingMissing(Refusal):
    """*Afslut* needs the criterion it is closed by (R071)."""

    default_field = "closing"


class ProgressMissing(Refusal):
    """Each goal needs a word about how it goes; facts: goals."""


class NotAFollowUp(Refusal):
    """Only a follow-up is prepared and moved this way."""


def follow_up_of(
    case: Case,
    *,
    id: str,  # noqa: A002 - every thing has an id
    at: datetime,
    rules_version: str,
    meeting: str | None = None,
) -> Presentation:
    """One that nobody has to ask for: its caseworker prepares it, whatever decided that there be one (R064)."""
    return Presentation(
        id=id,
        case_id=case.id,
        committee=case.committee,
        kind=Kind.FOLLOW_UP,
        area=case.area,
        requested_by=case.caseworker,
        requested_at=at,
        state=State.REFERRED,
        collector=case.caseworker,
        recommendation=Recommendation(goals=case.goals),
        meeting_id=meeting,
        rules_version=rules_version,
    )


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


def limit_of_move(*, agreed_on: date, months: int) -> date:
    """The last day a follow-up may lie: the longest interval from when it was agreed."""
    return add_months(agreed_on, months)


def may_move(*, old: date, new: date, moved_before: int, weeks_alone: int) -> None:
    """Raises MoveNeedsCommittee unless the secretary may answer alone (D10)."""
    if moved_before or new > old + timedelta(weeks=weeks_alone):
        raise MoveNeedsCommittee(weeks=weeks_alone)


def proposed_next(days: tuple[date, ...], *, after: date, weeks: int) -> date | None:
    """The last meeting day at most so many weeks from then (R064, A6) that is no school holiday; None: no meeting."""
    wanted = after + timedelta(weeks=weeks)
    within = [d for d in days if d <= wanted] or list(days[:1])
    free = [d for d in within if school_break(d) is None]
    return (free or within)[-1] if within else None


@dataclass(frozen=True)
class NewDateWish:
    """*Bed om ny dato*: answered by the secretary with one of the next three meetings."""

    presentation_id: str
    by: PersonId
    at: datetime
    reason: str
