"""P9: sending what is owed, beside plain aiohttp posts; and under Slack's limit of a message a second in one place."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
from sqlalchemy import func, select

from bot.domain.notices import Notice
from bot.slack import client as slack_client
from bot.slack.messenger import SlackMessenger
from bot.usecases.delivery import PACE_SECONDS
from storage.engine import Database
from storage.tables import notices
from tests.benchmarks import deployed
from tests.benchmarks.mass import hire
from tests.benchmarks.measure import Finding, at_least
from tests.support.databases import Databases
from tests.support.office import OfficeTown

MESSAGES = {"quick": 100, "full": 150}
LIMIT_SECONDS = 1.0


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    many = MESSAGES["full" if full else "quick"]
    with deployed.slack() as slack:
        for engine in ("sqlite", "postgresql"):
            plain, ours = [], []
            for _ in range(3):
                plain.append(many / asyncio.run(_plain(slack.port, many)))
                ours.append(many / _delivered(engine, databases, slack.port, many))
            best, mine = sorted(plain)[1], sorted(ours)[1]
            yield at_least(
                "P9", f"delivery against plain aiohttp posts ({engine})", 0.6, mine / best,
                f"aiohttp {best:.0f}/s, delivery {mine:.0f}/s",
            )  # fmt: skip
        yield _under_the_limit(databases, slack.port)


async def _plain(port: int, many: int) -> float:
    """One session, one after another, as a message waits for the one before it."""
    body = {"channel": "D1", "text": "x" * 200, "blocks": []}
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        for _ in range(many):
            async with session.post(f"http://127.0.0.1:{port}/api/chat.postMessage", json=body) as answer:
                await answer.json()
        return time.perf_counter() - began


def _town(
    engine: str, databases: Databases, port: int, pace: float
) -> tuple[Database, OfficeTown, list[str]]:
    database = Database(databases.fresh(engine, settle=OfficeTown))
    town = OfficeTown(database, pace=pace)
    web = slack_client("xoxb-bench", base_url=f"http://127.0.0.1:{port}/api/")
    town.house.delivery._messenger = SlackMessenger(web)
    return database, town, [str(p["id"]) for p in hire(database)]


def _owe(town: OfficeTown, people: list[str], many: int) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell_all(
            [Notice(f"welcome:{n}", "welcome", people[n % len(people)]) for n in range(many)]
        )


def _delivered(engine: str, databases: Databases, port: int, many: int) -> float:
    database, town, people = _town(engine, databases, port, 0.0)
    _owe(town, people, many)
    began = time.perf_counter()
    town.house.delivery.deliver_due()
    seconds = time.perf_counter() - began
    _all_sent(database, many)
    database.close()
    databases.take_back(database.address)
    return seconds


def _all_sent(database: Database, many: int) -> None:
    with database.reading.connect() as connection:
        query = select(func.count()).select_from(notices).where(notices.c.state == "sent")
        assert connection.execute(query).scalar_one() >= many


def _under_the_limit(databases: Databases, port: int) -> Finding:
    """Twelve messages to one person, whom Slack lets hear one a second: how near the limit, and how often it is passed."""
    many = 12
    database, town, people = _town("sqlite", databases, port, PACE_SECONDS)
    sent_at: list[float] = []
    messenger = town.house.delivery._messenger
    send = messenger.send

    def noted(*args: Any, **named: Any) -> Any:
        sent_at.append(time.perf_counter())
        return send(*args, **named)

    messenger.send = noted  # type: ignore[method-assign]
    running = _Real(town)
    town.clock.now = town.clock.real = running.now  # type: ignore[method-assign]
    _owe(town, people[:1], many)
    town.house.delivery.deliver_due()
    gaps = [b - a for a, b in itertools.pairwise(sent_at)]
    too_soon = sum(gap < LIMIT_SECONDS for gap in gaps)
    rate = LIMIT_SECONDS / (sum(gaps) / len(gaps))
    found = at_least(
        "P9",
        "under a limit of one a second",
        0.90,
        rate,
        f"{rate:.2f} of it, {too_soon} refused",
        refused=too_soon,
    )
    database.close()
    databases.take_back(database.address)
    return replace(found, met=bool(found.met) and too_soon == 0)


class _Real:
    """The machine's clock, counted from the town's morning."""

    def __init__(self, town: OfficeTown) -> None:
        self._at, self._began = town.clock.at, time.monotonic()

    def now(self) -> Any:
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    real = now
