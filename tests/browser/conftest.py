"""A real Chromium before the sandbox page, with the demo town and a real bot behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import AtThePage
from tests.support.town import RunningTown

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium_browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RunningTown]:
    with RunningTown(f"sqlite:///{tmp_path}/town.db") as town:
        yield town


@pytest.fixture
def at_the_page(chromium_browser: Browser, town: RunningTown) -> Iterator[Callable[..., AtThePage]]:
    """`at_the_page("Maja Holm", width=400)`: each person has a browser of their own."""
    contexts: list[Any] = []

    def open_for(name: str, *, width: int = 1280, height: int = 900) -> AtThePage:
        context = chromium_browser.new_context(viewport={"width": width, "height": height}, locale="da-DK")
        contexts.append(context)
        return AtThePage(context.new_page(), town.stage.base, town.stage.person_id(name))

    yield open_for
    for context in contexts:
        context.close()
