"""How numbers, money, days and times are written, in Danish and in English. The library's only door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from bot.domain.calendar import Week, local
from bot.domain.money import Kroner

Language = Literal["da", "en"]


def kroner(amount: Kroner, language: Language) -> str:
    """Such as "1.234,50 kr." or "DKK 1,234.50"."""
    number = _decimal(amount, "#,##0.00", language)
    return f"DKK {number}" if language == "en" else f"{number} kr."


def as_typed(amount: Kroner, *, ore: bool | None = None) -> str:
    """The amount as one would type it, the same in both languages: "300", "25.000", "25,50".

    The øre are shown when there are any; always or never when `ore` says so (never: rounded down).
    """
    if ore is None:
        ore = amount.ore % 100 != 0
    if not ore:
        amount = Kroner.of(amount.ore // 100)
    return _decimal(amount, "#,##0.00" if ore else "#,##0", "da")


TODAY = "_today"
"""The day a text is read, as its template knows it: what is of another year says so. Not known: no year is said."""


def long_date(day: date, language: Language, *, today: date | None = None) -> str:
    """Such as "torsdag 26. november" or "Thursday 26 November"; of another year than today's, with the year."""
    if _of_another_year(day, today):
        return long_date_year(day, language)
    return _date(day, "EEEE d. MMMM", "EEEE d MMMM", language)


def long_date_year(day: date, language: Language) -> str:
    """Such as "torsdag 26. november 2026" or "Thursday 26 November 2026"."""
    return _date(day, "EEEE d. MMMM y", "EEEE d MMMM y", language)


def short_date(day: date, language: Language) -> str:
    """Such as "26-11-2026" or "26 Nov 2026"."""
    return _date(day, "dd-MM-y", "d MMM y", language)


def day_month(day: date, language: Language, *, today: date | None = None) -> str:
    """Such as "26. nov." or "26 Nov"; of another year than today's "26. nov. 2025"."""
    if _of_another_year(day, today):
        return _date(day, "d. MMM y", "d MMM y", language)
    return _date(day, "d. MMM", "d MMM", language)


def month_year(day: date, language: Language) -> str:
    """Such as "juni 2019", "nov. 2020" or "Nov 2020": a month of four letters is written whole."""
    whole = _date(day, "MMMM y", "MMMM y", language)
    return whole if len(whole) <= len("juni 2019") else _date(day, "MMM y", "MMM y", language)


def month(day: date, language: Language) -> str:
    """Such as "september" or "September"."""
    return _date(day, "MMMM", "MMMM", language)


def weekday(day: date, language: Language) -> str:
    """Such as "torsdag" or "Thursday"."""
    return _date(day, "EEEE", "EEEE", language)


def week(of: date | Week, language: Language) -> str:
    """Such as "uge 48" or "week 48"."""
    number = (of if isinstance(of, Week) else Week.of(of)).number
    return f"week {number}" if language == "en" else f"uge {number}"


def clock(at: time | datetime, language: Language) -> str:
    """Such as "kl. 9.10" or "9:10". A moment is shown as the clock on the wall had it."""
    return _digits(at, language) if language == "en" else f"kl. {_digits(at, language)}"


def clock_range(first: time | datetime, last: time | datetime, language: Language) -> str:
    """Such as "9.00–11.00" or "9:00–11:00"."""
    return f"{_digits(first, language)}–{_digits(last, language)}"


DAYS_OF_A_WEEK = 7


def instant_local(moment: datetime, language: Language, *, today: date | None = None) -> str:
    """Such as "mandag kl. 9.14" or "Monday at 9:14", on the clock on the wall; where that may be another week's day,
    with its date, and of another year with the year.
    """
    joint, day = " at " if language == "en" else " ", local(moment).date()
    near = today is None or (day.year == today.year and abs((day - today).days) < DAYS_OF_A_WEEK)
    said = weekday(day, language) if near else long_date(day, language, today=today)
    return f"{said}{joint}{clock(moment, language)}"


def number(value: int, language: Language) -> str:
    """Such as "1.250" or "1,250"."""
    return _decimal(Kroner.of(value), "#,##0", language)


def one_decimal(value: Fraction, language: Language) -> str:
    """Such as "2,5" or "2.5"; halves are rounded away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return _plain_spaces(
        format_decimal(exact.quantize(Decimal("0.1"), ROUND_HALF_UP), "#,##0.0", _LOCALES[language])
    )


def share_of(value: Fraction, language: Language) -> str:
    """Such as "73,8 %" or "73.8%": a share as a report gives it, rounded as one learns it at school."""
    return one_decimal(value * 100, language) + ("%" if language == "en" else " %")


def percent(share: Fraction | float, language: Language) -> str:
    """Such as "82 %" or "82%" for 0.82. Rounded down: 100 is not said before it is all."""
    number = _parts_of(share, 100)
    return f"{number}%" if language == "en" else f"{number} %"


def bar(share: Fraction | float) -> str:
    """Ten fields, "▓▓▓▓▓▓▓▓░░", rounded down as `percent` is, never shorter than empty or longer than full."""
    full = min(max(_parts_of(share, 10), 0), 10)
    return "▓" * full + "░" * (10 - full)


def listed(items: Sequence[str], language: Language, *, word: str | None = None) -> str:
    """Such as "a, b og c" or "a, b and c"; another last word ("eller") when given."""
    last = word or ("and" if language == "en" else "og")
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plural(number: int, one: str, many: str) -> str:
    """The word that goes with the number: "sag" for one, "sager" for none and for many."""
    return one if abs(number) == 1 else many


def counted(number: int, one: str, many: str, language: Language) -> str:
    """The number and its word: "1 sag", "6 sager", "1.250 sager"."""
    return f"{_decimal(Kroner.of(number), '#,##0', language)} {plural(number, one, many)}"


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """Everything above by its own name, in one language, for the templates: `{{ left | kroner }}`."""
    in_language = {name: partial(_in, written, language) for name, written in _WRITTEN_IN_A_LANGUAGE.items()}
    in_time = {name: _as_read(written, language) for name, written in _WRITTEN_AS_OF_A_DAY.items()}
    return {**in_language, **in_time, "as_typed": as_typed, "bar": bar, "plural": plural}


_WRITTEN_IN_A_LANGUAGE: dict[str, Callable[..., str]] = {
    "kroner": kroner,
    "long_date_year": long_date_year,
    "short_date": short_date,
    "month": month,
    "month_year": month_year,
    "number": number,
    "one_decimal": one_decimal,
    "share_of": share_of,
    "weekday": weekday,
    "week": week,
    "clock": clock,
    "clock_range": clock_range,
    "percent": percent,
    "listed": listed,
    "counted": counted,
}


_WRITTEN_AS_OF_A_DAY: dict[str, Callable[..., str]] = {
    "long_date": long_date,
    "day_month": day_month,
    "instant_local": instant_local,
}


def _as_read(written: Callable[..., str], language: Language) -> Callable[..., str]:
    @pass_context
    def read(context: Context, given: Any) -> str:
        return written(given, language, today=context.get(TODAY))

    return read


def _of_another_year(day: date, today: date | None) -> bool:
    return today is not None and day.year != today.year


def _in(written: Callable[..., str], language: Language, /, *given: Any, **named: Any) -> str:
    return written(*given, language=language, **named)


_LOCALES = {"da": "da_DK", "en": "en_GB"}


def _decimal(amount: Kroner, pattern: str, language: Language) -> str:
    return _plain_spaces(format_decimal(Decimal(amount.ore) / 100, pattern, _LOCALES[language]))


def _date(day: date, danish: str, english: str, language: Language) -> str:
    return _plain_spaces(format_date(day, english if language == "en" else danish, _LOCALES[language]))


def _plain_spaces(text: str) -> str:
    """Hard spaces look the same and compare as something else."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def _digits(at: time | datetime, language: Language) -> str:
    shown = local(at) if isinstance(at, datetime) else at
    return f"{shown.hour}{':' if language == 'en' else '.'}{shown.minute:02}"


def _parts_of(share: Fraction | float, parts: int) -> int:
    """Whole parts, rounded down; a float that means 0.29 counts as 0.29."""
    exact = share if isinstance(share, Fraction) else Fraction(repr(share))
    return int(exact * parts // 1)
