"""How this process is: alive, fit to be given work, and what it has counted. Answered on a port of its own.

`/livez` says that the process answers; whoever restarts what is dead asks there. `/readyz` says that work may be sent
here: the database takes a write within a second, its rows are such that this program can work with them, the clocks agree, and nobody
has asked us to stop. Slack is not asked: when it is away, a restart would mend nothing. That
it refuses the token we hear by is said all the same: somebody must replace it. `/metrics` is for Prometheus.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, TypeVar

from bot import metrics
from bot.log import get_log
from bot.settings import NOWHERE, Place
from storage.engine import Database, DatabaseFault
from storage.gauges import gauges_of
from storage.pulse import beat
from storage.upgrade import standing

log = get_log()
T = TypeVar("T")
APART = timedelta(seconds=30)
"""Clocks further apart than this: leases and reminders cannot be trusted here."""
APART_FROM_SLACK = timedelta(seconds=60)
"""Slack says whole seconds, of an answer that was some time on its way."""
WITHIN = 1.0
"""Seconds a write may take."""
FRESH = 1.0
"""Seconds a look holds, however often it is asked for."""
SLOW_READER = 5.0
ANSWERS_WITHIN, GAUGES_WITHIN = 1.5, 1.0
"""Seconds: a database that hangs (a frozen server, a disk that waits) says nothing at all, and whoever asks us is told
so in time. Together they are below what a probe and a scrape wait.
"""


class Aside(Generic[T]):
    """One look at a time, in a thread of its own: whoever asks waits so long for it and no longer."""

    def __init__(self, look: Callable[[], T]) -> None:
        self._look, self._lock = look, threading.Lock()
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="look")
        self._begun, self._found = 0.0, Future[T]()
        self._found.cancel()  # nobody has looked yet

    def within(self, seconds: float) -> T:
        """Since the look began. Raises TimeoutError, and what the look raises."""
        with self._lock:
            if self._found.done():
                self._begun, self._found = time.monotonic(), self._hand.submit(self._look)
            found, left = self._found, self._begun + seconds - time.monotonic()
        return found.result(timeout=max(0.0, left))


class Health:
    """What this process knows of its own fitness. May be asked by many threads."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        slack_ahead: Callable[[], timedelta] = timedelta,
    ) -> None:
        """`now` is the machine's own clock, and Slack's is so much ahead of it: with SQLite, the only other there is."""
        self._database, self._now, self._slack_ahead = database, now, slack_ahead
        self._serving, self._leaving = threading.Event(), threading.Event()
        self._looks = Aside(self._look_now_and_then)
        self._may_hear: Callable[[], bool] = lambda: True
        self._seen: tuple[float, tuple[str, ...]] | None = None

    def serve(self) -> None:
        """All is put together: work may come."""
        self._serving.set()

    def hears_by(self, token_holds: Callable[[], bool]) -> None:
        """Over Socket Mode: False while Slack refuses the token by which we hear. That somebody must mend; else it is not asked."""
        self._may_hear = token_holds

    def leave(self) -> None:
        """Somebody has asked us to stop: no new work, please."""
        self._leaving.set()

    def in_the_way(self) -> tuple[str, ...]:
        """Why no work may be sent here now; empty when it may."""
        if self._leaving.is_set():
            metrics.ready(False)
            return ("leaving",)
        if not self._may_hear():
            metrics.ready(False)
            return ("app_token",)
        if not self._serving.is_set():
            metrics.ready(False)
            return ("starting",)
        try:
            found = self._looks.within(ANSWERS_WITHIN)
        except TimeoutError:
            log.warning("not_ready", code="database", error="TimeoutError")
            found = ("database",)
        metrics.ready(not found)
        return found

    def clocks_agree(self) -> bool:
        """False only when the database or Slack has been asked, and says another time."""
        with suppress(DatabaseFault):
            return self._agree()
        return True

    def _look_now_and_then(self) -> tuple[str, ...]:
        if self._seen is None or time.monotonic() - self._seen[0] > FRESH:
            self._seen = (time.monotonic(), self._look())
        return self._seen[1]

    def _look(self) -> tuple[str, ...]:
        try:
            if not standing(self._database).fits:
                return ("schema",)
            began = time.monotonic()
            beat(self._database)
            found = [
                ("database", time.monotonic() - began <= WITHIN),
                ("clock", self._agree()),
            ]
        except DatabaseFault as fault:
            log.warning("not_ready", code="database", error=type(fault).__name__)
            return ("database",)
        return tuple(name for name, well in found if not well)

    def _agree(self) -> bool:
        database, slack = self._database.clock() - self._now(), self._slack_ahead()
        metrics.clock_skew(max(database, slack, key=abs).total_seconds())
        return abs(database) <= APART and abs(slack) <= APART_FROM_SLACK


def gauges_in_time(database: Database, now: Callable[[], datetime]) -> Callable[[], None]:
    """A look for the metrics, which are told without it when the database hangs: then it raises TimeoutError."""
    aside = Aside(lambda: read_gauges(database, now))
    return lambda: aside.within(GAUGES_WITHIN)


def read_gauges(database: Database, now: Callable[[], datetime]) -> None:
    """Tells the metrics what the database knows, by the clock that notices are dated by."""
    at = now()
    found = gauges_of(database, at=at)
    age = at - found.oldest_since if found.oldest_since else timedelta(0)
    metrics.outbox(
        pending=found.pending,
        oldest_seconds=max(0.0, age.total_seconds()),
        dead=found.dead,
        parked=found.parked_places,
    )
    metrics.standing(
        shut_out=found.shut_out,
        backed_up_at=found.backed_up_at.timestamp() if found.backed_up_at else 0.0,
        journal_whole=found.journal_whole,
        restore_waits=found.restore_waits,
    )


class PlaceTaken(Exception):
    """Somebody else listens there, or it is not this machine's."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class StatusPage:
    """The three pages, in threads of their own; nothing here writes, and nothing names anybody."""

    def __init__(self, health: Health, place: Place, *, tries: int = 1) -> None:
        """`tries`: that many ports are tried, from the one named and up. Raises PlaceTaken."""
        self._server: ThreadingHTTPServer | None = None
        if place == NOWHERE:
            return
        self._server = _first_free(place, _pages(health), tries)
        threading.Thread(target=self._server.serve_forever, name="status", daemon=True).start()
        log.info("status_page", port=self.port)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1]) if self._server else 0

    def close(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()


def _first_free(place: Place, pages: type[BaseHTTPRequestHandler], tries: int) -> ThreadingHTTPServer:
    for port in range(place.port, place.port + tries):
        with suppress(OSError):
            return (_Server6 if ":" in place.host else _Server)((place.host, port), pages)
    raise PlaceTaken(place)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who hangs up is no fault of ours; what is, is told without its words."""
        del request, client_address
        log.warning("status_page_failed", exc_info=sys.exception())


class _Server6(_Server):
    address_family = socket.AF_INET6


def _pages(health: Health) -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        timeout = SLOW_READER
        server_version, sys_version = "indgang", ""

        def do_GET(self) -> None:
            match self.path:
                case "/livez":
                    self._say(200, "text/plain", b"alive\n")
                case "/readyz":
                    why = health.in_the_way()
                    said = json.dumps({"ready": not why, "in_the_way": why}).encode() + b"\n"
                    self._say(503 if why else 200, "application/json", said)
                case "/metrics":
                    self._count()
                case _:
                    self._say(404, "text/plain", b"")

        def _count(self) -> None:
            def missed(why: Exception) -> None:
                log.warning("metrics_incomplete", error=type(why).__name__)

            away = (DatabaseFault, OSError)  # the database, or the sandbox's clock
            self._say(200, metrics.CONTENT_TYPE, metrics.page(forgiven=away, missed=missed))

        def _say(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """Whatever else is asked: not found, with nothing in it."""
            del code, message, explain
            self.close_connection = True
            self._say(404, "text/plain", b"")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name for it
            """Readers come every few seconds; their lines would drown the others."""

    return Pages
