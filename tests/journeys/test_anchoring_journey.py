"""Where a case belongs, as Maja and her leader live it: no joint plan, an assessment, an exemption asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.case import AgeBand
from tests.journeys.test_frame_journey import Inside
from tests.support.town import RunningTown


@pytest.fixture
def town(tmp_path) -> Iterator[RunningTown]:  # type: ignore[no-untyped-def]
    with RunningTown(f"sqlite:///{tmp_path}/town.db") as running:
        yield running


@pytest.mark.rule("R083", "R044", "R036", "R035")
def test_a_case_is_assessed_moved_and_ends_without_a_plan(town: RunningTown) -> None:
    inside = Inside(town)
    case = inside.registered("Maja Holm", band=AgeBand.ADULT)
    maja = town.person("Maja Holm")
    maja.types(f"/sag {case.alias.lower()}")
    maja.sees("Forankret i Socialområdet · Indsatsplan", in_="modal")
    maja.presses("Vurdér forankring", in_="modal")
    maja.sees("foreslår: *Arbejdsmarkedsafdelingen*", in_="modal")
    maja.chooses("facts", "Har det aktuelt meget vanskeligt", in_="modal")
    maja.sees("foreslår: *Socialområdet* – sagen bliver", in_="modal")
    maja.chooses("Din vurdering: sagen hører til i", "Ungeindsatsen og UU", in_="modal")
    assert "Regelsættet foreslår Socialområdet" in maja.submits().complaints["reason"]
    maja.chooses("reason", "Borgerens eget ønske", in_="modal")
    maja.submits()
    maja.sees(
        "er forankret i Ungeindsatsen og UU. Betaler og sagsbehandler er de samme som før.", in_="modal"
    )
    maja.closes()
    town.person("Lise Vang").sees("er nu forankret i Ungeindsatsen og UU")

    maja.types(f"/sag {case.alias.lower()}")
    maja.sees("Forankring vurderet: Ungeindsatsen og UU", in_="modal")
    maja.presses("Ingen samlet plan", in_="modal")
    maja.sees("Et nej slutter planen, ikke hjælpen", in_="modal")
    maja.submits()
    maja.sees("får ingen samlet plan. Ungeindsatsen og UU har stadig ansvaret", in_="modal")


@pytest.mark.rule("R035")
def test_the_leader_is_told_on_the_field_that_the_obviously_excluded_are_not_referred(
    town: RunningTown,
) -> None:
    Inside(town).requested("Maja Holm")
    jens = town.person("Jens Toft")
    jens.sees("venter på dig")
    jens.presses("Henvis")
    judged = (
        "Jeg har vurderet, at sagen hører til i udvalget",
        "Det er åbenlyst, at borgeren er uden udsigt til uddannelse eller job",
    )
    jens.chooses("judged", *judged, in_="modal")
    assert "uden for målgruppen" in jens.submits().complaints["exemption"]
    jens.chooses("exemption", "Der er et mål tæt på", in_="modal")
    jens.submits()
    jens.sees("er henvist", in_="modal")
