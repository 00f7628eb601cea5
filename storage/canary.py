"""A value sealed once for the whole database: whoever cannot open it holds the wrong keys, and is stopped at the door."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage.engine import Database
from storage.sealing import KeyRing, SealBroken
from storage.tables import canaries

_PLACE = {"table": "canaries", "column": "sealed", "row": "key"}
_SAYS = "the key of this database"


class WrongKeys(Exception):
    """The ring does not hold the key this database is sealed with; nothing was changed."""


def keys_fit(database: Database, keys: KeyRing) -> None:
    """The first ring a database meets is its own. Raises WrongKeys."""
    if not keys_known(database, keys):
        _put(database, keys)
        keys_known(database, keys)  # somebody may have put theirs a moment before


def keys_known(database: Database, keys: KeyRing) -> bool:
    """False when the database has met no ring yet. Raises WrongKeys."""
    held = _held(database)
    if held is None:
        return False
    try:
        keys.open(bytes(held), **_PLACE)
    except SealBroken:
        raise WrongKeys from None
    return True


def _held(database: Database) -> bytes | None:
    with database.reading.connect() as connection:
        return connection.execute(select(canaries.c.sealed).where(canaries.c.name == "key")).scalar()


def _put(database: Database, keys: KeyRing) -> None:
    insert = insert_sqlite if database.is_sqlite else insert_pg
    values = {"name": "key", "sealed": keys.seal(_SAYS, **_PLACE)}
    with database.turn(), database.writing.begin() as connection:
        connection.execute(insert(canaries).values(values).on_conflict_do_nothing())
