"""The sections of the rules file about who takes part: mode, ages, tracks, roster, and the rule sets for anchoring."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.anchoring import AnchorRules, Clause, Criterion, RuleSet
from bot.domain.tracks import Ages, RosterRules, Track, TrackRules

CODE = r"^[a-z][a-z0-9_]*$"
Fact = Literal["disability_pension", "no_prospect", "most_vulnerable", "light_needs_only"]
Age = int | Literal["teens", "youth", "middle", "adult", "handover"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AgesPart(_Part):
    teens: int = Field(gt=0)
    youth: int
    middle: int
    adult: int


class TrackPart(_Part):
    areas: tuple[str, ...] = Field(min_length=1)


class RosterPart(_Part):
    least: int = Field(gt=0)
    most: int
    management: int = Field(ge=0)
    caseworkers_least: int = Field(ge=0)
    caseworkers_most: int
    caseworker_areas: tuple[str, ...]
    both: bool
    schools: int = Field(ge=0)
    schools_area: str
    leaders_per_area: int = Field(default=2, ge=1)
    holds_the_agenda_back: bool


class ClausePart(_Part):
    area: str
    under: Age | None = None
    from_age: Age = Field(default=0, alias="from")
    when: tuple[Fact, ...] = ()
    unless: tuple[Fact, ...] = ()


class CriterionPart(_Part):
    code: str = Field(pattern=CODE)
    names: dict[str, str] = Field(min_length=1)


class RuleSetPart(_Part):
    code: str = Field(pattern=CODE)
    version: str
    valid_from: date
    names: dict[str, str] = Field(min_length=1)
    home: str
    clauses: tuple[ClausePart, ...] = Field(min_length=1)
    criteria: tuple[CriterionPart, ...] = ()


class AnchoringPart(_Part):
    chosen: str
    handover_age: Literal[15, 18]
    sets: tuple[RuleSetPart, ...] = Field(min_length=1)


def as_ages(part: AgesPart) -> Ages:
    return Ages(**part.model_dump())


def as_tracks(parts: dict[Track, TrackPart]) -> dict[Track, TrackRules]:
    return {track: TrackRules(part.areas) for track, part in parts.items()}


def as_roster(part: RosterPart) -> RosterRules:
    return RosterRules(**part.model_dump())


def as_anchoring(part: AnchoringPart, ages: Ages) -> AnchorRules:
    named = {**vars(ages), "handover": part.handover_age}

    def years(age: Age) -> int:
        return named[age] if isinstance(age, str) else age

    def clause(c: ClausePart) -> Clause:
        under = None if c.under is None else years(c.under)
        return Clause(c.area, under, years(c.from_age), c.when, c.unless)

    sets = tuple(
        RuleSet(
            s.code,
            s.version,
            s.valid_from,
            s.names,
            s.home,
            tuple(map(clause, s.clauses)),
            tuple(Criterion(c.code, c.names) for c in s.criteria),
        )
        for s in part.sets
    )
    return AnchorRules(sets, part.chosen, part.handover_age)
