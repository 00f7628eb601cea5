"""Text from people, cleaned once at the edge so that every store and every screen keeps the same thing."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.errors import Refusal


class TextTooLong(Refusal):
    """More than `most` characters; it had `length`."""


def clean(text: str, *, most: int, multiline: bool = False) -> str:
    """The text as it may be stored: composed, visible, trimmed. Cleaning twice changes nothing more.

    Line breaks become spaces unless `multiline`. What cannot be seen, or cannot be stored, is dropped.
    """
    if len(text) > most + _ROOM_FOR_THE_UNSEEN:
        raise TextTooLong(most=most, length=len(text))
    cleaned = visible(text, multiline=multiline)
    if len(cleaned) > most:
        raise TextTooLong(most=most, length=len(cleaned))
    return cleaned


def is_blank(text: str) -> bool:
    """Whether nothing is left to read once the unseen is gone."""
    return not visible(text)


def visible(text: str, *, multiline: bool = False) -> str:
    """The readable part of a text of any length, as `clean` keeps it."""
    broken = _LINE_BREAK.sub("\n" if multiline else " ", text)
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", _OTHER_SPACE.sub(" ", broken)))
    joined = _LOOSE_JOINER.sub("", _LOOSE_SELECTOR.sub("", _short_stacks(composed)))
    return unicodedata.normalize("NFC", joined).strip()


_ROOM_FOR_THE_UNSEEN = 20_000

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_OTHER_SPACE = re.compile("[\t\x1f]")

# Controls, direction marks, zero-width and filler characters, tags, lone surrogates: nobody reads them, some of them
# hide text, and NUL and surrogates are refused by one store and taken by the other.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_PICTURE = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_LOOSE_SELECTOR = re.compile(f"(?<![{_PICTURE}0-9#*])\ufe0f")
_LOOSE_JOINER = re.compile(f"(?<![{_PICTURE}\ufe0f])\u200d|\u200d(?![{_PICTURE}])")

_HIGHEST_STACK = 4


def _short_stacks(text: str) -> str:
    """At most four marks on one letter: more is a tower that covers the lines above."""
    if text.isascii():
        return text
    kept: list[str] = []
    height = 0
    for sign in text:
        height = height + 1 if unicodedata.category(sign) in {"Mn", "Me"} and sign != "\ufe0f" else 0
        if height <= _HIGHEST_STACK:
            kept.append(sign)
    return "".join(kept)
