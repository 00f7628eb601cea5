"""What Pydantic finds wrong with a rules file, in plain Danish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.rules.lines import place

Path = tuple[Any, ...]

WRONG: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "mangler. Tilføj den, se standardfilen",
    "extra_forbidden": lambda _: "kendes ikke. Ret stavningen, eller fjern den",
    "int_type": lambda _: "skal være et helt tal",
    "int_parsing": lambda _: "skal være et helt tal",
    "int_from_float": lambda _: "skal være et helt tal",
    "bool_type": lambda _: "skal være true eller false",
    "bool_parsing": lambda _: "skal være true eller false",
    "string_type": lambda _: "skal være tekst; sæt den i anførselstegn",
    "greater_than": lambda c: f"skal være større end {c['gt']}",
    "greater_than_equal": lambda c: f"skal være mindst {c['ge']}",
    "less_than": lambda c: f"skal være mindre end {c['lt']}",
    "less_than_equal": lambda c: f"må højst være {c['le']}",
    "string_pattern_mismatch": lambda c: (
        "må ikke være tom" if c["pattern"] == r"\S" else f"skal passe til mønstret {c['pattern']}"
    ),
    "enum": lambda c: f"skal være en af: {_or(c['expected'])}",
    "literal_error": lambda c: f"skal være en af: {_or(c['expected'])}",
    "too_short": lambda c: f"skal have mindst {c['min_length']}",
    "dict_type": lambda _: "skal være en gruppe af »navn: værdi«",
    "model_type": lambda _: "skal være en gruppe af »navn: værdi«",
    "model_attributes_type": lambda _: "skal være en gruppe af »navn: værdi«",
    "tuple_type": lambda _: "skal være en liste",
}
"""By Pydantic's own code for the fault; what a sentence needs stands in its context."""

DATES = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")
TIMES = ("time_type", "time_parsing")


def sentence(kind: str, context: dict[str, Any], path: Path) -> str:
    """»agenda › minutes: skal være et helt tal.«"""
    if kind in DATES:
        wrong = "skal være en dato som 2026-10-01"
    elif kind in TIMES:
        wrong = 'skal være et klokkeslæt i anførselstegn, som "12:00"'
    else:
        said = WRONG.get(kind)
        wrong = said(context) if said else "kan ikke bruges her; se standardfilen"
    return f"»{place(path) or 'filen'}« {wrong}."


def _or(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "")
