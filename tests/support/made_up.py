"""Whole facts made up from their types: every text in them a mark, every number one that stands nowhere else.

What a view shows of them can so be told from its own words. A code that must be one of the rules' is taken from them.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.domain.money import Kroner

NUMBER = 7_341
AMOUNT = Kroner.of(7_341)
Codes = dict[str, Any]
"""A field's name -> what stands in it, where not every text will do."""


def made(hint: Any, name: str, *, text: str, codes: Codes, at: datetime) -> Any:
    """A value of that type. Raises TypeError for a type it does not know: whoever brings one adds it here."""

    def again(inner: Any) -> Any:
        return made(inner, name, text=text, codes=codes, at=at)

    if hint is Any:
        return codes.get(name, text)
    if name in codes and _fits(codes[name], hint):
        return codes[name]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return again(next(i for i in inner if i is not type(None)))
    if origin in (tuple, list, frozenset, set):
        each = [i for i in inner if i is not ...]
        return origin(again(i) for i in each)
    if origin is not None and hasattr(origin, "keys"):
        return {again(inner[0]): again(inner[1])}
    if not isinstance(hint, type):
        return again(hint.__supertype__) if hasattr(hint, "__supertype__") else _unknown(hint, name)
    return _plain(hint, name, text=text, codes=codes, at=at)


def _plain(hint: type, name: str, *, text: str, codes: Codes, at: datetime) -> Any:
    if issubclass(hint, Kroner):
        return AMOUNT
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        given = {
            f.name: made(hints[f.name], f.name, text=text, codes=codes, at=at) for f in fields(hint) if f.init
        }
        return hint(**given)
    if issubclass(hint, Enum):
        return next(iter(hint))
    simple: dict[type, Any] = {
        bool: True,
        int: NUMBER,
        str: text,
        datetime: at,
        date: at.date(),
        time: time(9, 10),
        Fraction: Fraction(1, 7),
        float: 1 / 7,
    }
    return simple[hint] if hint in simple else _unknown(hint, name)


def _fits(value: Any, hint: Any) -> bool:
    """A code for a field of that name is meant for some types only."""
    ways = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return any(isinstance(value, kind) for way in ways if isinstance(kind := get_origin(way) or way, type))


def _unknown(hint: Any, name: str) -> Any:
    raise TypeError(f"{name}: nobody knows how to make up a {hint}")
