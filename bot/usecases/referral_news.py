"""What leader and caseworker read of a request, while it waits and when it is answered (T03-T07)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.emergency import works_with_cases
from bot.domain.people import Role
from bot.domain.presentation import Presentation, State
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.referrals import Request, request_of


@dataclass(frozen=True)
class RequestTold:
    """What a leader's message shows: to answer, or answered and by whom."""

    request: Request
    to_me: bool  # the reader gave the answer
    at: datetime
    as_deputy: bool = False  # it has been passed on to the reader, who is no leader of the area


def _tell_request(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None:
        return None
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    request = request_of(telling.work, presentation, case)
    in_time = presentation.undo_until is not None and telling.at <= presentation.undo_until
    mine = presentation.settled_by == telling.recipient.id
    leads = telling.recipient.has(Role.AREA_LEADER, presentation.area)
    request = replace(request, may_undo=mine and in_time)
    told = RequestTold(request, mine, telling.at, presentation.passed_on_at is not None and not leads)
    return Told(told, telling.recipient.language)


@dataclass(frozen=True)
class AnswerTold:
    """What the caseworker hears of the leader's answer."""

    request: Request
    contact_name: str | None
    meeting_day: date | None
    still: bool  # the answer still stands (it was not undone)


def _tell_answer(telling: Telling) -> Told | None:
    case = case_of(telling)
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    if telling.recipient is None:
        return None
    if case is None and (presentation.state != State.DECLINED or not works_with_cases(telling.recipient)):
        return None  # that it was declined is told to who asked, who sees it no more
    case = case or telling.work.cases.get(presentation.case_id)
    contact = presentation.declined.contact if presentation.declined else None
    meeting = telling.work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    told = AnswerTold(
        request_of(telling.work, presentation, case),
        telling.work.people.get(contact).name if contact else None,
        meeting.day if meeting else None,
        _stands(presentation, telling.notice.key),
    )
    return Told(told, telling.recipient.language)


REFERRED_OR_FURTHER = frozenset({State.REFERRED, State.READY, State.POSTPONED, State.DECIDED})


def _stands(presentation: Presentation, key: str) -> bool:
    """It is as it was answered, or has come further before Slack took the message; else it was undone (D35)."""
    further = State.REFERRED in key and presentation.state in REFERRED_OR_FURTHER
    return further or presentation.state in key


TELLERS: dict[str, Teller] = {"referral": _tell_request, "answered": _tell_answer}
