"""Case counts and their rows: apart from every case, sealed whole, written and read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, insert, select

from bot.domain.count import Count, Counted
from storage.sealing import KeyRing
from storage.shelf import Mapper, Shelf
from storage.tables import count_rows, counts

COUNT = Mapper(counts, Count)
BATCH = 1000


class StoredCounts(Shelf[Count]):
    def __init__(self, connection: Connection, *, locking: bool, keys: KeyRing) -> None:
        super().__init__(connection, COUNT, locking=locking)
        self._keys = keys

    def all(self) -> list[Count]:
        """Newest first; those that are being written too."""
        return self._select(order=(counts.c.at.desc(), counts.c.id))

    def named(self, name: str) -> Count | None:
        found = self._select(counts.c.name == name)
        return found[0] if found else None

    def add_rows(self, count: str, first: int, rows: Sequence[Counted]) -> None:
        """Writes the rows under the numbers from `first`."""
        values = [
            {
                "count_id": count,
                "number": number,
                "sealed": self._keys.seal(
                    row.written(), table="count_rows", column="sealed", row=f"{count}/{number}"
                ),
            }
            for number, row in enumerate(rows, start=first)
        ]
        self._connection.execute(insert(count_rows), values)

    def rows(self, count: str) -> Iterator[Counted]:
        """All rows in their order; a batch in memory at a time."""
        last = 0
        while True:
            query = (
                select(count_rows.c.number, count_rows.c.sealed)
                .where(count_rows.c.count_id == count, count_rows.c.number > last)
                .order_by(count_rows.c.number)
                .limit(BATCH)
            )
            batch = self._connection.execute(query).all()
            for number, sealed in batch:
                place = f"{count}/{number}"
                yield Counted.of(self._keys.open(sealed, table="count_rows", column="sealed", row=place))
            if len(batch) < BATCH:
                return
            last = batch[-1].number

    def remove_some(self, count: str, *, most: int = 10 * BATCH) -> bool:
        """Removes the count, or so many of its rows at first; False while there is more to remove."""
        some = select(count_rows.c.number).where(count_rows.c.count_id == count).limit(most)
        gone = self._connection.execute(
            delete(count_rows).where(
                count_rows.c.count_id == count, count_rows.c.number.in_(some.scalar_subquery())
            )
        ).rowcount
        if gone == most:
            return False
        self._connection.execute(delete(counts).where(counts.c.id == count))
        return True
