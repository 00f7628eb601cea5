"""Practice cases: one row a person, in no list, report or agenda, because it is in no table they read (D43)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot.domain.people import PersonId
from bot.domain.practice import Practice
from storage.shelf import Mapper, Shelf
from storage.tables import practices

PRACTICE = Mapper(practices, Practice)


class StoredPractices(Shelf[Practice]):
    def begun_before(self, moment: datetime) -> list[Practice]:
        return self._select(practices.c.begun_at <= moment, order=practices.c.begun_at)

    def drop(self, person: PersonId) -> None:
        self._connection.execute(delete(practices).where(practices.c.id == person))
