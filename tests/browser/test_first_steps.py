"""Criteria 2 and 3: registering and asking in one go; a leader's answer from a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.browser import AtThePage
from tests.support.frames import active_case
from tests.support.town import RunningTown

pytestmark = pytest.mark.browser
FOUR = (
    "Komplekse og sammensatte problemer",
    "Behov for én fælles plan",
    "Uddannelse eller job er et mål, men meget svært lige nu",
    "Det er ikke åbenlyst udelukket",
)


def registers_and_asks(maja: AtThePage, number: str = "S2026-114711") -> None:
    maja.presses("Ny sag").sees_title("Ny sag")
    maja.fills("Sagsnummer i fagsystemet", number).ticks("18–29 år")
    maja.submits().sees_title("Bed om henvisning")
    maja.ticks(*FOUR).submits().sees_title("Sendt")


def test_a_case_is_registered_and_sent_within_ten_interactions_and_a_minute(
    at_the_page: Callable[..., AtThePage], town: RunningTown
) -> None:
    maja = at_the_page("Maja Holm").opens_home()
    maja.begins_counting()
    registers_and_asks(maja)
    maja.within("2 register and ask", interactions=10, seconds=60)
    maja.takes_picture("sendt")


@pytest.mark.rule("D37")
def test_a_form_half_filled_is_there_again_after_esc(
    at_the_page: Callable[..., AtThePage], town: RunningTown
) -> None:
    """Criterion 9: both forms of the first step, with what was typed and what was chosen."""
    maja = at_the_page("Maja Holm").opens_home()
    maja.presses("Ny sag").sees_title("Ny sag")
    maja.ticks("18–29 år").fills("Sagsnummer i fagsystemet", "S2026-114711").pauses()
    maja.escapes().presses("Ny sag").sees("Din kladde fra kl.")
    assert maja.stands_in("Sagsnummer i fagsystemet") == "S2026-114711"
    maja.submits().sees_title("Bed om henvisning")
    maja.ticks(*FOUR[:2], "Ja, før næste møde").sees("Hvorfor haster det?")
    maja.escapes().presses("Send").sees("Din kladde fra kl.").sees("Hvorfor haster det?")
    assert [maja.is_ticked(one) for one in FOUR] == [True, True, False, False]
    maja.presses("Begynd forfra").sees_no("Hvorfor haster det?")
    assert [maja.is_ticked(one) for one in FOUR] == [False] * 4


def test_a_leader_refers_from_a_phone_within_four_interactions(
    at_the_page: Callable[..., AtThePage], town: RunningTown
) -> None:
    registers_and_asks(at_the_page("Maja Holm").opens_home())
    jens = at_the_page("Jens Toft", width=400, height=800).opens_messages().sees("venter på dig")
    jens.begins_counting()
    jens.presses("Henvis").sees_title("Henvis")
    jens.ticks("Jeg har vurderet, at sagen hører til i udvalget").submits().sees("er henvist")
    jens.within("3 leader refers, 400 px", interactions=4, seconds=15)


def test_the_thread_from_registering_to_a_frame_used_on_postgresql(
    at_the_page_on_postgres: Callable[..., AtThePage], postgres_town: RunningTown
) -> None:
    maja, jens = at_the_page_on_postgres("Maja Holm"), at_the_page_on_postgres("Jens Toft")
    registers_and_asks(maja.opens_home())
    maja.closes()
    jens.opens_messages().sees("venter på dig").presses("Henvis").sees_title("Henvis")
    jens.ticks("Jeg har vurderet, at sagen hører til i udvalget").submits().sees("er henvist").presses(
        "Fortryd"
    )
    jens.sees("venter igen på dit svar").closes()
    case, _ = active_case(Inside(postgres_town), kroner=2_000)
    maja.opens_messages().writes(f"/ramme {case.key} 0 bus").sees("Beløbet skal være over 0")
    maja.writes(f"/ramme {case.key} 450 bus").sees(f"450,00 kr. til befordring på »{case.alias}«. 1.550,00")
