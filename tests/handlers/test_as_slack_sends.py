"""What Slack has really sent beside what its reference promises, over HTTP and over Socket Mode."""

from __future__ import annotations

import io
import json
from typing import Any

from slack_bolt import BoltRequest

from bot import metrics
from handlers.requests import Form
from tests.handlers.test_http import FORM, JSON, Street, knock, lines, payload, street
from tests.handlers.test_once import submission

__all__ = ["FORM", "lines", "street"]  # their fixtures are ours


def emptied(body: dict[str, Any], state: object) -> dict[str, Any]:
    return {**body, "view": {**body["view"], "state": state}}


EMPTY = ({"values": {}}, {"values": []}, {"values": None}, {}, [], None)
SHAPELESS = ({"values": [7]}, {"values": "x"}, [7], "x")


def test_a_form_without_answers_is_heard_however_its_emptiness_is_written_and_one_in_no_shape_is_not_found(
    street: Street,
) -> None:
    """Slack's own fault: an empty object leaves it as an empty list now and then."""
    asked, front = {"type": "view_submission", **submission(street.town)}, street.front()
    for number, state in enumerate(EMPTY):
        asked["view"]["hash"] = f"{number}"  # else it is the same request
        status, answer = knock(front, payload(emptied(asked, state)))
        assert (status, json.loads(answer)["response_action"]) == (200, "errors"), state
        assert Form.read({"state": state}) == Form({})
    for state in SHAPELESS:
        assert knock(front, payload(emptied(asked, state))) == (404, b""), state


def test_that_slack_keeps_events_back_is_taken_counted_and_logged(street: Street, lines: io.StringIO) -> None:
    told = {"type": "app_rate_limited", "team_id": "T0NORDRE01", "minute_rate_limited": 1795000000}
    before = metrics.REGISTRY.get_sample_value("indgang_slack_events_held_back_total") or 0
    front = street.front()
    lines.truncate(0)
    assert knock(front, json.dumps(told).encode(), JSON) == (200, b"")
    assert metrics.REGISTRY.get_sample_value("indgang_slack_events_held_back_total") == before + 1
    events = [json.loads(line)["event"] for line in lines.getvalue().strip("\0").splitlines()]
    assert events == ["events_held_back"]


def test_over_socket_mode_it_is_acknowledged_too(street: Street) -> None:
    front = street.front()
    told = json.dumps({"type": "app_rate_limited", "team_id": "T0NORDRE01"})
    app = front._inside.__self__.app  # type: ignore[attr-defined]  # the same Bolt hears both ways
    assert app.dispatch(BoltRequest(mode="socket_mode", body=told)).status == 200
