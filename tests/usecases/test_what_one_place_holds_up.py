"""What Slack refuses for one person, one channel or one message holds up that alone, and goes on by itself."""

from __future__ import annotations

import pytest

from bot.domain.notices import NoticeState
from bot.slack.outcomes import explain
from bot.usecases.ports import NeverSendable, PlaceBroken
from storage.engine import Database
from tests.slack.test_codes import answer
from tests.support.office import OfficeTown
from tests.usecases.test_slack_away import JENS, MAJA, owe, stands


class Enough(BaseException):
    """A loop without an end would else be a test without one."""


def refuse_edits(town: OfficeTown, why: Exception, *, most: int) -> list[str]:
    """The changes that are asked for."""
    asked: list[str] = []

    def edit(channel: str, ts: str, _: object) -> None:
        asked.append(f"{channel} {ts}")
        if len(asked) > most:
            raise Enough
        raise why

    town.slack.edit = edit  # type: ignore[method-assign]
    return asked


def put_away(town: OfficeTown, *names: str) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        for name in names:
            work.notices.handle(f"welcome:{name}:{JENS}")


# --- a person who has gone ---


@pytest.mark.parametrize("pace", [0.0, 1.1])
def test_what_stands_with_somebody_who_has_left_is_changed_no_more_after_one_try(
    database: Database, pace: float
) -> None:
    town = OfficeTown(database, pace=0.0)
    owe(town, "a", "b")
    town.deliver()
    town = OfficeTown(database, pace=pace)
    asked = refuse_edits(town, PlaceBroken("channel_not_found"), most=4)
    town.slack.left.add(JENS)
    put_away(town, "a", "b")
    owe(town, "c", to=MAJA)
    town.deliver()
    assert len(asked) == 2, "once for each message"
    with town.work() as work:
        assert not work.people.get(JENS).active
    assert [stands(town, name).state for name in "ab"] == [NoticeState.SENT] * 2
    assert stands(town, "c", MAJA).state == NoticeState.SENT


def test_no_message_is_taken_up_again_and_again_while_no_time_passes(town: OfficeTown) -> None:
    """Whatever fault makes it due again the moment it is done: its stream rests a minute, and the others are served."""
    owe(town, "a")
    asked = 0

    def again(*_: object) -> None:
        nonlocal asked
        asked += 1
        if asked > 30:
            raise Enough
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.notices.retell(f"welcome:a:{JENS}")

    town.slack.edit = again  # type: ignore[method-assign]
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.retell(f"welcome:a:{JENS}")
    owe(town, "b", to=MAJA)
    town.deliver()
    assert asked < 12
    assert stands(town, "b", MAJA).state == NoticeState.SENT
    town.jump(seconds=61)
    before = asked
    town.deliver()
    assert before < asked < before + 12, "it goes on, at a pace"


def test_slack_s_word_for_a_channel_puts_nobody_out(town: OfficeTown) -> None:
    """`is_inactive` is said of a frozen, archived or deleted conversation; whose account is open is still here."""
    owe(town, "a")
    town.deliver()
    asked = refuse_edits(town, explained("is_inactive"), most=4)
    put_away(town, "a")
    town.deliver()
    with town.work() as work:
        assert work.people.get(JENS).active
    assert (len(asked), stands(town, "a").state) == (1, NoticeState.PARKED)


def explained(code: str) -> Exception:
    """What the use cases hear when chat.update is answered so."""
    try:
        explain(answer(code), "chat.update")
    except (PlaceBroken, NeverSendable) as said:
        return said
    raise AssertionError(code)
