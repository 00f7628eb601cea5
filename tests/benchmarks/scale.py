"""P5: what is asked for every day, from a thousand cases to a million; and that each question finds its index."""

from __future__ import annotations

from collections.abc import Iterator

from storage.engine import Database
from tests.benchmarks.daily import Daily, Desk
from tests.benchmarks.mass import fill
from tests.benchmarks.measure import Finding, at_most, by_turns, ms, p50, shown
from tests.support.databases import Databases
from tests.support.office import OfficeTown
from tests.support.plans import listening

SMALL = 1_000
LARGE = {"quick": (30_000,), "full": (100_000, 1_000_000)}


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    for engine in ("sqlite", "postgresql"):
        few = _town(engine, databases, SMALL)
        for many in LARGE["full" if full else "quick"]:
            large = _town(engine, databases, many)
            yield from _compared(engine, few, large, many, rounds=40 if full else 25)
            _leave(databases, large)
        _leave(databases, few)


def _town(engine: str, databases: Databases, many: int) -> tuple[Database, Desk]:
    database = Database(databases.fresh(engine, settle=OfficeTown))
    town = OfficeTown(database)
    desk = Desk(town)
    fill(town, database, many)
    return database, desk


def _compared(
    engine: str, few: tuple[Database, Desk], large: tuple[Database, Desk], many: int, *, rounds: int
) -> Iterator[Finding]:
    worst: tuple[float, str] = (0.0, "")
    walks: list[str] = []
    for one, other in zip(few[1].daily(), large[1].daily(), strict=True):
        small, big = by_turns((one.asks, other.asks), rounds=rounds, each=1)
        ratio = p50(big) / p50(small)
        worst = max(worst, (ratio, one.name))
        walks += _walks(large[0], other)
        yield at_most(
            "P5", f"{one.name} ({engine}, {many:,} cases)", 1.2, ratio, f"{ms(p50(small))}, {ms(p50(big))}"
        )
    yield shown("P5", f"plans that walk through a table ({engine})", str(len(walks)), walks=walks)


def _walks(database: Database, daily: Daily) -> list[str]:
    with listening(database) as asked:
        daily.asks()
    return asked.walks(database)


def _leave(databases: Databases, town: tuple[Database, Desk]) -> None:
    town[0].close()
    databases.take_back(town[0].address)
