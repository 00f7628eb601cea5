"""A machine's clock was wrong, and has been mended: nobody is silenced by what it set meanwhile, and nothing goes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clocks import SharedTime
from bot.domain.lanes import LONGEST_PAUSE, MAY_DIFFER, POST, SWEEP, TEAM, Lane
from bot.domain.notices import LONGEST_LEASE, Notice, NoticeState
from bot.usecases.attempts import SETTLES_IN
from bot.usecases.delivery import LEASE_SECONDS
from bot.usecases.ports import CertainlyNotSent, PerhapsSent
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.storm.slack_file import LOST, OK, SlackFile
from tests.storm.town import FileTown
from tests.support.office import HandClock, OfficeTown

JENS, MAJA = "U0JENS0001", "U0MAJA0001"
SECOND = timedelta(seconds=1)


def owe(town: OfficeTown, name: str, to: str = JENS) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice(f"welcome:{name}:{to}", "welcome", to))


def stands(town: OfficeTown, name: str, to: str = JENS) -> Notice:
    with town.work() as work:
        found = work.notices.by_key(f"welcome:{name}:{to}")
    assert found is not None
    return found


def looks(town: OfficeTown) -> None:
    """As the delivery's thread does: what only waits for the pace is left for the next time."""
    town.house.delivery.deliver_due(patient=False)


def takes_the_turn(town: OfficeTown) -> bool:
    with town.house.storage.open_work(at=town.clock.at) as work:
        return bool(
            work.lanes.take_turn(SWEEP, real=town.clock.at, until=town.clock.at + timedelta(minutes=10))
        )


def test_what_was_paused_held_and_taken_by_a_clock_two_days_ahead_silences_nobody_once_it_is_right(
    database: Database,
) -> None:
    town = OfficeTown(database, pace=1.1)
    looks(town)
    right = town.clock.at
    town.jump(hours=48)
    owe(town, "a")
    looks(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.retell(f"welcome:a:{JENS}", x="1")
    town.jump(seconds=2)
    looks(town)
    assert stands(town, "a").shown_revision == 2
    owe(town, "a", to=MAJA)
    town.slack.failing_at[MAJA] = PerhapsSent("timeout")
    looks(town)
    assert takes_the_turn(town)
    assert stands(town, "a", to=MAJA).state == NoticeState.SENDING
    town.clock.at, town.slack.failing_at = right + timedelta(minutes=1), {}
    owe(town, "b")
    owe(town, "c")
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.retell(f"welcome:a:{JENS}", x="2")
    looks(town)
    assert [to for to, _ in town.slack.posts] == [JENS, JENS, MAJA], "one a second, as always"
    for _ in range(2):
        town.jump(seconds=2)
        looks(town)
    told = stands(town, "a")
    assert [to for to, _ in town.slack.posts] == [JENS, JENS, MAJA, JENS]
    assert told.shown_revision == told.revision == 3, "nor is a change to what stands held back"
    assert (takes_the_turn(town), takes_the_turn(town)) == (True, False)


@pytest.mark.parametrize(
    ("ahead", "rests"),
    [
        (-SECOND, False),
        (timedelta(0), False),
        (SECOND, True),
        (LONGEST_PAUSE + MAY_DIFFER, True),
        (LONGEST_PAUSE + MAY_DIFFER + SECOND, False),
    ],
)
def test_a_pause_longer_than_any_that_is_given_is_none(
    town: OfficeTown, ahead: timedelta, rests: bool
) -> None:
    at, until = town.clock.at, town.clock.at + ahead
    owe(town, "a")
    with town.house.storage.open_work(at=at) as work:
        work.lanes.pause(POST, until, real=at)
    with town.house.storage.open_work(at=at) as work:
        closed = not work.notices.due_streams(at=at, real=at, most=1).new
        assert (Lane(POST, until).rests(at), closed) == (rests, rests), "both say the same"
        work.lanes.pause(POST, at + SECOND, real=at)
        assert work.lanes.of(POST).free_from == (until if rests else at + SECOND)


def test_a_pause_that_was_set_later_than_now_is_none(town: OfficeTown) -> None:
    """Nine minutes are no longer than a pause may be: whoever was to hear something waited them for nothing."""
    right = town.clock.at
    owe(town, "a")
    town.jump(minutes=9)
    looks(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        for lane in (TEAM, POST, JENS, SWEEP):
            work.lanes.pause(lane, town.clock.at + SECOND, real=town.clock.at)
    town.clock.at = right
    owe(town, "b")
    assert takes_the_turn(town)
    looks(town)
    assert stands(town, "b").state == NoticeState.SENT


def test_a_lease_longer_than_any_that_is_given_is_nobodys() -> None:
    assert timedelta(seconds=LEASE_SECONDS) * max(SETTLES_IN) == LONGEST_LEASE


# --- nothing goes twice ---


def test_by_a_clock_that_others_deny_nothing_more_is_sent(town: OfficeTown) -> None:
    owe(town, "a")
    owe(town, "b")
    said = iter((True, False, False, True, True, True))
    town.house.delivery.trusts(lambda: next(said))
    assert [town.deliver() for _ in range(3)] == [1, 0, 1]


def in_doubt(database: Database, folder: Path, *, wrong: timedelta) -> tuple[FileTown, SlackFile]:
    """By a wrong clock Slack was told something, and its answer was lost. A quarter of an hour later the clock is right."""
    clock, slack, slacks_clock = HandClock(), SlackFile(folder / "slack.jsonl"), HandClock()
    town = FileTown(database, slack, keys=KeyRing.read(new_key()), clock=clock, slacks_clock=slacks_clock)
    town.faults = lambda method, _: LOST if method == "chat_postMessage" else OK
    town.jump(seconds=wrong.total_seconds())
    owe(town, "a")
    looks(town)
    assert stands(town, "a").state == NoticeState.SENDING
    town.faults = lambda _method, _about: OK
    clock.at = slacks_clock.at = slacks_clock.at + timedelta(minutes=17)
    slack.catch_up()
    return town, slack


@pytest.mark.parametrize("hours", [0.25, 48])
def test_what_was_tried_by_a_wrong_clock_is_found_and_goes_once(
    database: Database, tmp_path: Path, hours: float
) -> None:
    town, slack = in_doubt(database, tmp_path, wrong=timedelta(hours=hours))
    looks(town)
    slack.catch_up()
    assert len(slack.standing()) == 1
    assert stands(town, "a").state == NoticeState.SENT


def test_a_double_from_when_the_clock_was_wrong_is_taken_away(database: Database, tmp_path: Path) -> None:
    town, slack = in_doubt(database, tmp_path, wrong=timedelta(hours=48))
    first = slack.lines[0]
    slack.write(first | {"ts": f"{float(first['ts']) + 60:.6f}"})
    assert town.house.sweeping.sweep_due(town.clock.at) == 1
    slack.catch_up()
    assert [line["ts"] for line in slack.standing().values()] == [first["ts"]]


# --- replicas whose clocks are as far apart as they may be ---


class OneOfTwo:
    """A machine's clock that is some seconds ahead; leases and pauses run on the database's."""

    def __init__(self, database: Database, *, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)
        self.real = SharedTime(database.clock, machine=self.now).now

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def test_replicas_whose_clocks_are_25_seconds_apart_keep_one_pace_and_one_pause(database: Database) -> None:
    town, other = OfficeTown(database, pace=20.0), OfficeTown(database, pace=20.0)
    for house, ahead in ((town.house, 0), (other.house, 25)):
        house.delivery._clock = house.delivery._consequences._clock = OneOfTwo(database, ahead=ahead)
    owe(town, "a")
    owe(town, "b")
    looks(town)
    looks(other)
    assert (len(town.slack.posts), len(other.slack.posts)) == (1, 0), "one to a person at a time"
    owe(town, "a", to=MAJA)
    town.slack.failing = CertainlyNotSent("ratelimited", 20.0, POST)
    looks(town)
    looks(other)
    assert other.slack.posts == [], "and none inside a pause"
