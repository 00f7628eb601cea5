"""One transaction: everything in it is kept, or nothing. Nobody in it speaks to Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.calendar import local_date
from bot.domain.committee import MemberWindow
from bot.domain.journal import Entry
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
from storage.people import StoredPeople
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


class UnitOfWork:
    """The shelves of one transaction, and who asked for it."""

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
        locking = connection.dialect.name == "postgresql"
        self.people = StoredPeople(connection, locking=locking, today=local_date(at))
        self.committees = StoredCommittees(connection, COMMITTEE, locking=locking)
        self.meetings = StoredMeetings(connection, MEETING, locking=locking)
        self.cases = StoredCases(connection, locking=locking, keys=keys, window=window)
        self.presentations = StoredPresentations(connection, PRESENTATION, locking=locking)
        self.frames = StoredFrames(connection, FRAME, locking=locking)
        self.tasks = StoredTasks(connection, TASK, locking=locking)
        self.ballots = StoredBallots(connection, BALLOT, locking=locking)
        self.belongings = StoredBelongings(connection, BELONGING, locking=locking)
        self.notices = StoredNotices(
            connection, locking=locking, at=at, new_id=new_id, wake=wake, by_clock=asked is None
        )
        self.lanes = StoredLanes(connection)
        self.lookouts = StoredLookouts(connection)
        self.adjustments = StoredAdjustments(connection)
        self.documents = StoredDocuments(connection, keys=keys)
        self.practice_notes = StoredPracticeNotes(connection)
        self.substitutes = StoredSubstitutes(connection, SUBSTITUTE, locking=locking)
        self.handovers = StoredHandovers(connection, HANDOVER, locking=locking)
        self.journal = StoredJournal(connection, locking=locking)
        self.drafts = StoredDrafts(connection, keys=keys)
        self.counts = StoredCounts(connection, locking=locking, keys=keys)
        self.figures = StoredFigures(connection)
        self.after_closings = StoredAfterClosings(connection, AFTER_CLOSING, locking=locking)
        self.transitions = StoredTransitions(connection, TRANSITION, locking=locking)
        self.gatherings = StoredGatherings(connection, GATHERING, locking=locking)
        self.advice = StoredAdvice(connection, ADVICE_REQUEST, locking=locking)
        self.alarms = StoredAlarms(connection, ALARM, locking=locking)
        self.practices = StoredPractices(connection, PRACTICE, locking=locking)
        self.habits = StoredHabits(connection)
        self.samples = StoredSamples(connection, SAMPLE, locking=locking)
        self.emergencies = StoredEmergencies(connection, keys=keys)

    def remember(self) -> None:
        for shelf in (
            self.committees,
            self.meetings,
            self.cases,
            self.presentations,
            self.frames,
            self.tasks,
            self.substitutes,
            self.handovers,
            self.transitions,
            self.gatherings,
            self.after_closings,
            self.people,
            self.notices,
            self.journal,
        ):
            shelf.remember()

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
