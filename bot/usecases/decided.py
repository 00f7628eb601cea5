"""What people are told when the minutes have been approved: each their part, found when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.ballot import BallotState, minuted_ballot
from bot.domain.case import AgeBand
from bot.domain.decision import POSTPONED
from bot.domain.emergency import works_with_cases
from bot.domain.frame import Frame
from bot.domain.meeting import Meeting, Minuted
from bot.domain.notices import MEANT_FOR
from bot.domain.overtaking import ended_by
from bot.domain.people import AreaCode, Person, PersonId
from bot.domain.presentation import Decision, Kind
from bot.domain.task import Task
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.tasks import TaskLine, line_of_task


@dataclass(frozen=True)
class DecidedTold:
    """What came of an item, as its caseworker or presenter hears it."""

    alias: str
    key: str
    band: AgeBand
    case_id: str
    meeting_id: str
    presentation_id: str
    kind: Kind
    decision: Decision
    caseworker: str | None
    mine: bool  # the reader is the case's caseworker
    sees: bool  # the reader may open the case
    frame: Frame | None
    follow_up_on: date | None
    to_day: date | None
    contact: str | None
    may_accept: bool = False  # the reader is the fixed caseworker, and has not said »Jeg tager sagen« (T17)
    ended: bool = False  # the case was closed at the same meeting, under another item


@dataclass(frozen=True)
class DecidedTogether:
    """All that came of the reader's items at one meeting."""

    items: tuple[DecidedTold, ...]


@dataclass(frozen=True)
class AreaTasks:
    area: AreaCode
    day: date
    tasks: tuple[TaskLine, ...]


def _tell_decided(telling: Telling) -> Told | None:
    """The presenter hears the outcome of what they asked, though the case may be another's now.

    Of several, whoever hears it for somebody else is told those they may see.
    """
    reader, about = telling.recipient, telling.notice.presentations
    if reader is None or not works_with_cases(reader):
        return None
    minuted = [_minuted(telling, item) for item in about]
    found = [_outcome(telling, reader, m) for m in minuted if m]
    items = tuple(o for o in found if len(about) == 1 or o.sees or _asked(telling, o, reader))
    return Told(DecidedTogether(items), reader.language) if items else None


def _asked(telling: Telling, outcome: DecidedTold, reader: Person) -> bool:
    by = telling.work.presentations.get(outcome.presentation_id).requested_by
    return by in (reader.id, telling.notice.facts.get(MEANT_FOR))


def _tell_contact(telling: Telling) -> Told | None:
    """Whoever the committee names as the contact for what is not in scope (T16)."""
    reader = telling.recipient
    if reader is None or not works_with_cases(reader):
        return None
    minuted = _minuted(telling, telling.notice.facts["presentation"])
    return Told(_outcome(telling, reader, minuted), reader.language) if minuted else None


def _outcome(telling: Telling, reader: Person, minuted: Minuted) -> DecidedTold:
    work, meeting = telling.work, telling.work.meetings.get(telling.notice.facts["meeting"])
    case = work.cases.get(minuted.case_id)
    d = minuted.decision
    to = _stands_on(telling, minuted.presentation_id) if d.choice == POSTPONED else None
    final = d.final
    return DecidedTold(
        alias=case.alias,
        key=case.key,
        band=case.band_now,
        case_id=case.id,
        meeting_id=meeting.id,
        presentation_id=minuted.presentation_id,
        kind=minuted.kind,
        decision=d,
        caseworker=_name(telling, final.caseworker if final else None),
        mine=case.caseworker == reader.id,
        may_accept=case.caseworker == reader.id and case.waits_to_be_taken,
        sees=work.cases.seen_by(case.id, reader, telling.at) is not None,
        frame=work.frames.open_of(case.id),
        follow_up_on=final.follow_up_on if final else None,
        to_day=to.day if to else None,
        contact=_name(telling, d.contact),
        ended=ended_by(meeting.record, minuted.presentation_id) is not None,
    )


def _stands_on(telling: Telling, presentation: str) -> Meeting | None:
    """The one in the minutes may have been cancelled, or over, before they were approved (T12)."""
    now = telling.work.presentations.get(presentation).meeting_id
    return telling.work.meetings.find(now) if now else None


def _tell_area_tasks(telling: Telling) -> Told | None:
    work, reader = telling.work, telling.recipient
    area = telling.notice.facts["area"]
    if reader is None or not reader.leads(area):
        return None
    meeting = work.meetings.get(telling.notice.facts["meeting"])
    only = telling.notice.facts.get("only")  # what was decided in writing has a message of its own
    found = [t for t in work.tasks.of_meeting(meeting.id) if t.area == area]
    tasks: list[Task] = [t for t in found if only in (None, t.presentation_id)]
    lines = tuple(line_of_task(work, t) for t in tasks)
    return Told(AreaTasks(area, meeting.day, lines), reader.language) if lines else None


@dataclass(frozen=True)
class MandateLacked:
    """What a leader hears when the area's member could not decide: no case is named (X10)."""

    area: AreaCode
    day: date
    to_day: date | None


def _tell_mandate_lacked(telling: Telling) -> Told | None:
    work, reader, facts = telling.work, telling.recipient, telling.notice.facts
    if reader is None or not reader.leads(facts["area"]):
        return None
    to = work.meetings.find(facts["to"]) if facts["to"] else None
    day = work.meetings.get(facts["meeting"]).day
    return Told(MandateLacked(facts["area"], day, to.day if to else None), reader.language)


def _minuted(telling: Telling, wanted: str) -> Minuted | None:
    meeting = telling.work.meetings.get(telling.notice.facts["meeting"])
    found = next((m for m in meeting.record if m.presentation_id == wanted), None)
    if found:
        return found
    approved = [b for b in telling.work.ballots.of_presentation(wanted) if b.state == BallotState.APPROVED]
    return next((minuted_ballot(b) for b in approved), None)


def _name(telling: Telling, person: PersonId | None) -> str | None:
    return telling.work.people.get(person).name if person else None


TELLERS: dict[str, Teller] = {
    "decided": _tell_decided,
    "contact": _tell_contact,
    "area_tasks": _tell_area_tasks,
    "mandate_lacked": _tell_mandate_lacked,
}
