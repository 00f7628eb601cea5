"""The long-running process: hears Slack, delivers what is owed, knocks as the clock, says how it is; ends in order."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from bot import metrics
from bot.assembly import House
from bot.clocks import SandboxClock, machine_now
from bot.health import Health, StatusPage, gauges_in_time
from bot.log import get_log
from bot.patience import LAST_WISH
from bot.settings import Place, Settings
from bot.texts import texts
from bot.tokens import app_token_now
from bot.usecases.reconciling import Reconciling
from handlers import table
from handlers.bolt import Ear, Front
from handlers.dispatch import Dispatch
from handlers.doorkeeper import Doorkeeper
from handlers.guard import WSGI, Calendar
from schedules.clock import AlarmClock
from schedules.marks import Marks
from schedules.timetable import Chore, timetable
from storage.recovery import waits
from storage.upgrade import demand_fit

log = get_log()
KNOCK_SECONDS = 20.0
KNOCK_SECONDS_IN_SANDBOX = 0.5
DELIVERY_LOOKS_EVERY = 5.0
TURNS_EVERY = 0.001
"""Seconds after which whoever works gives way to whoever waits; at Python's default of five thousandths each of the
twenty times that an answer comes back from the database it may wait for a Home that is being drawn.
"""
OFTEN = (700, 10, 10)
"""New things made before Python looks which of them nobody needs: its own figures."""
M_ARENA_MAX, HEAPS = -8, 1
"""The C library's name for it; by itself it takes eight for each core. Python lets one thread at a time go anyway."""
HANDS = 4
"""Threads that draw Homes after the answers have left."""
SLACKS_TIME = 5.0
"""Seconds a start waits for Slack before it says that it is ready without."""
STATUS_OF_SERVE = Place("127.0.0.1", 8430)
STATUS_OF_CLOCK = Place("127.0.0.1", 8429)
"""Below: the workers of one that serves take the ports from theirs and up."""

Mode = Literal["socket", "http", "clock"]


def serve_socket(settings: Settings, *, with_clock: bool) -> None:
    """Until SIGTERM. Raises whatever stands in the way of a start."""
    with checked_house(settings) as house:
        _stays()
        Serving(house).run(with_clock=with_clock)


def serve_clock(settings: Settings) -> None:
    with checked_house(settings) as house:
        _stays()
        Serving(house).run_clock_only()


def serving_http(settings: Settings, *, with_clock: bool, workers: int) -> tuple[Serving, WSGI]:
    """What a web server asks, and what it ends with `close_front`. Raises whatever stands in the way of a start."""
    house = House.build(settings)
    house.check_keys()
    _stays()
    serving = Serving(house)
    return serving, serving.open_front(with_clock=with_clock, workers=workers)


def _stays() -> None:
    """What has been read and built stays until the end: Python need not go through it again while somebody waits.

    From now on it looks as often as it likes: what a request leaves behind would pile up (bot/__main__.py). And the
    threads that come share one heap: of many, each keeps what was ever free in it.
    """
    gc.freeze()
    gc.set_threshold(*OFTEN)
    with suppress(AttributeError):  # another C library than glibc has no such number, and needs none
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


@contextmanager
def checked_house(settings: Settings) -> Iterator[House]:
    """Its keys open what is stored. Raises KeyUnfit, RulesUnfit, WrongKeys, DatabaseAway."""
    house = House.build(settings)
    try:
        house.check_keys()
        yield house
    finally:
        house.close()


class Serving:
    def __init__(self, house: House) -> None:
        self._house = house
        house.storage.database.serves()
        self._stop = threading.Event()
        settings = house.settings
        assert settings is not None
        assert house.directory is not None
        self._settings = settings
        assert house.slacks_clock is not None
        self.health = Health(house.storage.database, now=machine_now, slack_ahead=house.slacks_clock.ahead)
        self._status: StatusPage | None = None
        self._clock: AlarmClock | None = None
        self._delivering: threading.Thread | None = None
        house.delivery.trusts(self._clocks_agree)
        door = Doorkeeper(house.directory, house.office.people, team=settings.team)
        self.dispatch = Dispatch(
            table(house.office, house.rules, house.directory),
            door=door,
            client=house.client,
            now=house.clock.now,
            draw_home=house.draw_home,
            note_refused=house.office.looks.note_refused,
            ask_names=house.office.names.ask,
            apart=house.office.apart.without_unreadable,
            look_in_vain=house.office.cases.look_in_vain,
            own_words=house.rules.own_words,
            drafts=house.office.drafts,
            hands=HANDS,
            quick=house.quick,
            listener=house.slack_said,
        )

    def run(self, *, with_clock: bool) -> None:
        """Over Socket Mode, until `stop`. Raises Behind, FromTheFuture, PlaceTaken: serving never changes the rows."""
        demand_fit(self._house.storage.database)
        self._heed_signals()
        self._show_status("socket", STATUS_OF_SERVE)
        ear = Ear(
            self._settings,
            self.dispatch,
            self._house.client,
            renew=self._house.token.renew,
            app_token=app_token_now,
        )
        self.health.hears_by(lambda: not ear.refused)
        ear.open(until=self._stop)
        latest = time.monotonic() + SLACKS_TIME
        self._begin(with_clock=with_clock)
        if not ear.waits(max(0.0, latest - time.monotonic())):
            log.warning("slack_away", state="ready")  # what is owed and what is due is done all the same
        self.health.serve()
        self._stop.wait()
        self._end(ear.close)

    def run_clock_only(self) -> None:
        """Raises Behind, FromTheFuture, PlaceTaken."""
        demand_fit(self._house.storage.database)
        self._heed_signals()
        self._show_status("clock", STATUS_OF_CLOCK)
        self._clock = self._alarm_clock(serving=False)
        self.health.serve()
        self._stop.wait()
        self._end()

    def open_front(self, *, with_clock: bool, workers: int = 1) -> WSGI:
        """Over HTTP: what the web server calls, until `close_front`. Raises Behind, FromTheFuture, PlaceTaken."""
        demand_fit(self._house.storage.database)
        self._show_status("http", STATUS_OF_SERVE, tries=workers)
        front = Front(
            self._settings,
            self.dispatch,
            self._house.client,
            calendar=calendar_of(self._house),
            renew=self._house.token.renew,
        )
        front.open(until=self._stop)
        self._begin(with_clock=with_clock)
        self.health.serve()
        return front.guarded

    def close_front(self) -> None:
        """After the web server has answered what was in hand."""
        self.stop()
        self._end()

    def stop(self) -> None:
        """Not ready any more; what is in hand is finished."""
        self.health.leave()
        self._stop.set()
        self._house.delivery.finish()
        self._house.wake.set()

    def _show_status(self, mode: Mode, usual: Place, *, tries: int = 1) -> None:
        database, now = self._house.storage.database, self._house.clock.now
        metrics.build(version=_version(), mode=mode)
        metrics.looked_at("readiness", self.health.in_the_way)
        metrics.looked_at("database", gauges_in_time(database, now))
        self._status = StatusPage(self.health, self._settings.status or usual, tries=tries)

    def _begin(self, *, with_clock: bool) -> None:
        sys.setswitchinterval(TURNS_EVERY)
        self._hear_the_time()
        self._delivering = threading.Thread(target=self._deliver, name="delivery")
        self._delivering.start()
        self._clock = self._alarm_clock(serving=True) if with_clock else None
        log.info("serving", count=1)

    def _hear_the_time(self) -> None:
        """On SQLite nobody but Slack can say that our clock is wrong: it is heard before anything falls due by it."""
        house = self._house
        if house.storage.database.is_sqlite and self._settings.clock_url is None and house.slacks_clock:
            house.slacks_clock.told(within=SLACKS_TIME)

    def _end(self, close: Callable[[], None] = lambda: None) -> None:
        if self._clock:
            self._clock.stop()
        close()
        self.dispatch.afterwards.finish()
        self._house.wake.set()
        if self._delivering:
            self._delivering.join()
        if self._status:
            self._status.close()
        self._house.close()
        log.info("left")

    def _alarm_clock(self, *, serving: bool) -> AlarmClock:
        """`serving`: a thread beside delivers too, so that no knock waits for the pace."""
        in_sandbox = self._settings.clock_url is not None
        clock = AlarmClock(
            timetable(self._house.office) + self._sweep() + self._reconcile() + self._time_machine(),
            self._house.clock,
            every_seconds=KNOCK_SECONDS_IN_SANDBOX if in_sandbox else KNOCK_SECONDS,
            sign=self._house.office.stirring.sign,
            after=lambda: self._house.delivery.deliver_due(patient=not serving),
            trusted=self._clocks_agree,
            waits=lambda: waits(self._house.storage.database),
        )
        clock.start()
        return clock

    def _clocks_agree(self) -> bool:
        """The sandbox has a clock of its own, which somebody may move."""
        return self._settings.clock_url is not None or self.health.clocks_agree()

    def _sweep(self) -> tuple[Chore, ...]:
        return (Chore("sweep", "own doubles are taken away", self._house.sweeping.sweep_due),)

    def _reconcile(self) -> tuple[Chore, ...]:
        house = self._house
        assert house.directory is not None

        def leave(person: str, at: datetime) -> None:
            house.office.people.deactivated(person, at=at)
            house.office.posts.look_everywhere(at)

        reconciling = Reconciling(house.tools, clock=house.clock, ask=house.directory.asked_anew, leave=leave)
        return (Chore("people", "Slack is asked who has left, once a day", reconciling.ask_due),)

    def _time_machine(self) -> tuple[Chore, ...]:
        """The sandbox's clock is told where it may stop next; the machine's own clock stops nowhere."""
        clock, stops = self._house.clock, Marks(self._house.office)
        if not isinstance(clock, SandboxClock):
            return ()
        return (
            Chore(
                "marks", "the time machine knows its next stops", lambda at: clock.tell_marks(stops.at(at))
            ),
        )

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
            leave_at_last()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, heed)


def calendar_of(house: House) -> Calendar:
    """What the street gets at a calendar's private address: the file, or None when it opens nothing."""

    def file(token: str) -> bytes | None:
        from bot.documents.ics_file import as_ics  # many towns give no address out, and it is large

        at = house.clock.now()
        found = house.office.calendars.feed(token, at=at)
        return (
            None
            if found is None
            else as_ics(found.events, texts(found.language, house.rules.own_words), at=at)
        )

    return file


def leave_at_last(seconds: float = LAST_WISH) -> None:
    """Whatever still hangs then is left: nothing depends on a process ending well."""

    def leave() -> None:
        log.warning("left_unfinished", seconds=seconds)
        os._exit(1)

    patience = threading.Timer(seconds, leave)
    patience.daemon = True
    patience.start()


def _version() -> str:
    """Of the installed package; run from its folder, as the image does, of the file it is made from."""
    with suppress(PackageNotFoundError):
        return version("indgang")
    file = Path(__file__).parents[1] / "pyproject.toml"
    return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"])
