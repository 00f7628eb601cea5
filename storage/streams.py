"""One process at a time speaks in a stream, from before the claim until after Slack has answered.

A lease alone cannot promise that: a process that is frozen between its claim and its call outlives the lease, and
sends when it wakes what somebody else has sent meanwhile. So on PostgreSQL a stream is held by an advisory lock of a
session of its own: a frozen process keeps it, and a dead one loses it with its connection.

On SQLite one process serves the file (storage/only_one.py), and a frozen one still holds that lock. In a process, on
either database, one thread at a time speaks in a stream.

The session must be a real one: a pooler that hands connections out per transaction (PgBouncer's `transaction`) would
give the lock to whoever comes next. None is let in between (storage/server.py).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from storage.engine import DatabaseAway, DatabaseFault, dedicated, normal_address

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:stream, 42))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended(:stream, 42))")


class Streams:
    """May be asked by several threads: in a process too, one at a time speaks in a stream."""

    def __init__(self, address: str) -> None:
        self._address = normal_address(address)
        self._alone = self._address.startswith("sqlite")
        self._session: tuple[int, Connection] | None = None  # whose process it is, and the connection
        self._held: set[str] = (
            set()
        )  # by a thread of this process; its session would give each of them any lock again
        self._one_asks = threading.RLock()

    @contextmanager
    def hold(self, stream: str) -> Iterator[bool]:
        """False: another process, or another thread of this one, is speaking in it just now."""
        mine = self._take(stream)
        try:
            yield mine
        finally:
            if mine:
                self._give_back(stream)

    def close(self) -> None:
        """Every lock of this process goes with the session, also where another thread speaks just now: after a fault nobody
        knows which of them the server has given, and one it keeps would hold a stream for ever. What is being said stays
        ours by its lease, and is not begun when that is nearly over.
        """
        with self._one_asks:
            session, self._session = self._session, None
            if session and session[0] == os.getpid():
                session[1].close()

    def _take(self, stream: str) -> bool:
        with self._one_asks:
            if stream in self._held or not (self._alone or self._asked(_TAKE, stream)):
                return False
            self._held.add(stream)
            return True

    def _give_back(self, stream: str) -> None:
        with self._one_asks:
            self._held.discard(stream)
            if self._alone:
                return
            try:
                self._asked(_GIVE_BACK, stream)
            except DatabaseAway:
                pass  # the lock has gone with its session

    def _asked(self, question: object, stream: str) -> object:
        try:
            return self._connection().execute(question, {"stream": stream}).scalar()  # type: ignore[call-overload]
        except DatabaseFault:
            self.close()
            raise

    def _connection(self) -> Connection:
        """A forked child never speaks on its parent's line."""
        if self._session is None or self._session[0] != os.getpid():
            self._session = os.getpid(), dedicated(self._address).connect()
        return self._session[1]
