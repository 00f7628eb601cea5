"""Numbers that are given out one by one, under a row lock."""

from __future__ import annotations

from sqlalchemy import Connection, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage.tables import numbers


def take_number(connection: Connection, name: str) -> int:
    """The next number under `name`, from 1; nobody else gets it while this transaction lives."""
    dialect_insert = insert_pg if connection.dialect.name == "postgresql" else insert_sqlite
    connection.execute(dialect_insert(numbers).values(name=name, next=1).on_conflict_do_nothing())
    step = update(numbers).where(numbers.c.name == name).values(next=numbers.c.next + 1)
    taken: int = connection.execute(step.returning(numbers.c.next)).scalar_one()
    return taken - 1
