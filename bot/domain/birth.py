"""When somebody was born, and how old that makes them on a day (X1): to the day where it is known, else to the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Born:
    """A case knows the month only (D25); a counted row may know the day.

    Known by its month, a person counts as a year older from the first of that month: who may be 30 is read as 30,
    and no reminder comes too late.
    """

    year: int
    month: int
    day: int | None = None  # None: only the month is known

    @classmethod
    def read(cls, text: str) -> Born:
        """From "2007-05" or "2007-05-17". Raises ValueError for anything else, and for days that are in no calendar."""
        year, month, *day = (int(part) for part in _parts(text))
        date(year, month, *(day or [1]))
        return cls(year, month, *day)

    def turns(self, age: int) -> date:
        """The day the person has lived `age` whole years; who is born on a leap day turns on 1 March in other years."""
        try:
            return date(self.year + age, self.month, self.day or 1)
        except ValueError:
            return date(self.year + age, 3, 1)

    def age_on(self, day: date) -> int:
        """Whole years; the birthday itself counts (»30 år og derover« includes who turns 30 that day)."""
        years = day.year - self.year
        return years if self.turns(years) <= day else years - 1

    def last_day_under(self, age: int) -> date:
        """The day before the birthday."""
        return self.turns(age) - timedelta(days=1)


def _parts(text: str) -> list[str]:
    parts = text.strip().split("-")
    well_formed = [len(p) for p in parts] in ([4, 2], [4, 2, 2]) and all(
        p.isascii() and p.isdecimal() for p in parts
    )
    if not well_formed:
        raise ValueError(text)
    return parts
