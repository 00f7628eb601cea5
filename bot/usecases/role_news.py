"""Who hears that roles were given: nobody opens cases for themselves, or for a friend, in silence (D11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.notices import Notice
from bot.domain.people import CommitteeId, PersonId, Post, Role
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work

FIGURES_ONLY = frozenset({Role.DEPARTMENT_HEAD, Role.EVALUATOR})
"""Roles that open no case and give no roles: nobody is told of them."""
OWN, OTHERS, WATCH = "own", "others", "watch"


@dataclass(frozen=True)
class Changed:
    """What one person holds now and did not before, and the other way round."""

    person: PersonId
    gained: frozenset[Post]
    lost: frozenset[Post] = frozenset()

    @classmethod
    def between(cls, person: PersonId, before: frozenset[Post], after: frozenset[Post]) -> Changed:
        return cls(person, after - before, before - after)

    @property
    def opens(self) -> frozenset[Post]:
        """Of what was gained, what opens something."""
        return frozenset(p for p in self.gained if p.role not in FIGURES_ONLY)


@dataclass(frozen=True)
class Watchers:
    """Who watched before the change: whoever is to be told cannot be silenced by the same change."""

    officers: frozenset[PersonId]
    leaders: frozenset[tuple[PersonId, str]]  # and the area

    def leading(self, posts: Iterable[Post]) -> set[PersonId]:
        """The leaders of the areas; all of them where a role belongs to none."""
        areas = {p.area for p in posts}
        return {person for person, area in self.leaders if None in areas or area in areas}


@dataclass(frozen=True)
class RolesTold:
    """`by` is empty for a file that was read in."""

    what: str
    by: str
    people: tuple[str, ...]  # names
    posts: tuple[Post, ...]


def watching(work: Work) -> Watchers:
    officers = frozenset(p.id for p in work.people.holding(Role.DPO))
    led = [
        (p.id, post.area)
        for role in (Role.AREA_LEADER, Role.DEPUTY_LEADER)
        for p in work.people.holding(role)
        for post in p.posts
        if post.role == role and post.area
    ]
    return Watchers(officers, frozenset(led))


def tell_of_roles(
    work: Work,
    asked: Asked,
    changes: Iterable[Changed],
    watchers: Watchers,
    *,
    id: str,  # noqa: A002 - every thing has an id
) -> None:
    """The data protection officer hears of every role that opens something; leaders of what somebody gave themselves.

    One message each, however many people it is about; `id` makes it one. A watch that is taken away is told to both.
    """
    all_ = list(changes)
    own = [c for c in all_ if c.opens and c.person == asked.by.id]
    others = [c for c in all_ if c.opens and c.person != asked.by.id]
    silenced = [c for c in all_ if any(p.role is Role.DPO for p in c.lost)]
    everywhere = (Post(Role.DPO),)
    for what, about, posts, leaders in (
        (OWN, own, _gained(own), watchers.leading(_gained(own))),
        (OTHERS, others, _gained(others), set()),
        (WATCH, silenced, everywhere, watchers.leading(everywhere)),
    ):
        if not about:
            continue
        facts = {
            "what": what,
            "by": asked.by.id,
            "people": ",".join(c.person for c in about),
            "posts": written(frozenset(posts)),
        }
        for to in sorted((watchers.officers | leaders) - {asked.by.id}):
            work.notices.tell(Notice(f"roles:{id}:{what}:{to}", "roles_changed", to, facts))


def _gained(changes: list[Changed]) -> tuple[Post, ...]:
    return tuple(post for c in changes for post in c.opens)


WHERE = "committees"


def the_only_one(work: Work) -> CommitteeId | None:
    """The committee of the interface: roles are given for it. None before there is one."""
    return next((c.id for c in work.committees.all()), None)


def written(posts: frozenset[Post]) -> str:
    return ",".join(sorted({f"{p.role}/{p.area or '-'}" for p in posts}))


def where(posts: frozenset[Post]) -> dict[str, str]:
    """Beside `written`, which says nothing of committees: nobody reads of them, and undoing must give the same again."""
    named = sorted(f"{p.role}/{p.committee}" for p in posts if p.committee)
    return {WHERE: ",".join(named)} if named else {}


def read(said: str, committees: str = "") -> frozenset[Post]:
    """The reverse of `written`, and with `committees` of `where`."""
    pairs = [one.split("/") for one in said.split(",") if one]
    places = [one.split("/") for one in committees.split(",") if one]
    named = {role for role, _ in places}
    plain = {Post(Role(role), None if area == "-" else area) for role, area in pairs if role not in named}
    return frozenset(plain | {Post(Role(role), None, committee) for role, committee in places})


def _tell(telling: Telling) -> Told | None:
    """Also to whoever has lost the role since: or that would be the way to keep it from them. No case is in it."""
    reader, facts = telling.recipient, telling.notice.facts
    if reader is None:
        return None
    names = {p.id: p.name for p in telling.work.people.all()}
    people = tuple(names.get(id, id) for id in facts["people"].split(","))  # noqa: A001
    posts = tuple(sorted(read(facts["posts"]), key=lambda p: (p.role, p.area or "")))
    return Told(RolesTold(facts["what"], names.get(facts["by"], ""), people, posts), reader.language)


TELLERS: dict[str, Teller] = {"roles_changed": _tell}
