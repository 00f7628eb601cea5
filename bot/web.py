"""gunicorn's door: one master that holds the port, and workers of 32 threads that answer.

Everything is read and built in the worker, after the fork: threads and database connections do not survive one, and a
master that knows nothing of casework takes little memory. So the worker says what stands in the way of a start.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from pathlib import Path
from socket import SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from bot.log import get_log
from bot.patience import HEARERS, LAST_WISH, Patience
from bot.settings import Settings

if TYPE_CHECKING:  # the house is the workers'
    from bot.serving import Serving
    from handlers.guard import WSGI

log = get_log()
LEAVING = 2.0
"""Seconds between »not ready« and the closed door: whoever spreads the load hears of it, and sends nothing more."""
SLOW_CLIENT = 10
"""Seconds a client may pause in the middle of a request."""
MEMORY = Path("/dev/shm")  # noqa: S108 - the workers' heartbeat never waits for a disk
"""Not every house lets anybody write there: then the heartbeat lies where temporary files do."""
SLACK_KEEPS = 65
"""Seconds a connection is kept open for the next request."""


Refuses = Callable[[], AbstractContextManager[None]]
"""Around a start: it says in words what stands in the way, and ends the process."""


def serve_http(
    settings: Settings, *, with_clock: bool, refuses: Refuses = nullcontext, workers: int = 1
) -> bool:
    """Until SIGTERM. False: a worker could not start, and has said why through `refuses`."""
    master = os.getpid()
    try:
        WebServer(settings, with_clock=with_clock, refuses=refuses, workers=workers).run()
    except SystemExit as ended:
        if ended.code == Arbiter.APP_LOAD_ERROR and os.getpid() == master:  # a worker ends through here too
            return False
        raise
    return True


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, settings: Settings, *, with_clock: bool, refuses: Refuses, workers: int) -> None:
        self._settings, self._with_clock, self._workers = settings, with_clock, workers
        self._refuses = refuses
        self.serving: Serving | None = None
        super().__init__()

    def load_config(self) -> None:
        assert self._settings.http is not None, "asked for without a place to listen"
        chosen = {
            "bind": str(self._settings.http),
            "workers": self._workers,
            "threads": HEARERS,
            "worker_class": "bot.web.Worker",
            "logger_class": QuietLogger,
            "timeout": 60,
            "graceful_timeout": int(LEAVING + LAST_WISH),
            "keepalive": SLACK_KEEPS,
            "limit_request_line": 1024,
            "limit_request_fields": 40,
            "limit_request_field_size": 4096,
            "control_socket_disable": True,  # a socket file nobody asked for, and a read-only disk has no room for
            "worker_tmp_dir": str(MEMORY) if os.access(MEMORY, os.W_OK) else None,
            "when_ready": _no_endless_waiting,
            "post_worker_init": lambda worker: setattr(worker, "serving", self.serving),
            "worker_exit": lambda _arbiter, _worker: self.close(),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> WSGI:
        """In the worker. One that cannot start ends with a code by which the master ends too, and begins no other."""
        try:
            with self._refuses():
                from bot.serving import serving_http

                self.serving, front = serving_http(
                    self._settings, with_clock=self._with_clock, workers=self._workers
                )
        except SystemExit:
            sys.exit(Arbiter.APP_LOAD_ERROR)
        return front

    def close(self) -> None:
        if self.serving:
            self.serving.close_front()


class Worker(ThreadWorker):  # type: ignore[misc]
    """Says first that it leaves, and then leaves; and to what is no HTTP at all it says as little as the guard."""

    serving: Serving | None = None
    patience = Patience()

    def handle(self, conn: Any) -> Any:
        """A request, from its first byte until it is answered."""
        with self.patience.listening(conn.sock):
            return super().handle(conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.serving is None:
            super().handle_exit(sig, frame)
            return
        self.serving.health.leave()
        threading.Timer(LEAVING, super().handle_exit, (sig, frame)).start()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Whoever has come already is let in, and then the door is closed at once: gunicorn would leave it ajar while it
        finishes, and hang up on whoever came meanwhile.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in filter(_is_open, self.sockets):
            before = -1
            while before < self.nr_conns:
                before = self.nr_conns
                self.accept(listener)
            listener.close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Below the guard: a request that cannot be read. Nothing of it is said back or written down."""
        from bot import metrics

        del req, addr
        log.info("http_refused", code="protocol", error=type(exc).__name__)
        metrics.http_refused("protocol")
        metrics.http_answer(HTTPStatus.NOT_FOUND)
        try:
            util.write_nonblock(
                client, b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )
        except OSError:
            return  # it has hung up


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn speaks through our log, like every library: who spoke and where, never what was sent to it."""

    def setup(self, cfg: Any) -> None:
        del cfg
        for voice in (self.error_log, self.access_log):
            voice.handlers.clear()
            voice.propagate = True
        self.access_log.disabled = True


def _is_open(listener: Any) -> bool:
    return listener.sock is not None


def _no_endless_waiting(arbiter: Any) -> None:
    """Whoever falls silent in the middle keeps a thread for some seconds and no longer; accepted lines inherit this."""
    for listener in arbiter.LISTENERS:
        for option in (SO_RCVTIMEO, SO_SNDTIMEO):
            listener.sock.setsockopt(SOL_SOCKET, option, struct.pack("ll", SLOW_CLIENT, 0))
