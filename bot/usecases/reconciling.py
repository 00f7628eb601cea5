"""Who has left without our hearing of it: once a day Slack is asked about everybody who is known here, a few at a time.

Slack repeats an event for some minutes. A closed account that it told of while our database was away longer than that
would otherwise be found only when a message to the person fails, or when they knock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.people import PersonId
from bot.usecases.ports import CertainlyNotSent, Clock, NeverSendable, PerhapsSent, PlaceBroken, Work
from bot.usecases.tools import Tools, UseCases

TURN = "reconcile"
EVERY = timedelta(hours=24)
AT_ONCE = 3
"""At each knock: some nine a minute, where Slack allows a hundred."""


class Account(Protocol):
    @property
    def team(self) -> str: ...
    @property
    def full_member(self) -> bool: ...
    @property
    def deleted(self) -> bool: ...


class Reconciling(UseCases):
    def __init__(
        self,
        tools: Tools,
        *,
        clock: Clock,
        ask: Callable[[PersonId], Account | None],
        leave: Callable[[PersonId, datetime], object],
    ) -> None:
        """`ask` asks Slack anew. `leave` is what happens when an account is closed, or has become a guest's."""
        super().__init__(tools)
        self._clock, self._ask, self._leave = clock, ask, leave
        self._left: list[PersonId] = []

    def ask_due(self, at: datetime) -> int:
        """A few of those who are still to be asked about today; gives how many have left.

        Who has been asked about is written down for each: a process that ends leaves the rest to another, or to its next
        start. While Slack is away nobody is taken for gone, and the rest wait.
        """
        if not self._left:
            self._left = self._of_today(at)
        gone = 0
        for person in self._next(at):
            try:
                gone += self._look_at(person, at)
            except (CertainlyNotSent, PerhapsSent):
                self._left.append(self._left.pop(self._left.index(person)))  # it may be this one alone
                break
            except (NeverSendable, PlaceBroken):
                pass  # what is wrong is our question, not the person
            self._asked(person, at)
        return gone

    def _of_today(self, at: datetime) -> list[PersonId]:
        """The day has its turn when nobody is left to ask about."""
        real = self._clock.real()
        with self._open_reading(at=at) as work:
            if work.lanes.of(TURN).rests(real, longest=EVERY):
                return []
            known = [person.id for person in work.people.all() if person.active]
            left = [person for person in known if not _was_asked(work, person, real)]
        if not left:
            with self._open_work(at=at) as work:
                work.lanes.take_turn(TURN, real=real, until=real + EVERY)
                work.lanes.forget_turns(_turn_of(""), real=real)  # of whoever has left since, too
        return left

    def _next(self, at: datetime) -> list[PersonId]:
        """Without those whom another process has asked about meanwhile."""
        real, found = self._clock.real(), list[PersonId]()
        with self._open_reading(at=at) as work:
            while self._left and len(found) < AT_ONCE:
                if not _was_asked(work, self._left[0], real):
                    found.append(self._left[0])
                del self._left[0]
        self._left[:0] = found
        return found

    def _asked(self, person: PersonId, at: datetime) -> None:
        real = self._clock.real()
        with self._open_work(at=at) as work:
            work.lanes.take_turn(_turn_of(person), real=real, until=real + EVERY)
        self._left.remove(person)

    def _look_at(self, person: PersonId, at: datetime) -> bool:
        """Only what Slack says of an account of our own workspace counts: one it does not know is nobody's proof."""
        account = self._ask(person)
        with self._open_reading(at=at) as work:
            known = work.people.find(person)
        if account is None or known is None or not known.active:
            return False
        if not account.deleted and (account.full_member or account.team != known.team):
            return False
        self._leave(person, at)
        return True


def _turn_of(person: PersonId) -> str:
    return f"{TURN}:{person}"


def _was_asked(work: Work, person: PersonId, real: datetime) -> bool:
    return work.lanes.of(_turn_of(person)).rests(real, longest=EVERY)
