"""Who may take what back before the committee has seen it, and who hears (T14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.case import Case
from bot.domain.closing import OwnDoubt, WithdrawReasonMissing
from bot.domain.meeting import MeetingState
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.presentation import AlreadySettled, Kind, Presentation, State
from bot.usecases.ports import Asked, Work


def check_withdrawal(
    work: Work,
    asked: Asked,
    before: Presentation,
    case: Case,
    *,
    reason: str | None,
    reasons: tuple[str, ...],
) -> None:
    """Raises OwnDoubt, NotForYou, WithdrawReasonMissing, and AlreadySettled once the committee has had it on a meeting.

    A follow-up stays: the frame hangs on it (R064).
    """
    expect_not_held(work, before)
    if before.kind == Kind.DOUBT and asked.by.id != before.requested_by:
        raise OwnDoubt(name=work.people.get(before.requested_by).name)
    mine = asked.by.id in (before.requested_by, case.caseworker)
    if before.kind == Kind.FOLLOW_UP or not (mine or asked.by.leads(before.area)):
        raise NotForYou
    if reason not in reasons:
        raise WithdrawReasonMissing


def expect_not_held(work: Work, presentation: Presentation) -> None:
    """What was decided and waits for the minutes is not taken back. Raises AlreadySettled."""
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    if presentation.is_open and meeting and meeting.state == MeetingState.MINUTES:
        raise AlreadySettled(state=State.DECIDED, by=None, at=meeting.closed_at)


def withdraw_the_rest(work: Work, case: Case, *, by: PersonId, at: datetime, but_for: str = "") -> None:
    """Nothing is under way on a case that is over. Doubt stays: it is never closed away (R068)."""
    for other in work.presentations.of_case(case.id):
        if other.is_open and other.id != but_for and other.kind != Kind.DOUBT:
            withdrawn = other.settled(State.WITHDRAWN, by=by, at=at, undo_until=None)
            work.presentations.save(replace(withdrawn, meeting_id=None))
            if other.meeting_id:
                work.notices.retell(work.meetings.get(other.meeting_id).post_key)


def take_up_the_rest(work: Work, before: Presentation) -> None:
    """The answer that ended the case is taken back, and what ended with it waits for a meeting again (D35)."""
    for other in work.presentations.of_case(before.case_id):
        with_it = (other.settled_by, other.settled_at) == (before.settled_by, before.settled_at)
        if other.state == State.WITHDRAWN and with_it:
            state = State.READY if other.ready_at else State.REFERRED
            work.presentations.save(replace(other, state=state, settled_by=None, settled_at=None))


def tell_secretary(work: Work, presentation: Presentation, reason: str) -> None:
    """What stood on an agenda and goes: the secretary hears, and the post is shown anew."""
    meeting = presentation.meeting_id or ""
    work.notices.retell(work.meetings.get(meeting).post_key)
    for secretary in work.people.holding(Role.SECRETARY, committee=presentation.committee):
        key = f"withdrawn:{presentation.id}:{secretary.id}"
        facts = {"presentation": presentation.id, "meeting": meeting, "reason": reason}
        work.notices.tell(Notice(key, "withdrawn", secretary.id, facts, case_id=presentation.case_id))
