"""What a walk of random people stands on: the town, the watch, and how somebody tries something.

Only who is here may act, as at the door. A refusal is an answer, and leaves nothing behind it: not a row, not a line in
the journal. Time alone moves nothing about where a case belongs.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.demo import town as demo
from bot.domain.case import ReferenceTaken
from bot.domain.errors import Refusal
from bot.domain.people import Person
from bot.domain.presentation import State
from bot.usecases.closing_effect import close_case
from bot.usecases.ports import Asked
from storage import tables as t
from storage.engine import Database
from storage.upgrade import upgrade
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.watch import Watch
from tests.support.written import rules_with_written

AREAS = ("social", "youth", "schools")
PURPOSES = ("mentor_support", "housing_support", "transport")
PEOPLE = tuple(c.name for c in demo.CAST if c.posts)
CASEWORKERS = (
    "U0MAJA0001",
    "U0ALI00001",
    "U0SOFIE001",
    "U0PETER001",
    "U0TINE0001",
    "U0NANNA001",
    "U0JENS0001",
)
NOBODY_LEADS = "employment"
LEADERS = {"social": "Jens Toft", "youth": "Lise Vang", "schools": "Ole Skov", NOBODY_LEADS: "Henrik Dahl"}
"""Whoever is asked about a case of the area; of the one nobody leads, the chair."""

DELIVERS = 3
"""Every third knock what is owed is sent as well: most of the time of a walk goes into that."""

Draw = Callable[[Any], Any]
somebody = st.sampled_from(PEOPLE)
whoever = st.sampled_from(CASEWORKERS)
area = st.sampled_from(AREAS)
anything = st.integers(0, 10_000)
"""Which of those there are: taken modulo their number."""


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Three times in four the usual one."""
    return st.sampled_from((*(usual,) * 3 * len(others), *others))


class NotHere(Exception):
    """The account is closed, so nobody comes through the door."""


class Walk:
    """The town on a fresh SQLite database. Each act draws who, on what, and how."""

    town: OfficeTown
    watch: Watch

    def settle_the_town(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="indgang-walk-"))
        self.database = Database(f"sqlite:///{self.folder / 'walk.db'}")
        event.listen(self.database.writing, "connect", _without_waiting_for_the_disk)
        upgrade(self.database)
        self.town = OfficeTown(self.database, rules_path=rules_with_written(self.folder))
        self._seen = sqlite3.connect(self.folder / "walk.db")
        self.office, self.watch = _Asked(self.town.office, self.written_down), Watch()
        self.numbers, self.knocked, self._looked = 0, 0, -1
        for who in ("Maja Holm", "Ali Demir", "Sofie Bech"):
            active_case(self.town, who, follow_up=self.town.next_meetings(2)[-1])
        self._one_is_over()
        self._some_lack_something()
        self.knocks()  # and that is told before anybody mends it

    def _some_lack_something(self) -> None:
        """What no act brings about, and an earlier year may have left: no leader, no payer, no next date."""
        town = self.town
        _, follow_up = active_case(town, "Nanna Ilsø")
        with town.house.storage.open_work(at=town.clock.at) as work:
            for who, lacks in (("Ali Demir", {"payer": None}), ("Sofie Bech", {"area": NOBODY_LEADS})):
                (case,) = work.cases.of_caseworker(town.person(who).id)
                work.cases.save(replace(case, **lacks))
            gone = work.presentations.get(follow_up)
            work.presentations.save(replace(gone, state=State.WITHDRAWN, settled_at=town.clock.at))

    def _one_is_over(self) -> None:
        """Closed before anybody walks, so that it can be looked at again and reopened."""
        case, _ = active_case(self.town, "Maja Holm")
        town = self.town
        with town.house.storage.open_work(at=town.clock.at) as work:
            close_case(
                work,
                case,
                why="education",
                on=town.today,
                rules=town.house.rules.on(town.today),
                at=town.clock.at,
                by=case.caseworker,
                but_for="",
                new_id=iter(("over-1", "over-2", "over-3")).__next__,
            )

    def leave(self) -> None:
        if hasattr(self, "database"):
            self._seen.close()
            self.database.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def written_down(self) -> int:
        """Changes whenever anything at all has been committed."""
        return int(self._seen.execute("PRAGMA data_version").fetchone()[0])

    def something_was_written(self) -> bool:
        """Since this was asked last."""
        before, self._looked = self._looked, self.written_down()
        return before != self._looked

    def asked(self, who: str | Person) -> Asked:
        """As they are now. Raises NotHere for a closed account."""
        person = self.town.person(who if isinstance(who, str) else who.name)
        if not person.active:
            raise NotHere
        return self.town.asked(person, once=False)

    def caseworker_of(self, case: str) -> Asked:
        with self.town.work() as work:
            return self.asked(work.people.get(work.cases.get(case).caseworker))

    def town_name(self, person: str) -> str:
        with self.town.work() as work:
            found = work.people.find(person)
        if found is None:
            raise NotHere
        return str(found.name)

    def anybody_or_caseworker(self, draw: Draw, case: str) -> Asked:
        """Most often the one who may; else somebody who perhaps may not."""
        who, stranger = draw(somebody), draw(st.integers(0, 3)) == 0
        return self.asked(who) if stranger else self.caseworker_of(case)

    def urgent_one(self, which: int) -> str | None:
        with self.database.reading.connect() as connection:
            rows = connection.execute(select(t.presentations).order_by(t.presentations.c.id)).all()
        ids = [row.id for row in rows if row.more.get("urgent_reason") and row.state in ("referred", "ready")]
        return ids[which % len(ids)] if ids else None

    def one(self, table: str, which: int, column: str = "id", **only: str) -> str | None:
        of = getattr(t, table)
        query = select(of.c[column]).order_by(of.c[column])
        for name, value in only.items():
            query = query.where(of.c[name] == value)
        with self.database.reading.connect() as connection:
            ids = [row[0] for row in connection.execute(query)]
        return ids[which % len(ids)] if ids else None

    def tries(self, ask: Callable[[], object]) -> bool:
        try:
            ask()
        except Refusal as refusal:
            assert type(refusal) is not Refusal  # each has a name, and so its own words
            return False
        except NotHere:
            return False
        return True

    def knocks(self) -> None:
        """The clock alone: it tells, lays out and reminds, and never moves a case, its payer or its stage."""
        with self.database.reading.connect() as connection:
            before = self.watch.belongings(connection)
            checked = self.watch.last_check(connection)
        self.knocked += 1
        self.town.knock(deliver=self.knocked % DELIVERS == 0)
        with self.database.reading.connect() as connection:
            assert self.watch.belongings(connection) == before
            if self.watch.last_check(connection) != checked:
                self.watch.nobody_between_two_chairs(connection, self.town.today)

    def jumps_to(self, day: date, clock: time) -> None:
        before = self.town.clock.at
        self.town.jump_to(day, clock)
        self.town.clock.at = max(before, self.town.clock.at)
        self.knocks()


class _Asked:
    """The office as the walk asks it: a use case that refuses must have written nothing at all."""

    def __init__(self, thing: Any, written_down: Callable[[], int]) -> None:
        self._thing, self._written_down = thing, written_down

    def __getattr__(self, name: str) -> Any:
        return _Asked(getattr(self._thing, name), self._written_down)

    def __call__(self, *args: Any, **named: Any) -> Any:
        before = self._written_down()
        try:
            return self._thing(*args, **named)
        except Refusal as refusal:
            told_of = isinstance(refusal, ReferenceTaken)  # the leaders hear of a double registration (D23)
            assert told_of or self._written_down() == before, f"{refusal!r}, and something was written down"
            raise


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """What is lost with the power is no part of a walk."""
    connection.execute("PRAGMA synchronous=OFF")
