"""What is looked after: the clock's last round, each committee's channel as the guard saw it, and how the checks went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.meeting import Blocked, Face

STANDS_STILL_AFTER = timedelta(minutes=5)
"""A clock that has made no round for so long does not run; it makes one every few seconds."""


@dataclass(frozen=True)
class ChannelLook:
    """What the guard saw: the face the channel allows, and how many are there who do not belong to the committee (D6)."""

    channel: str
    at: datetime
    face: Face
    outside: int
    why: Blocked | None = None  # why there is no post at all

    def differs_from(self, other: ChannelLook | None) -> bool:
        """Whether there is news in it, apart from when it was."""
        seen = (self.face, self.outside, self.why)
        return other is None or seen != (other.face, other.outside, other.why)


@dataclass(frozen=True)
class CheckUp:
    """One of the doctor's checks, by its code."""

    code: str
    well: bool | None  # None: it had not answered in time
