"""What an area must do after a decision: »træf og meddel afgørelse i fagsystemet« (R011, D2)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import Tick

STEPS = ("party_hearing", "reasons", "complaint_guidance", "communicated")
"""Partshøring, begrundelse, klagevejledning, meddelt: the last one ends the task."""


class StartAhead(Refusal):
    """What has not begun yet has not been started."""

    default_field = "started_on"


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
    start_on: date | None = None  # when the measure is planned to start; None: on the task's own day
    started_on: date | None = None  # None: not started yet (R014, R051)
    started_by: PersonId | None = None
    stopped_on: date | None = None  # a later decision ended the measure
    ends: str | None = None  # this task is to end a measure: that measure's task
    version: int = 0

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def planned_on(self) -> date:
        return self.start_on or self.due_on

    @property
    def is_measure(self) -> bool:
        """The task stands for a measure of the plan, not for ending one."""
        return self.ends is None

    @property
    def is_running(self) -> bool:
        """The measure is part of the plan now, started or not."""
        return self.is_measure and self.stopped_on is None

    def waits_for_start(self, today: date) -> bool:
        """The planned day is over, and nobody has said that the measure has started (R014)."""
        return self.is_running and self.started_on is None and today > self.planned_on

    def started(self, on: date | None, *, by: PersonId) -> Task:
        """Started on a day, by somebody's word; None takes it back."""
        if on == self.started_on:
            return self
        return replace(self, started_on=on, started_by=by if on else None)

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and today > self.due_on

    def ticked(self, steps: frozenset[str], *, by: PersonId, at: datetime) -> Task:
        """The list as the leader left it: new ticks get who and when, removed ones go."""
        kept = {s: t for s, t in self.ticks.items() if s in steps}
        new = {s: Tick(by, at) for s in steps if s not in kept}
        done = at if "communicated" in steps else None
        return replace(self, ticks={**kept, **new}, done_at=self.done_at or done if done else None)
