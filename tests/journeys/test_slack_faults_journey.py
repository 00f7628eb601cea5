"""Slack as it is on a bad day, over HTTP: it limits us, answers wrongly, shuts us out, and lets us in again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.lanes import TEAM
from bot.domain.notices import Notice
from tests.support.databases import Databases
from tests.support.town import RunningTown
from tests.support.wire import waits_until


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    with RunningTown(databases.fresh("sqlite", tmp_path_factory.mktemp("faults"))) as running:
        yield running


@pytest.fixture
def denied(databases: Databases, tmp_path: Path) -> Iterator[RunningTown]:
    """Where Slack denies what it did."""
    with RunningTown(databases.fresh("sqlite", tmp_path), judged=False) as running:
        yield running


@pytest.fixture(autouse=True)
def _calm(town: RunningTown) -> Iterator[None]:
    yield
    town.stage.fault("clear")


def owe(town: RunningTown, whom: str, *names: str) -> None:
    with town.house.storage.open_work(at=town.house.clock.now()) as work:
        for name in names:
            to = town.stage.person_id(whom)
            work.notices.tell(Notice(f"welcome:{name}", "welcome", to))


def got(town: RunningTown, whom: str) -> int:
    return len([m for m in town.person(whom).messages() if "Du kan nu bruge Én Indgang" in m.text])


def answers(town: RunningTown, method: str) -> list[int]:
    return [line["status"] for line in town.stage.journaled("api", method)]


def test_the_pace_is_such_that_slack_never_asks_for_a_pause(town: RunningTown) -> None:
    town.stage.fault("pace_on")
    began = time.monotonic()
    owe(town, "Jens Toft", "p1", "p2", "p3")
    owe(town, "Ali Demir", "p4")
    waits_until(lambda: got(town, "Ali Demir") == 1)
    waited = time.monotonic() - began
    waits_until(lambda: got(town, "Jens Toft") == 3)
    assert 429 not in answers(town, "chat.postMessage")
    assert waited < time.monotonic() - began


@pytest.mark.parametrize("kind", ["500_after", "error_after:internal_error", "drop_after"])
def test_what_slack_did_and_denies_is_found_and_stands_once(
    denied: RunningTown, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = denied
    monkeypatch.setattr("bot.usecases.delivery.LEASE_SECONDS", 2.0)
    before = got(town, "Sofie Bech")
    town.stage.fault(kind, method="chat.postMessage")
    owe(town, "Sofie Bech", kind)

    def is_sent() -> bool:
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            notice = work.notices.by_key(f"welcome:{kind}")
        return notice is not None and notice.ts is not None

    waits_until(is_sent)
    assert got(town, "Sofie Bech") == before + 1


def test_shut_out_and_let_in_again_everything_comes_and_the_administrator_hears_of_it(
    town: RunningTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.usecases.shut_out.SHUT_OUT", timedelta(seconds=1))
    town.stage.fault("shut_out:token_revoked")
    owe(town, "Nanna Ilsø", "s1", "s2")

    def broken() -> Any:
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            return work.lanes.of(TEAM).broken

    waits_until(lambda: broken() == "token_revoked")
    town.stage.fault("let_in")
    waits_until(lambda: got(town, "Nanna Ilsø") == 2)
    town.person("Bo Winther").sees("Slack lukker mig ind igen")
    assert broken() is None


def test_a_channel_that_is_brought_back_is_open_again_by_itself(town: RunningTown) -> None:
    channel = demo.OPEN_CHANNEL
    town.stage.archives(channel)
    with town.house.storage.open_work(at=town.house.clock.now()) as work:
        work.lanes.break_off(channel, "is_archived", at=town.house.clock.now())
    town.stage.unarchives(channel)
    town.stage.jump(town.house.clock.now() + timedelta(minutes=2))  # it is looked at every minute

    def is_whole() -> bool:
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            return work.lanes.of(channel).broken is None

    waits_until(is_whole)


def test_a_slow_slack_keeps_nobodys_answer_beyond_its_three_seconds(town: RunningTown) -> None:
    """Who is at the door is asked first, and then the form is opened; the person hears that it did not come in time."""
    jens = town.person("Jens Toft")
    town.house.directory.ask_anew(town.stage.person_id("Jens Toft"))
    for method in ("users.info", "views.open"):
        town.stage.fault("slow", method=method, seconds=4)
    began = time.monotonic()
    jens.types("/sag ny")
    assert time.monotonic() - began < 3
    jens.sees("Kom det ikke frem, så prøv igen om lidt. (nr. ")
