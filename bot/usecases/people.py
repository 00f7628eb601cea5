"""Who comes in, which roles they are given, their settings, and when they are away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import local_date
from bot.domain.journal import Entry
from bot.domain.notices import Notice
from bot.domain.people import (
    ROLES_OF_AN_AREA,
    AreaMissing,
    LastAdministrator,
    NotAnEmployee,
    Person,
    PersonId,
    Post,
    Role,
    RoleMissing,
    TooManyPeople,
    require,
)
from bot.domain.presentation import TooLateToUndo
from bot.usecases.agendas import regrets_while_away
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.outbox import pass_on
from bot.usecases.ports import Asked, Work
from bot.usecases.role_news import WHERE, Changed, read, tell_of_roles, the_only_one, watching, where, written
from bot.usecases.tools import Tools, UseCases
from bot.usecases.two_chairs import look_at_cases_of

SOON = timedelta(days=14)
"""The meetings a member who has left sends regrets to; for the later ones the roster says that somebody is missing."""

MOST_PEOPLE = 30
"""Roles for forty people one by one is an afternoon (A14)."""


@dataclass(frozen=True)
class AwayLine:
    """One absence as its owner sees it."""

    id: str
    first: date
    last: date
    deputy: str | None  # a name; None: nobody takes over
    proposed: str | None = None  # a name the leader has not answered to yet
    told: str | None = None  # a name: is asked instead, and can do nothing new


@dataclass(frozen=True)
class AccessAsked:
    """A wish to be let in that waits; who has been named while every administrator is away (D31)."""

    away_until: date | None = None  # None: an administrator is at work
    ask: str | None = None


@dataclass(frozen=True)
class MySettings:
    person: Person
    absences: tuple[AwayLine, ...]


class People(UseCases):
    def __init__(self, tools: Tools, *, first_administrator: PersonId | None = None) -> None:
        super().__init__(tools)
        self._first_administrator = first_administrator

    def at_the_door(
        self,
        id: PersonId,  # noqa: A002
        *,
        team: str,
        name: str,
        at: datetime,
        known: Person | None = None,
    ) -> Person:
        """The person as known here. The first administrator is let in by the settings (D11).

        `known`: what somebody has just read of them.
        """
        known = known or self.known(id, at=at)
        if known and known.name == name and known.active and not self._is_first(known):
            return known
        if known is None and id != self._first_administrator:
            return Person(id, team, name)
        return self._write_down(id, team, name, at)

    def known(self, id: PersonId, *, at: datetime) -> Person | None:  # noqa: A002
        return self._known(id, at=at)

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
        """An administrator gives roles; `posts` become a person's only ones, or are laid to theirs when `keep`. It is told.

        `names` holds the employees among them, as the directory knows them. Whoever has a seat stays a member.
        Raises NotAnEmployee, TooManyPeople, AreaMissing, RoleMissing, LastAdministrator.
        """
        require(asked.by, Role.ADMINISTRATOR)
        if len(person_ids) > MOST_PEOPLE:
            raise TooManyPeople(most=MOST_PEOPLE)
        if any(post.role in ROLES_OF_AN_AREA and post.area is None for post in posts):
            raise AreaMissing
        if keep and not posts:
            raise RoleMissing
        strangers = [id for id in person_ids if id not in names]  # noqa: A001
        if strangers:
            raise NotAnEmployee(count=len(strangers))
        with self._open_work(asked) as work:
            watchers = watching(work)
            changes = [self.give_one(work, asked, id, names[id], posts, keep=keep) for id in person_ids]  # noqa: A001
            tell_of_roles(work, asked, changes, watchers, id=self._chance.id())
            if not work.people.holding(Role.ADMINISTRATOR):
                raise LastAdministrator

    def give_one(
        self,
        work: Work,
        asked: Asked,
        id: PersonId,  # noqa: A002
        name: str,
        posts: frozenset[Post],
        *,
        keep: bool,
    ) -> Changed:
        """Gives what changed; whoever calls sees to it that it is told."""
        known = work.people.find(id, lock=True)
        person = known or work.people.add(Person(id, asked.by.team, name))
        posts = person.placed(posts, the_only_one(work))
        posts = posts | person.posts if keep else posts
        if work.committees.seats_of(id):
            posts |= {Post(Role.COMMITTEE_MEMBER)}
        saved = work.people.save(replace(person.given(posts), name=name, active=True))
        self._look_at_cases_of(work, person, asked.at)
        work.people.grant_access_wish(id)
        work.notices.handle(f"access:{id}:")
        facts = {"roles": written(posts), "before": written(person.posts), **where(person.posts)}
        work.note("roles_given", person=id, **facts)
        if posts and not person.posts:
            work.notices.tell(Notice(f"welcome:{id}:{saved.version}", "welcome", id))
        return Changed.between(id, person.posts if person.active else frozenset(), posts)

    def undo_posts(self, asked: Asked, given_at: datetime) -> int:
        """The roles this administrator gave at that moment, taken back within ten minutes; gives how many people (D35).

        Each has what they had before. Raises TooLateToUndo, also when one of them was given others since, LastAdministrator.
        """
        require(asked.by, Role.ADMINISTRATOR)
        if asked.at > given_at + timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes):
            raise TooLateToUndo
        with self._open_work(asked) as work:
            given = work.journal.of_acts("roles_given", "roles_undone")
            newest = {e.facts["person"]: e for e in given}
            mine = [e for e in given if (e.act, e.by, e.at) == ("roles_given", asked.by.id, given_at)]
            if not mine or any(newest[e.facts["person"]] != e for e in mine):
                raise TooLateToUndo
            for entry in mine:
                self._had_before(work, asked, entry)
            if not work.people.holding(Role.ADMINISTRATOR):
                raise LastAdministrator
            return len(mine)

    def _had_before(self, work: Work, asked: Asked, entry: Entry) -> None:
        person = work.people.get(entry.facts["person"], lock=True)
        before = read(entry.facts["before"], entry.facts.get(WHERE, ""))
        work.people.save(person.given(person.placed(before, the_only_one(work))))
        work.note("roles_undone", person=person.id, roles=entry.facts["before"])
        work.notices.handle(f"welcome:{person.id}:")
        self._look_at_cases_of(work, person, asked.at)

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

    def waits_for_access(self, id: PersonId, *, at: datetime) -> AccessAsked | None:  # noqa: A002
        """Whom to ask meanwhile, where the person has asked to be let in and nobody has answered; None when not."""
        with self._open_reading(at=at) as work:
            if not any(person == id for person, _ in work.people.access_wishes()):
                return None
            today = local_date(at)
            away = [work.people.away(p.id, today) for p in work.people.holding(Role.ADMINISTRATOR)]
            gone = [absence for absence in away if absence]
            if not gone or len(gone) < len(away):
                return AccessAsked()
            first = min(gone, key=lambda absence: absence.last)
            named = first.told or first.deputy
            return AccessAsked(first.last, work.people.get(named).name if named else None)

    def settings(self, asked: Asked) -> MySettings:
        """The person's own settings, and when they are away from today on."""
        with self._open_reading(at=asked.at) as work:
            names = {p.id: p.name for p in work.people.all()}
            lines = tuple(
                AwayLine(
                    a.id,
                    a.first,
                    a.last,
                    names.get(a.deputy or ""),
                    names.get(a.proposed or ""),
                    names.get(a.told or ""),
                )
                for a in work.people.absences_of(asked.by.id)
                if a.last >= asked.today
            )
            return MySettings(work.people.get(asked.by.id), lines)

    def set_settings(self, asked: Asked, *, language: str, overview_at: time) -> Person:
        """The language of Home, forms and messages, and the hour of the overview (D5, D10)."""
        return self._change(asked, language=language, overview_at=overview_at)

    def welcomed(self, asked: Asked) -> Person:
        return self._change(asked, welcomed=True)

    def deactivated(self, id: PersonId, *, at: datetime) -> None:  # noqa: A002
        """Slack says the account is closed: access ends at once."""
        with self._open_work(at=at) as work:
            self.leaves(work, id, at)

    def leaves(self, work: Work, id: PersonId, at: datetime) -> None:  # noqa: A002
        """Access ends; the leaders hear which cases miss somebody, and what the person was still to hear, once."""
        person = work.people.find(id, lock=True)
        if person and person.active:
            gone = work.people.save(replace(person, active=False))
            work.note("deactivated", person=id)
            self._look_at_cases_of(work, gone, at)
            regrets_while_away(work, id, local_date(at), local_date(at) + SOON, at=at)  # D31
        pass_on(work, id, at)

    def reactivated(self, id: PersonId, *, team: str, at: datetime) -> bool:  # noqa: A002
        """Slack says the account is open again: what the person held, they hold at once (D11). False: nothing changed."""
        with self._open_work(at=at) as work:
            person = work.people.find(id, lock=True)
            if person is None or person.active or team != person.team:
                return False
            work.people.save(replace(person, active=True))
            work.note("reactivated", person=id)
            return True

    def _look_at_cases_of(self, work: Work, person: Person, at: datetime) -> None:
        """Whoever is out, or has another role now, leaves no case between two chairs: told the same minute (T32)."""
        rules = self._rules.on(local_date(at))
        look_at_cases_of(work, person, rules=rules, at=at, new_id=self._chance.id)

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


TELLERS: dict[str, Teller] = {
    "welcome": _tell_welcome,
    "access_wish": _tell_access_wish,
}
