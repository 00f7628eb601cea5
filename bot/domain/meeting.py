"""Meetings, and the agenda that builds itself: items in order and time, and what each face of it may say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import instant
from bot.domain.case import AgeBand
from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Decision, Kind, Presentation, State
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


class PresenterAway(Refusal):
    """Whoever presents the item is away that day, and nobody stands in (T10); facts: name, day."""

    default_field = "meeting"


class NobodyFromArea(Refusal):
    """Of an area the item involves every member has sent regrets, and nobody stands in (T10); facts: area, day."""

    default_field = "meeting"


class TakeOffReasonMissing(Refusal):
    """An item goes off an agenda with a reason, which its presenter reads (T11)."""

    default_field = "reason"


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


class ClosedDay(Refusal):
    """Nobody is at work that day; facts: day, next (the working day after it)."""

    default_field = "day"


class NotAMember(Refusal):
    """Only who sits on the committee can send regrets, confirm a mandate, declare a conflict or ask before the meeting."""


class Disqualified(Refusal):
    """The member has declared a conflict on the item, and is shown nothing of it."""


class RecorderDisqualified(Refusal):
    """Who has declared a conflict on the item does not record it while somebody else can; facts: other (a name)."""


class NothingToConfirm(Refusal):
    """No item of the meeting waits for the member's mandate."""


class MeetingNotYet(Refusal):
    """A meeting starts on its day; facts: day."""


class MinutesApproved(Refusal):
    """Somebody has approved already; facts: by, at."""


@dataclass(frozen=True)
class Minuted:
    """An item as it stands in a version of the minutes: its number then, and the decision; never changed."""

    number: int
    presentation_id: str
    case_id: str
    kind: Kind
    decision: Decision
    written: bool = False  # decided in written procedure since the last meeting (D32)
    band: AgeBand | None = None  # what the citizen was called by then; None: as today


@dataclass(frozen=True)
class EarlierMinutes:
    """A version of the minutes that a later one has superseded; the first is the approved one (A7)."""

    record: tuple[Minuted, ...]
    attending: tuple[PersonId, ...]
    by: PersonId | None = None  # None: it is the approved one
    at: datetime | None = None


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
    record: tuple[Minuted, ...] = ()  # filled when the minutes are approved
    post_from: datetime | None = None  # an extra meeting's post never leaves before its undoing ends
    post_missed: bool = False  # it had begun before anything could be posted
    post_round: int = 0  # how often the post has been begun anew after it was removed
    undo_until: datetime | None = (
        None  # while a move, a cancellation or an extra meeting can be taken back (D35)
    )
    moved_at: datetime | None = None  # None: not moved, or told and done with
    was_day: date | None = None  # where it stood before the last move
    was_starts: time | None = None
    stand_ins: dict[PersonId, PersonId] = field(default_factory=dict)  # absent member -> alternate
    called: dict[PersonId, str] = field(
        default_factory=dict
    )  # to an extraordinary one: member -> "yes" or ""
    earlier: tuple[EarlierMinutes, ...] = ()  # superseded versions of the minutes, the approved one first
    amended_by: PersonId | None = None  # who made the version that stands; None: it is the approved one
    amended_at: datetime | None = None
    put_off: tuple[str, ...] = ()  # items proposed to be put off while the meeting ran late (A7)
    version: int = 0

    @property
    def minutes_version(self) -> int:
        return len(self.earlier) + 1

    @property
    def post_key(self) -> str:
        """The key of its one message in the committee's channel (D7)."""
        return f"agenda:{self.id}" + (f":{self.post_round}" if self.post_round else "")

    def may_be_undone(self, at: datetime) -> bool:
        return self.undo_until is not None and at <= self.undo_until

    @property
    def is_the_chairs_call(self) -> bool:
        """Added for something urgent: it goes with the chair's choice, and is not taken back by itself (D32)."""
        return self.extra and bool(self.called) and self.state == MeetingState.PLANNED and not self.moved_at

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
    deadline = instant(day, rules.deadlines.material_clock)
    if meeting.post_from and deadline <= meeting.post_from:
        return meeting.begins  # an extraordinary meeting is called at shorter notice (D32)
    return deadline


def is_locked(meeting: Meeting, rules: Rules, at: datetime) -> bool:
    return at >= material_deadline(meeting, rules)


class Stage(StrEnum):
    """How the post of an agenda stands (A11)."""

    PRELIMINARY = "preliminary"
    LOCKED = "locked"
    HELD = "held"
    CLEARED = "cleared"
    CANCELLED = "cancelled"


def clears_on(meeting: Meeting, rules: Rules) -> date:
    """The day on which nothing of the agenda is left in the channel (D34)."""
    return meeting.day + timedelta(days=rules.deadlines.channel_shows_days)


def stage_of(meeting: Meeting, rules: Rules, at: datetime) -> Stage:
    """A cancellation counts when it can no longer be undone: until then nobody has been told (A9)."""
    if meeting.state == MeetingState.CANCELLED and not meeting.may_be_undone(at):
        return Stage.CANCELLED
    if at >= instant(clears_on(meeting, rules), time(0, 0)):
        return Stage.CLEARED
    if at >= meeting.ends or meeting.state in (MeetingState.MINUTES, MeetingState.APPROVED):
        return Stage.HELD
    return Stage.LOCKED if is_locked(meeting, rules, at) else Stage.PRELIMINARY


def posting_time(meeting: Meeting, rules: Rules) -> datetime:
    """Monday 08:00 of the meeting's week, the working day before when that is closed (D7). A UTC instant.

    A meeting on the posting weekday itself, or earlier in the week, is posted the working day before it.
    """
    monday = meeting.day - timedelta(days=meeting.day.weekday())
    wanted = monday + timedelta(days=rules.agenda.post_weekday)
    if wanted >= meeting.day:
        wanted = meeting.day - timedelta(days=1)
    at = instant(rules.working_days.on_or_before(wanted), rules.agenda.post_clock)
    return max(at, meeting.post_from) if meeting.post_from else at


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

    def item(self, presentation_id: str) -> Item:
        """Raises LookupError when it does not stand on this agenda."""
        found = [i for i in self.items if i.presentation.id == presentation_id]
        if not found:
            raise LookupError(presentation_id)
        return found[0]

    def number_of(self, presentation_id: str) -> int:
        return self.item(presentation_id).number

    @property
    def ready_count(self) -> int:
        """How many need no more: ready, or discussion that needs no list (D18)."""
        return sum(is_ready(i.presentation) for i in self.items)


def is_ready(presentation: Presentation) -> bool:
    """Nothing more is needed before the meeting, or it has been decided; what was ready stays so when postponed (T12)."""
    needs_nothing = presentation.kind in (Kind.DOUBT, Kind.BRIEFING, Kind.ADVISORY)
    return needs_nothing or presentation.state == State.DECIDED or not presentation.for_discussion_only


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
    if presentation.in_writing:  # R140
        return 0
    return presentation.minutes or rules.minutes.get(presentation.kind, 15)


def in_order(presentations: tuple[Presentation, ...]) -> tuple[Presentation, ...]:
    """By section and time of wish, the items of one case together where the first of them stands, a closing last.

    An item with a position stands there, counted from 1; what comes to its case later stands right after it.
    """
    free = sorted((p for p in presentations if p.position is None), key=_by_section)
    placed = sorted(
        (p for p in presentations if p.position is not None), key=lambda p: (p.position or 0, p.id)
    )
    moved = {p.case_id for p in placed}
    ordered = _together([p for p in free if p.case_id not in moved])
    for presentation in placed:
        ordered.insert(min((presentation.position or 1) - 1, len(ordered)), presentation)
    for presentation in _together([p for p in free if p.case_id in moved]):
        last = max(at for at, other in enumerate(ordered) if other.case_id == presentation.case_id)
        ordered.insert(last + 1, presentation)
    return tuple(ordered)


def _by_section(presentation: Presentation) -> tuple[int, datetime, str]:
    sections = [name for name, _ in SECTIONS]
    return sections.index(section_of(presentation.kind)), presentation.requested_at, presentation.id


def _together(ordered: list[Presentation]) -> list[Presentation]:
    """Each case where its first item stands, with the others after it."""
    cases: dict[str, list[Presentation]] = {}
    for presentation in ordered:
        cases.setdefault(presentation.case_id, []).append(presentation)
    return [p for of_one in cases.values() for p in sorted(of_one, key=lambda p: p.kind == Kind.CLOSURE)]


class Face(StrEnum):
    """What a post of the agenda may show (D6)."""

    CLOSED = "closed"
    OPEN = "open"
    NONE = "none"  # a guest, an outside share, an archived channel: no post at all


class Blocked(StrEnum):
    """Why a channel has no post (D6)."""

    GUEST = "guest"
    SHARED = "shared"
    ARCHIVED = "archived"
    GONE = "gone"
    DELETED = "deleted"  # the post, and not the channel: somebody has taken it away in Slack


def blocked_by(*, exists: bool, archived: bool, shared_outside: bool, guests: bool) -> Blocked | None:
    """The gravest reason; None when the channel may have a post."""
    reasons = (
        (not exists, Blocked.GONE),
        (archived, Blocked.ARCHIVED),
        (shared_outside, Blocked.SHARED),
        (guests, Blocked.GUEST),
    )
    return next((why for is_so, why in reasons if is_so), None)


def face_of(*, blocked: bool, private: bool, outside: bool) -> Face:
    """`outside`: somebody is there who is not on the roster, nor its chair or secretary."""
    if blocked:
        return Face.NONE
    return Face.CLOSED if private and not outside else Face.OPEN


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


def reordered(ids: tuple[str, ...], moving: str, to: int) -> tuple[str, ...]:
    """`moving` stands at place `to`, counted from 0; the others keep their order."""
    others = [i for i in ids if i != moving]
    others.insert(max(0, min(to, len(others))), moving)
    return tuple(others)


def involved_areas(presentation: Presentation) -> frozenset[AreaCode]:
    return frozenset({presentation.area, *(m.area for m in presentation.recommendation.measures)})


class NobodyCalled(Refusal):
    """An extraordinary meeting has somebody to decide at it (D32)."""

    default_field = "called"
