"""Forms on top of forms, and buttons that are there only when they mean something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.stage import Actor, waits_until
from tests.support.town import RunningTown

MANY = 11  # one more than Home shows, so that *Vis alle mine sager* is there


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RunningTown]:
    with RunningTown(f"sqlite:///{tmp_path}/town.db") as running:
        yield running


def styles(who: Actor) -> dict[str, str | None]:
    """Each button in Home, and whether it is green."""
    home = who.home(visit=False)
    elements = [e for b in home.blocks for e in b.get("elements", [])] if home else []
    return {e["text"]["text"]: e.get("style") for e in elements if e["type"] == "button"}


def test_a_measure_saved_three_deep_leads_back_to_the_plan(town: RunningTown) -> None:
    inside = Inside(town)
    for _ in range(MANY - 1):
        inside.registered("Maja Holm")
    case_id = inside.referred("Maja Holm").case_id
    with inside.work() as work:
        alias = work.cases.get(case_id).alias
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees("Vis alle mine sager", in_="home")
    maja.presses("Vis alle mine sager", in_="home")
    maja.presses("Åbn", near=f"»{alias}«")
    maja.presses("Gør klar")
    maja.presses("Åbn", near="Planen")
    maja.presses("Tilføj indsats")
    maja.waits_for_modal("Indsats")
    assert maja.modal and maja.modal.depth == 3
    maja.chooses("Indsats", "Mentorstøtte")
    maja.chooses("Ansvarligt område", "Ungeindsatsen og UU")
    maja.submits()
    maja.waits_for_modal("Planen")
    maja.sees("Mentorstøtte · Ungeindsatsen og UU", in_="modal")
    maja.closes()
    maja.waits_for_modal("Gør klar")


def test_a_meeting_is_started_and_cancelled_only_as_its_day_and_its_items_allow(town: RunningTown) -> None:
    inside = Inside(town)
    meeting = inside.next_meetings(1)[0]
    lone = town.person("Lone Ager")
    lone.home()
    lone.sees("Start mødet", in_="home")
    assert styles(lone)["Start mødet"] is None
    form = lone.presses("Aflys", in_="home")
    assert form and "Ingen punkter" in form.options("reason")
    lone.closes()
    inside.referred("Maja Holm", meeting=meeting.id)
    form = lone.presses("Aflys", in_="home")
    assert form and "Ingen punkter" not in form.options("reason")
    lone.closes()
    town.stage.jump(f"{meeting.day}T08:30")
    waits_until(lambda: lone.home() is not None and styles(lone).get("Start mødet") == "primary", 10)
