"""People, the roles they hold, when they are away, and who wishes to come in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.domain.calendar import local_date
from bot.domain.meeting import ChangedMeanwhile
from bot.domain.people import Absence, AreaCode, Person, PersonId, Post, Role
from storage.shelf import NotHere
from storage.tables import absences, access_wishes, people, posts

_COLUMNS = ("id", "team", "name", "language", "overview_at", "active", "welcomed", "version")


class StoredPeople:
    def __init__(self, connection: Connection, *, locking: bool) -> None:
        self._connection, self._locking = connection, locking

    def add(self, person: Person) -> Person:
        self._connection.execute(insert(people).values({c: getattr(person, c) for c in _COLUMNS}))
        self._put_posts(person)
        return person

    def find(self, id: str, *, lock: bool = False) -> Person | None:  # noqa: A002
        found = self._where(people.c.id == id, lock=lock)
        return found[0] if found else None

    def get(self, id: str, *, lock: bool = False) -> Person:  # noqa: A002
        person = self.find(id, lock=lock)
        if person is None:
            raise NotHere("people")
        return person

    def save(self, person: Person) -> Person:
        saved = replace(person, version=person.version + 1)
        change = update(people).where(people.c.id == person.id, people.c.version == person.version)
        values = {c: getattr(saved, c) for c in _COLUMNS}
        if self._connection.execute(change.values(values)).rowcount != 1:
            raise ChangedMeanwhile
        self._connection.execute(delete(posts).where(posts.c.person == person.id))
        self._put_posts(saved)
        return saved

    def holding(self, role: Role, area: AreaCode | None = None) -> list[Person]:
        """Active people with the role, in `area` if one is named; in order of their names."""
        held = select(posts.c.person).where(posts.c.role == role.value)
        if area is not None:
            held = held.where(posts.c.area == area)
        return self._where(people.c.id.in_(held), people.c.active.is_(True))

    def all(self) -> list[Person]:
        return self._where()

    def away(self, person: PersonId, day: date) -> Absence | None:
        return next((a for a in self.absences_of(person) if a.covers(day)), None)

    def absences_of(self, person: PersonId) -> list[Absence]:
        query = select(absences).where(absences.c.person == person).order_by(absences.c.first)
        return [Absence(r.person, r.first, r.last, r.deputy, r.id) for r in self._connection.execute(query)]

    def add_absence(self, absence: Absence) -> None:
        self._connection.execute(
            insert(absences).values(
                id=absence.id,
                person=absence.person,
                first=absence.first,
                last=absence.last,
                deputy=absence.deputy,
            )
        )

    def end_absence(self, id: str) -> None:  # noqa: A002
        self._connection.execute(delete(absences).where(absences.c.id == id))

    def wish_for_access(self, person: Person, at: datetime) -> bool:
        earlier = self._connection.execute(
            select(access_wishes.c.at).where(access_wishes.c.person == person.id)
        ).scalar_one_or_none()
        if earlier and local_date(earlier) == local_date(at):
            return False
        self._connection.execute(delete(access_wishes).where(access_wishes.c.person == person.id))
        self._connection.execute(
            insert(access_wishes).values(person=person.id, team=person.team, name=person.name, at=at)
        )
        return True

    def access_wishes(self) -> list[tuple[PersonId, str]]:
        query = select(access_wishes).order_by(access_wishes.c.at)
        return [(row.person, row.name) for row in self._connection.execute(query)]

    def grant_access_wish(self, person: PersonId) -> None:
        self._connection.execute(delete(access_wishes).where(access_wishes.c.person == person))

    def _put_posts(self, person: Person) -> None:
        for post in person.posts:
            self._connection.execute(
                insert(posts).values(person=person.id, role=post.role.value, area=post.area or "")
            )

    def _where(self, *conditions: Any, lock: bool = False) -> list[Person]:
        query = select(people).where(*conditions).order_by(people.c.name)
        if lock and self._locking:
            query = query.with_for_update()
        rows = list(self._connection.execute(query))
        held: defaultdict[str, set[Post]] = defaultdict(set)
        for row in self._connection.execute(select(posts).where(posts.c.person.in_([r.id for r in rows]))):
            held[row.person].add(Post(Role(row.role), row.area or None))
        return [
            Person(
                id=r.id,
                team=r.team,
                name=r.name,
                posts=frozenset(held[r.id]),
                language=r.language,
                overview_at=r.overview_at,
                active=r.active,
                welcomed=r.welcomed,
                version=r.version,
            )
            for r in rows
        ]
