"""The shape of the rules file: one model per section, each mistake named by its place, and what it becomes (D8)."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.calendar import WorkingDays, danish_closed_days
from bot.domain.choices import WORDS, Choices, OwnWord
from bot.domain.money import Kroner
from bot.domain.presentation import Kind
from bot.domain.retention import RetentionRules
from bot.domain.rules import (
    AgendaRules,
    Area,
    Deadlines,
    DecidingRules,
    FrameRules,
    Named,
    PlanRules,
    Point,
    Purpose,
    Question,
    ReportRules,
    Rules,
    StaffMove,
    TargetGroupRules,
)
from bot.domain.substitute import SubstituteRules
from bot.domain.tracks import Mode, Track
from bot.rules import continuity, organisation

Word = Annotated[str, Field(pattern=r"\S")]
"""Something to read; spaces alone are none."""
DaysBefore = Annotated[int, Field(ge=0, le=60)]
PerCent = Annotated[int, Field(ge=1, le=100)]
Minutes = Annotated[int, Field(ge=0, le=240)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Part):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    names: dict[str, Word] = Field(min_length=1)


class _Area(_Named):
    case_system: str
    pattern: str | None = None
    example: Word | None = None
    link: str | None = None


class _Purpose(_Named):
    words: tuple[Word, ...] = ()
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
    days_to_meeting: int = Field(default=14, gt=0)
    weeks_to_next: int = Field(default=12, gt=0)
    move_weeks_alone: int = Field(ge=0)
    reminders: tuple[DaysBefore, ...]
    leader_reminded_after: int = Field(gt=0)
    chair_sees_after: int = Field(gt=0)
    channel_shows_days: int = Field(gt=0)
    member_sees_days: int = Field(default=14, gt=0)
    status_lasts_days: int = Field(default=92, gt=0)
    dm_shows_days: int = Field(gt=0)
    check_clock: time = time(7, 0)


class _Range(_Part):
    least: int = Field(ge=0)
    most: int = Field(gt=0)


class _Frame(_Range):
    adult: _Range
    told_at: tuple[PerCent, ...]
    controller_hears_after: int = Field(default=7, ge=0)
    payer_follows_anchor: bool = False


class _Agenda(_Part):
    minutes: dict[Kind, Annotated[int, Field(ge=1, le=240)]]
    opening_minutes: Minutes
    tasks_minutes: Minutes
    practice_minutes: Minutes
    smallest_group: int = Field(ge=3)
    post_weekday: int = Field(ge=0, le=6)
    post_clock: time
    preliminary_weekday: int = Field(ge=0, le=6)


class _Question(_Part):
    code: str
    kind: Kind
    notify: bool = False


class _Plan(_Part):
    questions: tuple[_Question, ...] = Field(min_length=1)
    adjustments: tuple[_Named, ...] = Field(min_length=1)
    statutory: tuple[_Named, ...] = Field(min_length=1)
    standards: tuple[_Named, ...] = ()
    topics: tuple[_Named, ...] = Field(min_length=1)
    smallest_cell: int = Field(ge=5)


class _Deciding(_Part):
    written_procedure: bool = False
    written_days: int = Field(default=2, gt=0)
    mandates_before_hours: int = Field(default=48, gt=0)
    two_persons: bool = True
    consent_first: bool = True


class _Substitutes(_Part):
    longest_days: int = Field(gt=0)
    remind_on_day: int = Field(gt=0)
    sick_days: int = Field(default=7, gt=0)


class _Retention(_Part):
    closed_years: int = Field(default=5, ge=1)
    unfinished_years: int = Field(default=1, ge=1)
    journal_years: int = Field(default=5, ge=1)


class _Choice(_Part):
    """A code the program knows, written alone; or the municipality's own, with its words."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    names: dict[str, Word] | None = None

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, written: Any) -> Any:
        return written if isinstance(written, dict) else {"code": written}


Choosable = Annotated[tuple[_Choice, ...], Field(min_length=1, max_length=100)]


class _TargetGroup(_Part):
    teens: bool = True


class _Reports(_Part):
    months: int = Field(default=12, gt=0)
    before: str = "forslag_1"
    after: str = "forslag_2"


class _StaffMove(_Named):
    fte: int = Field(gt=0)
    cases: Literal["youth", "adults"] | None = None


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
    deciding: _Deciding = _Deciding()
    roster: organisation.RosterPart
    mode: Mode
    ages: organisation.AgesPart
    tracks: dict[Track, organisation.TrackPart]
    anchoring: organisation.AnchoringPart
    plan: _Plan
    closing: continuity.ClosingPart
    transitions: continuity.TransitionsPart
    substitutes: _Substitutes
    handovers: continuity.HandoversPart = continuity.HandoversPart()
    retention: _Retention = _Retention()
    staff_moves: tuple[_StaffMove, ...] = ()
    choices: dict[str, Choosable] = {}
    reports: _Reports = _Reports()
    target_group: _TargetGroup = _TargetGroup()
    other_versions: tuple[str, ...] = ()
    closed_days: tuple[date, ...] = ()


def as_rules(file: File) -> Rules:
    return Rules(
        version=file.version,
        valid_from=file.valid_from,
        areas=tuple(Area(a.code, a.names, a.case_system, a.pattern, a.example, a.link) for a in file.areas),
        purposes=tuple(Purpose(p.code, p.names, p.words, p.needs_period) for p in file.purposes),
        measures=tuple(Named(m.code, m.names) for m in file.measures),
        checklists={
            kind.value: tuple(Point(p.code, p.group, p.by, p.only_under_18) for p in points)
            for kind, points in file.checklists.items()
        },
        retention=RetentionRules(**file.retention.model_dump()),
        substitutes=SubstituteRules(**file.substitutes.model_dump()),
        deadlines=Deadlines(**file.deadlines.model_dump()),
        frame=_frame(file.frame, file.frame),
        adult_frame=_frame(file.frame.adult, file.frame),
        agenda=AgendaRules(
            **{**file.agenda.model_dump(), "minutes": {k.value: v for k, v in file.agenda.minutes.items()}}
        ),
        deciding=DecidingRules(**file.deciding.model_dump()),
        working_days=WorkingDays(_closed_on(frozenset(file.closed_days))),
        roster=organisation.as_roster(file.roster),
        mode=file.mode,
        ages=organisation.as_ages(file.ages),
        tracks=organisation.as_tracks(file.tracks),
        anchoring=organisation.as_anchoring(file.anchoring, organisation.as_ages(file.ages)),
        plan=_plan(file.plan),
        closing=continuity.as_closing(file.closing),
        transitions=continuity.as_transitions(file.transitions),
        handovers=continuity.as_handovers(file.handovers),
        choices=Choices(**{name: tuple(c.code for c in offered) for name, offered in file.choices.items()}),
        own_words=tuple(
            OwnWord(WORDS[name], c.code, c.names["da"], c.names["en"])
            for name, offered in file.choices.items()
            for c in offered
            if c.names
        ),
        reports=ReportRules(**file.reports.model_dump()),
        target_group=TargetGroupRules(**file.target_group.model_dump()),
        staff_moves=tuple(StaffMove(m.code, m.names, m.fte, m.cases) for m in file.staff_moves),
    )


def _plan(part: _Plan) -> PlanRules:
    return PlanRules(
        questions=tuple(Question(q.code, q.kind.value, q.notify) for q in part.questions),
        adjustments=_names(part.adjustments),
        statutory=_names(part.statutory),
        standards=_names(part.standards),
        topics=_names(part.topics),
        smallest_cell=part.smallest_cell,
    )


def _names(parts: tuple[_Named, ...]) -> tuple[Named, ...]:
    return tuple(Named(p.code, p.names) for p in parts)


def _frame(part: _Range, told: _Frame) -> FrameRules:
    """A track has its own range; who is told when, and who is proposed to pay, is the same for all."""
    return FrameRules(
        Kroner.of(part.least),
        Kroner.of(part.most),
        told.told_at,
        told.controller_hears_after,
        told.payer_follows_anchor,
    )


def _closed_on(local: frozenset[date]) -> Any:
    @lru_cache(maxsize=400)
    def of_year(year: int) -> frozenset[date]:
        return frozenset(danish_closed_days(year))

    return lambda day: day in local or day in of_year(day.year)
