"""The shape of the rules file: one model per section, each mistake named by its place, and what it becomes (D8)."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.calendar import WorkingDays, danish_closed_days
from bot.domain.money import Kroner
from bot.domain.presentation import Kind
from bot.domain.rules import AgendaRules, Area, Deadlines, FrameRules, Named, Point, Purpose, Rules


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Part):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    names: dict[str, str] = Field(min_length=1)


class _Area(_Named):
    case_system: str
    pattern: str | None = None
    link: str | None = None


class _Purpose(_Named):
    words: tuple[str, ...] = ()
    needs_period: bool = False


class _Point(_Part):
    code: str
    group: str
    by: str = Field(default="caseworker", pattern="^(caseworker|bot|shown)$")
    only_under_18: bool = False


class _Deadlines(_Part):
    leader_answers: int = Field(gt=0)
    caseworker_returns: int = Field(gt=0)
    material_days: int = Field(ge=0)
    material_clock: time
    task_days: int = Field(gt=0)
    undo_minutes: int = Field(ge=0)
    longest_follow_up_months: int = Field(gt=0)
    move_weeks_alone: int = Field(ge=0)
    reminders: tuple[int, ...]
    leader_reminded_after: int
    chair_sees_after: int
    channel_shows_days: int = Field(gt=0)
    dm_shows_days: int = Field(gt=0)


class _Frame(_Part):
    least: int = Field(ge=0)
    most: int = Field(gt=0)
    told_at: tuple[int, ...]


class _Agenda(_Part):
    minutes: dict[Kind, int]
    opening_minutes: int
    tasks_minutes: int
    practice_minutes: int
    smallest_group: int = Field(ge=3)
    post_weekday: int = Field(ge=0, le=6)
    post_clock: time
    preliminary_weekday: int = Field(ge=0, le=6)


class _Roster(_Part):
    least: int
    most: int


class File(_Part):
    version: str
    valid_from: date
    areas: tuple[_Area, ...] = Field(min_length=1)
    purposes: tuple[_Purpose, ...] = Field(min_length=1)
    measures: tuple[_Named, ...] = Field(min_length=1)
    checklists: dict[Kind, tuple[_Point, ...]]
    deadlines: _Deadlines
    frame: _Frame
    agenda: _Agenda
    roster: _Roster
    closed_days: tuple[date, ...] = ()


def as_rules(file: File) -> Rules:
    return Rules(
        version=file.version,
        valid_from=file.valid_from,
        areas=tuple(Area(a.code, a.names, a.case_system, a.pattern, a.link) for a in file.areas),
        purposes=tuple(Purpose(p.code, p.names, p.words, p.needs_period) for p in file.purposes),
        measures=tuple(Named(m.code, m.names) for m in file.measures),
        checklists={
            kind.value: tuple(Point(p.code, p.group, p.by, p.only_under_18) for p in points)
            for kind, points in file.checklists.items()
        },
        deadlines=Deadlines(**file.deadlines.model_dump()),
        frame=FrameRules(Kroner.of(file.frame.least), Kroner.of(file.frame.most), file.frame.told_at),
        agenda=AgendaRules(
            **{**file.agenda.model_dump(), "minutes": {k.value: v for k, v in file.agenda.minutes.items()}}
        ),
        working_days=WorkingDays(_closed_on(frozenset(file.closed_days))),
        roster_least=file.roster.least,
        roster_most=file.roster.most,
    )


def _closed_on(local: frozenset[date]) -> Any:
    @lru_cache(maxsize=400)
    def of_year(year: int) -> frozenset[date]:
        return frozenset(danish_closed_days(year))

    return lambda day: day in local or day in of_year(day.year)
