"""`/ramme isf 450 bus`: one line in any order, read into what it may mean; nothing is guessed (A8)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.calendar import DateRefused, read_date
from bot.domain.errors import Refusal
from bot.domain.money import AmountApart, AmountRefused, AmountTooLarge, AmountUnclear, Kroner, read_amount
from bot.domain.rules import Purpose

SET_ASIDE = ("kun sat af", "sat af", "sæt af", "saet af", "afsat", "set aside", "reserved")
UNTIL = ("til og med", "frem til", "indtil", "until", "til", "to")
FILLERS = frozenset({"på", "for", "kr", "kr.", "kroner", "dkk", "den", "d.", "on", "til"})
LONGEST_DATE = 4


@dataclass(frozen=True)
class Reading:
    """One thing the line may mean. `case` is what names the case, not yet looked for; `rest` is what means nothing."""

    case: str
    amount: Kroner | None = None
    purpose: str | None = None
    commitment: bool = False
    spent_on: date | None = None  # None: today
    period_until: date | None = None
    rest: tuple[str, ...] = ()

    @property
    def is_only_a_case(self) -> bool:
        return self.amount is None and self.purpose is None and not self.commitment and not self.rest


@dataclass(frozen=True)
class Line:
    """Everything the line may mean; `words` are those that are neither purpose nor »sat af«."""

    readings: tuple[Reading, ...]
    words: tuple[str, ...]
    today: date

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.case for r in self.readings))

    @property
    def fault(self) -> Refusal | None:
        return self.fault_beside(())

    def fault_beside(self, names: tuple[str, ...]) -> Refusal | None:
        """Why the number, or the day, cannot be used, where `names` name cases; asked for when no reading fits."""
        return _fault([w for w in self.words if w not in names], self.today)

    @property
    def without_large_amounts(self) -> str:
        """For the scan: 99999999 beside a case is too large an amount, and no phone number."""
        return " ".join(w for w in self.words if len(self.words) == 1 or not _is_too_large(w))


def read_line(text: str, *, purposes: tuple[Purpose, ...], today: date) -> Line:
    """Reads words for purpose and »sat af« first, then tries each place for a day and an amount."""
    words = _THOUSANDS.sub(".", text).replace("»", " ").replace("«", " ").split()
    commitment, words = _taken(words, SET_ASIDE)
    until, words = _until(words, today)
    purpose, words = _purpose(words, purposes)
    fixed = Reading("", purpose=purpose, commitment=commitment, period_until=until)
    readings = [
        replace(fixed, case=case, amount=amount, spent_on=day, rest=rest)
        for day, without_day in _days(words, today)
        for amount, others in _amounts(without_day)
        for case, rest in _names(others)
    ]
    return Line(tuple(dict.fromkeys(readings)), tuple(words), today)


_THOUSANDS = re.compile(
    "(?<=[0-9])[\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}](?=[0-9]{3}(?![0-9]))"
)
"""Spaces that nobody types between two words: they hold one amount together, as a document or a sheet writes it."""


def _taken(words: list[str], phrases: tuple[str, ...]) -> tuple[bool, list[str]]:
    for phrase in phrases:
        at = _find(words, phrase.split())
        if at is not None:
            return True, words[:at] + words[at + len(phrase.split()) :]
    return False, words


def _find(words: list[str], phrase: list[str]) -> int | None:
    plain = [w.casefold().strip(".,;") for w in words]
    ends = range(len(plain) - len(phrase) + 1)
    return next((n for n in ends if plain[n : n + len(phrase)] == phrase), None)


def _purpose(words: list[str], purposes: tuple[Purpose, ...]) -> tuple[str | None, list[str]]:
    """The first everyday word, or words, for a purpose; two different ones mean that none is chosen."""
    known = {w.casefold(): p.code for p in purposes for w in (*p.words, *p.names.values(), p.code)}
    chosen: set[str] = set()
    for phrase in sorted(known, key=lambda one: (-len(one.split()), one)):
        found, left = _taken(words, (phrase,))
        if found and left:
            chosen.add(known[phrase])
            words = left
    return (chosen.pop() if len(chosen) == 1 else None), words


def _until(words: list[str], today: date) -> tuple[date | None, list[str]]:
    """»til 31/12«: the end of a period, which may lie ahead."""
    for phrase in UNTIL:
        at = _find(words, phrase.split())
        if at is None:
            continue
        first = at + len(phrase.split())
        for last in range(min(len(words), first + LONGEST_DATE), first, -1):
            day = _day(words[first:last], today, forward=True)
            if day:
                return day, words[:at] + words[last:]
    return None, words


def _days(words: list[str], today: date) -> Iterator[tuple[date | None, list[str]]]:
    """No day, and each run of words that is one."""
    yield None, words
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + LONGEST_DATE) + 1):
            day = _day(words[first:last], today, forward=False)
            if day:
                yield day, words[:first] + words[last:]


def _day(words: list[str], today: date, *, forward: bool) -> date | None:
    try:
        return read_date(" ".join(words), today=today, forward=forward)
    except Refusal:
        return None


def _amounts(words: list[str]) -> Iterator[tuple[Kroner | None, list[str]]]:
    """No amount, and each word that is one."""
    yield None, words
    for at, word in enumerate(words):
        try:
            amount = read_amount(word)
        except AmountRefused:
            continue
        yield amount, words[:at] + words[at + 1 :]


def _names(words: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each word may name the case; the others, but for small words, are left over."""
    for at, word in enumerate(words):
        rest = tuple(w for w in words[:at] + words[at + 1 :] if w.casefold() not in FILLERS)
        if word.casefold() not in FILLERS:
            yield word, rest


_LOOKS_LIKE_A_DAY = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}([/.-][0-9]{2,4})?")
_LOOKS_LIKE_AN_AMOUNT = re.compile(
    r"[-−+]?\d[\d.,]*-?|\d+e[-+]?\d+|\d+[^\W\d_]+|[-+]?(nan|inf|infinity)", re.IGNORECASE
)
_DECIMAL_POINT = re.compile(r"[0-9]+\.[0-9]{1,2}")
_LONGEST_PHONE = 9


def _fault(words: list[str], today: date) -> Refusal | None:
    amounts, faults = 0, []
    for word in words:
        try:
            if _LOOKS_LIKE_A_DAY.fullmatch(word):
                read_date(word, today=today, forward=False)
            elif _LOOKS_LIKE_AN_AMOUNT.fullmatch(word):
                read_amount(word)
                amounts += 1
        except (AmountRefused, DateRefused) as refusal:
            faults.append(refusal)
    if not faults and amounts > 1:
        whole = _together(words)
        return AmountApart(whole=whole) if whole else AmountUnclear()
    if not faults and amounts == 0 and any(_DECIMAL_POINT.fullmatch(w) for w in words):
        return AmountUnclear()  # »1.5« may be a day, and then no amount is left
    return next(iter(faults), None)


def _together(words: list[str]) -> Kroner | None:
    """»1 200,50« is two words, and the first might name a case: asked about as the one amount it may be."""
    for first, last in itertools.combinations(range(len(words) + 1), 2):
        run = words[first:last]
        if len(run) > 1 and all(word[0].isdigit() for word in run):
            try:
                return read_amount(" ".join(run))
            except AmountRefused:
                continue
    return None


def _is_too_large(word: str) -> bool:
    try:
        read_amount(word)
    except AmountTooLarge:
        return len(word) <= _LONGEST_PHONE  # ten digits may be a CPR number
    except AmountRefused:
        return False
    return False
