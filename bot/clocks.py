"""The one clock everything asks (D17), the machine's own or the sandbox's; and the time that replicas share."""

from __future__ import annotations

import json
import math
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from storage.engine import DatabaseFault

FRESH_SECONDS = 0.2
ASKED_EVERY = 10.0
"""Seconds for which the database's time is counted on from: no clock drifts by a thousandth of a second in them."""
LEAP = timedelta(seconds=0.5)


Instants = Callable[[], datetime]


def machine_now() -> datetime:
    return datetime.now(UTC)


def since_boot() -> float:
    """Seconds; counts on while the machine sleeps, and nobody can set it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SharedTime:
    """The database's own time, for what replicas must agree on to the second. May be asked by many threads.

    The database is asked now and then, and counted on from in between; while it does not answer, from the last time it
    did, and before it ever has, by the machine's clock.
    """

    def __init__(
        self,
        ask: Instants,
        *,
        machine: Instants = lambda: machine_now(),
        steady: Callable[[], float] = since_boot,
    ) -> None:
        self._ask, self._machine, self._steady = ask, machine, steady
        self._asking = threading.Lock()
        self._again_from = -math.inf
        self._heard: tuple[float, datetime, datetime] | None = (
            None  # when, the database's time, the machine's then
        )

    def now(self) -> datetime:
        if self._is_stale() and self._asking.acquire(blocking=self._heard is None):
            try:
                self._hear()
            finally:
                self._asking.release()
        if self._heard is None:
            return self._machine()
        then, said, _ = self._heard
        return said + timedelta(seconds=self._steady() - then)

    def _is_stale(self) -> bool:
        """Also when the machine was set, or has slept without counting: then the seconds between are not to be trusted."""
        if self._steady() >= self._again_from or self._heard is None:
            return True
        then, _, machine = self._heard
        counted = timedelta(seconds=self._steady() - then)
        return abs(self._machine() - machine - counted) > LEAP

    def _hear(self) -> None:
        began = self._steady()
        try:
            said = self._ask()
        except DatabaseFault:
            self._again_from = began + ASKED_EVERY / 10
            return
        heard = (began + self._steady()) / 2
        self._heard, self._again_from = (heard, said, self._machine()), heard + ASKED_EVERY


class ClockAway(Exception):
    """The sandbox's clock has never answered yet: nobody knows what time it is there."""


class MachineClock:
    def __init__(self, real: Instants = lambda: machine_now()) -> None:
        """`real` is what leases and pauses run on: shared by all who serve one database."""
        self.real = real

    def now(self) -> datetime:
        return machine_now()


class SandboxClock:
    """Follows the sandbox's clock, which a person may move forward. Asks at most five times a second."""

    def __init__(
        self,
        address: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        real: Instants = lambda: machine_now(),
    ) -> None:
        self.real = real
        self._address, self._monotonic = address.rstrip("/"), monotonic
        self._lock = threading.Lock()
        self._asked_at = -1.0
        self._heard = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Never earlier than what was heard before; when the sandbox is silent, the last heard runs on. Raises ClockAway."""
        with self._lock:
            elapsed = self._monotonic() - self._asked_at
            if self._asked_at >= 0 and elapsed < FRESH_SECONDS:
                return self._heard + timedelta(seconds=elapsed)
            try:
                heard = self._ask()
            except OSError as why:
                if self._asked_at < 0:
                    raise ClockAway from why
                return self._heard + timedelta(seconds=elapsed)
            self._heard = max(self._heard, heard)
            self._asked_at = self._monotonic()
            return self._heard

    def tell_marks(self, marks: list[dict[str, str]]) -> None:
        """The instants the sandbox's time machine offers to go to."""
        body = json.dumps({"marks": marks}).encode()
        request = urllib.request.Request(  # noqa: S310 - the address is the sandbox's, from the settings
            f"{self._address}/marks", data=body, headers={"Content-Type": "application/json"}
        )
        try:
            urllib.request.urlopen(request, timeout=2).close()  # noqa: S310
        except OSError:
            return  # the time machine offers fewer stops; nothing else depends on it

    def _ask(self) -> datetime:
        with urllib.request.urlopen(self._address, timeout=2) as answer:  # noqa: S310
            return datetime.fromisoformat(json.load(answer)["now"]).astimezone(UTC)
