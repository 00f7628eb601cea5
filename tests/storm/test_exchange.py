"""Replicas leave in order or are killed while people press: another takes over, and each press is done once."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from slack_bolt import BoltRequest

from handlers import table
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.benchmarks import house
from tests.benchmarks.bare import bolt
from tests.storm import history
from tests.storm.conftest import LONG, Figures, step
from tests.storm.crowd import FaultyApi
from tests.storm.kills import LEASE, SharedClock
from tests.storm.site import site_at
from tests.storm.town import Chance, FileTown
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import START

PRESSES = 1_000 if LONG else 28
KILLED_AT, EXCHANGED_AT = 4, 9
"""At every so manieth press the replica that has it is killed; before every so manieth it leaves in order."""
LONGER = 1.5
"""It is killed within so many times what the press before it took: mostly before it has answered, and seldom too early."""


@dataclass
class Replica:
    """A process that answers what comes over a line, and delivers."""

    pid: int
    line: IO[str]
    answers: IO[str]

    @classmethod
    def begun(cls, town: FileTown, number: int, *others: Replica) -> Replica:
        town.house.storage.database.close()
        hears, asks = os.pipe()
        reads, says = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(asks)
            os.close(reads)
            for other in others:
                other.line.close()  # or it would not hear that we hang up
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                town.ids._prefix, town.ids._count = f"r{number}x", 0  # type: ignore[attr-defined]
                town.house.delivery._owner = f"replica-{number}"
                _serve(town, os.fdopen(hears), os.fdopen(says, "w", buffering=1))
            finally:
                os._exit(0)
        os.close(hears)
        os.close(says)
        return cls(pid, os.fdopen(asks, "w", buffering=1), os.fdopen(reads))

    def hears(self, request: BoltRequest) -> None:
        self.line.write(json.dumps([request.raw_body, request.headers]) + "\n")

    def answer(self) -> str:
        """Nothing when it died first."""
        return self.answers.readline().strip()

    def ends(self, *, killed: bool = False) -> None:
        if killed:
            os.kill(self.pid, signal.SIGKILL)
        self.line.close()
        os.waitpid(self.pid, 0)
        self.answers.close()


def _serve(town: FileTown, hears: IO[str], says: IO[str]) -> None:
    office = town.house.office
    dispatch = Dispatch(
        table(office, town.house.rules, None),  # type: ignore[arg-type]
        door=Doorkeeper(house.Everybody(), office.people, team=house.TEAM),  # type: ignore[arg-type]
        client=FaultyApi(random.Random(1), faulty=0.0),  # type: ignore[arg-type]
        now=town.clock.now,
        draw_home=town.house.draw_home,
        hands=1,
    )
    app = bolt()
    dispatch.listen(app)
    for line in hears:
        body, headers = json.loads(line)
        answer = app.dispatch(BoltRequest(body=body, headers=headers))
        says.write(f"{answer.status}\n")
        town.house.delivery.deliver_due(patient=False)
    dispatch.afterwards.finish()


@pytest.fixture
def town(databases: Databases, fast_folder: Path) -> Iterator[FileTown]:
    address = databases.fresh("postgresql", fast_folder)
    site = site_at(address, fast_folder / "exchange.jsonl")
    ids, clock = Chance("aa"), SharedClock(START)
    town = FileTown(
        Database(address), site.slack, keys=KeyRing.read(new_key()), clock=clock, chance=ids, settle=True
    )
    town.ids, town.site = ids, site  # type: ignore[attr-defined]
    yield town
    town.house.storage.database.close()
    databases.take_back(address)


def test_replicas_are_exchanged_and_killed_while_people_press_and_each_press_is_done_once(
    town: FileTown, figures: Figures
) -> None:
    site, chance = town.site, random.Random(7)  # type: ignore[attr-defined]
    case, _ = active_case(town, kroner=50_000)
    begun, counted = site.rows(), Counter[str]()
    first = Replica.begun(town, 0)
    replicas = [first, Replica.begun(town, 1, first)]
    amounts = [(40_000_00 // PRESSES) + n for n in range(PRESSES)]
    took = 0.05
    for press, ore in enumerate(amounts):
        step("presses", press, PRESSES)
        mine, other = replicas[press % 2], replicas[(press + 1) % 2]
        request = house.use("U0MAJA0001", case.id, START.date(), ore=ore)
        if press % EXCHANGED_AT == EXCHANGED_AT - 1:
            mine.ends()
            mine = replicas[press % 2] = Replica.begun(town, 2_000 + press, other)
            counted["exchanged"] += 1
        mine.hears(request)
        began = time.monotonic()
        killed = press % KILLED_AT == KILLED_AT - 1
        if killed:
            time.sleep(chance.uniform(0, LONGER * took))
            os.kill(mine.pid, signal.SIGKILL)
            counted["killed"] += 1
        answer = mine.answer()
        took = took if killed else time.monotonic() - began
        if not answer:
            other.hears(request)  # Slack brings it again
            answer = other.answer()
            counted["taken over"] += 1
        assert answer == "200"
        if killed:
            town.clock.at += LEASE
            mine.ends(killed=True)
            replicas[press % 2] = Replica.begun(town, 1_000 + press, other)
    for replica in replicas:
        replica.ends()
    town.jump(seconds=130)
    town.deliver()
    rows = site.rows()
    assert Counter(row["amount_ore"] for row in rows["entries"]) == Counter(amounts)
    assert history.judge(site.lines(), rows, before=begun, called_off=False).clean
    figures(presses=PRESSES, **counted, posts=sum(line["did"] == "post" for line in site.lines()))
