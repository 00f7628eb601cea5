"""Who is let in: a full member of our own workspace, asked for at each request; everybody else meets one sentence."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.notices import Notice
from bot.slack.directory import REMEMBERED_SECONDS, Directory
from bot.texts import texts
from handlers import table
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from storage.engine import Database
from storage.tables import metadata
from tests.handlers.test_gone import Shown
from tests.support.office import OfficeTown, readable

STORM = bool(os.environ.get("INDGANG_STORM"))
MAJA, JENS = "U0MAJA0001", "U0JENS0001"
STRANGERS: dict[str, dict[str, Any]] = {
    "a guest of several channels": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger from a shared channel": {"is_stranger": True},
    "a bot": {"is_bot": True},
    "a closed account": {"deleted": True},
    "of another workspace": {"team_id": "T0ANDRE001"},
    "of no workspace": {"team_id": None},
}
NO_ROLE = str(texts("da").say("refusal", "no_role"))
NOT_ASKED = re.compile(r"Slack kunne ikke spørges om, hvem du er\. .*\(nr\. [A-Z]{6}\)")


class SlackUsers(Shown):
    """Slack's own answer to who somebody is; None: nobody, an exception: it is away."""

    def __init__(self) -> None:
        super().__init__()
        self.said_of: dict[str, Any] = {}
        self.asked = 0

    def users_info(self, *, user: str) -> dict[str, Any]:
        self.asked += 1
        said = self.said_of.get(user, {})
        if isinstance(said, Exception):
            raise said
        whole = {"id": user, "team_id": demo.TEAM, "real_name": "Maja Holm", "deleted": False, **said}
        return {"user": whole}


class Entrance:
    """The real desks behind the real doorkeeper, with Slack's word for who somebody is."""

    def __init__(self, town: OfficeTown, slack: SlackUsers) -> None:
        self.town, self.slack = town, slack
        self.directory = Directory(slack, team=demo.TEAM)  # type: ignore[arg-type]
        house = town.house
        self.table = table(house.office, house.rules, self.directory)
        self.dispatch = Dispatch(
            self.table,
            door=Doorkeeper(self.directory, house.office.people, team=demo.TEAM),
            client=slack,  # type: ignore[arg-type]
            now=lambda: town.clock.at,
            draw_home=house.draw_home,
        )

    def hears(self, key: str, user: str = MAJA, *, team: str = demo.TEAM, value: str = "x") -> list[str]:
        """What is said in answer, by any way."""
        self.slack.said.clear()
        acks: list[dict[str, Any]] = []
        kind, name = key.split(":", maxsplit=1)
        body = request_of(kind, name, user, team, value)
        self.dispatch._hear(kind, body, lambda **said: acks.append(said))
        return [w for w in (*self.slack.said, *(readable(a) for a in acks)) if w.strip()]


def request_of(kind: str, name: str, user: str, team: str, value: str) -> dict[str, Any]:
    who = {"user": {"id": user, "team_id": team}, "team": {"id": team}, "trigger_id": "t1"}
    view = {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": "{}", "blocks": []}
    match kind:
        case "command":
            return {"command": name, "text": "", "user_id": user, "team_id": team, "trigger_id": "t1"}
        case "action":
            pressed = {"action_id": name, "block_id": "b", "value": value, "action_ts": "1"}
            return {**who, "view": view, "actions": [pressed]}
        case "options":
            return {**who, "action_id": name, "value": ""}
        case "shortcut":
            return {**who, "callback_id": name}
        case "event":
            event = {"type": name, "user": user, "channel": "D1", "text": "sag Bogfinke", "tab": "home"}
            return {"team_id": team, "event_id": "E1", "event": event}
        case _:
            return {**who, "view": {**view, "state": {"values": {}}}}


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/door.db")
    metadata.create_all(database.writing)
    return OfficeTown(database)


@pytest.fixture
def entrance(town: OfficeTown) -> Entrance:
    return Entrance(town, SlackUsers())


def turned_away(town: OfficeTown) -> int:
    with town.work() as work:
        return len(work.journal.of_acts("turned_away"))


NEWS = ("user_change", "channel", "member_", "group_")
"""Told by Slack about somebody; nobody asks for anything there."""


def meets_one_sentence(entrance: Entrance, key: str, who: str) -> None:
    """Also one we know as Maja: what she holds here does not help, and nothing says that it is there."""
    for id in (MAJA, "U0NEVER001"):  # noqa: A001
        entrance.slack.said_of[id] = STRANGERS[who]
        entrance.directory.forget(id)
    before = turned_away(entrance.town)
    as_maja = entrance.hears(key, MAJA, value="id00001")
    as_nobody = entrance.hears(key, "U0NEVER001", value="never-was")
    assert as_maja == as_nobody, key
    assert all(NO_ROLE in said or "ikke adgang" in said.casefold() for said in as_maja), (key, as_maja)
    assert turned_away(entrance.town) - before == 2, key


@pytest.mark.rule("D11")
@pytest.mark.parametrize("who", STRANGERS if STORM else ["a guest of one channel"])
def test_strangers_meet_one_sentence_at_every_entrance_and_it_is_written_down(
    entrance: Entrance, who: str, record_property: Callable[[str, object], None]
) -> None:
    """Each by turns as one we know and as one we do not (in the storm as both, and every kind of stranger); that both
    hear the same at each kind of entrance is the story below."""
    case = entrance.town.registered("Maja Holm")
    both = (MAJA, "U0NEVER001")
    keys = [k for k in entrance.table if not k.partition(":")[2].startswith(NEWS)]
    tries = [*(itertools.product(keys, both) if STORM else zip(keys, itertools.cycle(both), strict=False))]
    for id in both:  # noqa: A001
        entrance.slack.said_of[id] = STRANGERS[who]
    before = turned_away(entrance.town)
    for key, id in tries:  # noqa: A001
        said = entrance.hears(key, id, value="id00001")
        assert all(NO_ROLE in one or "ikke adgang" in one.casefold() for one in said), (key, said)
    assert turned_away(entrance.town) - before == len(tries)
    with entrance.town.work() as work:
        assert work.cases.get(case.id) == case
    record_property("figures", f"{who}: {len(tries)} tries at {len(keys)} entrances, all turned away")


@pytest.mark.rule("D11")
@pytest.mark.parametrize("who", STRANGERS)
def test_each_kind_of_stranger_is_refused_at_each_kind_of_entrance(entrance: Entrance, who: str) -> None:
    for key in (
        "command:/sag",
        "action:case.open",
        "submit:case.new",
        "options:any",
        "shortcut:case_new",
        "event:message",
        "event:app_home_opened",
        "close:session.item",
    ):
        meets_one_sentence(entrance, key, who)


@pytest.mark.rule("D11")
def test_a_request_from_another_workspace_is_refused_whoever_it_names(entrance: Entrance) -> None:
    assert all(NO_ROLE in said for said in entrance.hears("command:/sag", team="T0ANDRE001"))
    assert entrance.slack.asked == 0


@pytest.mark.rule("D11")
def test_nobody_comes_in_as_slack_itself(entrance: Entrance) -> None:
    """News is the only thing Slack itself says; a press in its name is somebody without a role."""
    for key in ("command:/sag", "action:case.open", "submit:case.new", "shortcut:case_new"):
        assert all(NO_ROLE in said for said in entrance.hears(key, "SLACK")), key


@pytest.mark.rule("D11", "T32")
def test_a_leavers_access_ends_with_the_event_and_the_cases_reach_the_leader(entrance: Entrance) -> None:
    town = entrance.town
    case = town.registered("Maja Holm")
    assert any(case.alias in said for said in entrance.hears("command:/sag"))
    entrance.slack.said_of[MAJA] = {"deleted": True}
    gone = {"type": "user_change", "user": {"id": MAJA, "team_id": demo.TEAM, "deleted": True}}
    body = {"team_id": demo.TEAM, "event_id": "E2", "event": gone}
    entrance.dispatch._hear("event", body, lambda **_: None)
    assert all(case.alias not in said for said in entrance.hears("command:/sag"))
    town.deliver()
    assert any(case.alias in said for said in town.heard(JENS))
    with town.work() as work:
        assert not work.people.get(MAJA).active


@pytest.mark.rule("D11")
def test_what_another_process_remembers_of_a_leaver_brings_nobody_back(town: OfficeTown) -> None:
    """The event reached one process; the other has heard a minute ago that she is an employee."""
    here, there = SlackUsers(), SlackUsers()
    one, other = Entrance(town, here), Entrance(town, there)
    case = town.registered("Maja Holm")
    other.hears("command:/sag")
    here.said_of[MAJA] = there.said_of[MAJA] = {"is_restricted": True}
    town.office.people.deactivated(MAJA, at=town.clock.at)
    for entrance in (other, one):
        assert all(case.alias not in said for said in entrance.hears("command:/sag"))
    assert there.asked == 2, "what it remembered was asked about again"
    with town.work() as work:
        assert not work.people.get(MAJA).active
    here.said_of[MAJA] = {}
    one.directory.forget(MAJA)  # as the news of it does
    assert any(case.alias in said for said in one.hears("command:/sag")), "an account that is open again"


@pytest.mark.rule("D11")
def test_a_leaver_stays_out_while_slack_cannot_be_asked(entrance: Entrance) -> None:
    case = entrance.town.registered("Maja Holm")
    entrance.hears("command:/sag")
    entrance.town.office.people.deactivated(MAJA, at=entrance.town.clock.at)
    entrance.slack.said_of[MAJA] = ConnectionError()
    assert all(case.alias not in said for said in entrance.hears("command:/sag"))
    entrance.hears("action:access.wish")
    with entrance.town.work() as work:
        assert not work.people.get(MAJA).active
        assert work.people.access_wishes() == [], "not even as far as the front desk"


@pytest.mark.rule("D11")
def test_somebody_unknown_hears_that_slack_could_not_be_asked_and_sees_nothing(entrance: Entrance) -> None:
    entrance.slack.said_of["U0NEVER001"] = ConnectionError()
    for key in (
        "command:/sag",
        "event:message",
        "event:app_home_opened",
        "action:access.wish",
        "submit:case.new",
    ):
        assert [bool(NOT_ASKED.search(said)) for said in entrance.hears(key, "U0NEVER001")] == [True], key
    entrance.slack.said_of["U0NEVER001"] = {}
    assert any(NO_ROLE in said for said in entrance.hears("command:/sag", "U0NEVER001")), "asked anew at once"
    with entrance.town.work() as work:
        assert work.people.access_wishes() == []


@pytest.mark.rule("D11")
def test_slack_is_asked_again_after_five_minutes_and_at_once_when_it_has_said_something(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("bot.slack.directory.time.monotonic", lambda: now[0])
    asked = []
    for later in (0, REMEMBERED_SECONDS - 1, 1):
        now[0] += later
        entrance.hears("command:/sag")
        asked.append(entrance.slack.asked)
    entrance.directory.forget(MAJA)
    entrance.hears("command:/sag")
    assert (asked, entrance.slack.asked, REMEMBERED_SECONDS) == ([1, 1, 2], 3, 300)


@pytest.mark.rule("D11")
def test_news_opens_no_account_that_is_not_ours(entrance: Entrance) -> None:
    town = entrance.town
    town.office.people.deactivated(MAJA, at=town.clock.at)
    for team in ("T0ANDRE001", "", None):
        news = {"type": "user_change", "user": {"id": MAJA, "team_id": team, "deleted": False}}
        body = {"team_id": demo.TEAM, "event_id": "E3", "event": news}
        entrance.dispatch._hear("event", body, lambda **_: None)
    with town.work() as work:
        assert not work.people.get(MAJA).active


@pytest.mark.rule("D11", "T32")
def test_nothing_is_told_to_somebody_who_has_left(town: OfficeTown) -> None:
    """Also what is told to whoever it is addressed to, whatever they hold by then."""
    facts = {"what": "own", "by": JENS, "people": JENS, "posts": "chair/-"}
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice("roles:1", "roles_changed", MAJA, facts))
    town.deliver()
    assert len(town.heard(MAJA)) == 1
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice("roles:2", "roles_changed", MAJA, facts))
        work.people.save(replace(work.people.get(MAJA), active=False))
    town.deliver()
    assert len(town.heard(MAJA)) == 1
