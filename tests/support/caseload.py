"""The case count of the two council documents, made to its quotas: no chance in a total, only in the dates (R084-R093).

`rows()` gives 510 rows; in the two snapshots they are the documents' own numbers.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

JUNE_2019, NOV_2020 = date(2019, 6, 30), date(2020, 11, 19)
COLUMNS = (
    "key",
    "birth_date",
    "opened_on",
    "closed_on",
    "disability_pension",
    "no_prospect",
    "most_vulnerable",
)


@dataclass(frozen=True)
class Quota:
    """A group of young people or adults: in both snapshots, gone before the second, turned 30 between them, new."""

    flag: str  # "" for the others
    both: int
    left: int
    turned: int
    new: int


YOUTH = (
    Quota("disability_pension", 27, 2, 2, 2),
    Quota("no_prospect", 55, 7, 1, 5),
    Quota("most_vulnerable", 24, 0, 0, 6),
    Quota("", 201, 34, 6, 19),
)
ADULTS = (
    Quota("disability_pension", 41, 3, 0, 3),
    Quota("no_prospect", 14, 3, 0, 0),
    Quota("most_vulnerable", 0, 0, 0, 3),
    Quota("", 37, 8, 0, 7),
)
BANDS_2020 = {"15-17": (41, 13), "18-24": (91, 75), "25-29": (88, 31)}
"""Of the young in the second snapshot, under the second proposal: who moves and who stays (ours; not in the documents)."""


def rows(seed: int = 1) -> list[dict[str, str]]:
    chance = random.Random(seed)
    made = list(_youth(chance)) + list(_adults(chance))
    chance.shuffle(made)
    return [{"key": f"T{number:04d}", **row} for number, row in enumerate(made, start=1)]


def write(
    path: Path, table: list[dict[str, str]] | None = None, *, separator: str = ",", bom: bool = False
) -> Path:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=separator)
        writer.writeheader()
        writer.writerows(table if table is not None else rows())
    return path


def _youth(chance: random.Random) -> Iterator[dict[str, str]]:
    ages = _ages_2020()
    for quota in YOUTH:
        for _ in range(quota.both):
            yield _row(chance, quota.flag, next(ages[bool(quota.flag)]), opened=_before_june(chance))
        for _ in range(quota.new):
            yield _row(chance, quota.flag, next(ages[bool(quota.flag)]), opened=_between(chance))
        for _ in range(quota.left):
            born = _born(chance, JUNE_2019, 16 + chance.randrange(12))
            yield _row(chance, quota.flag, born=born, opened=_before_june(chance), closed=_between(chance))
        for _ in range(quota.turned):
            born = _day(chance, date(1989, 7, 2), date(1990, 11, 18))
            yield _row(chance, quota.flag, born=born, opened=_before_june(chance))


def _adults(chance: random.Random) -> Iterator[dict[str, str]]:
    for quota in ADULTS:
        for number in range(quota.both + quota.left):
            born = _born(chance, JUNE_2019, 30 + chance.randrange(35))
            closed = _between(chance) if number >= quota.both else None
            yield _row(chance, quota.flag, born=born, opened=_before_june(chance), closed=closed)
        for _ in range(quota.new):
            born = _born(chance, NOV_2020, 31 + chance.randrange(30))
            yield _row(chance, quota.flag, born=born, opened=_between(chance))


def _ages_2020() -> dict[bool, Iterator[tuple[int, int]]]:
    """The band of each young person in the second snapshot, apart for those who stay (True) and those who move."""
    bands = {name: tuple(map(int, name.split("-"))) for name in BANDS_2020}
    ages: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for name, (move, stay) in BANDS_2020.items():
        ages[False] += [bands[name]] * move  # type: ignore[list-item]
        ages[True] += [bands[name]] * stay  # type: ignore[list-item]
    return {flag: iter(sorted(found, reverse=True)) for flag, found in ages.items()}


def _row(
    chance: random.Random,
    flag: str,
    band: tuple[int, int] | None = None,
    *,
    opened: date,
    born: date | None = None,
    closed: date | None = None,
) -> dict[str, str]:
    if born is None:
        assert band is not None
        low, high = band
        born = _born_in_band(chance, low, high, opened)
    flags = {name: str(int(name == flag)) for name in COLUMNS[4:]}
    return {
        "birth_date": born.isoformat(),
        "opened_on": opened.isoformat(),
        "closed_on": closed.isoformat() if closed else "",
        **flags,
    }


def _born_in_band(chance: random.Random, low: int, high: int, opened: date) -> date:
    """In the band on the second day; who was there on the first day was 15 or more then."""
    first, last = _years_before(NOV_2020, high + 1) + timedelta(days=1), _years_before(NOV_2020, low)
    if opened <= JUNE_2019:
        last = min(last, _years_before(JUNE_2019, 15))
    return _day(chance, first, last)


def _born(chance: random.Random, on: date, age: int) -> date:
    """Exactly so old on a day, and on the other one of the two snapshots on the same side of 30."""
    first, last = _years_before(on, age + 1) + timedelta(days=1), _years_before(on, age)
    return _day(chance, first, last)


def _day(chance: random.Random, first: date, last: date) -> date:
    """A day from first to last, never a first of January."""
    while True:
        day = first + timedelta(days=chance.randrange((last - first).days + 1))
        if (day.month, day.day) != (1, 1):
            return day


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def _before_june(chance: random.Random) -> date:
    return _day(chance, date(2018, 9, 1), JUNE_2019)


def _between(chance: random.Random) -> date:
    return _day(chance, JUNE_2019 + timedelta(days=1), NOV_2020)
