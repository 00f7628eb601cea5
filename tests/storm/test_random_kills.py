"""Killed at any moment, hundreds of times, while Slack loses replies and errs: nothing lost and nothing doubled."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storm.conftest import LONG, Figures, step
from tests.storm.kills import SLOW, MarksFirst, NeverLooks, Storm
from tests.storm.site import site_at
from tests.support.databases import Databases

A_TOWN, TOWNS = 300, 34 if LONG else 1
"""So many kills in each town, and then the next: in an old one frames are empty, a caseworker has four hundred cases,
and whatever is asked is refused.
"""
ABLATION_KILLS, SEVERAL, WORSE = 60, 3, 1
BLIND_ON = ("sqlite", "postgresql") if LONG else ("sqlite",)
"""Whether the kills would see a worse bot is the kills' own matter, whatever the rows are kept in."""
WORKERS = {"sqlite": 1, "postgresql": 4 if LONG else 2}
"""SQLite is served by one process at a time (D13)."""

Settle = Callable[..., Storm]


@pytest.fixture
def settle(databases: Databases, fast_folder: Path) -> Iterator[Settle]:
    addresses = []

    def settle(engine: str, **how: object) -> Storm:
        folder = Path(tempfile.mkdtemp(dir=fast_folder))
        addresses.append(databases.fresh(engine, folder))
        return Storm(site_at(addresses[-1], folder / "slack.jsonl"), folder, **how)  # type: ignore[arg-type]

    yield settle
    for address in addresses:
        databases.take_back(address)


def lived_through(storm: Storm, *, kills: int, workers: int = 1, already: int = 0, of: int = 0) -> Storm:
    while storm.kills < kills:
        storm.kill(workers=workers)
        step("kills", already + storm.kills, of or kills)
    storm.finish()
    return storm


def test_of_all_that_is_asked_among_random_kills_nothing_is_lost_or_doubled(
    engine: str, settle: Settle, figures: Figures
) -> None:
    counted: Counter[str] = Counter()
    for town in range(TOWNS):
        storm = lived_through(
            settle(engine, seed=town + 1),
            kills=A_TOWN,
            workers=WORKERS[engine],
            already=counted["kills"],
            of=TOWNS * A_TOWN,
        )
        here, verdict = storm.counted(), storm.verdict()
        counted += here + Counter(kills=storm.kills, towns=1)
        assert verdict.clean, (town, verdict)
        assert here["done"] > storm.kills / 4, "they were killed before they could do anything"
    figures(**counted)


@pytest.mark.parametrize("engine", BLIND_ON)
def test_with_look_first_switched_off_the_same_kills_double(
    engine: str, settle: Settle, figures: Figures
) -> None:
    """Slack loses no reply here, so that only a kill can make it double."""
    storm = lived_through(
        settle(engine, wrap=NeverLooks, answers_in=SLOW, faults=0.0), kills=ABLATION_KILLS, workers=WORSE
    )
    figures(doubled=len(storm.verdict().doubled))
    assert len(storm.verdict().doubled) >= SEVERAL, "these kills are blind: a bot that never looks doubles"


@pytest.mark.parametrize("engine", BLIND_ON)
def test_marked_before_it_is_sent_the_same_kills_lose(engine: str, settle: Settle, figures: Figures) -> None:
    storm = lived_through(
        settle(engine, wrap=MarksFirst, answers_in=SLOW, faults=0.0), kills=ABLATION_KILLS, workers=WORSE
    )
    figures(lost=len(storm.verdict().lost))
    assert len(storm.verdict().lost) >= SEVERAL, "these kills are blind: a bot that marks first loses"


@pytest.mark.parametrize("worse", [NeverLooks, MarksFirst])
def test_of_whom_nobody_kills_even_the_worse_bot_loses_and_doubles_nothing(
    settle: Settle, worse: Callable[..., object]
) -> None:
    """What the two stories above count is the kills' own doing."""
    storm = settle("sqlite", wrap=worse, faults=0.0)
    storm.finish(doing=15)
    assert (storm.verdict().doubled, storm.verdict().lost) == ((), ())
    assert storm.counted()["done"] > 8
