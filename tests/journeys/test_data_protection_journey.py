"""The data protection officer's day, and a colleague who needs a case that is not theirs (D12, T31, A12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.case import Stage
from storage.sealing import new_key
from tests.journeys.test_frame_journey import Inside
from tests.support.frames import active_case
from tests.support.town import RunningTown

KEY = "Sagens nøgle"
WHY = "Sagsbehandleren er syg, og borgeren står her nu"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RunningTown]:
    with RunningTown(f"sqlite:///{tmp_path}/town.db", key=new_key()) as running:
        yield running


def test_in_by_the_emergency_door_told_and_looked_through(town: RunningTown) -> None:
    case, _ = active_case(Inside(town))
    peter, ditte = town.person("Peter Krogh"), town.person("Ditte Lund")
    peter.types(f"/sag {case.key}")
    peter.sees("Sagen findes ikke")
    peter.types("/sag nødadgang")
    peter.submits(**{KEY: case.key, "Hvorfor er det nødvendigt nu?": "haster"})
    assert "Grunden er for kort" in str(peter.complaints)
    shown = peter.submits(**{"Hvorfor er det nødvendigt nu?": WHY})
    assert shown and case.alias in shown.text
    ditte.sees("Nødadgang: Peter Krogh har åbnet")
    ditte.home()
    ditte.sees("*Nødadgang:* 1 ikke gennemgået", in_="home")
    ditte.presses("Gennemgå", in_="home", near="Nødadgang")
    ditte.sees(f"»{WHY}«", in_="modal")
    ditte.presses("Gennemgået", in_="modal")
    ditte.sees("Alle nødadgange er gennemgået.", in_="modal")
    ditte.closes()
    ditte.presses("Find adgangslog", in_="home")
    ditte.submits(**{KEY: case.key})
    ditte.sees(f"nødadgang: »{WHY}«", in_="modal")


@pytest.mark.rule("T31")
def test_what_is_over_is_anonymised_by_a_tick(town: RunningTown) -> None:
    case, _ = active_case(Inside(town))
    ditte = town.person("Ditte Lund")
    with town.house.storage.open_work(at=town.house.clock.now()) as work:
        over = replace(
            work.cases.get(case.id).moved(Stage.CLOSED), closed_on=date(2020, 1, 15), closed_for="education"
        )
        work.cases.save(over)
        seqs = [e.seq for e in work.journal.of_case(case.id)]
        work.journal.mark_journaled(seqs, by=case.caseworker, at=town.house.clock.now())
    ditte.home()
    ditte.sees("*Slettefrister:* 1 sag klar til anonymisering", in_="home")
    ditte.presses("Gennemgå", in_="home")
    page = ditte.sees(case.key, in_="modal")
    assert case.alias not in page.text
    ditte.chooses("Klar til anonymisering", case.key)
    ditte.submits()
    ditte.sees("1 sag er anonymiseret.", in_="modal")
    ditte.closes()
    ditte.home()
    ditte.sees("*Slettefrister:* 0 sager klar", in_="home")
