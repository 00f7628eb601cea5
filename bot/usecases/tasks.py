"""What an area does after the meeting: »træf og meddel afgørelse i fagsystemet« (R011), ticked off by its leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import CaseNotFound
from bot.domain.people import AreaCode, Person, Role
from bot.domain.task import STEPS, Task
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases


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

    def tick(self, asked: Asked, task_id: str, steps: frozenset[str]) -> TaskView:
        """The list as the leader left it; who and when is kept. The last step ends the task."""
        with self._open_work(asked) as work:
            task = _of_mine(work, asked, task_id, lock=True)
            saved = work.tasks.save(task.ticked(steps & frozenset(STEPS), by=asked.by.id, at=asked.at))
            work.note("task_ticked", case=saved.case_id, task=saved.id, steps=",".join(sorted(saved.ticks)))
            for leader in work.people.holding(Role.AREA_LEADER, saved.area):
                work.notices.retell(f"tasks:{saved.meeting_id}:{saved.area}:{leader.id}")
            return _view(work, saved, asked.today)


def overdue_tasks(work: Work, person: Person, today: date) -> tuple[TaskLine, ...]:
    """For the morning overview of a leader: tasks past their day, oldest first (R014)."""
    return tuple(line for line in open_tasks(work, person, today) if line.overdue)


def open_tasks(work: Work, person: Person, today: date) -> tuple[TaskLine, ...]:
    """Every open task of the areas the person leads; the longest overdue first."""
    areas = person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
    found = [t for area in areas for t in work.tasks.of_area(area)]
    return tuple(line_of_task(work, t, today) for t in sorted(found, key=lambda t: (t.due_on, t.id)))


def line_of_task(work: Work, task: Task, today: date | None = None) -> TaskLine:
    case = work.cases.get(task.case_id)
    overdue = today is not None and task.is_overdue(today)
    return TaskLine(
        task.id, case.alias, case.key, task.area, task.measure, task.due_on, task.is_done, overdue
    )


def my_tasks(part: PartAsked) -> tuple[TaskLine, ...] | None:
    """»Opgaver efter mødet« for leaders."""
    if not part.asked.by.is_leader:
        return None
    return open_tasks(part.work, part.asked.by, part.asked.today) or None


def _of_mine(work: Work, asked: Asked, task_id: str, *, lock: bool = False) -> Task:
    task = work.tasks.find(task_id, lock=lock)
    if task is None or not asked.by.leads(task.area):
        raise CaseNotFound
    return task


def _view(work: Work, task: Task, today: date) -> TaskView:
    names = {t.by: work.people.get(t.by).name for t in task.ticks.values()}
    return TaskView(line_of_task(work, task, today), task, names)
