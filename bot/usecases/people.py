"""Who comes in, which roles they are given, their settings, and when they are away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.domain.notices import Notice
from bot.domain.people import (
    ROLES_OF_AN_AREA,
    Absence,
    AreaMissing,
    LastAdministrator,
    Person,
    PersonId,
    Post,
    Role,
    require,
)
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked
from bot.usecases.tools import Tools, UseCases


class People(UseCases):
    def __init__(self, tools: Tools, *, first_administrator: PersonId | None = None) -> None:
        super().__init__(tools)
        self._first_administrator = first_administrator

    def at_the_door(self, id: PersonId, *, team: str, name: str, at: datetime) -> Person:  # noqa: A002
        """The person as known here. The first administrator is let in by the settings (D11)."""
        known = self.known(id, at=at)
        if known and known.name == name and known.active and not self._is_first(known):
            return known
        if known is None and id != self._first_administrator:
            return Person(id, team, name)
        return self._write_down(id, team, name, at)

    def known(self, id: PersonId, *, at: datetime) -> Person | None:  # noqa: A002
        with self._open_reading(at=at) as work:
            return work.people.find(id)

    def turned_away(self, id: PersonId, *, at: datetime) -> None:  # noqa: A002
        with self._open_work(at=at) as work:
            work.note("turned_away", person=id)

    def give_posts(
        self,
        asked: Asked,
        person_ids: tuple[PersonId, ...],
        posts: frozenset[Post],
        names: dict[PersonId, str],
    ) -> None:
        """An administrator gives roles; a person's posts become exactly these. Raises AreaMissing, LastAdministrator."""
        require(asked.by, Role.ADMINISTRATOR)
        for post in posts:
            if post.role in ROLES_OF_AN_AREA and post.area is None:
                raise AreaMissing
        with self._open_work(asked) as work:
            for id in person_ids:  # noqa: A001
                known = work.people.find(id, lock=True)
                person = known or work.people.add(Person(id, asked.by.team, names.get(id, id)))
                saved = work.people.save(person.given(posts))
                work.people.grant_access_wish(id)
                roles = ",".join(sorted(f"{p.role}/{p.area or '-'}" for p in posts))
                work.note("roles_given", person=id, roles=roles)
                if posts and (known is None or not known.posts):
                    work.notices.tell(Notice(f"welcome:{id}:{saved.version}", "welcome", id))
            if not work.people.holding(Role.ADMINISTRATOR):
                raise LastAdministrator

    def wish_for_access(self, asked: Asked) -> bool:
        """A person without a role asks to be let in; administrators hear of it, once a day at most."""
        with self._open_work(asked) as work:
            if not work.people.wish_for_access(asked.by, asked.at):
                return False
            work.note("access_wished", person=asked.by.id)
            for administrator in work.people.holding(Role.ADMINISTRATOR):
                key = f"access:{asked.by.id}:{asked.today}:{administrator.id}"
                facts = {"name": asked.by.name, "person": asked.by.id}
                work.notices.tell(Notice(key, "access_wish", administrator.id, facts))
            return True

    def set_language(self, asked: Asked, language: str) -> Person:
        return self._change(asked, language=language)

    def set_overview(self, asked: Asked, clock: time) -> Person:
        return self._change(asked, overview_at=clock)

    def welcomed(self, asked: Asked) -> Person:
        return self._change(asked, welcomed=True)

    def away(self, asked: Asked, first: date, last: date, deputy: PersonId | None) -> None:
        with self._open_work(asked) as work:
            work.people.add_absence(Absence(asked.by.id, first, last, deputy, self._chance.id()))
            work.note("away", first=first.isoformat(), last=last.isoformat())

    def deactivated(self, id: PersonId, *, at: datetime) -> None:  # noqa: A002
        """Slack says the account is closed: access ends at once."""
        with self._open_work(at=at) as work:
            person = work.people.find(id, lock=True)
            if person and person.active:
                work.people.save(replace(person, active=False))
                work.note("deactivated", person=id)

    def _change(self, asked: Asked, **settings: object) -> Person:
        with self._open_work(asked) as work:
            person = work.people.get(asked.by.id, lock=True)
            return work.people.save(replace(person, **settings))  # type: ignore[arg-type]

    def _write_down(self, id: PersonId, team: str, name: str, at: datetime) -> Person:  # noqa: A002
        with self._open_work(at=at) as work:
            person = work.people.find(id, lock=True) or work.people.add(Person(id, team, name))
            person = replace(person, name=name, team=team, active=True)
            if self._is_first(person):
                person = person.given(person.posts | {Post(Role.ADMINISTRATOR)})
            return work.people.save(person)

    def _is_first(self, person: Person) -> bool:
        return person.id == self._first_administrator and not person.has(Role.ADMINISTRATOR)


def _tell_welcome(telling: Telling) -> Told | None:
    person = telling.recipient
    return Told(person, person.language) if person and person.has_any_role else None


def _tell_access_wish(telling: Telling) -> Told | None:
    person = telling.recipient
    if person is None or not person.has(Role.ADMINISTRATOR):
        return None
    return Told(dict(telling.notice.facts), person.language)


TELLERS: dict[str, Teller] = {"welcome": _tell_welcome, "access_wish": _tell_access_wish}
