"""A machine's clock was wrong, and has been mended: nobody is silenced by what it set meanwhile, and nothing goes twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.lanes import LONGEST_PAUSE, MAY_DIFFER, POST, SWEEP, Lane
from bot.domain.notices import LONGEST_LEASE, Notice, NoticeState
from bot.usecases.attempts import SETTLES_IN
from bot.usecases.delivery import LEASE_SECONDS
from bot.usecases.ports import PerhapsSent
from storage.engine import Database
from tests.support.office import OfficeTown

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
        closed = not work.notices.due_streams(at=at, real=at, most=1)
        assert (Lane(POST, until).rests(at), closed) == (rests, rests), "both say the same"
        work.lanes.pause(POST, at + SECOND, real=at)
        assert work.lanes.of(POST).free_from == (until if rests else at + SECOND)


def test_a_lease_longer_than_any_that_is_given_is_nobodys() -> None:
    assert timedelta(seconds=LEASE_SECONDS) * max(SETTLES_IN) == LONGEST_LEASE
