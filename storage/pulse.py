"""Whether the database takes a write: one row, counted up."""

from __future__ import annotations

from storage.engine import Database
from storage.numbers import take_number


def beat(database: Database) -> int:
    """Raises DatabaseFault when it does not. A full disk, a read-only copy and a lost line are all found so."""
    with database.turn(), database.writing.begin() as connection:
        return take_number(connection, "pulse")
