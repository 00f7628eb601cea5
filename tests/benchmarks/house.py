"""The bot in this process, between a Bolt app that hears signed requests and a Slack that answers at once."""

from __future__ import annotations

import itertools
import json
import logging
import time
from datetime import date
from typing import Any
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.demo import town as demo
from bot.slack.directory import SlackUser
from handlers import table
from handlers.answers import Nothing
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from tests.benchmarks.bare import SECRET, bolt
from tests.support.office import OfficeTown

TEAM = demo.TEAM
_numbers = itertools.count(1)
logging.getLogger("slack_bolt").setLevel(logging.ERROR)


class Everybody:
    """Slack's directory, from memory: who is asked for is a full member."""

    def find(self, user: str) -> SlackUser:
        return self.known(user)

    def known(self, user: str) -> SlackUser:
        return SlackUser(user, TEAM, NAMES.get(user, "?"), full_member=True, deleted=False)


NAMES = {c.id: c.name for c in demo.CAST}


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
            look_in_vain=house.office.cases.look_in_vain,
            drafts=house.office.drafts,
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


def use(who: str, case: str, day: date, *, ore: int | None = None) -> BoltRequest:
    """The frame's form as it is sent; by itself the amount is never the same twice in a row, and small."""
    number = next(_numbers)
    ore = ore if ore is not None else 100 * (number % 9 + 1) + number // 9 % 100
    fields: dict[str, dict[str, Any]] = {
        "amount": {"type": "plain_text_input", "value": f"{ore // 100},{ore % 100:02d}"},
        "purpose": {"type": "radio_buttons", "selected_option": {"value": "transport"}},
        "kind": {"type": "radio_buttons", "selected_option": {"value": "expense"}},
        "spent_on": {"type": "datepicker", "selected_date": day.isoformat()},
    }
    return submit(who, "frame.use", {"c": case}, fields)


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
