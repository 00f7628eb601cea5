"""Words an installation's own list calls names: asked about once, never refused (D1). No list comes with the program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.errors import Refusal

MOST_ASKED = 3
"""Words that stand in one question."""


class NameAsked(Refusal):
    """Is it a name? Facts: `names`, as they were typed, shown to whoever typed them and to nobody else."""


class NameTyped(Refusal):
    """No case was found by what was typed, and a word of it is a name: cases are found by alias, key or number."""


@dataclass(frozen=True)
class NameList:
    """First names and surnames in small letters; without any, nothing is asked."""

    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *lines: str) -> NameList:
        """One name a line, of one word or several; what follows # is a remark."""
        return cls(frozenset(w.casefold() for line in lines for w in _WORD.findall(_name(line))))

    def found_in(self, text: str) -> tuple[str, ...]:
        """The words that may be names, as they were typed, each once, the first three.

        Only words with a capital letter: »per« and »mark« are everyday words. At the beginning of a sentence an everyday
        word counts only with another name behind it (»Bo Hansen«, not »Bo i egen bolig«).
        """
        if not self.words:
            return ()
        plain = unicodedata.normalize("NFC", text)
        return tuple(dict.fromkeys(self._found(plain)))[:MOST_ASKED]

    def is_in(self, text: str) -> bool:
        """Whether any word is on the list, with a capital letter or without, as people type after a command."""
        return bool(self.words) and any(
            self._holds(w) for w in _WORD.findall(unicodedata.normalize("NFC", text))
        )

    def _found(self, plain: str) -> Iterator[str]:
        for found in _WORD.finditer(plain):
            word = found.group()
            if word[0].isupper() and self._holds(word) and not self._is_everyday(plain, found):
                yield word

    def _is_everyday(self, plain: str, found: re.Match[str]) -> bool:
        if found.group().casefold() not in _EVERYDAY or not _BEFORE.search(plain, 0, found.start()):
            return False
        behind = _BEHIND.match(plain, found.end())
        return behind is None or not self._holds(behind["word"])

    def _holds(self, word: str) -> bool:
        low = word.casefold()
        return low in self.words or low.removesuffix("s") in self.words


class UnfitName(ValueError):
    """A line that is no name; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read_names(text: str) -> NameList:
    """Raises UnfitName: a line with digits or signs, of one letter, or longer than any name."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if _name(line) and not _FIT.fullmatch(_name(line)):
            raise UnfitName(number)
    return NameList.of(*lines)


def _name(line: str) -> str:
    return unicodedata.normalize("NFC", line.partition("#")[0].strip().lstrip("\ufeff"))


_WORD = re.compile(r"[^\W\d_]{2,}")
_BEHIND = re.compile(r"[ -](?P<word>[^\W\d_]{2,})")
_BEFORE = re.compile(r"(?:\A|[.!?:\n•–-])[\s»\"(]*\Z")
_FIT = re.compile(r"(?=.*[^\W\d_]{2})[^\W\d_](?:[^\W\d_]|[ .'’-]){1,59}")

_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """
    ask august bang bo bro dag dal falk frost holm høj juul kjær kær krog liv lund maj mark møller per rose skov smed
    sommer sten storm toft vang vinter winther
    """,
    )
)
"""Names that are also words a sentence may begin with."""
