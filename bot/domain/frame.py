"""The budget and action frame: a ledger in øre that can never be overspent (R058-R063, D9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.people import AreaCode, PersonId


class FrameState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    REPLACED = "replaced"


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
    settles: str | None = None  # an expense that pays a commitment
    reverses: str | None = None  # the entry a reversal or a release undoes

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


class FrameOutsideRange(Refusal):
    """Outside the usual range a reason is needed (R061); facts: least, most."""

    default_field = "frame_reason"


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
    used: Kroner = Kroner(0)
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

    def allow(self, *, amount: Kroner, purpose: str, spent_on: date, today: date) -> None:
        """Raises the refusal that fits, unless the use is within the frame (T18)."""
        if self.state != FrameState.OPEN:
            raise NoOpenFrame
        if purpose not in self.purposes:
            raise PurposeNotAllowed(allowed=self.purposes)
        if spent_on < self.opens_on:
            raise ExpenseBeforeFrame(start=self.opens_on)
        if spent_on > today:
            raise ExpenseAhead(today=today)
        if amount > self.left:
            raise FrameExceeded(asked=amount, left=self.left, short=amount - self.left)


def sum_of(entries: tuple[Entry, ...]) -> Kroner:
    return Kroner(sum(e.effect.ore for e in entries))


def open_commitments(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Commitments neither settled, released nor reversed."""
    closed = {e.settles for e in entries if e.settles} | {e.reverses for e in entries if e.reverses}
    reversed_entries = {e.reverses for e in entries if e.kind == EntryKind.REVERSAL}
    settled = {e.settles for e in entries if e.settles and e.id not in reversed_entries}
    return tuple(
        e
        for e in entries
        if e.kind == EntryKind.COMMITMENT
        and e.id not in reversed_entries
        and (e.id not in closed or e.id not in settled)
    )


def is_reversed(entry: Entry, entries: tuple[Entry, ...]) -> bool:
    return any(e.reverses == entry.id and e.kind == EntryKind.REVERSAL for e in entries)
