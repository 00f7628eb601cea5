"""Years of weeks: one agenda for each meeting, whoever is up and whatever their clocks say; late is announced.

What should have happened is worked out here anew, from the days themselves and the `holidays` package.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from bot.domain.meeting import Meeting, posting_time
from bot.health import APART
from bot.rules import DEFAULT, read_rules
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.storm.conftest import LONG, Figures
from tests.storm.site import Site, site_at
from tests.storm.slack_file import LOST, OK, SlackFile
from tests.storm.town import FileTown
from tests.support.databases import Databases
from tests.support.office import HandClock

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
YEARS = 50
SCHEDULES = (
    # the meeting's weekday and hour, the post's weekday and hour
    (3, time(9, 0), 0, time(8, 0)),
    (0, time(13, 0), 0, time(8, 0)),
    (1, time(8, 0), 0, time(8, 0)),
    (4, time(9, 0), 2, time(15, 30)),
    (3, time(9, 0), 0, time(0, 0)),
    (3, time(9, 0), 0, time(0, 30)),
    (2, time(9, 0), 1, time(23, 59)),
    (4, time(14, 30), 3, time(12, 0)),
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CLOSED = {(6, 5), (12, 24), (12, 31)}


def is_working(day: date, closed: Any) -> bool:
    return day.weekday() < 5 and day not in closed and (day.month, day.day) not in CLOSED


def danish_holidays(first: int, last: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return holidays.country_holidays("DK", years=range(first, last + 1))


def posted_on(meeting: date, weekday: int, closed: Any) -> date:
    """The post's weekday in the meeting's week, else the day before the meeting; the working day before a closed one."""
    wanted = meeting - timedelta(days=meeting.weekday() - weekday)
    day = min(wanted, meeting - timedelta(days=1))
    while not is_working(day, closed):
        day -= timedelta(days=1)
    return day


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: f"{s[0]}-{s[1]:%H%M}-{s[2]}-{s[3]:%H%M}")
def test_for_fifty_years_every_meeting_has_its_posting_time(schedule: Any, figures: Figures) -> None:
    weekday, starts, post_weekday, post_clock = schedule
    rules = read_rules(DEFAULT).on(date(2026, 11, 16))
    rules = replace(rules, agenda=replace(rules.agenda, post_weekday=post_weekday, post_clock=post_clock))
    closed = danish_holidays(2025, 2026 + YEARS)
    day = date(2026, 1, 5) + timedelta(days=weekday)
    wrong, before, weeks = [], None, 0
    while day.year < 2026 + YEARS:
        at = posting_time(Meeting("m", "c", day, starts, 120, "room"), rules)
        shown = at.astimezone(COPENHAGEN)
        right = (posted_on(day, post_weekday, closed), post_clock)
        if (shown.date(), shown.time()) != right or (before and at < before):
            wrong.append((day, shown, right))
        before, day, weeks = at, day + timedelta(days=7), weeks + 1
    assert wrong == []
    figures(weeks=weeks)


def monday_at_eight(at: datetime) -> datetime:
    """The next one."""
    day = at.astimezone(COPENHAGEN).date()
    monday = day + timedelta(days=-day.weekday() % 7)
    found = datetime.combine(monday, time(8), COPENHAGEN).astimezone(UTC)
    return found if found > at else found + timedelta(days=7)


# --- a town with several replicas, lived through week by week ---

FIRST, WEEKS = date(2026, 10, 12), 520 if LONG else 26
"""From before the clocks change in October, over the 53 weeks of 2026, past Easter."""
SKEWS = (0, 0, 0, 0, 20, -20, 90 * 60, -90 * 60, 24 * 3600, -24 * 3600, 48 * 3600, -48 * 3600)
"""How wrong a replica's clock may be, in seconds."""
LOST_REPLIES = 0.5
"""Of the posts: Slack has the message, and we do not hear so."""
RACING = 3
"""How many knock at once at the very moment an agenda is due."""


@dataclass
class Replica:
    town: FileTown
    clock: HandClock
    database: Database
    skew: timedelta = timedelta(0)
    down_until: datetime = LONG_AGO

    @property
    def is_trusted(self) -> bool:
        """As `serve` asks before each knock and each message: the database, or Slack, says another time."""
        return abs(self.skew) <= APART

    def knocks(self, at: datetime) -> None:
        office, self.clock.at = self.town.office, at + self.skew
        office.meetings.lay_out_due(self.clock.at)
        office.meetings.carry_out_due(self.clock.at)
        office.posts.post_due(self.clock.at)

    def looks(self, at: datetime) -> None:
        self.clock.at = at + self.skew
        self.town.house.delivery.deliver_due(patient=False)


class Years:
    def __init__(self, site: Site, *, replicas: int, seed: int) -> None:
        self.site, self.chance = site, random.Random(seed)
        keys, self.slacks_clock = KeyRing.read(new_key()), HandClock()
        self.replicas = [self._replica(keys, first=n == 0) for n in range(replicas)]
        self.up: list[datetime] = []  # when somebody whose clock is right knocked
        self.races = 0
        self.slack, self.said_at = (
            SlackFile(site.slack.path),
            list[datetime](),
        )  # of each of Slack's lines, truly

    def _replica(self, keys: KeyRing, *, first: bool) -> Replica:
        clock, database = HandClock(), Database(self.site.address)
        town = FileTown(
            database,
            SlackFile(self.site.slack.path),
            keys=keys,
            clock=clock,
            chance=_RandomIds(self.chance),
            settle=first,
            slacks_clock=self.slacks_clock,
        )
        replica = Replica(town, clock, database)
        town.faults = lambda method, _: (
            LOST if method == "chat_postMessage" and self.chance.random() < LOST_REPLIES else OK
        )
        town.house.delivery.trusts(lambda: replica.is_trusted)
        return replica

    def live(self, first: date, weeks: int) -> None:
        at = datetime.combine(first, time(5), COPENHAGEN).astimezone(UTC)
        end = at + timedelta(weeks=weeks)
        while at < end:
            later = at + timedelta(minutes=self.chance.choice((7, 240, 600, 900, 1500)))
            due = monday_at_eight(at) + timedelta(minutes=2)
            at = due if at < due < later and self.chance.random() < 0.7 else later
            for replica in self.replicas:
                self._something_happens_to(replica, at)
            awake = [r for r in self.replicas if r.down_until <= at]
            right = [r for r in awake if r.is_trusted]
            wrong = [r for r in awake if not r.is_trusted]
            some = self.chance.sample(right, k=min(RACING if at == due else 1, len(right)))
            self._step(some, self.chance.sample(wrong, k=min(1, len(wrong))), at)

    def _step(self, right: list[Replica], wrong: list[Replica], at: datetime) -> None:
        """What the right ones have found due is owed at once, and whoever looks first may send it."""
        self.slacks_clock.at = at
        self.races += len(right) > 1
        _together(right, lambda replica: replica.knocks(at))
        _together(wrong, lambda replica: replica.looks(at))
        _together(right, lambda replica: replica.looks(at))
        self.up += [at] * bool(right)
        self.slack.catch_up()
        self.said_at += [at] * (len(self.slack.lines) - len(self.said_at))

    def still_owed(self) -> int:
        """When Slack answers, and one whose clock is right has looked some times."""
        one, at = self.replicas[0], self.slacks_clock.at
        one.skew, one.town.faults = timedelta(0), lambda _method, _about: OK
        for minutes in (10, 20):
            self._step([], [one], at + timedelta(minutes=minutes))
        with one.town.work() as work:
            return int(work.notices.stuck(at=one.clock.at).owed)

    def _something_happens_to(self, replica: Replica, at: datetime) -> None:
        if self.chance.random() < 0.02:
            hours = self.chance.choice((1, 20, 40, 100, 800))
            replica.down_until = at + timedelta(hours=hours)
        if self.chance.random() < 0.05:
            replica.skew = timedelta(seconds=self.chance.choice(SKEWS))

    def close(self) -> None:
        for replica in self.replicas:
            replica.database.close()


def _together(replicas: list[Replica], do: Callable[[Replica], None]) -> None:
    """All of them at once, each in a thread and on connections of its own."""
    if len(replicas) > 1:
        with ThreadPoolExecutor(len(replicas)) as together:
            list(together.map(do, replicas))
    elif replicas:
        do(replicas[0])


class _RandomIds:
    def __init__(self, chance: random.Random) -> None:
        self.random = chance

    def id(self) -> str:
        return "".join(self.random.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(20))


@pytest.fixture
def site(engine: str, databases: Databases, fast_folder: Path, tmp_path: Path) -> Iterator[Site]:
    folder = fast_folder / tmp_path.name
    folder.mkdir()
    address = databases.fresh(engine, folder)
    yield site_at(address, folder / "slack.jsonl")
    databases.take_back(address)


ABREAST = [1, 2, 5, 10] if LONG else [1, 10]


@pytest.mark.parametrize(
    ("engine", "replicas"),
    [
        (engine, n)
        for engine in ("sqlite", "postgresql")
        for n in ABREAST
        if LONG or (n > 1) is (engine != "sqlite")
    ],
)
def test_each_meeting_has_one_agenda_or_the_secretary_hears_that_none_came(
    site: Site, replicas: int, figures: Figures
) -> None:
    years = Years(site, replicas=replicas, seed=replicas)
    years.live(FIRST, WEEKS)
    assert years.still_owed() == 0
    years.close()
    posted = Counter(line["key"] for line in site.lines() if line["did"] == "post")
    assert [key for key, times in posted.items() if times > 1] == []
    told = Counter(_told(site))
    meetings = [_Held(row) for row in site.rows()["meetings"]]
    begun = [m for m in meetings if FIRST < m.day < FIRST + timedelta(weeks=WEEKS - 2)]
    wrong = [(m, said) for m in begun if (said := _wrong(m, told, years))]
    assert wrong + _early(site, begun, years) == []
    assert len(begun) > WEEKS * 0.8
    figures(
        meetings=len(begun),
        posted=sum(told[m.id] for m in begun),
        late=sum(m.late for m in begun),
        said_that_none_came=sum(told[f"missed {m.id}"] for m in begun),
        races=years.races,
    )


@dataclass(frozen=True)
class _Held:
    row: Any

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def day(self) -> date:
        return date.fromisoformat(str(self.row["day"]))

    @property
    def begins(self) -> datetime:
        starts = time.fromisoformat(str(self.row["starts"])[:8])
        return datetime.combine(self.day, starts, COPENHAGEN).astimezone(UTC)

    @property
    def due(self) -> datetime:
        day = posted_on(self.day, 0, _HOLIDAYS)
        return datetime.combine(day, time(8), COPENHAGEN).astimezone(UTC)

    @property
    def posted_at(self) -> datetime | None:
        at = self.row["posted_at"]
        read = datetime.fromisoformat(str(at)) if at else None
        return read if read is None or read.tzinfo else read.replace(tzinfo=UTC)

    @property
    def late(self) -> bool:
        return bool(self.row["more"].get("posted_late"))


_HOLIDAYS = danish_holidays(2025, 2027 + YEARS)


def _told(site: Site) -> Iterator[str]:
    """What stands in Slack about each meeting: its agenda, or that none came."""
    keys = {n["id"]: n for n in site.rows()["notices"]}
    for line in site.lines():
        if line["did"] == "post":
            notice = keys[line["key"]]
            if notice["kind"] == "agenda":
                yield notice["facts"]["meeting"]
            elif notice["kind"] == "post_missed":
                yield f"missed {notice['facts']['meeting']}"


def _early(site: Site, meetings: list[_Held], years: Years) -> list[tuple[_Held, str]]:
    """By the true time, whatever the clock of whoever posted it said."""
    keys = {n["id"]: n for n in site.rows()["notices"]}
    due = {m.id: m for m in meetings}
    found = []
    for line, at in zip(site.lines(), years.said_at, strict=True):
        notice = keys[line["key"]] if line["did"] == "post" else {"kind": ""}
        meeting = due.get(notice["facts"]["meeting"]) if notice["kind"] == "agenda" else None
        if meeting and at < meeting.due - APART:
            found.append((meeting, f"posted at {at}, before its time"))
    return found


def _wrong(meeting: _Held, told: Counter[str], years: Years) -> str | None:
    posts, missed = told[meeting.id], told[f"missed {meeting.id}"]
    if posts > 1 or missed > 1:
        return f"{posts} agendas, said {missed} times that none came"
    if posts:
        assert meeting.posted_at is not None
        if meeting.posted_at < meeting.due:
            return "before its time, by the clock of whoever posted it"
        if meeting.late != (meeting.posted_at - meeting.due > timedelta(minutes=10)):
            return "late, and not said so" if not meeting.late else "in time, and called late"
        return None
    in_time = [at for at in years.up if meeting.due + APART <= at < meeting.begins - APART]
    if in_time:
        return f"somebody was up at {in_time[0]}, and posted nothing"
    after = [at for at in years.up if meeting.begins + APART <= at < meeting.begins + timedelta(days=3)]
    return "none came, and nobody was told" if after and not missed else None
