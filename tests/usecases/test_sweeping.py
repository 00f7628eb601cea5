"""A double that got through all the same is taken away within ten minutes, counted and written down."""

from __future__ import annotations

from bot.domain.notices import Notice
from bot.usecases.ports import PerhapsSent, Sent
from tests.support.office import OfficeTown

JENS = "U0JENS0001"


def owed(town: OfficeTown) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice("welcome:1", "welcome", JENS))


def arrives_late(town: OfficeTown) -> None:
    """Slack takes the first post long after its line was given up, when the bot has looked and sent it anew."""
    send = town.slack.send

    def gives_up(to: str, message: object, *, key: str) -> Sent:
        town.slack.send = send  # type: ignore[method-assign]
        late.append((to, message, key))
        raise PerhapsSent("timeout", away=True)

    late: list[tuple[str, object, str]] = []
    town.slack.send = gives_up  # type: ignore[method-assign]
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
