"""Who works here, in which role and area, and who may act for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from bot.domain.errors import Refusal

AreaCode = str
CommitteeId = str
PersonId = str  # Slack's user id; a person without one cannot use the bot


class Role(StrEnum):
    CASEWORKER = "caseworker"
    AREA_LEADER = "area_leader"
    DEPUTY_LEADER = "deputy_leader"
    COMMITTEE_MEMBER = "committee_member"
    CHAIR = "chair"
    SECRETARY = "secretary"
    DEPARTMENT_HEAD = "department_head"
    CONTROLLER = "controller"
    EVALUATOR = "evaluator"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"


ROLES_OF_AN_AREA = frozenset({Role.CASEWORKER, Role.AREA_LEADER, Role.DEPUTY_LEADER, Role.DEPARTMENT_HEAD})
"""Roles that mean nothing without an area."""

ROLES_OF_A_COMMITTEE = frozenset({Role.CHAIR, Role.SECRETARY})
"""Held in one committee. A member's seat names its committee; all other roles are the municipality's."""


@dataclass(frozen=True, order=True)
class Post:
    """A role, and the area or the committee it is held in where the role belongs to one."""

    role: Role
    area: AreaCode | None = None  # None: the role is held for the whole effort
    committee: CommitteeId | None = None  # None: the role belongs to none, or there is none yet


@dataclass(frozen=True)
class Person:
    """An employee. The name is the employee's own, from Slack; citizens have none here (D1)."""

    id: PersonId
    team: str
    name: str
    posts: frozenset[Post] = frozenset()
    language: str = "da"
    overview_at: time = time(7, 30)  # local
    active: bool = True
    welcomed: bool = False
    version: int = 0
    lent: frozenset[Post] = (
        frozenset()
    )  # of those the person is deputy for today; never written down as own (D31)

    def has(self, role: Role, area: AreaCode | None = None, *, committee: CommitteeId | None = None) -> bool:
        """Holds `role`, in `area` and in `committee` if they are named."""
        return self.active and any(
            p.role == role and area in (None, p.area) and committee in (None, p.committee)
            for p in self.posts | self.lent
        )

    def leads(self, area: AreaCode) -> bool:
        """May act as a leader of `area`: its leaders and their deputies (D3, D31)."""
        return self.has(Role.AREA_LEADER, area) or self.has(Role.DEPUTY_LEADER, area)

    @property
    def is_leader(self) -> bool:
        return self.has(Role.AREA_LEADER) or self.has(Role.DEPUTY_LEADER)

    @property
    def runs_meetings(self) -> bool:
        """Of some committee; what is asked about one meeting or case asks `runs`."""
        return self.has(Role.SECRETARY) or self.has(Role.CHAIR)

    def runs(self, committee: CommitteeId) -> bool:
        """Runs the meetings of this committee: its secretary, or its chair."""
        return self.has(Role.SECRETARY, committee=committee) or self.has(Role.CHAIR, committee=committee)

    def committees_as(self, *roles: Role) -> tuple[CommitteeId, ...]:
        """The committees in which the person holds one of `roles`, in order of their ids."""
        return tuple(sorted({p.committee for p in self.posts | self.lent if p.role in roles and p.committee}))

    @property
    def has_any_role(self) -> bool:
        return self.active and bool(self.posts)

    def areas_as(self, *roles: Role) -> tuple[AreaCode, ...]:
        """The areas in which the person holds one of `roles`, in order of their codes."""
        return tuple(sorted({p.area for p in self.posts | self.lent if p.role in roles and p.area}))

    @property
    def home_area(self) -> AreaCode | None:
        """The first area the person works in; None for those who work for all."""
        return next(iter(sorted(p.area for p in self.posts if p.area)), None)

    def given(self, posts: frozenset[Post]) -> Person:
        return replace(self, posts=posts)

    def placed(self, posts: frozenset[Post], committee: CommitteeId | None) -> frozenset[Post]:
        """Posts as a form or a file names them: a role of a committee is held where the person holds it, else in this one."""
        found = set()
        for post in posts:
            if post.role not in ROLES_OF_A_COMMITTEE or post.committee:
                found.add(post)
                continue
            held = self.committees_of(post.role)
            found |= {replace(post, committee=c) for c in held or (committee,)}
        return frozenset(found)

    def committees_of(self, role: Role) -> tuple[CommitteeId, ...]:
        """Where they hold the role themselves, not for somebody else."""
        return tuple(sorted({p.committee for p in self.posts if p.role == role and p.committee}))


@dataclass(frozen=True)
class Absence:
    """»Jeg er væk«: who is away, from and to (both included, local dates), and who takes over (D31)."""

    person: PersonId
    first: date
    last: date
    deputy: PersonId | None  # who acts now; a caseworker's only once the leader has said yes
    id: str = ""
    proposed: PersonId | None = None  # a caseworker's wish, until the leader has answered
    lends: frozenset[Post] = frozenset()  # the posts the deputy may act in meanwhile
    told: PersonId | None = None  # who is named and can do nothing new: messages wait for whoever is away

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def lent_of(self, own: frozenset[Post]) -> frozenset[Post]:
        """Of what the absent person has now, all that is lent; a role lent without its committee is lent in each."""
        return frozenset(p for p in own if p in self.lends or replace(p, committee=None) in self.lends)


class Hand(StrEnum):
    """What whoever is named can do for a role meanwhile (docs/decisions/18)."""

    ACTS = "acts"  # everything the role may do
    READS = "reads"  # the figures the role reads; it does nothing else
    SUBSTITUTE = "substitute"  # the cases, once their leader has said yes (T25)
    SEAT = "seat"  # the seat, where an alternate is named (R003)
    TOLD = "told"  # nothing: it opens every case's log, or gives every role


HANDS: dict[Role, Hand] = {
    Role.CASEWORKER: Hand.SUBSTITUTE,
    Role.AREA_LEADER: Hand.ACTS,
    Role.DEPUTY_LEADER: Hand.ACTS,
    Role.COMMITTEE_MEMBER: Hand.SEAT,
    Role.CHAIR: Hand.ACTS,
    Role.SECRETARY: Hand.ACTS,
    Role.DEPARTMENT_HEAD: Hand.READS,
    Role.CONTROLLER: Hand.READS,
    Role.EVALUATOR: Hand.READS,
    Role.DPO: Hand.TOLD,
    Role.ADMINISTRATOR: Hand.TOLD,
}
LENDABLE = frozenset(role for role, hand in HANDS.items() if hand in (Hand.ACTS, Hand.READS))
MUST_BE_LENT = frozenset(role for role, hand in HANDS.items() if hand is Hand.ACTS)
"""Somebody must act in these, so whoever is named must be one who may."""


@dataclass(frozen=True)
class Handed:
    """What the one who is named can do, role by role, in the order of the roles."""

    acts: tuple[Role, ...] = ()
    reads: tuple[Role, ...] = ()
    cases: bool = False  # the leader is asked about them
    seat: bool = False
    nothing: tuple[Role, ...] = ()  # of these nothing is lent
    alone: tuple[Role, ...] = ()  # of those: nobody else at work has them

    @property
    def only_cases(self) -> bool:
        """Nothing but a caseworker's cases, which stand with the substitute one by one."""
        return not (self.acts or self.reads or self.seat or self.nothing)


def handed(absent: Person, absence: Absence, *, seat: bool, held: frozenset[Role]) -> Handed:
    """`seat`: whether the one who is named takes the seat in the committee; `held`: what others at work hold."""
    own = [role for role in Role if any(post.role == role for post in absent.posts)]
    lent = {post.role for post in absence.lends}
    nothing = tuple(r for r in own if r not in lent and (r in LENDABLE or HANDS[r] is Hand.TOLD))
    return Handed(
        acts=tuple(r for r in own if r in lent and HANDS[r] is Hand.ACTS),
        reads=tuple(r for r in own if r in lent and HANDS[r] is Hand.READS),
        cases=absence.proposed is not None,
        seat=seat,
        nothing=nothing,
        alone=tuple(r for r in nothing if HANDS[r] is Hand.TOLD and r not in held),
    )


def lendable_to(absent: Person, deputy: Person, *, allowed: bool) -> frozenset[Post]:
    """All that may be lent to somebody the administrator allows; else what the deputy does already, for the area or all."""

    def fits(post: Post) -> bool:
        if post.area and deputy.leads(post.area):
            return True
        return post in deputy.posts

    return frozenset(p for p in absent.posts if p.role in LENDABLE and (allowed or fits(p)))


class NoRole(Refusal):
    """The person is an employee, but has no role here."""


class SlackUnasked(Refusal):
    """Slack could not be asked who it is, and nobody here knows them: nothing is said of anything (D11)."""


class NotForYou(Refusal):
    """The person has a role, but not one that may do this."""


class AreaMissing(Refusal):
    """The role belongs to an area, and none was named."""

    default_field = "area"


class RoleMissing(Refusal):
    """A role is to be laid to what somebody has, and none was chosen."""

    default_field = "roles"


class LastAdministrator(Refusal):
    """Somebody must be able to give roles."""

    default_field = "roles"


class NotAnEmployee(Refusal):
    """A guest, a bot or somebody unknown is given no role; facts: count."""

    default_field = "people"


class TooManyPeople(Refusal):
    """More than `most` people at once."""

    default_field = "people"


class AbsenceBackwards(Refusal):
    """The last day lies before the first, or is over already."""

    default_field = "last"


class DeputyUnfit(Refusal):
    """Whoever takes over must have a role, and be somebody else."""

    default_field = "deputy"


class DeputyNotAllowed(Refusal):
    """A leader, secretary or chair chooses among those the administrator allows, or with the same role."""

    default_field = "deputy"


class WishAnswered(Refusal):
    """Somebody has answered the wish for a substitute, or it was taken back."""


def require(person: Person, *roles: Role, committee: CommitteeId | None = None) -> None:
    """Raises NoRole or NotForYou unless the person holds one of `roles`, in `committee` if one is named."""
    if not person.has_any_role:
        raise NoRole
    if not any(person.has(role, committee=committee) for role in roles):
        raise NotForYou
