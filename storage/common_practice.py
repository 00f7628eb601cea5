"""Practice notes: every version is kept."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from bot.domain.common_practice import PracticeNote
from storage.tables import practice_notes


class StoredPracticeNotes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, note: PracticeNote) -> None:
        """The database keeps one note per topic and number."""
        self._connection.execute(insert(practice_notes).values(asdict(note)))

    def of(self, committee: str) -> list[PracticeNote]:
        """Every version, the oldest first."""
        query = select(practice_notes).where(practice_notes.c.committee == committee)
        ordered = query.order_by(practice_notes.c.topic, practice_notes.c.number)
        return [PracticeNote(**row._mapping) for row in self._connection.execute(ordered)]  # noqa: SLF001
