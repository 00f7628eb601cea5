"""A database comes from nothing to exactly the rows the code knows, on both engines."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from storage.engine import Database
from storage.tables import metadata
from storage.upgrade import FromTheFuture, is_current, upgrade


@pytest.fixture
def empty(empty_address: str):
    database = Database(empty_address)
    yield database
    database.close()


def test_an_upgrade_from_nothing_leaves_no_difference_to_the_rows(empty: Database):
    upgrade(empty)
    with empty.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_and_partial_indexes_are_those_of_the_rows_too(empty: Database):
    """Alembic's own comparison does not look at checks, nor at what an index leaves out."""
    upgrade(empty)
    upgraded = _everything(empty)
    with empty.turn(), empty.writing.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert upgraded == _everything(empty)


def test_a_database_is_current_only_after_its_upgrade(empty: Database):
    assert not is_current(empty)
    upgrade(empty)
    assert is_current(empty)


def test_a_second_upgrade_changes_nothing(empty: Database):
    upgrade(empty)
    before = _everything(empty)
    upgrade(empty)
    assert _everything(empty) == before


def test_two_processes_may_upgrade_at_once(empty_address: str):
    faults: list[BaseException] = []

    def one_process() -> None:
        database = Database(empty_address)
        try:
            upgrade(database)
        except BaseException as fault:
            faults.append(fault)
        finally:
            database.close()

    both = [threading.Thread(target=one_process) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert faults == []


def test_a_database_from_a_newer_program_is_left_alone(empty: Database):
    upgrade(empty)
    with empty.turn(), empty.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_0000'"))
    assert not is_current(empty)
    with pytest.raises(FromTheFuture):
        upgrade(empty)


def _everything(database: Database) -> dict[str, Any]:
    with database.reading.connect() as connection:
        seen = inspect(connection)
        return {
            table: {
                "columns": sorted(  # a column that came later stands last in the one, in its place in the other
                    (c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)
                ),
                "key": seen.get_pk_constraint(table),
                "references": _in_order(seen.get_foreign_keys(table)),
                "unique": _in_order(seen.get_unique_constraints(table)),
                "checks": _in_order(seen.get_check_constraints(table)),
                "indexes": _in_order(seen.get_indexes(table)),
            }
            for table in seen.get_table_names()
            if table != "alembic_version"
        }


def _in_order(found: Any) -> list[str]:
    return sorted(str(_plain(thing)) for thing in found)


def _plain(found: Any) -> Any:
    """Conditions of indexes come as objects; here they are compared as what they say."""
    if isinstance(found, dict):
        return {name: _plain(found[name]) for name in sorted(found)}
    return str(found)
