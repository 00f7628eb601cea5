"""What an operator takes from the repository fits the program: names, commands, pages. The image itself is not built here."""

from __future__ import annotations

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot import metrics
from bot.__main__ import app
from bot.commands.manifest import over_http
from bot.commands.plain import ASKED_FOR
from bot.serving import STATUS_OF_CLOCK, STATUS_OF_SERVE
from bot.settings import BESIDE, NAMES, Settings
from storage.sealing import new_key
from tests.test_metrics import fill

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
BOTS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "indgang"}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy/grafana/indgang.json").read_text("utf-8"))
GUIDES = {"docs/operations/upgrade.md"}
"""Beside the alerts' pages: what is read before something is done."""
RUNBOOKS = {str(page.relative_to(ROOT)) for page in (ROOT / "docs/operations").glob("*.md")} - GUIDES
TARGET = {"job", "instance"}
"""Prometheus' own labels of whom it asked. One of ours by such a name becomes `exported_…`, and nobody would group by it."""


IN_THE_FILE = {"INDGANG_TEAM", "INDGANG_FIRST_ADMINISTRATOR", "INDGANG_DATABASE_TLS"}
"""What /etc/indgang/settings says for every unit."""


def understood(words: list[str]) -> bool:
    """The command line is one this program has; nothing is run."""
    group: Any = typer.main.get_command(app)
    command = group.commands[words[0]]
    command.make_context(words[0], words[1:])
    return True


def enough(names: set[str], words: list[str], tmp_path: Path) -> bool:
    """The program can start with these settings and no other: what is asked for is there."""
    like = {
        "DATABASE_URL": "postgresql://indgang@localhost/indgang",
        "INDGANG_KEYS": new_key(),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "s",
        "INDGANG_TEAM": "T1",
        "INDGANG_FIRST_ADMINISTRATOR": "U1",
        "INDGANG_DATABASE_TLS": "off",
    }
    settings = Settings.read({name: like[name] for name in names if name in like}, folder=tmp_path)
    if words[0] == "serve" and "--http" not in words:
        return settings.slack_app_token is not None
    return words[0] != "serve" or settings.slack_signing_secret is not None


@pytest.mark.parametrize("name", sorted(BOTS))
def test_a_container_is_told_enough_to_start(name: str, tmp_path: Path) -> None:
    bot = BOTS[name]
    assert enough({*bot["environment"], *bot["secrets"]}, bot["command"], tmp_path)


@pytest.mark.parametrize("name", sorted(BOTS))
def test_a_container_may_do_little_and_is_told_only_what_the_program_knows(name: str) -> None:
    bot = BOTS[name]
    assert bot["read_only"] and bot["cap_drop"] == ["ALL"]
    assert set(bot["environment"]) <= NAMES | BESIDE
    assert set(bot["secrets"]) <= NAMES
    assert not set(bot["environment"]) & set(bot["secrets"])
    assert understood(bot["command"])


def test_two_replicas_and_a_clock_say_how_they_are_and_get_time_to_leave() -> None:
    assert COMPOSE["services"]["serve"]["deploy"]["replicas"] == 2
    assert BOTS["clock"]["command"] == ["clock"]
    for name in ("serve", "clock"):
        bot = BOTS[name]
        port = bot["environment"]["INDGANG_STATUS"].rsplit(":", 1)[1]
        assert f"http://127.0.0.1:{port}/readyz" in bot["healthcheck"]["test"][-1]
        assert int(bot["stop_grace_period"].removesuffix("s")) > 12
        assert "ports" not in bot, "nothing listens to the outside"
    assert set(COMPOSE["secrets"]) == {
        s for one in COMPOSE["services"].values() for s in one.get("secrets", ())
    }
    assert COMPOSE["networks"]["inside"]["internal"]


def test_every_night_there_is_a_backup_that_lasts_and_only_who_hears_slack_has_the_way_to_it() -> None:
    assert BOTS["backup"]["command"][:2] == ["backup", "/backups"]
    assert BOTS["backup"]["volumes"] == ["backups:/backups"]
    assert "-o 10001 -g 10001 -m 700 /backups" in DOCKERFILE, "a volume belongs to whom its folder belongs"
    timer = (ROOT / "deploy/systemd/indgang-backup.timer").read_text("utf-8")
    assert re.search(r"^OnCalendar=\*-\*-\* \d\d:\d\d$", timer, re.MULTILINE) and "Persistent=true" in timer
    assert {name for name, bot in BOTS.items() if "SLACK_APP_TOKEN" in bot["secrets"]} == {"serve"}


def test_the_image_is_made_of_locked_parts_and_run_by_nobody_in_particular() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER 10001", DOCKERFILE, re.MULTILINE)
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        part
        for line in DOCKERFILE.splitlines()
        if line.startswith("COPY") and "--from" not in line
        for part in line.split()[1:-1]
    ]
    assert set(copied) == let_in
    assert all((ROOT / part).exists() for part in copied)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_is_there_with_secrets_the_program_knows(
    unit: Path, tmp_path: Path
) -> None:
    lines = [line for line in unit.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"\[\w+\]|\w+=.*", line) for line in lines)
    said = [(name, value) for name, _, value in (line.partition("=") for line in lines)]
    (start,) = [value for name, value in said if name == "ExecStart"]
    program, *words = shlex.split(start.replace("%i", "1"))
    assert program == "/opt/indgang/bin/indgang"
    assert understood(words)
    assert {value.split(":")[0] for name, value in said if name == "LoadCredential"} <= NAMES
    over_a_socket = words[0] == "serve" and "--http" not in words
    assert any(value.startswith("SLACK_APP_TOKEN:") for _, value in said) == over_a_socket
    assert enough(
        {value.split(":")[0] for name, value in said if name == "LoadCredential"} | IN_THE_FILE,
        words,
        tmp_path,
    )
    assert "Documentation" not in dict(said), "nothing of ours is installed there"
    assert ("DynamicUser", "yes") in said and ("CapabilityBoundingSet", "") in said


def test_units_that_share_a_folder_are_one_user() -> None:
    """With DynamicUser the folder is given to whoever is started last, and one by another name may write there no more."""
    owners: dict[str, set[str]] = defaultdict(set)
    for unit in UNITS:
        said = dict(line.split("=", 1) for line in unit.read_text("utf-8").splitlines() if "=" in line)
        for folder in said.get("StateDirectory", "").split():
            owners[folder].add(said.get("User", unit.stem))
    by_hand = (ROOT / "docs/operations.md").read_text("utf-8")
    for user, folders in re.findall(r'-p User=(\w+) \\\n +-p StateDirectory="([^"]*)"', by_hand):
        for folder in folders.split():
            owners[folder].add(user)
    assert owners == {"indgang": {"indgang"}, "indgang-backup": {"indgang"}}


def test_a_clock_and_several_workers_show_how_they_are_on_one_machine() -> None:
    """Each with what is usual; the workers take one port after another from theirs and up."""
    places = STATUS_OF_CLOCK, STATUS_OF_SERVE
    assert STATUS_OF_CLOCK.host == STATUS_OF_SERVE.host and STATUS_OF_CLOCK.port < STATUS_OF_SERVE.port
    row = next(
        line
        for line in (ROOT / "docs/operations.md").read_text("utf-8").splitlines()
        if "| `INDGANG_STATUS`" in line
    )
    assert [place for place in places if f"`{place}`" not in row] == []


def queries() -> list[tuple[str, str]]:
    asked = [(rule["alert"], rule["expr"]) for rule in ALERTS]
    return asked + [(panel["title"], t["expr"]) for panel in DASHBOARD["panels"] for t in panel["targets"]]


@cache
def labels_of() -> Mapping[str, set[str]]:
    """The labels each series of the program has."""
    fill()
    found: dict[str, set[str]] = defaultdict(set)
    for name, labels in metrics.series():
        found[name] |= labels.keys()
    return found


@pytest.mark.parametrize(("who", "query"), queries())
def test_every_figure_that_is_drawn_or_watched_is_one_the_program_counts_and_has_the_labels_it_is_read_by(
    who: str, query: str
) -> None:
    named = set(re.findall(r"indgang_\w+", query))
    assert named and named <= metrics.names(), (who, named - metrics.names())
    for side in re.split(r"\b(?:and|unless)\b", query):
        for by in re.findall(r"(?:by|on) \(([^)]+)\)", side):
            for label, name in product(by.split(","), re.findall(r"indgang_\w+", side)):
                assert label.strip() in labels_of()[name] | TARGET, (who, label)
    for name, matchers in re.findall(r"(indgang_\w+)\{([^}]*)\}", query):
        assert set(re.findall(r"(\w+)[=!]", matchers)) <= labels_of()[name], (who, name)


def test_no_label_of_ours_is_called_as_prometheus_calls_whom_it_asked() -> None:
    assert not {name: labels & TARGET for name, labels in labels_of().items() if labels & TARGET}
    grouped = [q for _, q in queries() if re.search(r"by \(job\)", q)]
    assert not grouped, "by that label all of ours are one"


def test_a_line_of_the_dashboard_is_called_by_what_it_is_grouped_by() -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            named = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
            grouped = {
                one.strip() for by in re.findall(r"by \(([^)]*)\)", target["expr"]) for one in by.split(",")
            }
            assert not grouped or named <= grouped, (panel["title"], named)


def test_every_alert_has_a_short_page_in_both_languages_and_every_page_its_alert() -> None:
    assert {rule["annotations"]["runbook"] for rule in ALERTS} == RUNBOOKS
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for page in RUNBOOKS:
        text = (ROOT / page).read_text("utf-8")
        danish, _, english = text.partition("**English.**")
        assert "**Dansk.**" in danish and english
        for half in (danish, english):
            steps = re.findall(r"^\d\. ", half, re.MULTILINE)
            assert 2 <= len(steps) <= 10, page
    assert all(rule["labels"]["severity"] in ("page", "day") for rule in ALERTS)
    assert all(re.fullmatch(r"\d+[smh]", rule["for"]) for rule in ALERTS)


def test_the_commands_in_the_runbooks_are_there() -> None:
    group: Any = typer.main.get_command(app)
    for page in (*RUNBOOKS, *GUIDES, "docs/operations.md"):
        text = (ROOT / page).read_text("utf-8")
        for words in re.findall(r"`indgang ([a-z][a-z -]*)", text):
            first, *rest = words.split()
            assert first in group.commands, (page, words)
            inner = getattr(group.commands[first], "commands", None)
            assert inner is None or not rest or rest[0] in inner, (page, words)


def test_a_command_in_the_docs_is_typed_with_what_it_asks_for_and_nothing_it_does_not_know() -> None:
    typed = re.compile(r"(?:`|^)(?:indgang|(?:\.venv/bin/)?python -m bot) ([a-z][^`\n#]*)", re.MULTILINE)
    for page in (*RUNBOOKS, *GUIDES, "docs/operations.md", "docs/administrator.md", "README.md"):
        for words in typed.findall((ROOT / page).read_text("utf-8")):
            command, rest = typer.main.get_command(app), shlex.split(words)
            while rest and rest[0] in getattr(command, "commands", ()):
                command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]
            asked = [p for p in command.params if p.required and p.param_type_name == "argument"]
            assert len([word for word in rest if not word.startswith("-")]) >= len(asked), (page, words)
            known = {name for p in command.params for name in p.opts}
            assert {word for word in rest if word.startswith("-")} <= known, (page, words)


def test_every_setting_stands_in_the_table() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert told >= NAMES | {"INDGANG_DEMO_DIR", "INDGANG_DEMO_DATABASE"} | set(ASKED_FOR)


def test_over_http_the_app_is_the_same_but_for_the_way_to_us() -> None:
    written, url = (ROOT / "manifest.yml").read_text("utf-8"), "https://indgang.example.dk/slack/events"
    before, after = yaml.safe_load(written), yaml.safe_load(over_http(written, url))
    assert after["oauth_config"] == before["oauth_config"]
    assert not after["settings"]["socket_mode_enabled"]
    assert {command["url"] for command in after["features"]["slash_commands"]} == {url}
    assert after["settings"]["event_subscriptions"]["request_url"] == url
    assert after["settings"]["interactivity"]["message_menu_options_url"] == url
