"""How many are heard at once, how long each may take to say what they came to say, and how long a process to end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RD, socket

HEARERS = 32
"""People who may be answered at once; at Bolt's default of ten, 15 of 25 presses were late."""
LAST_WISH = 10.0
"""Seconds in which what is in hand is finished; whatever is cut off after them is taken up by whoever comes next."""
WHOLE_REQUEST = 10.0
"""Seconds from a request's first byte: Slack's whole one is there at once, and it waits three for the answer."""


class Patience:
    """Stops listening to whoever is not done in time; what is being said to them still goes out.

    A limit for each byte is none at all: one byte every few seconds would hold a thread for ever.
    """

    def __init__(self, seconds: float = WHOLE_REQUEST) -> None:
        self._seconds = seconds
        self._since: dict[socket, float] = {}
        self._beginning = threading.Lock()
        self._watch: threading.Thread | None = None

    @contextmanager
    def listening(self, client: socket) -> Iterator[None]:
        self._begin()
        self._since[client] = time.monotonic()
        try:
            yield
        finally:
            self._since.pop(client, None)

    def _begin(self) -> None:
        """In the worker, after the fork: a thread does not survive one."""
        with self._beginning:
            if self._watch is None:
                self._watch = threading.Thread(target=self._go_round, name="patience", daemon=True)
                self._watch.start()

    def _go_round(self) -> None:
        while True:
            time.sleep(self._seconds / 10)
            latest = time.monotonic() - self._seconds
            for client, since in list(self._since.items()):
                if since < latest:
                    with suppress(OSError):  # it has hung up
                        client.shutdown(SHUT_RD)
