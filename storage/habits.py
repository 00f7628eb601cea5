"""When a person last looked at Home, and which hints they have seen: for their eyes only, and in no figure."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Insert, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.people import PersonId
from storage.tables import hints, home_looks


class StoredHabits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def looked(self, person: PersonId, at: datetime, *, one_visit: timedelta) -> None:
        """Home was opened. Within `one_visit` of the last look it is the same visit, and what was new stays new."""
        row = self._connection.execute(select(home_looks).where(home_looks.c.person == person)).first()
        if row is None:
            self._once(insert(home_looks).values(person=person, looked_at=at, since=None))
            return
        since = row.since if at - row.looked_at < one_visit else row.looked_at
        change = update(home_looks).where(home_looks.c.person == person)
        self._connection.execute(change.values(looked_at=at, since=since))

    def last_visit(self, person: PersonId) -> datetime | None:
        """When the visit before this one was; None when this is the first."""
        query = select(home_looks.c.since).where(home_looks.c.person == person)
        found: datetime | None = self._connection.execute(query).scalar_one_or_none()
        return found

    def first_time(self, person: PersonId, code: str, at: datetime) -> bool:
        """True once per person and code, ever."""
        seen = select(hints.c.at).where(hints.c.person == person, hints.c.code == code)
        if self._connection.execute(seen).first():
            return False
        return self._once(insert(hints).values(person=person, code=code, at=at))

    def _once(self, adding: Insert) -> bool:
        """False when somebody, or another press of the same person, was a moment faster."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(adding)
        except IntegrityError:
            return False
        return True
