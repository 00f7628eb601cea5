"""What an area must do after a decision: »træf og meddel afgørelse i fagsystemet« (R011, D2)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Tick

STEPS = ("party_hearing", "reasons", "complaint_guidance", "communicated")
"""Partshøring, begrundelse, klagevejledning, meddelt: the last one ends the task."""


@dataclass(frozen=True)
class Task:
    id: str
    case_id: str
    presentation_id: str
    meeting_id: str
    area: AreaCode
    measure: str
    due_on: date
    ticks: dict[str, Tick] = field(default_factory=dict)
    done_at: datetime | None = None  # None: the decision has not been communicated yet
    version: int = 0

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and today > self.due_on

    def ticked(self, steps: frozenset[str], *, by: PersonId, at: datetime) -> Task:
        """The list as the leader left it: new ticks get who and when, removed ones go."""
        kept = {s: t for s, t in self.ticks.items() if s in steps}
        new = {s: Tick(by, at) for s in steps if s not in kept}
        done = at if "communicated" in steps else None
        return replace(self, ticks={**kept, **new}, done_at=self.done_at or done if done else None)
