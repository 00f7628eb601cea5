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
REST = 1.5
"""Seconds from one Home of a person to the next while they go on working in forms, which lie above it."""


ENDING = "cannot schedule new futures"
"""How Python says that it, or whoever has the hands, is about to end; nothing else tells it from having no more threads."""


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
        self._resting: dict[str, Person] = {}
        self._drawn_at: dict[str, float] = {}
        self._over = False

    def ask(self, person: Person, *, beneath: bool = False) -> None:
        """`beneath`: they do not look at it now, so that the next one need not come right after the last."""
        if self._hands is None:
            self._show(person)
            return
        if beneath and (rest := self._drawn_at.get(person.id, -REST) + REST - time.monotonic()) > 0:
            self.later(person, rest)
            return
        with self._lock:
            self._resting.pop(person.id, None)
            self._waiting[person.id] = person
            if person.id in self._busy:
                return
            self._busy.add(person.id)
        self._hand_in(self._draw, person.id)

    def do(self, what: Callable[[], object]) -> None:
        """Something else that nobody waits for."""
        if self._hands is None:
            what()
        else:
            self._hand_in(what)

    def later(self, person: Person, seconds: float) -> None:
        """Drawn after so long; asked for meanwhile it is drawn once all the same."""
        with self._lock:
            if self._over or person.id in self._resting:
                return
            self._resting[person.id] = person
        timer = Timer(seconds, self._rested, (person,))
        timer.daemon = True
        timer.start()

    def _rested(self, person: Person) -> None:
        with self._lock:
            rests = person.id in self._resting and not self._over  # else it has been asked for meanwhile
            self._resting.pop(person.id, None)
        if rests:
            self.ask(person)

    def _hand_in(self, what: Callable[..., object], *about: str) -> None:
        """A process that ends takes on nothing more, however it ends: what waited is drawn when it is opened."""
        assert self._hands is not None
        try:
            self._hands.submit(what, *about)
        except RuntimeError as why:
            if not str(why).startswith(ENDING):
                raise

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
                if not self._in_hand:
                    self._quiet.notify_all()

    def finish(self) -> None:
        """Waits for what has been asked for, and draws what rested; Slack may want us to wait: then it is drawn when opened."""
        with self._lock:
            self._over = True
            resting = list(self._resting.values())
        if self._hands is not None:
            for person in resting:
                self.ask(person)
            self._hands.shutdown(wait=True)

    def _draw(self, of: str) -> None:
        while (person := self._next(of)) is not None:
            self._drawn_at[of] = time.monotonic()
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
