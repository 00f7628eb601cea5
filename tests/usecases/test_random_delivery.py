"""Messages are told, told anew, handled and cancelled at random, also while one is on its way, and Slack does anything.

When all is calm again each one stands as it must: once, with its newest words, neutral if it was handled, in order. What
came late, doubled, was deleted by nobody's wish or cancelled by an operator too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.domain.lanes import EDIT, LOOK, POST
from bot.domain.notices import Notice, NoticeState
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken, Sent, TeamBroken
from tests.support.office import OfficeTown, readable

PEOPLE = ("U0JENS0001", "U0MAJA0001", "U0ALI00001")
STEPS = 250
SEEDS = range(2 * int(os.environ.get("INDGANG_STORM", "2")))


class Fault(ArithmeticError):
    """Ours: nobody foresaw it."""


def _refused(doing: str) -> Exception:
    return TeamBroken("missing_scope", act=LOOK) if doing == LOOK else PlaceBroken("restricted_action")


FAULTS: tuple[tuple[float, Callable[[str], Exception]], ...] = (
    (0.05, lambda _: CertainlyNotSent("ratelimited", 20.0, POST)),
    (0.05, lambda _: CertainlyNotSent("not_reached")),
    (0.05, lambda _: PerhapsSent("internal_error")),
    (0.04, lambda _: PerhapsSent("timeout", away=True)),
    (0.02, lambda _: PlaceBroken("restricted_action")),
    (0.02, lambda _: TeamBroken("token_revoked", everywhere=True)),
    (0.02, _refused),
    (0.02, lambda _: Fault()),
)
"""How often each call meets it, before it does anything."""


class Storm:
    def __init__(self, town: OfficeTown, seed: int) -> None:
        self.town, self.random, self.calm, self.inside = town, Random(seed), False, False
        self.keys: list[str] = []
        self.later, self.handled, self.taken_back = set[str](), set[str](), set[str]()
        self.operators = set[str]()  # ids: an operator, or a fault of ours, has had a hand in it
        self.late: list[tuple[str, Any, str]] = []  # Slack takes them long after their line was given up
        self.first_posts: list[str] = []
        self.posts = 0
        slack: Any = town.slack
        slack.send, slack.edit, slack.look_for, slack.standing = (
            self.send,
            self.edit,
            self.look_for,
            self.standing,
        )

    # --- Slack ---

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        with self.call(POST, key):
            if self.now_and_then(0.12):
                if self.now_and_then(0.5):
                    self.take(to, message, key)
                elif self.now_and_then(0.6):
                    self.late.append((to, message, key))
                raise PerhapsSent("timeout", away=self.now_and_then(0.5))
            self.first_posts.append(key)
            return self.take(to, message, key)

    def edit(self, channel: str, ts: str, message: Any) -> None:
        with self.call(EDIT, self.town.slack.messages.get((channel, ts), {}).get("key")):
            if (channel, ts) not in self.town.slack.messages:
                raise NeverSendable("message_not_found")
            self.town.slack.messages[channel, ts].update(message)
            if self.now_and_then(0.1):
                raise PerhapsSent("timeout")

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        with self.call(LOOK, key):
            found = [sent for known, sent in self.all_at(to) if known == key]
            return min(found, key=lambda sent: float(sent.ts), default=None)

    def standing(self, to: str, *, since: datetime) -> list[tuple[str, Sent]]:
        with self.call(LOOK):
            return self.all_at(to)

    def all_at(self, to: str) -> list[tuple[str, Sent]]:
        return [(m["key"], Sent(*place)) for place, m in self.town.slack.messages.items() if m["to"] == to]

    def take(self, to: str, message: Any, key: str) -> Sent:
        self.posts += 1
        sent = Sent(f"D{to[1:]}", f"{1794811800 + self.posts}.000000")
        self.town.slack.messages[sent.channel, sent.ts] = {**message, "to": to, "key": key}
        return sent

    @contextmanager
    def call(self, doing: str, key: str | None = None) -> Iterator[None]:
        """Somebody does something before it, or after it; and before it does anything it may fail."""
        self.meanwhile()
        drawn = self.random.random()
        for often, fault in FAULTS:
            drawn -= often
            if drawn < 0 and not self.calm:
                why = fault(doing)
                self.operators |= {key} if key and isinstance(why, Fault) else set()
                raise why
        yield
        self.meanwhile()

    def meanwhile(self) -> None:
        if not self.inside and self.now_and_then(0.15):
            self.inside = True
            self.somebody_does_something()
            self.inside = False

    def now_and_then(self, often: float) -> bool:
        return not self.calm and self.random.random() < often

    # --- what happens ---

    def step(self) -> None:
        town = self.town
        chores: list[tuple[int, Callable[[], object]]] = [
            (64, self.somebody_does_something),
            (8, lambda: town.jump(seconds=self.random.choice([1, 5, 20]))),
            (6, lambda: town.jump(minutes=self.random.choice([1, 2, 6, 16]))),
            (2, lambda: town.house.sweeping.sweep_due(town.clock.at)),
            (3, lambda: town.office.posts.watch_due(town.clock.at)),
            (17, town.deliver),
        ]
        with suppress(Fault):
            self.one_of(chores)()

    def somebody_does_something(self) -> None:
        acts = ((30, self.tells), (12, self.tells_anew), (8, self.handles), (4, self.takes_back))
        self.one_of((*acts, (6, self.operates), (2, self.comes_late), (2, self.tries_a_place)))()

    def one_of(self, some: Any) -> Callable[[], object]:
        weights, acts = zip(*some, strict=True)
        chosen: Callable[[], object] = self.random.choices(acts, weights)[0]
        return chosen

    def work(self) -> Any:
        return self.town.house.storage.open_work(at=self.town.clock.at)

    def tells(self) -> None:
        key, due = f"welcome:{len(self.keys)}:", None
        if self.random.random() < 0.2:
            due = self.town.clock.at + timedelta(minutes=self.random.choice([2, 30]))
            self.later.add(key)
        with self.work() as work:
            work.notices.tell(Notice(key, "welcome", self.random.choice(PEOPLE), not_before=due))
        self.keys.append(key)

    def a_late_one(self) -> str:
        return self.random.choice(self.keys[-6:] or ["none"])

    def tells_anew(self) -> None:
        with self.work() as work:
            work.notices.retell(self.a_late_one(), changed=str(self.random.random()))

    def handles(self) -> None:
        key = self.a_late_one()
        with self.work() as work:
            work.notices.handle(key)
        self.handled.add(key)

    def takes_back(self) -> None:
        key = self.a_late_one()
        with self.work() as work:
            if work.notices.cancel(key):
                self.taken_back.add(key)

    def operates(self) -> None:
        outbox, at = self.town.office.outbox, self.town.clock.at
        for line in self.random.sample(found := outbox.listed(at), min(1, len(found))):
            act = outbox.cancel if self.random.random() < 0.4 else outbox.retry
            if act(line.id, at=at):
                self.operators.add(line.id)

    def comes_late(self) -> None:
        for _ in self.late[:1]:
            self.take(*self.late.pop(0))

    def tries_a_place(self) -> None:
        self.town.office.outbox.place_again(self.town.asked("Bo Winther"), self.random.choice(PEOPLE))

    # --- and when it is over ---

    def is_over(self) -> None:
        self.calm = True
        for one in self.late:
            self.take(*one)
        for _ in range(14):
            self.town.jump(minutes=16)
            self.town.office.posts.watch_due(self.town.clock.at)
            self.town.deliver()
            self.town.house.sweeping.sweep_due(self.town.clock.at)
            self.town.deliver()

    def what_is_wrong(self) -> list[str]:
        with self.town.work() as work:
            rows = [work.notices.by_key(key) for key in self.keys]
        found = [f"{row.key} {row.state}: {why}" for row in rows if (why := self.wrong_with(row))]
        posted = {row.id: row for row in rows if row.key not in self.later and row.id not in self.operators}
        for person in PEOPLE:
            in_order = [posted[one] for one in dict.fromkeys(self.first_posts) if one in posted]
            order = [row.seq for row in in_order if row.to == person]
            found += [f"{person}: {order}"] if order != sorted(order) else []
        return found

    def wrong_with(self, row: Notice) -> str | None:
        there = [place for place, message in self.town.slack.messages.items() if message["key"] == row.id]
        words = [readable(self.town.slack.messages[place]["blocks"]) for place in there]
        if len(there) > 1:
            return "doubled"
        if row.key in self.taken_back:
            return "was taken back" if there else None
        over = row.state in (NoticeState.SENT, NoticeState.CANCELLED)
        if row.key in self.handled and (row.handled or row.id not in self.operators):
            return None if over and all(said.startswith("Klaret") for said in words) else "not neutral"
        if row.id in self.operators and (not there or row.state == NoticeState.DEAD):
            return None if over or row.state == NoticeState.DEAD else "on its way still"
        if not there or row.state != NoticeState.SENT:
            return "lost"
        if there != [(row.channel, row.ts)]:
            return "another is known"
        newest = row.shown_revision == row.revision or row.id in self.operators
        return None if newest else "not the newest words"


@pytest.mark.rule("D34", "D35")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_on_the_way_each_message_stands_as_it_must(town: OfficeTown, seed: int) -> None:
    storm = Storm(town, seed)
    for _ in range(STEPS):
        storm.step()
    storm.is_over()
    assert storm.what_is_wrong() == []
