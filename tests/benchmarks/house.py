"""The bot in this process, between a Bolt app that hears signed requests and a Slack that answers at once; and the echo."""

from __future__ import annotations

import itertools
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.demo import town as demo
from bot.slack.directory import SlackUser
from handlers import table
from handlers.answers import Nothing
from handlers.dispatch import ANY, Dispatch
from handlers.doorkeeper import Doorkeeper
from tests.support.office import OfficeTown

SECRET = "0123456789abcdef"
TEAM = demo.TEAM
_numbers = itertools.count(1)
logging.getLogger("slack_bolt").setLevel(logging.ERROR)


class StillSlack(WebClient):
    """Takes every call and answers at once: what is measured is ours."""

    def api_call(self, api_method: str, **_: Any) -> Any:
        return {"ok": True, "ts": "1.0", "channel": "D1"}


class Everybody:
    """Slack's directory, from memory: who is asked for is a full member."""

    def find(self, user: str) -> SlackUser:
        return self.known(user)

    def known(self, user: str) -> SlackUser:
        return SlackUser(user, TEAM, NAMES.get(user, "?"), full_member=True, deleted=False)


NAMES = {c.id: c.name for c in demo.CAST}


def bolt(*, polling: bool = False) -> App:
    """As we set it up; `polling`: as Bolt does when nothing is said, whose runner looks for the ack every 10 ms."""
    me = AuthorizeResult(
        enterprise_id=None, team_id=TEAM, bot_user_id="UBOT", bot_id="BBOT", bot_token="xoxb-1"
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
    """Checks the signature and acks, and does nothing else."""
    app = bolt(polling=polling)
    for listen in (app.command, app.action, app.shortcut, app.options):
        listen(ANY)(lambda ack: ack())
    app.view({"type": "view_submission", "callback_id": ANY})(lambda ack: ack())
    app.event(ANY)(lambda: None)
    return app


class Bot:
    """The whole bot over a town's house, with one desk more that does nothing: what the router and the door cost."""

    def __init__(self, town: OfficeTown) -> None:
        house, self.app = town.house, bolt()
        known = dict(table(house.office, house.rules, None))  # type: ignore[arg-type]
        self.dispatch = Dispatch(
            {**known, "command:/nothing": lambda _: Nothing()},
            door=Doorkeeper(Everybody(), house.office.people, team=TEAM),  # type: ignore[arg-type]
            client=self.app.client,
            now=town.clock.now,
            draw_home=house.draw_home,
        )
        self.dispatch.listen(self.app)


def asks(app: App, request: BoltRequest) -> BoltResponse:
    answer = app.dispatch(request)
    assert answer.status == 200, (answer.status, answer.body)
    return answer


def command(user: str, word: str, text: str = "") -> BoltRequest:
    trigger = f"t{next(_numbers)}"
    return _signed(
        urlencode(
            {
                "command": word,
                "text": text,
                "user_id": user,
                "team_id": TEAM,
                "channel_id": "D1",
                "trigger_id": trigger,
                "api_app_id": "A1",
                "response_url": "https://example.invalid",
            }
        )
    )


def submit(user: str, callback: str, meta: dict[str, str], fields: dict[str, dict[str, Any]]) -> BoltRequest:
    number = next(_numbers)
    view = {
        "id": f"V{number}", "callback_id": callback, "type": "modal", "hash": f"h{number}",
        "private_metadata": json.dumps({**meta, "n": f"n{number}"}),
        "state": {"values": {name: {"v": field} for name, field in fields.items()}},
        "blocks": [{"type": "input", "block_id": name} for name in fields],
    }  # fmt: skip
    body = {
        "type": "view_submission",
        "user": {"id": user, "team_id": TEAM},
        "team": {"id": TEAM},
        "view": view,
    }
    return _signed(urlencode({"payload": json.dumps(body)}))


def home_opened(user: str) -> BoltRequest:
    event = {"type": "app_home_opened", "user": user, "tab": "home"}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(_numbers)}", "event": event}
    return _signed(json.dumps(body), kind="application/json")


def _signed(body: str, kind: str = "application/x-www-form-urlencoded") -> BoltRequest:
    at = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body)
    headers = {
        "content-type": kind,
        "x-slack-request-timestamp": at,
        "x-slack-signature": str(signature),
    }
    return BoltRequest(body=body, headers=headers)  # type: ignore[arg-type]


Ask = Callable[[], object]
