"""Frames and their ledger. The database holds a frame's use between nothing and its amount, whatever the code does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, bindparam, or_, select

from bot.domain.frame import Entry, Frame, FrameState
from bot.domain.money import Kroner
from storage.memory import among
from storage.shelf import Mapper, Shelf
from storage.tables import entries, frames

FRAME = Mapper(frames, Frame)
ENTRY = Mapper(entries, Entry)


_IS_OPEN = among(frames.c.state, FrameState.OPEN)
_OPEN_OF = select(frames).where(frames.c.case_id == bindparam("whose"), _IS_OPEN).order_by(frames.c.id)
_OPEN_OF_HELD = _OPEN_OF.with_for_update()

_LIKE = (
    select(entries)
    .where(
        entries.c.frame_id == bindparam("of"),
        or_(
            and_(
                entries.c.amount_ore == bindparam("amount"),
                entries.c.purpose == bindparam("purpose"),
                entries.c.spent_on == bindparam("day"),
            ),
            entries.c.reverses.is_not(None),
        ),
    )
    .order_by(entries.c.at, entries.c.id)
)


class StoredFrames(Shelf[Frame]):
    def open_of(self, case: str, *, lock: bool = False) -> Frame | None:
        found = self._memory.ask("open_of", case, lambda: self._open_of(case, lock=lock))
        return found[0] if found else None

    def _open_of(self, case: str, *, lock: bool) -> list[Frame]:
        return self._ask(_OPEN_OF_HELD if lock and self._locking else _OPEN_OF, whose=case)

    def gather_cases(self, cases: Iterable[str]) -> None:
        """The open frames of many cases at once, for `open_of`."""
        self._memory.gather("open_of", cases, lambda new: ((f.case_id, f) for f in self._open(new)))

    def _open(self, cases: list[str]) -> list[Frame]:
        return self._select(frames.c.case_id.in_(cases), _IS_OPEN, order=frames.c.id)

    def of_case(self, case: str) -> list[Frame]:
        return self._select(frames.c.case_id == case, order=frames.c.id)

    def open_of_cases(self, cases: list[str]) -> list[Frame]:
        return self._open(cases)

    def entries(self, frame: str) -> list[Entry]:
        return self._memory.ask("entries", frame, lambda: [entry for _, entry in self._entries([frame])])

    def gather_entries(self, frames: Iterable[str]) -> None:
        """Those of many frames at once, for `entries`."""
        self._memory.gather("entries", frames, self._entries)

    def _entries(self, frames: list[str]) -> list[tuple[str, Entry]]:
        query = select(entries).where(entries.c.frame_id.in_(frames)).order_by(entries.c.at, entries.c.id)
        return [(row.frame_id, ENTRY.thing(row)) for row in self._connection.execute(query)]

    def entries_like(self, frame: str, amount: Kroner, purpose: str, spent_on: date) -> list[Entry]:
        """With the frame's counter-entries, which say what of it has been taken back."""
        about = {"of": frame, "amount": amount.ore, "purpose": purpose, "day": spent_on}
        return [ENTRY.thing(row) for row in self._connection.execute(_LIKE, about)]

    def entry(self, id: str) -> Entry | None:  # noqa: A002
        row = self._connection.execute(select(entries).where(entries.c.id == id)).first()
        return ENTRY.thing(row) if row else None

    def add_entry(self, entry: Entry) -> None:
        self._connection.execute(ENTRY.adding, ENTRY.row(entry))
