"""People, the roles they hold, when they are away, and who wishes to come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, delete, exists, func, insert, select, update

from bot.domain.calendar import local_date
from bot.domain.meeting import ChangedMeanwhile
from bot.domain.people import (
    ROLES_OF_A_COMMITTEE,
    Absence,
    AreaCode,
    CommitteeId,
    Person,
    PersonId,
    Post,
    Role,
)
from bot.usecases.ports import NotHere
from storage.engine import Database
from storage.forgetting import NOBODY
from storage.memory import Memory, among
from storage.questions import Question
from storage.tables import absences, access_wishes, committees, deputies, people, posts

_COLUMNS = ("id", "team", "name", "language", "overview_at", "active", "welcomed", "version")

ONLY_COMMITTEE = select(case((func.count() == 1, func.min(committees.c.id)))).scalar_subquery()
"""The one there is; nothing where there is none, or a second one."""

_committee = case(
    (posts.c.committee != "", posts.c.committee),
    (among(posts.c.role, *ROLES_OF_A_COMMITTEE), ONLY_COMMITTEE),
    else_=None,
)
"""Of a post. A program from before posts named theirs writes none, and there is but one committee as long as it runs."""

_LENDS = exists(
    select(1).where(
        absences.c.deputy == bindparam("whose"),
        absences.c.first <= bindparam("today"),
        absences.c.last >= bindparam("today"),
        absences.c.lends.is_not(None),
    )
)
_POSTS = select(posts.c.person, posts.c.role, posts.c.area, _committee.label("committee")).where(
    posts.c.person.in_(bindparam("them", expanding=True))
)
_PEOPLE = select(people).order_by(people.c.name)
_BY_ID = _PEOPLE.where(people.c.id == bindparam("whose"))
_EVERYBODY = _PEOPLE.where(people.c.id != NOBODY)
_LENDING = select(absences).where(
    absences.c.first <= bindparam("today"),
    absences.c.last >= bindparam("today"),
    absences.c.deputy.is_not(None),
    absences.c.lends.is_not(None),
)
_ONE = (
    select(
        people,
        posts.c.role.label("post_role"),
        posts.c.area.label("post_area"),
        _committee.label("post_committee"),
        _LENDS.label("stands_in"),
    )
    .select_from(people.outerjoin(posts, posts.c.person == people.c.id))
    .where(people.c.id == bindparam("whose"))
)


class StoredPeople:
    """`today` is the local day: whoever stands in for somebody today holds what was lent (D31)."""

    def __init__(self, connection: Connection, *, locking: bool, today: date) -> None:
        self._connection, self._locking, self._today = connection, locking, today
        self._lent: dict[PersonId, frozenset[Post]] | None = None
        self._memory = Memory()

    def remember(self) -> None:
        """For a reading: what has been found is not asked for again."""
        self._memory.begin()

    def add(self, person: Person) -> Person:
        self._connection.execute(insert(people).values({c: getattr(person, c) for c in _COLUMNS}))
        self._put_posts(person)
        return person

    def find(self, id: str, *, lock: bool = False) -> Person | None:  # noqa: A002
        if lock:
            return next(iter(self._found(_BY_ID, lock=True, whose=id)), None)
        found = self._memory.ask("find", id, lambda: self._one(id))
        return found[0] if found else None

    def _one(self, id: PersonId) -> list[Person]:  # noqa: A002
        rows = self._connection.execute(_ONE, {"whose": id, "today": self._today}).all()
        if not rows:
            return []
        lent = self._lent_now().get(id, frozenset()) if rows[0].stands_in else frozenset()
        return [_person(rows[0], _held(rows), lent)]

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
        self._lent = None
        return saved

    def holding(
        self, role: Role, area: AreaCode | None = None, *, committee: CommitteeId | None = None
    ) -> list[Person]:
        """Active people with the role, in `area` and in `committee` if they are named; in order of their names."""
        query = _holding(in_area=area is not None, in_committee=committee is not None)
        values: dict[str, Any] = {"role": role.value, "area": area, "committee": committee}
        return self._memory.ask("holding", (role, area, committee), lambda: self._found(query, **values))

    def all(self) -> list[Person]:
        """Everybody but nobody, who stands where a forgotten case named somebody."""
        everybody = self._memory.ask("all", None, lambda: self._found(_EVERYBODY))
        by_id = {p.id: p for p in everybody}
        self._memory.gather("find", by_id, lambda new: ((one, by_id[one]) for one in new))
        return everybody

    def away(self, person: PersonId, day: date) -> Absence | None:
        return next((a for a in self.absences_of(person) if a.covers(day)), None)

    def absences_of(self, person: PersonId) -> list[Absence]:
        query = select(absences).where(absences.c.person == person).order_by(absences.c.first)
        return [_absence(row) for row in self._connection.execute(query)]

    def absence(self, id: str) -> Absence | None:  # noqa: A002
        row = self._connection.execute(select(absences).where(absences.c.id == id)).first()
        return _absence(row) if row else None

    def absences_between(self, first: date, last: date) -> list[Absence]:
        """Everybody's that touch these days."""
        touching = select(absences).where(absences.c.first <= last, absences.c.last >= first)
        query = touching.order_by(absences.c.id)
        return self._memory.ask(
            "between", (first, last), lambda: [_absence(row) for row in self._connection.execute(query)]
        )

    def allowed_deputies(self, person: PersonId) -> list[PersonId]:
        query = select(deputies.c.deputy).where(deputies.c.person == person).order_by(deputies.c.deputy)
        return list(self._connection.execute(query).scalars())

    def put_allowed_deputies(self, person: PersonId, allowed: tuple[PersonId, ...]) -> None:
        self._connection.execute(delete(deputies).where(deputies.c.person == person))
        for deputy in dict.fromkeys(allowed):
            self._connection.execute(insert(deputies).values(person=person, deputy=deputy))

    def add_absence(self, absence: Absence) -> None:
        self._lent = None
        self._connection.execute(
            insert(absences).values(
                id=absence.id,
                person=absence.person,
                first=absence.first,
                last=absence.last,
                deputy=absence.deputy,
                proposed=absence.proposed,
                lends=_written(absence.lends),
                told=absence.told,
            )
        )

    def end_absence(self, id: str) -> None:  # noqa: A002
        self._lent = None
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

    def _lent_now(self) -> dict[PersonId, frozenset[Post]]:
        """What each deputy holds today; never more than the absent person has now."""
        if self._lent is None:
            lending = [_absence(r) for r in self._connection.execute(_LENDING, {"today": self._today})]
            self._lent = {}
            for absence in lending:
                held = self._connection.execute(_POSTS, {"them": [absence.person]})
                own = frozenset(_post(r) for r in held)
                deputy = str(absence.deputy)
                self._lent[deputy] = self._lent.get(deputy, frozenset()) | absence.lent_of(own)
        return self._lent

    def _put_posts(self, person: Person) -> None:
        for post in person.posts:
            self._connection.execute(
                insert(posts).values(
                    person=person.id,
                    role=post.role.value,
                    area=post.area or "",
                    committee=post.committee or _unnamed(post.role),
                )
            )

    def _found(self, query: Select[Any], *, lock: bool = False, **values: Any) -> list[Person]:
        if lock and self._locking:
            query = query.with_for_update()
        rows = list(self._connection.execute(query, values))
        held: defaultdict[str, set[Post]] = defaultdict(set)
        lent = self._lent_now() if rows else {}
        for row in self._connection.execute(_POSTS, {"them": [r.id for r in rows]}):
            held[row.person].add(_post(row))
        return [_person(r, frozenset(held[r.id]), lent.get(r.id, frozenset())) for r in rows]


@cache
def _holding(*, in_area: bool, in_committee: bool) -> Select[Any]:
    """Put together once: the clock asks it hundreds of times at each knock."""
    held = select(posts.c.person).where(posts.c.role == bindparam("role"))
    if in_area:
        held = held.where(posts.c.area == bindparam("area"))
    if in_committee:
        held = held.where(_committee == bindparam("committee"))
    return _PEOPLE.where(people.c.id.in_(held), people.c.active.is_(True))


class WhoIsIt:
    """Who a person is and what they may, in one question: everything anybody does asks it at the door (D11)."""

    def __init__(self, database: Database) -> None:
        self._question = Question(_ONE, database)

    def known(self, id: PersonId, day: date) -> tuple[Person | None, bool]:  # noqa: A002
        """The person with the posts that are their own; whether they have been lent others too on that day."""
        rows = self._question.ask(whose=id, today=day)
        if not rows:
            return None, False
        return _person(rows[0], _held(rows), frozenset()), bool(rows[0].stands_in)


def _held(rows: Sequence[Any]) -> frozenset[Post]:
    return frozenset(
        Post(Role(r.post_role), r.post_area or None, r.post_committee)
        for r in rows
        if r.post_role is not None
    )


def _person(row: Any, held: frozenset[Post], lent: frozenset[Post]) -> Person:
    return Person(
        id=row.id,
        team=row.team,
        name=row.name,
        posts=held,
        language=row.language,
        overview_at=row.overview_at,
        active=row.active,
        welcomed=row.welcomed,
        version=row.version,
        lent=lent,
    )


def _post(row: Any) -> Post:
    return Post(Role(row.role), row.area or None, row.committee)


def _unnamed(role: Role) -> Any:
    """What stands where a post names no committee: the one there is, if the role is one of a committee."""
    return func.coalesce(ONLY_COMMITTEE, "") if role in ROLES_OF_A_COMMITTEE else ""


def _absence(row: Any) -> Absence:
    written = [(*one.split("/"), "")[:3] for one in (row.lends or "").split(",") if one]
    named = {role for role, _, committee in written if committee}
    lends = frozenset(
        Post(Role(role), area or None, committee or None)
        for role, area, committee in written
        if committee or role not in named
    )
    return Absence(row.person, row.first, row.last, row.deputy, row.id, row.proposed, lends, row.told)


def _written(lends: frozenset[Post]) -> str | None:
    """A role of a committee twice: once as a program from before posts named theirs reads it, once with its committee."""
    plain = {f"{p.role.value}/{p.area or ''}" for p in lends}
    named = {f"{p.role.value}/{p.area or ''}/{p.committee}" for p in lends if p.committee}
    return ",".join(sorted(plain | named)) or None
