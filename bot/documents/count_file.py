"""A case count as a CSV file: read line by line, however long it is. Comma, semicolon or tab; with or without a BOM.

The file is gone through three times, so that nothing of it needs to stay in memory: for the keys that stand twice, for
everything else that is wrong, and for the rows themselves. A key stays as eight bytes of its hash.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from bot.domain.count import COLUMNS, BadRow, Counted, Fault, RowUnfit, read_row


class Lines(Protocol):
    """A reader of the lines after the header."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class FileUnfit(Exception):
    """The file is no case count: what is wrong with its first line, or where it cannot be read on."""

    def __init__(self, fault: BadRow) -> None:
        super().__init__(fault.fault.value)
        self.fault = fault


@dataclass(frozen=True)
class CountFile:
    """`survey` first; then `faults` names every bad row, and `rows` gives them all once there is none."""

    path: Path
    today: date
    length: int = 0
    twice: frozenset[int] = frozenset()

    def survey(self) -> CountFile:
        """How many rows there are, and which keys stand more than once. Raises FileUnfit, OSError."""
        keys = array("Q", (_mark(cells.get("key", "")) for _, cells in self._lines()))
        length = len(keys)
        ordered = array("Q", sorted(keys))
        again = (a for a, b in pairwise(ordered) if a == b)
        return CountFile(self.path, self.today, length, frozenset(again))

    def faults(self) -> Iterator[list[BadRow]]:
        """Once for each row: what is wrong with it, if anything."""
        seen: set[int] = set()
        for line, cells in self._lines():
            yield [BadRow(line, fault, column) for fault, column in self._wrong_with(cells, seen)]

    def rows(self) -> Iterator[Counted]:
        """Raises RowUnfit if the file has changed since it was looked through."""
        for _, cells in self._lines():
            yield read_row(cells, today=self.today)

    def _wrong_with(self, cells: dict[str, str], seen: set[int]) -> list[tuple[Fault, str]]:
        if "" in cells:
            return [(Fault.EXTRA_COLUMNS, "")]
        if len(cells) < len(COLUMNS):
            return [(Fault.TOO_FEW_CELLS, "")]
        found: list[tuple[Fault, str]] = []
        mark = _mark(cells["key"])
        if mark in self.twice:
            found += [(Fault.KEY_TWICE, "key")] if mark in seen else []
            seen.add(mark)
        try:
            read_row(cells, today=self.today)
        except RowUnfit as unfit:
            found += unfit.faults
        return found

    def _lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and cells by column; cells beyond the last column lie under the empty name."""
        with _opened(self.path) as (reader, names):
            line = 1
            try:
                for row in reader:
                    line = reader.line_num + 1  # the header was read before
                    if any(cell.strip() for cell in row):
                        extra = {"": "x"} if len(row) > len(names) else {}
                        yield line, {n: c.strip() for n, c in zip(names, row, strict=False)} | extra
            except csv.Error as why:
                raise FileUnfit(BadRow(line + 1, Fault.UNREADABLE)) from why


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Lines, list[str]]]:
    """The lines after the header, and the header's names. Raises FileUnfit."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline(10_000)
        separator = max(",;\t", key=first.count)
        names = [name.strip().casefold() for name in next(csv.reader([first], delimiter=separator), [])]
        _check(names)
        yield csv.reader(file, delimiter=separator), names


def _check(names: list[str]) -> None:
    if not any(names):
        raise FileUnfit(BadRow(1, Fault.EMPTY))
    missing = [c for c in COLUMNS if c not in names]
    if missing:
        raise FileUnfit(BadRow(1, Fault.MISSING_COLUMNS, ", ".join(missing)))
    if len(names) > len(COLUMNS):  # R032
        raise FileUnfit(BadRow(1, Fault.EXTRA_COLUMNS))


def _mark(key: str) -> int:
    return int.from_bytes(blake2b(key.casefold().encode(), digest_size=8).digest(), "big")
