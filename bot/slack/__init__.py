"""The bot's own voice and eyes in Slack: the only callers of the Web API."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import BaseHandler, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import metrics
from bot.slack.in_time import SaidInTime, SaidInTimeSecurely

PATIENT = 5
QUICK = 1.2
"""Seconds. Slack waits three for us: who is at the door, and the form that was asked for, fit in twice a quick one."""


def client(
    token: str | None,
    *,
    base_url: str,
    proxy: str | None = None,
    ca_file: str | None = None,
    timeout: float = PATIENT,
    told_the_time: Callable[[str | None], None] = lambda _: None,
) -> WebClient:
    """A client that never repeats a call by itself: the stock one posts twice when a connection drops (S1)."""
    context = ssl.create_default_context(cafile=ca_file) if ca_file else None
    made = CountedClient(token=token, base_url=base_url, retry_handlers=[], proxy=proxy, ssl=context)
    made.told_the_time = told_the_time
    made.timeout = timeout  # type: ignore[assignment]  # urllib takes a part of a second too
    return made


class StaysHere(HTTPRedirectHandler):
    """An answer that points elsewhere is not followed: the token would go along to whoever it names."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class NotSlack(HTTPException):
    """Whatever stands between us and Slack has answered in its place: a page, or nothing that Slack would say."""


class CountedClient(WebClient):
    """Every call is counted by its method and what came of it; none is sent anywhere but to Slack's own address."""

    told_the_time: Callable[[str | None], None]

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """As the library does it, but for what points elsewhere or is no answer of Slack's.

        Raises NotSlack, URLError, OSError.
        """
        if not url.startswith(("https://", "http://")):
            raise ValueError("only http and https are spoken here")
        ways: list[BaseHandler] = [SaidInTime(), SaidInTimeSecurely(context=self.ssl), StaysHere()]
        if self.proxy:
            ways.append(ProxyHandler({"http": self.proxy, "https": self.proxy}))
        try:
            with build_opener(*ways).open(req, timeout=self.timeout) as answer:
                heard = _heard(answer, answer.status)
                self.told_the_time(answer.headers.get("Date"))
                return heard
        except HTTPError as refused:
            return _heard(refused, refused.code)

    def api_call(self, api_method: str, **how: Any) -> Any:
        try:
            answer = super().api_call(api_method, **how)
        except Exception as why:  # whatever it is: it is counted, and raised on to whoever asked
            metrics.slack(api_method, _outcome(why))
            raise
        metrics.slack(api_method, "ok")
        return answer


def _heard(answer: Any, status: int) -> dict[str, Any]:
    """What the library goes on with. Raises NotSlack, but where we are asked to wait: that holds, whoever says so."""
    body = answer.read().decode("utf-8", errors="replace")
    if not _is_an_object(body):
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            raise NotSlack(f"http_{status}")
        body = '{"ok": false, "error": "ratelimited"}'
    return {"status": status, "headers": answer.headers, "body": body}


def _is_an_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _outcome(why: Exception) -> metrics.Outcome:
    if isinstance(why, SlackApiError):
        limited = why.response.status_code == 429 or why.response.get("error") == "ratelimited"
        return "rate_limited" if limited else "refused"
    reason = getattr(why, "reason", why)
    return "not_reached" if isinstance(reason, ConnectionRefusedError) else "ambiguous"
