"""`indgang outbox`: what is stuck is listed without its contents, tried again or given up, and each act is journaled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.domain.notices import Notice, NoticeState
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from storage.unit_of_work import Storage

KEY = new_key()
AT = datetime.now(UTC)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.fixture
def storage(
    database: Database, database_address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Storage:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "INDGANG_TEAM": "T0BYEN",
        "INDGANG_FIRST_ADMINISTRATOR": "U0BO",
        "INDGANG_KEYS": KEY,
        "DATABASE_URL": database_address,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    storage = Storage(database, keys=KeyRing.read(KEY), new_id=lambda: "unused")
    with storage.open_work(at=AT) as work:
        for name in ("dead", "parked", "sent"):
            work.notices.tell(
                Notice(name, "referral", f"U{name.upper()}", {"presentation": "hemmelig"}, id=f"{name}-one")
            )
    with storage.open_work(at=AT) as work:
        for state in (NoticeState.DEAD, NoticeState.PARKED, NoticeState.SENT):
            notice = work.notices.by_key(state.value)
            assert notice is not None
            work.notices.record(replace(notice, state=state, error="invalid_blocks"))
    return storage


def test_stuck_messages_are_listed_tried_again_and_given_up(storage: Storage) -> None:
    said = run("outbox", "list").output
    assert "dead-one" in said
    assert "parked-one" in said
    assert "sent-one" not in said
    assert "hemmelig" not in said
    assert "2 messages could not be sent." in said
    assert run("outbox", "retry", "dead-one").output == "dead-one is tried again.\n"
    assert run("outbox", "cancel", "--all").output == "parked-one is never sent.\n"
    assert run("outbox", "list").output == "0 messages could not be sent.\n"
    with storage.open_reading(at=AT) as work:
        states = {key: n.state.value for key in ("dead", "parked", "sent") if (n := work.notices.by_key(key))}
        acts = [entry.act for entry in work.journal.of_acts("outbox_retried", "outbox_cancelled")]
    assert states == {"dead": "pending", "parked": "cancelled", "sent": "sent"}
    assert acts == ["outbox_retried", "outbox_cancelled"]


def test_the_demos_own_are_asked_for_by_its_folder(storage: Storage, tmp_path: Path) -> None:
    said = run("outbox", "list", "--demo", str(tmp_path))
    assert said.output == f"There is no demo in {tmp_path}. Start it once with `indgang demo`.\n"


def test_of_many_the_oldest_are_listed_and_the_last_line_says_how_many_more_there_are(
    storage: Storage,
) -> None:
    with storage.open_work(at=AT - timedelta(days=1)) as work:
        for number in range(3):
            work.notices.tell(Notice(f"old{number}", "referral", "UOLD", id=f"old-{number}", failures=number))
    said = run("outbox", "list", "--limit", "2").output.splitlines()
    assert [line.split()[0] for line in said] == ["old-1", "old-2", "4"]
    assert said[-1] == "4 messages could not be sent. 2 more: `indgang outbox list --all`."
    assert len(run("outbox", "list", "--all").output.splitlines()) == 5
    assert run("outbox", "list", "--limit", "0").exit_code == 2


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_of_several_none_is_moved_where_one_of_them_is_not_stuck(storage: Storage, act: str) -> None:
    before = run("outbox", "list").output
    told = run("outbox", act, "dead-one", "nobody")
    assert (told.exit_code, told.stdout) == (2, "")
    assert run("outbox", "list").output == before
    assert run("outbox", act, "dead-one", "dead-one").output.count("dead-one") == 1


@pytest.mark.parametrize("words", [("retry", "sent-one"), ("cancel", "nobody"), ("retry",)])
def test_what_is_not_stuck_is_left_alone_with_a_sentence(storage: Storage, words: tuple[str, ...]) -> None:
    told = run("outbox", *words)
    assert told.exit_code == 2
    assert told.stderr.endswith(".\n")
