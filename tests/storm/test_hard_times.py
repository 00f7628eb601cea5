"""What seldom happens to a machine: processes freeze, the database falls over, the disk is full, Slack is away for hours."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bot.usecases.delivery import NobodyElse
from tests.storm.conftest import LONG, Figures, step
from tests.storm.kills import A_COMMIT, A_POST, Storm
from tests.storm.site import ServerSite, site_at
from tests.storm.slack_file import AWAY, OK
from tests.support.databases import Databases

Settle = Callable[..., Storm]
FREEZES, FROZEN_TOWNS = (50, 10) if LONG else (8, 1)
BLIND_FREEZES = 8
ENDED, DIES = "connections are ended", "the server dies and recovers"
TIMES = {ENDED: (50, 10), DIES: (20, 1)} if LONG else {ENDED: (10, 1), DIES: (3, 1)}
"""So many in each town, in so many towns: an old town only refuses."""
FULL_DISKS = 20 if LONG else 5
ASKED_WHILE_AWAY = 1_000 if LONG else 10
OUTAGE = timedelta(hours=6)


@pytest.fixture
def settle(databases: Databases, fast_folder: Path) -> Iterator[Settle]:
    addresses = []

    def settle(engine: str, **how: object) -> Storm:
        folder = Path(tempfile.mkdtemp(dir=fast_folder))
        addresses.append(databases.fresh(engine, folder))
        if engine == "postgresql":
            _keeps_what_it_said_it_kept(addresses[-1])
        return Storm(site_at(addresses[-1], folder / "slack.jsonl"), folder, **how)  # type: ignore[arg-type]

    yield settle
    for address in addresses:
        databases.take_back(address)


def _keeps_what_it_said_it_kept(address: str) -> None:
    """As in operation. The tests' server answers before a commit is written down, which here would be a lie."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')  # type: ignore[call-overload]


def test_a_frozen_process_that_wakes_sends_nothing_twice(settle: Settle, figures: Figures) -> None:
    """Every other one is frozen in the middle of a transaction, with rows locked: the server undoes it, and others
    go on.
    """
    counted: Counter[str] = Counter()
    for town in range(FROZEN_TOWNS):
        storm = settle("postgresql", faults=0.0, seed=town + 1)
        while storm.freezes < FREEZES:
            step("freezes", counted["freezes"] + storm.freezes, FREEZES * FROZEN_TOWNS)
            storm.freeze(workers=3, before=A_COMMIT if storm.freezes % 2 else A_POST)
        storm.finish()
        counted += storm.counted() + Counter(freezes=storm.freezes, towns=1)
        assert storm.verdict().clean, (town, storm.verdict())
    figures(doubled=0, **counted)


def test_with_streams_that_nobody_holds_the_same_freezes_double(settle: Settle, figures: Figures) -> None:
    """A bot that has leases only."""
    storm = settle("postgresql", faults=0.0)
    storm.town.house.delivery._streams = NobodyElse()
    while storm.freezes < BLIND_FREEZES and not storm.doubled():
        storm.freeze(workers=3, before=A_POST)
    storm.finish()
    figures(freezes=storm.freezes, doubled=len(storm.doubled()))
    assert storm.doubled(), "these freezes are blind"


@pytest.mark.parametrize("how", TIMES)
def test_whatever_becomes_of_the_database_server_nothing_is_lost_or_doubled(
    settle: Settle, how: str, figures: Figures
) -> None:
    times, towns = TIMES[how]
    counted: Counter[str] = Counter()
    for town in range(towns):
        storm = settle("postgresql", seed=town + 1)
        for turn in range(times):
            step(how, town * times + turn, towns * times)
            started = [storm.begin() for _ in range(2)]
            for ready, _ in started:
                os.read(ready, 1)
                os.close(ready)
            storm.sleeps()
            _end_connections(storm) if how == ENDED else _kill_a_backend(storm)
            storm.sleeps()
            for _, pid in started:
                storm.end(pid)
            storm.next_life()
        _wait_for(storm)
        storm.finish()
        counted += storm.counted() + Counter(times=times, towns=1)
        assert storm.verdict().clean, (town, storm.verdict())
    figures(**counted)


def _end_connections(storm: Storm) -> None:
    with psycopg.connect(storm.site.address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _kill_a_backend(storm: Storm) -> None:
    """One of its processes is killed, so the server throws everybody out and recovers from its log."""
    _wait_for(storm)  # it may be recovering from the last time still
    with psycopg.connect(storm.site.address.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert found is not None
        os.kill(found[0], signal.SIGKILL)
        try:
            connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return


def _wait_for(storm: Storm) -> None:
    for _ in range(200):
        try:
            psycopg.connect(storm.site.address.replace("+psycopg", "")).close()
        except psycopg.OperationalError:
            storm.sleeps()
        else:
            break
    assert isinstance(storm.site, ServerSite)
    storm.site.forget_connection()


def test_on_a_full_disk_what_was_answered_is_kept_and_the_rest_is_said_to_be_undone(
    settle: Settle, figures: Figures
) -> None:
    storm = settle("sqlite", born=_little_room)
    while storm.counted()["away"] < FULL_DISKS:
        assert storm.kills < FULL_DISKS * 20, "there was room for everything: this disk is never full"
        storm.kill()
    storm.born = lambda _storm: None
    for _ in range(3):
        storm.kill()  # there is room again
    storm.finish()
    figures(lives=storm.kills, **storm.counted())
    assert storm.verdict().clean, storm.verdict()


def _little_room(storm: Storm) -> None:
    """No file of this process's may grow any more by much; Slack's file is on another machine, and it may."""
    room = storm.chance.randint(36_000, 60_000)  # the log beside the database grows past that
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    limit = (room, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    write = storm.site.slack.write

    def elsewhere(line: dict[str, object]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        write(line)
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    storm.site.slack.write = elsewhere  # type: ignore[method-assign]


def test_after_six_hours_without_slack_everything_comes_once_and_in_order(
    settle: Settle, engine: str, figures: Figures
) -> None:
    storm = settle(engine)
    town, clock, away_until = storm.town, storm.clock, storm.clock.at + OUTAGE
    before = len(storm.site.lines())
    town.faults = lambda _method, _about: AWAY if clock.at < away_until else OK
    while clock.at < away_until:
        if storm.lives < ASKED_WHILE_AWAY:
            storm.lives += 1
            town.requested("Maja Holm")
        town.deliver()
        clock.at += timedelta(seconds=OUTAGE.total_seconds() / 60 + 1)
    owed, back = storm.site.owed(), clock.at
    assert len(storm.site.lines()) == before
    while storm.site.owed() and clock.at < back + timedelta(hours=2):
        town.deliver()
        clock.at += timedelta(seconds=61)
    figures(owed=owed, minutes_to_drain=int((clock.at - back).total_seconds() // 60))
    assert storm.verdict().clean, storm.verdict()
    heard = defaultdict(int)
    for line in storm.site.lines()[before:]:
        heard[line["to"]] += line["did"] == "post"
    assert sum(heard.values()) == owed
