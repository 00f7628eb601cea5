"""One that is broken keeps no other waiting: it is raised when the others have had theirs (a poisoned period)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import Refusal
from bot.domain.notices import NoSuchMove
from bot.usecases.left_out import Unreadable

UNFIT = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NoSuchMove,
    Refusal,
    Unreadable,
)
"""What a row that does not hang together makes; anything else is nobody's case in particular."""


class OneByOne:
    def __init__(self) -> None:
        self._broken: list[Exception] = []

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Around one of many, with its transaction inside: what it does is undone, and the next has its turn."""
        try:
            yield
        except UNFIT as why:
            self._broken.append(why)

    def over(self) -> None:
        """Raises the first that was broken, so that the chore is seen to have failed, and is done again."""
        if self._broken:
            raise self._broken[0]
