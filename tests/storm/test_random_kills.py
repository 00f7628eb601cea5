"""Killed at any moment, hundreds of times, while Slack loses replies and errs: nothing lost and nothing doubled."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storm.conftest import LONG, Figures, step
from tests.storm.kills import SLOW, MarksFirst, NeverLooks, Storm
from tests.storm.site import site_at
from tests.support.databases import Databases

KILLS = 10_000 if LONG else 300
ABLATION_KILLS = 60
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


def lived_through(storm: Storm, *, kills: int, workers: int = 1) -> Storm:
    while storm.kills < kills:
        storm.kill(workers=workers)
        step("kills", storm.kills, kills)
    storm.finish()
    return storm


def test_of_all_that_is_asked_among_random_kills_nothing_is_lost_or_doubled(
    engine: str, settle: Settle, figures: Figures
) -> None:
    storm = lived_through(settle(engine), kills=KILLS, workers=WORKERS[engine])
    counted, verdict = storm.counted(), storm.verdict()
    figures(kills=storm.kills, **counted)
    assert verdict.clean, verdict
    assert counted["done"] > storm.kills / 4, "they were killed before they could do anything"


def test_with_look_first_switched_off_the_same_kills_double(settle: Settle, figures: Figures) -> None:
    storm = lived_through(settle("sqlite", wrap=NeverLooks, answers_in=SLOW), kills=ABLATION_KILLS)
    figures(doubled=len(storm.verdict().doubled))
    assert storm.verdict().doubled, "these kills are blind: a bot that never looks doubles nothing"


def test_marked_before_it_is_sent_the_same_kills_lose(settle: Settle, figures: Figures) -> None:
    storm = lived_through(settle("sqlite", wrap=MarksFirst, answers_in=SLOW), kills=ABLATION_KILLS)
    figures(lost=len(storm.verdict().lost))
    assert storm.verdict().lost, "these kills are blind: a bot that marks before it sends loses nothing"
