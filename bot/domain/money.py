"""Money: whole øre, and how Danes write amounts. Never a float, never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(frozen=True, order=True)
class Kroner:
    """An amount of Danish money, kept in øre. It may be negative (a counter-entry, an overdrawn frame)."""

    ore: int

    def __post_init__(self) -> None:
        if type(self.ore) is not int:
            raise TypeError("Kroner are made of a whole number of øre")

    @classmethod
    def of(cls, kroner: int) -> Kroner:
        if type(kroner) is not int:
            raise TypeError("Kroner.of takes a whole number of kroner")
        return cls(kroner * 100)

    def __add__(self, other: Kroner) -> Kroner:
        return Kroner(self.ore + other.ore) if isinstance(other, Kroner) else NotImplemented

    def __sub__(self, other: Kroner) -> Kroner:
        return Kroner(self.ore - other.ore) if isinstance(other, Kroner) else NotImplemented

    def __mul__(self, times: int) -> Kroner:
        return Kroner(self.ore * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Kroner:
        return Kroner(-self.ore)

    def __bool__(self) -> bool:
        return self.ore != 0


ZERO = Kroner(0)
MOST = Kroner.of(9_999_999)


class AmountRefused(Refusal):
    """What was written is no amount that can be used."""

    default_field = "amount"


class AmountUnclear(AmountRefused):
    """Not an amount, or one that could be two. Facts `small` and `large` stand where it is "25,000": 25,00 or 25.000?"""


class AmountApart(AmountRefused):
    """Two numbers where only one line is written: "1 200,50" is an amount, or a case and an amount. Fact `whole`: the one."""


class AmountNotPositive(AmountRefused):
    """Zero or less."""


class AmountTooLarge(AmountRefused):
    """More than `most`."""


def read_amount(text: str, *, most: Kroner = MOST) -> Kroner:
    """The amount as a Dane writes it: "450", "25.000", "1 234,5", "kr. 500", "500,-". Anything else is refused.

    Thousands stand apart by points or by spaces, never by both; the narrow spaces of a document or a sheet are spaces too.
    """
    plain = _plain(text)
    if habit := _ENGLISH_THOUSANDS.fullmatch(plain):
        raise _two_readings(habit, most)
    written = _DANISH.fullmatch(plain)
    if not written:
        raise AmountUnclear
    amount = _in_ore(written)
    if written["sign"] or not amount:
        raise AmountNotPositive
    if amount > most:
        raise AmountTooLarge(most=most)
    return amount


_LONGEST = 40

_NUMBER = r"(?P<kroner>[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)|[1-9][0-9]*|0+)(?:,(?P<ore>[0-9]{1,2})|[,.]-)?"
_CURRENCY = r"(?:kr\.?|kroner|dkk)"
_BEFORE = rf"(?:{_CURRENCY}\s?)?(?P<sign>-\s?)?(?:{_CURRENCY}\s?)?"
_AFTER = rf"(?:\s?{_CURRENCY})?"

_DANISH = re.compile(rf"{_BEFORE}{_NUMBER}{_AFTER}")
_ENGLISH_THOUSANDS = re.compile(rf"{_BEFORE}(?P<kroner>[1-9][0-9]{{0,2}}),(?P<three>[0-9]{{3}}){_AFTER}")


def _plain(text: str) -> str:
    """Ordinary ASCII, small letters, single spaces; digits from other alphabets are no digits here."""
    if len(text) > _LONGEST or any(sign.isnumeric() and not sign.isascii() for sign in text):
        raise AmountUnclear
    return " ".join(unicodedata.normalize("NFKC", text).translate(_MINUSES).lower().split())


_MINUSES = dict.fromkeys(map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{HYPHEN}"), "-")


def _in_ore(written: re.Match[str]) -> Kroner:
    kroner = re.sub(r"[. ]", "", written["kroner"])
    return Kroner.of(int(kroner)) + Kroner(int((written["ore"] or "0").ljust(2, "0")))


def _two_readings(habit: re.Match[str], most: Kroner) -> AmountUnclear:
    small_ore, rest = divmod(int(habit["kroner"] + habit["three"]), 10)
    small, large = Kroner(small_ore), Kroner.of(int(habit["kroner"] + habit["three"]))
    if rest or habit["sign"] or large > most:
        return AmountUnclear()
    return AmountUnclear(small=small, large=large)
