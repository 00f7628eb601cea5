"""Slack's clients by the settings, and the token they speak with; it may be replaced while they work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bot.log import get_log
from bot.settings import Settings, SettingsUnfit
from bot.slack import client as slack_client

log = get_log()
MARK_BYTES = 4
"""Of a keyed hash: enough to tell a few tokens apart, and too little to try any on."""
LOOKS_EVERY = 10.0
"""Seconds."""


def client_of(
    settings: Settings, timeout: float, told_the_time: Callable[[str | None], None] = lambda _: None
) -> Any:
    """`timeout` in seconds; `told_the_time` hears the `Date` of each answer."""
    return slack_client(
        settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        proxy=settings.proxy.get_secret_value() if settings.proxy else None,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
        timeout=timeout,
        told_the_time=told_the_time,
    )


class HeldToken:
    """What this process speaks with: one that has been replaced in its file is taken up without a restart, and an unfit one
    leaves the old in place. May be asked by many threads.
    """

    def __init__(
        self, mark_of: Callable[[str], str], *clients: Any, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`mark_of` makes a mark that gives nothing of the token away; `now` in seconds."""
        self._mark_of, self._clients, self._now = mark_of, clients, now
        self._looks_from = now()
        self.mark = mark_of(clients[0].token)

    def renew(self) -> bool:
        """True when there is a new one. Its file is read no more than every ten seconds, however often it is asked."""
        if self._now() < self._looks_from:
            return False
        self._looks_from = self._now() + LOOKS_EVERY
        settings = _as_they_stand()
        token = settings.slack_bot_token.get_secret_value() if settings else self._clients[0].token
        if all(client.token == token for client in self._clients):
            return False
        for client in self._clients:
            client.token = token
        self.mark = self._mark_of(token)
        log.info("token_renewed")
        return True


def app_token_now() -> str | None:
    """The app-level token as its file has it; None where the settings cannot be read, or hold none."""
    settings = _as_they_stand()
    token = settings.slack_app_token if settings else None
    return token.get_secret_value() if token else None


def _as_they_stand() -> Settings | None:
    try:
        return Settings.read()
    except SettingsUnfit as unfit:
        log.warning("settings_unfit", count=len(unfit.faults))
        return None
