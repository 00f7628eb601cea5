"""Slack's clients by the settings, and the token they speak with; it may be replaced while they work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.log import get_log
from bot.settings import Settings, SettingsUnfit
from bot.slack import client as slack_client

log = get_log()


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


def renew_token(*clients: Any) -> None:
    """A token that has been replaced in its file is taken up without a restart; an unfit one leaves the old in place."""
    settings = _as_they_stand()
    if settings is None:
        return
    token = settings.slack_bot_token.get_secret_value()
    if any(client.token != token for client in clients):
        for client in clients:
            client.token = token
        log.info("token_renewed")


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
