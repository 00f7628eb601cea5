"""Three replicas over one PostgreSQL, two hundred people, and a Slack of which two calls in a hundred go wrong."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from array import array
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest

from bot.assembly import House, put_together
from bot.demo import town as demo
from bot.domain.notices import Notice
from bot.metrics import REGISTRY
from bot.usecases.ports import CertainlyNotSent, PerhapsSent, Sent
from handlers import table
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from storage.engine import Database, DatabaseAway
from storage.sealing import KeyRing
from storage.streams import Streams
from tests.benchmarks import house
from tests.benchmarks.bare import bolt
from tests.storm.conftest import step
from tests.support.office import START, FakeSlack

REPLICAS, PEOPLE, AT_ONCE = 3, 200, 8
FAULTS = 0.02
NO_POST: tuple[str, dict[str, Any]] = ("", {})


class RunningClock:
    """The machine's, from the town's morning on; a person may move it forward."""

    def __init__(self) -> None:
        self._at, self._began = START, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    real = now

    def jump(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


class FaultySlack(FakeSlack):
    """Two in a hundred: refused for a moment, or done and the answer lost. Counts what stands, by our key.

    It keeps no words: whether this process grows is asked of the bot, and Slack lives in the same one.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance, self._lock = chance, threading.Lock()
        self.faults = 0

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        with self._lock:
            if self._fault():
                raise CertainlyNotSent("ratelimited", 1.0)
            sent = super().send(to, {}, key=key)
            self.posts[-1] = NO_POST
            if self._fault():
                raise PerhapsSent("connection_reset")
            return sent

    def edit(self, channel: str, ts: str, message: Any) -> None:
        with self._lock:
            if self._fault():
                raise CertainlyNotSent("ratelimited", 1.0)
            super().edit(channel, ts, {})

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        with self._lock:
            if self._fault():
                raise PerhapsSent("timeout")
            return super().look_for(to, key=key, since=since)

    @property
    def doubled(self) -> list[str]:
        keys = Counter(m["key"] for m in self.messages.values())
        return [key for key, times in keys.items() if times > 1]

    def _fault(self) -> bool:
        wrong = self._chance.random() < FAULTS
        self.faults += wrong
        return wrong


class FaultyApi:
    """The Web API behind the desks: a form or a Home that Slack does not take, now and then."""

    def __init__(self, chance: random.Random, *, faulty: float = FAULTS) -> None:
        self._chance, self._faulty, self._mine, self.faults = chance, faulty, threading.local(), 0

    def listens(self) -> None:
        """From here on, what this thread asks of Slack."""
        self._mine.shown, self._mine.failed = [], False

    def heard(self) -> Heard:
        return Heard(self._mine.shown, self._mine.failed)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**asked: Any) -> dict[str, Any]:
            if self._chance.random() < self._faulty:
                self.faults += 1
                self._mine.failed = True
                raise TimeoutError(method)
            if hasattr(self._mine, "shown"):
                self._mine.shown.append((method, (asked.get("view") or {}).get("callback_id")))
            return {"ok": True}

        return call


@dataclass(frozen=True)
class Heard:
    """What one request asked of Slack beside its answer, and whether Slack failed it there."""

    shown: list[tuple[str, str | None]]
    failed: bool


@dataclass
class Replica:
    """A house of its own, with its own connections, its own Bolt, and its own hands."""

    house: House
    dispatch: Dispatch
    app: Any
    api: FaultyApi

    @classmethod
    def build(
        cls, address: str, key: str, clock: RunningClock, slack: FaultySlack, api: FaultyApi
    ) -> Replica:
        built = put_together(
            database=Database(address),
            keys=KeyRing.read(key),
            clock=clock,
            messenger=slack,
            guard=slack,
            first_administrator=demo.FIRST_ADMINISTRATOR,
            streams=Streams(address),
        )
        dispatch = Dispatch(
            table(built.office, built.rules, None),  # type: ignore[arg-type]
            door=Doorkeeper(house.Everybody(), built.office.people, team=house.TEAM),  # type: ignore[arg-type]
            client=api,  # type: ignore[arg-type]
            now=clock.now,
            draw_home=built.draw_home,
            hands=1,
        )
        app = bolt()
        dispatch.listen(app)
        return cls(built, dispatch, app, api)

    def close(self) -> None:
        self.dispatch.afterwards.finish()
        self.house.close()


@dataclass
class Seen:
    """What the people saw."""

    seconds: array[float] = field(default_factory=lambda: array("d"))
    wrong: list[str] = field(default_factory=list)
    used_ore: Counter[str] = field(default_factory=Counter)

    def p(self, share: float) -> float:
        return sorted(self.seconds)[max(0, round(len(self.seconds) * share) - 1)]


class Crowd:
    """Each command goes to some replica, as behind a load balancer; the same person never acts twice at once."""

    def __init__(self, replicas: list[Replica], cases: dict[str, str], chance: random.Random) -> None:
        self._replicas, self._cases, self._chance = replicas, list(cases.items()), chance
        self._numbers, self._lock = itertools.count(1), threading.Lock()
        self.seen = Seen()

    def act(self, many: int) -> None:
        turns = [self._cases[n % len(self._cases)] for n in range(many)]
        acts = [self._chance.random() for _ in turns]
        places = [self._chance.randrange(len(self._replicas)) for _ in turns]
        with ThreadPoolExecutor(AT_ONCE) as people:
            for done, _ in enumerate(people.map(self._one, turns, acts, places), 1):
                if done % 100 == 0:
                    step("commands", done, many)

    def _one(self, who: tuple[str, str], act: float, place: int) -> None:
        person, case = who
        request, good = self._asks(person, case, act)
        replica, began = self._replicas[place], time.perf_counter()
        replica.api.listens()
        answer = replica.app.dispatch(request)
        self.seen.seconds.append(time.perf_counter() - began)
        heard = replica.api.heard()
        if answer.status != 200 or not (heard.failed or good(answer.body or "", heard)):
            self.seen.wrong.append(f"{request.body.get('command')} {answer.status} {answer.body[:200]}")

    def _asks(self, person: str, case: str, act: float) -> tuple[BoltRequest, Good]:
        """What is asked, and how its good answer looks; no fault's sentence looks like any of them."""
        if act < 0.15:
            ore = 100 + next(self._numbers)  # never twice: the same once more would be asked about
            with self._lock:
                self.seen.used_ore[case] += ore
            return house.use(person, case, START.date(), ore=ore), _receipt(ore)
        if act < 0.25:
            return house.command(person, "/sag", "mine"), _is_list("*Mine sager (1)*")
        if act < 0.35:
            return house.command(person, "/opfolgning"), _is_list("*Mine opfølgninger (1)*")
        if act < 0.40:
            return house.home_opened(person), _is_silent
        return house.command(person, "/indgang"), _opens_a_form


Good = Callable[[str, Heard], bool]


def _receipt(ore: int) -> Good:
    amount = f"✅ {ore // 100},{ore % 100:02d} kr. til befordring"

    def good(body: str, _: Heard) -> bool:
        view = json.loads(body).get("view") or {"blocks": [{}]}
        said = (view["blocks"][0].get("text") or {}).get("text", "")
        return said.replace("\u00a0", " ").startswith(amount)

    return good


def _is_list(title: str) -> Good:
    def good(body: str, _: Heard) -> bool:
        return title in [block.get("text", {}).get("text") for block in json.loads(body).get("blocks", ())]

    return good


def _is_silent(body: str, _: Heard) -> bool:
    return body == ""


def _opens_a_form(body: str, heard: Heard) -> bool:
    return body == "" and [method for method, _ in heard.shown] == ["views_open"]


def troubles() -> float:
    """Requests that met a fault of ours, in this process."""
    samples = (sample for metric in REGISTRY.collect() for sample in metric.samples)
    return sum(sample.value for sample in samples if sample.name == "indgang_requests_failed_total")


def deliver_until(over: threading.Event, replicas: list[Replica]) -> list[threading.Thread]:
    """A thread for each replica, which sends what is owed."""

    def deliver(replica: Replica) -> None:
        while not over.is_set():
            try:
                sent = replica.house.delivery.deliver_due(patient=False)
            except DatabaseAway:  # too slow an answer: looked at again in a moment, as the bot itself does
                sent = 0
            if not sent:
                over.wait(0.02)

    threads = [threading.Thread(target=deliver, args=(r,)) for r in replicas]
    for thread in threads:
        thread.start()
    return threads


def owe(replica: Replica, people: list[str], many: int, *, at: datetime) -> list[str]:
    """Messages to everybody in turn; their keys."""
    told = [Notice(f"welcome:soak:{n}", "welcome", people[n % len(people)]) for n in range(many)]
    with replica.house.storage.open_work(at=at) as work:
        work.notices.tell_all(told)
    return [n.key for n in told]


def memory() -> int:
    """Bytes this process holds just now."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0
