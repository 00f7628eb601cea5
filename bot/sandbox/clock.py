"""The sandbox clock: it stamps messages and tells the bot what day it is, and it never runs backwards."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)


class ClockRunsForward(Exception):
    """Somebody asked for an instant that has already passed."""


class SandboxClock:
    """Starts where it is told and then follows real time; deadlines never use it, only stamps and dates do."""

    def __init__(self, start: datetime) -> None:
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def jump(self, to: datetime) -> None:
        if to < self.now():
            raise ClockRunsForward(to.isoformat())
        self._base = to.astimezone(UTC)
        self._since = time.monotonic()


def as_stamp(moment: datetime) -> str:
    """Slack's message stamp: seconds and six decimals, as text."""
    whole = int(moment.timestamp())
    return f"{whole:010d}.{moment.microsecond:06d}"


def after(stamp: str) -> str:
    """The next possible stamp, one microsecond later."""
    whole, parts = stamp.split(".")
    micros = int(whole) * 1_000_000 + int(parts) + 1
    return f"{micros // 1_000_000:010d}.{micros % 1_000_000:06d}"


def moment_of(stamp: str) -> datetime:
    whole, parts = stamp.split(".")
    return datetime.fromtimestamp(int(whole), UTC) + timedelta(microseconds=int(parts))


def clock_face(stamp: str) -> str:
    """The time beside a message as Danes write it: 8.05."""
    local = moment_of(stamp).astimezone(COPENHAGEN)
    return f"{local.hour}.{local.minute:02d}"


def day_name(stamp: str) -> str:
    """The day above a message: mandag 16. november."""
    local = moment_of(stamp).astimezone(COPENHAGEN)
    return f"{WEEKDAYS[local.weekday()]} {local.day}. {MONTHS[local.month - 1]}"
