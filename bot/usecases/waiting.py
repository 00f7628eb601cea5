"""One line of what waits for a person: in the morning overview, and in I DAG (D10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, about which case, by when; `reminders` are (key, day) that are due."""

    kind: str  # follow_up | agenda | attest | returned | task | overdue | unsent, unplaced (in Home) | and those of bot/usecases/aside.py
    subject: str  # a presentation, a task or a case: what the button opens
    alias: str
    day: date
    at: time | None = None  # the clock time on the agenda
    missing: int = 0
    overdue: bool = False
    code: str | None = None  # a task's measure, or a number the words need
    reminders: tuple[tuple[str, date], ...] = ()
