"""A written briefing: the members read it before the meeting, and the meeting takes note without talking (R140)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.case import Case
from bot.domain.decision import DISCUSSED
from bot.domain.meeting import MeetingOver, NotAMember
from bot.domain.presentation import Decision, Presentation
from bot.usecases.agenda_facts import seat_of
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for


@dataclass(frozen=True)
class BriefingTold:
    presentation_id: str
    alias: str
    key: str
    read: bool  # by the reader


class Briefings(UseCases):
    def read(self, asked: Asked, presentation_id: str) -> Case:
        """*Læst*: kept on the item, once a member. Raises CaseNotFound, NotAMember, MeetingOver."""
        with self._open_work(asked) as work:
            presentation = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, presentation.case_id)
            meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
            if meeting is None or not presentation.in_writing or not presentation.is_open:
                raise MeetingOver(state=presentation.state, day=None)
            if seat_of(work, meeting, asked.by) is None:
                raise NotAMember
            if asked.by.id not in presentation.read_by:
                read_by = (*presentation.read_by, asked.by.id)
                work.presentations.save(replace(presentation, read_by=read_by))
                work.note("briefing_read", case=case.id, presentation=presentation.id)
                work.notices.retell(f"briefing:{presentation.id}:{asked.by.id}")
            return case


def take_note(work: Work, items: Iterable[Presentation], asked: Asked) -> None:
    """When the meeting begins, what was briefed in writing is taken note of; whoever wants to talk of it opens the item."""
    for item in items:
        if item.in_writing and item.is_open and item.decision is None:
            noted = Decision(
                DISCUSSED, recorded_by=asked.by.id, recorded_at=asked.at, complete=True, revision=1
            )
            work.presentations.save(replace(item, decision=noted))
            work.note("item_recorded", case=item.case_id, presentation=item.id, choice=DISCUSSED)


def _tell_briefing(telling: Telling) -> Told | None:
    case, reader = case_of(telling), telling.recipient
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    if case is None or reader is None or not presentation.is_open:
        return None
    read = reader.id in presentation.read_by
    return Told(BriefingTold(presentation.id, case.alias, case.key, read), reader.language)


TELLERS: dict[str, Teller] = {"briefing": _tell_briefing}
