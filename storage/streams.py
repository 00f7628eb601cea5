"""One process at a time speaks in a stream, from before the claim until after Slack has answered.

A lease alone cannot promise that: a process that is frozen between its claim and its call outlives the lease, and
sends when it wakes what somebody else has sent meanwhile. So on PostgreSQL a stream is held by an advisory lock of a
session of its own: a frozen process keeps it, and a dead one loses it with its connection.

On SQLite nothing more is needed. One process serves the file (storage/only_one.py), a frozen one still holds that
lock, and in a process one message is in hand at a time.

The session must be a real one: a pooler that hands connections out per transaction (PgBouncer's `transaction`) gives
the lock to whoever comes next. INDGANG_DIRECT_DATABASE_URL names the way around such a pooler.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from storage.engine import DatabaseAway, dedicated, normal_address

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:stream, 42))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended(:stream, 42))")


class Streams:
    """Not for several threads at once: delivery takes one message at a time."""

    def __init__(self, address: str) -> None:
        self._address = normal_address(address)
        self._alone = self._address.startswith("sqlite")
        self._session: tuple[int, Connection] | None = None  # whose process it is, and the connection

    @contextmanager
    def hold(self, stream: str) -> Iterator[bool]:
        """False: another process is speaking in it just now."""
        if self._alone:
            yield True
            return
        mine = bool(self._asked(_TAKE, stream))
        try:
            yield mine
        finally:
            if mine:
                self._give_back(stream)

    def close(self) -> None:
        if self._session and self._session[0] == os.getpid():
            self._session[1].close()
        self._session = None

    def _give_back(self, stream: str) -> None:
        try:
            self._asked(_GIVE_BACK, stream)
        except DatabaseAway:
            self.close()  # the lock has gone with its session

    def _asked(self, question: object, stream: str) -> object:
        try:
            return self._connection().execute(question, {"stream": stream}).scalar()  # type: ignore[call-overload]
        except DatabaseAway:
            self.close()
            raise

    def _connection(self) -> Connection:
        """A forked child never speaks on its parent's line."""
        if self._session is None or self._session[0] != os.getpid():
            self._session = os.getpid(), dedicated(self._address).connect()
        return self._session[1]
