"""The bot's own voice and eyes in Slack: the only callers of the Web API."""

from __future__ import annotations

import ssl
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import metrics


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
    return CountedClient(
        token=token, base_url=base_url, timeout=timeout, retry_handlers=[], proxy=proxy, ssl=context
    )


class CountedClient(WebClient):
    """Every call is counted by its method and what came of it."""

    def api_call(self, api_method: str, **how: Any) -> Any:
        try:
            answer = super().api_call(api_method, **how)
        except Exception as why:
            metrics.slack(api_method, _outcome(why))
            raise
        metrics.slack(api_method, "ok")
        return answer


def _outcome(why: Exception) -> metrics.Outcome:
    if isinstance(why, SlackApiError):
        limited = why.response.status_code == 429 or why.response.get("error") == "ratelimited"
        return "rate_limited" if limited else "refused"
    reason = getattr(why, "reason", why)
    return "not_reached" if isinstance(reason, ConnectionRefusedError) else "ambiguous"
