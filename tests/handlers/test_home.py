"""The front desk hears of people's accounts: what somebody became counts at once, everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from types import SimpleNamespace

import pytest

from bot.demo import town as demo
from bot.domain.people import NotForYou
from bot.domain.watch import CheckUp
from bot.texts import texts
from handlers.answers import Open
from handlers.home import HomeDesk
from handlers.requests import Request
from handlers.setup import SetupDesk
from storage.engine import Database
from tests.support.office import OfficeTown, readable
from tests.usecases.test_agendas import CLOSED, MONDAY, on_agenda


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)


@pytest.mark.rule("D6")
def test_somebody_in_the_channel_becomes_a_guest_and_the_post_goes_at_once(town: OfficeTown) -> None:
    on_agenda(town)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, guests=("U0TINE0001",))
    forgotten: list[str] = []
    desk = HomeDesk(town.office, SimpleNamespace(forget=forgotten.append))  # type: ignore[arg-type]
    for user in ({"id": "U0PETER001"}, {"id": "U0TINE0001", "is_restricted": True}):
        change = Request(
            "event",
            "user_change",
            town.person("Lone Ager"),
            town.clock.at,
            texts("da"),
            {"event": {"user": user}},
            None,
        )
        desk.person_changed(change)
        town.deliver()
        assert bool(town.heard(demo.OPEN_CHANNEL)) == (user["id"] == "U0PETER001")
    assert forgotten == ["U0PETER001", "U0TINE0001"]
    assert not town.person("Tine Lauridsen").active


@pytest.mark.rule("D22")
def test_the_checks_open_where_they_were_asked_for_and_a_colleague_is_refused(database: Database) -> None:
    town = OfficeTown(database, doctor=lambda: (CheckUp("slack", well=False),))
    desk = SetupDesk(town.office, town.house.rules, SimpleNamespace())  # type: ignore[arg-type]

    def pressed(by: str) -> Request:
        where = {"view": {"type": "home"}}
        return Request("action", "checks.run", town.person(by), town.clock.at, texts("da"), where, "press")

    answer = desk.table()["action:checks.run"](pressed("Bo Winther"))  # type: ignore[operator]
    assert isinstance(answer, Open) and answer.home
    assert "❌ Forbindelse til Slack: Slack lukker os ikke ind" in readable(answer.view)
    with pytest.raises(NotForYou):
        desk.checks(pressed("Ditte Lund"))
