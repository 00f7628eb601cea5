"""What one process has heard from Slack and all must know: a number in the database that only grows."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine import Database
from storage.numbers import take_number
from storage.tables import numbers

_PEOPLE = "news:people"


class PeopleNews:
    """Somebody's account, or who is in a channel, has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self) -> None:
        with self._database.turn(), self._database.writing.begin() as connection:
            take_number(connection, _PEOPLE)

    def number(self) -> int:
        query = select(numbers.c.next).where(numbers.c.name == _PEOPLE)
        with self._database.reading.connect() as connection:
            return int(connection.execute(query).scalar() or 0)
