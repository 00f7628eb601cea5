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
PATIENCE = 8000
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

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal").last

    def _place(self) -> Any:
        return self.modal if self.page.get_by_test_id("modal").count() else self.page

    def presses(self, name: str, *, near: str | None = None) -> AtThePage:
        """The last button of that name (the newest message's), in the open form if there is one."""
        place = self._place()
        if near:
            place = place.locator("[data-block-id], [data-ts]").filter(has_text=near).last
        exact = place.get_by_role("button", name=re.compile(rf"^{re.escape(name)}(\b|$)"))
        exact.last.click()
        self.interactions += 1
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

    def submits(self) -> AtThePage:
        self.page.get_by_test_id("modal-submit").last.click()
        self.interactions += 1
        return self

    def closes(self) -> AtThePage:
        forms = self.page.get_by_test_id("modal")
        open_now = forms.count()
        self.page.get_by_test_id("modal-close").last.click()
        expect(forms).to_have_count(open_now - 1)
        self.interactions += 1
        return self

    def sees(self, words: str) -> AtThePage:
        expect(self._place().get_by_text(words, exact=False).last).to_be_visible(timeout=PATIENCE)
        return self

    def sees_title(self, title: str) -> AtThePage:
        expect(self.modal.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE)
        return self

    def takes_picture(self, name: str) -> AtThePage:
        if PICTURES:
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")
        return self
