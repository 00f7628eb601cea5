"""How a process says how it is: alive, ready, counted; on a port of its own, to this machine unless told otherwise."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import metrics
from bot.health import (
    ANSWERS_WITHIN,
    APART,
    GAUGES_WITHIN,
    Health,
    PlaceTaken,
    StatusPage,
    gauges_in_time,
    read_gauges,
)
from bot.serving import STATUS_OF_CLOCK, STATUS_OF_SERVE
from bot.settings import NOWHERE, Place
from storage.engine import Database
from storage.tables import backups, journal_checks, lanes, notices
from tests.support.databases import Databases


def serving(database: Database, *, now: Callable[[], datetime]) -> Health:
    health = Health(database, now=now)
    assert health.in_the_way() == ("starting",)
    health.serve()
    return health


HERE = Place("127.0.0.1", 0)


def clock() -> datetime:
    return datetime.now(UTC)


@contextmanager
def page_of(health: Health) -> Iterator[StatusPage]:
    page = StatusPage(health, HERE)
    try:
        yield page
    finally:
        page.close()


def asks(page: StatusPage, path: str, verb: str = "GET") -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", page.port, timeout=5)
    line.request(verb, path)
    answer = line.getresponse()
    body = answer.read().decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Python" not in str(answer.headers)
    line.close()
    return answer.status, body


def test_a_process_with_its_database_is_alive_ready_and_counted(database: Database) -> None:
    with page_of(serving(database, now=clock)) as page:
        assert asks(page, "/livez") == (200, "alive\n")
        assert asks(page, "/readyz") == (200, '{"ready": true, "in_the_way": []}\n')
        status, counted = asks(page, "/metrics")
        assert status == 200 and "# HELP indgang_outbox_pending" in counted
        assert {asks(page, path)[0] for path in ("/", "/livez/", "/metrics?x=1", "/slack/events")} == {404}
        assert asks(page, "/livez", "POST") == (404, "")


def test_whoever_leaves_is_alive_and_not_ready(database: Database) -> None:
    health = serving(database, now=clock)
    with page_of(health) as page:
        health.leave()
        assert asks(page, "/livez")[0] == 200
        assert asks(page, "/readyz") == (503, '{"ready": false, "in_the_way": ["leaving"]}\n')
        assert "indgang_ready 0.0" in asks(page, "/metrics")[1]


def test_a_database_that_was_never_laid_out_is_in_the_way(empty_address: str) -> None:
    database = Database(empty_address)
    assert serving(database, now=clock).in_the_way() == ("schema",)
    database.close()


def test_a_database_that_does_not_answer_is_in_the_way_and_the_process_lives() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/nowhere")
    with page_of(serving(database, now=clock)) as page:
        assert json.loads(asks(page, "/readyz")[1])["in_the_way"] == ["database"]
        assert asks(page, "/livez")[0] == 200
    database.close()


def test_metrics_say_not_ready_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look by itself: what the first cannot find does not keep the others from being told."""
    monkeypatch.setattr(metrics, "_looks", {})
    database = Database("postgresql://nobody@127.0.0.1:9/nowhere")
    health = serving(database, now=clock)
    metrics.ready(True)
    metrics.sockets(1)
    metrics.looked_at("database", lambda: read_gauges(database, clock))
    metrics.looked_at("readiness", health.in_the_way)
    metrics.looked_at("sockets", lambda: metrics.sockets(0))
    with page_of(health) as page:
        status, told = asks(page, "/metrics")
    assert status == 200
    assert "indgang_ready 0.0" in told
    assert "indgang_socket_connections 0.0" in told
    database.close()


@pytest.fixture
def frozen(databases: Databases) -> Iterator[tuple[Database, Callable[[int], None]]]:
    """A database, and the way to stop and wake the server's processes that serve our connections."""
    database = Database(databases.fresh("postgresql", Path()))
    serving(database, now=clock).in_the_way()  # a connection lies ready
    with database.asking.connect() as connection:
        asked = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = connection.execute(asked).scalars().all()

    def signalled(number: int) -> None:
        for pid in pids:
            os.kill(pid, number)

    yield database, signalled
    signalled(signal.SIGCONT)
    database.close()


def test_while_the_database_hangs_each_page_answers_in_time_and_says_so(
    frozen: tuple[Database, Callable[[int], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither away nor refusing: it says nothing at all, for as long as it likes."""
    database, signalled = frozen
    monkeypatch.setattr(metrics, "_looks", {})
    health = serving(database, now=clock)
    metrics.looked_at("readiness", health.in_the_way)
    metrics.looked_at("database", gauges_in_time(database, clock))
    signalled(signal.SIGSTOP)
    with page_of(health) as page:
        began = time.monotonic()
        hanging = [asks(page, "/readyz") for _ in range(3)]
        status, counted = asks(page, "/metrics")
        took = time.monotonic() - began
        assert hanging == [(503, '{"ready": false, "in_the_way": ["database"]}\n')] * 3
        assert (status, "indgang_ready 0.0" in counted) == (200, True)
        assert took < ANSWERS_WITHIN + GAUGES_WITHIN + 1, "once it has hung that long, nobody waits again"
        signalled(signal.SIGCONT)
        deadline = time.monotonic() + 5
        while asks(page, "/readyz")[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("apart", [-1, 1])
def test_a_clock_that_is_wrong_is_in_the_way_and_decides_nothing(database: Database, apart: int) -> None:
    def wrong() -> datetime:
        return clock() + apart * (APART + timedelta(seconds=2))

    health = serving(database, now=wrong)
    assert health.in_the_way() == ("clock",)
    assert not health.clocks_agree()
    assert serving(database, now=clock).clocks_agree()


def test_only_this_machine_may_ask_unless_told_otherwise() -> None:
    assert {STATUS_OF_SERVE.host, STATUS_OF_CLOCK.host} == {"127.0.0.1"}
    assert STATUS_OF_SERVE.port != STATUS_OF_CLOCK.port


def test_a_port_that_is_taken_is_told_unless_the_next_may_be_tried(database: Database) -> None:
    health = serving(database, now=clock)
    with page_of(health) as first:
        taken = Place("127.0.0.1", first.port)
        with pytest.raises(PlaceTaken):
            StatusPage(health, taken)
        second = StatusPage(health, taken, tries=20)
        assert second.port > first.port
        second.close()
    assert StatusPage(health, NOWHERE).port == 0


AT = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def row(number: int, to: str, state: str, **more: object) -> dict[str, object]:
    return {
        "id": f"n{number}", "key": f"k{number}", "kind": "x", "to": to, "seq": number, "facts": {},
        "state": state, "revision": 1, "shown_revision": 0, "attempts": 0, "handled": False,
        "created_at": AT - timedelta(minutes=number), **more,
    }  # fmt: skip


def test_the_outbox_is_counted_by_what_is_owed_now(database: Database) -> None:
    """What waits for its own time is not late; what failed and waits to be tried again is."""
    later = AT + timedelta(hours=1)
    with database.turn(), database.writing.begin() as connection:
        for one in (
            row(1, "U1", "pending"),
            row(30, "U2", "pending", not_before=later),
            row(9, "U3", "pending", not_before=later, failing_since=AT - timedelta(minutes=7)),
            row(50, "U4", "sent"),
            row(51, "U5", "dead"),
            row(52, "C1", "parked"),
            row(53, "C1", "parked"),
        ):
            connection.execute(notices.insert().values(**one))
    read_gauges(database, lambda: AT)
    page = metrics.page(looking=False).decode()
    assert "indgang_outbox_pending 3.0" in page
    assert "indgang_outbox_oldest_pending_age_seconds 420.0" in page
    assert "indgang_outbox_dead 1.0" in page
    assert "indgang_outbox_parked_destinations 1.0" in page
    assert "indgang_slack_shut_out 0.0" in page
    assert "indgang_backup_last_success_timestamp_seconds 0.0" in page
    assert "indgang_journal_whole -1.0" in page


def test_a_withdrawn_token_the_last_backup_and_a_broken_journal_are_counted(database: Database) -> None:
    night = {"place": 3, "print": "ab"}
    with database.turn(), database.writing.begin() as connection:
        connection.execute(lanes.insert().values(name="team", broken="token_revoked", failures=0))
        for number, taken in enumerate((AT, AT - timedelta(days=1))):
            connection.execute(
                backups.insert().values(id=f"b{number}", taken_at=taken, finished_at=taken, rows=1)
            )
        for day, fault in ((AT - timedelta(days=1), None), (AT, "changed")):
            connection.execute(journal_checks.insert().values(day=day.date(), at=day, fault=fault, **night))
    read_gauges(database, lambda: AT)
    page = metrics.page(looking=False).decode()
    assert "indgang_slack_shut_out 1.0" in page
    assert "indgang_backup_last_success_timestamp_seconds 1.7958528e+09" in page
    assert "indgang_journal_whole 0.0" in page
