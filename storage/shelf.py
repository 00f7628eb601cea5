"""A shelf keeps one kind of thing: domain in, domain out; rows never leave this folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.meeting import ChangedMeanwhile
from bot.domain.money import Kroner
from bot.usecases.left_out import Unreadable, left_out
from bot.usecases.ports import NotHere
from storage.memory import Memory

T = TypeVar("T")


AT_ONCE = 1_000
"""Cases in one question: both databases take many more, and gain nothing by it."""


class Mapper(Generic[T]):
    """A frozen dataclass beside its table: fields with a column of their own, money as øre, the rest in `more`."""

    def __init__(self, table: Table, kind: type[T]) -> None:
        self.table, self.kind = table, kind
        self._names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
        self._plain = [n for n in self._names if n in table.c]
        self._money = [n for n in self._names if f"{n}_ore" in table.c]
        self._more = [n for n in self._names if n not in self._plain and n not in self._money]
        self.adding = insert(table)
        self.changing = (
            update(table).where(table.c.id == bindparam("the_id")) if "id" in table.c else update(table)
        )
        if "version" in table.c:
            self.changing = self.changing.where(table.c.version == bindparam("known"))
        self.finding = (
            select(table).where(table.c.id == bindparam("the_id")) if "id" in table.c else select(table)
        )
        self.holding = self.finding.with_for_update()

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self.kind)

    def row(self, thing: T) -> dict[str, Any]:
        row: dict[str, Any] = {n: _plain(getattr(thing, n)) for n in self._plain}
        row |= {f"{n}_ore": getattr(thing, n).ore for n in self._money}
        if "more" in self.table.c:
            whole = self._adapter.dump_python(thing, mode="json")
            row["more"] = {n: whole[n] for n in self._more}
        return row

    def thing(self, row: Row[Any]) -> T:
        found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        values = {n: found[n] for n in self._plain}
        values |= {n: Kroner(found[f"{n}_ore"]) for n in self._money}
        return self._adapter.validate_python({**found.get("more", {}), **values})

    def read(self, row: Row[Any]) -> T:
        """Raises Unreadable for a case's row that does not hang together."""
        try:
            return self.thing(row)
        except TORN as why:
            raise _unreadable(self.table, row, why) from why


TORN = (ValueError, TypeError, LookupError, AttributeError)
"""What a row makes that somebody has written beside us, or a disk has changed."""


def whose(table: Table, row: Row[Any]) -> str | None:
    """The case a row belongs to; None for what is no case's."""
    column = "id" if table.name == "cases" else "case_id"
    return getattr(row, column) if column in table.c else None


def _unreadable(table: Table, row: Row[Any], why: Exception) -> Exception:
    case = whose(table, row)
    return why if case is None else Unreadable(case, table.name, str(row.id))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


class Shelf(Generic[T]):
    """Adds, gets and saves one kind of aggregate by its id; a save on top of somebody else's is refused."""

    def __init__(self, connection: Connection, mapper: Mapper[T], *, locking: bool) -> None:
        self._connection, self._mapper, self._locking = connection, mapper, locking
        self._table = mapper.table
        self._found: dict[str, T | None] | None = None
        self._memory = Memory()
        self._dropped: dict[str, str] = {}  # what belongs to a case that is left out -> that case

    def remember(self) -> None:
        """For a reading, which sees one moment: what has been found is not asked for again."""
        self._found = {}
        self._memory.begin()

    def add(self, thing: T) -> T:
        self._connection.execute(self._mapper.adding, self._mapper.row(thing))
        return thing

    def add_once(self, thing: T) -> bool:
        """False where somebody has added what may be there only once, a moment ago too: two clocks begin together."""
        dialect_insert = insert_pg if self._connection.dialect.name == "postgresql" else insert_sqlite
        adding = dialect_insert(self._table).on_conflict_do_nothing().returning(self._table.c.id)
        return self._connection.execute(adding, self._mapper.row(thing)).first() is not None

    def find(self, id: str, *, lock: bool = False) -> T | None:  # noqa: A002 - every thing has an id
        if self._found is not None and id in self._found:
            return self._found[id]
        query = self._mapper.holding if lock and self._locking else self._mapper.finding
        thing = next(iter(self._things(query, {"the_id": id})), None)
        self.expect_kept(id)
        if self._found is not None:
            self._found[id] = thing
        return thing

    def expect_kept(self, id: str) -> None:  # noqa: A002
        """Raises Unreadable for what was found, and belongs to a case that is left out."""
        if id in self._dropped:
            raise Unreadable(self._dropped[id], self._table.name, id)

    def gather(self, ids: Iterable[str | None]) -> None:
        """Finds these at once, so that a reading need not ask for each."""
        if self._found is None:
            return
        new = [one for one in dict.fromkeys(ids) if one is not None and one not in self._found]
        if new:
            self._select(self._table.c.id.in_(new))
            self._found |= dict.fromkeys(id for id in new if id not in self._found | self._dropped)  # noqa: A001

    def _by_case(
        self, question: str, cases: Iterable[str], *conditions: ColumnElement[bool], order: tuple[Any, ...]
    ) -> list[T]:
        """What belongs to these cases, in order; a reading asks for each case once, and for many at once."""
        ids, column = list(cases), self._table.c.case_id
        if not self._memory.on:
            return self._select(column.in_(ids), *conditions, order=order)

        def find(new: list[str]) -> Iterator[tuple[str, T]]:
            for first in range(0, len(new), AT_ONCE):
                some = column.in_(new[first : first + AT_ONCE])
                for thing in self._select(some, *conditions, order=order):
                    yield thing.case_id, thing  # type: ignore[attr-defined]

        self._memory.gather(question, ids, find)
        none: list[T] = []
        found = [thing for case in ids for thing in self._memory.ask(question, case, lambda: none)]
        return sorted(found, key=lambda thing: tuple(getattr(thing, c.name) for c in order))

    def get(self, id: str, *, lock: bool = False) -> T:  # noqa: A002
        """Raises NotHere."""
        thing = self.find(id, lock=lock)
        if thing is None:
            raise NotHere(self._table.name)
        return thing

    def save(self, thing: T) -> T:
        """Raises ChangedMeanwhile if somebody saved another version since this one was read."""
        if "version" not in self._table.c:
            self._update(thing)
            return thing
        known = thing.version  # type: ignore[attr-defined]
        saved = replace(thing, version=known + 1)  # type: ignore[type-var]
        if not self._update(saved, known=known):
            raise ChangedMeanwhile
        return saved

    def _update(self, thing: T, **known: int) -> bool:
        row = {**self._mapper.row(thing), "the_id": thing.id, **known}  # type: ignore[attr-defined]
        return self._connection.execute(self._mapper.changing, row).rowcount == 1

    def _select(self, *conditions: ColumnElement[bool], order: Any = (), lock: bool = False) -> list[T]:
        query: Select[Any] = select(self._table).where(*conditions).order_by(*_tuple(order))
        if lock and self._locking:
            query = query.with_for_update()
        return self._ask(query)

    def _ask(self, query: Select[Any], **values: Any) -> list[T]:
        """For a question that was put together before, with what it is asked about."""
        found = self._things(query, values)
        if self._found is not None:
            self._found |= {thing.id: thing for thing in found}  # type: ignore[attr-defined]
        return found

    def _things(self, query: Select[Any], values: dict[str, Any] | None = None) -> list[T]:
        """All but what belongs to a case that is left out. Raises Unreadable."""
        left, values = left_out(), values or {}
        try:
            rows = self._connection.execute(query, values).all()
        except ValueError:  # SQLite gives a column back that is no JSON, or no time
            rows = self._row_by_row(query, values)
        if left:
            gone = {row.id: case for row in rows if (case := whose(self._table, row)) and case in left}
            self._dropped |= gone
            rows = [row for row in rows if row.id not in gone]
        return [self._mapper.read(row) for row in rows]

    def _row_by_row(self, query: Select[Any], values: dict[str, Any]) -> list[Row[Any]]:
        """The same rows, each asked for alone, so that it is known which of them does not come. Raises Unreadable."""
        columns = (self._table.c.id, *(c for c in self._table.c if c.name == "case_id"))
        found: list[Row[Any]] = []
        for place in self._connection.execute(query.with_only_columns(*columns), values).all():
            if whose(self._table, place) in left_out():
                self._dropped[place.id] = str(whose(self._table, place))
                continue
            try:
                found += self._connection.execute(
                    select(self._table).where(self._table.c.id == place.id)
                ).all()
            except ValueError as why:
                raise _unreadable(self._table, place, why) from why
        return found


def _tuple(order: Any) -> tuple[Any, ...]:
    return order if isinstance(order, tuple) else (order,)
