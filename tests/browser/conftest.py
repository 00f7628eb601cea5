"""A real Chromium before the sandbox page, with the demo town and a real bot behind it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.assembly import put_together
from bot.demo import town as demo
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from storage.upgrade import upgrade
from tests.support.browser import AtThePage
from tests.support.databases import Databases
from tests.support.office import CountingChance, FakeSlack, HandClock
from tests.support.town import RunningTown

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest.fixture(scope="module")  # Playwright's loop runs in our thread; other files may want one of their own
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
def postgres_town(databases: Databases, tmp_path: Path) -> Iterator[RunningTown]:
    address = databases.fresh("postgresql", tmp_path)
    with RunningTown(address) as town:
        yield town
    databases.take_back(address)


@pytest.fixture
def at_the_page_on_postgres(
    chromium_browser: Browser, postgres_town: RunningTown
) -> Iterator[Callable[..., AtThePage]]:
    yield from _people(chromium_browser, postgres_town)


@pytest.fixture(scope="session")
def the_past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A file with the demo town and its autumn, lived once for all tests of a worker, and the key to it."""
    path, key, slack = tmp_path_factory.mktemp("past") / "town.db", new_key(), FakeSlack()
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    house = put_together(
        database=database,
        keys=KeyRing.read(key),
        clock=HandClock(),
        messenger=slack,
        guard=slack,
        first_administrator=demo.FIRST_ADMINISTRATOR,
        chance=CountingChance(),
    )
    demo.settle(house)
    database.close()
    return path, key


@pytest.fixture
def town_with_past(the_past: tuple[Path, str], tmp_path: Path) -> Iterator[RunningTown]:
    """Monday 16 November 07:50, thirty-eight cases behind it."""
    path, key = the_past
    here = tmp_path / "town.db"
    with sqlite3.connect(path) as source, sqlite3.connect(here) as target:
        source.backup(target)
    with RunningTown(f"sqlite:///{here}", key=key, settle=demo.settle) as town:
        yield town


@pytest.fixture
def in_the_past_town(
    chromium_browser: Browser, town_with_past: RunningTown
) -> Iterator[Callable[..., AtThePage]]:
    yield from _people(chromium_browser, town_with_past)


@pytest.fixture
def at_the_page(chromium_browser: Browser, town: RunningTown) -> Iterator[Callable[..., AtThePage]]:
    yield from _people(chromium_browser, town)


def _people(browser: Browser, town: RunningTown) -> Iterator[Callable[..., AtThePage]]:
    """`at_the_page("Maja Holm", width=400)`: each person has a browser of their own."""
    contexts: list[Any] = []

    def open_for(name: str, *, width: int = 1280, height: int = 900) -> AtThePage:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="da-DK")
        contexts.append(context)
        return AtThePage(context.new_page(), town.stage.base, town.stage.person_id(name))

    yield open_for
    for context in contexts:
        context.close()
