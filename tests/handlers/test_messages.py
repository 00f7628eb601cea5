"""The desks for plain words, help and settings: what each key of the table answers."""

from __future__ import annotations

import pytest

from bot.texts import texts
from handlers.words import FORWARD, meant


@pytest.mark.parametrize(
    ("command", "typed", "near"),
    [
        ("/sag", "nu", "/sag ny"),
        ("/sag", "mien", "/sag mine"),
        ("/sag", "ny", None),
        ("/sag", "bogfinke", None),
        ("/sag", "", None),
        ("/indgang", "indstilinger", "/indgang indstillinger"),
        ("/indgang", "hjlp", "/indgang hjælp"),
        ("/indgang", "rame isfugl 450", "/indgang ramme"),
        ("/ramme", "isfulg", None),
    ],
)
def test_what_is_misspelt_gets_the_nearest_right_one(command: str, typed: str, near: str | None) -> None:
    assert meant(command, typed) == near


def test_the_letters_phones_write_are_understood() -> None:
    assert {FORWARD[word] for word in ("opfølgning", "opfolgning", "frist", "follow-up")} == {"/opfolgning"}


def test_the_answer_to_a_slip_never_repeats_what_was_typed() -> None:
    assert "nu" not in texts("da").say("help", "meant", command="/sag ny").split()
