"""The shelves of what was done and seen: the journal, the emergency door, the samples drawn from it, and the rounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.chain import Check, Cut, Link
from bot.domain.emergency import Emergency
from bot.domain.journal import Entry as JournalEntry
from bot.domain.looks import Sample
from bot.domain.people import AreaCode, PersonId
from bot.domain.watch import ChannelLook
from bot.usecases.shelves import Shelf


class Journal(Protocol):
    def latest(self) -> int:
        """The number of the newest entry; 0 before the first. Every change writes one."""
        ...

    def chain(self) -> Iterator[tuple[Link, JournalEntry | None]]:
        """Every link from the first, with its entry; None: the entry is gone."""
        ...

    def loose(self) -> int | None:
        """The number of an entry that is in no chain."""
        ...

    def cuts(self) -> list[Cut]:
        """What stands in place of what was taken off, the newest first; whether its signature is ours is asked apart."""
        ...

    def kept_from(self, since: datetime) -> int | None:
        """The place of the first line that stays: not older, of a case that is not anonymised, or the newest. None: no line."""
        ...

    def beginning(self, until: int) -> Cut | None:
        """What would be taken off, not signed, if the chain began after that place; None when nothing stands before it."""
        ...

    def take_off(self, until: int) -> None:
        """Removes the beginning up to that place, past what refuses it; only the database's owner can."""
        ...

    def checks(self, *, most: int) -> list[Check]:
        """The nights' findings, the newest first."""
        ...

    def keep_check(self, check: Check) -> bool:
        """False: that day has one."""
        ...

    def of_case(self, case: str, *, looks: bool = False) -> list[JournalEntry]: ...
    def of_others(self, person: PersonId, *, since: datetime) -> list[JournalEntry]: ...
    def of_acts(
        self, *acts: str, since: datetime | None = None, areas: Sequence[AreaCode] | None = None
    ) -> list[JournalEntry]:
        """Every entry of these acts, oldest first; only those from an instant on when one is given."""
        ...

    def looks_between(self, first: datetime, until: datetime) -> list[JournalEntry]: ...
    def count_since(self, at: datetime, *, look: bool | None = None, act: str | None = None) -> int: ...
    def gather_endings(self, cases: Iterable[str]) -> None:
        """For `last_change` and `notes_missing`."""
        ...

    def last_change(self, case: str) -> datetime | None: ...
    def notes_missing(self, case: str) -> int:
        """How many of its acts are not ticked off as notes in the case system, whoever did them."""
        ...

    def acts_to_journal(self) -> tuple[str, ...]: ...
    def not_journaled(self, person: PersonId) -> list[JournalEntry]: ...
    def mark_journaled(self, seqs: list[int], *, by: PersonId, at: datetime) -> None: ...
    def is_journaled(self, seq: int) -> bool: ...
    def gather_ticks(self, seqs: list[int]) -> None:
        """For `is_journaled`."""
        ...

    def entry(self, seq: int) -> JournalEntry | None: ...


class Emergencies(Protocol):
    """Who came in by the emergency door."""

    def add(self, emergency: Emergency) -> None: ...
    def find(self, id: str) -> Emergency | None: ...  # noqa: A002
    def save(self, emergency: Emergency) -> None: ...
    def unseen(self) -> list[Emergency]:
        """Nobody has looked at them yet; the oldest first."""
        ...

    def since(self, at: datetime) -> list[Emergency]: ...


class Samples(Shelf[Sample], Protocol):
    """A month's looks drawn for a leader."""

    def unsigned(self, leader: PersonId | None = None) -> list[Sample]: ...
    def of_month(self, month: date) -> list[Sample]: ...


class Lookouts(Protocol):
    """The clock's last round, and what the guard saw in each channel last."""

    def restored(self) -> datetime | None:
        """When the database was brought back, while nobody has let the clock go on."""
        ...

    def last_round(self) -> datetime | None: ...
    def put_round(self, at: datetime) -> None: ...
    def looks(self) -> list[ChannelLook]: ...
    def put_look(self, look: ChannelLook) -> None: ...
