"""What time it is at Slack, as each of its answers says: a second opinion of this machine's clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.clocks import since_boot

HOLDS = 6 * 3600.0
"""Seconds for which a time that was heard is counted on from."""


class SlacksClock:
    """May be told and asked by many threads: the last answer counts."""

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] | None = None) -> None:
        """`now` is the machine's own clock; `steady` counts seconds that nobody can set."""
        self._now, self._steady = now, steady or since_boot
        self._heard: tuple[float, datetime] | None = None
        self._told = threading.Event()

    def hear(self, date: str | None) -> None:
        """The `Date` of an answer that has just come; one that is missing or cannot be read says nothing."""
        try:
            at = parsedate_to_datetime(date or "")
        except ValueError:
            return
        self._heard = (self._steady(), at.astimezone(UTC))
        self._told.set()

    def told(self, *, within: float) -> bool:
        """Whether Slack has said its time at all; waited for so many seconds."""
        return self._told.wait(within)

    def ahead(self) -> timedelta:
        """How far Slack's clock is ahead of this machine's now; nothing when Slack has not answered for hours."""
        if self._heard is None:
            return timedelta(0)
        then, at = self._heard
        since = self._steady() - then
        return at + timedelta(seconds=since) - self._now() if since <= HOLDS else timedelta(0)
