"""One transaction: everything in it is kept, or nothing. Nobody in it speaks to Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from hmac import compare_digest
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.calendar import local_date
from bot.domain.committee import MemberWindow
from bot.domain.journal import Entry
from bot.domain.people import Person, PersonId
from bot.usecases.left_out import leaving_out, left_out
from bot.usecases.ports import AlreadyAsked, Asked
from storage.alarms import ALARM, StoredAlarms
from storage.ballots import BALLOT, StoredBallots
from storage.belongings import BELONGING, StoredBelongings
from storage.cases import StoredCases
from storage.committees import COMMITTEE, MEETING, StoredCommittees, StoredMeetings
from storage.common_practice import StoredPracticeNotes
from storage.continuity import (
    ADVICE_REQUEST,
    AFTER_CLOSING,
    GATHERING,
    TRANSITION,
    StoredAdvice,
    StoredAfterClosings,
    StoredGatherings,
    StoredTransitions,
)
from storage.counts import StoredCounts
from storage.drafts import StoredDrafts
from storage.emergencies import StoredEmergencies
from storage.engine import Database
from storage.figures import StoredFigures
from storage.frames import FRAME, StoredFrames
from storage.habits import StoredHabits
from storage.journal import StoredJournal
from storage.lanes import StoredLanes
from storage.lookouts import StoredLookouts
from storage.notices import StoredNotices
from storage.people import StoredPeople, WhoIsIt
from storage.plans import StoredAdjustments, StoredDocuments
from storage.practices import PRACTICE, StoredPractices
from storage.presentations import PRESENTATION, StoredPresentations
from storage.samples import SAMPLE, StoredSamples
from storage.sealing import KeyRing
from storage.substitutes import HANDOVER, SUBSTITUTE, StoredHandovers, StoredSubstitutes
from storage.tables import intake
from storage.tasks import TASK, StoredTasks

_TAKING: dict[str, Any] = {
    "postgresql": insert_pg(intake).on_conflict_do_nothing().returning(intake.c.key),
    "sqlite": insert_sqlite(intake).on_conflict_do_nothing().returning(intake.c.key),
}
_ANSWERED = update(intake).where(intake.c.key == bindparam("whose"))
"""Statements that every asking needs are put together once."""


class Remembers(Protocol):
    def remember(self) -> None: ...


Shelved = TypeVar("Shelved", bound=Remembers)


class UnitOfWork:
    """The shelves of one transaction, each put up when somebody goes to it, and who asked for it."""

    def __init__(
        self,
        connection: Connection,
        *,
        keys: KeyRing,
        asked: Asked | None,
        at: datetime,
        new_id: Callable[[], str],
        wake: Callable[[], None],
        window: MemberWindow,
    ) -> None:
        self._connection, self._asked, self._at, self._keys = connection, asked, at, keys
        self._new_id, self._wake, self._window = new_id, wake, window
        self._locking, self._remembers = connection.dialect.name == "postgresql", False

    def remember(self) -> None:
        """For a reading: its shelves do not ask twice."""
        self._remembers = True

    @cached_property
    def people(self) -> StoredPeople:
        return self._read(StoredPeople(self._connection, locking=self._locking, today=local_date(self._at)))

    @cached_property
    def committees(self) -> StoredCommittees:
        return self._read(StoredCommittees(self._connection, COMMITTEE, locking=self._locking))

    @cached_property
    def meetings(self) -> StoredMeetings:
        return self._read(StoredMeetings(self._connection, MEETING, locking=self._locking))

    @cached_property
    def cases(self) -> StoredCases:
        return self._read(
            StoredCases(self._connection, locking=self._locking, keys=self._keys, window=self._window)
        )

    @cached_property
    def presentations(self) -> StoredPresentations:
        return self._read(StoredPresentations(self._connection, PRESENTATION, locking=self._locking))

    @cached_property
    def frames(self) -> StoredFrames:
        return self._read(StoredFrames(self._connection, FRAME, locking=self._locking))

    @cached_property
    def tasks(self) -> StoredTasks:
        return self._read(StoredTasks(self._connection, TASK, locking=self._locking))

    @cached_property
    def ballots(self) -> StoredBallots:
        return StoredBallots(self._connection, BALLOT, locking=self._locking)

    @cached_property
    def belongings(self) -> StoredBelongings:
        return StoredBelongings(self._connection, BELONGING, locking=self._locking)

    @cached_property
    def notices(self) -> StoredNotices:
        return self._read(
            StoredNotices(
                self._connection,
                locking=self._locking,
                at=self._at,
                new_id=self._new_id,
                wake=self._wake,
                by_clock=self._asked is None,
            )
        )

    @cached_property
    def lanes(self) -> StoredLanes:
        return StoredLanes(self._connection)

    @cached_property
    def lookouts(self) -> StoredLookouts:
        return StoredLookouts(self._connection)

    @cached_property
    def adjustments(self) -> StoredAdjustments:
        return StoredAdjustments(self._connection)

    @cached_property
    def documents(self) -> StoredDocuments:
        return StoredDocuments(self._connection, keys=self._keys)

    @cached_property
    def practice_notes(self) -> StoredPracticeNotes:
        return StoredPracticeNotes(self._connection)

    @cached_property
    def substitutes(self) -> StoredSubstitutes:
        return self._read(StoredSubstitutes(self._connection, SUBSTITUTE, locking=self._locking))

    @cached_property
    def handovers(self) -> StoredHandovers:
        return self._read(StoredHandovers(self._connection, HANDOVER, locking=self._locking))

    @cached_property
    def journal(self) -> StoredJournal:
        return self._read(StoredJournal(self._connection, locking=self._locking))

    @cached_property
    def drafts(self) -> StoredDrafts:
        return StoredDrafts(self._connection, keys=self._keys)

    @cached_property
    def counts(self) -> StoredCounts:
        return StoredCounts(self._connection, locking=self._locking, keys=self._keys)

    @cached_property
    def figures(self) -> StoredFigures:
        return StoredFigures(self._connection)

    @cached_property
    def after_closings(self) -> StoredAfterClosings:
        return self._read(StoredAfterClosings(self._connection, AFTER_CLOSING, locking=self._locking))

    @cached_property
    def transitions(self) -> StoredTransitions:
        return self._read(StoredTransitions(self._connection, TRANSITION, locking=self._locking))

    @cached_property
    def gatherings(self) -> StoredGatherings:
        return self._read(StoredGatherings(self._connection, GATHERING, locking=self._locking))

    @cached_property
    def advice(self) -> StoredAdvice:
        return StoredAdvice(self._connection, ADVICE_REQUEST, locking=self._locking)

    @cached_property
    def alarms(self) -> StoredAlarms:
        return StoredAlarms(self._connection, ALARM, locking=self._locking)

    @cached_property
    def practices(self) -> StoredPractices:
        return StoredPractices(self._connection, PRACTICE, locking=self._locking)

    @cached_property
    def habits(self) -> StoredHabits:
        return StoredHabits(self._connection)

    @cached_property
    def samples(self) -> StoredSamples:
        return StoredSamples(self._connection, SAMPLE, locking=self._locking)

    @cached_property
    def emergencies(self) -> StoredEmergencies:
        return StoredEmergencies(self._connection, keys=self._keys)

    def _read(self, shelf: Shelved) -> Shelved:
        if self._remembers:
            shelf.remember()
        return shelf

    def note(self, act: str, *, case: str | None = None, **facts: str) -> int:
        return self.journal.write(self._entry(act, case, facts, look=False))

    def look(self, case: str, *, what: str) -> None:
        self.journal.write(self._entry(what, case, {}, look=True))

    def result(self, text: str) -> None:
        if self._asked and self._asked.key:
            self._connection.execute(_ANSWERED, {"whose": self._asked.key, "result": text})

    def holds_askings(self, *, before: datetime) -> bool:
        query = select(intake.c.key).where(intake.c.at < before).limit(1)
        return self._connection.execute(query).first() is not None

    def sign(self, text: str) -> str:
        return self._keys.blind(text, purpose="signature").hex()

    def is_signed(self, text: str, signature: str) -> bool:
        return any(
            compare_digest(made.hex(), signature) for made in self._keys.blinds(text, purpose="signature")
        )

    def first_time(self, what: str) -> bool:
        """Whether this is heard now and never before; it is kept as a keyed hash, and forgotten with the askings."""
        taking = _TAKING[self._connection.dialect.name]
        key = f"heard:{self._keys.blind(what, purpose='heard before').hex()}"
        values = {"key": key, "at": self._at, "by": None}
        return self._connection.execute(taking, values).first() is not None

    def forget_askings(self, before: datetime) -> int:
        """Keys of what was asked are worth keeping only as long as Slack might bring it again."""
        return self._connection.execute(delete(intake).where(intake.c.at < before)).rowcount

    def has_handled(self, key: str) -> bool:
        return self._connection.execute(select(intake.c.key).where(intake.c.key == key)).first() is not None

    def begin(self) -> None:
        """Takes the asking's key, so that it is handled once; the draft of what is sent goes. Raises AlreadyAsked."""
        if self._asked is None or self._asked.key is None:
            return
        taking = _TAKING[self._connection.dialect.name]
        values = {"key": self._asked.key, "at": self._at, "by": self._asked.by.id}
        if self._connection.execute(taking, values).first() is None:
            query = select(intake.c.result).where(intake.c.key == self._asked.key)
            raise AlreadyAsked(self._connection.execute(query).scalar_one_or_none())
        if self._asked.draft:
            self.drafts.drop(self._asked.by.id, *self._asked.draft)

    def _entry(self, act: str, case: str | None, facts: dict[str, str], *, look: bool) -> Entry:
        by = self._asked.by.id if self._asked else None
        surface = self._asked.surface if self._asked else "clock"
        return Entry(
            at=self._at,
            by=by,
            act=act,
            case_id=case,
            facts=facts,
            surface=surface,
            role=self._roles(),
            look=look,
        )

    def _roles(self) -> str:
        """In which roles it was asked (D12); short enough for its column whatever somebody holds."""
        posts = self._asked.by.posts if self._asked else frozenset()
        return ",".join(sorted(p.role.value for p in posts))[:60]


class Storage:
    """Opens units of work on one database."""

    def __init__(
        self,
        database: Database,
        *,
        keys: KeyRing,
        new_id: Callable[[], str],
        wake: Callable[[], None] = lambda: None,
        window: Callable[[date], MemberWindow] = lambda _: MemberWindow(),
    ) -> None:
        """`window` says which meetings a member sees on a day: the rules of that day (D8)."""
        self._window = window
        self.database, self.keys, self._new_id, self.wake = database, keys, new_id, wake

    @cached_property
    def _who_is_it(self) -> WhoIsIt:
        return WhoIsIt(self.database)

    def known(self, id: PersonId, *, at: datetime) -> Person | None:  # noqa: A002
        """As a reading finds them; most of the time in one question."""
        person, lent = self._who_is_it.known(id, local_date(at))
        if not lent:
            return person
        with self.open_reading(at=at) as work:
            return work.people.find(id)

    @contextmanager
    def open_work(self, asked: Asked | None = None, *, at: datetime | None = None) -> Iterator[UnitOfWork]:
        """Commits at the end; undoes everything if anything is raised."""
        moment = asked.at if asked else at
        assert moment is not None, "the clock says when it asks"
        something_to_send: list[bool] = []
        changes = asked is not None and asked.key is not None
        whole = leaving_out(
            frozenset() if changes else left_out()
        )  # nobody changes anything on half a picture
        with whole, self.database.turn(), self.database.writing.begin() as connection:
            work = UnitOfWork(
                connection,
                keys=self.keys,
                asked=asked,
                at=moment,
                new_id=self._new_id,
                wake=lambda: something_to_send.append(True),
                window=self._window(local_date(moment)),
            )
            work.begin()
            yield work
            work.drafts.settle()
            work.notices.settle()
            work.journal.tie()
        if something_to_send:
            self.wake()

    @contextmanager
    def open_reading(self, *, at: datetime) -> Iterator[UnitOfWork]:
        """For reading that leaves no trace: a person's own form, the clock's looking. Writes in it are undone."""
        with self.database.reading.connect() as connection:
            work = UnitOfWork(
                connection,
                keys=self.keys,
                asked=None,
                at=at,
                new_id=self._new_id,
                wake=lambda: None,
                window=self._window(local_date(at)),
            )
            work.remember()
            yield work
