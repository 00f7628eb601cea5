"""Passes an app gets with an interaction: a trigger for one view, a response URL for five answers."""

import re
import secrets
import time
from typing import Any

from bot.sandbox.refusals import Refused
from bot.sandbox.store import Shelf

TRIGGER_LIFE = 3.0
RESPONSE_URL_LIFE = 30 * 60
RESPONSE_URL_USES = 5
TRIGGER_FORM = re.compile(r"^\d+\.\d+\.[0-9a-f]{32}$")


class Triggers:
    """Live three real seconds and open one view. None survives a restart, as none could still be alive."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[float, str]] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        now = time.time()
        trigger = f"{int(now * 1000)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[trigger] = (time.monotonic(), user)
        return trigger

    def owner(self, trigger: Any) -> str:
        """Whose screen the trigger opens. Refuses the worn and the unknown, but does not use it up."""
        if not isinstance(trigger, str) or not TRIGGER_FORM.match(trigger):
            raise Refused("invalid_trigger_id")
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        issued, user = self._issued.get(trigger, (0.0, ""))
        if not user or time.monotonic() - issued > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        return user

    def spend(self, trigger: str) -> None:
        self._used.add(trigger)


class ResponseUrls:
    """Where an app answers later. They survive a restart, so they are counted in real time of the wall clock."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def issue(self, *, user: str, channel: str, ts: str | None, ephemeral: bool) -> str:
        key = secrets.token_hex(12)
        record = {"user": user, "channel": channel, "ts": ts, "ephemeral": ephemeral}
        self._shelf.put(key, record | {"until": time.time() + RESPONSE_URL_LIFE, "left": RESPONSE_URL_USES})
        return key

    def spend(self, key: str) -> dict[str, Any]:
        """What the URL answers to; refuses the expired and the used up."""
        record = self._shelf.get(key)
        if record is None or record["until"] < time.time():
            raise Refused("expired_url")
        if record["left"] < 1:
            raise Refused("used_url")
        record["left"] -= 1
        self._shelf.put(key, record)
        return dict(record)
