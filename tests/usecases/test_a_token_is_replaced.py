"""A token is revoked and replaced while several processes run, each with its own: those shut out are who hold the old one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.domain.lanes import POST, TEAM
from bot.domain.notices import Notice
from bot.usecases.delivery import Delivery
from bot.usecases.ports import NeverSendable, Sent, TeamBroken, Work
from bot.usecases.slack_said import SlackSaid
from tests.support.office import FakeSlack, OfficeTown

JENS, BO = "U0JENS0001", "U0BO000001"
A_PRESS = TeamBroken("token_revoked", everywhere=True, act="guard")


@dataclass
class Place:
    """Where a token is put, and the one that Slack takes."""

    holds: str
    good: str = "new"


@dataclass
class Held:
    """One process's."""

    place: Place
    mark: str = "old"

    def renew(self) -> bool:
        before, self.mark = self.mark, self.place.holds
        return before != self.mark


@dataclass
class Refusing(FakeSlack):
    """Slack, as one process meets it."""

    token: Held = field(default_factory=lambda: Held(Place("old")))

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        if self.token.mark != self.token.place.good:
            raise TeamBroken("token_revoked", everywhere=True, act=POST)
        return super().send(to, message, key=key)


def replica(town: OfficeTown, token: Held) -> Delivery:
    """Another process on the same database, with a token of its own."""
    one, slack = town.house.delivery, town.slack
    return Delivery(
        town.house.tools,
        clock=town.clock,
        messenger=Refusing(messages=slack.messages, posts=slack.posts, token=token),
        words=one._words,
        tellers=one._tellers,
        owner=f"replica-{id(token)}",
        pace=0.0,
        token=token,
    )


def owe(town: OfficeTown, name: str) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.tell(Notice(f"welcome:{name}:{JENS}", "welcome", JENS))


def sent(town: OfficeTown) -> int:
    return sum(to == JENS for to, _ in town.slack.posts)


def shut(town: OfficeTown) -> bool:
    with town.work() as work:
        return work.lanes.of(TEAM).broken is not None


def told(town: OfficeTown) -> int:
    """How often the administrator has heard that we are let in."""
    town.deliver()
    return sum("lukker mig ind igen" in said for said in town.heard(BO))


def an_hour(town: OfficeTown, replicas: list[Delivery]) -> list[bool]:
    """Each time the workspace is shut, or opens; something is owed each two minutes."""
    seen = [shut(town)]
    for step in range(4 * 60):
        if step % 8 == 0:
            owe(town, f"hour{step}")
        for delivery in random.Random(step).sample(replicas, len(replicas)):
            delivery.deliver_due()
            now = shut(town)
            seen += [now] if now != seen[-1] else []
        town.jump(seconds=15)
    return seen[1:]


def test_a_new_token_is_taken_up_by_each_process_and_the_workspace_opens_once(town: OfficeTown) -> None:
    place = Place("old")
    tokens = [Held(place) for _ in range(3)]
    replicas = [replica(town, token) for token in tokens]
    owe(town, "a")
    for delivery in replicas:
        delivery.deliver_due()
    assert (shut(town), sent(town)) == (True, 0)
    place.holds = "new"
    town.jump(seconds=20)
    for number, delivery in enumerate(replicas):
        owe(town, f"b{number}")
        delivery.deliver_due()
    assert ([token.mark for token in tokens], shut(town), sent(town)) == (["new"] * 3, False, 4)
    assert (an_hour(town, replicas), sent(town), told(town)) == ([], 34, 1)


def test_a_token_that_was_replaced_before_the_old_one_went_shuts_nobody_out(town: OfficeTown) -> None:
    replicas = [replica(town, Held(Place("new"))) for _ in range(2)]
    assert (an_hour(town, replicas), sent(town), told(town)) == ([], 30, 0)


def test_whoever_cannot_take_the_new_token_up_holds_back_only_itself(town: OfficeTown) -> None:
    """Tokens in the environment, of two restarts ago: the old processes run on for a while beside the new one."""
    old, older = Held(Place("old")), Held(Place("older"), "older")
    new = replica(town, Held(Place("new"), "new"))
    turns = an_hour(town, [replica(town, old), replica(town, older), new])
    assert turns in ([True, False], [True, False] * 2), "once for a token that was not known to be refused"
    assert told(town) == turns.count(False)
    SlackSaid(town.house.tools, clock=town.clock, token=old).hear(A_PRESS)
    owe(town, "b")
    before = sent(town)
    new.deliver_due()
    assert (shut(town), sent(town)) == (False, before + 1), "a press in an old process shuts nobody out"


def test_a_token_that_slack_takes_again_is_not_held_against_it(town: OfficeTown) -> None:
    token = Held(Place("old"))
    alone, seen = replica(town, token), []
    for good in ("new", "old", "new"):
        token.place.good = good
        owe(town, f"{len(seen)}")
        alone.deliver_due()
        seen.append(shut(town))
        town.jump(seconds=61)
    assert seen == [True, False, True]


def test_an_answer_about_the_token_before_shuts_nobody_out(town: OfficeTown) -> None:
    """It was on its way while another thread took the new one up."""
    said, seen = SlackSaid(town.house.tools, clock=town.clock, token=Held(Place("new"))), []
    for seconds in (0, 5, 11):
        town.jump(seconds=seconds)
        said.hear(A_PRESS)
        seen.append(shut(town))
    assert seen == [False, False, True]


def test_when_only_tokens_that_are_known_to_be_refused_are_left_the_workspace_is_shut(
    town: OfficeTown,
) -> None:
    """Whoever held the new one has gone, and a step back has brought the old one with it."""
    old, new = replica(town, Held(Place("old"))), replica(town, Held(Place("new"), "new"))
    for name in ("a", "b"):
        owe(town, name)
        old.deliver_due()
        new.deliver_due()
        town.jump(seconds=61)
    assert not shut(town)
    town.jump(hours=8)
    seen = []
    owe(town, "c")
    for _ in range(12):
        old.deliver_due()
        seen.append(shut(town))
        town.jump(minutes=1)
    assert seen == [False] * 10 + [True] * 2
    new.deliver_due()
    assert (shut(town), sent(town), told(town)) == (False, 3, 2)


def test_a_backlog_shuts_nobody_out_while_somebody_works_it_off(town: OfficeTown) -> None:
    old, new = replica(town, Held(Place("old"))), replica(town, Held(Place("new"), "new"))
    owe(town, "first")
    old.deliver_due()
    new.deliver_due()
    seen = []
    for minute in range(30):
        owe(town, f"{minute}")
        with town.house.storage.open_work(at=town.clock.at) as work:
            owed_long = replace(the_newest(work, minute), not_before=town.clock.at - timedelta(hours=1))
            work.notices.record(owed_long)
        old.deliver_due()
        seen.append(shut(town))
        new.deliver_due()
        town.jump(seconds=61)
    assert (set(seen), sent(town), told(town)) == ({False}, 31, 1)


def the_newest(work: Work, minute: int) -> Notice:
    found = work.notices.by_key(f"welcome:{minute}:{JENS}")
    assert found is not None
    return found


def test_an_old_token_stays_known_though_a_press_takes_the_new_one_up_before_the_call(
    town: OfficeTown,
) -> None:
    token = Held(Place("old"))
    one = replica(town, token)
    send = one._messenger.send

    def renewed_meanwhile(to: str, message: Any, *, key: str) -> Sent:
        token.place.holds = "new"
        token.renew()
        return send(to, message, key=key)

    owe(town, "a")
    one.deliver_due()
    town.jump(seconds=61)
    one._messenger.send = renewed_meanwhile  # type: ignore[method-assign]
    one.deliver_due()
    assert (shut(town), sent(town)) == (False, 1)
    owe(town, "b")
    replica(town, Held(Place("old"))).deliver_due()
    assert not shut(town)


def test_a_press_that_slack_refuses_for_its_own_sake_lets_this_process_in(town: OfficeTown) -> None:
    said = SlackSaid(town.house.tools, clock=town.clock, token=Held(Place("old")))
    said.hear(A_PRESS)
    assert (said.is_shut_out, shut(town)) == (True, True)
    said.hear(NeverSendable("expired_trigger_id"))
    assert (said.is_shut_out, shut(town)) == (False, False)
