"""Which cases are left out of what is read just now, since a row of theirs cannot be read.

Only what is looked at, and what the clock does, goes on without them; what a person changes never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LEFT_OUT: ContextVar[frozenset[str]] = ContextVar("left_out", default=frozenset())


class Unreadable(Exception):
    """A row does not open, or does not hang together. `case` is whose it is; `place` its table and column."""

    def __init__(self, case: str, place: str, row: str) -> None:
        super().__init__(place)
        self.case, self.place, self.row = case, place, row


def left_out() -> frozenset[str]:
    """Ids of cases."""
    return _LEFT_OUT.get()


@contextmanager
def leaving_out(cases: frozenset[str]) -> Iterator[None]:
    """Inside, these and no others."""
    before = _LEFT_OUT.set(cases)
    try:
        yield
    finally:
        _LEFT_OUT.reset(before)
