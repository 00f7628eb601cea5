"""What holds for the whole house: its rings, the size of its rooms, and who may catch what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("bot", "handlers", "storage", "schedules", "tests")
SOURCES = (
    ".py",
    ".js",
    ".css",
    ".html",
    ".j2",
    ".yaml",
    ".yml",
    ".toml",
    ".md",
    ".lock",
    "Makefile",
    "run",
    "Dockerfile",
)

BORDERS = ("handlers/dispatch.py", "handlers/showing.py", "handlers/bolt.py", "schedules/", "bot/serving.py")
"""Where a fault nobody foresaw is met: a person gets a number and the log a line; a clock or a delivery goes on, and
a start waits for Slack."""

LONGEST_FILE = 500


def house(*rooms: str, ending: str = ".py") -> Iterator[tuple[str, Path]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob(f"*{ending}")):
            yield str(path.relative_to(ROOT)), path


def test_everything_points_inwards():
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("ending", [".py", ".js", ".css"])
def test_no_file_is_longer_than_a_person_reads(ending: str):
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in house(*ROOMS, ending=ending)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_only_the_borders_answer_for_a_fault_they_do_not_know():
    """Elsewhere a broad `except` may only give the fault another name: it ends by raising."""
    found = [
        f"{name}:{handler.lineno}"
        for name, path in house("bot", "handlers", "storage", "schedules")
        if not name.startswith(BORDERS)
        for handler in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(handler, ast.ExceptHandler) and _is_broad(handler) and not _ends_by_raising(handler)
    ]
    assert found == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in kinds)


def _ends_by_raising(handler: ast.ExceptHandler) -> bool:
    """Or hands the fault to `explain` (bot/slack/outcomes.py), which never returns."""
    calls = (call.func for call in ast.walk(handler) if isinstance(call, ast.Call))
    return isinstance(handler.body[-1], ast.Raise) or any(
        getattr(call, "id", "") == "explain" for call in calls
    )


def test_only_a_meeting_knows_the_key_of_its_post():
    """Written out elsewhere it would be that of the first post, after the second has taken its place."""
    found = [name for name, path in house("bot", "handlers") if 'f"agenda:' in path.read_text("utf-8")]
    assert found == ["bot/domain/meeting.py"]


def test_no_field_asks_us_for_its_choices():
    """One that met a fault is empty without a word; what can be chosen stands in the form."""
    asks = ("external_select", "ExternalSelect", "ExternalMultiSelect")
    views = [(name, path.read_text("utf-8")) for name, path in house("bot/views", "handlers")]
    assert [name for name, text in views if any(word in text for word in asks)] == []


def test_no_client_of_slack_repeats_a_call_by_itself():
    """The stock client posts twice when a connection drops after Slack has accepted."""
    clients = [
        (f"{name}:{call.lineno}", {k.arg: ast.unparse(k.value) for k in call.keywords})
        for name, path in house("bot", "handlers", "storage", "schedules")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and (getattr(call.func, "id", None) or getattr(call.func, "attr", ""))
        in {"WebClient", "CountedClient", "WebhookClient"}
    ]
    assert clients, "somebody must speak with Slack"
    assert [place for place, said in clients if said.get("retry_handlers") != "[]"] == []


def test_no_package_index_is_named_anywhere():
    """Where packages come from is the machine's own business."""
    names = (
        "pypi" + ".org",
        "python" + "hosted.org",
        "npm" + "js.org",
        "--index" + "-url",
        "--extra-index" + "-url",
    )
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git working copy")
    found = [
        f"{name}: {wanted}"
        for name in listed.stdout.splitlines()
        if name.endswith(SOURCES) and (ROOT / name).is_file()
        for wanted in names
        if wanted in (ROOT / name).read_text("utf-8", errors="replace")
    ]
    assert found == []
