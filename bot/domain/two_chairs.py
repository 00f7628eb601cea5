"""Nobody falls between two chairs (R113, T32): what an open case must have, judged from facts alone.

An open case has somebody who answers for it and is here, an anchor with a leader, a next date, and from *Besluttet*
a payer. What is missing is a gap; one gap on one case is one alarm until the fact is mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.calendar import WorkingDays, instant, local_date
from bot.domain.case import Case, Stage
from bot.domain.errors import Refusal
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.people import Person, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Deadlines

HAS_A_PAYER = frozenset({Stage.DECIDED, Stage.ACTIVE})
ANSWERED_BY_A_DAY = frozenset({State.REQUESTED, State.RETURNED})


class Gap(StrEnum):
    """What is missing, the gravest first."""

    COORDINATOR = "coordinator"
    ANCHOR = "anchor"
    NEXT_DATE = "next_date"
    PAYER = "payer"


class PayerThere(Refusal):
    """The case has a payer, or needs none yet; another is decided by the committee (R108)."""


@dataclass(frozen=True)
class Alarm:
    """A gap that has been told, and stands until the fact is mended."""

    id: str
    case_id: str
    gap: Gap
    since: datetime
    mended_at: datetime | None = None
    batch: str = ""  # what was found together is told together


@dataclass(frozen=True)
class CaseNow:
    """What is true of a case at the moment it is looked at."""

    case: Case
    coordinator: Person | None  # the caseworker; None: unknown here
    substitute: Person | None  # whoever stands in for the caseworker today; None: nobody
    anchor_known: bool  # the area still exists in the rules
    anchor_led: bool  # and somebody who is here leads it
    next_day: date | None


def may_coordinate(person: Person | None) -> bool:
    """Has an active account and a role in which one answers for a case (R050, R076)."""
    return person is not None and (person.has(Role.CASEWORKER) or person.is_leader)


def gaps_of(now: CaseNow, *, today: date, days: WorkingDays, overdue_after: int) -> tuple[Gap, ...]:
    """The gaps of an open case, in order; a practice case and a closed one have none (T32, D43).

    A case that is stilled reminds nobody, and is looked after as any other until it is closed. A date that was passed more than `overdue_after` working days ago, with nothing done, is no next date.
    """
    case = now.case
    if not case.is_open or case.practice:
        return ()
    passed = now.next_day is not None and days.between(now.next_day, today) > overdue_after
    missing = {
        Gap.COORDINATOR: not (may_coordinate(now.coordinator) or may_coordinate(now.substitute)),
        Gap.ANCHOR: not (now.anchor_known and now.anchor_led),
        Gap.NEXT_DATE: now.next_day is None or passed,
        Gap.PAYER: case.stage in HAS_A_PAYER and case.payer is None,
    }
    return tuple(gap for gap in Gap if missing[gap])


def next_day(
    case: Case,
    presentations: Iterable[Presentation],
    meetings: Mapping[str, Meeting],
    *,
    days: WorkingDays,
    deadlines: Deadlines,
) -> date | None:
    """The latest day something is due on the case, according to where it is; None: nothing is agreed.

    A request has its answer date, an item its meeting, an active case its follow-up. What waits for a colleague to
    move it (registered and not sent, referred and on no agenda) has as many working days as a returned request. A
    follow-up hangs on its meeting: without one it has no day (R064).
    A stilled case waits for its closing alone.
    """
    open_ones = [p for p in presentations if p.is_open and (p.kind == Kind.CLOSURE or not case.is_stilled)]
    waits = deadlines.caseworker_returns
    found = [_day_of(p, meetings, days, waits) for p in open_ones]
    if case.stage == Stage.REGISTERED and not open_ones:
        found.append(days.after(local_date(case.registered_at), waits))
    return max((day for day in found if day is not None), default=None)


def _day_of(
    presentation: Presentation, meetings: Mapping[str, Meeting], days: WorkingDays, waits: int
) -> date | None:
    if presentation.state in ANSWERED_BY_A_DAY:
        return presentation.answer_by
    meeting = meetings.get(presentation.meeting_id or "")
    if meeting and (meeting.state != MeetingState.CANCELLED or meeting.undo_until):
        return meeting.day  # a cancellation that can be undone has moved nothing yet
    if presentation.kind == Kind.FOLLOW_UP:
        return None
    since = presentation.ready_at or presentation.settled_at or presentation.requested_at
    return days.after(local_date(since), waits)


def check_owed(at: datetime, *, clock: time, days: WorkingDays) -> date:
    """The latest working day whose check is due by `at`: one that was missed is made up for once, late (T32)."""
    today = local_date(at)
    day = days.on_or_before(today)
    return day if at >= instant(day, clock) else days.after(day, -1)
