"""The judge itself: it sees each kind of fault, finds none in a good town, and knows nothing of the bot."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.storm import history, slack_file

NOTICE = {
    "id": "n1", "key": "referral:p1:U1", "kind": "referral", "to": "U1", "seq": 1, "state": "sent", "error": None,
    "revision": 1, "shown_revision": 1, "channel": "D1", "ts": "1.0",
}  # fmt: skip
POST = {"did": "post", "to": "U1", "channel": "D1", "ts": "1.0", "key": "n1", "text": "", "blocks": []}
FRAME = {"id": "f1", "case_id": "c1", "amount_ore": 1_000, "used_ore": 300}
ENTRY = {"id": "e1", "frame_id": "f1", "kind": "expense", "amount_ore": 300}
LATER = {**NOTICE, "id": "n2", "key": "referral:p2:U1", "seq": 2, "ts": "2.0"}


def town(**other: Any) -> history.Rows:
    return {"notices": [NOTICE], "frames": [FRAME], "entries": [ENTRY], "journal": [], "cases": [], **other}


def test_a_good_town_is_clean() -> None:
    assert history.judge([POST], town(), before=town()).clean


def test_what_slack_took_late_is_good_once_it_is_taken_away() -> None:
    late = {**POST, "ts": "2.0", "late": True}
    assert history.judge([POST, late, {"did": "delete", "channel": "D1", "ts": "2.0"}], town()).clean


@pytest.mark.parametrize(
    ("fault", "lines", "rows"),
    [
        ("lost", [], town()),
        ("doubled", [POST, {**POST, "ts": "2.0", "late": True}], town()),
        ("lost", [], town(notices=[{**NOTICE, "state": "pending"}])),
        ("lost", [POST], town(notices=[{**NOTICE, "revision": 2}])),
        ("doubled", [POST, {**POST, "ts": "2.0"}], town()),
        ("torn", [POST], town(notices=[])),
        ("torn", [{**POST, "to": "U2"}], town()),
        ("torn", [POST], town(notices=[{**NOTICE, "ts": "0.0"}])),
        ("torn", [POST], town(frames=[{**FRAME, "used_ore": 301}])),
        ("torn", [POST], town(frames=[{**FRAME, "amount_ore": 299}])),
        ("torn", [POST], town(cases=[{"id": "c1", "version": 2}])),
        ("inverted", [{**POST, "ts": "2.0", "key": "n2"}, POST], town(notices=[NOTICE, LATER])),
    ],
)
def test_each_kind_of_fault_is_seen(fault: str, lines: list[Any], rows: history.Rows) -> None:
    assert getattr(history.judge(lines, rows, before=town()), fault)


def test_a_message_called_off_where_nothing_made_it_needless_is_lost() -> None:
    quiet = town(notices=[{**NOTICE, "state": "cancelled"}])
    assert history.judge([], quiet, before=town()).clean
    assert history.judge([], quiet, before=town(), called_off=False).lost


def test_what_somebody_was_told_is_done_must_be_there() -> None:
    asking = {"key": "k1", "said": "done", "act": "books", "result": "e1"}
    there = town(intake=[{"key": "k1"}])
    assert list(history.unkept([asking], there)) == []
    assert list(history.unkept([{**asking, "result": "e2"}], there))
    assert list(history.unkept([{**asking, "key": "k2"}], there))


@pytest.mark.parametrize("module", [history, slack_file])
def test_the_judge_and_slack_share_no_code_with_the_bot(module: Any) -> None:
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} & {
        "bot",
        "handlers",
        "storage",
        "schedules",
        "tests",
    } == set()
