"""Two things done in one form at once: the later one is what stands there afterwards (D37)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from handlers.answers import Show
from handlers.dispatch import Dispatch
from handlers.in_order import InOrder
from storage.engine import Database
from storage.tables import metadata
from tests.support.border import OpenDoor
from tests.support.office import OfficeTown

FORM = {"id": "V1", "callback_id": "session.item", "type": "modal", "state": {"values": {}}, "blocks": []}
WHO = {"user": {"id": "U0LONE0001", "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}, "view": FORM}
SUBMIT = {**WHO}
CHOICE = {**WHO, "actions": [{"action_id": "v", "block_id": "reason", "action_ts": "1"}]}


class Screen:
    """Slack's side of one form: what stands there now."""

    stands = ""

    def views_update(self, *, view_id: str, view: dict[str, str]) -> None:
        self.stands = view["title"]

    def __getattr__(self, method: str) -> Any:
        return lambda **_: None


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/order.db")
    metadata.create_all(database.writing)
    return OfficeTown(database)


@pytest.mark.rule("D37")
def test_a_redraw_that_is_late_does_not_cover_the_next_item(town: OfficeTown) -> None:
    begun, may_go_on, screen = threading.Event(), threading.Event(), Screen()

    def keep(_: Any) -> Show:
        begun.set()
        may_go_on.wait(5)
        return Show({"title": "Punkt 3"})

    dispatch = Dispatch(
        {"action:session.item#reason": keep, "submit:session.item": lambda _: Show({"title": "Punkt 4"})},
        door=OpenDoor(town),  # type: ignore[arg-type]
        client=screen,  # type: ignore[arg-type]
        now=lambda: town.clock.at,
        draw_home=town.house.draw_home,
    )

    def answered(response_action: str = "", view: Any = None) -> None:
        screen.stands = view["title"] if view else screen.stands

    choice = threading.Thread(target=dispatch._hear, args=("action", CHOICE, lambda: None))
    submit = threading.Thread(target=dispatch._hear, args=("submit", SUBMIT, answered))
    choice.start()
    assert begun.wait(5)
    submit.start()
    submit.join(0.1)
    may_go_on.set()
    choice.join(5)
    submit.join(5)
    assert screen.stands == "Punkt 4"


def test_forms_do_not_wait_for_each_other_and_nothing_is_remembered() -> None:
    order = InOrder()
    with order.turn("V1"), order.turn("V2"), order.turn(None):
        assert set(order._lines) == {"V1", "V2"}
    assert order._lines == {}
