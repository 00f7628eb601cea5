"""Several clocks begin at the same moment on a database where nothing has been laid out: each does its part, none fails."""

from __future__ import annotations

import io
import json
from threading import Barrier, Thread

from bot import log
from bot.demo import town as demo
from schedules.clock import AlarmClock
from schedules.timetable import timetable
from storage.engine import Database
from storage.sealing import new_key
from tests.support.databases import Databases
from tests.support.office import OfficeTown


def a_clock(town: OfficeTown) -> AlarmClock:
    return AlarmClock(
        timetable(town.office),
        town.clock,
        every_seconds=20,
        sign=town.office.stirring.sign,
        after=lambda: None,
    )


def test_two_clocks_that_begin_together_lay_everything_out_once_and_the_log_is_clean(
    databases: Databases,
) -> None:
    address, key, lines = databases.fresh("postgresql"), new_key(), io.StringIO()
    towns = [OfficeTown(Database(address), key=key)]
    towns.append(OfficeTown(Database(address), settle=lambda _: None, key=key))
    towns[1].office.meetings._chance._count += 100_000  # type: ignore[attr-defined]  # each has chance of its own
    log.set_up("json", to=lines)
    start = Barrier(2)

    def begin(town: OfficeTown) -> None:
        start.wait()
        town.house.check_keys()
        a_clock(town).knock()

    clocks = [Thread(target=begin, args=(town,)) for town in towns]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    with towns[0].work() as work:
        days = [
            m.day
            for m in work.meetings.between(demo.COMMITTEE, towns[0].today, towns[0].today.replace(year=2027))
        ]
        drawn = work.samples.of_month(towns[0].today.replace(month=10, day=1))
    for town in towns:
        town.house.close()
    databases.take_back(address)
    assert [line for line in said if line["level"] in ("error", "warning")] == []
    assert len(days) == len(set(days)) > 40
    assert len(drawn) == len({(s.area, s.leader) for s in drawn}) > 2
