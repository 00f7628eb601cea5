"""The committee: its roster, its weekly slot, who sits for which area, mandates and conflicts of interest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId
from bot.domain.tracks import RosterRules


class SeatKind(StrEnum):
    MANAGEMENT = "management"  # exactly two (R004)
    CASEWORKER = "caseworker"  # two to four, from the youth unit and social services (R005)
    SCHOOLS = "schools"  # exactly one, from wellbeing and learning (R006)


@dataclass(frozen=True)
class Seat:
    """A permanent seat, or an alternate for one, in a period: both days belong to it."""

    id: str
    committee: str
    person: PersonId
    kind: SeatKind
    area: AreaCode
    alternate: bool = False
    first: date | None = None  # None: since the committee began
    last: date | None = None  # None: until somebody takes it

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise SeatBackwards

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class SeatHeldNow(Refusal):
    """The person sits in another seat until then, or in none for a while; facts: day."""

    default_field = "first"


class SeatBackwards(Refusal):
    """The seat's last day lies before its first."""

    default_field = "last"


def next_period(now: Seat | None, new: Seat, today: date) -> Seat:
    """A later period in the same seat lengthens it: whoever sits there today goes on (R003). Raises SeatHeldNow."""
    later = new.first is not None and new.first > today
    if now is None or not now.holds_on(today) or new.first is None or not later:
        return new
    same = (now.kind, now.area, now.alternate) == (new.kind, new.area, new.alternate)
    if not same or (now.last is not None and new.first > now.last + timedelta(days=1)):
        raise SeatHeldNow(day=new.first)
    return replace(new, first=now.first)


def roster_faults(seats: tuple[Seat, ...], rules: RosterRules, on: date) -> tuple[str, ...]:
    """What is wrong with the roster on a day, as codes; empty when it is as R003-R006 want it."""
    permanent = [s for s in seats if not s.alternate and s.holds_on(on)]
    of_kind = {kind: [s for s in permanent if s.kind == kind] for kind in SeatKind}
    caseworkers = of_kind[SeatKind.CASEWORKER]
    homes = {s.area for s in caseworkers}
    schools = [s.area for s in of_kind[SeatKind.SCHOOLS]]
    checks = {
        "size": rules.least <= len(permanent) <= rules.most,  # R003
        "management": len(of_kind[SeatKind.MANAGEMENT]) == rules.management,  # R004
        "caseworkers": rules.caseworkers_least <= len(caseworkers) <= rules.caseworkers_most,  # R005
        "areas": homes <= set(rules.caseworker_areas)
        and not (rules.both and caseworkers and homes != set(rules.caseworker_areas)),
        "schools": schools == [rules.schools_area] * rules.schools,  # R006
        "twice": len({s.person for s in permanent}) == len(permanent),
    }
    return tuple(code for code, ok in checks.items() if not ok)


class CommitteeMissing(Refusal):
    """No committee has been set up yet, so nothing can be asked of it."""


class CalendarNotOffered(Refusal):
    """Calendars cannot fetch anything from this installation: it has told no address of its own."""


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
    calendar_token: str | None = None  # the secret part of the calendar's address; None: there is no address
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


@dataclass(frozen=True)
class MemberWindow:
    """Which meetings' cases a member sees (D18, privacy matrix)."""

    days_after: int = 14  # calendar days after the meeting
    from_weekday: int = 3  # Thursday: from then on next week's meetings are seen

    @property
    def after(self) -> timedelta:
        return timedelta(days=self.days_after)

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day of the meetings a member sees today."""
        monday = today - timedelta(days=today.weekday())
        weeks_shown = 2 if today.weekday() >= self.from_weekday else 1
        return today - self.after, monday + timedelta(days=7 * weeks_shown - 1)
