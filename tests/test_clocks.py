"""The time that replicas share is the database's, whatever a machine's clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import clocks
from bot.assembly import House
from bot.clocks import ASKED_EVERY, SharedTime
from storage.engine import DatabaseAway
from tests.test_serving import settings

AT = datetime(2026, 11, 16, 7, 0, 0, tzinfo=UTC)


class Place:
    """A database and a machine whose clocks may be set, and the seconds that have truly gone by."""

    def __init__(self) -> None:
        self.seconds, self.asked, self.away = 0.0, 0, False
        self.database_wrong = self.machine_wrong = timedelta(0)
        self.shared = SharedTime(self.ask, machine=self.machine, steady=lambda: self.seconds)

    def machine(self) -> datetime:
        return AT + timedelta(seconds=self.seconds) + self.machine_wrong

    def ask(self) -> datetime:
        if self.away:
            raise DatabaseAway("asked", None, OSError())
        self.asked += 1
        return AT + timedelta(seconds=self.seconds) + self.database_wrong


def test_it_is_the_database_s_time_asked_now_and_then() -> None:
    place = Place()
    place.machine_wrong = timedelta(hours=48)
    for _ in range(21):
        assert place.shared.now() == AT + timedelta(seconds=place.seconds)
        place.seconds += 1
    assert place.asked == 1 + 20 // ASKED_EVERY


def test_a_machine_whose_clock_was_set_or_that_has_slept_asks_at_once() -> None:
    place = Place()
    place.shared.now()
    place.machine_wrong = place.database_wrong = timedelta(minutes=2)  # it was asleep, and counted no seconds
    assert place.shared.now() == AT + timedelta(minutes=2)


def test_while_the_database_is_away_time_goes_on_and_before_it_ever_answered_by_the_machine() -> None:
    place = Place()
    place.away, place.machine_wrong = True, timedelta(seconds=25)
    assert place.shared.now() == AT + place.machine_wrong
    place.away, place.seconds = False, 1.0
    assert place.shared.now() == AT + timedelta(seconds=1)
    place.away, place.seconds = True, 60.0
    assert place.shared.now() == AT + timedelta(seconds=60)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_leases_and_pauses_run_on_the_clock_that_all_who_serve_one_database_share(
    database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = datetime.now(UTC) + timedelta(seconds=25)
    monkeypatch.setattr(clocks, "machine_now", lambda: wrong)
    house = House.build(settings(database_address))
    ahead = house.clock.now() - house.clock.real()
    house.close()
    assert abs(ahead - timedelta(seconds=25)) < timedelta(seconds=10)
