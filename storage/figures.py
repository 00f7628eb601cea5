"""What a report is made from: all rows of a kind at once, without the practice cases, which count nowhere (D43)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, select

from bot.domain.case import Case
from bot.domain.frame import Entry, EntryKind, Frame, FrameState
from bot.domain.frame_overview import PayerSums
from bot.domain.meeting import Meeting
from bot.domain.money import Kroner
from bot.domain.people import AreaCode
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

_OF_FRAMES = frames.join(cases, cases.c.id == frames.c.case_id)
_IS_COUNTED = cases.c.more["practice"].as_boolean().is_(False)
_EFFECT = case(
    (entries.c.kind.in_([EntryKind.EXPENSE.value, EntryKind.COMMITMENT.value]), entries.c.amount_ore),
    else_=-entries.c.amount_ore,
)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


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

    def payers(self, today: date) -> list[PayerSums]:
        """All frames in sums, added up where they lie: there are as many as there ever were."""
        used = (
            select(entries.c.frame_id, func.sum(_EFFECT).label("ore")).group_by(entries.c.frame_id).subquery()
        )
        by_entries = func.coalesce(used.c.ore, 0)
        expired = and_(frames.c.state == FrameState.OPEN.value, frames.c.follow_up_on < today)
        query = (
            select(
                frames.c.payer,
                func.count(),
                _how_many(expired),
                func.sum(frames.c.amount_ore),
                func.sum(by_entries),
                _how_many(by_entries != frames.c.used_ore),
            )
            .select_from(_OF_FRAMES.outerjoin(used, used.c.frame_id == frames.c.id))
            .where(_IS_COUNTED)
            .group_by(frames.c.payer)
        )
        spent = self._spent()
        return [
            PayerSums(
                area,
                count,
                int(late),
                Kroner(int(granted)),
                Kroner(int(ore)),
                Kroner(spent.get(area, 0)),
                int(wrong),
            )
            for area, count, late, granted, ore, wrong in self._connection.execute(query)
        ]

    def _spent(self) -> dict[AreaCode, int]:
        """By payer, in øre: what has been used, less what was taken back of it."""
        undone = entries.alias()
        of_expense = and_(
            entries.c.kind == EntryKind.REVERSAL.value, undone.c.kind == EntryKind.EXPENSE.value
        )
        ore = case(
            (entries.c.kind == EntryKind.EXPENSE.value, entries.c.amount_ore),
            (of_expense, -entries.c.amount_ore),
            else_=0,
        )
        query = (
            select(frames.c.payer, func.sum(ore))
            .select_from(
                _OF_FRAMES.join(entries, entries.c.frame_id == frames.c.id).outerjoin(
                    undone, undone.c.id == entries.c.reverses
                )
            )
            .where(_IS_COUNTED)
            .group_by(frames.c.payer)
        )
        return {area: int(sum_) for area, sum_ in self._connection.execute(query)}

    def written_since(self, at: datetime) -> dict[EntryKind, Kroner]:
        """What the entries of each kind written from then on add up to."""
        query = (
            select(entries.c.kind, func.sum(entries.c.amount_ore))
            .select_from(_OF_FRAMES.join(entries, entries.c.frame_id == frames.c.id))
            .where(entries.c.at >= at, _IS_COUNTED)
            .group_by(entries.c.kind)
        )
        return {EntryKind(kind): Kroner(int(ore)) for kind, ore in self._connection.execute(query)}

    @cached_property
    def _counted(self) -> frozenset[str]:
        return frozenset(c.id for c in self.cases())

    def _all(self, mapper: Mapper[T], table: Table, *conditions: ColumnElement[Any]) -> list[T]:
        query = select(table).where(*conditions).order_by(table.c.id)
        left = left_out()
        rows = self._connection.execute(query)
        return [mapper.read(row) for row in rows if whose(table, row) not in left]
