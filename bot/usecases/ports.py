"""What use cases need from outside, in their own words."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.chain import Anchor
from bot.domain.choices import OwnWord
from bot.domain.meeting import Face
from bot.domain.people import Person, PersonId
from bot.domain.rules import Rules
from bot.usecases.outgoing import Lanes, Notices
from bot.usecases.records import Emergencies, Journal, Lookouts, Samples
from bot.usecases.shelves import (
    Adjustments,
    AdviceRequests,
    AfterClosings,
    Alarms,
    Ballots,
    Belongings,
    Cases,
    Committees,
    Counts,
    Documents,
    Drafts,
    Figures,
    Frames,
    Gatherings,
    Habits,
    Handovers,
    Meetings,
    People,
    PracticeNotes,
    Practices,
    Presentations,
    Substitutes,
    Tasks,
    Transitions,
)


@dataclass(frozen=True)
class Asked:
    """Who asks, when (a UTC instant), from which surface, and the key that makes it once however often it comes."""

    by: Person
    at: datetime
    surface: str
    key: str | None = None  # None: asking twice is harmless
    draft: tuple[str, str] | None = None  # the form it was filled in on and what about; the act takes it away

    @property
    def today(self) -> date:
        from bot.domain.calendar import local_date

        return local_date(self.at)


class NotHere(LookupError):
    """No row with this id: it was made up, or is gone. Whoever asked reads what they read of what is not theirs (D11)."""


class AlreadyAsked(Exception):
    """This press or form has been handled; `result` says what came of it (an id), if it was written down."""

    def __init__(self, result: str | None) -> None:
        super().__init__("already asked")
        self.result = result


class AnchorPlace(Protocol):
    """Outside the database: where the journal's mark of a night is kept."""

    def keep(self, day: date, anchor: Anchor) -> None: ...
    def kept(self) -> Iterable[Anchor]: ...


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
    def after_closings(self) -> AfterClosings: ...

    @property
    def transitions(self) -> Transitions: ...

    @property
    def gatherings(self) -> Gatherings: ...

    @property
    def samples(self) -> Samples: ...

    @property
    def emergencies(self) -> Emergencies: ...

    @property
    def advice(self) -> AdviceRequests: ...

    @property
    def belongings(self) -> Belongings: ...

    @property
    def adjustments(self) -> Adjustments: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def practice_notes(self) -> PracticeNotes: ...

    @property
    def ballots(self) -> Ballots: ...

    @property
    def substitutes(self) -> Substitutes: ...

    @property
    def handovers(self) -> Handovers: ...

    @property
    def notices(self) -> Notices: ...

    @property
    def lanes(self) -> Lanes: ...

    @property
    def lookouts(self) -> Lookouts: ...

    @property
    def journal(self) -> Journal: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def counts(self) -> Counts: ...

    @property
    def figures(self) -> Figures: ...

    @property
    def alarms(self) -> Alarms: ...

    @property
    def practices(self) -> Practices: ...

    @property
    def habits(self) -> Habits: ...

    def note(self, act: str, *, case: str | None = None, **facts: str) -> int:
        """Writes a change into the journal, as done by whoever asked; gives its number."""
        ...

    def look(self, case: str, *, what: str) -> None:
        """Writes a look into the journal (D21); before it is shown, in the same transaction."""
        ...

    def sign(self, text: str) -> str:
        """With a key that is not in the database."""
        ...

    def is_signed(self, text: str, signature: str) -> bool:
        """By us, with a key of the ring."""
        ...

    def first_time(self, what: str) -> bool:
        """Whether this is heard now and never before (within the days askings are kept)."""
        ...

    def has_handled(self, key: str) -> bool:
        """Whether something has been handled under this key."""
        ...

    def holds_askings(self, *, before: datetime) -> bool: ...
    def forget_askings(self, before: datetime) -> int:
        """The keys by which something is done once; how many were forgotten."""
        ...

    def result(self, text: str) -> None:
        """What a repeated asking with the same key will be told."""
        ...


OpenWork = Callable[..., AbstractContextManager[Work]]
"""`open_work(asked)` for a person, `open_work(at=...)` for the clock. Commits at the end, undoes on a raise.

Raises AlreadyAsked at once when `asked.key` has been handled."""


class Known(Protocol):
    """Who somebody is and what they may, at an instant; None for nobody. Asked by everything anybody does (D11)."""

    def __call__(self, id: PersonId, *, at: datetime) -> Person | None: ...  # noqa: A002


class Clock(Protocol):
    def now(self) -> datetime:
        """The UTC instant everything asks for (D17); only ever forward."""
        ...

    def real(self) -> datetime:
        """For leases, pauses and turns, which outlive a jump of the other one: what all who serve one database share."""
        ...


class RulesBook(Protocol):
    @property
    def own_words(self) -> tuple[OwnWord, ...]: ...

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
    """Nothing reached Slack: it may be tried again.

    `retry_after` in seconds, and what is paused so long (one of `domain.lanes.ACTS`), where Slack said so; without
    it Slack is away for everybody.
    """

    def __init__(self, code: str, retry_after: float | None = None, act: str | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after, self.act = code, retry_after, act


class TeamBroken(CertainlyNotSent):
    """The workspace lets us do nothing (a token revoked, a scope missing): everything waits, and nothing is lost.

    `everywhere`: it was said of the token or the workspace, not of the one thing we asked for, which is `act`.
    """

    def __init__(self, code: str, *, everywhere: bool = False, act: str | None = None) -> None:
        super().__init__(code, act=act)
        self.everywhere = everywhere


class PerhapsSent(Exception):
    """Slack may have it or not: look before trying again. `away`: it did not answer, rather than answer badly."""

    def __init__(self, code: str, *, away: bool = False) -> None:
        super().__init__(code)
        self.code, self.away = code, away


class PlaceBroken(Exception):
    """The channel or the person cannot be reached until somebody mends it. `gone`: nobody will; the person has left.

    `refused`: what we may not do, there or anywhere (one of `domain.lanes.ACTS`), which only an administrator can mend.
    """

    def __init__(self, code: str, *, gone: bool = False, refused: str | None = None) -> None:
        super().__init__(code)
        self.code, self.gone, self.refused = code, gone, refused


class NeverSendable(Exception):
    """Slack will never take this message: our own fault, or Slack has removed what we would edit."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WordsFailed(Exception):
    """No words could be found for a notice: our own fault."""


class Messenger(Protocol):
    """The bot's voice. Raises CertainlyNotSent, TeamBroken, PerhapsSent, PlaceBroken or NeverSendable."""

    def send(self, to: str, message: Any, *, key: str) -> Sent: ...
    def edit(self, channel: str, ts: str, message: Any) -> None: ...
    def delete(self, channel: str, ts: str) -> None: ...
    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None: ...
    def standing(self, to: str, *, since: datetime) -> list[tuple[str, Sent]]:
        """Our own messages in a conversation since then, each with its key."""
        ...

    def has_left(self, person: PersonId) -> bool:
        """Whether the account is closed. Raises as the others do."""
        ...


class Streams(Protocol):
    """Who speaks where: one process at a time in a stream, also one that is frozen."""

    def hold(self, stream: str) -> AbstractContextManager[bool]:
        """False: another process is speaking in it."""
        ...


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

    def say(self, kind: str, facts: Any, *, language: str, key: str, unread: int = 0) -> Any:
        """`unread`: so many cases could not be read, and are not in it."""
        ...


__all__ = [name for name in globals() if name[0].isupper()] + ["Face"]
