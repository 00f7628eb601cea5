"""In great numbers and in simulated time: Slack is asked nothing while it has asked us to wait, and hears things in order and soon.

In `make test` some hundred calls; at level 100 of `make storm` 100,000 of them, a day of 20,000 messages, 2,000 that Slack's absence
kept waiting, and ten years of agendas; at other levels as much less or more.
"""

from __future__ import annotations

import random
from bisect import bisect, insort
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import select

from bot.demo import town as demo
from bot.domain.notices import Notice
from bot.domain.people import Person, Post, Role
from bot.serving import KNOCK_SECONDS as KNOCKS
from bot.slack.messenger import SlackMessenger
from storage.engine import Database
from storage.tables import notices
from tests.storm.conftest import LONG, Figures, step
from tests.storm.slack_file import Answer
from tests.support.databases import Settle
from tests.support.office import HandClock, OfficeTown

CALLS = 1_000 * LONG or 80
MESSAGES = 200 * LONG or 80
KEPT_WAITING = 20 * LONG or 60
WEEKS = 5 * LONG or 4
PACE, BACKLOG = 1.1, 25
ON_ONE = pytest.mark.parametrize("engine", ["sqlite"])
"""How long whoever is asked to wait waits is worked out by the same program on either."""


class StrictSlack:
    """The Web API's part that speaks. Asks to wait now and then, of one method at a time, and counts who does not."""

    def __init__(
        self, clock: HandClock, chance: random.Random, *, limited: float = 0.0, takes: float = 0.0
    ) -> None:
        self._clock, self._chance = clock, chance
        self.limited, self._takes = limited, takes
        self.calls, self.early, self.asked_to_wait = 0, list[Any](), 0
        self.posts: dict[str, tuple[str, datetime]] = {}  # by key: to whom, and when it stood there
        self.doubled, self.edits = list[str](), 0
        self.away = False
        self._until: dict[str, datetime] = {}

    def chat_postMessage(self, *, channel: str, metadata: Any, **_: Any) -> Answer:
        key = metadata["event_payload"]["key"]
        with self._call("chat.postMessage"):
            self.doubled += [key] if key in self.posts else []
            self.posts[key] = (channel, self._clock.at)  # when its answer is there
            return Answer(channel=f"D{channel[1:]}", ts=f"{self._clock.at.timestamp():.6f}")

    def chat_update(self, *, channel: str, ts: str, **_: Any) -> Answer:
        with self._call("chat.update"):
            self.edits += 1
            return Answer(channel=channel, ts=ts)

    def chat_delete(self, *, channel: str, **_: Any) -> Answer:
        with self._call("chat.delete"):
            return Answer(channel=channel)

    @contextmanager
    def _call(self, method: str) -> Iterator[None]:
        self.calls += 1
        if self.away:
            raise ConnectionRefusedError
        if self._clock.at < self._until.get(method, self._clock.at):
            self.early.append((method, self._clock.at, self._until[method]))
        if self._chance.random() < self.limited:
            self.asked_to_wait += 1
            seconds = self._chance.choice((1, 1, 2, 3, 5, 10, 30, 60))
            self._until[method] = self._clock.at + timedelta(seconds=seconds)
            raise SlackApiError("slower", Answer(429, {"Retry-After": str(seconds)}, error="ratelimited"))
        self._clock.at += timedelta(seconds=self._takes * self._chance.uniform(0.5, 2))
        yield


@pytest.fixture
def settle() -> Settle:
    return OfficeTown


def a_crowd(town: OfficeTown, count: int) -> list[str]:
    """So many more caseworkers, who only hear things."""
    ids = [f"U0CROWD{n:03d}" for n in range(count)]
    with town.house.storage.open_work(at=town.clock.at) as work:
        for id in ids:  # noqa: A001
            work.people.add(
                Person(id, demo.TEAM, id, frozenset({Post(Role.CASEWORKER, "social")}), welcomed=True)
            )
    return ids


def replicas(database: Database, slack: StrictSlack, clock: HandClock, count: int) -> list[OfficeTown]:
    """Each with a voice of its own, and one clock for all."""
    towns = [OfficeTown(database, pace=PACE) for _ in range(count)]
    for town in towns:
        town.clock = clock
        delivery = town.house.delivery
        delivery._messenger = SlackMessenger(slack)  # type: ignore[arg-type]
        delivery._clock = delivery._consequences._clock = clock
    return towns


def tell(town: OfficeTown, *keys: tuple[str, str]) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell_all([Notice(f"welcome:{key}:{to}", "welcome", to) for key, to in keys])


@ON_ONE
def test_nobody_asks_while_slack_has_asked_to_wait(database: Database, figures: Figures) -> None:
    """A fifth of all calls are asked to wait, and three replicas take turns; each message comes once and in order."""
    chance, clock = random.Random(16), HandClock()
    slack = StrictSlack(clock, chance, limited=0.2)
    towns = replicas(database, slack, clock, 3)
    people, count = a_crowd(towns[0], 40), 0
    order: dict[str, list[str]] = {to: [] for to in people}
    while slack.calls < CALLS:
        step("calls", slack.calls, CALLS)
        most = 8 if count - len(slack.posts) < BACKLOG else 0
        some = [(f"{count + n}", chance.choice(people)) for n in range(chance.randint(0, most))]
        count += len(some)
        tell(towns[0], *some)
        for key, to in some:
            order[to].append(key)
        if chance.random() < 0.2:
            _handled(towns[0], chance.choice(people), order, chance)
        for town in chance.sample(towns, k=2):
            town.house.delivery.deliver_due(patient=False)
        clock.at += timedelta(seconds=chance.choice((0.2, 1, 2, 5, 10)))
    slack.limited = 0.0
    counted = slack.calls
    while towns[0].house.delivery.deliver_due(patient=False) or _owed(towns[0]):
        clock.at += timedelta(seconds=PACE)
    assert (slack.early, slack.doubled) == ([], [])
    keys, heard = _keys(database), {to: list[str]() for to in people}
    for one, (to, _) in slack.posts.items():
        heard[to].append(keys[one].split(":")[1])
    assert heard == order
    figures(
        calls=counted,
        asked_to_wait=slack.asked_to_wait,
        early=len(slack.early),
        messages=len(slack.posts),
        changes=slack.edits,
        out_of_order=0,
    )


def _handled(town: OfficeTown, to: str, order: dict[str, list[str]], chance: random.Random) -> None:
    """One that stands becomes a neutral line: a change."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        stand = [k for k in order[to][-8:] if (n := work.notices.by_key(f"welcome:{k}:{to}")) and n.ts]
        if stand:
            work.notices.handle(f"welcome:{chance.choice(stand)}:{to}")


def _owed(town: OfficeTown) -> int:
    with town.work() as work:
        return int(work.notices.stuck(at=town.clock.at).owed)


def _keys(database: Database) -> dict[str, str]:
    """What each message was told as, by the id that went along with it."""
    with database.reading.connect() as connection:
        return {row.id: row.key for row in connection.execute(select(notices.c.id, notices.c.key))}


@ON_ONE
def test_on_a_working_day_what_is_told_is_heard_within_seconds(database: Database, figures: Figures) -> None:
    """One process delivers to 200 people; Slack takes a tenth of a second or two for each; meetings tell ten at once."""
    chance, clock = random.Random(14), HandClock()
    slack = StrictSlack(clock, chance, takes=0.15)
    (town,) = replicas(database, slack, clock, 1)
    people, day = a_crowd(town, 200), 8 * 3600 * MESSAGES / 20_000
    owed, begin = list[tuple[float, str, str]](), clock.at
    while len(owed) < MESSAGES:
        together = 10 if chance.random() < 0.01 else 1
        at = chance.uniform(0, day)
        for to in chance.sample(people, k=together):
            insort(owed, (at, str(len(owed)), to))
    told = {f"welcome:{key}:{to}": begin + timedelta(seconds=at) for at, key, to in owed}
    while owed or _owed(town):
        now = bisect(owed, ((clock.at - begin).total_seconds(), "~", ""))
        due = [(key, to) for _, key, to in owed[:now]]
        del owed[:now]
        if due:
            tell(town, *due)
        if not town.house.delivery.deliver_due(patient=False):
            nearest = begin + timedelta(seconds=owed[0][0]) if owed else clock.at
            clock.at = max(
                clock.at + timedelta(seconds=0.05), min(nearest, clock.at + timedelta(seconds=PACE))
            )
        step("messages", len(slack.posts), MESSAGES)
    keys = _keys(database)
    waited = sorted((at - told[keys[one]]).total_seconds() for one, (_, at) in slack.posts.items())
    p50, p99 = waited[len(waited) // 2], waited[len(waited) * 99 // 100]
    figures(messages=len(waited), p50=round(p50, 2), p99=round(p99, 2), slowest=round(waited[-1], 2))
    assert (slack.doubled, len(waited)) == ([], len(told))
    assert p50 < 1
    assert p99 < 5


@ON_ONE
def test_what_waited_for_slack_for_six_hours_is_heard_in_order_and_as_soon_as_the_pace_lets_it(
    database: Database, figures: Figures
) -> None:
    """To 40 people and a channel; by one message a second where most is owed, and five minutes more."""
    chance, clock = random.Random(21), HandClock()
    slack = StrictSlack(clock, chance, takes=0.1)
    (town,) = replicas(database, slack, clock, 1)
    people, order = a_crowd(town, 40), dict[str, list[str]]()
    slack.away = True
    while (owed := sum(map(len, order.values()))) < KEPT_WAITING:
        some = [(str(owed + n), chance.choice((*people, people[0], people[0]))) for n in range(10)]
        tell(town, *some)
        for key, to in some:
            order.setdefault(to, []).append(key)
        town.house.delivery.deliver_due(patient=False)
        clock.at += timedelta(hours=6) / (KEPT_WAITING / 10)
    asked, slack.away, back = slack.calls, False, clock.at
    while _owed(town):
        if not town.house.delivery.deliver_due(patient=False):
            clock.at += timedelta(seconds=0.5)
    took = (clock.at - back).total_seconds()
    keys, heard = _keys(database), dict[str, list[str]]()
    for one, (to, _) in slack.posts.items():
        heard.setdefault(to, []).append(keys[one].split(":")[1])
    assert (heard, slack.doubled) == (order, [])
    most = max(map(len, order.values()))
    figures(owed=len(slack.posts), most_to_one=most, asked_meanwhile=asked, drained_in_seconds=round(took))
    assert took <= len(slack.posts) + 300


@ON_ONE
@pytest.mark.rule("D7")
def test_while_somebody_is_up_each_agenda_stands_within_a_minute_of_its_time(
    database: Database, figures: Figures
) -> None:
    chance, clock = random.Random(8), HandClock()
    slack = StrictSlack(clock, chance, takes=0.2)
    (town,) = replicas(database, slack, clock, 1)
    office, waited = town.office, list[float]()
    for week in range(WEEKS):
        step("weeks", week, WEEKS)
        due = office.posts.next_post(clock.at)
        assert due
        clock.at, posts = due - timedelta(seconds=chance.uniform(0, KNOCKS)), len(slack.posts)
        while len(slack.posts) == posts and clock.at < due + timedelta(minutes=5):
            knocked = clock.at
            for chore in (office.meetings.lay_out_due, office.meetings.carry_out_due, office.posts.post_due):
                chore(clock.at)
            town.house.delivery.deliver_due(patient=False)
            clock.at = max(clock.at, knocked + timedelta(seconds=KNOCKS))
        waited += [(at - due).total_seconds() for to, at in [*slack.posts.values()][posts:] if to[:1] == "C"]
    figures(agendas=len(waited), latest_seconds=round(max(waited), 1))
    assert len(waited) == WEEKS
    assert 0 <= min(waited) <= max(waited) <= 60
