"""The words people type after a command, in both languages, and the nearest right one when they slip."""

from __future__ import annotations

from difflib import get_close_matches

NEW = frozenset({"ny", "opret", "new", "create", "nysag"})
MINE = frozenset({"mine", "my", "liste", "list"})
FIND = frozenset({"find", "søg", "soeg", "søge", "vis", "show", "search", "åbn", "aabn", "open"})


def first_word(text: str) -> tuple[str, str]:
    """The first word in lower case, and the rest as it was typed."""
    word, _, rest = text.strip().partition(" ")
    return word.casefold(), rest.strip()


def nearest(word: str, known: frozenset[str]) -> str | None:
    """The known word that was most likely meant."""
    found = get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else None
