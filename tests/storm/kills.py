"""Workers who work, speak with a faulty Slack, and are killed at any moment; then somebody finishes, and the history decides.

Every asking is written down when it is begun and when it is answered, so that what somebody was told is done can be
held against what is there.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.domain.case import AgeBand
from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA
from bot.usecases.frame_facts import Use
from bot.usecases.ports import AlreadyAsked, Asked, Sent
from bot.usecases.referrals import Wish
from storage.engine import Database, DatabaseFault
from storage.sealing import KeyRing, new_key
from tests.storm import history
from tests.storm.site import Site
from tests.storm.slack_file import OK, by_chance
from tests.storm.town import Chance, FileTown
from tests.support.frames import active_case
from tests.support.office import START

LEASE = timedelta(seconds=61)
DONE_PER_LIFE, WARM = 0.7, 12
SLOW = (0.03, 0.09)
"""A Slack that takes so many seconds is where most are killed."""

A_POST, A_COMMIT = "before chat_postMessage", "before a commit"
PURPOSES = ("transport", "mentor_support", "single_benefit")
Wrap = Callable[[Any], Any]
"""Puts something between delivery and its messenger: how a test makes the bot worse than it is."""


class SharedClock:
    """One simulated time for everybody who lives, moved by whoever holds the storm."""

    def __init__(self, at: datetime) -> None:
        self._shared = mmap.mmap(-1, 8)
        self.at = at

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(struct.unpack("d", self._shared[:8])[0], UTC)

    @at.setter
    def at(self, at: datetime) -> None:
        self._shared[:8] = struct.pack("d", at.timestamp())

    def now(self) -> datetime:
        return self.at

    def real(self) -> datetime:
        return self.at


@dataclass
class Storm:
    """One town, and who lives and dies in it."""

    site: Site
    folder: Path
    seed: int = 1
    faults: float = 0.12
    answers_in: tuple[float, float] = (0.003, 0.012)
    """How long Slack takes, in seconds, so that a kill finds somebody in the middle of it."""
    wrap: Wrap = lambda messenger: messenger
    born: Callable[[Storm], None] = lambda _storm: None
    """What is done to each worker as it begins."""
    freezes_before: str = ""
    """What whoever is born next is frozen before, once: a call to Slack, or a commit of its own."""
    lives: int = 0
    kills: int = 0
    freezes: int = 0
    within: float = 0.2
    """How long a life may last, in seconds: longer on a machine that is busy, so that lives are worth something."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.keys = KeyRing.read(new_key())
        self.database = Database(self.site.address)
        event.listen(self.database.writing, "commit", lambda _: self._freezes(A_COMMIT))
        self.told = self.folder / "askings.jsonl"
        self.told.touch()
        self.ids, self.clock = Chance("aa"), SharedClock(START)
        self.town = FileTown(
            self.database,
            self.site.slack,
            keys=self.keys,
            clock=self.clock,
            chance=self.ids,
            settle=True,
            step=self._takes_a_while,
        )
        self.cases = [active_case(self.town, kroner=90_000)[0].id for _ in range(6)]
        self.town.requested("Maja Holm")
        self.town.deliver()
        self._warm()
        self.town.house.delivery._messenger = self.wrap(self.town.messenger)
        self.database.close()
        self.begun = self.site.rows()

    def _warm(self) -> None:
        """Every statement has been compiled before the first worker is born: a life is for working."""
        worker = Worker(self.town, self.cases, random.Random(0), self.folder / "warm.jsonl", 0)
        began = time.monotonic()
        for _ in range(WARM):
            worker.does_something()
            self.town.deliver()
        self.within = 2 * (time.monotonic() - began) / WARM

    def kill(self, *, workers: int = 1) -> None:
        """So many begin to work, and each is killed at some moment; then their leases run out."""
        started = [self.begin() for _ in range(workers)]
        for ready, _ in started:
            os.read(ready, 1)
            os.close(ready)
        moments = sorted(self.chance.uniform(0, self.within) for _ in started)
        began = time.monotonic()
        for moment, (_, pid) in zip(moments, started, strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            self.end(pid)
        self.next_life()

    def next_life(self) -> None:
        """Whatever the dead had claimed is free again, and lives are as long as it takes to do something."""
        self.clock.at += LEASE
        enough = self.done() >= self.lives * DONE_PER_LIFE
        self.within = min(5.0, max(0.05, self.within * (0.9 if enough else 1.15)))

    def done(self) -> int:
        return self.told.read_bytes().count(b'"said": "done"')

    def freeze(self, *, workers: int, before: str = A_POST) -> None:
        """One is frozen right before Slack hears it, or with all it has written uncommitted, longer than its lease and
        than the server waits for it; it wakes among the others, and all are killed.
        """
        self.freezes_before = before
        frozen = self.begin()
        self.freezes_before = ""
        started = [frozen, *(self.begin() for _ in range(workers - 1))]
        for ready, _ in started:
            os.read(ready, 1)
            os.close(ready)
        self.freezes += self._is_frozen(frozen[1])
        self.clock.at += LEASE
        time.sleep(max(0.4, 2 * self.within))  # what it had claimed is somebody else's by now, if it may be
        os.kill(frozen[1], signal.SIGCONT)
        time.sleep(0.1)
        for _, pid in started:
            self.end(pid)
        self.next_life()

    def _is_frozen(self, pid: int) -> bool:
        """False when the others have left it nothing to say for ten seconds."""
        for _ in range(1_000):
            found, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
            if found:
                assert os.WIFSTOPPED(status), (self.folder / "broke").read_text()
                return True
            time.sleep(0.01)
        return False

    def sleeps(self) -> None:
        """Lets them work for a while."""
        time.sleep(self.chance.uniform(0, self.within))

    def begin(self) -> tuple[int, int]:
        """A new process at work: where it says that it has begun, and its id."""
        self.lives += 1
        hears, says = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(hears)
            self._live(self.lives, says)
        os.close(says)
        return hears, pid

    def end(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert status == -signal.SIGKILL, f"{(self.folder / 'broke').read_text()}"
        self.kills += 1

    def finish(self, *, doing: int = 0) -> None:
        """Whoever comes last does so many things and delivers what is owed; Slack is well."""
        pid = os.fork()
        if pid == 0:
            self._never_back(lambda: self._deliver_all(doing))
        assert os.waitpid(pid, 0)[1] == 0, (self.folder / "broke").read_text()

    def doubled(self) -> tuple[str, ...]:
        """Already now, whatever is still owed."""
        return history.judge(self.site.lines(), self.site.rows()).doubled

    def verdict(self) -> history.Verdict:
        rows = self.site.rows()
        found = history.judge(self.site.lines(), rows, before=self.begun, called_off=False)
        return found + history.Verdict(lost=tuple(history.unkept(self.askings(), rows)))

    def askings(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.told.read_text().splitlines()]

    def counted(self) -> Counter[str]:
        """How many askings were answered, and what Slack met them with."""
        found = Counter(line["said"] for line in self.askings())
        found["posts"] = sum(line["did"] == "post" for line in self.site.lines())
        return found

    def _freezes(self, what: str) -> None:
        if self.freezes_before == what:
            self.freezes_before = ""
            os.kill(os.getpid(), signal.SIGSTOP)

    def _takes_a_while(self, what: str) -> None:
        self._freezes(what)
        time.sleep(random.uniform(*self.answers_in))

    # --- in the forked process ---

    def _live(self, life: int, says: int) -> None:
        def work() -> None:
            self._settle_in(life)
            self.born(self)
            worker = Worker(self.town, self.cases, random.Random(self.seed * 100_003 + life), self.told, life)
            os.write(says, b".")
            while True:
                worker.delivers()
                worker.does_something()

        self._never_back(work)

    def _settle_in(self, life: int) -> None:
        if self.freezes_before == A_COMMIT:
            event.listen(self.database.writing, "connect", _soon_forgotten)
        self.ids._prefix, self.ids._count = f"l{life}x", 0
        self.town.house.delivery._owner = f"life-{life}"
        self.town.faults = by_chance(self.seed * 7 + life, self.faults)

    def _deliver_all(self, doing: int) -> None:
        self._settle_in(0)
        self.town.faults = lambda _method, _about: OK
        worker = Worker(self.town, self.cases, random.Random(self.seed), self.told, self.lives + 1)
        for _ in range(doing):
            worker.does_something()
            worker.delivers()
        for _ in range(12):
            self.town.jump(seconds=130)
            self.town.deliver()
        if isinstance(worse := self.town.house.delivery._messenger, MarksFirst):
            worse.really_send()  # what a kill did not take from it, it does say: only kills make it lose

    def _never_back(self, do: Callable[[], None]) -> None:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what it logs is not for whoever runs the tests
            do()
        except BaseException:
            (self.folder / "broke").write_text(traceback.format_exc())
            os._exit(70)
        os._exit(0)


@dataclass
class Worker:
    """Does one thing after another, and writes down what it was told."""

    town: FileTown
    cases: list[str]
    chance: random.Random
    told: Path
    life: int
    done: int = 0
    mine: list[str] = field(default_factory=list)  # entries it has booked

    def delivers(self) -> None:
        try:
            self.town.house.delivery.deliver_due(patient=False)
        except DatabaseFault:
            self._write(f"storm:{self.life}", "away", "delivers", None)
            time.sleep(0.01)

    def does_something(self) -> None:
        act = self.chance.choice((self.asks, self.asks, self.books, self.mends))
        self.done += 1
        key = f"storm:{self.life}:{self.done}"
        self._write(key, "begun", act.__name__, None)
        try:
            result = act(key)
        except (Refusal, AlreadyAsked) as refused:
            self._write(key, "refused", act.__name__, type(refused).__name__)
        except DatabaseFault:
            self._write(key, "away", act.__name__, None)
        else:
            self._write(key, "done", act.__name__, result)

    def asks(self, key: str) -> str:
        """A new case, and the leaders are asked about it."""
        town, office = self.town, self.town.office
        register = self._asked("Maja Holm", f"{key}:case")
        aliases = office.cases.alias_choices(register)
        case = office.cases.register(
            register,
            reference=f"S2026-{self.life % 1000:03d}{self.done % 1000:03d}",
            band=AgeBand.YOUTH,
            alias=self.chance.choice(aliases).word,
            area="social",
        )
        wish = office.referrals.request(self._asked("Maja Holm", key), case.id, Wish(criteria=CRITERIA))
        assert town
        return wish.id

    def books(self, key: str) -> str:
        amount = Kroner.of(self.chance.randint(1, 4_000))
        use = Use(amount, self.chance.choice(PURPOSES[:1]), self.town.today)
        case = self.chance.choice(self.cases)
        entry = self.town.office.frames.use(self._asked("Maja Holm", key), case, use, again=True).entry
        self.mine.append(entry.id)
        return entry.id

    def mends(self, key: str) -> str:
        if not self.mine:
            return self.books(key)
        entry = self.mine.pop()
        asked = self._asked("Maja Holm", key)
        return self.town.office.frames.correct(asked, entry, reason="wrong_amount").entry.id

    def _asked(self, name: str, key: str) -> Asked:
        return Asked(self.town.person(name), self.town.clock.at, "test", key=key)

    def _write(self, key: str, said: str, act: str, result: str | None) -> None:
        line = json.dumps({"key": key, "said": said, "act": act, "result": result})
        with self.told.open("ab", buffering=0) as file:
            file.write(line.encode() + b"\n")


def _soon_forgotten(connection: Any, _record: Any) -> None:
    """Whoever will be frozen in a transaction: the server undoes it sooner than the five seconds of operation."""
    connection.execute("SET idle_in_transaction_session_timeout = '400ms'")
    connection.commit()


# --- how a bot would be that is worse than ours ---


@dataclass
class NeverLooks:
    """Sends again without looking for what it may have sent."""

    messenger: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.messenger, name)

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        return None


@dataclass
class MarksFirst:
    """Says that it has been sent, so that it is marked, and sends it when it is asked the next time."""

    messenger: Any
    held: list[tuple[str, Any, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.messenger, name)

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        self.really_send()
        self.held.append((to, message, key))
        return Sent(f"D{to[1:]}" if to[:1] in "UW" else to, "0.0")

    def really_send(self) -> None:
        while self.held:
            to, message, key = self.held.pop()
            self.messenger.send(to, message, key=key)
