"""Numbers that are given out one by one, under a row lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage.tables import numbers


def take_numbers(connection: Connection, many: Mapping[str, int]) -> dict[str, Iterator[int]]:
    """Under each name as many of the next numbers as it says; the rows are locked in the order of their names."""
    dialect_insert = insert_pg if connection.dialect.name == "postgresql" else insert_sqlite
    begun = [{"name": name, "next": 1} for name in sorted(many)]
    connection.execute(dialect_insert(numbers).on_conflict_do_nothing(), begun)
    locked = select(numbers).where(numbers.c.name.in_(sorted(many))).order_by(numbers.c.name)
    if connection.dialect.name == "postgresql":
        locked = locked.with_for_update()
    first = {row.name: row.next for row in connection.execute(locked)}
    step = update(numbers).where(numbers.c.name == bindparam("whose")).values(next=bindparam("then"))
    connection.execute(step, [{"whose": name, "then": first[name] + many[name]} for name in sorted(many)])
    return {name: iter(range(first[name], first[name] + many[name])) for name in many}


def take_number(connection: Connection, name: str) -> int:
    """The next number under `name`, from 1; nobody else gets it while this transaction lives."""
    dialect_insert = insert_pg if connection.dialect.name == "postgresql" else insert_sqlite
    connection.execute(dialect_insert(numbers).values(name=name, next=1).on_conflict_do_nothing())
    step = update(numbers).where(numbers.c.name == name).values(next=numbers.c.next + 1)
    taken: int = connection.execute(step.returning(numbers.c.next)).scalar_one()
    return taken - 1
