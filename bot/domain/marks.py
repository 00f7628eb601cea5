"""»Mit mærke«: what a caseworker recognises a case by besides its alias, out of twelve (D29, A2).

There is no label of one's own words: within a week it would be a name.
"""

from __future__ import annotations

from enum import StrEnum


class Mark(StrEnum):
    BLUE = "blue"
    ORANGE = "orange"
    GREEN = "green"
    STAR = "star"
    TRIANGLE = "triangle"
    SQUARE = "square"
    CLUB = "club"
    DIAMOND = "diamond"
    UMBRELLA = "umbrella"
    ANCHOR = "anchor"
    SCISSORS = "scissors"
    PHONE = "phone"
