"""Colleagues who bring an item forward together with whoever asked: they see the case while it is open (R007)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Refusal
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.presentation import AlreadySettled, Presentation
from bot.usecases.acting import may_fill
from bot.usecases.cases import CaseLine, line_of
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.presenters import not_presented
from bot.usecases.slips import keep_slip
from bot.usecases.tools import UseCases, case_for


class ColleagueUnfit(Refusal):
    """Whoever is taken along is another caseworker, and here."""

    default_field = "people"


@dataclass(frozen=True)
class CompanyForm:
    case: CaseLine
    presentation: str
    people: tuple[PersonId, ...]
    choices: tuple[tuple[PersonId, str], ...]  # the other caseworkers, the area's own first


class Company(UseCases):
    def form(self, asked: Asked, presentation_id: str) -> CompanyForm:
        """Raises CaseNotFound, NotForYou, AlreadySettled."""
        with self._open_reading(at=asked.at) as work:
            presentation = _to_present(work, asked, presentation_id)
            case = work.cases.get(presentation.case_id)
            along = tuple(work.presentations.taken_along(presentation.id))
            others = [p for p in work.people.holding(Role.CASEWORKER) if p.id != presentation.requested_by]
            others.sort(key=lambda p: (not p.has(Role.CASEWORKER, presentation.area), p.name))
            choices = tuple((p.id, p.name) for p in others)
            return CompanyForm(line_of(work, case, asked.by), presentation.id, along, choices)

    def take_along(self, asked: Asked, presentation_id: str, people: tuple[PersonId, ...]) -> list[str]:
        """These and nobody else, also none; gives their names. They hear their time the working day before.

        Raises CaseNotFound, NotForYou, AlreadySettled, ColleagueUnfit.
        """
        with self._open_work(asked) as work:
            presentation = _to_present(work, asked, presentation_id, lock=True)
            names = [_fit(work, presentation, person) for person in people]
            before = work.presentations.taken_along(presentation.id)
            work.presentations.take_along(presentation.id, people)
            facts = {"before": ",".join(before), "after": ",".join(sorted(people))}
            keep_slip(work, "company", presentation.id, asked, **facts)
            work.note("taken_along", case=presentation.case_id, people=",".join(people))
            for gone in set(before) - set(people):
                not_presented(work, presentation.id, person=gone)  # what they were still to hear of it
            return names


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
    if found is None:
        raise ColleagueUnfit(name=None)
    if not found.active or not found.has(Role.CASEWORKER) or person == presentation.requested_by:
        raise ColleagueUnfit(name=found.name)
    return found.name


# --- Home ---


@dataclass(frozen=True)
class Along:
    """An item one is taken along to: whose it is, and the day of its meeting once it has one."""

    case_id: str
    alias: str
    by: str
    day: date | None


def brought_along(part: PartAsked) -> tuple[Along, ...] | None:
    """MED PÅ PUNKTET: the open items somebody has taken the person along to; none is no part at all."""
    work, asked = part.work, part.asked
    mine = work.presentations.brought_along_by(asked.by.id)
    seen = work.cases.seen_among([p.case_id for p in mine], asked.by, asked.at) if mine else set()
    return tuple(_along(work, p) for p in mine if p.case_id in seen) or None


def _along(work: Work, presentation: Presentation) -> Along:
    case = work.cases.get(presentation.case_id)
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    by = work.people.get(presentation.requested_by).name
    return Along(case.id, case.alias, by, meeting.day if meeting else None)
