"""A report as CSV: semicolons and decimal commas in Danish, as a spreadsheet there expects them; with a BOM."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from fractions import Fraction

from bot.documents.printed import Printed
from bot.domain.money import Kroner
from bot.domain.report import Share, Value

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so would be run as a formula."""


def as_csv(report: Printed) -> bytes:
    out = io.StringIO()
    danish = report.texts.language == "da"
    writer = csv.writer(out, delimiter=";" if danish else ",", lineterminator="\r\n")
    lines: list[list[str]] = [[report.title], *([fact] for fact in report.facts)]
    for table in report.tables:
        lines += [[], [table.title, *(c.replace("\n", " ") for c in table.columns)]]
        lines += [
            [row.label, *(_cell(report, value, "," if danish else ".") for value in row.cells)]
            for row in table.rows
        ]
        lines += [[note] for note in table.notes]
    lines += [[], [report.definitions_title], *([d] for d in report.definitions)]
    for line in lines:
        writer.writerow([harmless(cell) if _is_words(cell) else cell for cell in line])
    return ("\N{BYTE ORDER MARK}" + out.getvalue()).encode("utf-8")


def lines_as_csv(lines: Sequence[Sequence[str]], language: str) -> bytes:
    """Plain lines of words, each cell harmless."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "da" else ",", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return ("\N{BYTE ORDER MARK}" + out.getvalue()).encode("utf-8")


def harmless(text: str) -> str:
    """Words that begin like a formula get an apostrophe, which a spreadsheet does not show."""
    return f"'{text}" if text.startswith(RISKY) else text


def _is_words(cell: str) -> bool:
    """A negative number begins with a minus and is a number all the same."""
    return not cell.removeprefix("-").replace(",", "").replace(".", "").isdecimal()


def _cell(report: Printed, value: Value, point: str) -> str:
    """Numbers as bare numbers, so that they can be added; a share as a percentage without its sign."""
    match value:
        case Kroner():
            return _decimals(Fraction(value.ore, 100), 2, point)
        case Share():
            return _decimals(value.of * 100, 1, point)
        case Fraction():
            return _decimals(value, 1, point)
        case int():
            return str(value)
        case _:
            return report.written(value)


def _decimals(value: Fraction, places: int, point: str) -> str:
    """Rounded half away from zero, as everywhere in a report."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    digits = f"{whole:0{places + 1}d}"
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{digits[:-places]}{point}{digits[-places:]}"
