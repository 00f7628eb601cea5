"""A case count: anonymous rows brought in from a file, to be counted at a date under a rule set (R129).

The one exception to »no dates of birth« (D25): a count is apart from every case, its rows are sealed whole, and it is
gone after thirty days. The key of a row is looked at while the file is read, and is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.birth import Born
from bot.domain.personal_data import holds_cpr

COLUMNS = (
    "key",
    "birth_date",
    "opened_on",
    "closed_on",
    "disability_pension",
    "no_prospect",
    "most_vulnerable",
)
"""All that is taken in; one word for the most vulnerable, and never which problems somebody has (R032)."""

FLAGS = COLUMNS[4:]
KEPT_DAYS = 30
YOUNGEST, OLDEST = 15, 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_YES = frozenset({"1", "true", "ja", "j", "yes", "y", "x"})
_NO = frozenset({"", "0", "false", "nej", "n", "no"})


class Fault(StrEnum):
    """What can be wrong with a file or a row of it; the value at fault is never repeated."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    MISSING_COLUMNS = "missing_columns"
    EXTRA_COLUMNS = "extra_columns"
    TOO_FEW_CELLS = "too_few_cells"
    KEY_UNFIT = "key_unfit"
    KEY_LIKE_CPR = "key_like_cpr"
    KEY_TWICE = "key_twice"
    BAD_DATE = "bad_date"
    OPENED_AHEAD = "opened_ahead"
    CLOSED_BEFORE_OPENED = "closed_before_opened"
    UNKNOWN_FLAG = "unknown_flag"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"


@dataclass(frozen=True)
class BadRow:
    """A fault at a line of the file, in a column where one is to blame."""

    line: int
    fault: Fault
    column: str = ""


class RowUnfit(Exception):
    """A row cannot be counted; every fault in it."""

    def __init__(self, faults: list[tuple[Fault, str]]) -> None:
        super().__init__(", ".join(f.value for f, _ in faults))
        self.faults = faults


@dataclass(frozen=True)
class Counted:
    """One row of a count."""

    born: Born
    opened_on: date
    closed_on: date | None  # None: open still
    disability_pension: bool
    no_prospect: bool
    most_vulnerable: bool

    def is_open_on(self, day: date) -> bool:
        """In the snapshot of a day: opened by then, and not closed."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)

    def written(self) -> str:
        """As it is sealed: one short line."""
        b = self.born
        born = f"{b.year:04d}-{b.month:02d}" + (f"-{b.day:02d}" if b.day else "")
        flags = "".join(
            str(int(f)) for f in (self.disability_pension, self.no_prospect, self.most_vulnerable)
        )
        return f"{born}|{self.opened_on}|{self.closed_on or ''}|{flags}"

    @classmethod
    def of(cls, written: str) -> Counted:
        born, opened, closed, flags = written.split("|")
        return cls(
            Born.read(born),
            date.fromisoformat(opened),
            date.fromisoformat(closed) if closed else None,
            *(f == "1" for f in flags),
        )


@dataclass(frozen=True)
class Count:
    """A count that was brought in. Until `complete` it is in no report."""

    id: str
    name: str
    at: datetime
    rows: int = 0
    complete: bool = False


def read_row(cells: Mapping[str, str], *, today: date) -> Counted:
    """A row of the file. Raises RowUnfit with everything that is wrong with it."""
    faults = _key_faults(cells["key"])
    dates = {c: _date(cells[c]) for c in ("opened_on", "closed_on") if cells[c] or c == "opened_on"}
    flags = {c: _flag(cells[c]) for c in FLAGS}
    born = _born(cells["birth_date"])
    faults += [(Fault.BAD_DATE, "birth_date")] if born is None else []
    faults += [(Fault.BAD_DATE, c) for c, day in dates.items() if day is None]
    faults += [(Fault.UNKNOWN_FLAG, c) for c, flag in flags.items() if flag is None]
    opened, closed = dates["opened_on"], dates.get("closed_on")
    if born and opened:
        faults += _time_faults(born, opened, closed, today)
    if faults or born is None or opened is None:
        raise RowUnfit(faults)
    return Counted(born, opened, closed, *(bool(flags[c]) for c in FLAGS))


def _key_faults(key: str) -> list[tuple[Fault, str]]:
    if holds_cpr(key):
        return [(Fault.KEY_LIKE_CPR, "key")]
    return [] if _KEY.fullmatch(key) else [(Fault.KEY_UNFIT, "key")]


def _time_faults(born: Born, opened: date, closed: date | None, today: date) -> list[tuple[Fault, str]]:
    faults = []
    if opened > today:
        faults.append((Fault.OPENED_AHEAD, "opened_on"))
    if closed and closed < opened:
        faults.append((Fault.CLOSED_BEFORE_OPENED, "closed_on"))
    if born.age_on(today) < YOUNGEST or born.turns(0) > opened:
        faults.append((Fault.TOO_YOUNG, "birth_date"))
    if born.age_on(opened) >= OLDEST:
        faults.append((Fault.TOO_OLD, "birth_date"))
    return faults


def _born(text: str) -> Born | None:
    try:
        return Born.read(text)
    except ValueError:
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _flag(text: str) -> bool | None:
    said = text.casefold()
    return True if said in _YES else False if said in _NO else None
