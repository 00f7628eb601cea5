"""P1 to P4: what an answer costs, beside a bare Bolt app in the same deployment, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

from storage.engine import Database
from storage.sealing import new_key
from tests.benchmarks import deployed, house
from tests.benchmarks.daily import PETER
from tests.benchmarks.mass import hire
from tests.benchmarks.measure import (
    Finding,
    at_least,
    at_most,
    by_turns,
    ms,
    p50,
    p95,
    p99,
    shown,
    together,
    within,
)
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown

AT_ONCE, MANY_AT_ONCE = 8, 64
AT_WORK = "tests.benchmarks.as_at_work"
TODAY = date(2026, 11, 16)


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    for engine in ("sqlite", "postgresql"):
        yield from _on(engine, databases, full=full)


def _on(engine: str, databases: Databases, *, full: bool) -> Iterator[Finding]:
    address, keys, people = _town(engine, databases)
    rounds = 10 if full else 4
    with ExitStack() as opened:
        slack = opened.enter_context(deployed.slack())
        echo, polling = (opened.enter_context(deployed.echo(kind)) for kind in ("echo", "polling"))
        bot = opened.enter_context(deployed.bot(address, keys, slack.port, program=AT_WORK))
        for process in (echo, polling, bot):
            process.until(lambda p=process: deployed.acks(p.port, house.command(PETER, "/ingen")))  # type: ignore[misc]
        yield from _alone(engine, echo.port, polling.port, bot.port, people[0], rounds)
        yield from _at_once(engine, echo.port, bot.port, people, rounds)
        yield from _felt(engine, bot.port, slack.port, people, rounds)


def _alone(
    engine: str, echo: int, polling: int, bot: int, one: tuple[str, str], rounds: int
) -> Iterator[Finding]:
    to_echo, to_polling, to_bot = (deployed.Line(port) for port in (echo, polling, bot))
    who, case = one
    bare, nothing, modal = by_turns(
        (
            lambda: to_echo.ask(house.command(who, "/ingen")),
            lambda: to_bot.ask(house.command(who, "/ingen")),
            lambda: to_bot.ask(house.command(who, "/sag", "ny")),
        ),
        rounds=rounds,
        each=40,
    )
    yield at_least(
        "P1", f"router, identity and access ({engine})", 0.80, p50(bare) / p50(nothing),
        f"echo {ms(p50(bare))}, bot {ms(p50(nothing))}",
    )  # fmt: skip
    yield shown("P1", f"a form is opened ({engine})", ms(p50(modal)))
    stock, used = by_turns(
        (
            lambda: to_polling.ask(house.command(who, "/ingen")),
            lambda: to_bot.ask(house.use(who, case, TODAY)),
        ),
        rounds=rounds,
        each=25,
    )
    yield at_most(
        "P3", f"ack of a frame's use, committed, p50 ({engine})", 0.30, p50(used) / p50(stock),
        f"stock echo {ms(p50(stock))}, bot {ms(p50(used))}",
    )  # fmt: skip


def _at_once(
    engine: str, echo: int, bot: int, people: list[tuple[str, str]], rounds: int
) -> Iterator[Finding]:
    def lines(port: int, count: int, request: Callable[[tuple[str, str]], Any]) -> list[Callable[[], object]]:
        found = []
        for number in range(count):
            line, one = deployed.Line(port), people[number % len(people)]
            found.append(lambda line=line, one=one: line.ask(request(one)))  # type: ignore[misc]
        return found

    for count, each in ((AT_ONCE, 25), (MANY_AT_ONCE, 5)):
        ours: list[float] = []
        bare: list[float] = []
        rates: list[float] = []
        for _ in range(rounds):
            to_echo = together(lines(echo, count, lambda one: house.command(one[0], "/ingen")), each=each)
            to_bot = together(lines(bot, count, lambda one: house.use(*one, TODAY)), each=each)
            bare, ours = bare + to_echo.times, ours + to_bot.times
            rates.append(to_bot.per_second / to_echo.per_second)
        if count == AT_ONCE:
            least = 0.20 if engine == "sqlite" else 0.15
            yield at_least(
                "P2", f"a frame's use, {count} at once ({engine})", least, p50(rates),
                f"p50 echo {ms(p50(bare))}, bot {ms(p50(ours))}",
            )  # fmt: skip
        yield at_most(
            "P4", f"p99 of it, {count} at once ({engine})", 4.0, p99(ours) / p99(bare),
            f"echo {ms(p99(bare))}, bot {ms(p99(ours))}", slowest=round(max(ours), 3),
        )  # fmt: skip


def _felt(engine: str, bot: int, slack: int, people: list[tuple[str, str]], rounds: int) -> Iterator[Finding]:
    """Criterion 14: what a person with twenty-five cases waits for, in seconds; a few others work beside."""
    line, homes, (who, _) = deployed.Line(bot), deployed.Homes(slack), people[0]

    def home() -> None:
        before = homes.shown(who)
        line.ask(house.home_opened(who))
        homes.until_shown(who, before)

    opened, seen = by_turns(
        (lambda: line.ask(house.command(who, "/sag", "ny")), home), rounds=rounds, each=10
    )
    lines = [(deployed.Line(bot), one) for one in people[:3]]
    asks = [lambda line=line, one=one: line.ask(house.use(*one, TODAY)) for line, one in lines]  # type: ignore[misc]
    acked = together(asks, each=10 * rounds).times
    for what, most, value in (
        ("a form is there, p95", 0.5, p95(opened)),
        ("Home with 25 cases is there, p95", 1.0, p95(seen)),
        ("acknowledged, p99, three at once", 0.8, p99(acked)),
    ):
        yield within("C14", f"{what} ({engine})", most, value)


def _town(engine: str, databases: Databases) -> tuple[str, str, list[tuple[str, str]]]:
    """A town of colleagues with a case and a frame each, and what the bot needs to open it."""
    address = databases.fresh(engine, settle=OfficeTown)
    database, keys = Database(address), new_key()
    town = OfficeTown(database, key=keys)
    colleagues = hire(database)[:MANY_AT_ONCE]
    people = [(p["id"], active_case(town, p["name"], kroner=49_000)[0].id) for p in colleagues]
    for _ in range(24):
        active_case(town, colleagues[0]["name"])
    database.close()
    return address, keys, people
