"""Every word the bot says: one file per view and language, named blocks in it; Danish first, English complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum, IntEnum
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.case import AgeBand
from bot.domain.choices import WORDS, OwnWord
from bot.domain.money import Kroner
from bot.domain.rules import Named
from bot.texts import formats

FOLDER = __file__.rsplit("/", 1)[0]
LANGUAGES = ("da", "en")
LISTED = frozenset(WORDS.values())
"""The groups of words whose codes the rules file owns."""


class Privacy(IntEnum):
    """How far a word may travel (privacy matrix). A surface has a ceiling; above it a message cannot be built."""

    P0 = 0  # no personal data: anywhere
    P1_COMMITTEE = (
        1  # pseudonymous, and allowed in the committee's own closed channel: alias, kind, area, readiness
    )
    P1 = 2  # pseudonymous: only to those with a task in the case
    P2 = 3  # a number in a case system: only in a form, only to those who have the case


class Said(str):
    """A rendered text that knows how private it is, and that people's own words in it are harmless already."""

    __slots__ = ("privacy",)
    privacy: Privacy

    def __new__(cls, text: str, privacy: Privacy) -> Said:
        said = super().__new__(cls, text)
        said.privacy = privacy
        return said

    def __add__(self, other: str) -> Said:
        return joined("", [self, other])

    def __reduce__(self) -> tuple[type[Said], tuple[str, Privacy]]:
        return Said, (str(self), self.privacy)


def colleague(name: str) -> Said:
    """An employee's name where no sentence stands around it: harmless, and for those who work with them only."""
    return Said(harmless(name), Privacy.P1_COMMITTEE)


def alias_and_key(alias: str, key: str = "") -> Said:
    """A case as it is called in a menu."""
    return Said(harmless(f"{alias} · {key}" if key else alias), Privacy.P1_COMMITTEE)


def case_link(address: str) -> Said:
    """The address of a case in its own system, as it stands inside a link of ours; it came in without <, > or |."""
    return Said(address.replace("&", "&amp;"), Privacy.P2)


def figure(number: int | str) -> Said:
    """A number, a year or a month where no sentence stands around it; it says nothing of anybody."""
    return Said(harmless(number), Privacy.P0)


def as_is(text: str) -> Said:
    """For a terminal or a file, where nothing comes alive: letters stay as they are. Never for a message."""
    return Said(text, Privacy.P1)


def slacks_code(code: str) -> Said:
    """An error in Slack's words, such as `token_revoked`: small letters and underscores, and nothing else."""
    return Said("".join(c for c in code if c.isascii() and (c.isalnum() or c in "_-")), Privacy.P0)


def joined(separator: str, parts: Iterable[str]) -> Said:
    """Texts put together are as private as the most private of them."""
    parts = list(parts)
    return Said(separator.join(parts), max((privacy_of(p) for p in parts), default=Privacy.P0))


class Public(str):
    """A plain word that anybody may see (a room, a committee's name, a municipality's word for a week)."""

    __slots__ = ()


class Committee(str):
    """An alias, a key or an area's name: allowed in the committee's own closed channel."""

    __slots__ = ()


class CaseNumber(str):
    """A whole number in a case system: forms only."""

    __slots__ = ()


def privacy_of(value: Any) -> Privacy:
    """Deny by default: a plain string is P1 until its type says otherwise."""
    match value:
        case Said():
            return value.privacy
        case Public() | bool() | int() | float() | date() | datetime() | time() | None:
            return Privacy.P0
        case Committee() | Named():
            return Privacy.P1_COMMITTEE
        case CaseNumber():
            return Privacy.P2
        case Kroner() | Enum() | str():
            return Privacy.P1
        case Mapping():
            return max((privacy_of(v) for v in value.values()), default=Privacy.P0)
        case list() | tuple() | set() | frozenset():
            return max((privacy_of(v) for v in value), default=Privacy.P0)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return max((privacy_of(getattr(value, f.name)) for f in fields(value)), default=Privacy.P0)
        case _:
            return Privacy.P1


MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "~": "∼", "`": "ʼ", "_": "ˍ"})


def harmless(value: Any) -> str:
    """What a person typed, or a name: no mention, link or emphasis can come alive in it."""
    if isinstance(value, Said):
        return str(value)
    return str(value).translate(MARKUP) if value is not None else ""


class _Compiled(BytecodeCache):
    """What the words have become: compiled once in a process, for both ages and for every town's own words."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _when_said(words: Callable[..., Said]) -> Callable[..., Said]:
    """As a filter that depends on who speaks: never worked out while a file is compiled, which is for all of them."""

    @pass_context
    def said(_context: Context, *given: Any, **named: Any) -> Said:
        return words(*given, **named)

    return said


class Texts:
    """The words in one language. `say` gives a text; StrictUndefined makes a fact that is missing a fault."""

    def __init__(self, language: str, own: tuple[OwnWord, ...] = (), *, of_adults: bool = False) -> None:
        """`own`: what a municipality calls the codes it added to the lists."""
        self._of_adults, self._own_words = of_adults, own
        self.today: date | None = None
        self.language: formats.Language = "en" if language == "en" else "da"
        self._own = {(word.group, word.code): getattr(word, self.language) for word in own}
        self._env = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(f"{FOLDER}/{self.language}"),
            finalize=harmless,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            bytecode_cache=_COMPILED,
            auto_reload=False,  # the words do not change while we run: no file is looked at for each of them
        )
        self._env.filters |= formats.filters(self.language)
        for name, words in (
            ("term", self._term),
            ("years", self.years),
            ("named", self.named),
            ("names", self._names),
        ):
            self._env.filters[name] = _when_said(words)

    def about(self, band: AgeBand) -> Texts:
        """The words for a case of that age: an adult is no »ung« and has no »ungeplan« (R042).

        A block that only suits young people stands a second time as `<block>_of_adults`.
        """
        return texts(self.language, self._own_words, of_adults=band == AgeBand.ADULT).on(self.today)

    def in_language(self, language: str) -> Texts:
        """The same words for readers of another language."""
        return texts(language, self._own_words, of_adults=self._of_adults).on(self.today)

    def on(self, today: date | None) -> Texts:
        """The words as they are read that day: a date of another year says its year. None: no year is said."""
        same = copy(self)
        same.today = today
        return same

    def say(self, view: str, block: str, **facts: Any) -> Said:
        template = self._template(view)
        other = f"{block}_of_adults"
        render = template.blocks[other if self._of_adults and other in template.blocks else block]
        text = "".join(render(template.new_context({**facts, formats.TODAY: self.today}))).strip()
        return Said(text, max((privacy_of(v) for v in facts.values()), default=Privacy.P0))

    def has(self, view: str, block: str) -> bool:
        return block in _named(self.language, view)

    def term(self, group: str, code: str) -> Said:
        """The word for a code, such as a stage or a reason; a code no rules file knows any more is said as it is."""
        block = f"{group}_{code}".replace("-", "_").replace("+", "_plus")
        own = self._own.get((group, code))
        if own is None and group in LISTED and not self.has("terms", block):
            own = code
        return Said(self.say("terms", block) if own is None else harmless(own), Privacy.P1_COMMITTEE)

    def years(self, of_band: tuple[int, int | None]) -> Said:
        """»18–29 år«: the first and the last age of a band; None: no last one."""
        first, last = of_band
        return Said(self.say("terms", "years", first=first, last=last), Privacy.P1_COMMITTEE)

    def named(self, named: Named) -> Said:
        return Said(harmless(named.name(self.language)), Privacy.P1_COMMITTEE)

    def _names(self, several: Iterable[Named]) -> Said:
        return Said(formats.listed([self.named(n) for n in several], self.language), Privacy.P1_COMMITTEE)

    def _term(self, code: Any, group: str) -> Said:
        return self.term(group, str(code.value if isinstance(code, Enum) else code))

    def _template(self, view: str) -> Template:
        return self._env.get_template(f"{view}.j2")


@lru_cache
def _named(language: str, view: str) -> frozenset[str]:
    """The blocks of a file by their names alone: to look whether a word is there, nothing need be compiled."""
    return frozenset(_BLOCK.findall(Path(FOLDER, language, f"{view}.j2").read_text(encoding="utf-8")))


_BLOCK = re.compile(r"\{% block (\w+)")


def texts(language: str, own: tuple[OwnWord, ...] = (), *, of_adults: bool = False) -> Texts:
    return _texts(language, own, of_adults)


@lru_cache
def _texts(language: str, own: tuple[OwnWord, ...], of_adults: bool) -> Texts:
    return Texts(language, own, of_adults=of_adults)
