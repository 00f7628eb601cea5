"""Who else is around a case, as roles and areas only: the background group and other caseworkers by law (T27, R109)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId


class Side(StrEnum):
    AUTHORITY = "authority"
    PROVIDER = "provider"


GROUP_ROLES: dict[str, Side] = {
    "family_counsellor": Side.AUTHORITY,
    "youth_guidance": Side.AUTHORITY,
    "employment_counsellor": Side.AUTHORITY,
    "benefits_officer": Side.AUTHORITY,
    "school_psychology": Side.AUTHORITY,
    "mentor": Side.PROVIDER,
    "contact_person": Side.PROVIDER,
    "housing_supporter": Side.PROVIDER,
    "teacher": Side.PROVIDER,
    "activity_leader": Side.PROVIDER,
}
"""Roles, never names and never an institution: the place would tell what it is about (R067, privacy matrix)."""

CONTACT_ROLES = ("youth_guidance", "employment_caseworker", "statutory_caseworker", "benefits_officer")
"""Other caseworkers the law demands; the fixed caseworker stays the one entrance (R109-R111)."""

OVERLAPS = (0, 7, 14, 28)
"""Days of overlap to choose among, beside the one that is usual (T24)."""


@dataclass(frozen=True, order=True)
class Contact:
    """A role, and the area it is reached through."""

    role: str
    area: AreaCode

    @property
    def code(self) -> str:
        return f"{self.role}/{self.area}"

    @property
    def side(self) -> Side:
        return GROUP_ROLES.get(self.role, Side.AUTHORITY)

    @classmethod
    def read(cls, code: str) -> Contact:
        role, _, area = code.partition("/")
        return cls(role, area)


@dataclass(frozen=True)
class Handover:
    """T24: a decided change of caseworker. The old one answers for the case until the day, and leaves it by itself then.

    In the overlap both see the case: the new one reads along, the old one still does the daily work.
    """

    id: str
    case_id: str
    presentation_id: str
    old: PersonId
    new: PersonId
    on: date
    done_at: datetime | None = None  # None: the day has not come
    overlap_from: date | None = (
        None  # the first day of the overlap; None: the case is opened on the day itself
    )
    version: int = 0

    def overlaps(self, day: date) -> bool:
        return self.done_at is None and self.overlap_from is not None and self.overlap_from <= day < self.on


@dataclass(frozen=True)
class HandoverRules:
    """How long old and new follow a case together, unless the wish says otherwise (T24)."""

    overlap_days: int = 14  # calendar days before the handover; 0: none


class OnlyCommitteeReassigns(Refusal):
    """A fixed caseworker is exchanged by the committee's decision, and by nothing else (R057)."""


class NewCaseworkerMissing(Refusal):
    """A change names somebody else than the one there is."""

    default_field = "caseworker"


class HandoverBackwards(Refusal):
    """The case is handed over from today on, not earlier."""

    default_field = "handover_on"


class NotComplicated(Refusal):
    """A background group is for cases that are marked as especially complicated (R065)."""

    default_field = "complicated"


class GroupEmpty(Refusal):
    """A group has members, or it ends."""

    default_field = "authority"
