"""Who comes in, which roles they are given, their settings, and when they are away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import local_date
from bot.domain.notices import Notice
from bot.domain.people import (
    ROLES_OF_AN_AREA,
    Absence,
    AbsenceBackwards,
    AreaMissing,
    DeputyUnfit,
    LastAdministrator,
    NotAnEmployee,
    Person,
    PersonId,
    Post,
    Role,
    TooManyPeople,
    require,
)
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import Tools, UseCases

MOST_PEOPLE = 30
"""Roles for forty people one by one is an afternoon (A14)."""


@dataclass(frozen=True)
class AwayLine:
    """One absence as its owner sees it."""

    id: str
    first: date
    last: date
    deputy: str | None  # a name; None: nobody takes over


@dataclass(frozen=True)
class MySettings:
    person: Person
    absences: tuple[AwayLine, ...]


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
        *,
        keep: bool = False,
    ) -> None:
        """An administrator gives roles; `posts` become a person's only ones, or are laid to theirs when `keep`.

        `names` holds the employees among them, as the directory knows them. Whoever has a seat stays a member.
        Raises NotAnEmployee, TooManyPeople, AreaMissing, LastAdministrator.
        """
        require(asked.by, Role.ADMINISTRATOR)
        if len(person_ids) > MOST_PEOPLE:
            raise TooManyPeople(most=MOST_PEOPLE)
        if any(post.role in ROLES_OF_AN_AREA and post.area is None for post in posts):
            raise AreaMissing
        strangers = [id for id in person_ids if id not in names]  # noqa: A001
        if strangers:
            raise NotAnEmployee(count=len(strangers))
        with self._open_work(asked) as work:
            for id in person_ids:  # noqa: A001
                self._give(work, asked, id, names[id], posts, keep=keep)
            if not work.people.holding(Role.ADMINISTRATOR):
                raise LastAdministrator

    def _give(
        self,
        work: Work,
        asked: Asked,
        id: PersonId,  # noqa: A002
        name: str,
        posts: frozenset[Post],
        *,
        keep: bool,
    ) -> None:
        known = work.people.find(id, lock=True)
        person = known or work.people.add(Person(id, asked.by.team, name))
        posts = posts | person.posts if keep else posts
        if work.committees.seats_of(id):
            posts |= {Post(Role.COMMITTEE_MEMBER)}
        saved = work.people.save(replace(person.given(posts), name=name, active=True))
        work.people.grant_access_wish(id)
        work.notices.handle(f"access:{id}:")
        roles = ",".join(sorted(f"{p.role}/{p.area or '-'}" for p in posts))
        work.note("roles_given", person=id, roles=roles)
        if posts and not person.posts:
            work.notices.tell(Notice(f"welcome:{id}:{saved.version}", "welcome", id))

    def posts_of(self, asked: Asked, id: PersonId) -> frozenset[Post]:  # noqa: A002
        """What the person holds now, for the administrator's form."""
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_reading(at=asked.at) as work:
            person = work.people.find(id)
            return person.posts if person else frozenset()

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

    def settings(self, asked: Asked) -> MySettings:
        """The person's own settings, and when they are away from today on."""
        with self._open_reading(at=asked.at) as work:
            names = {p.id: p.name for p in work.people.all()}
            lines = tuple(
                AwayLine(a.id, a.first, a.last, names.get(a.deputy or ""))
                for a in work.people.absences_of(asked.by.id)
                if a.last >= asked.today
            )
            return MySettings(work.people.get(asked.by.id), lines)

    def set_settings(self, asked: Asked, *, language: str, overview_at: time) -> Person:
        """The language of Home, forms and messages, and the hour of the overview (D5, D10)."""
        return self._change(asked, language=language, overview_at=overview_at)

    def welcomed(self, asked: Asked) -> Person:
        return self._change(asked, welcomed=True)

    def away(self, asked: Asked, first: date, last: date, deputy: PersonId | None) -> None:
        """»Jeg er væk« (D31): no reminders meanwhile, and whoever takes over is told. An overlapping one is replaced.

        It gives nobody access to a case. Raises AbsenceBackwards, DeputyUnfit.
        """
        if last < first or last < asked.today:
            raise AbsenceBackwards
        with self._open_work(asked) as work:
            self._check_deputy(work, asked.by.id, deputy)
            for earlier in work.people.absences_of(asked.by.id):
                if earlier.first <= last and first <= earlier.last:
                    self._end(work, earlier, asked.today)
            absence = Absence(asked.by.id, first, last, deputy, self._chance.id())
            work.people.add_absence(absence)
            work.note("away", first=first.isoformat(), last=last.isoformat(), deputy=deputy or "")
            if deputy:
                facts = {"person": asked.by.id, "absence": absence.id}
                work.notices.tell(Notice(f"away:{absence.id}:{deputy}", "away", deputy, facts))

    def back(self, asked: Asked, absence_id: str) -> None:
        """»Jeg er tilbage«: the absence ends today; one that has not begun falls away. Again: nothing."""
        with self._open_work(asked) as work:
            for absence in work.people.absences_of(asked.by.id):
                if absence.id == absence_id:
                    self._end(work, absence, asked.today)
                    work.note("back", first=absence.first.isoformat())

    def _end(self, work: Work, absence: Absence, today: date) -> None:
        work.people.end_absence(absence.id)
        work.notices.handle(f"away:{absence.id}:")
        if absence.first < today:
            yesterday = today - timedelta(days=1)
            work.people.add_absence(replace(absence, last=min(absence.last, yesterday)))

    def _check_deputy(self, work: Work, person: PersonId, deputy: PersonId | None) -> None:
        if deputy is None:
            return
        found = work.people.find(deputy)
        if deputy == person or found is None or not found.has_any_role:
            raise DeputyUnfit

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


@dataclass(frozen=True)
class SomebodyAway:
    name: str
    first: date
    last: date


def _tell_away(telling: Telling) -> Told | None:
    work, facts = telling.work, telling.notice.facts
    absence = next((a for a in work.people.absences_of(facts["person"]) if a.id == facts["absence"]), None)
    if absence is None or telling.recipient is None or absence.last < local_date(telling.at):
        return None
    away = SomebodyAway(work.people.get(absence.person).name, absence.first, absence.last)
    return Told(away, telling.recipient.language)


TELLERS: dict[str, Teller] = {
    "welcome": _tell_welcome,
    "access_wish": _tell_access_wish,
    "away": _tell_away,
}
