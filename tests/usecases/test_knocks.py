"""The alarm clock: a knock costs next to nothing when nothing stirs, and nothing that is due is missed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from sqlalchemy import event

from bot.demo import town as demo
from schedules.clock import AlarmClock
from schedules.timetable import Chore, timetable
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown

MONDAY = date(2026, 11, 16)


def alarm(town: OfficeTown, *more: Chore) -> AlarmClock:
    return AlarmClock(
        timetable(town.office) + more,
        town.clock,
        every_seconds=1,
        sign=town.office.stirring.sign,
        after=town.deliver,
    )


@contextmanager
def counted(database: Database) -> Iterator[dict[str, int]]:
    """How many questions are put, and how many transactions begin in which somebody could write."""
    seen = {"questions": 0, "writing": 0}

    def question(*_: object) -> None:
        seen["questions"] += 1

    def writing(*_: object) -> None:
        seen["writing"] += 1

    engines = {database.reading, database.writing}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", question)
    if database.is_sqlite:
        event.listen(database.writing, "begin", writing)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", question)
    if database.is_sqlite:
        event.remove(database.writing, "begin", writing)


def test_an_idle_knock_asks_twice_and_takes_no_writers_turn(database: Database) -> None:
    """On SQLite in a town where everything there is goes on; on PostgreSQL, where the chores ask the same, in a young one."""
    town = OfficeTown(database, settle=demo.settle if database.is_sqlite else demo.settle_people)
    if not database.is_sqlite:
        active_case(town)
        town.referred(meeting=town.next_meetings(1)[0].id)
    clock = alarm(town)
    for _ in range(3):  # what was due is done, and nobody changes anything
        clock.knock()
    with counted(database) as seen:
        clock.knock()
        assert seen["questions"] <= 4  # the journal's newest entry, the outbox, and each engine's BEGIN
        town.jump(seconds=5)
        clock.knock()  # time has moved: the chores look, and write nothing
    assert seen["writing"] == 0


def test_what_time_makes_due_and_what_somebody_changes_is_found(database: Database) -> None:
    town = OfficeTown(database)
    clock = alarm(town)
    clock.knock()
    town.referred(meeting=town.next_meetings(1)[0].id)
    clock.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    town.jump_to(MONDAY, time(8, 0))
    clock.knock()
    assert len(town.heard(demo.OPEN_CHANNEL)) == 1
    before = town.heard(demo.OPEN_CHANNEL)
    town.jump(minutes=1)
    clock.knock()
    town.referred(meeting=town.next_meetings(1)[0].id)
    clock.knock()
    assert town.heard(demo.OPEN_CHANNEL) != before


def test_a_chore_that_fails_is_asked_again_at_the_next_knock(database: Database) -> None:
    town, tries = OfficeTown(database), []

    def fails_once(at: datetime) -> None:
        tries.append(at)
        if len(tries) == 1:
            raise OSError("away")

    clock = alarm(town, Chore("once", "fails once", fails_once))
    for _ in range(4):
        clock.knock()
    assert len(tries) == 2
