"""The journal's chain: each entry's print holds the one before it, so that what is changed, cut or left out shows (D12).

A chain alone proves nothing against somebody who makes it anew from its beginning. An anchor does: the number and the
print of one link, written where the database's keeper does not reach.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256

from bot.domain.journal import Entry

BEGINNING = "0" * 64
SHOWN = 20
"""As many characters of a print as people compare; 80 bits."""


class Fault(StrEnum):
    """What is wrong with a journal. Every one of them means that somebody has been in the database."""

    CHANGED = "changed"  # an entry is no longer what it was
    GONE = "gone"  # an entry that is in the chain is not in the journal
    SLIPPED_IN = "slipped_in"  # an entry is in the journal and not in the chain
    GAP = "gap"  # a link is missing
    CUT = "cut"  # an anchor knows of later links
    MADE_ANEW = "made_anew"  # an anchor knows another print


@dataclass(frozen=True)
class Link:
    """The place of an entry in the chain, and its print. Places begin at 1 and leave none out."""

    place: int
    seq: int  # the entry's number in the journal
    print: str


@dataclass(frozen=True)
class Anchor:
    """What is kept outside: a link's place, and at least the first twenty characters of its print."""

    place: int
    print: str

    @classmethod
    def read(cls, text: str) -> Anchor:
        """»12345:ab12…«, with spaces or without, as messages and files have it. Raises ValueError."""
        place, _, mark = text.replace(".", "").replace(" ", "").strip().partition(":")
        if not place.isascii() or not place.isdecimal() or len(mark) < SHOWN or not _is_hex(mark):
            raise ValueError("an anchor is a number, a colon and at least twenty characters 0-9 and a-f")
        return cls(int(place), mark.lower())

    def __str__(self) -> str:
        return f"{self.place}:{self.print[:SHOWN]}"

    def agrees(self, link: Link) -> bool:
        return link.print.startswith(self.print)


@dataclass(frozen=True)
class Cut:
    """What was taken off the beginning when its time was over, as the line says that stays in its place.

    The chain goes on after `place`, whose print was `print`. `signature` is made with a key that is not in the database.
    """

    place: int
    print: str
    entries: int
    looks: int
    first: date
    last: date
    signature: str = ""

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Cut:
        return cls(
            int(facts["place"]),
            facts["print"],
            int(facts["entries"]),
            int(facts["looks"]),
            date.fromisoformat(facts["first"]),
            date.fromisoformat(facts["last"]),
            facts["signature"],
        )

    @property
    def facts(self) -> dict[str, str]:
        return {f.name: str(getattr(self, f.name)) for f in fields(self)}

    @property
    def said(self) -> str:
        """What is signed."""
        return f"{self.place}:{self.print}:{self.entries}:{self.looks}:{self.first}:{self.last}"


@dataclass(frozen=True)
class Verdict:
    """`at` is the place, or for something slipped in the entry's number; None when nothing is wrong."""

    places: int
    last: Anchor | None  # None: the chain is empty
    fault: Fault | None = None
    at: int | None = None

    @property
    def whole(self) -> bool:
        return self.fault is None


@dataclass(frozen=True)
class Check:
    """What was found when the journal was looked at; once a day (a local date)."""

    day: date
    at: datetime
    verdict: Verdict


def print_of(before: str, entry: Entry) -> str:
    """The print of an entry that follows upon another's."""
    said = [
        entry.seq,
        _utc(entry.at),
        entry.by,
        entry.act,
        entry.case_id,
        dict(sorted(entry.facts.items())),
        entry.surface,
        entry.role,
        entry.look,
    ]
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return sha256(f"{before}\n{body}".encode()).hexdigest()


def linked(last: Link | None, entries: Sequence[Entry]) -> Iterator[Link]:
    """Ties entries to the end of the chain, in their order."""
    place, before = (last.place, last.print) if last else (0, BEGINNING)
    for entry in entries:
        place, before = place + 1, print_of(before, entry)
        yield Link(place, entry.seq, before)


def judge(
    chain: Iterable[tuple[Link, Entry | None]],
    *,
    loose: int | None = None,
    anchors: Iterable[Anchor] = (),
    cuts: Iterable[Cut] = (),
) -> Verdict:
    """Walks the whole chain once. `loose` is the number of an entry that no link names, if there is one.

    It begins at place 1, or after one of the `cuts`, which whoever asks has believed; marks of what is gone say nothing.
    """
    waiting = {a.place: a for a in anchors}
    begins = {c.place: c for c in cuts}
    place, before = 0, BEGINNING
    for link, entry in chain:
        if place == 0 and (cut := begins.get(link.place - 1)):
            place, before = cut.place, cut.print
            mark = waiting.get(place)
            if mark and not mark.agrees(Link(place, 0, before)):
                return Verdict(place, _last(place, before), Fault.MADE_ANEW, place)
            waiting = {p: a for p, a in waiting.items() if p > place}
        fault = _fault(link, entry, place + 1, before, waiting.pop(link.place, None))
        if fault:
            return Verdict(place, _last(place, before), fault, link.place)
        place, before = link.place, link.print
    if waiting:
        return Verdict(place, _last(place, before), Fault.CUT, min(waiting))
    if loose is not None:
        return Verdict(place, _last(place, before), Fault.SLIPPED_IN, loose)
    return Verdict(place, _last(place, before))


def _fault(link: Link, entry: Entry | None, place: int, before: str, anchor: Anchor | None) -> Fault | None:
    if link.place != place:
        return Fault.GAP
    if entry is None:
        return Fault.GONE
    if link.print != print_of(before, entry):
        return Fault.CHANGED
    if anchor and not anchor.agrees(link):
        return Fault.MADE_ANEW
    return None


def _last(place: int, mark: str) -> Anchor | None:
    return Anchor(place, mark) if place else None


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdefABCDEF" for c in text)
