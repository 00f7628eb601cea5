"""A database that is damaged, or a role that may not: each command says it in a sentence, and never in the library's words."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import StatementError

from bot import metrics
from bot.__main__ import demo, sandbox
from bot.clocks import SandboxClock
from bot.commands.backups import backup
from bot.commands.manifest import manifest
from bot.commands.plain import (
    FELL,
    UNFORESEEN,
    Language,
    diagnosed,
    in_plain_words,
    said,
    without_its_words,
    write_out,
)
from storage.backup import back_up
from storage.engine import Database
from storage.only_one import only_one_on
from storage.sealing import KeyRing, new_key
from storage.upgrade import Behind, demand_fit, upgrade
from tests.support.databases import Databases
from tests.support.processes import environment, run

ROLE = "indgang_may_nothing"


def told(command: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended, in_plain_words():
        command()
    return ended.value.code, capsys.readouterr().err.strip()


@pytest.mark.parametrize("where", [0, 16, 100])
def test_a_damaged_file_is_called_damaged(
    databases: Databases, tmp_path: Path, where: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """From its first byte on, after its name, or after its head: each is found by another of SQLite's looks."""
    address = databases.fresh("sqlite", tmp_path)
    file = Path(address.removeprefix("sqlite:///"))
    file.write_bytes(file.read_bytes()[:where] + os.urandom(20_000))
    database = Database(address)
    for command in (lambda: upgrade(database), lambda: demand_fit(database)):
        assert told(command, capsys) == (2, diagnosed("database_damaged"))
    database.close()


def test_a_command_ends_by_that_sentence(tmp_path: Path) -> None:
    (tmp_path / "town.db").write_bytes(b"SQLite format 3\x00" + os.urandom(20_000))
    code, said = run(["outbox", "list"], environment(f"sqlite:///{tmp_path}/town.db"), tmp_path)
    assert (code, said.splitlines()) == (2, [diagnosed("database_damaged")])


@pytest.fixture
def narrow(databases: Databases) -> Iterator[str]:
    """The address by which a role without any right knows a database that is up to date."""
    address = databases.fresh("postgresql", Path())
    owner = Database(address)
    with owner.writing.begin() as connection:
        if not connection.execute(text(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")).scalar():
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    owner.close()
    return make_url(address).set(username=ROLE, password=None).render_as_string(hide_password=False)


def test_a_role_without_rights_is_told_which_role_does_what(
    narrow: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, keys = Database(narrow), KeyRing.read(new_key())

    def back_it_up() -> None:
        back_up(database, tmp_path / "b.zip", keys=keys, program="1", now=lambda: datetime.now(UTC))

    for command in (lambda: upgrade(database), lambda: demand_fit(database), back_it_up):
        assert told(command, capsys) == (2, said("not_its_role"))
    database.close()
    assert not (tmp_path / "b.zip").exists()


def test_what_nobody_foresaw_leaves_its_kind_and_place_and_none_of_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    with pytest.raises(SystemExit) as ended, without_its_words():
        raise ValueError("010190-1234 skrev dette")
    line, sentence = capsys.readouterr().err.splitlines()
    assert (ended.value.code, sentence) == (FELL, UNFORESEEN["en"])
    assert {n: v for n, v in json.loads(line).items() if n != "time"} == {
        "event": "unforeseen", "level": "error", "error": "ValueError", "where": json.loads(line)["where"]
    }  # fmt: skip


def test_a_database_that_somebody_has_to_themselves_is_not_said_to_be_away(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = databases.fresh("sqlite", tmp_path)
    theirs, ours = Database(address), Database(address)
    with theirs.writing.begin():
        assert told(lambda: ours.writing.begin().__enter__(), capsys) == (2, diagnosed("database_held"))
    theirs.close(), ours.close()


def test_ctrl_c_before_a_command_has_begun_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    with pytest.raises(SystemExit) as ended, without_its_words():
        raise KeyboardInterrupt
    assert ended.value.code == 130


def test_ctrl_c_that_comes_wrapped_in_a_fault_of_the_database_is_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), in_plain_words():
        raise StatementError("", "SELECT 1", {}, KeyboardInterrupt())


def test_a_full_disk_under_the_database_is_said_to_be_that(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(databases.fresh("sqlite", tmp_path))

    def grow() -> None:
        with database.writing.begin() as connection:
            connection.execute(text("PRAGMA max_page_count = 1"))  # no more than there are
            connection.execute(text("CREATE TABLE more AS SELECT randomblob(100000)"))

    assert told(grow, capsys) == (2, diagnosed("database_full"))
    database.close()


@pytest.mark.parametrize(("machine", "call"), [("da", Language.EN), ("en", Language.DA)])
def test_what_nobody_foresaw_is_said_in_the_calls_own_language(
    machine: str, call: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setenv("LANGUAGE", machine)
    with pytest.raises(SystemExit), without_its_words(), in_plain_words(call):
        raise ValueError
    assert capsys.readouterr().err.splitlines()[-1] == UNFORESEEN[call]


def test_the_sandbox_and_the_demo_speak_english_on_a_danish_machine_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "da")
    with pytest.raises(SystemExit):
        sandbox(world=tmp_path / "w", manifest=tmp_path / "m", state=tmp_path)
    with pytest.raises(SystemExit):
        demo(tmp_path / "demo", database="foo")
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{tmp_path}/w is not there")
    assert len(said) == 2
    assert said[1].startswith(
        "--database must be postgresql://<user>@<host>/<database>. Correct the address;"
    )


def test_a_thread_that_falls_is_counted_and_says_as_little(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall() -> None:
        raise ValueError("010190-1234 skrev dette")

    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = metrics.REGISTRY.get_sample_value("indgang_threads_fallen_total") or 0
    with without_its_words():
        thread = threading.Thread(target=fall)
        thread.start()
        thread.join()
    said = capsys.readouterr().err
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["thread_fell"]
    assert "skrev" not in said
    assert metrics.REGISTRY.get_sample_value("indgang_threads_fallen_total") == before + 1


def test_a_file_that_cannot_be_opened_is_not_said_to_be_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder in its place, here; a file of somebody else's is as shut."""
    address = f"sqlite:///{tmp_path}"
    database = Database(address)
    for command in (lambda: upgrade(database), lambda: only_one_on(f"{address}/gone/town.db").__enter__()):
        assert told(command, capsys) == (2, diagnosed("database_shut"))
    database.close()


def test_a_call_has_one_language_its_own_or_the_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_in(machine: str, call: Language | None) -> str:
        monkeypatch.setenv("LANGUAGE", machine)
        with pytest.raises(SystemExit), in_plain_words(call):
            raise Behind
        return capsys.readouterr().err.split()[1]

    found = [
        told_in(machine, call)
        for machine, call in (
            *(("en_GB.UTF-8", None), ("da_DK.UTF-8", None), ("C.UTF-8", None)),
            *(("da_DK.UTF-8", Language.EN), ("en_GB.UTF-8", Language.DA)),
        )
    ]
    assert found == ["database", "er", "er", "database", "er"]


def test_a_database_that_was_never_upgraded_is_told_so(
    empty_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(empty_address)

    def ask() -> None:
        with database.reading.connect() as connection:
            connection.execute(text("SELECT 1 FROM notices"))

    assert told(ask, capsys) == (2, said("behind"))
    database.close()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (lambda folder: backup(folder / "gone", keep_days=None), "There is no folder"),
        (lambda folder: write_out(folder / "gone" / "x.ics", b""), "cannot be written"),
        (
            lambda _: manifest("http://indgang.example.dk/slack/events"),
            "Slack calls only a whole https:// address.",
        ),
        (lambda _: SandboxClock("http://127.0.0.1:1/clock").now(), "The sandbox's clock does not answer."),
        (lambda _: manifest("https://"), "Slack calls only a whole https:// address."),
        (
            lambda folder: sandbox(world=folder / "w", manifest=folder / "m", state=folder),
            "w is not there, or says",
        ),
    ],
)
def test_what_is_typed_wrongly_is_said_and_nothing_is_written(
    command: Callable[[Path], object], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sentence = told(lambda: command(tmp_path), capsys)
    assert (code, said in sentence, list(tmp_path.iterdir())) == (2, True, [])
