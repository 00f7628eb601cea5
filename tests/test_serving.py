"""A start depends on the database and on nobody else: what is owed and what is due goes on while Slack is away."""

from __future__ import annotations

import http.client
import http.server
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from bot import serving
from bot.__main__ import app
from bot.assembly import House
from bot.demo import town as demo
from bot.domain.lanes import TEAM
from bot.domain.notices import Notice
from bot.settings import Place, Settings
from storage.sealing import new_key
from storage.tables import meetings
from tests.support.wire import waits_until

MAJA = "U0MAJA0001"


def settings(address: str, *, slack: int = 9) -> Settings:
    """`slack`: its port; at the usual one nobody is there."""
    return Settings(
        SLACK_BOT_TOKEN=SecretStr("xoxb-1"),
        SLACK_APP_TOKEN=SecretStr("xapp-1"),
        SLACK_API_URL=f"http://127.0.0.1:{slack}/api/",
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


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("command", ["serve", "clock"])
def test_on_sqlite_the_clock_runs_with_the_one_process_and_never_beside_it(
    command: str, database_address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only there does nothing fall due before Slack has said what time it is."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": database_address,
        "INDGANG_KEYS": new_key(),
        "INDGANG_TEAM": demo.TEAM,
        "INDGANG_FIRST_ADMINISTRATOR": demo.FIRST_ADMINISTRATOR,
    }.items():
        monkeypatch.setenv(name, value)
    for way in ("serve_clock", "serve_socket"):
        monkeypatch.setattr(serving, way, lambda *_, **__: None)
    told = CliRunner().invoke(app, [command], catch_exceptions=False)
    assert (told.exit_code, told.stderr.startswith("På SQLite gør én proces det hele")) == (2, True)


class TwoDaysBehind(http.server.BaseHTTPRequestHandler):
    """A Slack that takes its time, and by whose clock ours is two days ahead."""

    def do_POST(self) -> None:
        time.sleep(0.3)
        body = b'{"ok": true, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((timestamp or time.time()) - 48 * 3600)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def two_days_behind() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TwoDaysBehind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_on_sqlite_nothing_falls_due_before_slack_has_said_what_time_it_is(
    database_address: str, two_days_behind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "KNOCK_SECONDS", 0.1)
    house = House.build(settings(database_address, slack=two_days_behind))
    demo.settle_people(house)
    with house.storage.database.writing.begin() as connection:
        connection.execute(delete(meetings))  # so that there is something to lay out
    one = serving.Serving(house)
    running = threading.Thread(target=one.run, kwargs={"with_clock": True}, daemon=True)
    running.start()
    try:
        waits_until(lambda: one._clock is not None)
        waits_until(lambda: not one.health.clocks_agree())
        time.sleep(0.3)  # some knocks
        with house.storage.database.reading.connect() as connection:
            assert connection.execute(select(func.count()).select_from(meetings)).scalar_one() == 0
    finally:
        one.stop()
        running.join(10)
