"""The alias of a case: a neutral word the caseworker chooses, so that a case can be spoken of without a name (D29)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from bot.domain.errors import Refusal


@dataclass(frozen=True)
class AliasWord:
    """A word from the list, and which of its kinds it belongs to: birds, trees or tools."""

    word: str
    category: str

    @property
    def sign(self) -> str:
        """What stands for the word where nothing may be read, such as in an option's value."""
        return _TOGETHER_SIGNED.join(_sign(word) for word in self.word.split(TOGETHER))


def _sign(word: str) -> str:
    return sha256(word.capitalize().encode()).hexdigest()[:10]


TOGETHER = "-"
"""Between two words that are one alias: »Isfugl-kompas«. No word of the list holds one."""
_TOGETHER_SIGNED = "."
PAIRS_TRIED = 64
"""So many pairs are drawn at a time; of a quarter of a million, some four may always be chosen among."""


class AliasesUsedUp(Refusal):
    """No word is left that this person could tell from the ones they have."""

    default_field = "alias"


def proposals(
    words: Sequence[AliasWord],
    *,
    own_open: Iterable[AliasWord | str],
    all_taken: Iterable[str],
    chance: random.Random,
    count: int = 4,
    committee_open: Iterable[str] = (),
) -> list[AliasWord]:
    """Up to `count` words to choose between; fewer when the list runs short, a refusal when none is left.

    Always: no word of `all_taken` (in use, or ever used), and no first three letters shared with `own_open` or with each
    other. While possible: from the categories the person holds least of, and at least three letters from every open case.
    """
    own = _with_category(words, own_open)
    openings = {opening(mine.word) for mine in own}
    taken = {word.casefold() for word in (*all_taken, *(mine.word for mine in own))}
    near = {beginning(word).casefold() for word in (*committee_open, *(mine.word for mine in own))}
    chosen: dict[str, AliasWord] = {}
    for word in _best_first(
        words, held=Counter(mine.category for mine in own), taken=taken, near=near, chance=chance
    ):
        if opening(word.word) not in openings:
            chosen.setdefault(opening(word.word), word)
        if len(chosen) == count:
            break
    if not chosen:
        raise AliasesUsedUp
    return list(chosen.values())


def choices(
    words: Sequence[AliasWord],
    *,
    own_open: Iterable[AliasWord | str],
    taken: Callable[[list[str]], Iterable[str]],
    chance: random.Random,
    committee_open: Iterable[str] = (),
    also: str = "",
) -> list[AliasWord]:
    """Four single words; two words together where no single one is left for the person, so that the list never ends.

    `taken` says which of some aliases are in use, or ever were; `also` is the sign of one that was chosen before, and
    stands first while it is free. Raises AliasesUsedUp for a list too short to put together.
    """
    chosen = of_sign(words, also) if also else None
    if chosen and not list(taken([chosen.word])):
        others = choices(words, own_open=own_open, taken=taken, chance=chance, committee_open=committee_open)
        return [chosen, *(other for other in others if other != chosen)][:4]
    own = _with_category(words, own_open)
    used = set(taken([word.word for word in words]))
    if _is_any_left(words, own, used):
        return proposals(words, own_open=own, all_taken=used, chance=chance, committee_open=committee_open)
    pairs = _pairs(words, chance)
    used = set(taken([pair.word for pair in pairs]))
    return proposals(pairs, own_open=own, all_taken=used, chance=chance, committee_open=committee_open)


def listed(words: Sequence[AliasWord], alias: str) -> AliasWord | None:
    """The word, or the two of different kinds that are put together; None for what the list does not give."""
    return _found(words, alias, lambda word: word.word.casefold(), together=TOGETHER)


def of_sign(words: Sequence[AliasWord], sign: str) -> AliasWord | None:
    return _found(words, sign, lambda word: word.sign, together=_TOGETHER_SIGNED)


def beginning(alias: str) -> str:
    """The first of two words, or the only one."""
    return alias.split(TOGETHER, maxsplit=1)[0]


def opening(word: str) -> str:
    """The first three letters: what a person types to find a case, and what no two of theirs may share."""
    return word[:3].casefold()


def is_far(one: str, other: str) -> bool:
    """Whether three letters or more would have to be changed, added or taken away to make one word the other."""
    one, other = one.casefold(), other.casefold()
    letters, others = _letters_of(one), _letters_of(other)
    if len(letters - others) >= _FAR or len(others - letters) >= _FAR or abs(len(one) - len(other)) >= _FAR:
        return True  # quick to see, and true of most
    return _edits_between(one, other) >= _FAR


_FAR = 3


def _with_category(words: Sequence[AliasWord], own_open: Iterable[AliasWord | str]) -> list[AliasWord]:
    """A word that has left the list since belongs to no category, and still keeps its first letters."""
    own = list(own_open)
    if all(isinstance(mine, AliasWord) for mine in own):
        return [mine for mine in own if isinstance(mine, AliasWord)]
    known = {word.word.casefold(): word.category for word in words}
    return [
        mine if isinstance(mine, AliasWord) else AliasWord(mine, known.get(beginning(mine).casefold(), ""))
        for mine in own
    ]


def _is_any_left(words: Sequence[AliasWord], own: list[AliasWord], used: set[str]) -> bool:
    gone = {word.casefold() for word in used}
    openings = {opening(mine.word) for mine in own}
    return any(w.word.casefold() not in gone and opening(w.word) not in openings for w in words)


def _pairs(words: Sequence[AliasWord], chance: random.Random) -> list[AliasWord]:
    drawn = [(chance.choice(words), chance.choice(words)) for _ in range(PAIRS_TRIED)]
    return [_put_together(one, other) for one, other in drawn if one.category != other.category]


def _put_together(one: AliasWord, other: AliasWord) -> AliasWord:
    return AliasWord(f"{one.word}{TOGETHER}{other.word.casefold()}", one.category)


def _found(
    words: Sequence[AliasWord], wanted: str, name: Callable[[AliasWord], str], *, together: str
) -> AliasWord | None:
    parts = wanted.casefold().split(together)
    found = [next((word for word in words if name(word) == part), None) for part in parts]
    match found:
        case [AliasWord() as only]:
            return only
        case [AliasWord() as one, AliasWord() as other] if one.category != other.category:
            return _put_together(one, other)
        case _:
            return None


def _best_first(
    words: Sequence[AliasWord], *, held: Counter[str], taken: set[str], near: set[str], chance: random.Random
) -> Iterator[AliasWord]:
    """The least held categories first; within as many of each, words that sound like no open case; else by chance."""
    categories = {word.category for word in words}
    for times in sorted({held[category] for category in categories}):
        level = {category for category in categories if held[category] == times}
        too_near = []
        for word in _drawn([word for word in words if word.category in level], chance):
            if word.word.casefold() in taken:
                continue
            if all(
                is_far(beginning(word.word), other) for other in near
            ):  # »Isfugl« and »Isfugl-kompas« mix up
                yield word
            else:
                too_near.append(word)
        yield from too_near


def _drawn(words: list[AliasWord], chance: random.Random) -> Iterator[AliasWord]:
    """One after another out of the hat, no more than are asked for."""
    while words:
        place = chance.randrange(len(words))
        words[place], words[-1] = words[-1], words[place]
        yield words.pop()


@lru_cache(maxsize=4096)
def _letters_of(word: str) -> frozenset[str]:
    return frozenset(word)


def _edits_between(one: str, other: str) -> int:
    """The edit distance, counted no further than it matters here."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, against in enumerate(other, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != against)))
        if min(here) >= _FAR:
            return _FAR
        above = here
    return above[-1]
