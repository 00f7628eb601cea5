"""A database that is given out again holds what its template holds, and nothing of the story before."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from storage.engine import Database
from tests.support.databases import Databases
from tests.support.office import OfficeTown
from tests.support.put_back import Content, Visit


def again(databases: Databases, address: str) -> Database:
    databases.take_back(address)
    assert databases.fresh("postgresql", settle=OfficeTown) == address
    return databases.at(address)


def seen(address: str) -> Content:
    visit = Visit(address)
    found = visit.content()
    visit.leave()
    return found


def number(address: str) -> Any:
    with closing(psycopg.connect(address)) as line:
        return line.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()


def pid(database: Database) -> int:
    with database.writing.connect() as line:
        return int(line.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_nothing_of_the_story_before_lives_on(databases: Databases) -> None:
    address = databases.fresh("postgresql", settle=OfficeTown)
    before, database = seen(address), databases.at(address)
    OfficeTown(database).referred()
    with database.writing.begin() as line:
        line.execute(text("SET LOCAL session_replication_role = replica"))
        line.execute(text("UPDATE journal SET act = 'undone'"))
        line.execute(text("DELETE FROM seats"))
    with database.writing.connect() as line:
        line.execute(text("SET lock_timeout = '77ms'"))
        line.execute(text("SELECT pg_advisory_lock(7)"))
        line.commit()
    assert seen(address).prints != before.prints
    mine = pid(database)
    database = again(databases, address)
    assert seen(address) == before
    assert pid(database) == mine
    with database.writing.connect() as line, closing(psycopg.connect(address, autocommit=True)) as other:
        assert line.execute(text("SHOW lock_timeout")).scalar_one() == "1800ms"
        assert other.execute("SELECT pg_try_advisory_lock(7)").fetchone() == (True,)
    database.close()
    databases.take_back(address)


def test_whoever_still_holds_a_line_there_is_cut_off(databases: Databases) -> None:
    address = databases.fresh("postgresql", settle=OfficeTown)
    database, stranger = databases.at(address), psycopg.connect(address)
    stranger.execute("DELETE FROM seats")  # and no commit: it would write on, and holds the rows
    held = database.writing.connect()
    held.execute(text("SELECT 1"))
    database = again(databases, address)
    with pytest.raises(psycopg.OperationalError):
        stranger.execute("SELECT 1")
    with pytest.raises(Exception, match=r"terminat|closed"):
        held.execute(text("SELECT 1"))
    with suppress(Exception):
        held.close()
    assert len(OfficeTown(database, settle=lambda _: None).next_meetings()) == 3
    database.close()
    databases.take_back(address)


@pytest.mark.parametrize(
    "done",
    [
        "CREATE TABLE left_there (id int)",
        "ALTER TABLE journal DISABLE TRIGGER journal_stands",
        "ALTER TABLE people ADD COLUMN left_there int; ALTER TABLE people DROP COLUMN left_there",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 64', current_database()); END $$",
        "INSERT INTO alembic_version SELECT 'v' || n FROM generate_series(1, 2000) n",
    ],
)
def test_what_is_laid_out_otherwise_or_has_grown_is_copied_anew(databases: Databases, done: str) -> None:
    address = databases.fresh("postgresql", settle=OfficeTown)
    before, first = seen(address), number(address)
    with closing(psycopg.connect(address, autocommit=True)) as line:
        line.execute(done)  # type: ignore[call-overload]
    again(databases, address)
    assert seen(address) == before
    assert number(address) != first
    databases.take_back(address)
