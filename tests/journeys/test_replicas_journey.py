"""Two replicas over HTTP on PostgreSQL, and a clock beside them: exchanged, and killed, while people work."""

from __future__ import annotations

import itertools
import os
import threading
from pathlib import Path

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.over_http import HttpTown
from tests.support.stage import Hindered

STORM = os.environ.get("INDGANG_STORM")


@pytest.mark.skipif(not STORM, reason="two restarts under load take minutes: make storm")
def test_two_replicas_are_exchanged_and_one_is_killed_while_people_work(
    databases: Databases, tmp_path: Path
) -> None:
    """A replica that leaves in order turns nobody away; one that is killed leaves its work to the other.

    Only a loaded machine's »no answer within three seconds« is forgiven here: then the amount stands once or not at all.
    """
    address = databases.fresh("postgresql", tmp_path)
    with HttpTown(address, tmp_path, replicas=2) as town:
        case, _ = active_case(Inside(town), kroner=20_000)
        maja, amounts = town.person("Maja Holm"), itertools.count(101)
        told: list[int] = []
        over = threading.Event()

        def spends() -> None:
            amount = next(amounts)
            try:
                maja.types(f"/ramme {case.alias[:4].lower()} {amount} bus")
            except Hindered as why:
                assert why.code == "no_answer"
                return
            maja.sees(f"✅ {amount},00 kr. til befordring")
            told.append(amount)

        def exchanges() -> None:
            for bot in town.serving:
                bot.is_told_to_stop()
                bot.ends()
                bot.start()
                bot.waits_until_ready()
            over.set()

        threading.Thread(target=exchanges, daemon=True).start()
        while not over.wait(0.2):
            spends()
        town.serving[0].is_killed()
        spends()
        spends()
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            booked = [entry.amount.ore // 100 for entry in work.frames.entries(f"frame-{case.id}")]
        assert len(told) > 5
        assert [booked.count(amount) for amount in told] == [1] * len(told)
        assert len(set(booked)) == len(booked)
    databases.take_back(address)
