"""`indgang backup` and `indgang restore`, as an operator types them: each refusal says what to do, and touches nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import forget_old
from storage.backup import back_up
from storage.only_one import only_one_on
from storage.sealing import KeyRing, new_key
from storage.unit_of_work import Storage
from tests.support.processes import environment, run
from tests.support.rows import Rows

Typed = Callable[..., tuple[int, str]]
TEXT = new_key()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing.read(TEXT)


@pytest.fixture
def typed(database_address: str, storage: Storage, tmp_path: Path) -> Typed:
    """In a town with a case, whose database nobody else has open."""
    Rows(storage).case()
    storage.database.close()

    def type_(*command: str, key: str = TEXT) -> tuple[int, str]:
        return run(list(command), environment(database_address, key=key), tmp_path)

    return type_


def test_there_and_back(typed: Typed):
    code, said = typed("backup", "monday.zip")
    assert (code, said.startswith("monday.zip: ")) == (0, True)
    code, said = typed("restore", "monday.zip")
    assert (code, "--replace" in said) == (2, True)
    code, said = typed("restore", "monday.zip", "--dry-run")
    assert (code, "the restore itself takes --replace" in said) == (0, True), "a dry run takes nothing away"
    assert "It can be restored. Nothing was changed." in said
    code, said = typed("restore", "monday.zip", "--replace")
    assert (code, "`indgang doctor --after-restore`" in said) == (0, True)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_stands_in_the_way_is_said_in_plain_words(typed: Typed, database_address: str, tmp_path: Path):
    typed("backup", "monday.zip")
    nightly = tmp_path / "nightly"
    nightly.mkdir()
    assert typed("backup", "nightly")[0] == 0
    assert [
        re.fullmatch(r"indgang-\d{8}T\d{4}\.zip", file.name) is not None for file in nightly.iterdir()
    ] == [True]
    (tmp_path / "note.txt").write_text("no backup")
    with only_one_on(database_address):
        served = typed("restore", "monday.zip", "--replace")
    answers = [
        typed("backup", "monday.zip"),
        typed("backup", "nowhere/monday.zip"),
        typed("restore", "gone.zip", "--replace"),
        typed("restore", "note.txt", "--replace"),
        typed("restore", "monday.zip", "--replace", key=new_key()),
        served,
    ]
    assert [code for code, _ in answers] == [2] * 6
    assert [said[:38] for _, said in answers] == [
        "monday.zip lies there already, and a backup never overwrites another."[:38],
        "nowhere/monday.zip cannot be written or"[:38],
        "gone.zip cannot be written or read (the file or its folder is not there)"[:38],
        "note.txt is not a backup of Én Indgang,"[:38],
        "monday.zip was sealed with keys that INDGANG_KEYS"[:38],
        "The bot, or another restore, has this database"[:38],
    ]
    assert "Traceback" not in "".join(said for _, said in answers)


@pytest.mark.rule("D27")
@pytest.mark.parametrize("engine", ["sqlite"])
def test_backups_are_gone_after_so_many_days_and_nothing_else_is(
    typed: Typed, keys: KeyRing, storage: Storage, tmp_path: Path
):
    """Also those whose keys are gone: what has been forgotten must not live on in them."""
    now = datetime.now(UTC)
    others = KeyRing.read(new_key())
    copies = (("old", 36, keys), ("older", 40, others), *((f"young{n}", 30 + n, keys) for n in range(3)))
    for name, days, ring in copies:
        back_up(storage.database, tmp_path / f"{name}.zip", keys=ring, program="1", now=_days_ago(now, days))
    storage.database.close()
    (tmp_path / "letters.zip").write_text("no backup")
    (tmp_path / "another's.zip").symlink_to("nowhere")
    code, said = typed("backup", "today.zip", "--keep-days", "35")
    assert (code, said.count("is deleted")) == (0, 2)
    assert (
        "another's.zip cannot be read or deleted (No such file or directory), and is left as it is." in said
    )
    left = {path.name for path in tmp_path.glob("*.zip")}
    assert left == {"young0.zip", "young1.zip", "young2.zip", "letters.zip", "another's.zip", "today.zip"}


@pytest.mark.rule("D27")
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_clock_that_is_wrong_never_takes_all_backups(keys: KeyRing, storage: Storage, tmp_path: Path):
    """One year ahead every other copy is old; back in time, none is."""
    now = datetime.now(UTC)
    for days in range(5):
        back_up(
            storage.database, tmp_path / f"{days}.zip", keys=keys, program="1", now=_days_ago(now, 400 + days)
        )
    new = tmp_path / "new.zip"
    back_up(storage.database, new, keys=keys, program="1", now=lambda: now)
    before = now - timedelta(days=35)
    back = forget_old(tmp_path, before=before, now=now - timedelta(days=402), new=new)
    assert (back.gone, back.ahead) == ([], tmp_path / "0.zip")
    ahead = forget_old(tmp_path, before=before, now=now, new=new)
    assert sorted(path.stem for path in ahead.gone) == ["3", "4"]
    assert sorted(path.stem for path in ahead.stay) == ["0", "1", "2"]


def _days_ago(now: datetime, days: int) -> Callable[[], datetime]:
    return lambda: now - timedelta(days=days)
