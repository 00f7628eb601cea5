"""P7 and P8: how soon the process answers, and how much memory it keeps, beside a bare Bolt app."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

from storage.engine import Database
from storage.sealing import new_key
from tests.benchmarks import deployed, house
from tests.benchmarks.mass import hire
from tests.benchmarks.measure import Finding, at_most, ms, p50
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown

TODAY = date(2026, 11, 16)
REQUESTS = {"quick": 4_000, "full": 100_000}
THREADS = 8


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    address, keys = databases.fresh("sqlite", settle=OfficeTown), new_key()
    database = Database(address)
    town = OfficeTown(database, key=keys)
    people = [(p["id"], active_case(town, p["name"], kroner=49_000)[0].id) for p in hire(database)[:THREADS]]
    database.close()
    with deployed.slack() as slack:
        yield _start(address, keys, slack.port, people[0][0], rounds=7 if full else 4)
        yield from _memory(address, keys, slack.port, people, REQUESTS["full" if full else "quick"])


def _start(address: str, keys: str, slack: int, who: str, *, rounds: int) -> Finding:
    bare, ours = [], []
    for number in range(rounds + 1):
        with deployed.echo() as echo:
            seconds = echo.until(lambda p=echo.port: deployed.acks(p, house.command(who, "/ingen")))  # type: ignore[misc]
            bare += [seconds] if number else []  # the first fills the disk's cache
        with deployed.bot(address, keys, slack) as bot:
            seconds = bot.until(lambda p=bot.port: deployed.acks(p, house.command(who, "/ingen")))  # type: ignore[misc]
            ours += [seconds] if number else []
    return at_most(
        "P7", "start to first ack", 2.0, p50(ours) / p50(bare), f"echo {ms(p50(bare))}, bot {ms(p50(ours))}"
    )


def _memory(
    address: str, keys: str, slack: int, people: list[tuple[str, str]], requests: int
) -> Iterator[Finding]:
    with deployed.echo() as echo, deployed.bot(address, keys, slack) as bot:
        for process in (echo, bot):
            process.until(lambda p=process.port: deployed.acks(p, house.command(people[0][0], "/ingen")))  # type: ignore[misc]
        began = echo.memory, bot.memory
        for process in (echo, bot):
            _ask(process.port, people, requests // 2)
        halfway = bot.memory
        for process in (echo, bot):
            _ask(process.port, people, requests // 2)
        bare, ours = echo.memory, bot.memory
    yield at_most(
        "P8", f"memory after {requests:,} requests", 2.0, ours / bare, f"echo {_mb(bare)}, bot {_mb(ours)}",
        at_start=f"echo {_mb(began[0])}, bot {_mb(began[1])}",
    )  # fmt: skip
    yield at_most(
        "P8", "growth in the second half", 1.02, ours / halfway, f"{_mb(halfway)}, then {_mb(ours)}"
    )


def _ask(port: int, people: list[tuple[str, str]], many: int) -> None:
    """A form that is used, a line that is looked up, and one that is opened, by eight people at once."""

    def one(who: str, case: str) -> None:
        line = deployed.Line(port)
        for number in range(many // len(people)):
            if number % 4 == 0:
                line.ask(house.use(who, case, TODAY))
            else:
                line.ask(house.command(who, "/sag" if number % 4 == 1 else "/ingen", "mine"))

    threads = [threading.Thread(target=one, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _mb(size: float) -> str:
    return f"{size / 1024**2:.0f} MB"
