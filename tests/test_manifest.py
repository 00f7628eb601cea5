"""The manifest and the house agree: every command, shortcut and event has a desk; scopes are no wider than used."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlers import table
from storage.engine import Database
from tests.support.office import OfficeTown

ROOT = Path(__file__).resolve().parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))

SCOPE_OF = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "chat_postEphemeral": "chat:write",
    "conversations_open": "im:write",
    "conversations_info": "groups:read",
    "conversations_members": "groups:read",
    "conversations_history": "groups:history",
    "users_info": "users:read",
    "auth_test": None,
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
}
"""The methods the bot calls, and the scope each needs."""

ALSO_NEEDED = {
    "commands": "slash commands and shortcuts",
    "channels:read": "conversations.info in a public channel",
    "channels:history": "looking for a doubtful post in a public channel",
    "im:history": "looking for a doubtful direct message; message.im",
}


@pytest.fixture
def keys_of_the_table(tmp_path: Path) -> set[str]:
    from storage.tables import metadata

    database = Database(f"sqlite:///{tmp_path}/table.db")
    metadata.create_all(database.writing)
    house = OfficeTown(database).house
    found = set(table(house.office, house.rules, None))  # type: ignore[arg-type]
    database.close()
    return found


def test_every_command_shortcut_and_event_has_a_desk(keys_of_the_table: set[str]) -> None:
    features, settings = MANIFEST["features"], MANIFEST["settings"]
    wanted = {f"command:{c['command']}" for c in features["slash_commands"]}
    wanted |= {f"shortcut:{s['callback_id']}" for s in features["shortcuts"]}
    events = settings["event_subscriptions"]["bot_events"]
    wanted |= {f"event:{'message' if e == 'message.im' else e}" for e in events}
    assert wanted - keys_of_the_table == set()
    heard = {k for k in keys_of_the_table if k.split(":")[0] in ("command", "shortcut", "event")}
    assert heard - wanted == set()


def methods_called() -> set[str]:
    called: set[str] = set()
    for folder in ("bot/slack", "handlers"):
        for file in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr.split("_")[0] in (
                    "chat",
                    "conversations",
                    "users",
                    "views",
                    "auth",
                ):
                    called.add(node.attr)
    return called


def test_scopes_are_no_wider_than_the_methods_the_bot_calls() -> None:
    called = methods_called()
    assert called - SCOPE_OF.keys() == set()
    needed = {SCOPE_OF[m] for m in called if SCOPE_OF[m]} | set(ALSO_NEEDED)
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed
