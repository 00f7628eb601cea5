"""The line to Slack: a token that is refused is looked for anew, and that nobody is heard meanwhile is said."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import log
from bot.health import Health
from handlers.bolt import Line, _hang_up
from storage.engine import Database
from tests.slack.test_codes import answer
from tests.test_health import clock


class Gate(WebClient):
    """Slack, which takes one app-level token and says so of any other."""

    def __init__(self) -> None:
        super().__init__("xoxb-1", retry_handlers=[])
        self.takes, self.says = "xapp-1", "token_revoked"

    def apps_connections_open(self, *, app_token: str, **_: Any) -> Any:
        if app_token != self.takes:
            raise answer(self.says)
        return {"ok": True, "url": f"wss://line/{app_token}"}


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def files() -> list[str | None]:
    """What stands in the token's file, last."""
    return ["xapp-1"]


@pytest.fixture
def line(gate: Gate, files: list[str | None]) -> Iterator[Line]:
    app = App(
        client=gate,
        token_verification_enabled=False,
        request_verification_enabled=False,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1"),
    )
    line = Line(app, "xapp-1", now=lambda: files[-1], web_client=gate)
    yield line
    _hang_up(line.client)
    line.close()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("says", ["token_revoked", "invalid_auth", "account_inactive"])
def test_a_token_that_was_replaced_in_its_file_is_taken_up_without_a_restart(
    gate: Gate, line: Line, files: list[str | None], says: str
) -> None:
    said = io.StringIO()
    log.set_up("json", to=said)
    assert line.client.issue_new_wss_url() == "wss://line/xapp-1"
    gate.takes, gate.says = "xapp-2", says
    for _ in range(2):
        with pytest.raises(SlackApiError):
            line.client.issue_new_wss_url()
    assert line.refused
    files.append("xapp-2")
    assert line.client.issue_new_wss_url() == "wss://line/xapp-2"
    assert not line.refused
    lines = [json.loads(one) for one in said.getvalue().splitlines()]
    events = [(e["event"], e.get("code")) for e in lines if e["event"] != "library_says"]
    assert events == [("app_token_refused", says), ("token_renewed", None)]


def test_what_only_passes_is_no_refusal(gate: Gate, line: Line) -> None:
    gate.takes, gate.says = "nobody's", "internal_error"
    with pytest.raises(SlackApiError):
        line.client.issue_new_wss_url()
    assert not line.refused


def test_a_process_that_may_hear_nobody_is_not_ready_and_says_why(database: Database) -> None:
    health, holds = Health(database, now=clock), [True]
    health.hears_by(lambda: holds[-1])
    assert health.in_the_way() == ("starting",)
    health.serve()
    assert health.in_the_way() == ()
    holds.append(False)
    assert health.in_the_way() == ("app_token",)
