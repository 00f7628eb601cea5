"""The municipality's rules, as the domain reads them: dated data, never constants (D8).

The council chose "a model still to be designed" (R114), so everything that could be decided otherwise stands here.
`bot/rules` reads and checks the file; this module only says what a rule set is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property

from bot.domain.anchoring import AnchorRules
from bot.domain.calendar import WorkingDays
from bot.domain.choices import Choices, OwnWord
from bot.domain.closing import ClosingRules
from bot.domain.committee import MemberWindow
from bot.domain.contacts import HandoverRules
from bot.domain.money import Kroner
from bot.domain.people import AreaCode
from bot.domain.retention import RetentionRules
from bot.domain.substitute import SubstituteRules
from bot.domain.tracks import Ages, Mode, RosterRules, Track, TrackRules


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
    example: str | None = None  # one that fits the pattern, for whoever's did not
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
    days_to_meeting: int = (
        14  # calendar days from the request: a target that is reported, never enforced (X9)
    )
    weeks_to_next: int = 12  # about when the next follow-up is proposed (A6)
    move_weeks_alone: int = 4  # the secretary may move a follow-up this far without the committee (D10)
    reminders: tuple[int, ...] = (14, 7, 2, 0)
    leader_reminded_after: int = 3
    chair_sees_after: int = 7
    channel_shows_days: int = 14  # calendar days until the closed face is cleared (D6)
    member_sees_days: int = (
        14  # calendar days after a meeting on which a member sees its cases (privacy matrix)
    )
    status_lasts_days: int = 92  # calendar days: a status from an area is fresh for three months (B6 point 4)
    dm_shows_days: int = 30
    check_clock: time = time(7, 0)  # nobody between two chairs: looked at each working day (T32)


@dataclass(frozen=True)
class FrameRules:
    least: Kroner  # outside least..most a reason is needed (R061)
    most: Kroner
    told_at: tuple[int, ...] = (80, 100)  # per cent, by message; lower marks stand in Home (D9)
    controller_hears_after: int = (
        7  # calendar days: a correction of an older entry is told to the controller (T19)
    )
    payer_follows_anchor: bool = False

    def proposed_payer(self, *, anchored: AreaCode, paying: AreaCode | None) -> AreaCode:
        """Who is proposed to pay from the next decision on; nobody's payment moves before it (R108)."""
        return (
            paying
            if paying and not self.payer_follows_anchor  # R108
            else anchored
        )


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
class DecidingRules:
    """How the committee may decide beside a meeting (D32), and when missing mandates are asked for (R013)."""

    written_procedure: bool = False  # off until the municipality says yes
    written_days: int = 2  # working days until the deadline of a written procedure
    mandates_before_hours: int = 48
    two_persons: bool = True  # nobody answers their own request as its leader (T07, D3)
    consent_first: bool = True  # no plan is decided for an adult who has not said yes to one (R036)


@dataclass(frozen=True)
class TargetGroupRules:
    """Whether those of 15 to 17 can be included at all, by an individual assessment (R038)."""

    teens: bool = True


@dataclass(frozen=True)
class Retired:
    """What other versions of the file name and this one does not: nobody can choose it, old decisions can be read."""

    areas: tuple[Area, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    measures: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Question:
    """One of the questions that tell a minor adjustment from a significant change (B7)."""

    code: str
    leads_to: str  # the kind of presentation a »ja« asks for
    notify: bool = False  # then also: remember the duty to notify


@dataclass(frozen=True)
class PlanRules:
    """What a plan refers to, how it may be adjusted, and what practice is written about (R010, R012, R053, R070)."""

    questions: tuple[Question, ...] = ()
    adjustments: tuple[Named, ...] = ()
    statutory: tuple[Named, ...] = ()
    standards: tuple[Named, ...] = ()
    topics: tuple[Named, ...] = ()
    smallest_cell: int = 5

    def named(self, code: str) -> Named:
        """By code; a code of an older file is said as it is."""
        known = (*self.adjustments, *self.statutory, *self.standards, *self.topics)
        return next((n for n in known if n.code == code), Named(code, {"da": code}))


@dataclass(frozen=True)
class AgePassage:
    """An age that is prepared for; `marks` are months before it, and negative ones months after."""

    age: int
    marks: tuple[int, ...]

    @property
    def code(self) -> str:
        return f"age_{self.age}"


@dataclass(frozen=True)
class TransitionRules:
    """Which passages are watched, how long before, and what belongs on their list (R041, R054, R105, T26)."""

    ages: tuple[AgePassage, ...] = (
        AgePassage(18, (24, 12, 6, 3, 0, -6)),
        AgePassage(25, (0,)),  # R025
        AgePassage(30, (6, 1, 0)),
    )
    kinds: tuple[Named, ...] = ()
    kind_marks: tuple[int, ...] = (6, 3, 0)
    checklist: tuple[Named, ...] = ()
    only_under_18: tuple[str, ...] = ()

    def point(self, code: str) -> Named:
        """By code; a code of an older file is said as it is."""
        return next((p for p in self.checklist if p.code == code), Named(code, {"da": code}))

    def kind(self, code: str) -> Named | None:
        """None: an age, or a change of area, which have words of their own."""
        return next((k for k in self.kinds if k.code == code), None)


@dataclass(frozen=True)
class ReportRules:
    """What a report is about unless somebody names something else (R128, R129)."""

    months: int = 12  # the period of an evaluation, until the day it is made
    before: str = "forslag_1"  # the rule set of the earlier day of a case count
    after: str = "forslag_2"  # and of the day itself


@dataclass(frozen=True)
class StaffMove(Named):
    """Staff, or a budget for staff, that moved with the cases (R094-R097). `cases` is the group that moved with it."""

    fte: int = 0  # full-time equivalents
    cases: str | None = None  # "youth" or "adults"; None: no caseworkers, so no cases each


@dataclass(frozen=True)
class Rules:
    version: str
    valid_from: date  # R126: as far ahead as those it concerns must be told
    areas: tuple[Area, ...]
    purposes: tuple[Purpose, ...]
    measures: tuple[Named, ...]
    checklists: dict[str, tuple[Point, ...]]
    deadlines: Deadlines
    frame: FrameRules
    adult_frame: FrameRules
    agenda: AgendaRules
    working_days: WorkingDays
    anchoring: AnchorRules
    tracks: dict[Track, TrackRules]
    roster: RosterRules = RosterRules()
    ages: Ages = Ages()
    mode: Mode = Mode.COMMITTEE
    deciding: DecidingRules = DecidingRules()
    retired: Retired = Retired()
    substitutes: SubstituteRules = SubstituteRules()
    plan: PlanRules = PlanRules()
    closing: ClosingRules = ClosingRules()
    transitions: TransitionRules = TransitionRules()
    handovers: HandoverRules = HandoverRules()
    retention: RetentionRules = RetentionRules()
    staff_moves: tuple[StaffMove, ...] = ()
    choices: Choices = Choices()
    own_words: tuple[OwnWord, ...] = ()  # of the codes in `choices` that the municipality added
    reports: ReportRules = ReportRules()
    target_group: TargetGroupRules = TargetGroupRules()

    @property
    def member_window(self) -> MemberWindow:
        return MemberWindow(self.deadlines.member_sees_days, self.agenda.preliminary_weekday)

    def area(self, code: str) -> Area:
        """One that no version names is said by its code: the case that is anchored there can be seen, and moved (T32)."""
        known = (a for a in (*self.areas, *self.retired.areas) if a.code == code)
        return next(known, Area(code, {"da": code}))

    def purpose(self, code: str) -> Purpose:
        return next(p for p in (*self.purposes, *self.retired.purposes) if p.code == code)

    def measure(self, code: str) -> Named:
        return next(m for m in (*self.measures, *self.retired.measures) if m.code == code)

    def frame_of(self, track: Track) -> FrameRules:
        """The usual range of a frame in a track (R061, X14)."""
        return self.adult_frame if track == Track.ADULT else self.frame

    def in_track(self, track: Track) -> Rules:
        """The same rules as a case of this track reads them: its areas to choose among, its usual frame."""
        if track not in self._in_tracks:
            self._in_tracks[track] = self._read_in(track)
        return self._in_tracks[track]

    @cached_property
    def _in_tracks(self) -> dict[Track, Rules]:
        return {}

    def _read_in(self, track: Track) -> Rules:
        chosen = self.areas_of(track)
        others = tuple(a for a in self.areas if a not in chosen)
        retired = replace(self.retired, areas=(*others, *self.retired.areas))
        return replace(self, areas=chosen, frame=self.frame_of(track), retired=retired)

    def areas_of(self, track: Track) -> tuple[Area, ...]:
        """The areas that take part in a track, in the file's order (R001, R016)."""
        return tuple(
            area
            for area in self.areas
            if area.code in self.tracks[track].areas  # R001, R016
        )
