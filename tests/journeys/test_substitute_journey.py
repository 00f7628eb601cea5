"""A sick caseworker in the morning: the leader's one form, the substitute's frame use, and back again (A9, D31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.frames import active_case
from tests.support.town import RunningTown


@pytest.fixture
def town(databases, tmp_path: Path) -> Iterator[RunningTown]:  # type: ignore[no-untyped-def]
    with RunningTown(databases.fresh("sqlite", tmp_path)) as running:
        yield running


@pytest.mark.rule("T25", "D31", "X8")
def test_a_sick_caseworker_in_the_morning(town: RunningTown) -> None:
    inside = Inside(town)
    case, _ = active_case(inside, follow_up=inside.next_meetings(1)[0])
    active_case(inside)
    jens, peter, maja = (town.person(name) for name in ("Jens Toft", "Peter Krogh", "Maja Holm"))
    jens.home()
    jens.sees("Medarbejder er syg", in_="home")
    jens.interactions = 0
    jens.presses("Medarbejder er syg", in_="home")
    jens.chooses("person", "Maja Holm", in_="modal")
    jens.sees("2 sager, 1 på torsdag 19. november", in_="modal")
    jens.chooses("Stedfortræder for alle sagerne", "Peter Krogh", in_="modal")
    jens.submits()
    jens.sees("Peter Krogh er stedfortræder for Maja Holm i 2 sager", in_="modal")
    assert jens.interactions <= 5
    jens.closes()

    peter.sees("Du er stedfortræder for Maja Holm i 2 sager", in_="dm")
    peter.home()
    peter.sees("STEDFORTRÆDER (2)", in_="home")
    peter.sees(f"»{case.alias}« for Maja Holm til søndag 22. november", in_="home")
    peter.types(f"/ramme {case.key} 450 bus")
    peter.sees("✅ 450,00 kr. til befordring")

    town.stage.jump("2026-11-23T08:00")
    maja.sees("Mens du var væk: 1 registrering", in_="dm")
    peter.types(f"/sag {case.key}")
    peter.sees("Sagen findes ikke")
    assert town.house.clock.now().date() >= date(2026, 11, 23)
