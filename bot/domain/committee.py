"""The committee: its roster, its weekly slot, who sits for which area, mandates and conflicts of interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId


class SeatKind(StrEnum):
    MANAGEMENT = "management"  # exactly two (R004)
    CASEWORKER = "caseworker"  # two to four, from the youth unit and social services (R005)
    SCHOOLS = "schools"  # exactly one, from wellbeing and learning (R006)


@dataclass(frozen=True)
class Seat:
    """A permanent seat, or an alternate for one."""

    id: str
    committee: str
    person: PersonId
    kind: SeatKind
    area: AreaCode
    alternate: bool = False


def roster_faults(seats: tuple[Seat, ...], *, least: int = 5, most: int = 7) -> tuple[str, ...]:
    """What is wrong with a roster, as codes; empty when it is as R003-R006 want it."""
    permanent = [s for s in seats if not s.alternate]
    count = {kind: sum(s.kind == kind for s in permanent) for kind in SeatKind}
    checks = {
        "size": least <= len(permanent) <= most,
        "management": count[SeatKind.MANAGEMENT] == 2,
        "caseworkers": 2 <= count[SeatKind.CASEWORKER] <= 4,
        "schools": count[SeatKind.SCHOOLS] == 1,
        "twice": len({s.person for s in permanent}) == len(permanent),
    }
    return tuple(code for code, ok in checks.items() if not ok)


class CommitteeMissing(Refusal):
    """No committee has been set up yet, so nothing can be asked of it."""


class ChannelUnreachable(Refusal):
    """The bot is not in the channel, or the channel is archived."""

    default_field = "channel"


class SeatHeldByOther(Refusal):
    """The person has no account of their own here (a guest, a bot, a closed account)."""

    default_field = "person"


@dataclass(frozen=True)
class Committee:
    """Its weekly slot is where meetings come from (D15)."""

    id: str
    name: str
    weekday: int  # 0 is Monday
    starts: time  # local
    minutes: int
    room: str
    channel: str | None = None  # None: no channel chosen yet, so nothing is posted
    language: str = "da"  # what the channel and the minutes speak (D24)
    version: int = 0


@dataclass(frozen=True)
class Mandate:
    """A member says before the meeting that they may decide for their area on this item (R013)."""

    presentation_id: str
    person: PersonId
    at: datetime


@dataclass(frozen=True)
class Conflict:
    """A member is disqualified on one item."""

    presentation_id: str
    person: PersonId
    at: datetime


@dataclass(frozen=True)
class Regret:
    """A member cannot come."""

    meeting_id: str
    person: PersonId
    at: datetime
