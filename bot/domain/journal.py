"""What happened, by whom: the trail that is never changed (D12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import PersonId


class NothingToJournal(Refusal):
    """The case has no act of the person's own that belongs in the case system."""


MINUTED = (
    "item_decided",
    "item_postponed",
    "item_discussed",
    "advice_given",
    "minutes_entered",
    "minutes_amended",
)
"""What approved minutes say of a case: its caseworker's note, whoever did it (D40)."""


@dataclass(frozen=True)
class Entry:
    """`act` is a code that has words in texts/*/journal.j2; facts hold codes, ids, amounts and dates only."""

    at: datetime
    by: PersonId | None  # None: the clock
    act: str
    case_id: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    surface: str = ""
    role: str = ""
    look: bool = False
    seq: int = 0

    @property
    def minutes(self) -> tuple[str, str] | None:
        """The meeting and the item whose minutes it is the note of, if any (D40)."""
        of = (self.facts.get("meeting"), self.facts.get("presentation"))
        return (of[0], of[1]) if self.act in MINUTED and of[0] and of[1] else None
