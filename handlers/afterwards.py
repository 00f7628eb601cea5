"""What follows an answer, and nobody waits for: the person's Home, drawn anew when the answer has left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Timer

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
        self._resting: set[str] = set()
        self._over = False

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

    def do(self, what: Callable[[], object]) -> None:
        """Something else that nobody waits for."""
        if self._hands is None:
            what()
        else:
            self._hands.submit(what)

    def later(self, person: Person, seconds: float) -> None:
        """Drawn after so long; asked for meanwhile it is drawn once all the same."""
        with self._lock:
            if self._over or person.id in self._resting:
                return
            self._resting.add(person.id)
        timer = Timer(seconds, self._rested, (person,))
        timer.daemon = True
        timer.start()

    def _rested(self, person: Person) -> None:
        with self._lock:
            self._resting.discard(person.id)
            over = self._over
        if not over:
            self.ask(person)

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
        """Waits for what has been asked for; what rests is drawn when the person opens it."""
        with self._lock:
            self._over = True
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
