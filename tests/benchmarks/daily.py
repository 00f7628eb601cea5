"""What people and the clock ask for every day, over a town that is laid out for measuring.

Peter has twenty-five cases with a frame and a follow-up each, ten of them on the next meeting; Lise leads his area. What
they ask for must cost the same whatever else the archive holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.case import AgeBand
from bot.texts import texts
from bot.usecases.ports import Asked
from tests.benchmarks import house
from tests.support.frames import active_case
from tests.support.office import OfficeTown

PETER, LISE, LONE, HENRIK = "U0PETER001", "U0LISE0001", "U0LONE0001", "U0HENRIK01"
OWN_CASES, ON_AGENDA = 25, 10


@dataclass(frozen=True)
class Daily:
    """One thing that is asked; `asks` does it once."""

    name: str
    asks: Callable[[], object]


class Desk:
    """A laid out town, and the bot over it."""

    def __init__(self, town: OfficeTown, *, cases: int = OWN_CASES, on_agenda: int = ON_AGENDA) -> None:
        self.town, self._amounts = town, itertools.count(1)
        coming = town.next_meetings(4)
        self.meeting = coming[0]
        self.cases = [
            active_case(
                town, "Peter Krogh", kroner=49_000, follow_up=coming[0] if n < on_agenda else coming[3]
            )[0]
            for n in range(cases)
        ]
        town.knock()
        self.bot = house.Bot(town)

    def daily(self) -> list[Daily]:
        return [
            Daily("Home, a caseworker with 25 cases", lambda: self.home("Peter Krogh")),
            Daily("Home, the leader of the area", lambda: self.home("Lise Vang")),
            Daily("Home, the secretary", lambda: self.home("Lone Ager")),
            Daily("Home, the chair", lambda: self.home("Henrik Dahl")),
            Daily("/indgang", lambda: self.command(PETER, "/indgang")),
            Daily("/sag: my cases", lambda: self.command(PETER, "/sag", "mine")),
            Daily("/sag by alias", lambda: self.command(PETER, "/sag", self.cases[1].alias)),
            Daily("/sag by key", lambda: self.command(PETER, "/sag", self.cases[2].key)),
            Daily(
                "/sag by the area's number",
                lambda: self.command(PETER, "/sag", self.number(self.cases[1].id)),
            ),
            Daily("/sag ny: the form", lambda: self.command(PETER, "/sag", "ny")),
            Daily("a case is registered", self.register),
            Daily("/ramme: use by one line", self.line),
            Daily("the frame's form is sent", self.use),
            Daily("/opfolgning", lambda: self.command(PETER, "/opfolgning")),
            Daily("/henvis", lambda: self.command(PETER, "/henvis", self.cases[2].key)),
            Daily("/dagsorden, ten items", lambda: self.command(LONE, "/dagsorden")),
            Daily("/dagsorden, a member", lambda: self.command(HENRIK, "/dagsorden")),
            Daily("a case is opened", self.opened),
            Daily("the clock's round", self.round),
            Daily("the outbox is looked at", lambda: self.town.house.delivery.deliver_due()),
        ]

    def home(self, who: str) -> object:
        person = self.town.person(who)
        return self.town.house.draw_home(person, self.town.clock.at, texts("da"))

    def command(self, who: str, word: str, text: str = "") -> object:
        return house.asks(self.bot.app, house.command(who, word, text))

    def number(self, case: str) -> str:
        with self.town.work() as work:
            found = work.cases.reference(case, "youth")
        return found.number if found else ""

    def use(self, case: int = 0) -> object:
        return house.asks(self.bot.app, house.use(PETER, self.cases[case].id, self.town.today))

    def line(self) -> object:
        return self.command(PETER, "/ramme", f"{self.cases[1].key} {self._amount()} bus")

    def register(self) -> object:
        asked = self.asked("Peter Krogh")
        alias = self.town.office.cases.alias_choices(asked)[0].word
        number = f"U-{next(_NUMBERS):06d}"
        return self.town.office.cases.register(
            asked, reference=number, band=AgeBand.YOUTH, alias=alias, area="youth"
        )

    def opened(self) -> object:
        return self.town.office.cases.show(self.asked("Peter Krogh"), self.cases[2].id)

    def round(self) -> object:
        """Every chore, when nothing is due: what the clock does each time somebody has changed something."""
        from schedules.timetable import timetable

        for chore in timetable(self.town.office):
            chore.do(self.town.clock.at)
        return None

    def asked(self, who: str) -> Asked:
        return self.town.asked(who, once=False)

    def _amount(self) -> str:
        """Never the same twice in a row, and small: a frame lasts for thousands of them."""
        number = next(self._amounts)
        return f"{number % 9 + 1},{number // 9 % 100:02d}"


_NUMBERS = itertools.count(500_000)
