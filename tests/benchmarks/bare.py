"""The echo: a bare Bolt app that checks the signature and acks. It imports nothing of ours, as its start is measured too."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

SECRET = "0123456789abcdef"
ANY = re.compile(".*", re.DOTALL)


class StillSlack(WebClient):
    """Takes every call and answers at once: what is measured is not Slack."""

    def api_call(self, api_method: str, **_: Any) -> Any:
        return {"ok": True, "ts": "1.0", "channel": "D1"}


def bolt(*, polling: bool = False) -> App:
    """As we set it up; `polling`: as Bolt does when nothing is said, whose runner looks for the ack every 10 ms."""
    me = AuthorizeResult(
        enterprise_id=None, team_id="T0NORDRE01", bot_user_id="UBOT", bot_id="BBOT", bot_token="xoxb-1"
    )

    def authorized(**_: Any) -> AuthorizeResult:
        return me

    return App(
        client=StillSlack(token="xoxb-1"),
        signing_secret=SECRET,
        process_before_response=not polling,
        token_verification_enabled=False,
        authorize=authorized,
    )


def echo(*, polling: bool = False) -> App:
    app = bolt(polling=polling)
    for listen in (app.command, app.action, app.shortcut, app.options):
        listen(ANY)(lambda ack: ack())
    app.view({"type": "view_submission", "callback_id": ANY})(lambda ack: ack())
    app.event(ANY)(lambda: None)
    return app
