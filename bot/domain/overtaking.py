"""A closing beside other items of its case at one meeting: it comes last, and nothing is overtaken silently (T28)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.decision import DECIDING, is_closing
from bot.domain.meeting import Item, Minuted
from bot.domain.presentation import Presentation


@dataclass(frozen=True)
class Beside:
    """Another item of the same case at the same meeting."""

    number: int
    kind: str
    closes: bool


@dataclass(frozen=True)
class Ended:
    """The case an item closes, and its other items, by number: they hold until the case is closed."""

    number: int
    case_id: str
    others: tuple[int, ...]


def would_close(presentation: Presentation) -> bool:
    """As it stands: what has been chosen at the table, else what is recommended."""
    chosen = presentation.decision
    if chosen and chosen.choice and chosen.choice not in DECIDING:
        return False
    final = chosen.final if chosen and chosen.final else presentation.recommendation
    return is_closing(presentation.kind, final)


def closes(item: Minuted) -> bool:
    d = item.decision
    return d.choice in DECIDING and d.final is not None and is_closing(item.kind, d.final)


def closings_last(record: Iterable[Minuted]) -> list[Minuted]:
    """The order in which what was decided takes effect: what else was decided on a case comes before its end."""
    return sorted(record, key=closes)


def ended_in(record: Iterable[Minuted]) -> tuple[Ended, ...]:
    """Every closing with other items of its case beside it."""
    return _ends([(m.number, m.case_id, closes(m)) for m in record])


def would_end(items: Iterable[Item]) -> tuple[Ended, ...]:
    """The same before anything is decided: what is recommended, and for each case once."""
    found = _ends([(i.number, i.presentation.case_id, would_close(i.presentation)) for i in items])
    return tuple({e.case_id: e for e in found}.values())


def _ends(items: list[tuple[int, str, bool]]) -> tuple[Ended, ...]:
    found = []
    for at, (number, case, ends) in enumerate(items):
        others = tuple(n for i, (n, c, _) in enumerate(items) if c == case and i != at)
        if ends and others:
            found.append(Ended(number, case, others))
    return tuple(found)


def ended_by(record: Iterable[Minuted], presentation_id: str) -> int | None:
    """The number under which the item's case was closed at the same meeting; None: it was not, or by this item."""
    items = list(record)
    own = next((m for m in items if m.presentation_id == presentation_id), None)
    if own is None:
        return None
    return next((m.number for m in items if m.case_id == own.case_id and m is not own and closes(m)), None)
