"""The one clock everything asks (D17): the machine's own, or the sandbox's."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

FRESH_SECONDS = 0.2


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def real(self) -> datetime:
        return datetime.now(UTC)


class SandboxClock:
    """Follows the sandbox's clock, which a person may move forward. Asks at most five times a second."""

    def __init__(self, address: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._address, self._monotonic = address.rstrip("/"), monotonic
        self._lock = threading.Lock()
        self._asked_at = -1.0
        self._heard = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Never earlier than what was heard before; when the sandbox is silent, the last heard runs on."""
        with self._lock:
            elapsed = self._monotonic() - self._asked_at
            if self._asked_at >= 0 and elapsed < FRESH_SECONDS:
                return self._heard + timedelta(seconds=elapsed)
            try:
                heard = self._ask()
            except OSError:
                if self._asked_at < 0:
                    raise
                return self._heard + timedelta(seconds=elapsed)
            self._heard = max(self._heard, heard)
            self._asked_at = self._monotonic()
            return self._heard

    def real(self) -> datetime:
        return datetime.now(UTC)

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
