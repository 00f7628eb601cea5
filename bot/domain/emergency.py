"""The emergency door: one case, a written reason, an hour; told at once, and looked at afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.people import Person, PersonId, Role

OPEN_FOR = timedelta(minutes=60)
TO_BE_LOOKED_AT_WITHIN = timedelta(days=7)
SHORTEST, LONGEST = 20, 140
"""Characters of the reason: long enough to say something, and no room for a case's story."""

WORK_WITH_CASES = (Role.CASEWORKER, Role.AREA_LEADER, Role.DEPUTY_LEADER, Role.CHAIR, Role.SECRETARY)
"""Who may need a case in an emergency. Who reads figures, keeps accounts or runs the machine never does."""


def works_with_cases(person: Person) -> bool:
    return any(person.has(role) for role in WORK_WITH_CASES)


class ReasonTooShort(Refusal):
    """The emergency door wants a reason of at least twenty characters."""

    default_field = "why"


@dataclass(frozen=True)
class Emergency:
    id: str
    case_id: str
    person: PersonId
    at: datetime
    until: datetime
    why: str  # sealed in storage
    looked_at: datetime | None = None
    looked_by: PersonId | None = None

    def is_open(self, at: datetime) -> bool:
        return self.at <= at < self.until

    def is_overdue(self, at: datetime) -> bool:
        return self.looked_at is None and at - self.at > TO_BE_LOOKED_AT_WITHIN

    def looked_through(self, by: PersonId, at: datetime) -> Emergency:
        return replace(self, looked_at=at, looked_by=by)


def expect_reason(why: str) -> str:
    """Raises ReasonTooShort."""
    if len(why) < SHORTEST:
        raise ReasonTooShort(least=SHORTEST)
    return why
