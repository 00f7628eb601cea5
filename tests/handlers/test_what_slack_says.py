"""What people's own requests meet in Slack is kept for everybody: a pause, a withdrawn token, a word we do not know."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot import metrics
from bot.domain.lanes import FORM, HOME, TEAM
from bot.slack.directory import Directory
from bot.usecases.ports import CertainlyNotSent
from handlers import afterwards
from handlers.dispatch import Dispatch
from handlers.showing import RefusedHomes
from storage.engine import Database
from storage.tables import metadata
from tests.slack.test_codes import answer
from tests.support.border import border
from tests.support.office import OfficeTown, readable

MAJA, BO = "U0MAJA0001", "U0BO000001"
NOT_SHOWN = re.compile(
    r"Slack svarede ikke i tide kl\. 7\.50\. Kom det ikke frem, så prøv igen om lidt\. \(nr\. [A-Z2-9]{6}\)"
)
ASKS_TO_WAIT = answer("ratelimited", status=429, headers={"Retry-After": "7"})


class Moody:
    """Slack's client: what it answers with, by method; everything else goes well."""

    def __init__(self, **moods: Exception) -> None:
        self.moods, self.calls = moods, []

    def __getattr__(self, method: str) -> Any:
        def call(**said: Any) -> Any:
            self.calls.append((method, said))
            if method in self.moods:
                raise self.moods[method]
            return {"ok": True}

        return call

    def times(self, method: str) -> int:
        return sum(called == method for called, _ in self.calls)


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/says.db")
    metadata.create_all(database.writing)
    return OfficeTown(database)


class SlowAtHomes(Moody):
    """A Home is on its way until the story lets it arrive."""

    def __init__(self, **moods: Exception) -> None:
        super().__init__(**moods)
        self.on_its_way, self.arrives = threading.Event(), threading.Event()

    def views_publish(self, **said: Any) -> Any:
        self.on_its_way.set()
        assert self.arrives.wait(5)
        return self.__getattr__("views_publish")(**said)


def heard(town: OfficeTown, slack: Moody, *, hands: int = 0) -> Dispatch:
    return border(town, slack, listener=town.house.slack_said, hands=hands)


def opens_home(dispatch: Dispatch) -> None:
    event = {"type": "app_home_opened", "user": MAJA, "tab": "home"}
    body = {"event": event, "team_id": "T0NORDRE01", "event_id": "E1"}
    dispatch._hear("event", body, lambda **_: None)


def types(dispatch: Dispatch, text: str = "ny") -> list[dict[str, Any]]:
    acks: list[dict[str, Any]] = []
    body = {"command": "/sag", "text": text, "user_id": MAJA, "team_id": "T0NORDRE01", "trigger_id": "t.1"}
    dispatch._hear("command", body, lambda **given: acks.append(given))
    return acks


def presses(dispatch: Dispatch, *, at: str, what: str = "case.new", **place: Any) -> int:
    """How often it was acknowledged."""
    acks: list[Any] = []
    press = {"action_id": what, "block_id": "b", "value": "", "action_ts": at}
    who = {"user": {"id": MAJA, "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}, "trigger_id": "t.2"}
    dispatch._hear("action", {**who, **place, "actions": [press]}, lambda **given: acks.append(given))
    return len(acks)


def homes(slack: Moody) -> list[str]:
    """What stands in each Home that was drawn, in order."""
    drawn = [said["view"]["blocks"] for method, said in slack.calls if method == "views_publish"]
    return [plain(readable(blocks)) for blocks in drawn]


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def kept_timers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each with its seconds; whoever tests lets it ring."""
    timers: list[Any] = []

    def timer(seconds: float, do: Any, given: Any) -> threading.Timer:
        timers.append((seconds, lambda: do(*given)))
        return threading.Timer(0.0, lambda: None)

    monkeypatch.setattr(afterwards, "Timer", timer)
    return timers


def lane(town: OfficeTown, name: str) -> Any:
    with town.work() as work:
        return work.lanes.of(name)


def unknown_codes(method: str) -> float:
    registry: CollectorRegistry = metrics.REGISTRY
    return registry.get_sample_value("indgang_slack_code_unknown_total", {"method": method}) or 0.0


def test_a_form_that_slack_did_not_take_in_time_is_told_of_where_the_person_is(town: OfficeTown) -> None:
    slack = Moody(views_open=TimeoutError())
    dispatch = heard(town, slack)
    (told,) = types(dispatch)
    assert NOT_SHOWN.fullmatch(plain(told["text"]))
    presses(dispatch, at="1", view={"id": "V1", "type": "home"})
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [True]
    presses(dispatch, at="2", channel={"id": "C1"})
    (beside,) = [said["text"] for method, said in slack.calls if method == "chat_postEphemeral"]
    assert NOT_SHOWN.fullmatch(plain(beside))
    slack.moods.clear()
    presses(dispatch, at="3", view={"id": "V1", "type": "home"})
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [True, False], "the form came"
    presses(dispatch, at="4", view={"id": "V1", "type": "home"})
    assert len(homes(slack)) == 2, "and nothing more need be drawn"


@pytest.mark.parametrize(
    ("mood", "waits"),
    [
        (TimeoutError(), [2.0, 10.0, 60.0]),
        (answer("internal_error"), [2.0, 10.0, 60.0]),
        (answer("invalid_arguments"), []),
    ],
)
def test_a_home_that_slack_dropped_is_drawn_again_a_few_times_and_then_when_it_is_opened(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch, mood: Exception, waits: list[float]
) -> None:
    timers = kept_timers(monkeypatch)
    slack = Moody(views_open=TimeoutError(), views_publish=mood)
    dispatch = heard(town, slack)
    presses(dispatch, at="1", view={"id": "V1", "type": "home"})
    for number, _ in enumerate(waits):
        timers[number][1]()
    assert [seconds for seconds, _ in timers] == waits
    slack.moods.clear()
    slack.calls.clear()
    dispatch.afterwards.ask(town.person("Maja Holm"))
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [False], "it is too late to be of use"


def test_a_home_that_slack_dropped_once_says_it_at_the_second_try(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = kept_timers(monkeypatch)
    slack = Moody(views_open=TimeoutError(), views_publish=TimeoutError())
    presses(heard(town, slack), at="1", view={"id": "V1", "type": "home"})
    slack.moods.clear()
    timers[0][1]()
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [True, True]


def test_a_press_that_fails_while_a_home_is_on_its_way_is_told_of_in_the_next(town: OfficeTown) -> None:
    slack = SlowAtHomes()
    dispatch = heard(town, slack, hands=2)
    opens_home(dispatch)
    assert slack.on_its_way.wait(5)
    slack.moods["views_open"] = TimeoutError()
    presses(dispatch, at="1", view={"id": "V1", "type": "home"})
    slack.arrives.set()
    dispatch.afterwards.finish()
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [False, True]


def test_a_second_press_that_fails_does_not_take_the_first_ones_sentence_away(town: OfficeTown) -> None:
    slack = SlowAtHomes(views_open=TimeoutError())
    dispatch = heard(town, slack, hands=2)
    presses(dispatch, at="1", view={"id": "V1", "type": "home"})
    assert slack.on_its_way.wait(5)
    presses(dispatch, at="2", view={"id": "V1", "type": "home"})
    slack.arrives.set()
    dispatch.afterwards.finish()
    assert [bool(NOT_SHOWN.search(home)) for home in homes(slack)] == [True, True]


def test_a_press_beside_a_message_is_left_to_slacks_own_sign_too(town: OfficeTown) -> None:
    slack = Moody(chat_postEphemeral=answer("token_revoked"))
    dispatch = heard(town, slack)
    assert presses(dispatch, at="1", what="place.again", channel={"id": "C1"}) == 0
    assert slack.times("chat_postEphemeral") == 1
    slack.moods.clear()
    assert presses(dispatch, at="2", what="place.again", channel={"id": "C1"}) == 1


def test_a_press_that_nothing_can_be_shown_for_is_left_to_slacks_own_sign(town: OfficeTown) -> None:
    """It says by the button that the app did not answer; a command has its answer all the same."""
    slack = Moody(views_open=answer("token_revoked"), views_publish=answer("token_revoked"))
    dispatch = heard(town, slack)
    assert presses(dispatch, at="1", view={"id": "V1", "type": "home"}) == 0
    assert len(types(dispatch)) == 1
    slack.moods.clear()
    assert presses(dispatch, at="2", view={"id": "V1", "type": "home"}) > 0
    slack.moods["views_open"] = TimeoutError()
    assert presses(dispatch, at="3", view={"id": "V1", "type": "home"}) > 0


def test_a_home_that_slack_asked_to_wait_with_is_drawn_again_after_the_pause(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = kept_timers(monkeypatch)
    slack, maja = Moody(views_publish=ASKS_TO_WAIT), town.person("Maja Holm")
    dispatch = heard(town, slack)
    dispatch.afterwards.ask(maja)
    assert lane(town, HOME).free_from is not None
    assert lane(town, TEAM).free_from is None, "messages go on"
    slack.moods.clear()
    heard(town, slack).afterwards.ask(maja)  # another replica heeds it too
    assert slack.times("views_publish") == 1
    town.jump(seconds=8)
    assert [seconds for seconds, _ in timers] == [7.0, 7.0]
    timers[0][1]()
    assert slack.times("views_publish") == 2


def test_who_somebody_is_is_not_asked_while_slack_wants_us_to_wait(town: OfficeTown) -> None:
    slack = Moody(users_info=ASKS_TO_WAIT)
    directory = Directory(slack, team="T1")  # type: ignore[arg-type]
    directory.heard = town.house.slack_said.hear
    for _ in range(2):
        with pytest.raises(CertainlyNotSent):
            directory.find(MAJA)
    assert slack.times("users_info") == 1
    assert lane(town, "guard").free_from is not None


def test_a_withdrawn_token_is_found_by_whoever_meets_it_first_and_its_return_too(town: OfficeTown) -> None:
    slack = Moody(views_open=answer("token_revoked"))
    dispatch = heard(town, slack)
    types(dispatch)
    assert lane(town, TEAM).broken == "token_revoked"
    slack.moods.clear()
    types(dispatch, "26-0001")
    presses(dispatch, at="1", view={"id": "V1", "type": "home"})
    assert lane(town, TEAM).broken is None
    town.deliver()
    assert any("Slack lukker mig ind igen" in said for said in town.heard(BO))


@pytest.mark.parametrize("code", ["missing_scope", "not_enabled"])
def test_what_one_method_is_refused_keeps_no_message_back(town: OfficeTown, code: str) -> None:
    dispatch = heard(town, Moody(views_publish=answer(code)))
    dispatch.afterwards.ask(town.person("Maja Holm"))
    assert lane(town, TEAM).broken is None


@pytest.mark.parametrize("method", ["views.open", "views.publish"])
def test_a_word_of_slacks_that_nobody_knows_is_counted_also_when_a_person_meets_it(
    town: OfficeTown, method: str
) -> None:
    before = unknown_codes(method)
    dispatch = heard(town, Moody(**{method.replace(".", "_"): answer("solar_flare")}))
    types(dispatch)
    dispatch.afterwards.ask(town.person("Maja Holm"))
    assert unknown_codes(method) == before + 1
    assert lane(town, FORM).free_from is None


def test_people_whose_home_slack_refuses_are_counted_and_who_presses_again_is_one(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who are refused while nobody is shown theirs wake somebody; one who presses all night does not."""
    monkeypatch.setattr(metrics, "_looks", {})
    dispatch = heard(town, Moody(views_publish=answer("not_enabled")))
    for name in ("Maja Holm", "Maja Holm", "Maja Holm", "Lone Ager"):
        dispatch.afterwards.ask(town.person(name))
        metrics.page()
        assert metrics.REGISTRY.get_sample_value("indgang_homes_refused_people") == 1 + (name != "Maja Holm")
    heard(town, Moody(views_publish=ASKS_TO_WAIT)).afterwards.ask(town.person("Maja Holm"))
    metrics.page()
    assert metrics.REGISTRY.get_sample_value("indgang_homes_refused_people") == 0


def test_a_home_that_was_refused_is_forgotten_after_half_an_hour() -> None:
    at = 0.0
    homes = RefusedHomes(lambda: at)
    homes.note(MAJA)
    at = 1799.0
    homes.note(BO)
    assert homes.people() == 2
    at = 1801.0
    assert homes.people() == 1


def test_a_home_that_could_not_be_drawn_is_a_fault_that_people_meet(
    town: OfficeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faults() -> float:
        return metrics.REGISTRY.get_sample_value("indgang_requests_failed_total", {"kind": "home"}) or 0.0

    before, dispatch = faults(), heard(town, Moody())
    monkeypatch.setattr(dispatch, "_draw_home", lambda *_: 1 / 0)
    dispatch.afterwards.ask(town.person("Maja Holm"))
    assert faults() == before + 1
