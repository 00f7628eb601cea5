"""What Slack refuses for one person, one channel or one message holds up that alone, and goes on by itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.lanes import LOOK
from bot.domain.notices import NoSuchMove, NoticeState
from bot.domain.people import NotForYou
from bot.metrics import REGISTRY
from bot.slack.outcomes import explain
from bot.usecases.ports import (
    CertainlyNotSent,
    ChannelSeen,
    NeverSendable,
    PerhapsSent,
    PlaceBroken,
    Sent,
    TeamBroken,
)
from storage.engine import Database
from tests.slack.test_codes import answer
from tests.support.office import OfficeTown
from tests.usecases.test_slack_away import BO, CHANNEL, JENS, MAJA, owe, posts_to, stands, stuck


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


# --- a place that is mended, and nobody tells us ---


def posted(town: OfficeTown) -> list[str]:
    return [text for to, message in town.slack.posts if to == CHANNEL for text in [message["text"]]]


def knocks(town: OfficeTown, *, minutes: int) -> None:
    for _ in range(minutes // 5):
        town.jump(minutes=5)
        town.office.posts.watch_due(town.clock.at)
        town.deliver()


@pytest.mark.parametrize("invited", [True, False], ids=["we are invited again", "posting is allowed again"])
def test_an_agenda_goes_out_by_itself_when_its_channel_is_well_though_no_event_says_so(
    town: OfficeTown, invited: bool
) -> None:
    if invited:
        town.slack.seen[CHANNEL] = ChannelSeen(exists=False)
    else:
        town.slack.failing_at[CHANNEL] = PlaceBroken("restricted_action")
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    told = len(town.heard(town.person("Lone Ager")))
    knocks(town, minutes=40)
    assert (posted(town), len(town.heard(town.person("Lone Ager")))) == ([], told), "told once"
    town.slack.seen.clear()
    town.slack.failing_at.clear()
    knocks(town, minutes=15)
    assert (len(posted(town)), stuck(town)) == (1, (0, 0))


def lone_hears(town: OfficeTown) -> int:
    """What stands with the secretary and asks for something."""
    return sum("Prøv igen" in said for said in town.heard(town.person("Lone Ager")))


def test_a_channel_that_is_lost_a_second_time_is_told_of_a_second_time(town: OfficeTown) -> None:
    for _ in range(2):
        town.slack.seen[CHANNEL] = ChannelSeen(exists=False)
        town.jump_to(date(2026, 11, 16), time(8, 1)) if not posted(town) else town.jump(hours=1)
        town.knock()
        town.office.posts.look_again(CHANNEL, town.clock.at)
        town.deliver()
        assert lone_hears(town) == 1
        town.slack.seen.clear()
        knocks(town, minutes=10)
        assert (lone_hears(town), len(posted(town))) == (0, 1)


def test_a_channel_that_looks_well_and_refuses_all_the_same_is_told_of_once(town: OfficeTown) -> None:
    """It is tried each minute then; whoever was told hears nothing more of it."""
    town.slack.failing_at[CHANNEL] = PlaceBroken("not_in_channel")
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    heard = len(town.heard(town.person("Lone Ager")))
    for _ in range(20):
        town.jump(minutes=1)
        town.office.posts.watch_due(town.clock.at)
        town.deliver()
    assert (len(town.heard(town.person("Lone Ager"))), lone_hears(town)) == (heard, 1)
    town.slack.failing_at.clear()
    knocks(town, minutes=10)
    assert (lone_hears(town), len(posted(town))) == (0, 1)


def test_a_person_who_could_not_be_written_to_is_tried_again_a_quarter_of_an_hour_later(
    town: OfficeTown,
) -> None:
    owe(town, "a", "b", "c")
    tries = 0
    send = town.slack.send

    def refusing(to: str, message: object, *, key: str) -> Sent:
        nonlocal tries
        tries += to == JENS
        return send(to, message, key=key)

    town.slack.send = refusing  # type: ignore[method-assign]
    town.slack.failing_at[JENS] = PlaceBroken("messages_tab_disabled")
    town.deliver()
    told = len(town.heard(town.person(BO)))
    knocks(town, minutes=60)
    assert (tries, len(town.heard(town.person(BO)))) == (5, told), "one try a quarter of an hour; told once"
    town.slack.failing_at.clear()
    knocks(town, minutes=20)
    stamps = [stands(town, name).ts for name in "abc"]
    assert stamps == sorted(map(str, stamps))
    assert town.heard(town.person(BO))[-1].startswith("Klaret"), "what was told of it is over"


def test_where_somebody_moves_the_clock_a_refused_person_is_tried_no_oftener(town: OfficeTown) -> None:
    """The sandbox: a week ahead of the time that leases run on."""
    owe(town, "a")
    delivery, tries, shared = town.house.delivery, [0], town.clock.at - timedelta(days=7)
    delivery._clock = delivery._consequences._clock = Moved(town, shared)

    def refused(*_: object, **__: object) -> Sent:
        tries[0] += 1
        raise PlaceBroken("messages_tab_disabled")

    town.slack.send = refused  # type: ignore[method-assign]
    for _ in range(10):
        town.office.posts.watch_due(town.clock.at)
        town.deliver()
    assert tries[0] == 2, "him, and the administrator who is told of it"


class Moved:
    def __init__(self, town: OfficeTown, shared: datetime) -> None:
        self._town, self._shared = town, shared

    def now(self) -> datetime:
        return self._town.clock.at

    def real(self) -> datetime:
        return self._shared


# --- a fault of ours ---


def failed_streams() -> float:
    return REGISTRY.get_sample_value("indgang_outbox_streams_failed_total") or 0.0


def test_a_fault_in_one_stream_is_seen_and_holds_up_no_other(town: OfficeTown) -> None:
    """What nobody foresaw: not the message's own fault, which gives it up, and not Slack's."""
    follow, before = town.house.delivery._consequences.follow, failed_streams()
    owe(town, "a")
    for name in "abc":
        owe(town, name, to=MAJA)

    def fails(work: Any, attempt: Any, at: datetime) -> None:
        if attempt.claimed.to == JENS:
            raise NoSuchMove("a fault")
        follow(work, attempt, at)

    town.house.delivery._consequences.follow = fails  # type: ignore[method-assign]
    with pytest.raises(NoSuchMove):
        town.deliver()
    assert (posts_to(town, MAJA), failed_streams()) == (3, before + 1)
    town.house.delivery._consequences.follow = follow  # type: ignore[method-assign]
    town.jump(minutes=2)
    town.deliver()
    assert (posts_to(town, JENS), stands(town, "a").state) == (1, NoticeState.SENT)


@pytest.mark.parametrize("fault", [ZeroDivisionError(), AssertionError(), NotForYou()], ids=repr)
def test_a_message_that_cannot_be_worded_is_given_up_whatever_the_fault(
    town: OfficeTown, fault: Exception
) -> None:
    """Else it would be taken up once a minute for ever, and whoever it is for would hear nothing more."""
    owe(town, "a", "b")

    def cannot(telling: Any) -> Any:
        if telling.notice.key.startswith("welcome:a"):
            raise fault
        return tell(telling)

    tellers = dict(town.house.delivery._tellers)
    tell, town.house.delivery._tellers = tellers["welcome"], {**tellers, "welcome": cannot}
    town.deliver()
    assert [stands(town, name).state for name in "ab"] == [NoticeState.DEAD, NoticeState.SENT]


# --- one refused look ---


def test_a_look_that_is_refused_holds_up_that_message_alone_and_an_administrator_hears(
    town: OfficeTown,
) -> None:
    owe(town, "a")
    town.slack.failing_at[JENS] = PerhapsSent("internal_error")
    town.deliver()
    town.slack.failing_at.clear()
    look = town.slack.look_for
    town.slack.look_for = refused_look  # type: ignore[method-assign, assignment]
    town.jump(minutes=10)
    for name in "bcd":
        owe(town, name, to=MAJA)
        town.deliver()
        town.jump(seconds=1)
    assert posts_to(town, MAJA) == 3
    assert "missing_scope" in town.heard(town.person(BO))[-1]
    town.slack.look_for = look  # type: ignore[method-assign]
    knocks(town, minutes=20)
    assert (posts_to(town, JENS), stuck(town)) == (1, (0, 0)), "looked for first, and not there"


@pytest.mark.parametrize("pressed", [True, False], ids=["he presses", "nobody presses"])
def test_what_we_may_not_do_anywhere_is_one_alarm_until_we_may(town: OfficeTown, pressed: bool) -> None:
    """Not one for each person it is about, nor one more when it is tried again."""
    people, bo = (JENS, MAJA, town.person("Bente Juhl").id), town.person(BO)
    before = len(town.heard(bo))
    for to in people:
        owe(town, "a", to=to)
        town.slack.failing_at[to] = PerhapsSent("internal_error")
        town.deliver()
        town.jump(seconds=5)
    town.slack.failing_at.clear()
    look, town.slack.look_for = town.slack.look_for, refused_look  # type: ignore[method-assign, assignment]
    knocks(town, minutes=40)
    (told,) = town.heard(bo)[before:]
    assert "se, om en besked er kommet frem" in told
    assert "missing_scope" in told
    town.slack.look_for = look  # type: ignore[method-assign]
    if pressed:
        assert town.office.outbox.place_again(town.asked(bo), people[0]) == len(people)
        town.deliver()
    knocks(town, minutes=5 if pressed else 20)
    assert [posts_to(town, to) for to in people] == [1, 1, 1]
    assert [text.split(".")[0] for text in town.heard(bo)[before:]] == ["Klaret"]


def refused_look(*_: object, **__: object) -> None:
    raise TeamBroken("missing_scope", act=LOOK)


# --- a message somebody has deleted ---


def deleted_by_hand(town: OfficeTown) -> str:
    """The meeting whose agenda was posted, and is not there any more."""
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    (gone,) = [place for place in town.slack.messages if place[0] == CHANNEL]
    del town.slack.messages[gone]
    edit = town.slack.edit

    def edit_what_stands(channel: str, ts: str, message: object) -> None:
        if (channel, ts) not in town.slack.messages:
            raise NeverSendable("message_not_found")
        edit(channel, ts, message)

    town.slack.edit = edit_what_stands  # type: ignore[method-assign]
    with town.work() as work:
        (meeting,) = {str(n.facts["meeting"]) for n in work.notices.showing("agenda")}
    return meeting


def test_the_secretary_hears_once_of_an_agenda_deleted_by_hand_and_sends_it_again(town: OfficeTown) -> None:
    meeting, lone = deleted_by_hand(town), town.person("Lone Ager")
    before = len(town.heard(lone))
    for _ in range(3):
        town.office.posts.look_again(CHANNEL, town.clock.at)
        town.deliver()
    (told,) = town.heard(lone)[before:]
    assert "Opslaget er slettet i Slack" in told
    assert "Send igen" in told
    assert len(posted(town)) == 1
    town.office.posts.again(town.asked(lone), meeting)
    town.deliver()
    assert (len(posted(town)), len(town.slack.messages_at(CHANNEL)), stuck(town)) == (2, 1, (0, 0))
    assert [text.split(".")[0] for text in town.heard(lone)[before:]] == ["Klaret"]


def test_of_an_agenda_that_nobody_needs_any_more_nobody_hears_that_it_was_deleted(town: OfficeTown) -> None:
    meeting, lone = deleted_by_hand(town), town.person("Lone Ager")
    with town.work() as work:
        town.clock.at = work.meetings.get(meeting).begins
    before = len(town.heard(lone))
    town.office.posts.look_again(CHANNEL, town.clock.at)
    town.deliver()
    assert (len(town.heard(lone)), stuck(town)) == (before, (0, 0))


def test_an_agenda_asked_for_while_its_edit_finds_it_gone_is_posted_anew(town: OfficeTown) -> None:
    meeting, lone = deleted_by_hand(town), town.person("Lone Ager")
    before, edit = len(town.heard(lone)), town.slack.edit

    def pressed_meanwhile(channel: str, ts: str, message: object) -> None:
        town.slack.edit = edit  # type: ignore[method-assign]
        town.office.posts.again(town.asked(lone), meeting)
        edit(channel, ts, message)

    town.slack.edit = pressed_meanwhile  # type: ignore[method-assign]
    town.office.posts.look_again(CHANNEL, town.clock.at)
    town.deliver()
    assert (len(posted(town)), len(town.heard(lone))) == (2, before)


def test_an_agenda_deleted_by_hand_is_posted_anew_once_when_it_is_asked_for(town: OfficeTown) -> None:
    meeting = deleted_by_hand(town)
    for _ in range(3):
        town.office.posts.again(town.asked("Lone Ager"), meeting)
        town.deliver()
    assert (len(posted(town)), len(town.slack.messages_at(CHANNEL)), stuck(town)) == (2, 1, (0, 0))


def test_an_agenda_asked_for_twice_before_it_is_there_is_posted_once(town: OfficeTown) -> None:
    """Two clicks, or the secretary and the chair at the same time."""
    meeting = deleted_by_hand(town)
    town.office.posts.look_again(CHANNEL, town.clock.at)
    town.deliver()
    town.slack.failing = CertainlyNotSent("not_reached")
    for who in ("Lone Ager", "Henrik Dahl", "Lone Ager"):
        town.office.posts.again(town.asked(who), meeting)
        town.deliver()
    town.slack.failing = None
    for _ in range(3):
        town.jump(minutes=1)
        town.deliver()
    assert (len(posted(town)), len(town.slack.messages_at(CHANNEL))) == (2, 1)


def test_an_agenda_that_was_given_up_and_is_asked_for_anew_is_nobodys_to_try_again(town: OfficeTown) -> None:
    """Two of the same would stand there."""
    town.slack.failing_at[CHANNEL] = NeverSendable("invalid_blocks")
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    (line,) = [line for line in town.office.outbox.listed(town.clock.at) if line.to == CHANNEL]
    town.slack.failing_at.clear()
    with town.work() as work:
        (meeting,) = {n.facts["meeting"] for n in [work.notices.find(line.id)]}
    town.office.posts.again(town.asked("Lone Ager"), meeting)
    town.office.outbox.retry(line.id, at=town.clock.at)
    town.deliver()
    assert len(posted(town)) == 1


def test_an_agenda_in_doubt_at_a_channel_that_broke_is_asked_for_in_the_one_chosen_since(
    town: OfficeTown,
) -> None:
    town.slack.failing_at[CHANNEL] = PerhapsSent("internal_error")
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    town.slack.failing_at[CHANNEL] = PlaceBroken("restricted_action")
    town.jump(minutes=6)
    town.deliver()
    town.office.setup.choose_channel(town.asked(BO), "C0ANOTHER1")
    with town.work() as work:
        (meeting,) = {n.facts["meeting"] for n in work.notices.unsent("agenda")}
    for _ in range(2):
        town.office.posts.again(town.asked("Lone Ager"), meeting)
        town.deliver()
    knocks(town, minutes=20)
    assert [len(town.slack.messages_at(place)) for place in (CHANNEL, "C0ANOTHER1")] == [0, 1]


def test_a_message_deleted_by_hand_is_changed_no_more_and_alarms_nobody(town: OfficeTown) -> None:
    owe(town, "a")
    town.deliver()
    asked = refuse_edits(town, NeverSendable("message_not_found"), most=4)
    for _ in range(2):
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.notices.retell(f"welcome:a:{JENS}")
        town.deliver()
    assert (len(asked), stands(town, "a").state, stuck(town)) == (1, NoticeState.SENT, (0, 0))


# --- after a long time away ---


def test_many_requests_that_go_on_at_once_are_one_message_to_the_deputy(town: OfficeTown) -> None:
    for _ in range(5):
        town.requested("Maja Holm")
    town.deliver()
    deputy = town.person("Bente Juhl")
    before = posts_to(town, deputy.id)
    town.jump_to(date(2027, 1, 5), time(9, 0))
    town.knock()
    assert posts_to(town, deputy.id) - before == 1
    assert len(town.office.referrals.waiting_for(town.asked(deputy))) == 5
