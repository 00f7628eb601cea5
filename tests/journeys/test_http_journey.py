"""The same town over HTTP: Slack calls a real gunicorn, and nobody notices the difference."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.frames import active_case
from tests.support.over_http import HttpTown
from tests.support.wire import waits_until


@pytest.fixture
def town(database_address: str, tmp_path: Path) -> Iterator[HttpTown]:
    with HttpTown(database_address, tmp_path) as running:
        yield running


def test_a_frame_is_used_over_http_and_the_process_ends_in_order(town: HttpTown) -> None:
    case, _ = active_case(Inside(town), kroner=2_000)
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees("Registrér forbrug", in_="home")
    maja.presses("Registrér forbrug", in_="home")
    maja.fills("amount", "25,000", in_="modal")
    assert "25.000,00 kr." in maja.submits().complaints["amount"]
    maja.fills("amount", "450", in_="modal")
    maja.submits()
    maja.sees(f"✅ 450,00 kr. til befordring på »{case.alias}«. 1.550,00 kr. tilbage", in_="modal")
    maja.closes()
    maja.types(f"/ramme {case.alias[:4].lower()} 300 bus")
    maja.sees("✅ 300,00 kr. til befordring")
    assert not maja.trouble

    page = town.bot.asks("/metrics")[1]
    assert 'indgang_http_answers_total{status="200"}' in page
    assert 'indgang_build_info{mode="http"' in page

    town.bot.is_told_to_stop()
    waits_until(lambda: town.bot.asks("/readyz")[0] == 503, within=2)
    began = time.monotonic()
    assert town.bot.ends(within=15) == 0
    assert time.monotonic() - began < 12
    assert town.bot.log[-1]["event"] == "left"
    assert "Traceback" not in town.bot.words
