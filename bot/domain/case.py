"""The case: its stages, the legal moves between them, and who follows it. No name, ever (D1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.contacts import Contact
from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId


class AgeBand(StrEnum):
    """15-17 by individual assessment, 18-29 the target group, 30 and over the adult track (X1)."""

    TEENS = "15-17"
    YOUTH = "18-29"
    ADULT = "30+"


class Stage(StrEnum):
    REGISTERED = "registered"
    IN_REFERRAL = "in_referral"
    DECIDED = "decided"
    ACTIVE = "active"
    CLOSED = "closed"
    NOT_REFERRED = "not_referred"
    OUT_OF_SCOPE = "out_of_scope"
    CANCELLED = "cancelled"
    ANONYMISED = "anonymised"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.REGISTERED: frozenset({Stage.IN_REFERRAL, Stage.CANCELLED, Stage.NOT_REFERRED}),  # T03, T02, R036
    Stage.IN_REFERRAL: frozenset(
        {
            Stage.DECIDED,  # T15
            Stage.NOT_REFERRED,  # T06
            Stage.OUT_OF_SCOPE,  # T16
            Stage.REGISTERED,  # T14
            Stage.CANCELLED,  # T02
            Stage.CLOSED,  # T14 after T30: over again, as before it came back
        }
    ),
    Stage.DECIDED: frozenset({Stage.ACTIVE}),  # T17
    Stage.ACTIVE: frozenset({Stage.CLOSED}),  # T28
    Stage.CLOSED: frozenset(
        {
            Stage.IN_REFERRAL,  # T30
            Stage.ANONYMISED,  # T31
        }
    ),
    Stage.NOT_REFERRED: frozenset({Stage.IN_REFERRAL, Stage.ANONYMISED}),  # T30; T06 undone
    Stage.OUT_OF_SCOPE: frozenset({Stage.IN_REFERRAL, Stage.ANONYMISED}),  # T30
    Stage.CANCELLED: frozenset({Stage.REGISTERED, Stage.ANONYMISED}),  # T02 undone within ten minutes (D35)
    Stage.ANONYMISED: frozenset(),
}

"""Why a registration was a mistake (T02)."""

OPEN_STAGES = frozenset({Stage.REGISTERED, Stage.IN_REFERRAL, Stage.DECIDED, Stage.ACTIVE})
CAN_COME_BACK = (Stage.CLOSED, Stage.NOT_REFERRED, Stage.OUT_OF_SCOPE)
"""Where a leader may open a case again (T30)."""


class CaseNotFound(Refusal):
    """No such case, or it belongs to others: one answer for both (D11)."""


class ReferenceTaken(Refusal):
    """The number is registered already; whose it is is not said (D23)."""

    default_field = "reference"


class CaseIsYours(Refusal):
    """The number is on an open case of one's own; facts: alias, key."""

    default_field = "reference"


class IllegalMove(Refusal):
    """The case is not where this step begins; facts: stage."""


class CancelReasonMissing(Refusal):
    """A registration is cancelled for a reason, by a code (T02)."""

    default_field = "reason"


class AliasTaken(Refusal):
    """Somebody chose the alias a moment ago."""

    default_field = "alias"


@dataclass(frozen=True)
class Hold:
    """Whoever answers for data protection has said that the case is kept beyond its time."""

    reason: str  # one of choices.hold
    by: PersonId
    at: datetime


@dataclass(frozen=True)
class Over:
    """How a case stood when it was opened again; so it stands once more if that is taken back (T14, T30)."""

    stage: Stage
    closed_on: date | None
    closed_for: str | None
    plan_choice: str | None
    plan_choice_on: date | None
    no_plan_reason: str | None


@dataclass(frozen=True)
class Case:
    id: str
    committee: str
    key: str  # "26-0042": year and number
    alias: str
    alias_category: str
    area: AreaCode  # where the case is anchored
    age_band: AgeBand  # what it is read by; a birthday moves nothing until it is treated anew (T26)
    registered_by: PersonId
    registered_at: datetime
    caseworker: PersonId  # who answers for the case now: the registering caseworker, then the fixed one
    stage: Stage = Stage.REGISTERED
    fixed_since: datetime | None = None  # None: the committee has appointed nobody yet (R050)
    accepted_at: datetime | None = None  # »Jeg tager sagen«; holds nothing up (T17)
    payer: AreaCode | None = None  # None until a decision; never moves by itself (R108)
    goals: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()  # quality standards the plan refers to (R010)
    plan_decided_on: date | None = None
    closed_on: date | None = None
    closed_for: str | None = None  # the criterion, or the other reason (R071)
    ending: str | None = None  # an other reason has been told: no reminder of the case any more
    cancelled_for: str | None = None  # one of choices.cancel_case (T02)
    rules_version: str = ""
    plan_choice: str | None = None  # yes or no to a joint plan; None: nobody has been asked (R036)
    plan_choice_on: date | None = None
    no_plan_reason: str | None = None  # one of choices.no_plan, or the adult's own choice (R037)
    complicated: bool = False  # especially so: what a background group is for (R065)
    group: tuple[Contact, ...] = ()  # the background group the committee has set up (T27, R065)
    contacts: tuple[Contact, ...] = ()  # other caseworkers by law; the entrance stays one (R109-R111)
    hold: Hold | None = None
    grown_to: AgeBand | None = None  # the band the citizen has come to since; None: still `age_band`
    earlier: tuple[Over, ...] = ()  # each time it was over before it came back, the oldest first
    practice: bool = False
    version: int = 0

    @property
    def band_now(self) -> AgeBand:
        """What the citizen is called by today: »den unge« or »borgeren«, an »ungeplan« or an »indsatsplan«."""
        return self.grown_to or self.age_band

    def aged(self, band: AgeBand | None) -> Case:
        """The words follow the age; the rules, the caseworker, the area and the payer stay (T26, R054)."""
        return replace(self, grown_to=band if band != self.age_band else None)

    @property
    def consent_missing(self) -> bool:
        """An adult who was asked for the committee has not said yes to a joint plan yet (R036, X11)."""
        asked_for = self.is_open and self.stage != Stage.REGISTERED
        return asked_for and self.age_band == AgeBand.ADULT and self.plan_choice != "yes"

    @property
    def endings(self) -> tuple[tuple[date, str | None], ...]:
        """Each day it was closed, and why; those before it came back as well (R071)."""
        before = [(over.closed_on, over.closed_for) for over in self.earlier]
        return tuple((day, why) for day, why in (*before, (self.closed_on, self.closed_for)) if day)

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    def moved(self, stage: Stage) -> Case:
        """Raises IllegalMove unless the table of moves allows it."""
        if stage not in MOVES[self.stage]:
            raise IllegalMove(stage=self.stage, wanted=stage)
        return replace(self, stage=stage)

    def cancelled(self, *, why: str | None, reasons: tuple[str, ...]) -> Case:
        """T02: registered by mistake, for one of `reasons`. Raises CancelReasonMissing, IllegalMove."""
        if why not in reasons:  # T02
            raise CancelReasonMissing
        return replace(self.moved(Stage.CANCELLED), cancelled_for=why)

    def requested(self) -> Case:
        """T03: asked for before anybody has decided; one that is over comes back by a leader's reopening alone (T30).

        The first treatment is by the age the citizen has come to (X1).
        """
        if self.stage != Stage.REGISTERED:
            raise IllegalMove(stage=self.stage, wanted=Stage.IN_REFERRAL)
        return replace(self.moved(Stage.IN_REFERRAL), age_band=self.band_now, grown_to=None)

    def not_asked_for(self) -> Case:
        """T14: the wish is taken back. A new case waits to be sent; one that had been over is over, as it was (T30)."""
        if not self.earlier:
            return self.moved(Stage.REGISTERED)
        before = self.earlier[-1]
        return replace(self.moved(before.stage), earlier=self.earlier[:-1], **vars(before))

    def activated(self, *, on: date, goals: tuple[str, ...], payer: AreaCode | None) -> Case:
        """T17: minutes approved, so the plan runs (R045: never without a plan and goals)."""
        return replace(self.moved(Stage.ACTIVE), plan_decided_on=on, goals=goals, payer=payer)

    def given_to(self, caseworker: PersonId, *, at: datetime) -> Case:
        """Appoints the fixed caseworker; only a committee decision may call this (R050, R057)."""
        return replace(self, caseworker=caseworker, fixed_since=at)

    @property
    def plan_is_history(self) -> bool:
        """What was decided before the case came back holds no more; a new plan holds when it is decided (T30)."""
        holds = (Stage.ACTIVE, Stage.CLOSED, Stage.ANONYMISED)
        return self.plan_decided_on is not None and self.stage not in holds

    @property
    def waits_to_be_taken(self) -> bool:
        """The fixed caseworker has not said »Jeg tager sagen« yet; nothing waits for it (T17)."""
        return self.is_open and self.fixed_since is not None and self.accepted_at is None

    @property
    def is_stilled(self) -> bool:
        """Somebody has died, moved or withdrawn: nothing about the case reminds anybody."""
        return self.ending is not None

    def closed(self, *, on: date, why: str) -> Case:
        """T28; what stilled the case is its reason now; its background group, and what it was for, end with it (T27)."""
        if self.stage != Stage.ACTIVE:
            raise IllegalMove(stage=self.stage, wanted=Stage.CLOSED)
        return replace(
            self.moved(Stage.CLOSED), closed_on=on, closed_for=why, ending=None, group=(), complicated=False
        )

    def reopened(self, *, presenter: PersonId) -> Case:
        """T30: the same case, alias and key; the committee appoints anew, and an adult is asked anew (R036)."""
        return replace(
            self.moved(Stage.IN_REFERRAL),
            caseworker=presenter,
            fixed_since=None,
            accepted_at=None,
            closed_on=None,
            closed_for=None,
            plan_choice=None,
            plan_choice_on=None,
            no_plan_reason=None,
            earlier=(
                *self.earlier,
                Over(
                    self.stage,
                    self.closed_on,
                    self.closed_for,
                    self.plan_choice,
                    self.plan_choice_on,
                    self.no_plan_reason,
                ),
            ),
        )


@dataclass(frozen=True)
class Reference:
    """A case's number in one area's own case system; sealed in storage, shown to that area only (D28)."""

    case_id: str
    area: AreaCode
    number: str
    link: str | None = None  # None: the system has no link template

    @property
    def tail(self) -> str:
        """The last four characters, as lists show them: …4711 (D29)."""
        return self.number[-4:]
