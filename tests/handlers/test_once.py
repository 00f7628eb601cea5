"""A form sent twice makes one case, and both sendings get the same receipt (D37); the border, without Slack."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import log
from bot.domain.people import Person
from handlers import table
from handlers.dispatch import Dispatch
from storage.engine import Database
from storage.tables import metadata
from tests.support.border import OpenDoor
from tests.support.office import OfficeTown


class Silence:
    """Slack's client, to whom nothing here needs to be said."""

    def __getattr__(self, method: str) -> Any:
        return lambda **_: None


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/once.db")
    metadata.create_all(database.writing)
    return OfficeTown(database)


def border(town: OfficeTown) -> Dispatch:
    house = town.house
    return Dispatch(
        table(house.office, house.rules, None),  # type: ignore[arg-type]
        door=OpenDoor(town),  # type: ignore[arg-type]
        client=Silence(),  # type: ignore[arg-type]
        now=lambda: town.clock.at,
        draw_home=house.draw_home,
    )


def submission(town: OfficeTown) -> dict[str, Any]:
    alias = town.office.cases.alias_choices(town.asked("Maja Holm"))[0].sign
    values = {
        "reference": {"v": {"type": "plain_text_input", "value": "S2026-114711"}},
        "band": {"v": {"type": "radio_buttons", "selected_option": {"value": "18-29"}}},
        "alias~": {"v": {"type": "radio_buttons", "selected_option": {"value": alias}}},
    }
    blocks = [{"type": "input", "block_id": name} for name in values]
    view = {
        "id": "V1",
        "callback_id": "case.new",
        "private_metadata": '{"n":"one-form"}',
        "state": {"values": values},
        "blocks": blocks,
        "type": "modal",
    }
    return {"user": {"id": "U0MAJA0001", "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}, "view": view}


def test_a_form_sent_twice_makes_one_case_and_gives_the_same_receipt_twice(town: OfficeTown) -> None:
    dispatch, body, acks = border(town), submission(town), []
    for _ in range(2):
        dispatch._hear("submit", body, lambda **answer: acks.append(answer))
    assert acks[0] == acks[1]
    assert acks[0]["response_action"] == "update"
    assert [c.key for c in town.office.cases.mine(town.asked("Maja Holm"))] == ["26-0001"]


def test_another_process_that_gets_the_form_again_says_that_it_is_done(town: OfficeTown) -> None:
    body, acks = submission(town), []
    for dispatch in (border(town), border(town)):
        dispatch._hear("submit", body, lambda **answer: acks.append(answer))
    assert acks[1]["view"]["blocks"][0]["text"]["text"] == "Det er allerede gjort."
    assert len(town.office.cases.mine(town.asked("Maja Holm"))) == 1


def test_a_message_is_delivered_under_the_number_of_the_press_that_caused_it(town: OfficeTown) -> None:
    """Whoever asks about »7F3A« finds what was pressed and what was sent because of it."""
    lines = io.StringIO()
    log.set_up("json", to=lines)
    press = {"action_id": "access.wish", "block_id": "b1", "value": "x", "action_ts": "1.1"}
    user = {"id": "U0KIM00001", "team_id": "T0NORDRE01"}
    dispatch = border(town)
    newcomer = Person("U0KIM00001", "T0NORDRE01", "Kim Nyholm")
    dispatch._door = SimpleNamespace(let_in=lambda *_, **__: newcomer, again=lambda who, **_: who)  # type: ignore[assignment]
    dispatch._hear("action", {"actions": [press], "user": user}, lambda **_: None)
    town.deliver()
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    (heard,) = [line for line in said if line["event"] == "heard"]
    (told,) = [line for line in said if line["event"] == "delivered" and line["kind"] == "access_wish"]
    assert (told["request"], told["state"]) == (heard["request"], "sent")
