"""When a person last looked at Home, which hints they have seen, and their marks: for their eyes only, and in no figure."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Insert, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.marks import Mark
from bot.domain.people import PersonId
from storage.tables import hints, home_looks, marks


class StoredHabits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._marks: dict[PersonId, dict[str, Mark]] = {}

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

    def marks(self, person: PersonId) -> dict[str, Mark]:
        """The person's own marks, by case."""
        if person not in self._marks:
            query = select(marks.c.case_id, marks.c.mark).where(marks.c.person == person)
            self._marks[person] = {row.case_id: Mark(row.mark) for row in self._connection.execute(query)}
        return self._marks[person]

    def mark(self, person: PersonId, case: str, mark: Mark | None) -> None:
        """None takes it away."""
        mine = (marks.c.person == person) & (marks.c.case_id == case)
        self._connection.execute(delete(marks).where(mine))
        if mark:
            self._connection.execute(insert(marks).values(person=person, case_id=case, mark=mark.value))
        self._marks.pop(person, None)

    def _once(self, adding: Insert) -> bool:
        """False when somebody, or another press of the same person, was a moment faster."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(adding)
        except IntegrityError:
            return False
        return True
