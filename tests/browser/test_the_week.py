"""The committee's week as people live it, in the page, in Danish, in the town with its autumn behind it.

Counts criteria 1, 3, 4 and 5 of docs/criteria.md on the way, and takes the guides' pictures.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.demo import town as demo
from tests.support.browser import AtThePage, keep_figure
from tests.support.town import RunningTown

pytestmark = pytest.mark.browser
Open = Callable[..., AtThePage]
AREAS = ("Socialområdet", "Ungeindsatsen og UU", "Trivsel og Læring")
MOST_INPUTS = 6
STEPS = ("Partshøring", "Begrundelse", "Klagevejledning", "Afgørelsen er meddelt")


def test_the_week(in_the_past_town: Open, town_with_past: RunningTown) -> None:
    maja, lone = in_the_past_town("Maja Holm"), in_the_past_town("Lone Ager")
    nanna = in_the_past_town("Nanna Ilsø")
    maja.opens_home().sees("»Gråand« følges op torsdag 19. november").takes_picture("home")
    the_leader_refers_from_a_phone(in_the_past_town("Jens Toft", width=400, height=800))
    a_case_is_prepared_over_four_groups(nanna)
    the_leader_attests(in_the_past_town("Jens Toft"))
    a_follow_up_is_made_ready(maja)
    the_secretary_looks_cancels_moves_and_undoes(lone)
    everybody_gets_their_own_agenda(lone, maja, in_the_past_town("Peter Krogh"))
    the_meeting_is_held(lone)
    the_chair_approves_and_areas_tick(
        in_the_past_town("Henrik Dahl"), in_the_past_town("Lise Vang", width=400, height=800)
    )
    maja.opens_messages().sees("»Bogfinke«").sees("Jeg tager sagen")
    forms = inputs_in_forms(town_with_past.stage.journal)
    keep_figure(f"7 inputs in a form, of {len(forms)} forms in the week: at most {max(forms.values())}")
    assert {title: count for title, count in forms.items() if count > MOST_INPUTS} == {}


def inputs_in_forms(journal: Path) -> dict[str, int]:
    """Every form the bot showed, by title, with the most inputs it had at once; as Slack's side wrote it down."""
    most: dict[str, int] = {}

    def look(part: Any) -> None:
        if isinstance(part, str) and part[:1] in "{[":
            with contextlib.suppress(ValueError):
                part = json.loads(part)
        if isinstance(part, dict):
            if part.get("type") == "modal":
                inputs = sum(b.get("type") == "input" for b in part["blocks"])
                title = part["title"]["text"]
                most[title] = max(inputs, most.get(title, 0))
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    for line in journal.read_text(encoding="utf-8").splitlines():
        look(json.loads(line))
    return most


def the_leader_refers_from_a_phone(jens: AtThePage) -> None:
    jens.opens_messages().sees("»Knopsvane« 26-0032 venter på dig").takes_picture("leder")
    jens.begins_counting()
    jens.presses("Henvis", near="»Knopsvane« 26-0032").sees_title("Henvis")
    jens.ticks("Jeg har vurderet, at sagen hører til i udvalget").submits().sees("»Knopsvane« er henvist")
    jens.within("3 leader refers, 400 px, town with past", interactions=4, seconds=15)
    jens.closes()


def a_case_is_prepared_over_four_groups(nanna: AtThePage) -> None:
    """From the case itself: the deepest way in, where a fourth form would find no room."""
    nanna.opens_home().sees("26-0030").presses("Åbn", near="26-0030").sees("Forløb")
    nanna.presses("Gør klar").sees("3 af 12 er på plads")
    nanna.presses("Åbn", near="Områder og dokumenter").sees_title("Områder og dokumenter")
    for area in AREAS:
        nanna.fills(f"Status fra {area}", "2026-11-12")
    nanna.ticks("Andre parter er kendt", "Dokumenter ligger i fagsystemet, alle lukkede").submits()
    nanna.sees("Områder og dokumenter · 3 af 3").presses("Åbn", near="Planen").sees_title("Planen")
    nanna.ticks("Uddannelse", "Lovpligtige planer er nævnt").presses("Tilføj indsats").sees_title("Indsats")
    nanna.selects("Indsats", "Mentorstøtte").selects("Ansvarligt område", "Ungeindsatsen og UU").submits()
    nanna.sees_title("Planen").sees("Mentorstøtte · Ungeindsatsen og UU").submits().sees("Planen · 4 af 4")
    nanna.takes_picture("goer-klar")
    nanna.presses("Åbn", near="Aftalen").sees_title("Aftalen")
    nanna.selects("Foreslået fast sagsbehandler", "Nanna Ilsø").fills("Ramme i kr.", "40.000")
    nanna.ticks("Mentorstøtte").selects("Betalende område", "Socialområdet")
    nanna.selects("Opfølgning på mødet", "torsdag 18. februar 2027 (uge 7)").submits()
    nanna.sees("12 af 12 er på plads").closes()


def the_leader_attests(jens: AtThePage) -> None:
    jens.opens_messages().sees("Trillebør").presses("Markér velbelyst", near="Trillebør").sees("velbelyst")


def a_follow_up_is_made_ready(maja: AtThePage) -> None:
    maja.opens_home().sees("»Gråand« følges op")
    maja.begins_counting()
    maja.presses("Gør klar", near="»Gråand« følges op").sees_title("Opfølgning")
    maja.ticks("På vej", "Uændret", "Ja, samtale").submits().sees("»Gråand« er klar til torsdag 19. november")
    maja.within("5 follow-up made ready", interactions=7, seconds=60)
    maja.closes()


def the_secretary_looks_cancels_moves_and_undoes(lone: AtThePage) -> None:
    lone.opens_home().sees("foreløbig").presses("Vis opslaget").sees_title("Vis opslaget")
    lone.sees("personer uden for udvalget, så opslaget bliver uden kaldenavne").sees("5 sager")
    assert "»" not in lone.reads()
    lone.closes().presses("Aflys").sees_title("Aflys møde")
    lone.ticks("Sygdom").submits().sees("er aflyst").presses("Fortryd").sees("holdes alligevel").closes()
    lone.settles().sees("»Bogfinke« ny sag").presses("Flyt").sees_title("Flyt møde").fills(
        "Dag", "2026-11-20"
    ).submits()
    lone.sees("fredag 20. november").presses("Fortryd").sees("torsdag 19. november kl. 9.00 som før").closes()


def everybody_gets_their_own_agenda(lone: AtThePage, maja: AtThePage, peter: AtThePage) -> None:
    lone.spools("Til næste dagsorden")
    lone.opens_channel(demo.OPEN_CHANNEL).sees("Udvalgsmøde torsdag 19. november kl. 9.00").sees("5 sager")
    assert "»" not in lone.reads()
    lone.takes_picture("dagsorden")
    maja.opens_channel(demo.OPEN_CHANNEL).presses("Vis min dagsorden").sees_title("Min dagsorden")
    assert (maja.reads().count("Du fremlægger"), "»Bogfinke«" in maja.reads()) == (2, True)
    maja.closes()
    peter.opens_channel(demo.OPEN_CHANNEL).presses("Vis min dagsorden").sees_title("Min dagsorden")
    peter.sees("Du har ingen punkter på dette møde.")


def the_meeting_is_held(lone: AtThePage) -> None:
    lone.goes_to("2026-11-19T09:00")
    lone.opens_home().sees("lukket for ændringer").presses("Start mødet").sees_title("Start mødet")
    lone.submits().sees_title("Punkt 3 af 9").takes_picture("moede")
    for number in range(3, 8):
        lone.sees_title(f"Punkt {number} af 9").begins_counting()
        _decide(lone)
    lone.sees_title("Slut").sees("Alle punkter har en beslutning").submits()
    lone.sees("Beslutningerne gælder, når det er godkendt").closes()


def _decide(lone: AtThePage) -> None:
    """One changed, one postponed, what nobody prepared discussed, the rest as recommended."""
    read = lone.reads()
    if "»Bogfinke« 26" in read:
        lone.ticks("Med ændringer").sees("Hvad ændres?").ticks("Ramme og formål").sees("Ramme i kr.")
        lone.fills("Ramme i kr.", "30.000").submits()
        expect(lone.modal.get_by_role("heading", name="Punkt 3 af 9")).to_have_count(0)
        lone.within("4 a changed frame", interactions=8, seconds=40)
    elif "»Blåmejse« 26" in read:
        lone.ticks("Udsat").sees("Begrundelse").selects("Begrundelse", "Tid").pauses().submits()
    elif "Punktet er ikke til beslutning" in read:
        lone.ticks("Drøftet").submits()
    else:
        title = lone.modal.get_by_role("heading", level=2).inner_text()
        lone.ticks("Som indstillet").submits()
        expect(lone.modal.get_by_role("heading", name=title)).to_have_count(0)
        lone.within("4 as recommended", interactions=2, seconds=8)


def the_chair_approves_and_areas_tick(henrik: AtThePage, lise: AtThePage) -> None:
    henrik.opens_messages().sees("Referat af mødet torsdag 19. november")
    henrik.presses("Godkend referat").sees("Rammer er åbnet, opfølgninger er aftalt")
    lise.opens_home().sees("»Bogfinke« afgørelse om mentorstøtte")
    lise.presses("Åbn", near="»Bogfinke« afgørelse").sees_title("Opgave")
    lise.ticks(*STEPS).submits().sees("er meddelt")


def test_a_frame_is_used_three_ways(in_the_past_town: Open) -> None:
    """Criterion 1, on a phone; and what overspending offers."""
    maja = in_the_past_town("Maja Holm", width=400, height=800).opens_home().sees("7.200,00 kr. tilbage")
    maja.begins_counting()
    maja.presses("Registrér forbrug").sees_title("Registrér forbrug").submits().sees("Beløb i kr.")
    maja.fills("Beløb i kr.", "450").submits().sees("450,00 kr. til befordring på »Isfugl«")
    maja.within("1 frame use by form, 400 px", interactions=5, seconds=15)
    maja.sees("6.750,00 kr. tilbage").takes_picture("forbrug")
    maja.presses("Fortryd").sees("Ført tilbage: 450,00 kr.").closes()

    maja.opens_messages().begins_counting()
    maja.writes("/ramme isf 450 bus").sees("450,00 kr. til befordring på »Isfugl«. 6.750,00")
    maja.within("1 frame use by one line, 400 px", interactions=3, seconds=12)
    maja.writes("/ramme isf 9.000 bus").sees("Du mangler 2.250,00 kr.")
    for way in ("Brug 6.750 kr. nu", "Bed om ny ramme", "Hvad kan jeg ellers?"):
        maja.sees(way)

    maja.opens_home().sees("34.000,00 kr. tilbage").begins_counting()
    maja.presses("Åbn", near="26-0002").sees("Forløb").presses("Gentag").sees("6.000,00 kr. til befordring")
    maja.within("1 frame use repeated, 400 px", interactions=2, seconds=12)
