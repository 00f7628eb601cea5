"""`indgang people import`: roles for many at once from a file, looked at first, then all or nothing (A14, D11)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import LastAdministrator, Person, PersonId, Post, Role
from bot.domain.people_file import Fault, PeopleFile, Row
from bot.usecases.people import People
from bot.usecases.ports import Asked, Work
from bot.usecases.role_news import tell_of_roles, the_only_one, watching
from bot.usecases.tools import Tools, UseCases


@dataclass(frozen=True)
class Change:
    """What becomes of one person; nobody whose roles stay as they are is among them."""

    person: PersonId
    name: str
    added: frozenset[Post]
    removed: frozenset[Post]


class PeopleImport(UseCases):
    def __init__(self, tools: Tools, people: People) -> None:
        super().__init__(tools)
        self._people = people

    def strangers(self, file: PeopleFile, names: dict[PersonId, str]) -> tuple[Fault, ...]:
        """Rows about somebody who is no employee: a guest, a bot, a closed account, or nobody."""
        return tuple(Fault(r.line, "not_employee", r.person) for r in file.rows if r.person not in names)

    def planned(
        self, rows: tuple[Row, ...], names: dict[PersonId, str], *, exactly: bool, at: datetime
    ) -> tuple[Change, ...]:
        """What the file would change, without changing it; nothing the second time. Raises LastAdministrator."""
        with self._open_reading(at=at) as work:
            changes = _changes(work, rows, names, exactly=exactly)
            gone = {c.person for c in changes if Post(Role.ADMINISTRATOR) in c.removed}
            come = {c.person for c in changes if Post(Role.ADMINISTRATOR) in c.added}
            left = ({p.id for p in work.people.holding(Role.ADMINISTRATOR)} - gone) | come
            if gone and not left:
                raise LastAdministrator
            return changes

    def carry_out(
        self,
        rows: tuple[Row, ...],
        names: dict[PersonId, str],
        *,
        exactly: bool,
        at: datetime,
        team: str,
    ) -> tuple[Change, ...]:
        """Gives the roles in one transaction: journaled, and each newcomer welcomed. Raises LastAdministrator."""
        asked = Asked(Person("", team, ""), at, "import")
        with self._open_work(at=at) as work:
            changes = _changes(work, rows, names, exactly=exactly)
            watchers = watching(work)
            given = [
                self._people.give_one(work, asked, c.person, c.name, _posts(rows, c.person), keep=not exactly)
                for c in changes
            ]
            tell_of_roles(work, asked, given, watchers, id=self._chance.id())
            if any(c.removed for c in changes) and not work.people.holding(Role.ADMINISTRATOR):
                raise LastAdministrator
            if changes:
                work.note("people_imported", people=str(len(changes)), rows=str(len(rows)))
            return changes


def _posts(rows: tuple[Row, ...], person: PersonId) -> frozenset[Post]:
    return frozenset(row.post for row in rows if row.person == person)


def _changes(
    work: Work, rows: tuple[Row, ...], names: dict[PersonId, str], *, exactly: bool
) -> tuple[Change, ...]:
    wanted: defaultdict[PersonId, set[Post]] = defaultdict(set)
    for row in rows:
        wanted[row.person].add(row.post)
    changes = []
    for person, posts in wanted.items():
        known = work.people.find(person)
        held = known.posts if known and known.active else frozenset()
        given = (known or Person(person, "", "")).placed(frozenset(posts), the_only_one(work))
        after = given if exactly else given | held
        if work.committees.seats_of(person):
            after = after | {Post(Role.COMMITTEE_MEMBER)}
        if after != held:
            changes.append(Change(person, names[person], frozenset(after - held), frozenset(held - after)))
    return tuple(changes)
