"""A person in front of the page, in a real Chromium: presses, writes, chooses; every interaction is counted.

An interaction is a click, a key chord, or a field that was filled (criterion D of the experience); seconds are reckoned
at 1.3 s a click and 0.25 s a letter, plus what the page really took.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

CLICK_SECONDS = 1.3
LETTER_SECONDS = 0.25
PATIENCE = 20_000
FIGURES = os.environ.get("INDGANG_FIGURES")  # a file for what was counted, a line each; None: not kept
PICTURES = os.environ.get("INDGANG_PICTURES")  # a folder for the guides' pictures; None: none are taken


class AtThePage:
    def __init__(self, page: Page, base: str, who: str) -> None:
        self.page, self._base, self._who = page, base, who
        page.set_default_timeout(PATIENCE)
        self.interactions, self._letters, self._waited = 0, 0, 0.0

    def opens_home(self) -> AtThePage:
        self.page.goto(f"{self._base}/?as={self._who}&home=1")
        expect(self.page.get_by_test_id("tab-home")).to_be_visible()
        return self

    def opens_messages(self) -> AtThePage:
        self.opens_home()
        self.page.get_by_test_id("tab-messages").click()
        return self

    def opens_channel(self, id: str) -> AtThePage:  # noqa: A002
        self.page.goto(f"{self._base}/?as={self._who}&channel={id}")
        return self

    def begins_counting(self) -> None:
        self.interactions, self._letters, self._waited = 0, 0, 0.0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """As a person would need: estimated hands, real waiting."""
        real = time.monotonic() - self._began
        return round(self.interactions * CLICK_SECONDS + self._letters * LETTER_SECONDS + real, 1)

    def within(self, what: str, *, interactions: int, seconds: float = 0) -> None:
        """Holds what was counted since `begins_counting` against its goal, and keeps the figure."""
        counted = (self.interactions, self.seconds)
        keep_figure(
            f"{what}: {counted[0]} interactions (<= {interactions}), {counted[1]} s (<= {seconds or '-'})"
        )
        assert counted[0] <= interactions, (what, counted)
        assert not seconds or counted[1] <= seconds, (what, counted)

    def goes_to(self, moment: str) -> AtThePage:
        """The time machine, to a date and time as its field has them (2026-11-19T09:00)."""
        self.page.get_by_test_id("clock-goto-field").fill(moment)
        self.page.get_by_test_id("clock-goto").click()
        return self

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal").last

    def _place(self) -> Any:
        return self.modal if self.page.get_by_test_id("modal").count() else self.page

    def presses(self, name: str, *, near: str | None = None) -> AtThePage:
        """The last button with just that text (the newest message's), in the open form if there is one.

        `near`: instead the first one in or below the last block that shows those words and has one there.
        """
        text = re.compile(rf"^\s*{re.escape(name)}\s*$")
        place = self._place()
        button = place.locator("button", has_text=text).last
        if near:
            blocks = place.locator(".block").filter(has_text=near)
            blocks.first.wait_for()
            for number in reversed(range(blocks.count())):
                here = blocks.nth(number).locator("xpath=self::*|following-sibling::*")
                button = here.locator("button", has_text=text).first
                if button.count():
                    break
        button.click()
        self.interactions += 1
        return self

    def settles(self) -> AtThePage:
        """Home is drawn anew up to half a second after something was done, and a button of the one before is gone."""
        before = ""
        while (now := self.page.locator("body").inner_html()) != before:
            before = now
            self.page.wait_for_timeout(700)
        return self

    def picks(self, entry: str, *, near: str) -> AtThePage:
        """An entry of the `…` menu of the last block that shows those words."""
        block = self._place().locator(".block").filter(has_text=near).last
        block.locator("button[aria-haspopup=menu]").last.click()
        block.get_by_role("menuitem", name=entry, exact=True).click()
        self.interactions += 2
        return self

    def spools(self, button: str) -> AtThePage:
        """The time machine."""
        clock = self.page.get_by_role("group", name="Tidsmaskine")
        clock.get_by_role("button", name=button, exact=True).click()
        return self

    def presses_action(self, action: str) -> AtThePage:
        self._place().locator(f"button[data-action-id='{action}']").last.click()
        self.interactions += 1
        return self

    def fills(self, label: str, text: str) -> AtThePage:
        self._place().get_by_label(label, exact=False).last.fill(text)
        self.interactions += 1
        self._letters += len(text)
        return self

    def ticks(self, *options: str) -> AtThePage:
        for option in options:
            self._place().get_by_label(option, exact=True).last.check()
            self.interactions += 1
        return self

    def selects(self, label: str, option: str) -> AtThePage:
        self._place().get_by_label(label, exact=False).last.select_option(label=option)
        self.interactions += 1
        return self

    def writes(self, text: str) -> AtThePage:
        """A command or a message in the composer."""
        composer = self.page.get_by_test_id("composer")
        composer.fill(text)
        composer.press("Enter")
        self.interactions += 2
        self._letters += len(text)
        return self

    def pauses(self) -> AtThePage:
        """As long as a person would, between a choice that changes the form and the next press."""
        self.page.wait_for_timeout(500)
        return self

    def submits(self) -> AtThePage:
        self.page.get_by_test_id("modal-submit").last.click()
        self.interactions += 1
        return self

    def closes(self) -> AtThePage:
        """The form on top; the one beneath, if any, is shown then."""
        open_now = self.modal.get_attribute("data-view-id")
        self.page.get_by_test_id("modal-close").last.click()
        expect(self.page.locator(f"[data-view-id='{open_now}']")).to_have_count(0)
        self.interactions += 1
        return self

    def escapes(self) -> AtThePage:
        """Esc, until no form stands."""
        while open_now := self.page.get_by_test_id("modal").count():
            self.page.keyboard.press("Escape")
            expect(self.page.get_by_test_id("modal")).to_have_count(open_now - 1)
            self.interactions += 1
        return self

    def stands_in(self, label: str) -> str:
        return self._place().get_by_label(label, exact=False).last.input_value()

    def is_ticked(self, option: str) -> bool:
        return self._place().get_by_label(option, exact=True).last.is_checked()

    def sees_no(self, words: str) -> AtThePage:
        """Waits until the words are gone from what is on top."""
        until = time.monotonic() + PATIENCE / 1000
        while words in self.reads():
            assert time.monotonic() < until, f"{words!r} is still in:\n{self.reads()}"
            self.page.wait_for_timeout(40)
        return self

    def sees(self, words: str) -> AtThePage:
        """Waits for the words in what is on top: the open form, else the page."""
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until:
            if words in self.reads():
                return self
            self.page.wait_for_timeout(40)
        raise AssertionError(f"{words!r} is not in:\n{self.reads()}")

    def reads(self) -> str:
        """All that stands in the open form, else in the pane; no-break spaces as spaces."""
        text: str = self.page.evaluate(
            "() => (document.querySelector('[data-testid=modal]') || document.querySelector('#main')).innerText"
        )
        return text.replace("\xa0", " ")

    def sees_title(self, title: str) -> AtThePage:
        expect(self.modal.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE)
        return self

    def takes_picture(self, name: str) -> AtThePage:
        if PICTURES:
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")
        return self


def keep_figure(line: str) -> None:
    if FIGURES:
        with Path(FIGURES).open("a", encoding="utf-8") as figures:
            figures.write(line + "\n")
