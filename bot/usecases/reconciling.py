"""Who has left without our hearing of it: once a day Slack is asked about everybody who is known here, a few at a time.

Slack repeats an event for some minutes. A closed account that it told of while our database was away longer than that
would otherwise be found only when a message to the person fails, or when they knock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.people import PersonId
from bot.usecases.ports import CertainlyNotSent, Clock, NeverSendable, PerhapsSent
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

        One process has the day's turn. While Slack is away nobody is taken for gone, and the rest wait.
        """
        if not self._left:
            self._left = self._of_today(at)
        gone = 0
        for person in self._left[:AT_ONCE]:
            try:
                gone += self._look_at(person, at)
            except (CertainlyNotSent, PerhapsSent):
                break
            except NeverSendable:
                pass  # what is wrong is our question, not the person
            self._left.remove(person)
        return gone

    def _of_today(self, at: datetime) -> list[PersonId]:
        real = self._clock.real()
        with self._open_reading(at=at) as work:
            if work.lanes.of(TURN).rests(real, longest=EVERY):
                return []
        with self._open_work(at=at) as work:
            if not work.lanes.take_turn(TURN, real=real, until=real + EVERY):
                return []
            return [person.id for person in work.people.all() if person.active]

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
