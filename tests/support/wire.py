"""HTTP between a page and its sandbox, and waiting until something has happened."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Protocol

from tests.support.seen import NotThere, Record

PATIENCE = 20.0  # only a story that fails waits so long; a loaded machine may need it


class HasPort(Protocol):
    @property
    def port(self) -> int: ...


class Wire:
    """HTTP kept open from one request to the next; a line that has gone is opened again."""

    def __init__(self, stage: HasPort) -> None:
        self._stage = stage
        self._line: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def get(self, path: str) -> Record:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Record) -> Record:
        return self._ask("POST", path, body)

    def _ask(self, verb: str, path: str, body: Record | None) -> Record:
        with self._lock:
            if self._line is not None and self._line.port != self._stage.port:
                self._line = None
            try:
                return self._once(verb, path, body)
            except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
                self._line = None
                return self._once(verb, path, body)

    def _once(self, verb: str, path: str, body: Record | None) -> Record:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._stage.port, timeout=15)
        sent = None if body is None else json.dumps(body)
        self._line.request(verb, path, sent, {"Content-Type": "application/json"} if sent else {})
        answer = self._line.getresponse()
        return json.loads(answer.read())


def waits_until(happened: Callable[[], object], within: float = PATIENCE) -> None:
    """Looks again and again until it is so; fails when it does not become so in time."""
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            raise NotThere("it did not happen in time")
        time.sleep(0.01)
