"""Many notices at once: a morning's reminders are a handful of statements, however many they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.notices import MEANT_FOR, WITH, Notice, NoticeState
from bot.log import request_now
from storage.hearers import Hearers
from storage.numbers import take_numbers
from storage.tables import notices, restores

NOWHERE = "-"
"""Whom something is put aside for that is never sent."""

ASIDE = "marker"

UNSURE_FOR = timedelta(days=30)
"""After a restore; the clock catches up with no more than three weeks."""
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
AT_ONCE = 500
"""Keys in one question: both databases take more, and gain nothing by it."""


class NoticesAtOnce(ABC):
    """What an outbox does with many; `StoredNotices` does it with one."""

    _connection: Connection
    _locking: bool
    _at: datetime
    _by_clock: bool
    _new_id: Any
    _wake: Any
    hearers: Hearers
    _fresh: dict[str, Notice]

    @abstractmethod
    def tell(self, notice: Notice) -> None:
        """One, as `StoredNotices` does it."""

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that have been told or put aside."""
        found = {key for key in keys if key in self._fresh}
        for some in _some(keys):
            query = select(notices.c.key).where(notices.c.key.in_(some))
            found |= set(self._connection.execute(query).scalars())
        return frozenset(found)

    def put_aside(self, many: Sequence[Notice]) -> None:
        """Written down once by their keys, and never sent."""
        self._write([replace(n, state=NoticeState.CANCELLED) for n in self._new(many)])

    def tell_all(self, many: Sequence[Notice]) -> None:
        """As `tell`, one after the other; what has been told before is found in one question."""
        for notice in self._new(many):
            heard = self.hearers.heard_by(notice)
            if heard != notice or self.hearers.has_heard(heard, told_now=self._fresh.values()):
                self.tell(notice)
            else:
                self._fresh[notice.key] = self._written(notice, notice.seq)
                self._wake()

    def tell_together(self, many: Sequence[Notice]) -> None:
        """As `tell`, each about an item; those that reach the same person are one message under the first one's key.

        The other keys are put aside: they have been told.
        """
        groups: dict[Any, list[Notice]] = {}
        for notice in self._new(many):
            heard = self.hearers.heard_by(notice)
            groups.setdefault((heard.to, heard.kind, heard.not_before), []).append(heard)
        for first, *others in groups.values():
            self.tell(_joined(first, others))
            aside = [Notice(n.key, ASIDE, NOWHERE) for n in others]
            self.put_aside(aside)

    def _new(self, many: Sequence[Notice]) -> list[Notice]:
        known = self.known([n.key for n in many])
        return [n for n in {n.key: n for n in many}.values() if n.key not in known]

    def _write(self, many: Sequence[Notice]) -> None:
        if not many:
            return
        streams = Counter(f"stream:{n.to}" for n in many)
        given = take_numbers(self._connection, streams)
        rows = [self._row(n, next(given[f"stream:{n.to}"])) for n in many]
        rows.sort(key=lambda row: str(row["key"]))
        dialect_insert = insert_pg if self._locking else insert_sqlite
        self._connection.execute(dialect_insert(notices).on_conflict_do_nothing(index_elements=["key"]), rows)

    def _row(self, notice: Notice, seq: int) -> dict[str, Any]:
        written = self._written(notice, seq)
        return {**vars(written), "state": written.state.value}

    def _written(self, notice: Notice, seq: int) -> Notice:
        """What the clock tells is known in Slack by its key; what a person asks for is new each time."""
        named = notice.id or (mark_of(notice.key) if self._by_clock else self._new_id())
        since = None if notice.to == NOWHERE else self._look_since
        asked = notice.request or request_now()
        return replace(notice, id=named, seq=seq, created_at=self._at, look_since=since, request=asked)

    @cached_property
    def _look_since(self) -> datetime | None:
        """For a while after a restore, what the clock tells may have been told already by a database that is gone.

        What a person asks for is new, and is told anew.
        """
        if not self._by_clock:
            return None
        latest = select(restores.c.taken_at, restores.c.restored_at).order_by(restores.c.restored_at.desc())
        row = self._connection.execute(latest.limit(1)).first()
        return row.taken_at if row and self._at < row.restored_at + UNSURE_FOR else None


def _joined(first: Notice, others: Sequence[Notice]) -> Notice:
    """Of all of them; whom it was meant for only when that is one person."""
    about = dict.fromkeys(id for n in (first, *others) for id in n.presentations)  # noqa: A001
    facts = dict(first.facts)
    if len(about) > 1:
        facts[WITH] = ",".join(list(about)[1:])
    if len({n.facts.get(MEANT_FOR) for n in (first, *others)}) > 1:
        facts.pop(MEANT_FOR, None)
    return replace(first, facts=facts)


def mark_of(key: str) -> str:
    """The same for the same message whenever it is told: what a lost database has sent is found again in Slack by it.

    26 letters and no digits, as our ids have: it looks like nobody's number, and says nothing.
    """
    number, mark = int.from_bytes(sha256(key.encode()).digest(), "big"), ""
    for _ in range(26):
        number, letter = divmod(number, len(_LETTERS))
        mark += _LETTERS[letter]
    return mark


def _some(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))
