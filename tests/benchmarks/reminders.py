"""P6: a thousand reminders that are due in one tick, beside a thousand date jobs of an APScheduler job store."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, select

from storage.engine import Database
from storage.tables import notices
from tests.benchmarks.mass import CASEWORKERS, fill
from tests.benchmarks.measure import Finding, at_least, ms, p50
from tests.support.databases import Databases
from tests.support.office import OfficeTown

MANY = 1_000
_left = threading.Semaphore(0)


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    for engine in ("sqlite", "postgresql"):
        ours, theirs, told = [], [], 0
        for _ in range(3 if full else 2):
            seconds, told = _tick(engine, databases)
            ours.append(seconds)
            theirs.append(_jobs(databases.fresh(engine)))
        yield at_least(
            "P6", f"{told:,} reminders due in one tick ({engine})", 20, p50(theirs) / p50(ours),
            f"job store {ms(p50(theirs))}, tick {ms(p50(ours))}", people=CASEWORKERS,
        )  # fmt: skip


def _tick(engine: str, databases: Databases) -> tuple[float, int]:
    """The morning on which a thousand follow-ups are fourteen working days away: found, marked, and in the outbox."""
    database = Database(databases.fresh(engine, settle=OfficeTown))
    town = OfficeTown(database)
    meeting = next(m for m in town.next_meetings(20) if m.day > town.today + timedelta(days=30))
    fill(town, database, MANY, open_every=1, meetings=[meeting.id])
    days = town.house.rules.on(town.today).working_days
    town.jump_to(days.after(meeting.day, -15), clock(8, 30))
    town.knock()
    town.jump_to(days.after(meeting.day, -14), clock(8, 30))
    began = time.perf_counter()
    town.office.overviews.send_due(town.clock.at)
    seconds = time.perf_counter() - began
    with database.reading.connect() as connection:
        marks = (
            select(func.count())
            .select_from(notices)
            .where(notices.c.key.like(f"follow_up:f-%:{meeting.id}:%"))
        )
        told = int(connection.execute(marks).scalar_one())
    database.close()
    databases.take_back(database.address)
    return seconds, told


def _jobs(address: str) -> float:
    """A thousand date jobs that do nothing, from when the scheduler wakes until the last has run."""
    url = Database(address).address
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone="UTC", executors={"default": _pool()}
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(MANY):
        scheduler.add_job(_nothing, "date", run_date=due, id=str(number), misfire_grace_time=None)
    began = time.perf_counter()
    scheduler.resume()
    for _ in range(MANY):
        assert _left.acquire(timeout=120)
    seconds = time.perf_counter() - began
    scheduler.shutdown(wait=True)
    return seconds


def _pool() -> Any:
    from apscheduler.executors.pool import ThreadPoolExecutor

    return ThreadPoolExecutor(10)


def _nothing() -> None:
    _left.release()
