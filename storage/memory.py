"""What a reading has asked already: it sees one moment, and the same question has the same answer there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, literal_column

T = TypeVar("T")


class Memory:
    """Off in a transaction that writes, where the answer may change between two askings."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Hashable], list[Any]] | None = None

    def begin(self) -> None:
        self._known = {}

    @property
    def on(self) -> bool:
        return self._known is not None

    def ask(self, question: str, about: Hashable, find: Callable[[], list[T]]) -> list[T]:
        """What `find` gives; in a reading it is asked once."""
        if self._known is None:
            return find()
        if (question, about) not in self._known:
            self._known[question, about] = find()
        return self._known[question, about][:]

    def gather(
        self,
        question: str,
        about: Iterable[Hashable],
        find: Callable[[list[Any]], Iterable[tuple[Hashable, Any]]],
    ) -> None:
        """Asks for many at once, so that `ask` need not ask for each; `find` gives each answer with what it is about."""
        if self._known is None:
            return
        new = [one for one in dict.fromkeys(about) if (question, one) not in self._known]
        if not new:
            return
        found: defaultdict[Hashable, list[Any]] = defaultdict(list)
        for one, answer in find(new):
            found[one].append(answer)
        self._known |= {(question, one): found[one] for one in new}


def among(column: ColumnElement[Any], *values: object) -> ColumnElement[bool]:
    """`column IN (...)` for words of ours that never change: written out, so that a partial index can be seen to fit."""
    words = sorted(str(getattr(v, "value", v)) for v in values)
    if not all(word.isidentifier() for word in words):
        raise ValueError("only words of ours are written into a question")
    return column.in_([literal_column(f"'{word}'") for word in words])
