"""What follows an answer, and nobody waits for: the person's Home, drawn anew when the answer has left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bot.domain.people import Person

PATIENCE = 0.5
"""Seconds a Home waits for those who wait for an answer; a person looks for it within one."""


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
        self._in_hand = 0
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
                if not self._in_hand:
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
            self._quiet.wait_for(lambda: not self._in_hand, PATIENCE)
            person = self._waiting.pop(of, None)
            if person is None:
                self._busy.discard(of)
            return person
