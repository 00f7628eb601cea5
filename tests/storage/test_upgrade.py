"""A database comes from nothing to exactly the rows the code knows, on both engines."""

from __future__ import annotations

import threading
from datetime import datetime, time
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, inspect, select, text

from storage.engine import Database, unhurried
from storage.tables import metadata, presentations
from storage.upgrade import FromTheFuture, is_current, upgrade, upgrade_within


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


# --- what migrations fill ---


def before(database: Database, revision: str, **rows: list[dict[str, Any]]) -> None:
    """The database as it was at a revision, with these rows of each table: what is not named is nothing."""
    with database.turn(), database.writing.begin() as connection:
        unhurried(connection)
        upgrade_within(connection, revision)
        then = MetaData()
        then.reflect(connection)
        for name, many in rows.items():
            for row in many:
                nothing = {c.name: NOTHING[c.type.python_type] for c in then.tables[name].c if not c.nullable}
                connection.execute(insert(then.tables[name]).values({**nothing, **row}))


NOTHING: dict[type, Any] = {
    str: "",
    int: 0,
    bool: False,
    dict: {},
    object: {},
    time: time(9),
    datetime: datetime(2026, 11, 2),
}


def column(database: Database, said: str) -> list[Any]:
    with database.reading.connect() as connection:
        return [tuple(row) for row in connection.execute(text(said))]


@pytest.mark.rule("R002")
def test_the_chair_and_the_secretary_hold_their_roles_in_the_one_committee_there_was(empty: Database):
    held = [("chair", ""), ("secretary", ""), ("caseworker", "social"), ("administrator", "")]
    posts = [{"person": "UMAJA", "role": role, "area": area} for role, area in held]
    before(empty, "20261128_0850", people=[{"id": "UMAJA"}], committees=[{"id": "c1"}], posts=posts)
    upgrade(empty)
    named = column(empty, "SELECT role, committee FROM posts ORDER BY role")
    assert named == [("administrator", ""), ("caseworker", ""), ("chair", "c1"), ("secretary", "c1")]


@pytest.mark.rule("R009", "T07")
def test_what_was_under_way_on_a_case_that_was_anchored_anew_goes_where_it_is_anchored(empty: Database):
    states = ["requested", "returned", "referred", "ready", "postponed", "decided", "withdrawn", "declined"]
    person = {"registered_by": "UMAJA", "caseworker": "UMAJA", "committee": "c1", "stage": "active"}
    cases = [{"id": s, "key": s, "alias": s, "area": "youth", **person} for s in [*states, "stayed"]]
    item = {"committee": "c1", "kind": "new", "requested_by": "UMAJA", "version": 3}
    passed_on = {"passed_on_at": "2026-11-20T07:00:00Z", "reason": "kept"}
    items = [{"id": s, "case_id": s, "state": s, "area": "social", "more": passed_on, **item} for s in states]
    items.append({**items[0], "id": "stayed", "case_id": "stayed", "area": "youth"})
    before(
        empty,
        "20261128_0900",
        people=[{"id": "UMAJA"}],
        committees=[{"id": "c1"}],
        cases=cases,
        presentations=items,
    )
    upgrade(empty)
    found = column(empty, "SELECT id, area, version FROM presentations")
    gone_along = [(s, "youth", 4) for s in states[:5]] + [(s, "social", 3) for s in states[5:]]
    assert sorted(found) == sorted([*gone_along, ("stayed", "youth", 3)])
    with empty.reading.connect() as connection:
        kept = connection.execute(select(presentations.c.id, presentations.c.more))
        more = {row.id: row.more for row in kept}
    assert more.pop("requested") == {"reason": "kept"}
    assert all(facts == passed_on for facts in more.values())


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
