"""What runs all day has a role that cannot change the journal, and can do everything else (docs/operations.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from bot.usecases.session_facts import ItemView
from storage.backup import back_up
from storage.engine import Database
from storage.journal import StoredJournal
from storage.restore import restore
from storage.rights import Right, rights
from storage.sealing import KeyRing
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.rows import AT

DOCS = Path(__file__).resolve().parents[2] / "docs/operations.md"
ROLE = "indgang_run"


@dataclass
class Roles:
    """One database, as its owner and as what runs all day."""

    owner: Database
    narrow: Database


def documented() -> list[str]:
    (block,) = re.findall(r"```sql\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return [statement.strip() for statement in block.split(";") if statement.strip()]


@pytest.fixture(scope="module")
def roles(databases: Databases) -> Iterator[Roles]:
    address = databases.fresh("postgresql")
    owner = Database(address)
    with owner.writing.begin() as connection:
        for statement in documented():
            connection.execute(text(statement))
    narrow = make_url(address).set(username=ROLE, password=None)
    found = Roles(owner, Database(narrow.render_as_string(hide_password=False)))
    yield found
    found.narrow.close()
    with owner.writing.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
        connection.execute(text(f"DROP ROLE {ROLE}"))
    owner.close()


def test_a_week_is_lived_with_the_narrow_role(roles: Roles) -> None:
    town = OfficeTown(roles.narrow)
    active_case(town)
    item = town.referred(meeting=town.next_meetings(1)[0].id)
    for clock in (time(8, 0), time(12, 0)):
        town.jump_to(town.today, clock)
        town.knock()
    meeting = town.next_meetings(1)[0]
    town.jump_to(meeting.day, time(9, 0))
    town.knock()
    page = town.office.sessions.start(town.asked("Lone Ager"), meeting.id, attending=("U0HENRIK01",))
    assert isinstance(page, ItemView) and page.presentation.id == item.id
    town.jump(days=15)
    town.office.retention.clear_due(town.clock.at)
    assert town.office.journal_watch.look_through(town.clock.at).whole


FORBIDDEN = (
    "UPDATE journal SET act = 'nothing'",
    "DELETE FROM journal",
    "DELETE FROM journal_links",
    "UPDATE journal_links SET print = ''",
    "UPDATE journal_checks SET fault = NULL",
    "TRUNCATE journal CASCADE",
    "ALTER TABLE journal DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_stands ON journal",
    "CREATE OR REPLACE FUNCTION the_journal_stands() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "DROP TABLE journal CASCADE",
    "CREATE TABLE mine (a int)",
    "UPDATE alembic_version SET version_num = ''",
)


@pytest.mark.rule("D12")
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_journal_is_out_of_its_reach(roles: Roles, statement: str) -> None:
    """Refused as a right it has not, before any trigger is asked."""
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        roles.narrow.writing.begin() as connection,
    ):
        connection.execute(text(statement))


@pytest.mark.rule("D12")
def test_taking_off_what_is_old_takes_the_owner(roles: Roles) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"must be owner"),
        roles.narrow.writing.begin() as connection,
    ):
        StoredJournal(connection, locking=True).take_off(1)


@pytest.mark.rule("D12")
def test_a_restore_gives_it_no_right_that_was_taken_from_it(
    roles: Roles, keys: KeyRing, tmp_path: Path
) -> None:
    """The tables are laid out anew, where the usual is that it may do all in them."""
    with roles.owner.reading.connect() as connection:
        before = rights(connection)
    back_up(roles.owner, tmp_path / "b.zip", keys=keys, program="1", now=lambda: AT)
    restore(roles.owner, tmp_path / "b.zip", keys=keys, replace=True, at=AT)
    with roles.owner.reading.connect() as connection:
        assert rights(connection) == before
    assert {right.may for right in before["TABLE journal_checks"]} == {"SELECT", "INSERT"}
    test_the_journal_is_out_of_its_reach(roles, "DELETE FROM journal_checks")


@pytest.mark.rule("D12")
def test_rights_are_known_in_a_schema_of_any_name(roles: Roles) -> None:
    with roles.owner.writing.connect() as connection, connection.begin() as undone:
        for statement in (
            'CREATE SCHEMA "Min Egen"',
            'SET LOCAL search_path TO "Min Egen"',
            "CREATE TABLE mine (a int)",
            f"GRANT SELECT ON mine TO {ROLE}",
        ):
            connection.execute(text(statement))
        assert rights(connection) == {"TABLE mine": {Right("SELECT", passes_on=False, who=ROLE)}}
        undone.rollback()


def test_a_new_table_is_its_own_to_write_in_without_another_word(roles: Roles) -> None:
    with roles.owner.writing.begin() as connection:
        connection.execute(text("CREATE TABLE later (a serial PRIMARY KEY, b int)"))
    with roles.narrow.writing.begin() as connection:
        connection.execute(text("INSERT INTO later (b) VALUES (1)"))
        connection.execute(text("UPDATE later SET b = 2"))
        assert connection.execute(text("DELETE FROM later RETURNING b")).scalar_one() == 2
