"""The world a sandbox begins in (world.json) and the app as it is installed there (manifest.yml)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

Record = dict[str, Any]


@dataclass(frozen=True)
class Bot:
    user_id: str
    bot_id: str
    app_id: str
    name: str


class FileUnfit(Exception):
    """It is not there, or does not say what was asked of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@contextmanager
def _made_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as why:
        raise FileUnfit(path) from why


@dataclass(frozen=True)
class World:
    team: Record
    bot: Bot
    bot_token: str
    app_token: str
    signing_secret: str  # signs what is sent to a request URL
    clock_start: datetime
    people: list[Record]
    channels: list[Record]

    @classmethod
    def read(cls, path: Path) -> "World":
        """Raises FileUnfit."""
        with _made_of(path):
            return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, raw: Record) -> "World":
        return cls(
            team={"domain": "sandbox", **raw["team"]},
            bot=Bot(**{k: raw["bot"][k] for k in ("user_id", "bot_id", "app_id", "name")}),
            bot_token=raw["tokens"]["bot"],
            app_token=raw["tokens"]["app"],
            signing_secret=raw["tokens"].get("signing", ""),
            clock_start=zoned(raw["clock_start"]),
            people=[PERSON | person for person in raw.get("people", [])],
            channels=[CHANNEL | channel for channel in raw.get("channels", [])],
        )


PERSON: Record = {
    "title": "",
    "admin": False,
    "guest": False,
    "deactivated": False,
    "stranger_team": None,
    "locale": "da-DK",
    "tz": "Europe/Copenhagen",
}
CHANNEL: Record = {
    "private": False,
    "shared": False,
    "archived": False,
    "members": [],
    "topic": "",
    "pair": None,
    "connected": None,
}


@dataclass(frozen=True)
class Manifest:
    """What the app may do and hear. Nothing outside it is pushed or allowed."""

    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, Record] = field(default_factory=dict)
    shortcuts: dict[str, Record] = field(default_factory=dict)
    home_tab: bool = False
    messages_tab: bool = False
    messages_tab_read_only: bool = False

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises FileUnfit."""
        with _made_of(path):
            return cls.of(yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, raw: Record) -> "Manifest":
        features = raw.get("features") or {}
        settings = raw.get("settings") or {}
        home = features.get("app_home") or {}
        scopes = ((raw.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        events = (settings.get("event_subscriptions") or {}).get("bot_events") or []
        return cls(
            scopes=frozenset(scopes),
            events=frozenset(events),
            commands={c["command"]: c for c in features.get("slash_commands") or []},
            shortcuts={
                s["callback_id"]: s
                for s in features.get("shortcuts") or []
                if s.get("type", "global") == "global"
            },
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled")),
        )


def zoned(text: str) -> datetime:
    """An instant with its offset; one without is refused, since it would mean something else elsewhere."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return moment
