"""The shortest conversation with Slack: who are we there, and what time is it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

from bot.slack import client
from bot.slack.codes import slacks_word


class NoHello(Exception):
    """Slack did not answer, or answered with a refusal; `code` is its word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Hello:
    team: str
    workspace: str
    bot_user: str
    at: datetime | None  # None: the answer carried no date


def say_hello(token: str, *, base_url: str, proxy: str | None = None, ca_file: str | None = None) -> Hello:
    """Raises NoHello."""
    try:
        answer = client(token, base_url=base_url, proxy=proxy, ca_file=ca_file).auth_test()
    except SlackApiError as refused:
        raise NoHello(slacks_word(refused.response.get("error"))) from None
    except (OSError, HTTPException) as away:
        raise NoHello(type(away).__name__) from None
    stamp = next((value for name, value in answer.headers.items() if name.lower() == "date"), None)
    stamp = stamp[0] if isinstance(stamp, list) else stamp
    return Hello(
        team=str(answer["team_id"]),
        workspace=str(answer["team"]),
        bot_user=str(answer["user_id"]),
        at=parsedate_to_datetime(stamp) if stamp else None,
    )
