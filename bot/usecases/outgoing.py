"""What is on its way out: the messages, each once per key, and the lanes they go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.lanes import Lane
from bot.domain.notices import Notice, Stuck


@dataclass(frozen=True)
class DueStreams:
    """Where something may be sent now."""

    new: tuple[str, ...] = ()  # a new message
    changes: tuple[str, ...] = ()  # a change to one that stands


class Notices(Protocol):
    def tell(self, notice: Notice) -> None:
        """Once per key: a second time changes nothing."""
        ...

    def tell_all(self, many: Sequence[Notice]) -> None: ...
    def tell_together(self, many: Sequence[Notice]) -> None: ...  # about items: one message to each person
    def reaches(self, notice: Notice) -> bool: ...  # today, whom it is to or who stands in; else it waits
    def put_aside(self, many: Sequence[Notice]) -> None:
        """Written down once by their keys, and never sent."""
        ...

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that have been told or put aside."""
        ...

    def retell(self, key: str, **facts: str) -> bool:
        """Shows the message anew with what is true now; a handled one stays as it is. False: never told."""
        ...

    def handle(self, prefix: str) -> None:
        """Messages whose key begins so become one neutral line, or are never sent (D34)."""
        ...

    def cancel(self, key: str) -> bool: ...
    def by_key(self, key: str) -> Notice | None: ...
    def gather(self, keys: Iterable[str]) -> None: ...  # for `by_key`
    def claim(
        self,
        stream: str,
        *,
        at: datetime,
        real: datetime,
        owner: str,
        lease_seconds: float,
        guarded: frozenset[str] = frozenset(),
    ) -> Notice | None:
        """Closed lanes give nothing. `guarded` are the kinds whose channel is looked at before each message."""
        ...

    def due_streams(
        self, *, at: datetime, real: datetime, most: int, guarded: frozenset[str] = frozenset()
    ) -> DueStreams:
        """Where a claim would give something, the one who has waited longest first; nowhere while everything rests."""
        ...

    def free_again(self, *, at: datetime, real: datetime) -> datetime | None:
        """When the first of those who are owed something and rest now may hear it; None when nobody waits so."""
        ...

    def record(self, notice: Notice) -> None: ...
    def parked(self) -> list[Notice]: ...
    def unreached(self, most: int | None = None) -> tuple[list[Notice], int]:
        """Given up, parked, or answered badly by Slack so far; the oldest first, and how many there are in all."""
        ...

    def find(self, id: str) -> Notice | None: ...  # noqa: A002
    def unsent(self, kind: str) -> list[Notice]:
        """On their way, and not known to be in Slack."""
        ...

    def doubtful(self, *, since: datetime) -> list[Notice]:
        """What at some time since then may have been sent without our knowing; by stream."""
        ...

    def redirect(self, old: str, new: str) -> int:
        """What waits in one place, and certainly does not stand there, goes to another, in order."""
        ...

    def give_back(self, notice: Notice) -> None:
        """What a deputy may not hear waits for whoever it was meant for."""
        ...

    def owed_to(self, to: str) -> list[Notice]:
        """What waits and has never stood in Slack, in order."""
        ...

    def waiting_at(self, place: str) -> int: ...
    def stuck(self, *, at: datetime) -> Stuck: ...
    def unpark(self, to: str) -> int:
        """The place can be reached again. Gives how many messages were held back by it."""
        ...

    def to_clear(self, *, before: datetime) -> list[Notice]: ...
    def showing(self, kind: str) -> list[Notice]: ...


class Lanes(Protocol):
    def of(self, name: str) -> Lane: ...
    def each(self, *names: str) -> list[Lane]:
        """The same of several, in one question and in their order."""
        ...

    def broken(self) -> list[Lane]: ...
    def pause(self, name: str, until: datetime, *, real: datetime) -> None: ...
    def spend(self, name: str, *, real: datetime, each: timedelta, at_once: int) -> None: ...
    def take_turn(self, name: str, *, real: datetime, until: datetime) -> bool: ...
    def forget_turns(self, of: str, *, real: datetime) -> int:
        """Those of a name that begins so, and is over: it says nothing any more. Gives how many."""
        ...

    def break_off(self, name: str, code: str, *, at: datetime) -> bool:
        """True when it was whole until now."""
        ...

    def mend(self, name: str) -> bool:
        """True when it was broken."""
        ...

    def failed(self, name: str) -> int:
        """How often in a row now."""
        ...

    def answered(self, name: str) -> None: ...
