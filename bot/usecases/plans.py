"""The plan of a case: goals, measures and who promised what by when (R045-R048, R051, R017); never a statutory plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.case import Case, Stage
from bot.domain.document import LATE, Document, DocumentGone, NothingToSendLate
from bot.domain.people import AreaCode, AreaMissing, Person, PersonId, Role
from bot.domain.personal_data import read_case_reference
from bot.domain.presentation import Kind, Presentation, Stop
from bot.domain.significance import Adjustment
from bot.domain.task import STEPS, Task
from bot.usecases.cases import own_areas
from bot.usecases.frame_facts import may_book
from bot.usecases.plan_line import changed_on
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for, show_again

PROMISES = 10


@dataclass(frozen=True)
class MeasureLine:
    """A measure as the plan shows it. `next_step` is what the area's task lacks; None when it has been communicated."""

    task: str
    code: str
    area: AreaCode
    planned_on: date
    started_on: date | None
    stopped_on: date | None
    late: bool
    next_step: str | None
    mine: bool  # the viewer speaks for its area


@dataclass(frozen=True)
class Promise:
    """Who has promised what by when (R017): an area its task, the caseworker the next follow-up."""

    what: str  # decide | end | start | follow_up
    by: str  # an area's code, or a name for the caseworker
    code: str | None  # the measure
    day: date
    overdue: bool


@dataclass(frozen=True)
class DocumentLine:
    """A reference; `number` is None for who does not work in its area (D28)."""

    id: str
    code: str
    area: AreaCode
    number: str | None
    is_open: bool
    day: datetime
    late: bool
    may_remove: bool


@dataclass(frozen=True)
class PlanView:
    case: Case
    goals: tuple[str, ...]
    decided_on: date | None
    changed_on: date | None
    measures: tuple[MeasureLine, ...]
    promises: tuple[Promise, ...]
    documents: tuple[DocumentLine, ...]
    adjustments: tuple[Adjustment, ...]  # newest first
    motivation: bool  # motivation and resources have been described in the case system (R048)
    standards: tuple[str, ...]
    may_adjust: bool
    may_start: bool
    may_refer: bool  # may add a reference
    on_agenda: bool  # material can be late for it


class Plans(UseCases):
    def show(self, asked: Asked, case_id: str) -> PlanView:
        """Opens the plan: a look (D21). Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            work.look(case.id, what="plan_opened")
            return plan_of(work, case, asked)

    def add_document(
        self, asked: Asked, case_id: str, *, code: str, area: AreaCode, text: str, is_open: bool = False
    ) -> Document:
        """A statutory plan is referred to, never replaced (R012); late material gets a mark and a time (R141).

        Closed unless said otherwise (R137). Raises CaseNotFound, AreaMissing, NothingToSendLate, and what a bad
        number raises.
        """
        number = read_case_reference(text)
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id)
            if area not in own_areas(asked.by):
                raise AreaMissing
            item = _on_agenda(work, case) if code == LATE else None
            if code == LATE and item is None:
                raise NothingToSendLate
            document = Document(
                id=self._chance.id(),
                case_id=case.id,
                area=area,
                code=code,
                number=number,
                added_by=asked.by.id,
                added_at=asked.at,
                is_open=is_open,
                presentation_id=item.id if item else None,
            )
            work.documents.add(document)  # R012
            act = "late_material" if code == LATE else "document_added"
            work.note(act, case=case.id, document=document.id, code=code, area=area)
            if item and item.meeting_id:
                show_again(work, item.meeting_id)
            return document

    def remove_document(self, asked: Asked, document_id: str) -> Document:
        """Takes a reference away; by its own area. Raises DocumentGone."""
        with self._open_work(asked) as work:
            document = work.documents.find(document_id)
            if document is None or document.area not in own_areas(asked.by):
                raise DocumentGone
            case_for(work, asked, document.case_id)
            work.documents.remove(document.id)
            work.note("document_removed", case=document.case_id, code=document.code, area=document.area)
            return document


def plan_of(work: Work, case: Case, asked: Asked) -> PlanView:
    tasks = work.tasks.of_case(case.id)
    presentations = work.presentations.of_case(case.id)
    mine = own_areas(asked.by)
    fixed = case.stage == Stage.ACTIVE and may_book(work, case, asked.by, asked.today)
    measures = tuple(_measure(t, asked) for t in tasks if t.is_measure)
    return PlanView(
        case=case,
        goals=() if case.plan_is_history else case.goals,
        decided_on=None if case.plan_is_history else case.plan_decided_on,
        changed_on=changed_on(work, case),
        measures=measures,
        promises=_promises(work, case, tasks, presentations, asked.today),
        documents=tuple(_document(d, mine) for d in work.documents.of_case(case.id)),
        adjustments=tuple(reversed(work.adjustments.of_case(case.id))),
        motivation=any("motivation" in p.ticks for p in presentations),
        standards=case.standards,
        may_adjust=fixed,
        may_start=any(m.mine and m.stopped_on is None for m in measures),
        may_refer=bool(mine),
        on_agenda=_on_agenda(work, case) is not None,
    )


def speaks_for(person: Person, area: AreaCode) -> bool:
    """May say that a measure of the area has started: its leaders and deputies, or its own caseworkers (R014)."""
    return person.leads(area) or person.has(Role.CASEWORKER, area)


def running_measures(work: Work, case: str) -> tuple[Stop, ...]:
    """The measures in force, as what might be stopped or adjusted."""
    return tuple(Stop(t.id, t.measure, t.area) for t in work.tasks.of_case(case) if t.is_running)


def _measure(task: Task, asked: Asked) -> MeasureLine:
    missing = [s for s in STEPS if s not in task.ticks]
    return MeasureLine(
        task=task.id,
        code=task.measure,
        area=task.area,
        planned_on=task.planned_on,
        started_on=task.started_on,
        stopped_on=task.stopped_on,
        late=task.waits_for_start(asked.today),
        next_step=None if task.is_done else missing[0],
        mine=speaks_for(asked.by, task.area),
    )


def _promises(
    work: Work, case: Case, tasks: list[Task], presentations: list[Presentation], today: date
) -> tuple[Promise, ...]:
    found = []
    for task in tasks:
        if not task.is_done and task.stopped_on is None:
            what = "decide" if task.is_measure else "end"
            found.append(Promise(what, task.area, task.measure, task.due_on, task.is_overdue(today)))
        elif task.is_running and task.started_on is None:
            late = task.waits_for_start(today)
            found.append(Promise("start", task.area, task.measure, task.planned_on, late))
    for presentation in presentations:
        if presentation.is_open and presentation.kind == Kind.FOLLOW_UP and presentation.meeting_id:
            day = work.meetings.get(presentation.meeting_id).day
            name = _name(work, presentation.collector or case.caseworker)
            found.append(Promise("follow_up", name, None, day, day < today))
    return tuple(sorted(found, key=lambda p: p.day)[:PROMISES])


def _name(work: Work, person: PersonId) -> str:
    return work.people.get(person).name


def _document(document: Document, mine: tuple[AreaCode, ...]) -> DocumentLine:
    own = document.area in mine
    return DocumentLine(
        id=document.id,
        code=document.code,
        area=document.area,
        number=document.number if own else None,
        is_open=document.is_open,
        day=document.added_at,
        late=document.code == LATE,
        may_remove=own,
    )


def sent_late(work: Work, presentation: Presentation) -> tuple[datetime, ...]:
    """When material was added after the item had got its place (R141)."""
    found = work.documents.of_case(presentation.case_id)
    return tuple(d.added_at for d in found if d.presentation_id == presentation.id)


def _on_agenda(work: Work, case: Case) -> Presentation | None:
    """The case's next item, when it stands on an agenda."""
    return next((p for p in work.presentations.of_case(case.id) if p.is_open and p.meeting_id), None)
