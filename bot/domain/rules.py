"""The municipality's rules, as the domain reads them: dated data, never constants (D8).

The council chose "a model still to be designed" (R114), so everything that could be decided otherwise stands here.
`bot/rules` reads and checks the file; this module only says what a rule set is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from bot.domain.calendar import WorkingDays
from bot.domain.money import Kroner


@dataclass(frozen=True)
class Named:
    """A code with the words people read for it, per language."""

    code: str
    names: dict[str, str]

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["da"]


@dataclass(frozen=True)
class Area(Named):
    """A service area (R001). `case_system` is where identity and texts live; `pattern` is its own number format (D28)."""

    case_system: str = ""
    pattern: str | None = None  # None: any number that is not a CPR number
    link: str | None = None  # a template with {id}; None: the system cannot be linked to


@dataclass(frozen=True)
class Purpose(Named):
    """What a frame may be used for (R062, R063)."""

    words: tuple[str, ...] = ()  # everyday words that mean it, for the one-line command
    needs_period: bool = False  # "i en periode" (R062)


@dataclass(frozen=True)
class Point:
    """One point of »velbelyst« (D18). `by` is "caseworker", "bot", or "shown" (asked and shown, never holds back)."""

    code: str
    group: str
    by: str = "caseworker"
    only_under_18: bool = False


@dataclass(frozen=True)
class Deadlines:
    """Working days, unless the name says otherwise."""

    leader_answers: int = 3
    caseworker_returns: int = 5
    material_days: int = 2
    material_clock: time = time(12, 0)
    task_days: int = 5
    undo_minutes: int = 10
    longest_follow_up_months: int = 3
    move_weeks_alone: int = 4  # the secretary may move a follow-up this far without the committee (D10)
    reminders: tuple[int, ...] = (14, 7, 2, 0)
    leader_reminded_after: int = 3
    chair_sees_after: int = 7
    channel_shows_days: int = 14  # calendar days until the closed face is cleared (D6)
    dm_shows_days: int = 30


@dataclass(frozen=True)
class FrameRules:
    least: Kroner  # outside least..most a reason is needed (R061)
    most: Kroner
    told_at: tuple[int, ...] = (80, 100)  # per cent, by message; lower marks stand in Home (D9)


@dataclass(frozen=True)
class AgendaRules:
    minutes: dict[str, int]  # per presentation kind (D15)
    opening_minutes: int = 5
    tasks_minutes: int = 5
    practice_minutes: int = 5
    smallest_group: int = 3  # no smaller total is printed in the open face (D6)
    post_weekday: int = 0  # Monday
    post_clock: time = time(8, 0)
    preliminary_weekday: int = 3  # Thursday of the week before (D18)


@dataclass(frozen=True)
class Rules:
    version: str
    valid_from: date
    areas: tuple[Area, ...]
    purposes: tuple[Purpose, ...]
    measures: tuple[Named, ...]
    checklists: dict[str, tuple[Point, ...]]
    deadlines: Deadlines
    frame: FrameRules
    agenda: AgendaRules
    working_days: WorkingDays
    roster_least: int = 5
    roster_most: int = 7

    def area(self, code: str) -> Area:
        return next(a for a in self.areas if a.code == code)

    def purpose(self, code: str) -> Purpose:
        return next(p for p in self.purposes if p.code == code)

    def measure(self, code: str) -> Named:
        return next(m for m in self.measures if m.code == code)
