"""The frame from the phone, as Maja lives it: form, one line, repeat, undo, the ways out; and a follow-up (A8, A6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.town import RunningTown


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address) as running:
        yield running


class Inside(OfficeTown):
    """Arranges in the running town's own house what an earlier meeting would have left there."""

    def __init__(self, town: RunningTown) -> None:
        self.house, self.office, self._askings = town.house, town.house.office, 0

    @property
    def clock(self):  # type: ignore[no-untyped-def,override]
        class Now:
            at = self.house.clock.now()

        return Now


def test_the_frame_by_form_by_line_and_again(town: RunningTown) -> None:
    case, _ = active_case(Inside(town), kroner=2_000)
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees("Registrér forbrug", in_="home")

    maja.interactions = 0
    maja.presses("Registrér forbrug", in_="home")
    maja.fills("amount", "25,000", in_="modal")
    assert "25.000,00 kr." in maja.submits().complaints["amount"]
    maja.interactions = 2  # the wrong amount was an excursion
    maja.fills("amount", "450", in_="modal")
    maja.submits()
    shown = maja.sees(f"✅ 450,00 kr. til befordring på »{case.alias}«. 1.550,00 kr. tilbage", in_="modal")
    assert "Vis journalnotat" in shown.buttons
    assert maja.interactions <= 5
    maja.presses("Fortryd", in_="modal")
    maja.sees("Ført tilbage: 450,00 kr.", in_="modal")
    maja.closes()

    maja.types(f"/ramme {case.alias[:4].lower()} 300 bus")
    maja.sees("✅ 300,00 kr. til befordring")
    maja.types(f"/ramme {case.key} 300 bus")
    maja.sees("Der er allerede 300,00 kr. til befordring i dag.")
    maja.presses("Registrér alligevel")
    maja.sees("1.400,00 kr. tilbage")

    maja.types(f"/ramme {case.alias[:4].lower()} 1.900 bus")
    maja.sees("Du mangler 500,00 kr.")
    maja.presses("Hvad kan jeg ellers?")
    maja.sees("Dit område kan selv bevilge uden for rammen")
    maja.presses("Brug 1.400 kr. nu")
    maja.sees("0,00 kr. tilbage (100 % brugt)")
    maja.presses("Bed om ny ramme")
    maja.fills("amount", "30.000", in_="modal")
    maja.submits()
    maja.sees("Udvalget er spurgt om en ny ramme", in_="modal")
    maja.closes()


def test_repeat_takes_two_interactions(town: RunningTown) -> None:
    case, _ = active_case(Inside(town))
    maja = town.person("Maja Holm")
    maja.types(f"/ramme {case.alias[:4].lower()} 300 bus 12/11")
    maja.sees("Dato: torsdag 12. november (uge 46)")
    maja.interactions = 0
    maja.types(f"/ramme {case.alias[:4].lower()}")
    maja.presses("Gentag", in_="modal")
    maja.sees("39.400,00 kr. tilbage", in_="modal")
    assert maja.interactions <= 2


def test_overspending_in_the_form_lands_on_the_amount_with_three_ways_out(town: RunningTown) -> None:
    active_case(Inside(town), kroner=300)
    maja = town.person("Maja Holm")
    maja.uses("frame_use")
    maja.fills("amount", "1.400", in_="modal")
    said = maja.submits().complaints["amount"]
    assert (
        said == "Der er 300,00 kr. tilbage. Der mangler 1.100,00 kr. Skriv højst 300, eller bed om ny ramme."
    )
    maja.sees("Du mangler 1.100,00 kr.", in_="modal")
    maja.presses("Brug 300 kr. nu", in_="modal")
    maja.sees("0,00 kr. tilbage", in_="modal")


def test_a_mentor_without_an_end_opens_the_form_with_the_rest_filled_in(town: RunningTown) -> None:
    case, _ = active_case(Inside(town))
    maja = town.person("Maja Holm")
    maja.types(f"/ramme {case.alias[:4].lower()} 8.400 mentor sat af")
    form = maja.sees("Til og med", in_="modal")
    assert "Det her mangler" in form.text
    maja.fills("period_until", "2027-01-31", in_="modal")
    maja.submits()
    maja.sees("✅ 8.400,00 kr. sat af til mentorstøtte", in_="modal")


def test_a_follow_up_is_made_ready_in_seven_interactions(town: RunningTown) -> None:
    office = Inside(town)
    case, _ = active_case(
        office, follow_up=office.next_meetings(2)[1], goals=("education", "employment", "income_basis")
    )
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees(f"»{case.alias}« følges op torsdag 26. november", in_="home")
    maja.interactions = 0
    maja.presses("Gør klar", in_="home")
    for goal in ("education", "employment", "income_basis"):
        maja.chooses(f"progress_{goal}", "På vej", in_="modal")
    maja.chooses("outcome", "Uændret", in_="modal")
    maja.chooses("own_view", "Ja, samtale", in_="modal")
    maja.submits()
    maja.sees(f"»{case.alias}« er klar til torsdag 26. november (uge 48)", in_="modal")
    assert maja.interactions <= 7
    maja.closes()
    maja.types("/opfolgning")
    maja.sees("✅ klar")
