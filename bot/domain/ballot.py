"""Written procedure (»skriftlig behandling«): the members answer one by one before a deadline, without a meeting (D32)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.meeting import Minuted
from bot.domain.people import PersonId
from bot.domain.presentation import Decision, Kind


class Answer(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    MEETING = "meeting"  # »tag det på mødet«


class BallotState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"  # everybody has said yes; it waits for the chair, or for the next minutes
    APPROVED = "approved"
    TO_MEETING = "to_meeting"
    WITHDRAWN = "withdrawn"  # the chair took it back before anybody was told


MOVES: dict[BallotState, frozenset[BallotState]] = {
    BallotState.OPEN: frozenset({BallotState.AGREED, BallotState.TO_MEETING, BallotState.WITHDRAWN}),
    BallotState.AGREED: frozenset({BallotState.APPROVED}),
    BallotState.APPROVED: frozenset(),
    BallotState.TO_MEETING: frozenset(),
    BallotState.WITHDRAWN: frozenset(),
}

DISAGREED, WANTS_MEETING, TOO_LATE, NOBODY_LEFT = "disagreed", "wants_meeting", "too_late", "nobody_left"
"""Why a written procedure goes on to the next meeting instead."""


class BallotOff(Refusal):
    """The municipality has not allowed written procedure (a rule, off by default)."""


class BallotNeedsReady(Refusal):
    """Only what is ready can be decided without a meeting (R021)."""


class BallotLacksArea(Refusal):
    """An area would have no say: its member is away or disqualified and has no alternate; facts: area."""


class BallotOver(Refusal):
    """It has been decided, or the deadline has passed; facts: at."""


class NotAsked(Refusal):
    """Only who was asked answers."""


@dataclass(frozen=True)
class Vote:
    """What one member said, and when they said it last."""

    answer: Answer
    at: datetime


@dataclass(frozen=True)
class Ballot:
    """One item in written procedure. `decision` is complete from the start: the recommendation, as it was sent out."""

    id: str
    presentation_id: str
    case_id: str
    committee: str
    kind: Kind
    deadline: datetime
    asked_by: PersonId
    asked_at: datetime
    decision: Decision
    voters: tuple[PersonId, ...]
    votes: dict[PersonId, Vote] = field(default_factory=dict)
    stand_ins: dict[PersonId, PersonId] = field(default_factory=dict)  # member -> the alternate asked instead
    conflicted: tuple[PersonId, ...] = ()
    state: BallotState = BallotState.OPEN
    why: str | None = None  # why it went to the meeting
    settled_at: datetime | None = None
    approved_by: PersonId | None = None
    approved_at: datetime | None = None
    meeting_id: str | None = (
        None  # where its item stood before, the next meeting's when approved, or that takes it over
    )
    minuted_in: str | None = None  # the meeting whose approved minutes hold it
    version: int = 0

    @property
    def missing(self) -> tuple[PersonId, ...]:
        """Who has not answered yet."""
        return tuple(v for v in self.voters if v not in self.votes)

    @property
    def agreed(self) -> int:
        return sum(v.answer == Answer.AGREE for v in self.votes.values())

    @property
    def all_agree(self) -> bool:
        return bool(self.voters) and self.agreed == len(self.voters)

    def moved(self, state: BallotState) -> Ballot:
        """Raises BallotOver unless the table of moves allows it."""
        if state not in MOVES[self.state]:
            raise BallotOver(at=self.settled_at or self.deadline)
        return replace(self, state=state)

    def answered(self, person: PersonId, answer: Answer, at: datetime) -> Ballot:
        """A new answer replaces the old one, as long as nothing is decided. Raises NotAsked, BallotOver."""
        if person not in self.voters:
            raise NotAsked
        self._expect_open(at)
        return replace(self, votes={**self.votes, person: Vote(answer, at)})

    def withdrawn_answer(self, person: PersonId, at: datetime) -> Ballot:
        """*Fortryd*: as if they had not answered. Raises NotAsked, BallotOver."""
        if person not in self.voters:
            raise NotAsked
        self._expect_open(at)
        return replace(self, votes={p: v for p, v in self.votes.items() if p != person})

    def replaced(self, person: PersonId, stand_in: PersonId | None, at: datetime) -> Ballot:
        """A disqualified member goes out; the alternate, if there is one, is asked instead (R013)."""
        left = self.withdrawn_answer(person, at)
        voters = tuple(v for v in left.voters if v != person)
        stand_ins = left.stand_ins
        if stand_in:
            voters, stand_ins = (*voters, stand_in), {**stand_ins, person: stand_in}
        return replace(left, voters=voters, stand_ins=stand_ins, conflicted=(*left.conflicted, person))

    def outcome(self, at: datetime, *, undo: timedelta) -> tuple[BallotState, str | None] | None:
        """What has come of it, once the last answer can no longer be undone (D35); None while it goes on.

        Everybody agreed in time: decided as recommended. One other answer, or silence at the deadline: next meeting.
        """
        if self.state != BallotState.OPEN:
            return None
        other = next((v for v in self.votes.values() if v.answer != Answer.AGREE), None)
        if other:
            why = DISAGREED if other.answer == Answer.DISAGREE else WANTS_MEETING
            return self._when(other.at, at, undo, BallotState.TO_MEETING, why)
        if self.all_agree:
            last = max(v.at for v in self.votes.values())
            return self._when(last, at, undo, BallotState.AGREED, None)
        return (BallotState.TO_MEETING, TOO_LATE) if at >= self.deadline else None

    def _when(
        self, said: datetime, at: datetime, undo: timedelta, state: BallotState, why: str | None
    ) -> tuple[BallotState, str | None] | None:
        over = at > said + undo or at >= self.deadline
        return (state, why) if over else None

    def _expect_open(self, at: datetime) -> None:
        if self.state != BallotState.OPEN or at >= self.deadline:
            raise BallotOver(at=self.settled_at or self.deadline)


def minuted_ballot(ballot: Ballot) -> Minuted:
    """As it stands under point 2 of the next minutes: »skriftlig behandling siden sidst«."""
    return Minuted(2, ballot.presentation_id, ballot.case_id, ballot.kind, ballot.decision, written=True)
