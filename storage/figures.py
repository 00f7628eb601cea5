"""What a report is made from: all rows of a kind at once, without the practice cases, which count nowhere (D43)."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, select

from bot.domain.case import Case
from bot.domain.frame import Entry, Frame
from bot.domain.meeting import Meeting
from bot.domain.presentation import Presentation
from bot.domain.task import Task
from bot.usecases.left_out import left_out
from storage.cases import CASE
from storage.committees import MEETING
from storage.frames import ENTRY, FRAME
from storage.presentations import PRESENTATION
from storage.shelf import Mapper, whose
from storage.tables import cases, entries, frames, meetings, presentations, tasks
from storage.tasks import TASK

T = TypeVar("T")


class StoredFigures:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cases(self) -> list[Case]:
        return [c for c in self._all(CASE, cases) if not c.practice]

    def presentations(self) -> list[Presentation]:
        return [p for p in self._all(PRESENTATION, presentations) if p.case_id in self._counted]

    def meetings(self) -> list[Meeting]:
        return sorted(self._all(MEETING, meetings), key=lambda m: (m.day, m.starts))

    def frames(self) -> list[Frame]:
        return [f for f in self._all(FRAME, frames) if f.case_id in self._counted]

    def entries(self) -> list[Entry]:
        """Of all frames, in the order they were written; those of practice cases too: their frames are not in `frames`."""
        return sorted(self._all(ENTRY, entries), key=lambda e: (e.at, e.id))

    def tasks(self) -> list[Task]:
        return [t for t in self._all(TASK, tasks) if t.case_id in self._counted]

    @cached_property
    def _counted(self) -> frozenset[str]:
        return frozenset(c.id for c in self.cases())

    def _all(self, mapper: Mapper[T], table: Table, *conditions: ColumnElement[Any]) -> list[T]:
        query = select(table).where(*conditions).order_by(table.c.id)
        left = left_out()
        rows = self._connection.execute(query)
        return [mapper.read(row) for row in rows if whose(table, row) not in left]
