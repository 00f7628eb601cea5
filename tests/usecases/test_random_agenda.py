"""Guests come and go, the channel is archived, we are put out, somebody deletes the post, and two people press: at random.

When all is calm no guest reads the agenda; and when they have gone it stands there once, or the secretary was told and
one press brings it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from random import Random
from typing import Any

import pytest

from bot.demo.town import OPEN_CHANNEL as CHANNEL
from bot.domain.lanes import DELETE, EDIT, GUARD, LOOK, POST
from bot.usecases.ports import (
    CertainlyNotSent,
    ChannelSeen,
    NeverSendable,
    PerhapsSent,
    PlaceBroken,
    Sent,
    TeamBroken,
)
from tests.support.office import OfficeTown

LONE, HENRIK = "Lone Ager", "Henrik Dahl"
ROSTER = ("U0ALI00001", "U0SOFIE001", "U0TINE0001", "U0HENRIK01", "U0GRETHE01", "U0NANNA001", "U0LONE0001")
GUEST = "U0GAEST001"
STEPS = 120
SEEDS = range(2 * int(os.environ.get("INDGANG_STORM", "2")))


def _missing(doing: str) -> Exception:
    may_lack = doing in (LOOK, GUARD, DELETE)
    return TeamBroken("missing_scope", act=doing) if may_lack else PerhapsSent("internal_error")


FAULTS: tuple[tuple[float, Callable[[str], Exception]], ...] = (
    (0.03, lambda doing: CertainlyNotSent("ratelimited", 20.0, doing)),
    (0.03, lambda _: CertainlyNotSent("not_reached")),
    (0.04, lambda _: PerhapsSent("internal_error")),
    (0.03, lambda _: PerhapsSent("timeout", away=True)),
    (0.01, lambda _: TeamBroken("token_revoked", everywhere=True)),
    (0.01, _missing),
)


class Channel:
    """Slack, and what people do with the channel and with what is told of it."""

    def __init__(self, town: OfficeTown, seed: int) -> None:
        self.town, self.random, self.calm, self.inside = town, Random(seed), False, False
        self.guest = self.archived = self.without_us = False
        self.late: list[tuple[str, Any, str]] = []
        self.posts = 0
        slack: Any = town.slack
        slack.send, slack.edit, slack.delete, slack.look = self.send, self.edit, self.delete, self.look
        slack.look_for, slack.standing = self.look_for, self.standing

    # --- Slack ---

    @contextmanager
    def call(self, doing: str, to: str) -> Iterator[None]:
        if not self.inside and self.now_and_then(0.15):
            self.inside = True
            self.somebody_does_something()
            self.inside = False
        drawn = self.random.random()
        for often, fault in FAULTS:
            drawn -= often
            if drawn < 0 and not self.calm:
                raise fault(doing)
        if to == CHANNEL and doing != GUARD and (self.archived or self.without_us):
            raise PlaceBroken("is_archived" if self.archived else "not_in_channel")
        yield
        if doing in (EDIT, DELETE) and self.now_and_then(0.1):
            raise PerhapsSent("timeout")

    def now_and_then(self, often: float) -> bool:
        return not self.calm and self.random.random() < often

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        with self.call(POST, to):
            if self.now_and_then(0.12):
                if self.now_and_then(0.5):
                    self.take(to, message, key)
                elif self.now_and_then(0.6):
                    self.late.append((to, message, key))
                raise PerhapsSent("timeout")
            return self.take(to, message, key)

    def take(self, to: str, message: Any, key: str) -> Sent:
        self.posts += 1
        sent = Sent(f"D{to[1:]}" if to[:1] == "U" else to, f"{1794811800 + self.posts}.000000")
        self.town.slack.messages[sent.channel, sent.ts] = {**message, "to": to, "key": key}
        return sent

    def edit(self, channel: str, ts: str, message: Any) -> None:
        with self.call(EDIT, channel):
            if (channel, ts) not in self.town.slack.messages:
                raise NeverSendable("message_not_found")
            self.town.slack.messages[channel, ts].update(message)

    def delete(self, channel: str, ts: str) -> None:
        with self.call(DELETE, channel):
            self.town.slack.messages.pop((channel, ts), None)

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        with self.call(LOOK, to):
            found = [sent for known, sent in self.all_at(to) if known == key]
            return min(found, key=lambda sent: float(sent.ts), default=None)

    def standing(self, to: str, *, since: datetime) -> list[tuple[str, Sent]]:
        with self.call(LOOK, to):
            return self.all_at(to)

    def all_at(self, to: str) -> list[tuple[str, Sent]]:
        return [(m["key"], Sent(*place)) for place, m in self.town.slack.messages.items() if m["to"] == to]

    def look(self, channel: str) -> ChannelSeen:
        with self.call(GUARD, channel):
            guests = (GUEST,) if self.guest else ()
            seen = ChannelSeen(exists=True, private=True, archived=self.archived, guests=guests)
            there = ChannelSeen(**{**vars(seen), "members": (*ROSTER, *guests)})
            return ChannelSeen(exists=False) if self.without_us else there

    # --- what happens ---

    def step(self) -> None:
        town, random = self.town, self.random
        self.drawn(
            (30, self.somebody_does_something),
            (25, lambda: town.jump(seconds=random.choice([1, 5, 20, 61]))),
            (7, lambda: town.jump(minutes=random.choice([1, 2, 6, 16]))),
            (3, lambda: town.house.sweeping.sweep_due(town.clock.at)),
            (2, town.office.posts._looked.clear),  # a process ends, and another begins
            (8, self.looks),
            (5, lambda: town.office.posts.post_due(town.clock.at)),
            (20, town.deliver),
        )

    def looks(self) -> None:
        self.town.office.posts.watch_due(self.town.clock.at)
        self.town.office.watchkeeping.keep_due(self.town.clock.at)

    def somebody_does_something(self) -> None:
        office, at = self.town.office, self.town.clock.at
        self.drawn(
            (20, lambda: self.turns("guest")),
            (10, lambda: self.turns("archived")),
            (10, lambda: self.turns("without_us")),
            (20, self.presses),
            (8, self.deletes),
            (6, lambda: [self.take(*self.late.pop(0)) for _ in self.late[:1]]),
            (8, lambda: office.outbox.place_again(self.town.asked(LONE), CHANNEL)),
            (4, lambda: [office.outbox.retry(line.id, at=at) for line in office.outbox.listed(at)[:1]]),
            (14, lambda: office.posts.look_again(CHANNEL, at)),
        )

    def drawn(self, *some: tuple[int, Callable[[], object]]) -> None:
        weights, acts = zip(*some, strict=True)
        self.random.choices(acts, weights)[0]()

    def turns(self, what: str) -> None:
        """We hear of it more often than not."""
        setattr(self, what, not getattr(self, what))
        if self.random.random() < 0.6:
            if not (self.archived or self.without_us):
                self.town.office.outbox.place_open(CHANNEL, self.town.clock.at)
            self.town.office.posts.look_again(CHANNEL, self.town.clock.at)

    def presses(self) -> None:
        with self.town.work() as work:
            told = {str(notice.facts["meeting"]) for notice in work.notices.showing("post_blocked")}
        for meeting in sorted(told):
            self.town.office.posts.again(self.town.asked(self.random.choice([LONE, HENRIK])), meeting)

    def deletes(self) -> None:
        here = [place for place in self.town.slack.messages if place[0] == CHANNEL]
        for gone in self.random.sample(here, min(1, len(here))):
            del self.town.slack.messages[gone]

    # --- and when it is over ---

    def is_calm(self, *, guest: bool, hours: int = 2) -> None:
        self.calm, self.guest, self.archived, self.without_us = True, guest, False, False
        for one in self.late:
            self.take(*one)
        self.late = []
        for _ in range(4 * hours):
            self.town.jump(minutes=16)
            self.town.office.posts.post_due(self.town.clock.at)
            self.looks()
            self.town.deliver()
            self.town.house.sweeping.sweep_due(self.town.clock.at)
            self.town.deliver()

    @property
    def agendas(self) -> int:
        return len(self.town.slack.messages_at(CHANNEL))

    def asks_for_something(self) -> list[str]:
        """What the secretary reads, and has a button for."""
        return [said for said in self.town.heard(self.town.person(LONE)) if "er ikke i kanalen" in said]


@pytest.mark.rule("D6", "D7")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_to_its_channel_the_agenda_stands_once_or_one_press_brings_it(
    town: OfficeTown, seed: int
) -> None:
    channel = Channel(town, seed)
    town.jump_to(date(2026, 11, 16), time(8, 1))
    for _ in range(STEPS):
        with suppress(CertainlyNotSent, PerhapsSent):
            channel.step()
    channel.is_calm(guest=True)
    assert channel.agendas == 0, "no guest reads it"
    channel.is_calm(guest=False)
    if not channel.agendas:
        assert channel.asks_for_something(), "nobody is left without a word"
        channel.presses()
        channel.is_calm(guest=False, hours=1)
    assert channel.agendas == 1
    assert channel.asks_for_something() == []
    assert town.office.outbox.listed(town.clock.at) == []
