"""What use cases need from outside, in their own words."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol, TypeVar

from bot.domain.case import Case, Reference
from bot.domain.committee import Committee, Conflict, Mandate, Regret, Seat
from bot.domain.follow_up import NewDateWish
from bot.domain.frame import Entry, Frame
from bot.domain.journal import Entry as JournalEntry
from bot.domain.meeting import Face, Meeting
from bot.domain.notices import Notice
from bot.domain.people import Absence, AreaCode, Person, PersonId, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Rules
from bot.domain.task import Task

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """Who asks, when (a UTC instant), from which surface, and the key that makes it once however often it comes."""

    by: Person
    at: datetime
    surface: str
    key: str | None = None  # None: asking twice is harmless

    @property
    def today(self) -> date:
        from bot.domain.calendar import local_date

        return local_date(self.at)


class AlreadyAsked(Exception):
    """This press or form has been handled; `result` says what came of it (an id), if it was written down."""

    def __init__(self, result: str | None) -> None:
        super().__init__("already asked")
        self.result = result


class Shelf(Protocol[T]):
    """`get` raises LookupError; `save` raises ChangedMeanwhile when somebody saved in between."""

    def add(self, thing: T) -> T: ...
    def find(self, id: str, *, lock: bool = False) -> T | None: ...  # noqa: A002
    def get(self, id: str, *, lock: bool = False) -> T: ...  # noqa: A002
    def save(self, thing: T) -> T: ...


class People(Shelf[Person], Protocol):
    def holding(self, role: Role, area: AreaCode | None = None) -> list[Person]: ...
    def all(self) -> list[Person]: ...
    def away(self, person: PersonId, day: date) -> Absence | None: ...
    def absences_of(self, person: PersonId) -> list[Absence]: ...
    def add_absence(self, absence: Absence) -> None: ...
    def end_absence(self, id: str) -> None: ...  # noqa: A002
    def wish_for_access(self, person: Person, at: datetime) -> bool:
        """False when the person has wished already today."""
        ...

    def access_wishes(self) -> list[tuple[PersonId, str]]: ...
    def grant_access_wish(self, person: PersonId) -> None: ...


class Committees(Shelf[Committee], Protocol):
    def all(self) -> list[Committee]: ...
    def seats(self, committee: str) -> list[Seat]: ...
    def seats_of(self, person: PersonId) -> list[Seat]: ...
    def put_seat(self, seat: Seat) -> None: ...
    def remove_seat(self, id: str) -> None: ...  # noqa: A002


class Meetings(Shelf[Meeting], Protocol):
    def between(self, committee: str, first: date, last: date) -> list[Meeting]:
        """In order of day; cancelled ones too."""
        ...

    def changing(self, committee: str) -> list[Meeting]:
        """Moved, cancelled or added, and the ten minutes in which it may be undone are not seen to yet (D35)."""
        ...

    def next_after(self, committee: str, day: date, *, count: int = 1) -> list[Meeting]:
        """Planned meetings on or after `day`."""
        ...

    def at(self, committee: str, day: date, starts: time) -> Meeting | None: ...
    def drop(self, meeting: str) -> bool:
        """Takes an empty meeting out of the calendar. False, and nothing is done, when anything is tied to it."""
        ...

    def regrets(self, meeting: str) -> list[Regret]: ...
    def put_regret(self, regret: Regret) -> None: ...
    def withdraw_regret(self, meeting: str, person: PersonId) -> None: ...


class Cases(Shelf[Case], Protocol):
    def next_key(self, year: int) -> str: ...
    def visible(self, viewer: Person, at: datetime) -> list[Case]:
        """Every case the person may see now (the one access rule, D11), open ones first."""
        ...

    def seen_by(self, id: str, viewer: Person, at: datetime, *, lock: bool = False) -> Case | None: ...  # noqa: A002
    def found_by(self, text: str, viewer: Person, at: datetime) -> list[Case]:
        """By alias prefix, key, key's number, the last four of a number, or the whole number; only visible cases."""
        ...

    def of_caseworker(self, person: PersonId) -> list[Case]: ...
    def in_area(self, area: AreaCode) -> list[Case]: ...
    def open(self) -> list[Case]: ...
    def aliases_taken(self, committee: str) -> list[str]: ...
    def put_reference(self, reference: Reference) -> None:
        """Raises ReferenceTaken when any case has this number in this area."""
        ...

    def case_with_number(self, area: AreaCode, number: str) -> Case | None: ...
    def reference(self, case: str, area: AreaCode) -> Reference | None: ...
    def references(self, case: str, areas: tuple[AreaCode, ...]) -> list[Reference]: ...
    def areas_with_reference(self, case: str) -> list[AreaCode]: ...
    def remove_references(self, case: str) -> None: ...
    def put_birth_month(self, case: str, month: str) -> None: ...
    def has_birth_month(self, case: str) -> bool: ...


class Presentations(Shelf[Presentation], Protocol):
    def of_case(self, case: str) -> list[Presentation]:
        """Newest first."""
        ...

    def open_of(self, case: str, kind: Kind) -> Presentation | None: ...
    def on_agenda(self, meeting: str) -> list[Presentation]: ...
    def waiting(self, committee: str) -> list[Presentation]:
        """Ready or referred, and on no agenda."""
        ...

    def in_states(self, *states: State, area: AreaCode | None = None) -> list[Presentation]: ...
    def requested_by(self, person: PersonId, *states: State) -> list[Presentation]: ...
    def mandates(self, presentation: str) -> list[Mandate]: ...
    def put_mandate(self, mandate: Mandate) -> None: ...
    def conflicts(self, presentation: str) -> list[Conflict]: ...
    def put_conflict(self, conflict: Conflict) -> None: ...
    def drop_conflict(self, presentation: str, person: PersonId) -> None: ...
    def wish(self, presentation: str) -> NewDateWish | None: ...
    def put_wish(self, wish: NewDateWish) -> None: ...
    def drop_wish(self, presentation: str) -> None: ...
    def wishes(self) -> list[NewDateWish]: ...


class Frames(Shelf[Frame], Protocol):
    def open_of(self, case: str, *, lock: bool = False) -> Frame | None: ...
    def of_case(self, case: str) -> list[Frame]: ...
    def open_of_cases(self, cases: list[str]) -> list[Frame]: ...
    def entries(self, frame: str) -> list[Entry]:
        """In the order they were written."""
        ...

    def entry(self, id: str) -> Entry | None: ...  # noqa: A002
    def add_entry(self, entry: Entry) -> None: ...


class Tasks(Shelf[Task], Protocol):
    def of_area(self, area: AreaCode, *, open_only: bool = True) -> list[Task]: ...
    def of_meeting(self, meeting: str) -> list[Task]: ...
    def of_case(self, case: str) -> list[Task]: ...
    def open_before_meeting(self, committee: str, meeting: Meeting) -> int: ...


class Notices(Protocol):
    def tell(self, notice: Notice) -> None:
        """Once per key: a second time changes nothing."""
        ...

    def retell(self, key: str, **facts: str) -> bool:
        """Shows the message anew with what is true now; a handled one stays as it is. False: never told."""
        ...

    def handle(self, prefix: str) -> None:
        """Messages whose key begins so become one neutral line, or are never sent (D34)."""
        ...

    def cancel(self, key: str) -> bool: ...
    def by_key(self, key: str) -> Notice | None: ...
    def claim(
        self,
        *,
        at: datetime,
        real: datetime,
        owner: str,
        lease_seconds: float,
        but_for: frozenset[str] = frozenset(),
    ) -> Notice | None:
        """`but_for`: who has just heard something, and is left in peace for a moment."""
        ...

    def is_due(self, *, at: datetime, real: datetime, but_for: frozenset[str] = frozenset()) -> bool:
        """Whether a claim would give something, without taking it."""
        ...

    def record(self, notice: Notice) -> None: ...
    def dead(self) -> list[Notice]: ...
    def parked(self) -> list[Notice]: ...
    def unpark(self, to: str) -> int: ...
    def to_clear(self, *, before: datetime) -> list[Notice]: ...
    def showing(self, kind: str) -> list[Notice]: ...


class Journal(Protocol):
    def latest(self) -> int:
        """The number of the newest entry; 0 before the first. Every change writes one."""
        ...

    def of_case(self, case: str, *, looks: bool = False) -> list[JournalEntry]: ...
    def acts_to_journal(self) -> tuple[str, ...]: ...
    def not_journaled(self, person: PersonId) -> list[JournalEntry]: ...
    def mark_journaled(self, seqs: list[int], *, by: PersonId, at: datetime) -> None: ...
    def entry(self, seq: int) -> JournalEntry | None: ...


class Drafts(Protocol):
    """What a person had begun to fill in, sealed; D37."""

    def keep(self, person: PersonId, form: str, subject: str, held: dict[str, Any], at: datetime) -> None: ...
    def held(self, person: PersonId, form: str, subject: str) -> dict[str, Any] | None: ...
    def drop(self, person: PersonId, form: str, subject: str) -> None: ...
    def of(self, person: PersonId) -> list[tuple[str, str]]: ...


class Work(Protocol):
    """One transaction: everything in it is kept, or nothing."""

    @property
    def people(self) -> People: ...

    @property
    def committees(self) -> Committees: ...

    @property
    def meetings(self) -> Meetings: ...

    @property
    def cases(self) -> Cases: ...

    @property
    def presentations(self) -> Presentations: ...

    @property
    def frames(self) -> Frames: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def notices(self) -> Notices: ...

    @property
    def journal(self) -> Journal: ...

    @property
    def drafts(self) -> Drafts: ...

    def note(self, act: str, *, case: str | None = None, **facts: str) -> int:
        """Writes a change into the journal, as done by whoever asked; gives its number."""
        ...

    def look(self, case: str, *, what: str) -> None:
        """Writes a look into the journal (D21); before it is shown, in the same transaction."""
        ...

    def result(self, text: str) -> None:
        """What a repeated asking with the same key will be told."""
        ...


OpenWork = Callable[..., AbstractContextManager[Work]]
"""`open_work(asked)` for a person, `open_work(at=...)` for the clock. Commits at the end, undoes on a raise.

Raises AlreadyAsked at once when `asked.key` has been handled."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The UTC instant everything asks for (D17); only ever forward."""
        ...

    def real(self) -> datetime:
        """The machine's own UTC instant: for leases, which outlive a jump of the other one."""
        ...


class RulesBook(Protocol):
    def on(self, day: date) -> Rules: ...
    def version(self, version: str) -> Rules: ...


class Chance(Protocol):
    def id(self) -> str: ...

    @property
    def random(self) -> random.Random: ...


@dataclass(frozen=True)
class Sent:
    channel: str
    ts: str


class CertainlyNotSent(Exception):
    """Nothing reached Slack: it may be tried again. `retry_after` in seconds, where Slack said so."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class PerhapsSent(Exception):
    """Slack may have it or not: look before trying again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PlaceBroken(Exception):
    """The channel or the person cannot be reached until somebody mends it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NeverSendable(Exception):
    """Slack will never take this message: our own fault, or Slack has removed what we would edit."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WordsFailed(Exception):
    """No words could be found for a notice: our own fault."""


class Messenger(Protocol):
    """The bot's voice. Raises CertainlyNotSent, PerhapsSent, PlaceBroken or NeverSendable."""

    def send(self, to: str, message: Any, *, key: str) -> Sent: ...
    def edit(self, channel: str, ts: str, message: Any) -> None: ...
    def delete(self, channel: str, ts: str) -> None: ...
    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None: ...


@dataclass(frozen=True)
class ChannelSeen:
    """What the guard saw in a channel just now."""

    exists: bool
    private: bool = False
    shared_outside: bool = False
    archived: bool = False
    guests: tuple[PersonId, ...] = ()
    members: tuple[PersonId, ...] = ()
    bot_inside: bool = True


class ChannelGuard(Protocol):
    def look(self, channel: str) -> ChannelSeen:
        """Raises CertainlyNotSent when Slack cannot be asked now."""
        ...


class NoticeWords(Protocol):
    """Finds the words for a notice when it is about to be sent; the views behind it know Slack, the use case does not."""

    def say(self, kind: str, facts: Any, *, language: str, key: str) -> Any: ...


__all__ = [name for name in globals() if name[0].isupper()] + ["Face"]
