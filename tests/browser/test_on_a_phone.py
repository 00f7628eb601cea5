"""Criteria 6 and 12: ten daily tasks at 400 px without a slash command, none of them scrolling sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.demo import town as demo
from tests.browser.test_accessible import OVER_THE_EDGE, SIDEWAYS
from tests.browser.test_first_steps import registers_and_asks
from tests.browser.test_the_week import STEPS
from tests.support.browser import AtThePage, keep_figure

pytestmark = pytest.mark.browser


def test_ten_daily_tasks_on_a_phone(in_the_past_town: Callable[..., AtThePage]) -> None:
    def phone(name: str) -> AtThePage:
        return in_the_past_town(name, width=400, height=800).opens_home()

    maja = phone("Maja Holm").sees("Mine sager")
    registers_and_asks(maja, "S2026-114799")  # 1 register and ask
    _fits(maja).closes()
    maja.presses("Gør klar", near="»Gråand« følges op").sees_title("Opfølgning")
    maja.ticks("På vej", "Uændret", "Ja, samtale").submits().sees("er klar til")  # 2 follow-up made ready
    _fits(maja).closes()
    maja.presses("Registrér forbrug").sees_title("Registrér forbrug").submits().sees("Beløb i kr.")
    maja.fills("Beløb i kr.", "120").submits().sees("120,00 kr.")  # 3 frame use
    _fits(maja).closes()
    maja.begins_counting()
    maja.presses("Åbn", near="26-0009").sees("Forløb").presses("Vis sagsnummer").sees("S2026-114719")
    maja.within("6 from alias to number in the case system", interactions=2, seconds=6)  # 4
    _fits(maja).closes().closes()
    maja.presses("Find sag").sees_title("Find sag")
    maja.page.get_by_test_id("modal").get_by_role("textbox").fill("4719")
    maja.submits().sees("»Isfugl«")  # 5 find by the last digits
    _fits(maja).closes()
    maja.opens_messages().begins_counting()
    maja.writes("4719").sees("»Isfugl«")
    maja.within("6 from number to alias, by direct message", interactions=2, seconds=6)
    jens = phone("Jens Toft").sees("»Knopsvane«").presses("Henvis", near="»Knopsvane«").sees_title("Henvis")
    jens.ticks("Jeg har vurderet, at sagen hører til i udvalget").submits().sees("er henvist")  # 6 refer
    _fits(jens)
    lise = (
        phone("Lise Vang").sees("»Rødhals«").presses("Åbn", near="»Rødhals« afgørelse").sees_title("Opgave")
    )
    lise.ticks(*STEPS).submits().sees("er meddelt")  # 7 tick a task
    _fits(lise)
    peter = phone("Peter Krogh").sees("»Sekstant« mangler oplysninger")
    peter.page.locator("button[data-action-id='referral.answer']").last.click()
    peter.sees("Sekstant")  # 8 answer what was missing
    _fits(peter)
    sofie = phone("Sofie Bech").sees("din forberedelse")
    sofie.presses("Bekræft kompetence").sees("Din kompetence er bekræftet")  # 9 mandate for all items
    lone = phone("Lone Ager").sees("Vis opslaget").presses("Vis opslaget").sees_title("Vis opslaget")  # 10
    _fits(lone).closes()
    maja.page.get_by_test_id("clock-toggle").click()
    maja.spools("Til næste dagsorden").opens_channel(demo.OPEN_CHANNEL).sees("Udvalgsmøde torsdag")
    maja.presses("Vis min dagsorden").sees_title("Min dagsorden")  # and one's own agenda
    _fits(maja)
    keep_figure("12 daily tasks at 400 px without a slash command: 11 of 11, no sideways scrolling")


def _fits(at: AtThePage) -> AtThePage:
    assert at.page.evaluate(SIDEWAYS) <= 0
    assert at.page.evaluate(OVER_THE_EDGE) == []
    return at
