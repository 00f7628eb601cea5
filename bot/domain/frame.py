"""The budget and action frame: a ledger in øre that can never be overspent (R058-R063, D9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.money import ZERO, AmountNotPositive, Kroner
from bot.domain.people import AreaCode, PersonId


class FrameState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    REPLACED = "replaced"


MOVES: dict[FrameState, frozenset[FrameState]] = {
    FrameState.OPEN: frozenset({FrameState.SETTLED, FrameState.REPLACED}),  # T28; a new one is decided (B4)
    FrameState.SETTLED: frozenset(),
    FrameState.REPLACED: frozenset(),
}


class EntryKind(StrEnum):
    EXPENSE = "expense"  # brugt
    COMMITMENT = "commitment"  # sat af
    REVERSAL = "reversal"  # modpostering
    RELEASE = "release"  # what a settled commitment gives back


@dataclass(frozen=True)
class Entry:
    """A line of the ledger. Never changed, never deleted; what was wrong gets a counter-entry (T19)."""

    id: str
    frame_id: str
    kind: EntryKind
    amount: Kroner  # positive; `effect` has the sign
    purpose: str
    spent_on: date  # local
    by: PersonId
    at: datetime
    period_until: date | None = None  # »i en periode« (R062)
    settles: str | None = None  # an expense: the commitment it pays; a release: the expense that caused it
    reverses: str | None = None  # the entry a reversal undoes; the commitment a release gives back from

    @property
    def effect(self) -> Kroner:
        """What the entry takes from the frame; negative when it gives back."""
        return self.amount if self.kind in (EntryKind.EXPENSE, EntryKind.COMMITMENT) else self.amount * -1


class FrameExceeded(Refusal):
    """More than is left; facts: left, short, asked (D33 has the three ways out)."""

    default_field = "amount"


class PurposeNotAllowed(Refusal):
    """The action frame does not hold this purpose; facts: allowed."""

    default_field = "purpose"


class NoOpenFrame(Refusal):
    """The case has no frame to use now."""


class ExpenseBeforeFrame(Refusal):
    default_field = "spent_on"


class ExpenseAhead(Refusal):
    default_field = "spent_on"


class PeriodMissing(Refusal):
    """Mentor and housing support are given »i en periode« (R062)."""

    default_field = "period_until"


class SameAlready(Refusal):
    """The same amount, purpose and day stands there already; not a refusal that cannot be answered; facts: entry."""


class AlreadyReversed(Refusal):
    """The entry has been undone."""


class OnlyFixedCaseworker(Refusal):
    """Only the caseworker the committee has appointed may book (R060); facts: name, None while nobody is appointed."""


class NothingToSettle(Refusal):
    """The entry is no commitment, or it has been settled or taken back."""


class CommitmentsOpen(Refusal):
    """A case is closed when nothing is set aside any more (A0); facts: held (the sum), purposes (named)."""

    default_field = "outcome"


class PurposeMissing(Refusal):
    """A frame is an amount and what it may be used for (R061)."""

    default_field = "purposes"


class FrameOutsideRange(Refusal):
    """Outside the usual range a reason is needed (R061); facts: least, most."""

    default_field = "frame_reason"


class FrameGoesOn(Refusal):
    """The open frame goes on, and an amount for a new one is written beside it: one of the two."""

    default_field = "amount"


@dataclass(frozen=True)
class Frame:
    """`used_ore` always equals the sum of the entries' effects; the database holds it between 0 and the amount."""

    id: str
    case_id: str
    amount: Kroner
    purposes: tuple[str, ...]
    payer: AreaCode
    opens_on: date  # the meeting day (D19)
    follow_up_on: date  # until the follow-up has been decided (D9)
    used: Kroner = ZERO
    state: FrameState = FrameState.OPEN
    told: tuple[int, ...] = ()  # the marks already told (80, 100)
    opened_at: datetime | None = None
    version: int = 0

    @property
    def left(self) -> Kroner:
        return self.amount - self.used

    @property
    def share(self) -> float:
        """How much is used, 0 to 1; an empty frame counts as used up."""
        return self.used.ore / self.amount.ore if self.amount.ore else 1.0

    def allow(
        self, *, amount: Kroner, purpose: str, spent_on: date, today: date, freed: Kroner = ZERO
    ) -> None:
        """Raises the refusal that fits, unless the use is within the frame (T18).

        `freed` is what a commitment gives back in the same breath, so that it may be spent. A replaced frame still
        pays what was set aside while it was open, and nothing else (B4).
        """
        pays_what_was_set_aside = self.state == FrameState.REPLACED and amount <= freed
        if self.state != FrameState.OPEN and not pays_what_was_set_aside:
            raise NoOpenFrame
        if amount <= ZERO:
            raise AmountNotPositive
        if purpose not in self.purposes:  # R063
            raise PurposeNotAllowed(allowed=self.purposes)
        if spent_on < self.opens_on:
            raise ExpenseBeforeFrame(start=self.opens_on)
        if spent_on > today:
            raise ExpenseAhead(today=today)
        left = self.left + freed
        if amount > left:  # T18
            raise FrameExceeded(asked=amount, left=left, short=amount - left)

    def moved(self, state: FrameState) -> Frame:
        """Raises NoOpenFrame unless the table of moves allows it."""
        if state not in MOVES[self.state]:
            raise NoOpenFrame
        return replace(self, state=state)

    def booked(self, *entries: Entry) -> Frame:
        """The frame with the entries in it; their sum is added whole, so that order among them means nothing."""
        return replace(self, used=self.used + sum_of(entries))

    def is_overdue(self, today: date) -> bool:
        """The follow-up should have been held; the frame holds until it is (D9)."""
        return self.state == FrameState.OPEN and self.follow_up_on < today


def sum_of(entries: tuple[Entry, ...]) -> Kroner:
    return Kroner(sum(e.effect.ore for e in entries))


def is_reversed(entry: Entry, entries: tuple[Entry, ...]) -> bool:
    return any(e.reverses == entry.id and e.kind == EntryKind.REVERSAL for e in entries)


def outstanding(commitment: Entry, entries: tuple[Entry, ...]) -> Kroner:
    """What a commitment still sets aside: its amount, less what has been released or taken back."""
    given_back = sum(e.amount.ore for e in entries if e.reverses == commitment.id)
    return Kroner(commitment.amount.ore - given_back)


def open_commitments(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Commitments that still set something aside, in the order they were written."""
    return tuple(e for e in entries if e.kind == EntryKind.COMMITMENT and outstanding(e, entries))


def stands_already(
    entries: tuple[Entry, ...], *, amount: Kroner, purpose: str, spent_on: date
) -> Entry | None:
    """An entry of the same amount, purpose and day that nobody has taken back: perhaps the same bus card twice."""
    same = (e for e in entries if (e.amount, e.purpose, e.spent_on) == (amount, purpose, spent_on))
    uses = (EntryKind.EXPENSE, EntryKind.COMMITMENT)
    return next((e for e in same if e.kind in uses and not is_reversed(e, entries)), None)


def released_by(expense: Entry, entries: tuple[Entry, ...]) -> Entry | None:
    """What a settling expense gave back of its commitment."""
    return next((e for e in entries if e.kind == EntryKind.RELEASE and e.settles == expense.id), None)


def last_use(entries: tuple[Entry, ...]) -> Entry | None:
    """The newest expense or commitment that stands: what *Gentag* repeats."""
    uses = (EntryKind.EXPENSE, EntryKind.COMMITMENT)
    return next((e for e in reversed(entries) if e.kind in uses and not is_reversed(e, entries)), None)


def purposes_last_used_first(frame: Frame, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    used = [e.purpose for e in reversed(entries) if e.purpose in frame.purposes]
    return tuple(dict.fromkeys((*used, *frame.purposes)))


def marks_reached(frame: Frame, marks: tuple[int, ...]) -> tuple[int, ...]:
    """The marks, in per cent, that the frame's use has reached."""
    return tuple(m for m in marks if frame.used.ore * 100 >= m * frame.amount.ore)
