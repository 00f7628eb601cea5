"""The bot's own voice and eyes in Slack: the only callers of the Web API."""

from __future__ import annotations

import ssl

from slack_sdk import WebClient


def client(
    token: str | None,
    *,
    base_url: str,
    proxy: str | None = None,
    ca_file: str | None = None,
    timeout: int = 5,
) -> WebClient:
    """A client that never repeats a call by itself: the stock one posts twice when a connection drops (S1)."""
    context = ssl.create_default_context(cafile=ca_file) if ca_file else None
    return WebClient(
        token=token, base_url=base_url, timeout=timeout, retry_handlers=[], proxy=proxy, ssl=context
    )
