"""A meeting that runs late, and its minutes corrected after the approval: through the sandbox, in Danish (A7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import test_meeting_journey as meeting
from tests.support.town import RunningTown

CASES = 3


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningTown]:
    monkeypatch.setattr(meeting, "CASES", CASES)
    with RunningTown(f"sqlite:///{tmp_path}/town.db", settle=meeting.settle) as running:
        running.stage.jump("2026-11-19T10:20:00+01:00")  # the meeting was to begin at nine
        yield running


@pytest.mark.rule("A7", "D19", "D40")
def test_late_items_are_put_off_and_approved_minutes_get_a_second_version(town: RunningTown) -> None:
    lone = town.person("Lone Ager")
    lone.home()
    lone.sees("Start mødet", in_="home")
    lone.presses("Start mødet", in_="home")
    lone.waits_for_modal("Start mødet")
    lone.submits()
    lone.waits_for_modal("Punkt 3 af 7")
    lone.chooses("Beslutning", "Som indstillet")
    lone.sees("45 min. over. 2 punkter når ikke med.", in_="modal")
    lone.presses("Foreslå at udsætte", in_="modal")
    lone.sees("2 punkter foreslås udsat til torsdag 26. november", in_="modal")
    lone.presses("Fortryd", in_="modal")
    lone.sees("2 punkter når ikke med.", in_="modal")
    lone.presses("Foreslå at udsætte", in_="modal")
    lone.sees("foreslås udsat", in_="modal")
    for number in (3, 4, 5):  # the proposals stand in their forms; each is saved by hand
        lone.waits_for_modal(f"Punkt {number} af 7")
        lone.submits()
    lone.waits_for_modal("Slut")
    lone.submits()
    lone.sees("Beslutningerne gælder, når det er godkendt", in_="modal")

    henrik = town.person("Henrik Dahl")
    henrik.sees("Referat af mødet torsdag 19. november", within=25)
    henrik.presses("Godkend referat", near="Referat af mødet")
    henrik.sees("Rammer er åbnet", in_="modal")
    henrik.presses("Vis", near="Som indstillet", in_="modal")
    henrik.sees("Vis journalnotat", in_="modal")
    henrik.presses("Vis journalnotat", in_="modal")
    assert "Ad 1. Ungeplanen er besluttet" in str(henrik.waits_for_modal("Journalnotat").blocks)
    henrik.closes()
    henrik.presses("Ret", in_="modal")
    henrik.waits_for_modal("Ret referat")
    henrik.sees("Alt andet skal i udvalget igen", in_="modal")
    henrik.chooses("Den unges medvirken", "Ønskede ikke")
    henrik.submits()
    henrik.sees("Version 2, rettet den 19-11-2026", in_="modal")
    henrik.presses("Vis version 1", in_="modal")
    henrik.sees("Version 1 er erstattet af version 2.", in_="modal")
    maja = town.person("Maja Holm")
    maja.sees("er rettet. Det er nu version 2.", within=25)
    maja.presses("Åbn referat", near="er nu version 2")
    maja.sees("Version 2, rettet den 19-11-2026", in_="modal")
    assert maja.sees_no("Vis version 2", in_="modal")
    assert not (lone.trouble or henrik.trouble or maja.trouble)
