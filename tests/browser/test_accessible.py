"""Criteria 12 and 13: for everyone, on a phone, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.demo import town as demo
from tests.support.browser import AtThePage, keep_figure
from tests.support.town import RunningTown

pytestmark = pytest.mark.browser
Open = Callable[..., AtThePage]
ROLES = ("Maja Holm", "Jens Toft", "Lone Ager", "Henrik Dahl", "Sofie Bech", "Bo Winther", "Kim Nyholm")
FIRST_BLOCKS = 8
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OVER_THE_EDGE = """() => [...document.querySelectorAll('.home-blocks *, .modal *')]
    .filter(n => n.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(n).position !== 'absolute')
    .map(n => n.className)"""


def findings(at: AtThePage) -> list[str]:
    found = Axe().run(at.page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", [400, 1280])
def test_axe_finds_nothing_serious(in_the_past_town: Open, town_with_past: RunningTown, width: int) -> None:
    maja = in_the_past_town("Maja Holm", width=width).opens_home().sees("Mine sager")
    assert findings(maja) == []
    maja.presses("Ny sag").sees_title("Ny sag")
    assert findings(maja) == []
    maja.closes()
    lone = in_the_past_town("Lone Ager", width=width).opens_home().sees("Vis opslaget")
    assert findings(lone) == []
    maja.opens_channel(demo.OPEN_CHANNEL)
    assert findings(maja) == []
    town_with_past.stage.jump("2026-11-17T07:40")
    maja.opens_messages().sees("I dag")
    assert findings(maja) == []
    keep_figure(f"13 axe at {width} px: 0 serious or critical in 5 places")


def test_every_role_finds_the_next_action_at_once_without_scrolling_sideways(in_the_past_town: Open) -> None:
    places = {}
    for name in ROLES:
        who = in_the_past_town(name, width=400, height=800).opens_home()
        who.page.locator(".home-blocks .block button").first.wait_for()
        assert who.page.evaluate(SIDEWAYS) <= 0, name
        assert who.page.evaluate(OVER_THE_EDGE) == [], name
        blocks = who.page.locator(".home-blocks > .block")
        withs = [
            n for n in range(blocks.count()) if blocks.nth(n).locator("button:not([aria-haspopup])").count()
        ]
        places[name] = withs[0] + 1
    keep_figure(f"12 the block of the first button at 400 px: {places}")
    assert {name: place for name, place in places.items() if place > FIRST_BLOCKS} == {}


def test_a_case_is_registered_by_keyboard_alone(at_the_page: Open) -> None:
    maja = at_the_page("Maja Holm").opens_home().sees("Ny sag")
    keys = maja.page.keyboard
    _tabs_to(maja, "Ny sag")
    keys.press("Enter")
    maja.sees_title("Ny sag")
    _tabs_to(maja, "Sagsnummer i fagsystemet")
    keys.type("S2026-114713")
    _tabs_to(maja, "15–17 år")
    keys.press("ArrowDown")
    assert maja.modal.get_by_label("18–29 år").is_checked()
    _tabs_to(maja, "Opret og gå videre")
    keys.press("Enter")
    maja.sees_title("Bed om henvisning")
    keep_figure("13 a case registered by keyboard alone: yes")


def _tabs_to(at: AtThePage, name: str) -> None:
    """Presses Tab until something of this name has the focus."""
    named = "() => { const n = document.activeElement; return (n.labels?.[0]?.innerText || n.innerText || '').trim() }"
    for _ in range(80):
        if at.page.evaluate(named).startswith(name):
            return
        at.page.keyboard.press("Tab")
        at.page.wait_for_timeout(10)
    raise AssertionError(f"Tab never reaches {name}")
