"""What was on its way as something ended: its hearer left, or an operator cancelled it. It goes where it must, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.notices import Notice, NoticeState
from bot.usecases.ports import PerhapsSent, PlaceBroken
from tests.support.office import OfficeTown
from tests.usecases.test_slack_away import JENS, MAJA, owe, posts_to, stuck


@pytest.mark.parametrize("arrived", [True, False], ids=["it had arrived", "it had not"])
def test_what_was_in_doubt_as_somebody_left_goes_to_the_leader_unless_it_had_arrived(
    town: OfficeTown, arrived: bool
) -> None:
    wish = town.referred("Maja Holm")
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        facts = {"presentation": wish.id}
        work.notices.tell(Notice(f"answered:1:{MAJA}", "answered", MAJA, facts, case_id=wish.case_id))
    send = town.slack.send

    def doubtful(to: str, message: Any, *, key: str) -> Any:
        if arrived:
            send(to, message, key=key)
        raise PerhapsSent("internal_error")

    town.slack.send = doubtful  # type: ignore[method-assign]
    town.deliver()
    town.slack.send = send  # type: ignore[method-assign]
    town.office.people.deactivated(MAJA, at=town.clock.at)
    for _ in range(2):
        town.jump(minutes=6)
        town.deliver()
    with town.work() as work:
        moved = work.notices.by_key(f"answered:1:{JENS}")
    assert ((moved is None), stuck(town)) == (arrived, (0, 0))


@pytest.mark.rule("D35")
def test_what_can_still_be_undone_is_not_passed_on_before_it_stands(town: OfficeTown) -> None:
    wish = town.referred("Maja Holm")
    town.deliver()
    for name, later in (("undo", timedelta(minutes=8)), ("away", timedelta(days=5))):
        with town.house.storage.open_work(at=town.clock.at) as work:
            due, facts = town.clock.at + later, {"presentation": wish.id}
            work.notices.tell(Notice(f"{name}:{MAJA}", "answered", MAJA, facts, due, case_id=wish.case_id))
    town.office.people.deactivated(MAJA, at=town.clock.at)
    with town.work() as work:
        found = [work.notices.by_key(f"{name}:{JENS}").not_before for name in ("undo", "away")]
    assert [due - town.clock.at for due in found] == [timedelta(minutes=8), timedelta(minutes=10)]


def test_what_was_taken_back_for_the_leader_alone_is_passed_on_all_the_same(town: OfficeTown) -> None:
    wish = town.referred("Maja Holm")
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        for to in (JENS, MAJA):
            facts = {"presentation": wish.id}
            work.notices.tell(Notice(f"answered:1:{to}", "answered", to, facts, case_id=wish.case_id))
        work.notices.cancel(f"answered:1:{JENS}")
    town.office.people.deactivated(MAJA, at=town.clock.at)
    town.jump(minutes=11)
    town.deliver()
    with town.work() as work:
        told = [n for n in work.notices.showing("answered") if n.to == JENS]
    assert [n.case_id for n in told] == [wish.case_id]


def test_whoever_asks_for_the_same_has_told_the_leader_already(town: OfficeTown) -> None:
    """A request that nobody answered goes to another leader when the first has left: once."""
    town.requested("Maja Holm")
    town.office.people.deactivated(JENS, at=town.clock.at)
    town.deliver()
    assert len([said for said in town.heard("U0KAREN001") if "Henvis" in said]) == 1


@pytest.mark.rule("D34")
@pytest.mark.parametrize("before", [True, False], ids=["before it is found", "later"])
def test_a_cancelled_message_that_stands_all_the_same_becomes_neutral_like_any_other(
    town: OfficeTown, before: bool
) -> None:
    owe(town, "a")
    town.slack.failing_at[JENS] = PerhapsSent("solar_flare")
    town.deliver()
    (line,) = town.office.outbox.listed(town.clock.at)
    assert town.office.outbox.cancel(line.id, at=town.clock.at)
    del town.slack.failing_at[JENS]
    town.slack.send(JENS, {"text": "a", "blocks": []}, key=line.id)
    for due in (before, not before):
        if due:
            with town.house.storage.open_work(at=town.clock.at) as work:
                work.notices.handle(f"welcome:a:{JENS}")
        town.jump(minutes=6)
        town.deliver()
    assert [said.split(".")[0] for said in town.heard(JENS)] == ["Klaret"]
    assert posts_to(town, JENS) == 1


@pytest.mark.rule("D34")
def test_a_change_that_an_operator_has_cancelled_leaves_a_message_that_can_be_changed_later(
    town: OfficeTown,
) -> None:
    owe(town, "a")
    town.deliver()
    edit = town.slack.edit

    def refused(*_: object) -> None:
        raise PlaceBroken("restricted_action")

    town.slack.edit = refused  # type: ignore[method-assign]
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.retell(f"welcome:a:{JENS}")
    town.deliver()
    (line,) = [line for line in town.office.outbox.listed(town.clock.at) if line.to == JENS]
    assert town.office.outbox.cancel(line.id, at=town.clock.at)
    town.slack.edit = edit  # type: ignore[method-assign]
    town.jump(minutes=16)
    town.office.posts.watch_due(town.clock.at)
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.notices.handle(f"welcome:a:{JENS}")
    town.deliver()
    assert [said.split(".")[0] for said in town.heard(JENS)] == ["Klaret"]


@pytest.mark.rule("D34")
def test_one_that_an_earlier_program_cancelled_though_it_stood_becomes_neutral_when_it_is_old(
    town: OfficeTown,
) -> None:
    owe(town, "a")
    town.deliver()
    with town.house.storage.open_work(at=town.clock.at) as work:
        notice = work.notices.by_key(f"welcome:a:{JENS}")
        work.notices.record(replace(notice, state=NoticeState.CANCELLED))
    town.jump(days=31)
    assert town.office.overviews.clear_due(town.clock.at) == 1
    town.deliver()
    assert [said.split(".")[0] for said in town.heard(JENS)] == ["Klaret"]
    assert town.office.overviews.clear_due(town.clock.at) == 0
