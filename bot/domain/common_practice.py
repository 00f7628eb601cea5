"""»Gængs praksis«: short notes that are written anew and never over (R070, R075)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import PersonId

LONGEST = 400


class PracticeEmpty(Refusal):
    """A note says something."""

    default_field = "text"


class PracticeNamesCase(Refusal):
    """A note is about no single case: neither alias nor key stands in it (R075); facts: found."""

    default_field = "text"


@dataclass(frozen=True)
class PracticeNote:
    """One version of what is common practice on a topic. Earlier versions stay (R070)."""

    id: str
    committee: str
    topic: str
    number: int  # 1, 2, 3: the version
    text: str
    by: PersonId
    at: datetime


def newest(notes: Iterable[PracticeNote]) -> tuple[PracticeNote, ...]:
    """The version that stands, one for each topic, the latest written first."""
    standing: dict[str, PracticeNote] = {}
    for note in notes:
        if note.topic not in standing or standing[note.topic].number < note.number:  # R070
            standing[note.topic] = note
    return tuple(sorted(standing.values(), key=lambda n: n.at, reverse=True))
