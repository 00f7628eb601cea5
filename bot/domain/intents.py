"""What somebody most likely means when they write to the bot in plain words (A10, D38). No learning: lists of words.

Reading is answered at once; what would change something only ever becomes a button.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Intent(StrEnum):
    HELP = "help"
    TODAY = "today"
    CASE = "case"
    CASES = "cases"
    USE_FRAME = "use_frame"
    LEFT = "left"
    MEETING = "meeting"
    AWAY = "away"
    URGENT = "urgent"
    WHO = "who"
    MUST = "must"
    REMOVE = "remove"
    PERSONAL_DATA = "personal_data"
    TOO_LONG = "too_long"
    NO_ROLE = "no_role"
    UNKNOWN = "unknown"


LONGEST = 300
"""A longer text is a story, and stories belong in the case system."""

_PHRASES: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (Intent.WHO, ("hvem er", "hvem har", "hvad hedder", "who is", "whose is")),
    (
        Intent.MUST,
        (
            "skal det i udvalget",
            "skal den i udvalget",
            "skal det forelægges",
            "skal sagen i udvalget",
            "væsentlig ændring",
            "må jeg justere",
            "justere",
            "must the committee",
            "significant change",
            "may i adjust",
        ),
    ),
    (Intent.URGENT, ("haster", "akut", "hastesag", "hastebehandling", "nødsituation", "urgent", "emergency")),
    (
        Intent.AWAY,
        (
            "jeg er syg",
            "syg",
            "sygemeldt",
            "ferie",
            "fravær",
            "afbud",
            "væk",
            "sick",
            "ill",
            "holiday",
            "vacation",
            "regrets",
        ),
    ),
    (
        Intent.LEFT,
        ("hvor meget", "tilbage", "hvor mange penge", "restbeløb", "how much", "left", "remaining", "ramme"),
    ),
    (
        Intent.REMOVE,
        ("slet", "slette", "aflys", "aflyse", "annuller", "annullér", "delete", "remove", "cancel"),
    ),
    (
        Intent.MEETING,
        (
            "næste møde",
            "møde",
            "mødet",
            "udvalget",
            "hvornår er jeg på",
            "hvornår",
            "dagsorden",
            "next meeting",
            "meeting",
            "when am i on",
            "agenda",
        ),
    ),
    (
        Intent.TODAY,
        (
            "hvad skal jeg",
            "i dag",
            "idag",
            "opgaver",
            "what shall i do",
            "what should i do",
            "today",
            "tasks",
        ),
    ),
    (
        Intent.HELP,
        (
            "hej",
            "hejsa",
            "goddag",
            "godmorgen",
            "davs",
            "mojn",
            "hjælp",
            "hjaelp",
            "hvad kan du",
            "hello",
            "hi",
            "hey",
            "help",
            "what can you do",
        ),
    ),
)
"""In this order: what is about somebody's safety or privacy before what is merely useful."""

_AMOUNT = re.compile(r"\b\d[\d.,]*\s*(?:kr\b|kroner\b|dkk\b)|\bdkk\s*\d", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*", re.UNICODE)

SMALL_WORDS = frozenset(
    [
        "er",
        "på",
        "i",
        "til",
        "for",
        "af",
        "og",
        "en",
        "et",
        "den",
        "det",
        "der",
        "jeg",
        "du",
        "hvor",
        "hvem",
        "hvad",
        "hvornår",
        "meget",
        "tilbage",
        "kr",
        "kroner",
        "sagen",
        "sag",
        "mig",
        "min",
        "is",
        "on",
        "in",
        "to",
        "for",
        "of",
        "and",
        "a",
        "an",
        "the",
        "i",
        "my",
        "how",
        "much",
        "left",
        "case",
        "when",
        "who",
        "what",
    ]
)


def words_of(text: str) -> list[str]:
    """The words in lower case, without signs around them."""
    return [found.group().casefold() for found in _WORD.finditer(text)]


def case_words(text: str) -> list[str]:
    """The words that may name a case."""
    return [word for word in words_of(text) if word not in SMALL_WORDS and len(word) > 1]


def read_intent(text: str) -> Intent | None:
    """What is meant, by words written as they should be. None: nothing we know; it may still name a case."""
    words = words_of(text)
    if not words:
        return Intent.HELP
    said = f" {' '.join(words)} "
    for intent in (Intent.WHO, Intent.MUST, Intent.URGENT, Intent.AWAY):
        if _is_said(said, intent):
            return intent
    if _AMOUNT.search(text):
        return Intent.USE_FRAME
    return next((intent for intent, _ in _PHRASES if _is_said(said, intent)), None)


def guess_intent(text: str) -> Intent | None:
    """As `read_intent`, forgiving a slip of the finger: one letter in a word of five, two in a word of eight."""
    for word in words_of(text):
        for intent, phrases in _PHRASES:
            if any(" " not in phrase and is_near(word, phrase) for phrase in phrases):
                return intent
    return None


def _is_said(said: str, intent: Intent) -> bool:
    phrases = next(phrases for known, phrases in _PHRASES if known is intent)
    return any(f" {phrase} " in said for phrase in phrases)


def is_near(word: str, wanted: str) -> bool:
    """Whether `word` is `wanted` with a slip or two."""
    slips = 0 if len(wanted) < 5 else 1 if len(wanted) < 8 else 2
    return abs(len(word) - len(wanted)) <= slips and _distance(word, wanted) <= slips


def _distance(one: str, other: str) -> int:
    """How many letters were left out, put in, changed or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
