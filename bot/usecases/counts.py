"""A case count is brought in, counted, and forgotten after thirty days (R129; the exception to D25)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.count import KEPT_DAYS, Count, Counted
from bot.domain.report import CountNameTaken
from bot.usecases.tools import UseCases

BATCH = 1000
ABANDONED_AFTER = timedelta(hours=1)
"""A count that is not whole by then was cut off, and is removed."""


class Counts(UseCases):
    def bring_in(self, rows: Iterable[Counted], *, name: str, at: datetime) -> Count:
        """Writes the rows a batch at a time, so that nobody waits for all of them; in no report until it is whole.

        Whatever stops it, nothing of it stays. Raises CountNameTaken.
        """
        count = self._begun(name, at)
        try:
            return self._written(count, rows, at)
        except BaseException:
            self._remove(count, at)
            raise

    def is_taken(self, name: str, *, at: datetime) -> bool:
        with self._open_reading(at=at) as work:
            return work.counts.named(name) is not None

    def forget_due(self, at: datetime) -> bool:
        """Counts older than thirty days go, and those that were cut off while they were brought in."""
        with self._open_reading(at=at) as work:
            due = [c for c in work.counts.all() if _is_over(c, at)]
        for count in due:
            self._remove(count, at)
        return bool(due)

    def _begun(self, name: str, at: datetime) -> Count:
        with self._open_work(at=at) as work:
            if work.counts.named(name):
                raise CountNameTaken(name=name)
            return work.counts.add(Count(self._chance.id(), name, at))

    def _written(self, count: Count, rows: Iterable[Counted], at: datetime) -> Count:
        done = 0
        for batch in _batches(rows):
            with self._open_work(at=at) as work:
                work.counts.add_rows(count.id, done + 1, batch)
            done += len(batch)
        whole = replace(count, rows=done, complete=True)
        with self._open_work(at=at) as work:
            work.counts.save(whole)
            work.note("count_brought_in", count=count.id, rows=str(done))
        return whole

    def _remove(self, count: Count, at: datetime) -> None:
        gone = False
        while not gone:
            with self._open_work(at=at) as work:
                gone = work.counts.remove_some(count.id)
                if gone:
                    work.note("count_removed", count=count.id, rows=str(count.rows))


def _is_over(count: Count, at: datetime) -> bool:
    age = at - count.at
    return age > timedelta(days=KEPT_DAYS) or (not count.complete and age > ABANDONED_AFTER)


def _batches(rows: Iterable[Counted]) -> Iterator[list[Counted]]:
    whole = iter(rows)
    while batch := list(islice(whole, BATCH)):
        yield batch
