"""The administrator sets the house up in Slack, without a shell; the first-run guide leads there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.town import RunningTown


def only_the_first_administrator(_house: Any) -> None:
    """Nothing: the settings name the first administrator."""


def test_from_nothing_to_a_committee_with_a_channel(database_address: str) -> None:
    with RunningTown(database_address, settle=only_the_first_administrator) as town:
        bo = town.person("Bo Winther")
        bo.home()
        bo.sees("Udvalget mangler", in_="home")
        bo.presses("Opret udvalget", in_="home")
        assert bo.modal and bo.modal.title == "Udvalg"
        bo.fills("Navn", "Koordinations- og visitationsudvalget")
        bo.fills("Lokale", "Mødelokale 2")
        channel = bo.submits()
        assert channel and channel.title == "Kanal"
        bo.chooses("Hvor skal dagsordenen stå?", "udvalg-uge")
        bo.submits()
        bo.sees("uden for udvalget, så opslaget bliver uden kaldenavne", in_="modal")
        bo.closes()
        bo.home()
        bo.sees("Medlemmerne er ikke på plads", in_="home")

        bo.presses("Medlemmer", in_="home")
        bo.sees("Der skal være 5–7 faste medlemmer", in_="modal")
        bo.presses("Tilføj medlem", in_="modal")
        bo.chooses("Person", "Tine Lauridsen")
        bo.chooses("Plads", "Medlem fra Trivsel og Læring")
        bo.chooses("Område", "Trivsel og Læring")
        bo.submits()
        bo.sees("Tine Lauridsen", in_="modal")
        bo.closes()

        bo.presses("Roller", in_="home")
        bo.chooses("Personer", "Maja Holm", "Peter Krogh")
        bo.chooses("Roller i et område", "Sagsbehandler")
        bo.submits()
        assert list(bo.complaints) == ["area"]
        bo.chooses("Område", "Socialområdet")
        bo.submits()
        bo.sees("Rollerne er givet til 2 personer", in_="modal")
        town.person("Maja Holm").sees("Hej Maja. Du kan nu bruge Én Indgang som Sagsbehandler")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("settled") / "town.db"
    with RunningTown(f"sqlite:///{path}") as running:
        yield running


def test_somebody_without_a_role_asks_for_access_and_is_let_in(town: RunningTown) -> None:
    kim, bo = town.person("Kim Nyholm"), town.person("Bo Winther")
    kim.home()
    kim.sees("Én Indgang er for medarbejdere med en rolle", in_="home")
    kim.presses("Bed om adgang", in_="home")
    kim.sees("Administratoren har fået besked", in_="modal")
    kim.closes()
    waiting = kim.sees("Der er bedt om adgang.", in_="home")
    assert waiting.buttons == []
    bo.home()
    bo.sees("Personer uden rolle: 1", in_="home")
    bo.sees("Kim Nyholm beder om adgang til Én Indgang.")
    bo.presses("Tildel rolle")
    bo.submits()
    assert bo.complaints == {"roles": "Rollen mangler. Vælg mindst én, i et område eller for hele indsatsen."}
    bo.chooses("Roller i et område", "Sagsbehandler")
    bo.chooses("Område", "Socialområdet")
    bo.submits()
    bo.closes()
    kim.sees("Hej Kim. Du kan nu bruge Én Indgang")
    kim.home()
    kim.sees("Velkommen, Kim.", in_="home")


def test_a_guest_is_given_no_role_and_a_channel_without_the_bot_is_not_chosen(town: RunningTown) -> None:
    bo = town.person("Bo Winther")
    bo.home()
    bo.sees("Roller", in_="home")
    bo.presses("Roller", in_="home")
    bo.chooses("Personer", "Gitte Gæst")
    bo.chooses("Roller for hele indsatsen", "Sekretær")
    bo.submits()
    assert list(bo.complaints) == ["people"]
    bo.closes()


def test_english_is_chosen_and_home_speaks_it_at_once(town: RunningTown) -> None:
    grethe = town.person("Grethe Munk")
    grethe.home()
    grethe.types("/indgang indstillinger")
    grethe.chooses("Sprog", "English")
    grethe.submits()
    grethe.sees("Settings", in_="home")
    form = grethe.types("/indgang settings")
    assert form and form.title == "Settings"
    grethe.closes()


def test_being_away_is_told_to_who_takes_over(town: RunningTown) -> None:
    sofie = town.person("Sofie Bech")
    sofie.says("jeg er syg")
    sofie.sees("Skal dine påmindelser vente?")
    sofie.presses("Jeg er væk")
    sofie.fills("Sidste dag", "2026-11-20")
    sofie.chooses("Hvem tager over?", "Peter Krogh")
    sofie.submits()
    sofie.sees("Du er væk mandag 16. november (uge 47) til fredag 20. november (uge 47)", in_="modal")
    town.person("Peter Krogh").sees("Sofie Bech er væk")


def test_help_and_the_nearest_right_command(town: RunningTown) -> None:
    maja = town.person("Maja Holm")
    page = maja.types("/indgang")
    assert page and "Kun udvalget skifter dig ud" in page.text
    maja.closes()
    maja.types("/sag nu")
    maja.sees("Mente du `/sag ny`?")
    form = maja.presses("Ja, gør det")
    assert form and form.title == "Ny sag"
    maja.closes()
    form = maja.types("/indgang sag ny")
    assert form and form.title == "Ny sag"
    maja.closes()


def test_plain_words_are_answered(town: RunningTown) -> None:
    ali = town.person("Ali Demir")
    ali.says("hej")
    ali.sees("Hej Ali. Skriv fx")
    ali.says("310190-1234 mangler bolig")
    ali.sees("Det ligner personoplysninger. Jeg har ikke gemt det")
    kim = town.person("Gitte Gæst")
    assert not [m for m in kim.messages() if "Hej" in m.text]
