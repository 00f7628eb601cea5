"""One treatment in the committee, from wish to decision."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.contacts import Contact
from bot.domain.errors import Refusal
from bot.domain.item_question import ItemQuestion
from bot.domain.money import Kroner
from bot.domain.people import AreaCode, Person, PersonId


class Kind(StrEnum):
    NEW = "new"
    FOLLOW_UP = "follow_up"
    CHANGE = "change"
    DOUBT = "doubt"
    CASEWORKER_CHANGE = "caseworker_change"
    FRAME_CHANGE = "frame_change"
    BACKGROUND_GROUP = "background_group"
    CLOSURE = "closure"
    CONTINUED_SUPPORT = "continued_support"
    ADVISORY = "advisory"
    BRIEFING = "briefing"


class State(StrEnum):
    REQUESTED = "requested"
    RETURNED = "returned"
    DECLINED = "declined"
    REFERRED = "referred"
    READY = "ready"
    POSTPONED = "postponed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


MOVES: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset(
        {State.RETURNED, State.DECLINED, State.REFERRED, State.WITHDRAWN}
    ),  # T04 T06 T07 T14
    State.RETURNED: frozenset({State.REQUESTED, State.WITHDRAWN}),  # T05 T14
    State.REFERRED: frozenset(
        {State.READY, State.WITHDRAWN, State.POSTPONED, State.DECIDED, State.REQUESTED}
    ),
    State.READY: frozenset(
        {State.REFERRED, State.POSTPONED, State.DECIDED, State.WITHDRAWN}
    ),  # T09 T12 T15 T14
    State.POSTPONED: frozenset({State.READY, State.REFERRED, State.DECIDED, State.WITHDRAWN}),  # T13
    State.DECLINED: frozenset({State.REQUESTED}),  # undone within ten minutes (D35)
    State.DECIDED: frozenset(),
    State.WITHDRAWN: frozenset({State.REQUESTED}),  # undone within ten minutes
}
"""REFERRED -> REQUESTED is the leader's own undo (D35); REFERRED -> DECIDED is an item »til drøftelse« (D18)."""

ATTESTED = frozenset(
    {Kind.NEW, Kind.CHANGE, Kind.FRAME_CHANGE, Kind.CASEWORKER_CHANGE, Kind.BACKGROUND_GROUP}
)
"""Kinds a leader attests, and is told about when nothing is missing any more; a follow-up and a closing attest themselves."""

OPEN_STATES = frozenset({State.REQUESTED, State.RETURNED, State.REFERRED, State.READY, State.POSTPONED})
CAN_STAND_ON_AN_AGENDA = frozenset({State.REFERRED, State.READY, State.POSTPONED})

NOT_EXCLUDED = "not_excluded"
CRITERIA = (  # in the order people read them
    "complex",  # R029
    "joint_plan",  # R030
    "perspective",  # R031, R034
    NOT_EXCLUDED,  # R035
)
QUESTIONS = ("plan", "caseworker", "frame", "follow_up")
GOALS = (
    "education",
    "employment",
    "income_basis",  # R049
)
"""What a plan may aim at, and no fourth thing."""
PROGRESS = ("on_track", "reached", "stalled", "must_change")
OWN_VIEWS = ("conversation", "written", "declined", "not_yet")
PARTICIPATION = ("took_part", "heard_in_conversation", "heard_in_writing", "declined", "other")
FOLLOW_UP_OUTCOMES = ("unchanged", "adjusted", "new_frame", "close")


@dataclass(frozen=True)
class Measure:
    """What shall be done, by which area (R011). The words live in the case system."""

    code: str
    area: AreaCode
    price: Kroner | None = None  # None: not priced
    start_on: date | None = None  # None: the default, five working days after the meeting


@dataclass(frozen=True)
class Stop:
    """A running measure that shall end: its task, and what it is, so that it can be said."""

    task: str
    code: str
    area: AreaCode


@dataclass(frozen=True)
class FrameTerms:
    """The frame as proposed or decided. An amount of zero is an explicit »ingen ramme« (T15)."""

    amount: Kroner
    purposes: tuple[str, ...]
    payer: AreaCode
    outside_reason: str | None = None  # None: inside the usual range (R061)


@dataclass(frozen=True)
class Recommendation:
    """The »indstilling« as data, entered before the meeting (D30)."""

    goals: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    caseworker: PersonId | None = None
    caseworker_asked_at: datetime | None = None
    caseworker_said_yes_at: datetime | None = None
    caseworker_said_no_at: datetime | None = None
    yes_on_behalf_by: PersonId | None = None  # the leader, »har sagt ja mundtligt« (A7)
    frame: FrameTerms | None = None
    follow_up_on: date | None = None
    progress: dict[str, str] = field(default_factory=dict)  # goal -> how it goes (follow-up)
    outcome: str | None = None  # one of FOLLOW_UP_OUTCOMES
    closing: str | None = None  # one of CLOSING_CRITERIA
    handover_on: date | None = None  # a change of caseworker: from this day (T24)
    overlap_days: int = 0  # so long before, the new one follows the case beside the old one (T24)
    change_reason: str | None = None  # one of choices.change_caseworker
    group: tuple[Contact, ...] = ()  # a background group: roles and areas only (T27)
    group_ends: bool = False
    support_reason: str | None = None  # why support goes on though a criterion is met (R072)
    stops: tuple[Stop, ...] = ()  # running measures that shall end
    keep_frame: bool = False  # the open frame goes on as it is (a change)
    payer: AreaCode | None = None  # who pays from now on, when the frame goes on; None: as before
    standards: tuple[str, ...] = ()  # quality standards used (R010)


@dataclass(frozen=True)
class Tick:
    """A point of the checklist, done: by whom, when, and how where there is a how."""

    by: PersonId
    at: datetime
    how: str | None = None


@dataclass(frozen=True)
class Returned:
    """T04: what the leader found missing, and what has been answered since."""

    by: PersonId
    at: datetime
    missing: tuple[str, ...]
    answered: tuple[str, ...] = ()

    @property
    def open_items(self) -> tuple[str, ...]:
        return tuple(m for m in self.missing if m not in self.answered)


@dataclass(frozen=True)
class Declined:
    """T06: the reason, the area that answers now, and whom to ask there: nobody falls between two chairs."""

    by: PersonId
    at: datetime
    reason: str
    area: AreaCode
    contact: PersonId

    @classmethod
    def because(
        cls,
        reasons: tuple[str, ...],
        *,
        by: PersonId,
        at: datetime,
        reason: str | None,
        area: AreaCode | None,
        contact: PersonId | None,
    ) -> Declined:
        """Raises DeclineIncomplete on the field that says nothing."""
        if reason not in reasons:  # T06, R019
            raise DeclineIncomplete(field="reason")
        if not area or not contact:
            raise DeclineIncomplete(field="contact" if area else "area")
        return cls(by, at, reason, area, contact)


@dataclass(frozen=True)
class Decision:
    """What the committee decided on one item, as recorded (D30); approved only with the minutes (D19)."""

    choice: str  # as_recommended | changed | postponed | out_of_scope | discussed; "" in a draft without one
    participation: str | None = None
    participation_reason: str | None = None  # with "other": why there is none (R047)
    final: Recommendation | None = None  # the recommendation with the changes in it
    changed_points: tuple[str, ...] = ()
    reservations: tuple[PersonId, ...] = ()
    reservation_points: tuple[str, ...] = ()  # the points they concern; none named: the whole decision (R132)
    dissent: tuple[PersonId, ...] = ()  # who was against; the others are the majority (R133)
    conflicted: tuple[PersonId, ...] = ()
    without_mandate: tuple[PersonId, ...] = ()
    reason: str | None = None  # postponed or out of scope
    to_meeting: str | None = None
    area: AreaCode | None = None  # who answers now, when out of scope
    contact: PersonId | None = None
    recorded_by: PersonId = ""
    recorded_at: datetime | None = None
    complete: bool = False  # False: a draft, saved at each press
    adopted_from: str | None = (
        None  # one of choices.adopted_from: their recommendation is the decision (R143)
    )
    also: tuple[str, ...] = ()  # which of reservation, conflict and mandate are unfolded
    revision: int = 0  # counts every save, so that two people at once are noticed (A7)


class NotReady(Refusal):
    """»Velbelyst« is impossible with gaps; facts: missing (point codes)."""


class DeclineIncomplete(Refusal):
    """A no has a reason, an area that answers now, and somebody to ask there (T06)."""


class LeaderConflicted(Refusal):
    """The leader has said that they are disqualified; another one answers (T07)."""


class OwnRequest(Refusal):
    """Nobody refers their own request (D3)."""


class AlreadySettled(Refusal):
    """Somebody has decided; facts: state, by, at."""


class GoalUnknown(Refusal):
    """A plan aims at education, work or a clarified income, and at no fourth thing (R049)."""

    default_field = "goals"


def expect_known_goals(goals: tuple[str, ...]) -> None:
    """Raises GoalUnknown."""
    if not set(goals) <= set(GOALS):
        raise GoalUnknown


class CriteriaMissing(Refusal):
    """The four criteria are what makes it the committee's case; facts: missing."""

    default_field = "criteria"


class AssessmentMissing(Refusal):
    """15-17 needs an individual assessment by a named professional (R038, R039)."""

    default_field = "assessed_by"


class ConsentMissing(Refusal):
    """An adult chooses a joint plan: yes, no or not yet, and nobody else answers for them (R036)."""

    default_field = "consent"


class ConsentDateMissing(Refusal):
    default_field = "consent_on"


class UrgentReasonMissing(Refusal):
    default_field = "urgent_reason"


class PresentationOpen(Refusal):
    """The case already has one of this kind under way."""


class ItemsUnanswered(Refusal):
    """Sending again needs an answer to each missing item (T05); facts: missing."""

    default_field = "answered"


class TooLateToUndo(Refusal):
    """Ten minutes have passed, or somebody has built on it (D35)."""


@dataclass(frozen=True)
class Presentation:
    id: str
    case_id: str
    committee: str
    kind: Kind
    area: AreaCode  # whose leader answers for it
    requested_by: PersonId
    requested_at: datetime
    state: State = State.REQUESTED
    criteria: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    urgent_reason: str | None = None  # None: can wait for its turn
    urgent_asked_by: PersonId | None = (
        None  # who said so later; None: it was said with the request, or not at all
    )
    urgent_round: int = 0  # how often it was taken back; said again, the chair hears it anew
    urgent_choice: str | None = (
        None  # what the chair chose (D32): extra_item, extra_meeting, written, can_wait
    )
    urgent_wait_reason: str | None = None  # one of choices.wait
    urgent_meeting: str | None = None  # the meeting the chair chose for it
    urgent_by: PersonId | None = None
    urgent_at: datetime | None = None
    assessed_by: str | None = None  # code of the professional role
    advice: str | None = (
        None  # in advisory mode: open, followed or set_aside (R107); None: a deciding committee
    )
    exemption: str | None = None  # why the committee is asked though it is obviously without prospect (R035)
    consent_on: date | None = None
    answer_by: date | None = None
    passed_on_at: datetime | None = None
    conflicted_leaders: tuple[PersonId, ...] = ()  # who leave the referral to another leader (T07)
    settled_by: PersonId | None = None
    settled_at: datetime | None = None
    undo_until: datetime | None = None
    collector: PersonId | None = None  # who gathers the information (default: who asked)
    returned: Returned | None = None
    declined: Declined | None = None
    ticks: dict[str, Tick] = field(default_factory=dict)
    area_status: dict[AreaCode, date] = field(default_factory=dict)
    recommendation: Recommendation = field(default_factory=Recommendation)
    ready_by: PersonId | None = None
    ready_at: datetime | None = None
    meeting_id: str | None = None
    position: int | None = None  # None: where its kind puts it
    minutes: int | None = None  # None: the rule's default for its kind
    late_at: datetime | None = None  # added after the lock
    date_moved: int = 0  # how often a follow-up has got another date (D10)
    decision: Decision | None = None
    approved_at: datetime | None = None
    rules_version: str = ""
    reasons: tuple[str, ...] = ()  # the questions of B7 that were answered with »ja« or »ved ikke«
    asked: tuple[ItemQuestion, ...] = ()  # by members before the meeting (R125)
    in_writing: bool = False  # a briefing that is read, not talked through (R140)
    read_by: tuple[PersonId, ...] = ()
    matters: tuple[str, ...] = ()  # the measures it is about; none named: the whole plan (R069)
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def for_discussion_only(self) -> bool:
        """An item that is not ready may only be discussed (D18); doubt always is."""
        return self.kind == Kind.DOUBT or not (self.state == State.READY or self._was_ready)

    @property
    def _was_ready(self) -> bool:
        """Postponed for another reason than missing information: it is as ready as it was (T13)."""
        return self.state == State.POSTPONED and self.ready_at is not None  # T13

    @property
    def in_written_procedure(self) -> bool:
        """The members are answering one by one; meanwhile it stands on no agenda (D32)."""
        return self.urgent_choice == "written" and self.urgent_meeting is None and self.is_open

    def is_unanswered(self, today: date) -> bool:
        """Nobody has answered by its day, and it has not gone on yet."""
        late = self.answer_by is not None and today > self.answer_by
        return self.state == State.REQUESTED and self.passed_on_at is None and late

    def may_be_hurried_by(self, person: Person, *, acts: bool) -> bool:
        """Whoever asked, who has the case today (`acts`), and its leader; a follow-up has a date of its own (D32)."""
        theirs = acts or person.id == self.requested_by or person.leads(self.area)
        return theirs and self.is_open and self.urgent_reason is None and self.kind != Kind.FOLLOW_UP

    def urgent_key(self, chair: PersonId) -> str:
        """Of the chair's message: one for each time it is said to be urgent."""
        again = f":{self.urgent_round}" if self.urgent_round else ""
        return f"urgent:{self.id}:{chair}{again}"

    @property
    def may_be_taken_back(self) -> bool:
        """A referral on which nothing is built: no agenda, no mark, no members answering (T07, D35)."""
        waits = self.kind == Kind.NEW and self.state == State.REFERRED
        return waits and self.meeting_id is None and not self.in_written_procedure

    def mark_may_be_taken_by(self, person: Person) -> bool:
        """T09: by a leader of its area, or whoever runs its meetings, while it is ready by a leader's mark."""
        return self.is_marked and (person.leads(self.area) or person.runs(self.committee))

    @property
    def is_marked(self) -> bool:
        return self.state == State.READY and self.kind in ATTESTED

    @property
    def may_stand_on_an_agenda(self) -> bool:
        return self.state in CAN_STAND_ON_AN_AGENDA

    def moved(self, state: State) -> Presentation:
        """Raises AlreadySettled, with who and when, unless the table of moves allows it."""
        if state not in MOVES[self.state]:
            raise AlreadySettled(state=self.state, by=self.settled_by, at=self.settled_at)
        return replace(self, state=state)

    def settled(
        self, state: State, *, by: PersonId, at: datetime, undo_until: datetime | None
    ) -> Presentation:
        return replace(self.moved(state), settled_by=by, settled_at=at, undo_until=undo_until)

    def tick(self, point: str, *, by: PersonId, at: datetime, how: str | None = None) -> Presentation:
        return replace(self, ticks={**self.ticks, point: Tick(by, at, how)})

    def untick(self, point: str) -> Presentation:
        return replace(self, ticks={k: v for k, v in self.ticks.items() if k != point})
