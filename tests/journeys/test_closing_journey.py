"""From active to closed, looked at again after three months, and reopened with the same caseworker: nobody mocked (T28, T30)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.frames import active_case
from tests.support.stage import Actor, waits_until
from tests.support.town import RunningTown

MEETING_MORNING = "2026-11-19T09:00:00+01:00"
THREE_MONTHS_LATER = "2027-02-19T08:00:00+01:00"


@pytest.fixture
def engine() -> str:
    """On SQLite; the use cases behind it run on both databases."""
    return "sqlite"


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address) as running:
        yield running


def held_and_approved(lone: Actor, henrik: Actor) -> None:
    lone.home()
    lone.sees("Start mødet", in_="home")
    lone.presses("Start mødet", in_="home")
    lone.waits_for_modal("Start mødet")
    lone.submits()
    lone.waits_for_modal("Punkt 3 af 5")
    lone.chooses("Beslutning", "Som indstillet")
    lone.submits()
    lone.waits_for_modal("Slut")
    lone.submits()
    henrik.sees("Referat af mødet torsdag 19. november", within=25)
    henrik.presses("Godkend referat", near="Referat af mødet")


def a_death_is_told_and_taken_back(maja: Actor, alias: str) -> None:
    """Two choices, gentle words, and the bot goes quiet; the wrong case is taken back by one press."""
    maja.home()
    maja.sees(f"»{alias}« følges op", in_="home")
    maja.types(f"/sag {alias}")
    maja.presses("Bed om afslutning", in_="modal")
    maja.chooses("Hvad er nået, eller hvad er sket?", "Borgeren er død")
    form = maja.sees("Det gør os ondt.", in_="modal")
    assert "egen holdning" not in form.text
    maja.submits()
    maja.sees(f"Alle påmindelser om »{alias}« er stoppet.", in_="modal")
    maja.home()
    waits_until(lambda: maja.sees_no(f"»{alias}« følges op", in_="home"))
    maja.presses("Fortryd", in_="modal")
    maja.sees("fortsætter som før", in_="modal")
    maja.closes()
    maja.closes()


@pytest.mark.rule("T28", "T30", "R071", "R104")
def test_closed_by_a_criterion_it_does_not_hold_and_comes_back_to_the_same_caseworker(
    town: RunningTown,
) -> None:
    office = Inside(town)
    case, _ = active_case(office)
    other, _ = active_case(office, follow_up=office.next_meetings(2)[1])
    maja, jens = town.person("Maja Holm"), town.person("Jens Toft")
    a_death_is_told_and_taken_back(maja, other.alias)
    maja.types(f"/sag {case.alias}")
    maja.presses("Trekantmøde", in_="modal")
    maja.submits()
    maja.sees("er planlagt mandag 16. november", in_="modal")
    maja.closes()
    maja.closes()

    maja.types(f"/sag {case.alias}")
    maja.sees("👥 Trekantmøde 16. nov.", in_="modal")
    maja.interactions = 0
    maja.presses("Bed om afslutning", in_="modal")
    maja.chooses("Hvad er nået, eller hvad er sket?", "Forankret i uddannelse")
    maja.chooses("Er den unges egen holdning med?", "Ja, samtale")
    maja.chooses("Hvad er på plads?", "Rammen er gjort op", "Notater er journaliseret")
    maja.submits()
    maja.sees(f"»{case.alias}« er klar til afslutning torsdag 19. november", in_="modal")
    assert maja.interactions <= 6
    maja.closes()
    maja.closes()
    jens.sees(f"beder udvalget afslutte »{case.alias}«", within=25)

    town.stage.jump(MEETING_MORNING)
    held_and_approved(town.person("Lone Ager"), town.person("Henrik Dahl"))
    maja.sees("er afsluttet. Rammen er gjort op.", within=25)

    town.stage.jump(THREE_MONTHS_LATER)
    maja.sees("blev afsluttet for 3 måneder siden. Holder det?", in_="dm", within=25)
    maja.home()
    maja.sees(f"»{case.alias}« blev afsluttet for 3 måneder siden. Holder det?", in_="home", within=25)
    maja.presses("Nej, genåbn", in_="home")
    maja.sees(f"Din leder er spurgt om at genåbne »{case.alias}«.", in_="modal")
    maja.presses("Fortryd", in_="modal")
    maja.sees(f"Dit svar om »{case.alias}« er trukket tilbage. Spørgsmålet står igen.", in_="modal")
    maja.closes()
    maja.home()
    maja.presses("Nej, genåbn", in_="home")
    maja.closes()
    jens.sees(f"»{case.alias}« {case.key} holder ikke, siger Maja Holm.", within=25)
    jens.presses("Genåbn", near="holder ikke")
    form = jens.waits_for_modal("Genåbn")
    assert "Maja Holm foreslås som fast sagsbehandler igen." in form
    jens.chooses("Hvorfor?", "Det holdt ikke")
    jens.chooses("Er sagen i målgruppen?", *form.options("Er sagen i målgruppen?"))
    jens.submits()
    jens.sees("er genåbnet", in_="modal")
    maja.sees("Vil du være fast sagsbehandler igen?", within=25)
    maja.presses("Ja, det vil jeg gerne", near="har genåbnet")
    maja.sees(f"✅ Du har sagt ja til »{case.alias}«", within=25)
    shown = maja.types(f"/sag {case.alias}")
    assert shown and "Genåbnet" in shown
    maja.sees("gælder ikke længere. En ny gælder, når udvalget har besluttet den.", in_="modal")
