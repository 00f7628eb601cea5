"""Slack is away, shuts us out, or cannot reach somebody: everything waits where it must, and nowhere else."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.lanes import EDIT, POST, TEAM
from bot.domain.notices import Notice, NoticeState
from bot.usecases.ports import (
    CertainlyNotSent,
    ChannelSeen,
    NeverSendable,
    PerhapsSent,
    PlaceBroken,
    TeamBroken,
)
from storage.engine import Database
from storage.gauges import gauges_of
from tests.support.office import OfficeTown

CHANNEL = demo.OPEN_CHANNEL
JENS, MAJA, BO = "U0JENS0001", "U0MAJA0001", "Bo Winther"


def posts_to(town: OfficeTown, to: str) -> int:
    return Counter(person for person, _ in town.slack.posts)[to]


def stuck(town: OfficeTown) -> tuple[int, int]:
    """Dead, and waiting for a place."""
    with town.work() as work:
        found = work.notices.stuck(at=town.clock.at)
        return found.dead, found.waiting


def drained(town: OfficeTown, *, within_minutes: int) -> None:
    """Delivery looks every five seconds, as it does when it serves."""
    for _ in range(within_minutes * 12):
        town.deliver()
        with town.work() as work:
            if not work.notices.stuck(at=town.clock.at).owed:
                return
        town.jump(seconds=5)
    raise AssertionError("something is owed still")


def owe(town: OfficeTown, *names: str, to: str = JENS) -> None:
    """Plain messages to one person."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        for name in names:
            work.notices.tell(Notice(f"welcome:{name}:{to}", "welcome", to))


def stands(town: OfficeTown, name: str, to: str = JENS) -> Notice:
    with town.work() as work:
        found = work.notices.by_key(f"welcome:{name}:{to}")
    assert found is not None
    return found


# --- away ---


@pytest.mark.parametrize(
    "answer", [CertainlyNotSent("not_reached"), PerhapsSent("http_503", away=True)], ids=lambda a: a.code
)
def test_six_hours_without_slack_lose_nothing_and_double_nothing(town: OfficeTown, answer: Exception) -> None:
    asked = 0

    def counting(*_: object, **__: object) -> None:
        nonlocal asked
        asked += 1
        raise answer

    standing = town.slack.send
    town.slack.send = counting  # type: ignore[method-assign, assignment]
    for step in range(6 * 6):
        owe(town, f"n{step}")
        owe(town, f"n{step}", to=MAJA)
        town.deliver()
        town.jump(minutes=10)
    town.slack.send = standing  # type: ignore[method-assign]
    assert asked <= 6 * 6 + 2, "while Slack is away, one message asks whether it is back"
    drained(town, within_minutes=5)
    assert (posts_to(town, JENS), posts_to(town, MAJA), stuck(town)) == (36, 36, (0, 0))


def test_one_doubtful_answer_holds_up_nobody_else(town: OfficeTown) -> None:
    owe(town, "a")
    owe(town, "a", to=MAJA)
    town.slack.failing_at[JENS] = PerhapsSent("http_500", away=True)
    town.deliver()
    assert [to for to, _ in town.slack.posts] == [MAJA]


def test_a_message_that_fails_by_itself_for_three_days_is_given_up_and_blocks_nobody(
    town: OfficeTown,
) -> None:
    owe(town, "a", "b")
    town.slack.failing_at[JENS] = PerhapsSent("internal_error")
    for _ in range(16):
        town.deliver()
        town.jump(hours=5)
    assert (stuck(town), stands(town, "a").state) == ((1, 0), NoticeState.DEAD)
    del town.slack.failing_at[JENS]
    town.deliver()
    assert stands(town, "b").state == NoticeState.SENT


def test_whoever_overslept_its_lease_stays_silent(town: OfficeTown) -> None:
    """A process that was frozen with its claim in hand, and whose hold of the stream was lost with its line."""
    owe(town, "a")
    say = town.house.delivery._words.say

    def freezes(*facts: object, **more: object) -> object:
        town.house.delivery._words.say = say  # type: ignore[method-assign]
        town.jump(minutes=2)
        return say(*facts, **more)  # type: ignore[arg-type]

    town.house.delivery._words.say = freezes  # type: ignore[method-assign, assignment]
    assert town.house.delivery._deliver_some([])
    assert town.slack.posts == []
    town.deliver()
    assert posts_to(town, JENS) == 1


# --- a pause ---


def test_a_pause_is_heeded_by_every_replica_and_after_a_restart(database: Database) -> None:
    town, other = OfficeTown(database), OfficeTown(database)
    other.house.delivery._clock = other.house.delivery._consequences._clock = town.clock
    owe(town, "a")
    town.slack.failing = CertainlyNotSent("ratelimited", 30.0, POST)
    town.deliver()
    town.slack.failing = None
    for seconds in (0, 15, 14.9):
        town.jump(seconds=seconds)
        assert (town.deliver(), other.deliver()) == (0, 0), "nobody asks inside the pause"
    town.jump(seconds=0.2)
    other.deliver()
    assert [to for to, _ in other.slack.posts] == [JENS]
    assert (stands(town, "a").attempts, stands(town, "a").failures) == (0, 0)


def test_a_pause_for_new_messages_lets_edits_through(town: OfficeTown) -> None:
    owe(town, "a")
    town.deliver()
    before = town.heard(JENS)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.lanes.pause(POST, town.clock.at + timedelta(minutes=5), real=town.clock.at)
        work.notices.handle("welcome:a:")
    owe(town, "b")
    town.deliver()
    assert len(town.heard(JENS)) == 1, "the new one waits"
    assert town.heard(JENS) != before, "and the old one has become a neutral line"
    town.jump(minutes=5, seconds=1)
    town.deliver()
    assert posts_to(town, JENS) == 2


def test_the_pace_is_shared_by_replicas_and_holds_back_one_person_only(database: Database) -> None:
    town, other = OfficeTown(database, pace=1.05), OfficeTown(database, pace=1.05)
    for house in (town.house, other.house):
        house.delivery._clock = house.delivery._consequences._clock = town.clock
    owe(town, "a", "b", "c")
    owe(town, "a", to=MAJA)
    said: list[tuple[float, str]] = []
    for _ in range(40):
        for replica in (town, other):
            before = len(replica.slack.posts)
            replica.house.delivery.deliver_due(patient=False)
            at = town.clock.at.timestamp()
            said += [(at, to) for to, _ in replica.slack.posts[before:]]
        town.jump(seconds=0.1)
    to_jens = [at for at, to in said if to == JENS]
    assert (len(to_jens), len(said)) == (3, 4)
    assert {to: at for at, to in reversed(said)}[MAJA] == to_jens[0], "nobody waits for his pace"
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(to_jens))


def test_changes_to_messages_stay_below_what_slack_takes_in_any_minute_however_many_replicas(
    database: Database,
) -> None:
    town, other = OfficeTown(database, pace=1.05), OfficeTown(database, pace=1.05)
    names = [str(number) for number in range(16)]
    unpaced = OfficeTown(database)
    owe(unpaced, *names)
    unpaced.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        for name in names:
            work.notices.handle(f"welcome:{name}:{JENS}")
    said: list[float] = []
    for replica in (town, other):
        replica.house.delivery._clock = replica.house.delivery._consequences._clock = town.clock
        replica.slack.edit = lambda *_: said.append(town.clock.at.timestamp())  # type: ignore[method-assign]
    began = town.clock.at.timestamp()
    for replica in itertools.islice(itertools.cycle((town, other)), 7):
        replica.house.delivery.deliver_due(patient=False)
        town.jump(seconds=1.5)
    assert [at - began for at in said] == [0.0] * 10 + [
        1.5,
        3.0,
        4.5,
        6.0,
        7.5,
        9.0,
    ]  # forty-nine in a minute


def test_what_is_changed_keeps_no_new_message_waiting_and_the_newest_is_changed_first(
    town: OfficeTown,
) -> None:
    """At night the old ones are cleared; whoever has just been answered must not wait for that."""
    names = [str(number) for number in range(4)]
    for name in names:
        owe(town, name)
        town.deliver()
        town.jump(seconds=60)
    changed: list[str] = []
    edit = town.slack.edit

    def noted(channel: str, ts: str, message: dict[str, Any]) -> None:
        changed.append(ts)
        edit(channel, ts, message)

    town.slack.edit = noted  # type: ignore[method-assign]
    stood = [stands(town, name).ts for name in names]
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.lanes.pause(EDIT, town.clock.at + timedelta(seconds=60), real=town.clock.at)
        for name in names:
            work.notices.handle(f"welcome:{name}:{JENS}")
    owe(town, "new")
    town.deliver()
    assert (posts_to(town, JENS), changed) == (5, [])
    town.jump(seconds=61)
    town.deliver()
    assert changed == stood[::-1]


# --- shut out ---


def test_a_token_revoked_for_four_hours_stops_all_and_loses_nothing(town: OfficeTown) -> None:
    owe(town, "a")
    town.slack.failing = TeamBroken("token_revoked")
    for _ in range(4 * 6):
        town.deliver()
        town.jump(minutes=10)
    with town.work() as work:
        assert work.lanes.of(TEAM).broken == "token_revoked"
    assert (town.slack.posts, stuck(town)) == ([], (0, 0))
    town.slack.failing = None
    drained(town, within_minutes=2)
    assert posts_to(town, JENS) == 1
    assert "token_revoked" in town.heard(town.person(BO))[-1]
    with town.work() as work:
        assert work.lanes.of(TEAM).broken is None


def test_a_week_shut_out_makes_no_dead_letters(town: OfficeTown) -> None:
    owe(town, "a")
    town.slack.failing = TeamBroken("invalid_auth")
    for _ in range(14):
        town.deliver()
        town.jump(hours=12)
    town.slack.failing = PerhapsSent("internal_error")
    town.deliver()
    town.jump(minutes=2)
    town.slack.failing = None
    drained(town, within_minutes=2)
    assert (posts_to(town, JENS), stuck(town)) == (1, (0, 0))


# --- a place, a person ---


def test_a_broken_place_is_tried_once_waits_in_order_and_goes_on_when_it_is_mended(town: OfficeTown) -> None:
    town.slack.failing_at[JENS] = PlaceBroken("messages_tab_disabled")
    owe(town, "a", "b", "c")
    town.deliver()
    assert stuck(town) == (0, 3)
    told = town.heard(town.person(BO))
    assert "Jens Toft" in told[-1]
    town.jump(hours=3)
    town.deliver()
    assert town.heard(town.person(BO)) == told, "told once"
    del town.slack.failing_at[JENS]
    town.office.setup.send_again(town.asked(BO))
    town.deliver()
    stamps = [stands(town, name).ts for name in "abc"]
    assert None not in stamps
    assert (stamps, stuck(town)) == (sorted(map(str, stamps)), (0, 0))


def test_what_somebody_who_has_left_was_to_hear_goes_to_the_area_s_leader_once(town: OfficeTown) -> None:
    """Slack says of a closed account that there is no such channel; then it is looked up."""
    wish = town.referred("Maja Holm")
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        facts = {"presentation": wish.id}
        work.notices.tell(Notice("news:1", "answered", MAJA, facts, case_id=wish.case_id))
    town.slack.failing_at[MAJA] = PlaceBroken("channel_not_found")
    town.slack.left.add(MAJA)
    town.deliver()
    town.jump(hours=1)
    town.deliver()
    with town.work() as work:
        assert not work.people.get(MAJA).active
        moved = work.notices.by_key(f"news:1:{JENS}")
    assert moved is not None
    assert stuck(town) == (0, 0)


def test_an_agenda_waits_for_its_channel_and_goes_out_once_when_it_is_brought_back(town: OfficeTown) -> None:
    town.slack.seen[CHANNEL] = ChannelSeen(exists=True, private=True, archived=True)
    town.referred("Maja Holm")
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    assert posts_to(town, CHANNEL) == 0
    (told,) = [text for text in town.heard(town.person("Lone Ager")) if "ikke i kanalen" in text]
    assert "arkiveret" in told
    town.knock()
    del town.slack.seen[CHANNEL]
    town.office.outbox.place_open(CHANNEL, town.clock.at)
    town.knock()
    assert (posts_to(town, CHANNEL), stuck(town)) == (1, (0, 0))


def test_a_channel_is_never_gone_as_a_person_is(town: OfficeTown) -> None:
    """Slack's word for a closed account, said of a channel, is a place to be mended: nothing owed to it is dropped."""
    town.slack.failing_at[CHANNEL] = PlaceBroken("user_not_found", gone=True)
    town.referred("Maja Holm")
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    assert stuck(town) == (0, 1)
    del town.slack.failing_at[CHANNEL]
    town.office.outbox.place_open(CHANNEL, town.clock.at)
    town.knock()
    assert (posts_to(town, CHANNEL), stuck(town)) == (1, (0, 0))


def test_an_agenda_that_waits_goes_to_the_channel_that_is_chosen_instead(town: OfficeTown) -> None:
    town.slack.seen[CHANNEL] = ChannelSeen(exists=False)
    town.referred("Maja Holm")
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    town.office.setup.choose_channel(town.asked(BO), demo.CLOSED_CHANNEL)
    town.knock()
    assert (posts_to(town, CHANNEL), posts_to(town, demo.CLOSED_CHANNEL), stuck(town)) == (0, 1, (0, 0))


def test_the_operator_sees_tries_again_and_cancels_what_is_stuck(town: OfficeTown) -> None:
    owe(town, "a", "b")
    town.slack.failing_at[JENS] = NeverSendable("invalid_blocks")
    town.deliver()
    first, second = town.office.outbox.listed(town.clock.at)
    assert (first.state, first.kind, first.to, first.code) == ("dead", "welcome", JENS, "invalid_blocks")
    del town.slack.failing_at[JENS]
    assert town.office.outbox.retry(first.id, at=town.clock.at)
    assert town.office.outbox.cancel(second.id, at=town.clock.at)
    assert not town.office.outbox.cancel(second.id, at=town.clock.at)
    town.deliver()
    assert (posts_to(town, JENS), town.office.outbox.listed(town.clock.at)) == (1, [])


@pytest.mark.parametrize("stands", [True, False], ids=["it is there", "it is not there"])
def test_a_message_that_keeps_failing_is_seen_and_cancelled_after_a_look(
    town: OfficeTown, stands: bool
) -> None:
    """Its stream waits for it: nobody needs to sit through three days."""
    owe(town, "a", "b")
    town.slack.failing_at[JENS] = PerhapsSent("solar_flare")
    town.deliver()
    (line,) = town.office.outbox.listed(town.clock.at)
    assert (line.state, line.kind, line.to, line.code) == ("sending", "welcome", JENS, "solar_flare")
    assert town.office.outbox.cancel(line.id, at=town.clock.at)
    assert not town.office.outbox.cancel(line.id, at=town.clock.at)
    del town.slack.failing_at[JENS]
    if stands:
        town.slack.send(JENS, {"text": "a", "blocks": []}, key=line.id)
    town.jump(minutes=6)
    town.deliver()
    states = [stands_as(town, name) for name in ("a", "b")]
    assert states == [NoticeState.SENT if stands else NoticeState.CANCELLED, NoticeState.SENT]
    assert (posts_to(town, JENS), town.office.outbox.listed(town.clock.at)) == (2 if stands else 1, [])


def test_a_message_that_keeps_failing_may_be_tried_again_and_is_looked_for_first(town: OfficeTown) -> None:
    owe(town, "a")
    town.slack.failing_at[JENS] = PerhapsSent("solar_flare")
    for _ in range(3):
        town.deliver()
        town.jump(minutes=6)
    (line,) = town.office.outbox.listed(town.clock.at)
    assert town.office.outbox.retry(line.id, at=town.clock.at)
    assert (stands(town, "a").failures, stands(town, "a").state) == (0, NoticeState.SENDING)
    del town.slack.failing_at[JENS]
    town.slack.send(JENS, {"text": "a", "blocks": []}, key=line.id)
    town.deliver()
    assert (posts_to(town, JENS), stands(town, "a").state) == (1, NoticeState.SENT)


def stands_as(town: OfficeTown, name: str) -> NoticeState:
    return stands(town, name).state


def test_being_shut_out_and_a_place_that_waits_are_counted(town: OfficeTown) -> None:
    database = town.house.storage.database
    owe(town, "a")
    town.slack.failing_at[JENS] = PlaceBroken("messages_tab_disabled")
    town.deliver()
    seen = gauges_of(database, at=town.clock.at)
    assert (seen.parked_places, seen.shut_out) == (1, False)
    owe(town, "b", to=MAJA)
    town.slack.failing = TeamBroken("token_revoked")
    town.deliver()
    assert gauges_of(database, at=town.clock.at).shut_out
