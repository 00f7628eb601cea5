"""Nothing lost, nothing doubled: claimed before it is sent, looked for before it is sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.notices import Notice, NoticeState
from bot.usecases.delivery import Telling
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken
from storage.engine import Database
from tests.support.office import OfficeTown


def state(town: OfficeTown) -> NoticeState:
    with town.work() as work:
        (wish,) = work.presentations.of_case(work.cases.open()[0].id)
        found = work.notices.by_key(f"referral:{wish.id}:U0JENS0001")
        assert found is not None
        return found.state


def test_a_message_is_sent_once_however_often_delivery_runs(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    for _ in range(3):
        town.deliver()
    assert len([to for to, _ in town.slack.posts if to == "U0JENS0001"]) == 1


def test_when_slack_is_away_the_message_waits_and_comes_later(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.slack.failing = CertainlyNotSent("not_reached")
    town.deliver()
    assert (town.slack.posts, state(town)) == ([], NoticeState.PENDING)
    town.slack.failing = None
    town.jump(seconds=2)
    town.deliver()
    assert len(town.heard(town.person("Jens Toft"))) == 1


class LosesTheAnswer:
    """Slack takes the message, and the line drops before it can say so."""

    def __init__(self, town: OfficeTown) -> None:
        self._send = town.slack.send
        town.slack.send = self  # type: ignore[method-assign, assignment]
        self.times = 1

    def __call__(self, to: str, message: object, *, key: str) -> object:
        sent = self._send(to, message, key=key)
        if to == "U0JENS0001" and self.times:
            self.times -= 1
            raise PerhapsSent("connection_reset")
        return sent


def test_a_doubtful_message_is_looked_for_before_it_is_sent_again(town: OfficeTown) -> None:
    LosesTheAnswer(town)
    town.requested("Maja Holm")
    town.deliver()
    assert state(town) == NoticeState.SENDING
    town.jump(seconds=61)
    town.deliver()
    assert state(town) == NoticeState.SENT
    assert len([to for to, _ in town.slack.posts if to == "U0JENS0001"]) == 1


def test_a_broken_place_is_parked_and_goes_on_when_it_is_mended(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.slack.failing = PlaceBroken("messages_tab_disabled")
    town.deliver()
    assert state(town) == NoticeState.PARKED
    town.slack.failing = None
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.unpark("U0JENS0001")
    town.deliver()
    assert state(town) == NoticeState.SENT


def test_a_message_slack_will_never_take_blocks_nobody(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.slack.failing = NeverSendable("invalid_blocks")
    town.deliver()
    assert state(town) == NoticeState.DEAD
    town.slack.failing = None
    town.requested("Maja Holm")
    town.deliver()
    assert len(town.heard(town.person("Jens Toft"))) == 1


def test_a_message_of_a_kind_that_only_a_newer_program_knows_is_left_for_it(town: OfficeTown) -> None:
    """Both serve while one takes over from the other."""
    town.requested("Maja Holm")
    known = town.house.delivery._tellers
    town.house.delivery._tellers = {}
    for _ in range(3):
        town.deliver()
        town.jump(minutes=6)
    assert (town.slack.posts, state(town)) == ([], NoticeState.PENDING)
    town.house.delivery._tellers = known
    town.deliver()
    assert (len(town.heard("U0JENS0001")), state(town)) == (1, NoticeState.SENT)


@pytest.mark.parametrize("arrived", [True, False], ids=["it had arrived", "never tried"])
def test_what_no_program_here_knows_holds_up_nothing_that_comes_after_it(
    town: OfficeTown, arrived: bool
) -> None:
    """A newer program has been taken down again, perhaps in the middle of telling it."""
    known = town.house.delivery._tellers
    if arrived:
        LosesTheAnswer(town)
    town.requested("Maja Holm")
    if arrived:
        town.deliver()
    town.house.delivery._tellers = {kind: how for kind, how in known.items() if kind == "welcome"}
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice("welcome:a", "welcome", "U0JENS0001"))
    for _ in range(2):
        town.jump(seconds=61)
        town.deliver()
    assert (len(town.heard("U0JENS0001")), state(town)) == (1 + arrived, NoticeState.PENDING)
    waits = [line for line in town.office.outbox.listed(town.clock.at) if line.to == "U0JENS0001"]
    assert [(line.code, line.state) for line in waits] == [("kind_unknown", "pending")]
    town.house.delivery._tellers = known
    town.jump(minutes=6)
    town.deliver()
    assert (len(town.heard("U0JENS0001")), state(town)) == (2, NoticeState.SENT)


def test_what_no_program_has_known_for_three_days_is_given_up(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.house.delivery._tellers = {}
    for _ in range(11):
        town.deliver()
        town.jump(hours=7)
    town.deliver()
    assert state(town) == NoticeState.DEAD


def test_a_crash_after_the_claim_leaves_a_trace_and_nothing_is_lost(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    with town.house.storage.open_work(at=town.clock.at) as work:
        claimed = work.notices.claim(
            "U0JENS0001", at=town.clock.at, real=town.clock.at, owner="dead", lease_seconds=60
        )
    assert claimed is not None
    town.deliver()
    assert not [to for to, _ in town.slack.posts if to == claimed.to]
    town.clock.at += timedelta(seconds=61)
    town.deliver()
    assert len([to for to, _ in town.slack.posts if to == claimed.to]) == 1


@pytest.mark.rule("D34")
def test_who_lost_access_meanwhile_is_told_nothing(town: OfficeTown) -> None:
    town.requested("Maja Holm")
    town.office.people.deactivated("U0JENS0001", at=town.clock.at)
    town.deliver()
    assert town.heard("U0JENS0001") == []
    assert state(town) == NoticeState.CANCELLED


def test_whoever_is_asked_to_wait_is_asked_nothing_more(town: OfficeTown) -> None:
    people = ("U0JENS0001", "U0MAJA0001", "U0ALI00001")
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell_all([Notice(f"welcome:a:{to}", "welcome", to) for to in people])
    asked, send = [], town.slack.send

    def too_often(to: str, message: object, *, key: str) -> object:
        asked.append(to)
        if len(asked) == 1:
            raise CertainlyNotSent("ratelimited", 30.0)
        return send(to, message, key=key)

    town.slack.send = too_often  # type: ignore[method-assign, assignment]
    town.deliver()
    assert len(asked) == 1
    town.clock.at += timedelta(seconds=31)
    town.deliver()
    assert sorted(asked[1:]) == sorted(people)


@pytest.mark.parametrize("fault", [None, LookupError()], ids=["nothing to say", "no words"])
def test_what_is_told_anew_while_nothing_comes_of_it_is_said_after_all(
    town: OfficeTown, fault: Exception | None
) -> None:
    """Whoever told it anew was told that it will be said."""
    key = "welcome:a:U0JENS0001"
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice(key, "welcome", "U0JENS0001"))
    tellers = dict(town.house.delivery._tellers)
    tell = tellers["welcome"]

    def too_early(telling: Telling) -> object:
        if "changed" in telling.notice.facts:
            return tell(telling)
        with town.house.storage.open_work(at=town.clock.at) as work:
            assert work.notices.retell(key, changed="yes")
        if fault:
            raise fault
        return None

    town.house.delivery._tellers = {**tellers, "welcome": too_early}  # type: ignore[dict-item]
    town.deliver()
    assert len(town.heard("U0JENS0001")) == 1


def test_a_backlog_to_one_person_delays_nobody_else(database: Database) -> None:
    town = OfficeTown(database, pace=1.05)
    for _ in range(3):
        town.requested("Maja Holm")
    heard = [town.house.delivery.deliver_due(patient=False)]
    first = [to for to, _ in town.slack.posts]
    assert len(first) == len(set(first))  # nobody twice within the pace
    while heard[-1]:
        town.jump(seconds=1.05)
        heard.append(town.house.delivery.deliver_due(patient=False))
    assert [to for to, _ in town.slack.posts].count("U0JENS0001") == 3
