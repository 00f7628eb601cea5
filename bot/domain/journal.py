"""What happened, by whom: the trail that is never changed (D12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import PersonId


class NothingToJournal(Refusal):
    """The case has no act of the person's own that belongs in the case system."""


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
