"""A case that two items of one meeting are about: what else was decided takes effect before its end (T28)."""

from __future__ import annotations

import pytest

from bot.domain.decision import Decision
from bot.domain.meeting import Minuted
from bot.domain.overtaking import closings_last
from bot.domain.presentation import Kind, Recommendation


def minuted(
    number: int, kind: Kind, *, choice: str = "as_recommended", outcome: str | None = None
) -> Minuted:
    decision = Decision(choice, final=Recommendation(outcome=outcome))
    return Minuted(number, f"item-{number}", "case", kind, decision)


@pytest.mark.rule("T28")
def test_a_closing_that_was_taken_first_still_takes_effect_last() -> None:
    closing, ending = minuted(3, Kind.CLOSURE), minuted(4, Kind.FOLLOW_UP, outcome="close")
    frame, later = minuted(5, Kind.FRAME_CHANGE), minuted(6, Kind.CLOSURE, choice="postponed")
    assert closings_last((closing, ending, frame, later)) == [frame, later, closing, ending]
