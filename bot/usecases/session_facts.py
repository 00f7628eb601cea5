"""What the live meeting's forms are drawn from: who is here, one item as it stands now, and all decisions in short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.case import AgeBand
from bot.domain.meeting import Item, Meeting
from bot.domain.overtaking import Beside
from bot.domain.people import PersonId
from bot.domain.presentation import Decision, Kind, Presentation
from bot.usecases.agenda_facts import QuestionLine
from bot.usecases.mandates import Lamp
from bot.usecases.memory import Memory


@dataclass(frozen=True)
class StartView:
    """Who could be here, who has sent regrets, and how the mandates stand (R013)."""

    meeting: Meeting
    people: tuple[tuple[PersonId, str], ...]
    here: tuple[PersonId, ...]
    items: int
    answered: int  # mandates given, over all items
    possible: int
    silent: tuple[str, ...]  # members who have answered on no item
    conflicts: int


@dataclass(frozen=True)
class Jump:
    number: int
    presentation_id: str
    alias: str
    done: bool


@dataclass(frozen=True)
class Overtaken:
    """Somebody else saved the item first."""

    by: str
    at: datetime


@dataclass(frozen=True)
class ItemView:
    """One item as the form shows it now."""

    meeting: Meeting
    item: Item
    last_number: int
    alias: str
    key: str
    band: AgeBand
    decision: Decision
    choices: tuple[str, ...]
    discussion: bool
    asks_participation: bool
    names: dict[PersonId, str]
    attending: tuple[PersonId, ...]
    caseworkers: tuple[PersonId, ...]
    follow_ups: tuple[date, ...]
    to_meetings: tuple[tuple[str, date], ...]
    jumps: tuple[Jump, ...]
    now: datetime
    late_minutes: int
    out_of_reach: int  # items that will not be reached before the meeting ends
    overtaken: Overtaken | None = None
    disqualified: tuple[PersonId, ...] = ()  # who has declared a conflict on the item
    lamp: Lamp | None = None  # how the mandates stand (R013)
    memory: Memory | None = None  # None: the committee has not decided on the case before
    may_put_off: bool = False  # others will not be reached, and nobody has begun to decide them
    questions: tuple[QuestionLine, ...] = ()  # asked before the meeting, with the answers (R125)
    beside: tuple[Beside, ...] = ()  # other items of the case at this meeting, where one of them closes it
    consent_missing: bool = False  # an adult has not said yes to the plan yet (R036)
    put_off: tuple[date | None, ...] = ()  # what is proposed to be put off: the day of the meeting it goes to

    @property
    def presentation(self) -> Presentation:
        return self.item.presentation


@dataclass(frozen=True)
class OverviewLine:
    number: int
    presentation_id: str
    alias: str
    kind: Kind
    decision: Decision | None

    @property
    def done(self) -> bool:
        return self.decision is not None and self.decision.complete


@dataclass(frozen=True)
class Overview:
    meeting: Meeting
    lines: tuple[OverviewLine, ...]
    chairs: tuple[str, ...]  # who will be asked to approve

    @property
    def undecided(self) -> tuple[int, ...]:
        return tuple(line.number for line in self.lines if not line.done)


Page = ItemView | Overview
