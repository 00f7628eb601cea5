"""The municipality's rules: one commented file in Danish, read once and checked, every mistake named (D8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.domain.alias import AliasWord
from bot.domain.rules import Rules
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
    """All rule versions we know; today there is one file, so one version holds for every day."""

    rules: Rules

    def on(self, day: date) -> Rules:  # noqa: ARG002 - the day picks a version once there are several
        return self.rules

    def version(self, version: str) -> Rules:  # noqa: ARG002
        return self.rules


def read_rules(path: Path = DEFAULT) -> Book:
    """Raises RulesUnfit."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Book(as_rules(File.model_validate(raw)))
    except yaml.YAMLError as why:
        raise RulesUnfit([f"{path.name}: not readable as YAML ({type(why).__name__})"]) from why
    except ValidationError as why:
        raise RulesUnfit([_sentence(path, fault) for fault in why.errors(include_input=False)]) from why
    except OSError as why:
        raise RulesUnfit([f"{path}: cannot be opened"]) from why


def _sentence(path: Path, fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    return f"{path.name}: {place}: {fault['msg']}"


@lru_cache
def alias_words() -> tuple[AliasWord, ...]:
    """The list the aliases are chosen from (D29)."""
    raw = yaml.safe_load((FOLDER / "aliases.yaml").read_text(encoding="utf-8"))
    return tuple(AliasWord(word, category) for category, words in raw.items() for word in words)
