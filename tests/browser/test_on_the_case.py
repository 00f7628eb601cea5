"""What hangs on a case, in the page: a mark of one's own, a colleague taken along, its whole course, the citizen's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.outside import plan_file
from bot.domain.calendar import local_date
from bot.texts import texts
from tests.support.browser import AtThePage
from tests.support.town import RunningTown

pytestmark = pytest.mark.browser
Open = Callable[..., AtThePage]


@pytest.mark.rule("D29", "R007", "R046", "D40")
def test_a_mark_a_colleague_the_whole_course_and_the_citizens_page(
    in_the_past_town: Open, town_with_past: RunningTown, tmp_path: Path
) -> None:
    maja = in_the_past_town("Maja Holm").opens_home().sees("»Isfugl« 26-0009")
    marked(maja)
    the_whole_course_is_told_from_the_newest(maja)
    a_colleague_is_taken_along(maja, in_the_past_town("Peter Krogh"))
    the_citizens_page_prints_as_one(maja, town_with_past, tmp_path / "plan.html")


def marked(maja: AtThePage) -> None:
    """One's own sign, told by the list itself; Esc leaves what stood."""
    maja.presses("Åbn", near="»Isfugl«").sees("Forløb").presses("Mit mærke").sees_title("Mit mærke")
    maja.sees("»Isfugl« 26-0009").selects("Mit mærke", "⭐ stjerne").submits()
    maja.sees("⭐ stjerne · »Isfugl« 26-0009").presses("Mit mærke").sees_title("Mit mærke")
    assert maja.modal.locator("select").input_value() == "star"
    maja.page.keyboard.press("Escape")
    maja.sees("⭐ stjerne · »Isfugl« 26-0009").closes().sees("⭐ stjerne · »Isfugl« 26-0009")


def the_whole_course_is_told_from_the_newest(maja: AtThePage) -> None:
    maja.presses("Åbn", near="»Isfugl«").sees("Hele forløbet").presses("Hele forløbet")
    told = maja.sees("Oprettet · Maja Holm").reads()
    order = [told.index(words) for words in ("2026", "Forbrug registreret", "Besluttet: Ny sag", "Oprettet")]
    assert order == sorted(order)
    maja.closes().sees("Hele forløbet").closes()


def a_colleague_is_taken_along(maja: AtThePage, peter: AtThePage) -> None:
    """Only caseworkers are offered; whoever is taken along finds the item in their Home."""
    maja.presses("Åbn", near="»Gråand«").sees("Forløb").presses("Tag en kollega med").sees_title("Kolleger")
    offered = maja.modal.locator("[data-block-id=people] label").all_inner_texts()
    assert "Peter Krogh" in offered and not {"Maja Holm", "Jens Toft", "Kim Nyholm"} & set(offered)
    maja.ticks("Peter Krogh").submits().sees("Peter Krogh er med på punktet").closes()
    peter.opens_home().sees("MED PÅ PUNKTET (1)").sees("»Gråand« med Maja Holm · møde torsdag 19. november")
    peter.presses("Åbn", near="»Gråand« med").sees("Forløb")
    assert "Jeg er i tvivl" not in peter.reads()  # they see the case, and steer it not


def the_citizens_page_prints_as_one(maja: AtThePage, town: RunningTown, file: Path) -> None:
    words = texts("da").on(local_date(town.house.clock.now()))
    file.write_bytes(plan_file(town.house, "26-0009", "U0MAJA0001", ".html", words))
    page = maja.page
    page.goto(file.as_uri())
    assert "Vi ser på din plan igen torsdag 21. januar 2027" in page.inner_text("body").replace("\xa0", " ")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
