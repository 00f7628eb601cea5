"""Two processes on Socket Mode and a clock beside them: each thing once, also while the lines break (D13)."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import bolt
from storage.tables import notices
from tests.journeys.test_frame_journey import Inside
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.over_sockets import SocketTown
from tests.support.stage import Hindered, waits_until

CUTS = int(os.environ.get("INDGANG_STORM", "0")) or 4
MONDAY_EIGHT = "2026-11-23T08:00:00+01:00"
QUESTION = "hvornår er næste møde"


def test_two_that_listen_and_a_clock_do_each_thing_once_while_lines_break(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that broke is missed within a second here, three where people work: nearly all the time went by there."""
    monkeypatch.setattr(bolt, "LOOKS_AT_ITS_LINE_EVERY", 1)  # before the forks
    address = databases.fresh("postgresql", tmp_path)
    with SocketTown(address, tmp_path) as town:
        case, _ = active_case(Inside(town), kroner=100_000)
        questions, booked = _people_work_while_lines_break(town, case.alias)
        waits_until(
            lambda: _told(town)["reply"] >= questions and _nothing_owed(town), max(120, 2 * questions)
        )
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            stands = [entry.amount.ore for entry in work.frames.entries(f"frame-{case.id}")]
        assert [stands.count(amount) for amount in booked] == [1] * len(booked)
        assert len(set(stands)) == len(stands)
        town.stage.jump(MONDAY_EIGHT)
        waits_until(lambda: _told(town)["agenda"] >= 1 and _told(town)["overview"] >= 1, 90)
        waits_until(lambda: _nothing_owed(town), 60)
        told = _told(town)
        assert (told["reply"], told["agenda"], told["overview"]) == (questions, 1, 1)
        assert _times_in_slack(town) == {1}
        assert {bot.process.poll() for bot in town.bots} == {None}
    databases.take_back(address)


def _people_work_while_lines_break(town: SocketTown, alias: str) -> tuple[int, list[int]]:
    """How many questions were asked, and the amounts (øre, no two alike) whose answer arrived."""
    lone, maja, chance = town.person("Lone Ager"), town.person("Maja Holm"), random.Random(7)
    over = threading.Event()

    def cuts() -> None:
        """One of the two, whichever; the other stays up until both are back."""
        for _ in range(CUTS):
            time.sleep(chance.uniform(0.0, 0.3))
            town.stage.fault("sockets_drop_one")
            town.stage.waits_for_the_bot(connections=2, within=60)
        over.set()

    threading.Thread(target=cuts, daemon=True).start()
    questions, amount, booked = 0, 100, []
    while not over.wait(0.05) or questions < 6:
        lone.says(QUESTION)
        questions, amount = questions + 1, amount + 1
        try:
            maja.types(f"/ramme {alias[:4].lower()} {amount // 100},{amount % 100:02} bus")
        except Hindered:  # her line broke: she sees that; the amount stands once or not at all
            continue
        booked.append(amount)
    return questions, booked


def _told(town: SocketTown) -> Counter[str]:
    """How many messages of each kind have been sent."""
    query = select(notices.c.kind).where(notices.c.ts.is_not(None))
    with town.house.storage.database.reading.connect() as connection:
        return Counter(connection.execute(query).scalars())


def _nothing_owed(town: SocketTown) -> bool:
    at = town.house.clock.now()
    with town.house.storage.open_reading(at=at) as work:
        return work.notices.stuck(at=at).owed == 0


def _times_in_slack(town: SocketTown) -> set[int]:
    """How often each message was taken by Slack."""
    posts = [p for p in town.stage.journaled("api", "chat.postMessage") if p["response"].get("ok")]
    metadata = [p["body"]["metadata"] for p in posts]
    keys = [(json.loads(m) if isinstance(m, str) else m)["event_payload"]["key"] for m in metadata]
    return set(Counter(keys).values())
