"""The long-running process: listens over Socket Mode, delivers what is owed, knocks as the clock; ends in order."""

from __future__ import annotations

import signal
import threading
from typing import Any

from bot.assembly import House
from bot.clocks import SandboxClock
from bot.log import get_log
from handlers import table
from handlers.bolt import Ear
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from schedules.clock import AlarmClock
from schedules.marks import Marks
from schedules.timetable import Chore, timetable
from storage.upgrade import demand_fit

log = get_log()
KNOCK_SECONDS = 20.0
KNOCK_SECONDS_IN_SANDBOX = 0.5
DELIVERY_LOOKS_EVERY = 5.0


class Serving:
    def __init__(self, house: House) -> None:
        self._house = house
        self._stop = threading.Event()
        settings = house.settings
        assert settings is not None
        assert house.directory is not None
        self._settings = settings
        door = Doorkeeper(house.directory, house.office.people, team=settings.team)
        self.dispatch = Dispatch(
            table(house.office, house.rules, house.directory),
            door=door,
            client=house.client,
            now=house.clock.now,
            draw_home=house.draw_home,
        )

    def run(self, *, with_clock: bool) -> None:
        """Raises Behind or FromTheFuture: serving never changes the rows."""
        demand_fit(self._house.storage.database)
        self._heed_signals()
        ear = Ear(self._settings, self.dispatch, self._house.client)
        ear.open(until=self._stop)
        delivering = threading.Thread(target=self._deliver, name="delivery")
        delivering.start()
        clock = self._clock(serving=True) if with_clock else None
        log.info("serving", count=1)
        self._stop.wait()
        if clock:
            clock.stop()
        ear.close()
        self._house.wake.set()
        delivering.join()
        self._house.close()

    def run_clock_only(self) -> None:
        """Raises Behind or FromTheFuture."""
        demand_fit(self._house.storage.database)
        self._heed_signals()
        clock = self._clock(serving=False)
        self._stop.wait()
        clock.stop()
        self._house.close()

    def stop(self) -> None:
        self._stop.set()
        self._house.delivery.finish()
        self._house.wake.set()

    def _clock(self, *, serving: bool) -> AlarmClock:
        """`serving`: a thread beside delivers too, so that no knock waits for the pace."""
        in_sandbox = self._settings.clock_url is not None
        clock = AlarmClock(
            timetable(self._house.office) + self._time_machine(),
            self._house.clock,
            every_seconds=KNOCK_SECONDS_IN_SANDBOX if in_sandbox else KNOCK_SECONDS,
            sign=self._house.office.stirring.sign,
            after=lambda: self._house.delivery.deliver_due(patient=not serving),
        )
        clock.start()
        return clock

    def _time_machine(self) -> tuple[Chore, ...]:
        """The sandbox's clock is told where it may stop next; the machine's own clock stops nowhere."""
        clock, stops = self._house.clock, Marks(self._house.office)
        if not isinstance(clock, SandboxClock):
            return ()
        return (Chore("the time machine knows its next stops", lambda at: clock.tell_marks(stops.at(at))),)

    def _deliver(self) -> None:
        """A commit wakes the delivery; otherwise it looks now and then."""
        while not self._stop.is_set():
            self._house.wake.wait(DELIVERY_LOOKS_EVERY)
            self._house.wake.clear()
            try:
                self._house.delivery.deliver_due()
            except (
                Exception
            ) as why:  # the border of a thread: said in the log, and looked at again in a moment
                log.error("delivery_failed", exc_info=why)

    def _heed_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return

        def heed(_number: int, _frame: Any) -> None:
            self.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, heed)
