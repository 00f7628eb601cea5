"""What an area does after the meeting: »træf og meddel afgørelse i fagsystemet« (R011), ticked off by its leaders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.case import Case, CaseNotFound
from bot.domain.people import AreaCode, Person, Role
from bot.domain.rules import Rules
from bot.domain.task import STEPS, StartAhead, Task
from bot.usecases.homes import PartAsked
from bot.usecases.plans import speaks_for
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases
from bot.usecases.waiting import Waiting


@dataclass(frozen=True)
class TaskLine:
    id: str
    alias: str
    key: str
    area: AreaCode
    measure: str
    due_on: date
    done: bool
    overdue: bool = False
    ends: bool = False  # the decision is to end the measure
    to_start: bool = False  # communicated, and past its planned day without a start (R014)


@dataclass(frozen=True)
class TaskView:
    line: TaskLine
    task: Task
    names: dict[str, str]  # who ticked


class Tasks(UseCases):
    def show(self, asked: Asked, task_id: str) -> TaskView:
        """Raises CaseNotFound: only those who lead the area see its tasks."""
        with self._open_reading(at=asked.at) as work:
            return _view(work, _of_mine(work, asked, task_id), asked.today)

    def tick(
        self, asked: Asked, task_id: str, steps: frozenset[str], *, started_on: date | None = None
    ) -> TaskView:
        """The list as the leader left it; who and when is kept. The last step ends the task. Raises StartAhead."""
        with self._open_work(asked) as work:
            task = _of_mine(work, asked, task_id, lock=True)
            ticked = task.ticked(steps & frozenset(STEPS), by=asked.by.id, at=asked.at)
            saved = work.tasks.save(_started(work, ticked, started_on or ticked.started_on, asked))
            work.note("task_ticked", case=saved.case_id, task=saved.id, steps=",".join(sorted(saved.ticks)))
            for leader in work.people.holding(Role.AREA_LEADER, saved.area):
                key = f"tasks:{saved.meeting_id}:{saved.area}:{leader.id}"
                work.notices.retell(key)
                work.notices.retell(f"{key}:{saved.presentation_id}")
            return _view(work, saved, asked.today)

    def start(self, asked: Asked, task_id: str, on: date | None) -> Task:
        """The area says on which day the measure started; None takes it back (R014, R051).

        Raises CaseNotFound, StartAhead.
        """
        with self._open_work(asked) as work:
            task = work.tasks.find(task_id, lock=True)
            if task is None or not task.is_running or not speaks_for(asked.by, task.area):
                raise CaseNotFound
            return work.tasks.save(_started(work, task, on, asked))


def _started(work: Work, task: Task, on: date | None, asked: Asked) -> Task:
    if on and on > asked.today:
        raise StartAhead
    if on != task.started_on:
        facts = {"measure": task.measure, "area": task.area}
        work.note("measure_started" if on else "measure_start_undone", case=task.case_id, **facts)
    return task.started(on, by=asked.by.id)


def late_tasks(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Legal decisions that have not been communicated in time, to the leaders of the area (R011, R014)."""
    for area in person.areas_as(Role.AREA_LEADER):
        for task in work.tasks.of_area(area):
            case = work.cases.get(task.case_id)
            if not task.is_overdue(today) or case.is_stilled or case.closed_for == "dead":
                continue
            due = rules.working_days.after(task.due_on, 1)
            reminders = ((f"task_late:{task.id}:{person.id}", due),)
            yield Waiting(
                "task",
                task.id,
                case.alias,
                task.due_on,
                overdue=True,
                code=task.measure,
                reminders=reminders,
            )


def late_starts(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Measures past their planned start: the area's deputies hear it first, then its leader (R014).

    While the legal decision itself is late, the leader hears of that and of nothing else.
    """
    days, deadlines = rules.working_days, rules.deadlines
    for area in person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER):
        leads = person.has(Role.AREA_LEADER, area)
        wait = (
            deadlines.leader_reminded_after if leads and work.people.holding(Role.DEPUTY_LEADER, area) else 0
        )
        for task in past_their_start(work, area, today):
            due = days.after(task.planned_on, 1 + wait)
            if due <= today and (task.is_done or not leads):
                yield _late_start(work, person, task, due)


def past_their_start(work: Work, area: AreaCode, today: date) -> list[Task]:
    """Measures the area has not begun in time; of a case that is over, or stilled, nobody asks (R014, T28)."""
    late = [t for t in work.tasks.not_started(area) if t.waits_for_start(today)]
    work.cases.gather(t.case_id for t in late)
    return [t for t in late if _is_asked_about(work.cases.get(t.case_id))]


def _is_asked_about(case: Case) -> bool:
    return case.is_open and not case.is_stilled


def _late_start(work: Work, person: Person, task: Task, due: date) -> Waiting:
    return Waiting(
        "start",
        task.id,
        work.cases.get(task.case_id).alias,
        task.planned_on,
        overdue=True,
        code=task.measure,
        reminders=((f"start_late:{task.id}:{person.id}", due),),
    )


def overdue_tasks(work: Work, person: Person, today: date) -> tuple[TaskLine, ...]:
    """For the morning overview of a leader: tasks past their day, oldest first (R014)."""
    return tuple(line for line in open_tasks(work, person, today) if line.overdue)


def open_tasks(work: Work, person: Person, today: date) -> tuple[TaskLine, ...]:
    """Every open task of the areas the person leads; the longest overdue first."""
    areas = person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    found = [t for area in areas for t in work.tasks.of_area(area)]
    found += [t for area in areas for t in past_their_start(work, area, today) if t.is_done]
    return tuple(line_of_task(work, t, today) for t in sorted(found, key=lambda t: (t.due_on, t.id)))


def line_of_task(work: Work, task: Task, today: date | None = None) -> TaskLine:
    case = work.cases.get(task.case_id)
    overdue = today is not None and task.is_overdue(today)
    to_start = today is not None and task.is_done and task.waits_for_start(today)
    return TaskLine(
        task.id,
        case.alias,
        case.key,
        task.area,
        task.measure,
        task.planned_on if to_start else task.due_on,
        task.is_done,
        overdue,
        ends=not task.is_measure,
        to_start=to_start,
    )


def my_tasks(part: PartAsked) -> tuple[TaskLine, ...] | None:
    """»Opgaver efter mødet« for leaders: what does not stand under »I dag« already."""
    person, today = part.asked.by, part.asked.today
    if not person.is_leader:
        return None
    waiting = (
        *late_tasks(part.work, person, today, part.rules),
        *late_starts(part.work, person, today, part.rules),
    )
    late = {line.subject for line in waiting}
    return tuple(t for t in open_tasks(part.work, person, today) if t.id not in late) or None


def _of_mine(work: Work, asked: Asked, task_id: str, *, lock: bool = False) -> Task:
    task = work.tasks.find(task_id, lock=lock)
    if task is None or not asked.by.leads(task.area):
        raise CaseNotFound
    return task


def _view(work: Work, task: Task, today: date) -> TaskView:
    names = {t.by: work.people.get(t.by).name for t in task.ticks.values()}
    return TaskView(line_of_task(work, task, today), task, names)
