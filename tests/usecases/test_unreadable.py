"""A row that cannot be read keeps no other from being seen: it is left out, that is said, and somebody is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import text

from bot import log
from bot.demo import town as demo
from bot.domain.case import Case
from bot.metrics import REGISTRY
from bot.texts import texts
from bot.usecases.left_out import Unreadable
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.support.border import border
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.usecases.test_agendas import CLOSED, MONDAY, on_agenda

BO, MAJA, JENS = "U0BO000001", "U0MAJA0001", "U0JENS0001"
SAID = "⚠️ 1 sag kan ikke læses. Giv administratoren besked: nr. "
Harm = Callable[[OfficeTown, Case], None]


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)


def changed(town: OfficeTown, statement: str, **values: Any) -> None:
    with town.house.storage.database.writing.begin() as connection:
        connection.execute(text(statement), values)


def torn(town: OfficeTown, case: Case) -> None:
    changed(town, "UPDATE cases SET more = '[1]' WHERE id = :id", id=case.id)


def with_a_lost_key(town: OfficeTown, case: Case) -> None:
    place = {"table": "case_references", "column": "number", "row": f"{case.id}/social"}
    sealed = KeyRing.read(new_key()).seal("S2026-000001", **place)
    changed(town, "UPDATE case_references SET number = :n WHERE case_id = :id", n=sealed, id=case.id)


def no_json(town: OfficeTown, case: Case) -> None:
    changed(town, "UPDATE cases SET more = '{' WHERE id = :id", id=case.id)


def home(town: OfficeTown, who: str) -> str:
    return readable(town.house.draw_home(town.person(who), town.clock.at, texts("da"))["blocks"])


def met() -> float:
    return REGISTRY.get_sample_value("indgang_unreadable_rows_total") or 0.0


@pytest.mark.parametrize("harm", [torn, with_a_lost_key, no_json])
def test_a_home_shows_all_the_others_and_says_that_one_cannot_be_read(town: OfficeTown, harm: Harm) -> None:
    if harm is no_json and not town.house.storage.database.is_sqlite:
        pytest.skip("PostgreSQL keeps nothing that is no JSON")
    bad, *others = (town.registered() for _ in range(3))
    before = home(town, "Maja Holm")
    assert SAID not in before
    harm(town, bad)
    shown = home(town, "Maja Holm")
    assert SAID in shown
    assert [c.alias in shown for c in (bad, *others)] == [False, True, True]
    assert home(town, "Sofie Bech").count("kan ikke læses") == 0  # nothing of hers


def test_the_administrator_is_told_once_with_the_number_that_the_log_has(town: OfficeTown) -> None:
    lines = io.StringIO()
    log.set_up("json", to=lines)
    with_a_lost_key(town, town.registered())
    count = met()
    first = home(town, "Maja Holm").split(SAID)[1][:6]
    home(town, "Maja Holm")
    town.deliver()
    (told,) = [m for m in town.heard(BO) if "kan ikke læses" in m]
    assert f"Find nr. {first} i loggen" in told
    assert met() == count + 2
    found = [line for line in map(json.loads, lines.getvalue().splitlines()) if line["event"] == "unreadable"]
    assert [(line["key"], line["request"] == first) for line in found] == [
        ("case_references.number", True),
        ("case_references.number", False),
    ]


class Heard:
    """Slack's client, which keeps what it was given."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    def __getattr__(self, method: str) -> Any:
        return lambda **said: self.said.append(said)


@pytest.mark.parametrize("harm", [torn, with_a_lost_key])
def test_a_command_answers_with_what_there_is_and_the_case_itself_is_refused_in_words(
    town: OfficeTown, harm: Harm
) -> None:
    bad, other = town.registered(), town.registered()
    harm(town, bad)
    slack = Heard()
    dispatch = border(town, slack, apart=town.house.office.apart.without_unreadable)
    who: dict[str, Any] = {"user": {"id": MAJA, "team_id": demo.TEAM}, "team": {"id": demo.TEAM}}
    command = {"command": "/sag", "text": "", "user_id": MAJA, "team_id": demo.TEAM, "trigger_id": "t.1"}
    dispatch._hear("command", command, lambda **answer: slack.said.append(answer))
    words = readable(slack.said)
    assert SAID in words
    assert other.alias in words
    slack.said.clear()
    press = {"action_id": "case.open", "block_id": "b1", "value": bad.id, "action_ts": "1.1"}
    dispatch._hear("action", {**who, "actions": [press], "channel": {"id": "C1"}}, lambda **_: None)
    assert "Sagen kan ikke læses, så intet er gemt. Giv administratoren besked: nr. " in readable(slack.said)


def test_what_is_changed_never_goes_on_without_it(town: OfficeTown) -> None:
    bad = town.registered()
    torn(town, bad)
    cancel = lambda: town.office.cases.cancel(town.asked("Maja Holm"), bad.id, reason="wrong_number")  # noqa: E731
    with pytest.raises(Unreadable):
        town.office.apart.without_unreadable(cancel, at=town.clock.at)


def test_the_clock_gives_everybody_else_their_due(town: OfficeTown) -> None:
    """The overview, the reminders in it and the watch at seven: each without the one, and Maja's says so."""
    meeting = town.next_meetings(5)[4]
    bad, _ = active_case(town, follow_up=meeting)
    mine, _ = active_case(town, follow_up=meeting)
    hers, _ = active_case(town, "Sofie Bech", follow_up=meeting)
    torn(town, bad)
    changed(town, "UPDATE cases SET caseworker = :who WHERE id = :id", who="U0TINE0001", id=hers.id)
    town.jump_to(date(2026, 11, 27), time(8, 0))
    town.knock()
    (overview,) = [m for m in town.heard(MAJA) if "I dag:" in m]
    assert [SAID in overview, mine.alias in overview, bad.alias in overview] == [True, True, False]
    with town.work() as work:
        assert work.notices.by_key("two_chairs:2026-11-27") is not None
    assert sum("kan ikke læses" in m for m in town.heard(BO)) == 1


def test_an_agenda_is_posted_with_all_its_other_items(town: OfficeTown) -> None:
    items = on_agenda(town, count=2)
    with town.work() as work:
        bad, other = (work.cases.get(item.case_id) for item in items)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    torn(town, bad)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    (post,) = town.heard(demo.OPEN_CHANNEL)
    assert [SAID in post, other.alias in post, bad.alias in post] == [True, True, False]
