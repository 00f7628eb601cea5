"""Two things measured by turns, so that whatever else the machine does meets both; medians, and their ratio."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Ask = Callable[[], object]


@dataclass(frozen=True)
class Finding:
    """One line of the table. `ratio` is what the goal is about; `met` None: shown, and no goal."""

    goal: str
    what: str
    wanted: str
    measured: str
    ratio: float | None
    met: bool | None
    more: dict[str, Any] = field(default_factory=dict)


def at_most(goal: str, what: str, most: float, ratio: float, measured: str, **more: Any) -> Finding:
    return Finding(goal, what, f"<= {most:g}", measured, round(ratio, 3), ratio <= most, more)


def at_least(goal: str, what: str, least: float, ratio: float, measured: str, **more: Any) -> Finding:
    return Finding(goal, what, f">= {least:g}", measured, round(ratio, 3), ratio >= least, more)


def within(goal: str, what: str, most: float, value: float) -> Finding:
    """Seconds, as a person counts them."""
    return Finding(goal, what, f"<= {most:g} s", ms(value), None, value <= most)


def shown(goal: str, what: str, measured: str, **more: Any) -> Finding:
    return Finding(goal, what, "", measured, None, None, more)


def seconds(ask: Ask) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def by_turns(asks: Sequence[Ask], *, rounds: int, each: int) -> list[list[float]]:
    """The seconds of every asking, for each of them; a block of one, a block of the next, and again."""
    found: list[list[float]] = [[] for _ in asks]
    for ask in asks:
        ask()  # warm
    for _ in range(rounds):
        for number, ask in enumerate(asks):
            found[number] += [seconds(ask) for _ in range(each)]
    return found


def p50(times: Sequence[float]) -> float:
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def p99(times: Sequence[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.99) - 1)]


def ms(value: float) -> str:
    return f"{value * 1000:.2f} ms"


@dataclass(frozen=True)
class Crowd:
    """What many at once saw: every answer's seconds, and how long it took until all had theirs."""

    times: list[float]
    lasted: float

    @property
    def per_second(self) -> float:
        return len(self.times) / self.lasted


def together(asks: Sequence[Ask], *, each: int) -> Crowd:
    """Each in a thread of its own, `each` times one after another. Raises what any of them raised."""
    times: list[float] = []
    faults: list[BaseException] = []
    gate = threading.Barrier(len(asks) + 1)

    def one(ask: Ask) -> None:
        own = []
        gate.wait()
        try:
            own = [seconds(ask) for _ in range(each)]
        except BaseException as why:  # raised below, where it is seen
            faults.append(why)
        times.extend(own)

    threads = [threading.Thread(target=one, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Crowd(times, time.perf_counter() - began)
