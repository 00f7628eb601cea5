"""The shorter walk, in English: the language is changed in the page itself, and all of it follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browser import AtThePage

pytestmark = pytest.mark.browser
FOUR_IN_ENGLISH = 4
DANISH_AROUND_THE_APP = """async () => {
    const { PAIRS } = await import("/page/words.js");
    const named = [...document.querySelectorAll("*")].flatMap(
        (node) => ["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name)));
    const lines = new Set([...document.body.innerText.split("\\n"), ...named]);
    return Object.values(PAIRS).filter(([da, en]) => da && da !== en && lines.has(da)).map(([da]) => da);
}"""


def test_maja_changes_language_and_registers_and_asks(at_the_page: Callable[..., AtThePage]) -> None:
    maja = at_the_page("Maja Holm").opens_home()
    maja.page.get_by_test_id("page-language").click()
    maja.sees("Messages").presses("Indstillinger").sees_title("Indstillinger").ticks("English").submits()
    maja.sees("Good morning, Maja").presses("New case").sees_title("New case")
    maja.fills("Number in the case system", "S2026-114712").ticks("18–29 years")
    maja.submits().sees_title("Ask for referral")
    criteria = maja.modal.locator("[data-block-id=criteria] label")
    assert criteria.count() == FOUR_IN_ENGLISH
    assert maja.page.evaluate(DANISH_AROUND_THE_APP) == []
    maja.ticks(*criteria.all_inner_texts()).submits().sees("is sent to your leader")
    assert "mangler" not in maja.reads()
    maja.closes().sees("My cases (1)").sees("Waiting for leader")
