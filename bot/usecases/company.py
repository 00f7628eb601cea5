"""Colleagues who bring an item forward together with whoever asked: they see the case while it is open (R007)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.meeting import Meeting
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.presentation import AlreadySettled, Presentation
from bot.usecases.acting import may_fill
from bot.usecases.agenda_facts import ItemLine
from bot.usecases.cases import CaseLine, line_of
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for


class ColleagueUnfit(Refusal):
    """Whoever is taken along is another caseworker, and here."""

    default_field = "people"


@dataclass(frozen=True)
class CompanyForm:
    case: CaseLine
    presentation: str
    people: tuple[PersonId, ...]


class Company(UseCases):
    def form(self, asked: Asked, presentation_id: str) -> CompanyForm:
        """Raises CaseNotFound, NotForYou, AlreadySettled."""
        with self._open_reading(at=asked.at) as work:
            presentation = _to_present(work, asked, presentation_id)
            case = work.cases.get(presentation.case_id)
            along = tuple(work.presentations.taken_along(presentation.id))
            return CompanyForm(line_of(work, case, asked.by), presentation.id, along)

    def take_along(self, asked: Asked, presentation_id: str, people: tuple[PersonId, ...]) -> list[str]:
        """These and nobody else, also none; gives their names. They hear their time the working day before.

        Raises CaseNotFound, NotForYou, AlreadySettled, ColleagueUnfit.
        """
        with self._open_work(asked) as work:
            presentation = _to_present(work, asked, presentation_id, lock=True)
            names = [_fit(work, presentation, person) for person in people]
            before = work.presentations.taken_along(presentation.id)
            work.presentations.take_along(presentation.id, people)
            work.note("taken_along", case=presentation.case_id, people=",".join(people))
            for gone in set(before) - set(people):
                self._tell_nothing(work, presentation, gone)
            return names

    def _tell_nothing(self, work: Work, presentation: Presentation, person: PersonId) -> None:
        """What they were still to hear of the item is not said."""
        for notice in work.notices.owed_to(person):
            if notice.kind == "presenting" and notice.facts["presentation"] == presentation.id:
                work.notices.cancel(notice.key)


def _to_present(work: Work, asked: Asked, presentation_id: str, *, lock: bool = False) -> Presentation:
    """An open item that one makes ready."""
    presentation = work.presentations.get(presentation_id, lock=lock)
    case = case_for(work, asked, presentation.case_id)
    if not may_fill(work, asked, presentation, case):
        raise NotForYou
    if not presentation.is_open:
        raise AlreadySettled(state=presentation.state, by=None, at=presentation.settled_at)
    return presentation


def _fit(work: Work, presentation: Presentation, person: PersonId) -> str:
    found = work.people.find(person)
    if found is None or not found.active or not found.has(Role.CASEWORKER):
        raise ColleagueUnfit
    if person == presentation.requested_by:
        raise ColleagueUnfit
    return found.name


def presenting_notices(
    work: Work, meeting: Meeting, line: ItemLine, *, not_before: datetime | None = None
) -> list[Notice]:
    """Their time at the meeting, for its caseworker and whoever is taken along."""
    clock, day = line.item.starts.strftime("%H%M"), meeting.day.isoformat()
    facts = {"meeting": meeting.id, "presentation": line.id}
    return [
        Notice(
            f"presenting:{meeting.id}:{line.id}:{person}@{day}T{clock}",
            "presenting",
            person,
            facts,
            not_before=not_before,
            expires_at=meeting.begins,
            case_id=line.case_id,
        )
        for person in dict.fromkeys((line.caseworker, *work.presentations.taken_along(line.id)))
    ]
