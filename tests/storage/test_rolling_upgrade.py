"""Upgrades with the previous version alive: one migrates, the others wait; what is added disturbs nobody."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, delete, insert, inspect, select, text

from storage import upgrade as upgrading
from storage.engine import Database, unhurried
from storage.sealing import KeyRing
from storage.tables import schema_steps
from storage.unit_of_work import Storage
from storage.upgrade import Standing, UpgradeWaits, standing, upgrade, upgrade_within
from tests.support.processes import environment, run, start
from tests.support.rows import Rows, a_frame, a_meeting, a_presentation, a_task, an_entry

SCRIPTS = ScriptDirectory.from_config(upgrading._alembic())
NEWEST = SCRIPTS.get_current_head()
STEPS = [s for s in SCRIPTS.walk_revisions() if s.down_revision]


@pytest.fixture
def empty(empty_address: str) -> Iterator[Database]:
    database = Database(empty_address)
    yield database
    database.close()


def test_three_replicas_that_migrate_at_once_all_succeed(empty_address: str, tmp_path: Path):
    env = environment(empty_address)
    racing = [start(["migrate"], env, tmp_path) for _ in range(3)]
    assert [p.ends() for p in racing] == [(0, "The database is up to date.\n")] * 3
    database = Database(empty_address)
    assert standing(database) is Standing.CURRENT
    database.close()


def test_an_upgrade_killed_in_the_middle_goes_on_from_there(empty: Database):
    """At each migration in turn: the child dies with its work done and not committed."""
    for script in reversed(list(SCRIPTS.walk_revisions())):
        child = os.fork()
        if child == 0:
            _die_within(script.revision, empty.address)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert standing(empty) is Standing.BEHIND
    upgrade(empty)
    assert standing(empty) is Standing.CURRENT


def _die_within(revision: str, address: str) -> None:
    database = Database(address)
    remember = upgrading._remember_step

    def die(**told: Any) -> None:
        remember(**told)
        if told["step"].up_revision_id == revision:
            os.kill(os.getpid(), signal.SIGKILL)

    upgrading._remember_step = die
    upgrade(database)
    os._exit(1)


def test_who_reads_for_long_is_waited_for_and_then_named_in_plain_words(
    databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(upgrading, "_WAIT", 0.3)
    monkeypatch.setattr(upgrading, "_A_TABLE", "50ms")
    address = databases.postgres.empty()
    database = Database(address)
    with database.writing.begin() as connection:
        upgrade_within(connection, "20261128_0320")  # the one after it changes this table
    with database.reading.connect() as reader:
        reader.execute(text("LOCK TABLE notices IN ACCESS SHARE MODE"))
        with pytest.raises(UpgradeWaits):
            upgrade(database)
        assert standing(database) is Standing.BEHIND
    upgrade(database)
    assert standing(database) is Standing.CURRENT
    database.close()
    databases.take_back(address)


# --- the previous version runs on ---


def test_a_newer_database_that_was_only_added_to_is_served_on(database: Database):
    _newer(database, contracts=False)
    assert standing(database) is Standing.AHEAD_AND_FITS
    upgrade(database)  # a replica that starts anew migrates to no avail, and all is well
    assert standing(database) is Standing.AHEAD_AND_FITS


def test_a_newer_database_that_lost_something_is_refused(database: Database):
    _newer(database, contracts=True)
    assert standing(database) is Standing.FROM_THE_FUTURE


def test_two_steps_ahead_fit_only_when_both_added(database: Database):
    _newer(database, contracts=True)
    _newer(database, contracts=False, revision="20991231_0001", before="20991231_0000")
    assert standing(database) is Standing.FROM_THE_FUTURE


def _newer(
    database: Database, *, contracts: bool, revision: str = "20991231_0000", before: str | None = NEWEST
) -> None:
    """As a newer program's upgrade leaves it."""
    from tests.support.rows import AT

    with database.turn(), database.writing.begin() as connection:
        connection.execute(
            insert(schema_steps).values(revision=revision, before=before, contracts=contracts, at=AT)
        )
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_nobody_serves_a_database_that_has_not_been_migrated(empty_address: str, tmp_path: Path):
    serve = ["serve", "--with-clock"]
    code, said = run(serve, environment(empty_address), tmp_path)
    assert (code, "run `indgang migrate`" in said) == (2, True)


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.revision)
def test_a_migration_only_adds_or_says_that_it_takes_away(step: Any, empty: Database):
    """What the previous version reads and writes is there after it, with the same types, and nothing new is demanded."""
    with empty.turn(), empty.writing.begin() as connection:
        unhurried(connection)
        upgrade_within(connection, str(step.down_revision))
        before = _demands(connection)
        upgrade_within(connection, step.revision)
        after = _demands(connection)
    lost = [f"{table}.{name}" for table, name in before["columns"] if (table, name) not in after["columns"]]
    changed = [k for k, v in before["columns"].items() if after["columns"].get(k, v) != v]
    new_here = set(after["columns"]) - set(before["columns"])
    demanded = [c for c in after["demanded"] if c in new_here and c[0] in before["tables"]]
    forbidden = [
        r for r in after["rules"] - before["rules"] if r[0] in before["tables"] and _binds(r, new_here)
    ]
    only_adds = not (lost or changed or demanded or forbidden)
    assert only_adds or getattr(step.module, "contracts", False), (lost, changed, demanded, forbidden)


def _demands(connection: Connection) -> dict[str, Any]:
    seen = inspect(connection)
    tables = set(seen.get_table_names())
    columns = {(t, c["name"]): c for t in tables for c in seen.get_columns(t)}
    return {
        "tables": tables,
        "columns": {name: (str(c["type"]), c["nullable"]) for name, c in columns.items()},
        "demanded": [n for n, c in columns.items() if not c["nullable"] and c["default"] is None],
        "rules": {
            (t, kind, str(rule.get("name")), _speaks_of(rule))
            for t in tables
            for kind, found in (
                ("unique", seen.get_unique_constraints(t)),
                ("unique", [i for i in seen.get_indexes(t) if i["unique"]]),
                ("check", seen.get_check_constraints(t)),
                ("reference", seen.get_foreign_keys(t)),
            )
            for rule in found
        },
    }


def _speaks_of(rule: Any) -> str:
    return str(rule.get("constrained_columns") or rule.get("column_names") or rule.get("sqltext"))


def _binds(rule: tuple[str, str, str, str], new_here: set[tuple[str, str]]) -> bool:
    """A rule about a new column leaves alone who leaves the column empty."""
    table, _, _, speaks_of = rule
    return not any(column in speaks_of for there, column in new_here if there == table)


def test_the_previous_version_still_writes_every_row_it_knows(database: Database, keys: KeyRing):
    """Each kind of row of a filled town is written again with only the columns the previous version had."""
    _fill(Storage(database, keys=keys, new_id=iter(f"n-{i}" for i in range(99)).__next__))
    old = _columns_before_the_newest(database)
    with database.turn(), database.writing.begin() as connection:
        _let_references_be(connection)
        now = MetaData()
        now.reflect(connection)
        written = [t for t in now.sorted_tables if t.name in old and _again(connection, t, old[t.name])]
    assert {t.name for t in written} >= {"people", "cases", "presentations", "frames", "entries", "notices"}


def _columns_before_the_newest(database: Database) -> dict[str, set[str]]:
    """Read from a schema laid out beside the other, and undone."""
    found = MetaData()
    with database.turn(), database.writing.connect() as connection:
        connection.execute(text("SELECT 1"))
        everything = MetaData()
        everything.reflect(connection)
        everything.drop_all(connection)
        upgrade_within(connection, str(STEPS[0].down_revision))
        found.reflect(connection)
        connection.rollback()
    return {t.name: {c.name for c in t.columns} for t in found.sorted_tables if t.name != "alembic_version"}


def _again(connection: Connection, table: Table, old: set[str]) -> bool:
    row = connection.execute(select(table).limit(1)).mappings().first()
    if row is None or table.name in ("journal", "journal_links"):  # the database lets nobody take those out
        return False
    mine = [column == row[column.name] for column in table.primary_key]
    assert connection.execute(delete(table).where(*mine)).rowcount == 1
    connection.execute(insert(table).values({name: row[name] for name in old}))
    return True


def _let_references_be(connection: Connection) -> None:
    """A row is taken out for a moment; what refers to it finds it again at the end."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def _fill(storage: Storage) -> None:
    from bot.domain.notices import Notice

    town = Rows(storage)
    town.seat("UMAJA")
    case = town.case(id="case")
    with storage.open_work(at=town_at()) as work:
        work.meetings.add(a_meeting())
        work.presentations.add(a_presentation(case_id=case.id, meeting_id="meeting"))
        work.frames.add(a_frame(case_id=case.id))
        work.frames.add_entry(an_entry())
        work.tasks.add(a_task(case_id=case.id))
        work.notices.tell(Notice("overview:1:UMAJA", "overview", "UMAJA"))
        work.note("case_registered", case=case.id)


def town_at() -> Any:
    from tests.support.rows import AT

    return AT
