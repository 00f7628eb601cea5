"""A double that got through all the same is taken away within ten minutes, counted and written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.demo.town import OPEN_CHANNEL as CHANNEL
from bot.domain.notices import Notice
from bot.usecases.ports import ChannelSeen, PerhapsSent, Sent
from tests.support.office import OfficeTown

JENS = "U0JENS0001"


def owed(town: OfficeTown) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice("welcome:1", "welcome", JENS))


def gives_up_on(town: OfficeTown) -> list[tuple[str, object, str]]:
    """The next post, whose line breaks; it is filled when that has happened, and Slack may have it later all the same."""
    send = town.slack.send

    def gives_up(to: str, message: object, *, key: str) -> Sent:
        town.slack.send = send  # type: ignore[method-assign]
        late.append((to, message, key))
        raise PerhapsSent("timeout", away=True)

    late: list[tuple[str, object, str]] = []
    town.slack.send = gives_up  # type: ignore[method-assign]
    return late


def arrives_late(town: OfficeTown) -> None:
    """Slack takes the first post long after its line was given up, when the bot has looked and sent it anew."""
    late = gives_up_on(town)
    owed(town)
    town.deliver()
    town.jump(seconds=61)
    town.deliver()
    (to, message, key) = late[0]
    town.slack.send(to, message, key=key)
    assert len(town.heard(JENS)) == 2


def test_of_two_messages_with_one_key_the_later_goes(town: OfficeTown) -> None:
    arrives_late(town)
    town.jump(minutes=10)
    assert town.house.sweeping.sweep_due(town.clock.at) == 1
    assert len(town.heard(JENS)) == 1
    with town.work() as work:
        notice = work.notices.by_key("welcome:1")
        assert notice is not None
        assert (notice.channel, notice.ts) in town.slack.messages, "the one that stands is the one we know"
        assert len(work.journal.of_acts("double_removed")) == 1
    town.jump(minutes=10)
    assert town.house.sweeping.sweep_due(town.clock.at) == 0


@pytest.mark.rule("D34")
def test_a_double_of_what_has_been_handled_since_says_no_more_than_that(town: OfficeTown) -> None:
    """The first one is kept, and says still what was true then."""
    arrives_late(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.handle("welcome:1")
    town.deliver()
    town.jump(minutes=10)
    swap_times(town)
    assert town.house.sweeping.sweep_due(town.clock.at) == 1
    town.deliver()
    assert [said.split(".")[0] for said in town.heard(JENS)] == ["Klaret"]


def swap_times(town: OfficeTown) -> None:
    """What arrived later was taken by Slack first."""
    (one, said), (two, also) = town.slack.messages.items()
    town.slack.messages = {one: also, two: said}
    with town.house.storage.open_work(at=town.clock.at) as work:
        notice = work.notices.by_key("welcome:1")
        assert notice is not None
        work.notices.record(replace(notice, ts=two[1]))


@pytest.mark.rule("D34")
def test_what_was_not_to_be_sent_any_more_and_came_late_becomes_neutral(town: OfficeTown) -> None:
    """It was looked for, and not there yet: no row knew of it, so that nothing would ever have changed it."""
    late = gives_up_on(town)
    owed(town)
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.handle("welcome:1")
    town.jump(seconds=61)
    town.deliver()
    (to, message, key) = late[0]
    town.slack.send(to, message, key=key)
    town.jump(minutes=10)
    town.house.sweeping.sweep_due(town.clock.at)
    town.deliver()
    assert [said.split(".")[0] for said in town.heard(JENS)] == ["Klaret"]


@pytest.mark.rule("D6")
def test_an_agenda_that_was_not_to_stand_there_and_came_late_is_taken_away(town: OfficeTown) -> None:
    late = gives_up_on(town)
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.office.posts.post_due(town.clock.at)
    town.deliver()
    town.slack.seen[CHANNEL] = ChannelSeen(exists=True, private=True, guests=("U0GAEST001",))
    town.jump(seconds=61)
    town.deliver()
    (to, message, key) = late[0]
    assert to == CHANNEL
    town.slack.send(to, message, key=key)
    town.jump(minutes=10)
    town.house.sweeping.sweep_due(town.clock.at)
    assert town.heard(CHANNEL) == []


def test_nobody_is_looked_at_where_nothing_was_doubtful_and_nobody_twice_in_ten_minutes(
    town: OfficeTown,
) -> None:
    looked: list[str] = []
    standing = town.slack.standing

    def counting(to: str, *, since: object) -> object:
        looked.append(to)
        return standing(to, since=since)  # type: ignore[arg-type]

    town.slack.standing = counting  # type: ignore[method-assign, assignment]
    owed(town)
    town.deliver()
    town.house.sweeping.sweep_due(town.clock.at)
    assert looked == []
    arrives_late_again = Notice("welcome:2", "welcome", JENS)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(arrives_late_again)
    town.slack.failing_at[JENS] = PerhapsSent("timeout", away=True)
    town.deliver()
    del town.slack.failing_at[JENS]
    for _ in range(3):
        town.house.sweeping.sweep_due(town.clock.at)
        town.jump(minutes=3)
    assert looked == [JENS]
    town.jump(hours=49)
    town.house.sweeping.sweep_due(town.clock.at)
    assert looked == [JENS]
