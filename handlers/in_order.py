"""One form, one thing at a time, in the order it came: a redraw that is late never covers what came after it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 2.0
"""Seconds; then the next one goes on all the same, as Slack waits three for an answer."""


class InOrder:
    """A choice in a form and the submit right after it are heard by two threads; here the second waits for the first."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[object]] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, form: str | None) -> Iterator[None]:
        """Waits for whatever is in hand about the same form; what is about none waits for nobody."""
        if form is None:
            yield
            return
        ticket = object()
        with self._changed:
            line = self._lines.setdefault(form, deque())
            line.append(ticket)
            self._changed.wait_for(lambda: line[0] is ticket, LONGEST_WAIT)
        try:
            yield
        finally:
            self._leave(form, ticket)

    def more_comes(self, form: str | None) -> bool:
        """Whether something waits already for what is in hand about this form."""
        with self._changed:
            return form is not None and len(self._lines.get(form, ())) > 1

    def _leave(self, form: str, ticket: object) -> None:
        with self._changed:
            line = self._lines[form]
            line.remove(ticket)
            if not line:
                del self._lines[form]
            self._changed.notify_all()
