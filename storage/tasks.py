"""What the areas must do after a decision."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.domain.meeting import Meeting
from bot.domain.people import AreaCode
from bot.domain.task import Task
from storage.shelf import Mapper, Shelf
from storage.tables import meetings, tasks

TASK = Mapper(tasks, Task)
_SOONEST_FIRST = (tasks.c.due_on, tasks.c.id)


class StoredTasks(Shelf[Task]):
    def of_area(self, area: AreaCode, *, open_only: bool = True) -> list[Task]:
        conditions = [tasks.c.area == area]
        if open_only:
            conditions.append(tasks.c.done_at.is_(None))
        return self._memory.ask(
            "of_area", (area, open_only), lambda: self._select(*conditions, order=_SOONEST_FIRST)
        )

    def of_meeting(self, meeting: str) -> list[Task]:
        return self._select(tasks.c.meeting_id == meeting, order=_SOONEST_FIRST)

    def of_case(self, case: str) -> list[Task]:
        return self._select(tasks.c.case_id == case, order=_SOONEST_FIRST)

    def not_started(self, area: AreaCode) -> list[Task]:
        """Measures of the area that nobody has said have started (R014)."""
        conditions = (tasks.c.area == area, tasks.c.started_on.is_(None), tasks.c.stopped_on.is_(None))
        found = self._memory.ask("not_started", area, lambda: self._select(*conditions, order=_SOONEST_FIRST))
        return [t for t in found if t.is_running]

    def open_before_meeting(self, committee: str, meeting: Meeting) -> int:
        """How many tasks from earlier meetings are open: point 2 of the agenda."""
        query = (
            select(func.count())
            .select_from(tasks.join(meetings, meetings.c.id == tasks.c.meeting_id))
            .where(meetings.c.committee == committee, meetings.c.day < meeting.day, tasks.c.done_at.is_(None))
        )
        return int(self._connection.execute(query).scalar_one())
