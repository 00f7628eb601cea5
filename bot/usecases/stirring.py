"""Whether the clock's chores can have anything to do: asked at every knock, so it costs one small question."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.tools import UseCases

LOOKED_AT_LEAST_EVERY = 3.0
"""Seconds: what time alone makes due is found this late at most, when nobody does anything."""


class Stirring(UseCases):
    def sign(self, at: datetime) -> tuple[int, int]:
        """The same as at the last knock: nobody has changed anything (every change is journaled), and time has hardly moved."""
        with self._open_reading(at=at) as work:
            return work.journal.latest(), int(at.timestamp() // LOOKED_AT_LEAST_EVERY)
