"""The town without Slack: real storage and use cases, a clock in the hand, and a double at the outermost edge.

office = OfficeTown(database)             # `database` is the fixture's, already migrated
maja = office.person("Maja Holm")
case = office.registered(maja)            # through the use case
office.jump(days=1)
office.heard(maja)                        # what Slack would show her: the newest text of each message
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.assembly import House, put_together
from bot.demo import town as demo
from bot.domain.calendar import instant, local_date
from bot.domain.case import AgeBand, Case
from bot.domain.names import NameList
from bot.domain.people import Person
from bot.domain.presentation import CRITERIA, Presentation
from bot.rules import DEFAULT
from bot.usecases.ports import Asked, ChannelSeen, Sent
from bot.usecases.referrals import Wish
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from storage.tables import meetings

START = datetime(2026, 11, 16, 6, 50, tzinfo=UTC)  # Monday 07:50 in Copenhagen


@dataclass
class HandClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def real(self) -> datetime:
        return self.at


class CountingChance:
    """Ids one can read, and chance that comes out the same each time."""

    def __init__(self, already: int = 0) -> None:
        self.random = random.Random(1)
        self._count = already

    def id(self) -> str:
        self._count += 1
        return f"id{self._count:05d}"


@dataclass
class FakeSlack:
    """Messages as they stand in Slack now, and what the guard sees in a channel."""

    messages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, ChannelSeen] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failing: Exception | None = None
    failing_at: dict[str, Exception] = field(default_factory=dict)  # by whom or what is written to
    left: set[str] = field(default_factory=set)  # whose account is closed

    def has_left(self, person: str) -> bool:
        return person in self.left

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        if self.failing or to in self.failing_at:
            raise self.failing or self.failing_at[to]
        ts = f"1794811800.{len(self.posts):06d}"
        channel = f"D{to[1:]}" if to[:1] in "UW" else to
        self.messages[(channel, ts)] = {**message, "to": to, "key": key}
        self.posts.append((to, message))
        return Sent(channel, ts)

    def edit(self, channel: str, ts: str, message: Any) -> None:
        if self.failing:
            raise self.failing
        self.messages[(channel, ts)].update(message)

    def delete(self, channel: str, ts: str) -> None:
        self.messages.pop((channel, ts), None)

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        return next((Sent(c, ts) for (c, ts), m in self.messages.items() if m["key"] == key), None)

    def standing(self, to: str, *, since: datetime) -> list[tuple[str, Sent]]:
        return [(m["key"], Sent(c, ts)) for (c, ts), m in self.messages.items() if m["to"] == to]

    def look(self, channel: str) -> ChannelSeen:
        return self.seen.get(channel, ChannelSeen(exists=True, private=True, members=tuple(_everybody())))

    def messages_at(self, to: str) -> list[dict[str, Any]]:
        return [m for m in self.messages.values() if m["to"] == to]


def _everybody() -> list[str]:
    return [c.id for c in demo.CAST if c.posts and c.in_channel]


class OfficeTown:
    def __init__(
        self,
        database: Database,
        *,
        settle: Any = demo.settle_people,
        pace: float = 0.0,
        rules_path: Path = DEFAULT,
        anchor_places: Any = (),
        key: str | None = None,
        doctor: Any = tuple,
        names: NameList | None = None,
    ) -> None:
        self.clock, self.slack, self._askings = HandClock(), FakeSlack(), 0
        self.house: House = put_together(
            database=database,
            public="https://indgang.example",
            keys=KeyRing.read(key or new_key()),
            clock=self.clock,
            messenger=self.slack,
            guard=self.slack,
            first_administrator=demo.FIRST_ADMINISTRATOR,
            chance=CountingChance(_meetings(database)),
            rules_path=rules_path,
            pace=pace,
            anchor_places=anchor_places,
            doctor=doctor,
            names=names or NameList(),
        )
        settle(self.house)
        self.office = self.house.office

    @property
    def today(self) -> date:
        return local_date(self.clock.at)

    def person(self, name: str) -> Person:
        with self.house.storage.open_reading(at=self.clock.at) as work:
            return next(p for p in work.people.all() if p.name == name)

    def asked(self, person: Person | str, *, once: bool = True) -> Asked:
        by = self.person(person) if isinstance(person, str) else person
        self._askings += 1
        return Asked(by, self.clock.at, "test", f"test:{self._askings}" if once else None)

    def jump(self, **step: float) -> None:
        self.clock.at += timedelta(**step)

    def jump_to(self, day: date, clock: Any) -> None:
        """`clock` is a local datetime.time."""
        self.clock.at = instant(day, clock)

    def knock(self, *, deliver: bool = True) -> None:
        """One round of the alarm clock, and everything owed is sent."""
        from schedules.timetable import timetable

        for chore in timetable(self.office):
            chore.do(self.clock.at)
        if deliver:
            self.deliver()

    def deliver(self) -> int:
        return self.house.delivery.deliver_due()

    def heard(self, to: Person | str) -> list[str]:
        """Everything readable in the messages standing with this person (or channel), oldest first."""
        address = to.id if isinstance(to, Person) else to
        return [readable(m["blocks"]) for m in self.slack.messages_at(address)]

    def work(self) -> Any:
        """A reading, to look at what is stored."""
        return self.house.storage.open_reading(at=self.clock.at)

    def registered(
        self, by: Person | str = "Maja Holm", *, number: str | None = None, band: AgeBand = AgeBand.YOUTH
    ) -> Case:
        asked = self.asked(by)
        alias = self.office.cases.alias_choices(asked)[0].word
        self._askings += 1
        numbers = {
            "social": f"S2026-{self._askings:06d}",
            "youth": f"U-{self._askings:06d}",
            "schools": f"T{self._askings:06d}",
        }
        area = asked.by.home_area or "social"
        return self.office.cases.register(
            asked, reference=number or numbers[area], band=band, alias=alias, area=area
        )

    def requested(self, by: Person | str = "Maja Holm", **wish: Any) -> Presentation:
        case = self.registered(by)
        return self.office.referrals.request(self.asked(by), case.id, Wish(**{"criteria": CRITERIA, **wish}))

    def referred(
        self, by: Person | str = "Maja Holm", leader: str = "Jens Toft", *, meeting: str | None = None
    ) -> Presentation:
        wish = self.requested(by)
        return self.office.referrals.refer(self.asked(leader), wish.id, collector=None, meeting_id=meeting)

    def next_meetings(self, count: int = 3) -> list[Any]:
        with self.work() as work:
            return list(work.meetings.next_after(demo.COMMITTEE, self.today, count=count))


def _meetings(database: Database) -> int:
    """How many ids the town has used: settled before, it has given one to each meeting; else none."""
    with database.reading.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(meetings)).scalar_one())


def readable(blocks: Any) -> str:
    """All the words in some blocks, a line each."""
    words: list[str] = []

    def gather(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                words.append(part["text"])
            for name, value in part.items():
                if name != "text" or not isinstance(value, str):
                    gather(value)
        elif isinstance(part, list):
            for one in part:
                gather(one)

    gather(json.loads(json.dumps(blocks)))
    return "\n".join(words)
