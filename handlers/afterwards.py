"""What follows an answer, and nobody waits for: the person's Home, drawn anew when the answer has left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bot.domain.people import Person

PATIENCE, QUIET = 0.5, 0.05
"""Seconds: how long a Home waits at most for those who wait for an answer, and how long nobody must have waited for
one. A person looks for their Home within a second.
"""


class Afterwards:
    """One Home at a time for each person, the newest last; what is asked while it is drawn is one drawing more.

    A Home that is never drawn, because the process ended, is drawn when the person opens it. Whoever waits for an answer
    comes first, for a while: Python does one thing at a time. Without `hands` it is drawn at once, by whoever asks.
    """

    def __init__(self, show: Callable[[Person], object], *, hands: int) -> None:
        self._show = show
        self._hands = ThreadPoolExecutor(hands, thread_name_prefix="afterwards") if hands else None
        self._lock = threading.Lock()
        self._quiet = threading.Condition(self._lock)
        self._in_hand, self._answered_at = 0, 0.0
        self._waiting: dict[str, Person] = {}
        self._busy: set[str] = set()

    def ask(self, person: Person) -> None:
        if self._hands is None:
            self._show(person)
            return
        with self._lock:
            self._waiting[person.id] = person
            if person.id in self._busy:
                return
            self._busy.add(person.id)
        self._hands.submit(self._draw, person.id)

    @contextmanager
    def after(self) -> Iterator[None]:
        """Around what somebody waits for: Homes are drawn after it."""
        with self._lock:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_hand -= 1
                self._answered_at = time.monotonic()
                self._quiet.notify_all()

    def finish(self) -> None:
        """Waits for what has been asked for."""
        if self._hands is not None:
            self._hands.shutdown(wait=True)

    def _draw(self, of: str) -> None:
        while (person := self._next(of)) is not None:
            self._show(person)

    def _next(self, of: str) -> Person | None:
        with self._lock:
            if of in self._waiting:
                self._until_quiet()
            person = self._waiting.pop(of, None)
            if person is None:
                self._busy.discard(of)
            return person

    def _until_quiet(self) -> None:
        given_up = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < given_up:
            rest = PATIENCE if self._in_hand else self._answered_at + QUIET - now
            if rest <= 0:
                return
            self._quiet.wait(min(rest, given_up - now))
