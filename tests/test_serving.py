"""A start depends on the database and on nobody else: what is owed and what is due goes on while Slack is away."""

from __future__ import annotations

import http.client
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from bot import serving
from bot.assembly import House
from bot.demo import town as demo
from bot.domain.lanes import TEAM
from bot.domain.notices import Notice
from bot.settings import Place, Settings
from storage.sealing import new_key
from tests.support.wire import waits_until

MAJA = "U0MAJA0001"


def settings(address: str) -> Settings:
    return Settings(
        SLACK_BOT_TOKEN=SecretStr("xoxb-1"),
        SLACK_APP_TOKEN=SecretStr("xapp-1"),
        SLACK_API_URL="http://127.0.0.1:9/api/",  # nobody is there
        INDGANG_STATUS=Place("127.0.0.1", 0),
        DATABASE_URL=SecretStr(address),
        INDGANG_KEYS=SecretStr(new_key()),
        INDGANG_TEAM=demo.TEAM,
        INDGANG_FIRST_ADMINISTRATOR=demo.FIRST_ADMINISTRATOR,
    )


def asks(port: int, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", path)
    answer = line.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_with_slack_unreachable_it_is_ready_knocks_and_tries_what_is_owed(
    database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "SLACKS_TIME", 0.1)
    house = House.build(settings(database_address))
    demo.settle_people(house)
    with house.storage.open_work(at=datetime.now(UTC)) as work:
        work.notices.tell(Notice("welcome:1", "welcome", MAJA))
    one = serving.Serving(house)
    running = threading.Thread(target=one.run, kwargs={"with_clock": True}, daemon=True)
    running.start()

    def tried() -> bool:
        with house.storage.open_reading(at=datetime.now(UTC)) as work:
            return work.lanes.of(TEAM).failures > 0

    try:
        waits_until(lambda: one._status is not None)
        assert one._status is not None
        port = one._status.port
        waits_until(lambda: asks(port, "/readyz")[0] == 200)
        waits_until(tried)
        waits_until(lambda: "indgang_schedule_last_success_timestamp_seconds{" in asks(port, "/metrics")[1])
        assert "indgang_socket_connections 0.0" in asks(port, "/metrics")[1]
    finally:
        one.stop()
        running.join(10)
    assert not running.is_alive()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_by_a_clock_that_slack_denies_nothing_is_sent(database_address: str) -> None:
    """It says so at `/readyz`, and went on sending."""
    house = House.build(settings(database_address))
    demo.settle_people(house)
    with house.storage.open_work(at=datetime.now(UTC)) as work:
        work.notices.tell(Notice("welcome:1", "welcome", MAJA))
    serving.Serving(house)
    assert house.slacks_clock is not None
    tried = []
    for ahead in (-10, 10, 0):
        house.slacks_clock.hear(format_datetime(datetime.now(UTC) + timedelta(minutes=ahead), usegmt=True))
        house.delivery.deliver_due(patient=False)
        with house.storage.open_reading(at=datetime.now(UTC)) as work:
            tried.append(work.lanes.of(TEAM).failures)
    house.close()
    assert tried == [0, 0, 1]
