"""Frames and their ledger. The database holds a frame's use between nothing and its amount, whatever the code does."""

from __future__ import annotations

from sqlalchemy import insert, select

from bot.domain.frame import Entry, Frame, FrameState
from storage.shelf import Mapper, Shelf
from storage.tables import entries, frames

FRAME = Mapper(frames, Frame)
ENTRY = Mapper(entries, Entry)


class StoredFrames(Shelf[Frame]):
    def open_of(self, case: str, *, lock: bool = False) -> Frame | None:
        found = self._select(frames.c.case_id == case, frames.c.state == FrameState.OPEN.value, lock=lock)
        return found[0] if found else None

    def of_case(self, case: str) -> list[Frame]:
        return self._select(frames.c.case_id == case, order=frames.c.id)

    def open_of_cases(self, cases: list[str]) -> list[Frame]:
        return self._select(
            frames.c.case_id.in_(cases), frames.c.state == FrameState.OPEN.value, order=frames.c.id
        )

    def entries(self, frame: str) -> list[Entry]:
        query = select(entries).where(entries.c.frame_id == frame).order_by(entries.c.at, entries.c.id)
        return [ENTRY.thing(row) for row in self._connection.execute(query)]

    def entry(self, id: str) -> Entry | None:  # noqa: A002
        row = self._connection.execute(select(entries).where(entries.c.id == id)).first()
        return ENTRY.thing(row) if row else None

    def add_entry(self, entry: Entry) -> None:
        self._connection.execute(insert(entries).values(ENTRY.row(entry)))
