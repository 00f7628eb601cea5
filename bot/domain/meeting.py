"""Meetings, and the agenda that builds itself: items in order and time, and what each face of it may say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import instant
from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import AgendaRules, Rules


class MeetingState(StrEnum):
    PLANNED = "planned"
    IN_SESSION = "in_session"
    MINUTES = "minutes"  # held, the minutes wait for the chair
    APPROVED = "approved"
    CANCELLED = "cancelled"


MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.IN_SESSION, MeetingState.CANCELLED}),
    MeetingState.IN_SESSION: frozenset({MeetingState.MINUTES}),
    MeetingState.MINUTES: frozenset({MeetingState.APPROVED, MeetingState.IN_SESSION}),
    MeetingState.APPROVED: frozenset(),
    MeetingState.CANCELLED: frozenset({MeetingState.PLANNED}),  # undone within ten minutes (D35)
}


class MeetingOver(Refusal):
    """The meeting is past, cancelled or approved; facts: state."""


class MeetingFull(Refusal):
    """The item does not fit; facts: minutes, left."""

    default_field = "meeting"


class AgendaLocked(Refusal):
    """The material deadline has passed; only the chair lets an urgent item in (D32); facts: since."""


class ItemsUndecided(Refusal):
    """Closing never implies a decision (A7); facts: numbers."""


class ChangedMeanwhile(Refusal):
    """Somebody else saved first; facts: by, at."""


class OwnMinutes(Refusal):
    """Minutes are never approved by the one who recorded them (D19)."""


class SlotTaken(Refusal):
    """There is a meeting at that time already."""

    default_field = "day"


@dataclass(frozen=True)
class Meeting:
    """One row per meeting (D15); `day` and `starts` are local."""

    id: str
    committee: str
    day: date
    starts: time
    minutes: int
    room: str
    state: MeetingState = MeetingState.PLANNED
    extra: bool = False
    moved_from: date | None = None
    cancelled_reason: str | None = None
    cancelled_at: datetime | None = None
    started_at: datetime | None = None
    recorded_by: PersonId | None = None
    attending: tuple[PersonId, ...] = ()
    closed_at: datetime | None = None
    approved_by: PersonId | None = None
    approved_at: datetime | None = None
    posted_at: datetime | None = None
    posted_late: bool = False
    changed_at: datetime | None = None  # the last change after the post, for »Opdateret …«
    at_item: int = 0
    version: int = 0

    @property
    def begins(self) -> datetime:
        """The UTC instant at which it begins."""
        return instant(self.day, self.starts)

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(minutes=self.minutes)

    @property
    def ends_clock(self) -> time:
        return (datetime.combine(self.day, self.starts) + timedelta(minutes=self.minutes)).time()

    def moved(self, state: MeetingState) -> Meeting:
        if state not in MOVES[self.state]:
            raise MeetingOver(state=self.state, day=self.day)
        return replace(self, state=state)

    def is_ahead(self, at: datetime) -> bool:
        return self.state == MeetingState.PLANNED and at < self.ends


def material_deadline(meeting: Meeting, rules: Rules) -> datetime:
    """When the agenda locks: two working days before, at 12:00 (D15). A UTC instant."""
    day = rules.working_days.after(meeting.day, -rules.deadlines.material_days)
    return instant(day, rules.deadlines.material_clock)


def posting_time(meeting: Meeting, rules: Rules) -> datetime:
    """Monday 08:00 of the meeting's week, the working day before when that is closed (D7). A UTC instant.

    A meeting on the posting weekday itself, or earlier in the week, is posted the working day before it.
    """
    monday = meeting.day - timedelta(days=meeting.day.weekday())
    wanted = monday + timedelta(days=rules.agenda.post_weekday)
    if wanted >= meeting.day:
        wanted = meeting.day - timedelta(days=1)
    return instant(rules.working_days.on_or_before(wanted), rules.agenda.post_clock)


def preliminary_from(meeting: Meeting, rules: Rules) -> datetime:
    """From when members see the preliminary agenda: Thursday of the week before (D18). A UTC instant."""
    monday = meeting.day - timedelta(days=meeting.day.weekday())
    return instant(monday - timedelta(days=7 - rules.agenda.preliminary_weekday), time(0, 0))


SECTIONS: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("new", frozenset({Kind.NEW})),
    ("changes", frozenset({Kind.CHANGE, Kind.DOUBT, Kind.BACKGROUND_GROUP})),
    ("caseworker_and_frame", frozenset({Kind.CASEWORKER_CHANGE, Kind.FRAME_CHANGE})),
    ("follow_up", frozenset({Kind.FOLLOW_UP, Kind.CONTINUED_SUPPORT})),
    ("closing", frozenset({Kind.CLOSURE, Kind.ADVISORY, Kind.BRIEFING})),
)
"""The order of cases on an agenda (G2), and the headings of the closed face."""

BROAD_KINDS: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("new", frozenset({Kind.NEW})),
    ("follow_up", frozenset({Kind.FOLLOW_UP, Kind.CONTINUED_SUPPORT})),
)
"""The kinds the open face may count by name; all else is »øvrige« (D6)."""


def section_of(kind: Kind) -> str:
    return next(name for name, kinds in SECTIONS if kind in kinds)


@dataclass(frozen=True)
class Item:
    """A case on the agenda: its number, its time, and the presentation behind it."""

    number: int
    starts: time
    minutes: int
    presentation: Presentation
    fits: bool

    @property
    def section(self) -> str:
        return section_of(self.presentation.kind)


@dataclass(frozen=True)
class Agenda:
    """Fixed points 1 and 2, then the cases, then practice and the next meeting (G2)."""

    meeting: Meeting
    items: tuple[Item, ...]
    tasks_at: time
    cases_at: time
    practice_at: time
    next_at: time
    minutes_left: int  # negative: it runs over

    @property
    def first_number(self) -> int:
        return 3

    @property
    def practice_number(self) -> int:
        return self.first_number + len(self.items)

    @property
    def next_number(self) -> int:
        return self.practice_number + 1

    @property
    def ready_count(self) -> int:
        """How many need no more: ready, or discussion that needs no list (D18)."""
        return sum(_is_ready(i.presentation) for i in self.items)


def _is_ready(presentation: Presentation) -> bool:
    return presentation.state == "ready" or presentation.kind in (Kind.DOUBT, Kind.BRIEFING, Kind.ADVISORY)


def build_agenda(meeting: Meeting, presentations: tuple[Presentation, ...], rules: AgendaRules) -> Agenda:
    """The agenda as it stands: by section, or where the secretary moved an item (`position`)."""
    ordered = in_order(presentations)
    start = datetime.combine(meeting.day, meeting.starts)
    tasks_at = start + timedelta(minutes=rules.opening_minutes)
    cases_at = now = tasks_at + timedelta(minutes=rules.tasks_minutes)
    end = start + timedelta(minutes=meeting.minutes)
    closing = timedelta(minutes=2 * rules.practice_minutes)
    items = []
    for number, presentation in enumerate(ordered, start=3):
        length = minutes_of(presentation, rules)
        fits = now + timedelta(minutes=length) + closing <= end
        items.append(Item(number, now.time(), length, presentation, fits))
        now += timedelta(minutes=length)
    next_at = now + timedelta(minutes=rules.practice_minutes)
    left = int((end - next_at - timedelta(minutes=rules.practice_minutes)).total_seconds() // 60)
    return Agenda(meeting, tuple(items), tasks_at.time(), cases_at.time(), now.time(), next_at.time(), left)


def minutes_of(presentation: Presentation, rules: AgendaRules) -> int:
    return presentation.minutes or rules.minutes.get(presentation.kind, 15)


def in_order(presentations: tuple[Presentation, ...]) -> tuple[Presentation, ...]:
    """By section and time of wish, except that an item with a position stands there, counted from 1."""
    sections = [name for name, _ in SECTIONS]
    free = sorted(
        (p for p in presentations if p.position is None),
        key=lambda p: (sections.index(section_of(p.kind)), p.requested_at, p.id),
    )
    placed = sorted(
        (p for p in presentations if p.position is not None), key=lambda p: (p.position or 0, p.id)
    )
    for presentation in placed:
        free.insert(min((presentation.position or 1) - 1, len(free)), presentation)
    return tuple(free)


class Face(StrEnum):
    """What a post of the agenda may show (D6)."""

    CLOSED = "closed"
    OPEN = "open"
    NONE = "none"  # a guest, an outside share, an archived channel: no post at all


@dataclass(frozen=True)
class Totals:
    """What the open face may count: groups of at least three, else nothing but the whole."""

    all: int
    groups: tuple[tuple[str, int], ...]  # (broad kind, count); "other" last
    few: bool  # one or two cases: not even the count

    def counts(self) -> tuple[int, ...]:
        return tuple(n for _, n in self.groups)


def totals(kinds: tuple[Kind, ...], *, smallest: int) -> Totals:
    """Totals by kind, merged until every shown group has at least `smallest` (D6)."""
    count = len(kinds)
    if 0 < count < smallest:
        return Totals(count, (), few=True)
    named = [(name, sum(k in members for k in kinds)) for name, members in BROAD_KINDS]
    shown = [(name, n) for name, n in named if n >= smallest]
    rest = count - sum(n for _, n in shown)
    while shown and 0 < rest < smallest:
        rest += shown.pop()[1]
    if not shown:
        return Totals(count, (), few=False)
    return Totals(count, (*shown, *((("other", rest),) if rest else ())), few=False)


def involved_areas(presentation: Presentation) -> frozenset[AreaCode]:
    return frozenset({presentation.area, *(m.area for m in presentation.recommendation.measures)})
