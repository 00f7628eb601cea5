"""`indgang keys`: how far a change of keys has come is seen, and a wrong key is stopped at the door."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.commands.plain import said
from bot.domain.case import Reference
from storage.canary import keys_fit
from storage.resealing import PLACES
from storage.sealing import KeyRing, new_key
from storage.unit_of_work import Storage
from tests.support.databases import Databases
from tests.support.rows import AT, Rows

OLD, NEW = new_key(), new_key()


@pytest.fixture(autouse=True)
def _town(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = databases.fresh("sqlite", tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": address,
        "INDGANG_TEAM": "T0NORDRE01",
        "INDGANG_FIRST_ADMINISTRATOR": "U0BO000001",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    _seal_a_number(address)


def test_a_change_of_keys_from_the_command_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INDGANG_KEYS", f"{NEW},{OLD}")
    assert "2 rows would be sealed anew" in run("keys", "reseal", "--dry-run").output
    assert run("keys", "status").output.splitlines() == [
        "Sealed with another key than the first in INDGANG_KEYS:",
        "  1 — the database's own proof that the key is right",
        "  1 — case numbers in the areas' own systems",
        "2 rows to seal anew: run `indgang keys reseal`. Keep every key in INDGANG_KEYS meanwhile.",
    ]
    assert "Done." in run("keys", "reseal").output
    done = "Nothing is to be done: the first key in INDGANG_KEYS has sealed everything.\n"
    kept = (
        "The other keys may leave INDGANG_KEYS. Keep them elsewhere until the backups that need them are gone "
        "(35 days).\n"
    )
    assert run("keys", "status").output == done + kept
    assert "Nothing is left" in run("keys", "reseal").output
    monkeypatch.setenv("INDGANG_KEYS", NEW)
    assert run("keys", "status").output == done


def test_every_table_that_is_sealed_has_words_for_what_is_counted():
    for place in PLACES:
        assert said(f"sealed_{place.table.name}", rows=1).startswith("1 — ")


def test_a_wrong_key_is_stopped_with_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Also where something is only read or laid aside: a backup locked with another key than its rows opens for nobody."""
    monkeypatch.setenv("INDGANG_KEYS", new_key())
    for command in (
        *("serve --with-clock", "keys reseal", "keys status", "backup b.zip", "report status --language en"),
        "import sagstaelling c.csv",
        "plan 26-0001 --as U1 --out p.html --language en",
        "journal holdings 26-0001 --as U1 --out h.json",
    ):
        told = run(*command.split())
        assert (told.exit_code, told.stderr) == (2, f"{said('wrong_keys')}\n"), command
    assert not (tmp_path / "b.zip").exists()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def _seal_a_number(address: str) -> None:
    from storage.engine import Database

    database = Database(address)
    storage = Storage(database, keys=KeyRing.read(OLD), new_id=lambda: "none")
    keys_fit(database, storage.keys)
    case = Rows(storage).case()
    with storage.open_work(at=AT) as work:
        work.cases.put_reference(Reference(case.id, "social", "S2026-004711"))
    database.close()
