"""Home on a phone: never over sixty blocks, and whatever is cut, the way on at the end stays (A12)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.people import Person, Post, Role
from bot.rules import DEFAULT, read_rules
from bot.texts import Public, Texts
from bot.usecases.homes import HomeFacts
from bot.views.home import MOST_BLOCKS, home
from bot.views.kit import Page

AT = datetime(2026, 11, 16, 6, 50, tzinfo=UTC)
PERSON = Person("U0MAJA0001", "T0", "Maja Holm", frozenset({Post(Role.CASEWORKER, "social")}), welcomed=True)


def drawn(*lists: int, stubborn: bool = False) -> list[Any]:
    """A Home with a part for each list, so many lines long; `stubborn` parts do not heed that it is tight."""

    def part(page: Page, _texts: Texts, _rules: Any, lines: int) -> None:
        for _ in range(lines if stubborn else min(lines, page.most(lines))):
            page.section(Public("line"))

    parts = {str(n): lines for n, lines in enumerate(lists)}
    facts = HomeFacts(PERSON, AT, None, parts)
    return list(
        home(facts, Texts("da"), read_rules(DEFAULT).on(AT.date()), dict.fromkeys(parts, part))["blocks"]
    )


def test_lists_are_shown_whole_where_there_is_room() -> None:
    assert len(drawn(20, 20, 14)) == 2 + 54 + 2


def test_each_list_is_cut_shorter_where_there_is_not() -> None:
    assert len(drawn(20, 20, 20)) == 2 + 9 + 2


@pytest.mark.parametrize("lines", [56, 57, 90, 200])
def test_home_is_never_over_sixty_blocks_and_ends_with_settings_and_help(lines: int) -> None:
    blocks = drawn(lines, stubborn=True)
    assert len(blocks) <= MOST_BLOCKS
    assert blocks[-1]["elements"][0]["action_id"] == "settings.open"
