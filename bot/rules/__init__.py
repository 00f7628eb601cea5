"""The municipality's rules: commented files in Danish, read once and checked, every mistake named by its line (D8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from bot.domain.alias import AliasWord
from bot.domain.choices import OwnWord
from bot.domain.rules import Named, Retired, Rules
from bot.rules import cross, danish
from bot.rules.lines import Fault, Lines, place, read_yaml
from bot.rules.shape import File, as_rules

FOLDER = Path(__file__).parent
DEFAULT = FOLDER / "default.yaml"


class RulesUnfit(Exception):
    """The rules file cannot be used; `faults` says what and where, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Book:
    """Every version of the rules we know, the oldest first; each holds from its day until the next one's."""

    versions: tuple[Rules, ...]

    def on(self, day: date) -> Rules:
        """The version in force on a day; before the first one, the first."""
        begun = [
            rules
            for rules in self.versions
            if rules.valid_from <= day  # R114
        ]
        return begun[-1] if begun else self.versions[0]

    @cached_property
    def own_words(self) -> tuple[OwnWord, ...]:
        """Of every code some version added: what was chosen once can be read for ever, in the newest wording."""
        return tuple({(word.group, word.code): word for v in self.versions for word in v.own_words}.values())

    def version(self, version: str) -> Rules:
        """By name, as a case and a presentation keep it. One that nobody kept is read as the oldest there is."""
        return next((r for r in self.versions if r.version == version), self.versions[0])


@dataclass(frozen=True)
class _Read:
    """One file as far as it could be read; `file` is None when a fault stood in the way."""

    name: str
    lines: Lines
    file: File | None
    faults: list[Fault]


def read_rules(path: Path = DEFAULT) -> Book:
    """Raises RulesUnfit."""
    book, faults = _standard() if path == DEFAULT else _examine(path)
    if book is None:
        raise RulesUnfit(faults)
    return book


def check(path: Path) -> list[str]:
    """Every mistake in a rules file and the versions it names, each with file and line; empty when it can be used."""
    return _examine(path)[1]


@lru_cache
def _standard() -> tuple[Book | None, list[str]]:
    """The file that belongs to the program, and does not change while it runs."""
    return _examine(DEFAULT)


def _examine(path: Path) -> tuple[Book | None, list[str]]:
    first = _read(path)
    others = list(first.file.other_versions) if first.file else []
    read = [first, *(_read(path.parent / other) for other in others)]
    faults = [f"{r.name}, linje {f.line}: {f.sentence}" for r in read for f in r.faults]
    faults += _between(read)
    if faults:
        return None, faults
    return _book([as_rules(r.file) for r in read if r.file]), []


def _book(versions: list[Rules]) -> Book:
    """What another version names can still be read in each, and be chosen in none."""
    return Book(
        tuple(
            replace(rules, retired=_retired(rules, versions))
            for rules in sorted(versions, key=lambda r: r.valid_from)
        )
    )


N = TypeVar("N", bound=Named)


def _retired(rules: Rules, versions: list[Rules]) -> Retired:
    others = sorted((v for v in versions if v is not rules), key=lambda v: v.valid_from)
    return Retired(
        areas=_gone(rules.areas, [v.areas for v in others]),
        purposes=_gone(rules.purposes, [v.purposes for v in others]),
        measures=_gone(rules.measures, [v.measures for v in others]),
    )


def _gone(here: tuple[N, ...], elsewhere: list[tuple[N, ...]]) -> tuple[N, ...]:
    """What only other versions name, in its newest wording."""
    known = {one.code for one in here}
    newest = {one.code: one for version in elsewhere for one in version}
    return tuple(one for code, one in newest.items() if code not in known)


def _read(path: Path) -> _Read:
    try:
        lines, raw = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return _Read(
            path.name, Lines(None), None, [Fault(1, "Filen kan ikke åbnes. Se efter sti og rettigheder.")]
        )
    except yaml.YAMLError as why:
        return _Read(path.name, Lines(None), None, [_not_yaml(why)])
    faults = [Fault(lines.of(p), f"»{place(p)}« står der to gange.") for p in lines.twice]
    faults += [_said(lines, found) for found in cross.in_any_file(raw)]
    try:
        file = File.model_validate(raw)
    except ValidationError as why:
        told = [*faults, *_shape(lines, why), *_between_the_others(lines, raw, why)]
        return _Read(path.name, lines, None, _sorted(told))
    faults += [_said(lines, found) for found in cross.between_sections(file)]
    return _Read(path.name, lines, file, _sorted(faults))


def _not_yaml(why: yaml.YAMLError) -> Fault:
    mark = getattr(why, "problem_mark", None)
    return Fault(
        mark.line + 1 if mark else 1, "Linjen kan ikke læses. Se efter kolon, indrykning og anførselstegn."
    )


def _shape(lines: Lines, why: ValidationError) -> Iterator[Fault]:
    """One sentence per place: where a value may be of two types, both would complain."""
    told: set[tuple[object, ...]] = set()
    for fault in why.errors(include_input=False):
        path = tuple(fault["loc"])
        there = path if fault["type"] == "missing" else lines.reaches(path)
        if there not in told:
            told.add(there)
            yield Fault(lines.of(path), danish.sentence(fault["type"], fault.get("ctx", {}), there))


def _between_the_others(lines: Lines, raw: Any, why: ValidationError) -> Iterator[Fault]:
    """A mistake in one section hides none between the others: the standard file stands in for those at fault."""
    at_fault = {str(fault["loc"][0]) for fault in why.errors(include_input=False) if fault["loc"]}
    if not isinstance(raw, dict):
        return
    standard = read_yaml(DEFAULT.read_text(encoding="utf-8"))[1]
    known = {key: raw[key] for key in raw if key in File.model_fields and key not in at_fault}
    mended = File.model_validate({**{key: standard[key] for key in standard if key in at_fault}, **known})
    for found in cross.between_sections(mended, without=at_fault):
        yield _said(lines, found)


def _said(lines: Lines, found: cross.Found) -> Fault:
    path, wrong = found
    return Fault(lines.of(path), f"»{place(path)}« {wrong}.")


def _sorted(faults: list[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda f: f.line)


def _between(read: list[_Read]) -> Iterator[str]:
    by_name = {r.name: r for r in read}
    for name, found in cross.between_versions([(r.name, r.file) for r in read if r.file]):
        fault = _said(by_name[name].lines, found)
        yield f"{name}, linje {fault.line}: {fault.sentence}"


@lru_cache
def alias_words() -> tuple[AliasWord, ...]:
    """The list the aliases are chosen from (D29)."""
    _, raw = read_yaml((FOLDER / "aliases.yaml").read_text(encoding="utf-8"))
    return tuple(AliasWord(word, category) for category, words in raw.items() for word in words)
