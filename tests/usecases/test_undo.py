"""Criterion 10: whoever pressed the wrong button takes it back within ten minutes, and what was is again.

Each row presses one button that tells others, waits nine minutes, and undoes it in one press.
docs/criteria.md lists what cannot be undone, and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from bot.domain.money import Kroner
from bot.domain.people import NotForYou, Person, Post, Role
from bot.domain.presentation import CRITERIA, State, TooLateToUndo
from bot.domain.task import Task
from bot.usecases.frame_facts import Use
from bot.usecases.referrals import Wish
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.usecases.test_readiness import made_ready

MAJA, JENS, LONE, HENRIK, ALI = "Maja Holm", "Jens Toft", "Lone Ager", "Henrik Dahl", "Ali Demir"
Undo = Callable[[], Any]
Look = Callable[[], Any]
Prepared = tuple[Look, Callable[[], Any], Undo]


def _state(town: OfficeTown, presentation: str) -> Any:
    with town.work() as work:
        p = work.presentations.get(presentation)
        return (p.state, p.meeting_id, p.urgent_choice if hasattr(p, "urgent_choice") else None)


def _leaders(town: OfficeTown, do: Callable[[Any, str], Any]) -> Prepared:
    wish, referrals = town.requested(MAJA), town.office.referrals
    return (
        lambda: _state(town, wish.id),
        lambda: do(referrals, wish.id),
        lambda: referrals.undo(town.asked(JENS), wish.id),
    )


def refer(town: OfficeTown) -> Prepared:
    return _leaders(town, lambda r, p: r.refer(town.asked(JENS), p, collector=None, meeting_id=None))


def return_(town: OfficeTown) -> Prepared:
    return _leaders(town, lambda r, p: r.return_(town.asked(JENS), p, missing=("consent",)))


def decline(town: OfficeTown) -> Prepared:
    facts = {"reason": "one_area_enough", "area": "youth", "contact": "U0SOFIE001"}
    return _leaders(town, lambda r, p: r.decline(town.asked(JENS), p, **facts))


def register(town: OfficeTown) -> Prepared:
    found: list[Any] = []
    cases = town.office.cases
    return (
        lambda: [c.id for c in cases.mine(town.asked(MAJA))],
        lambda: found.append(town.registered(MAJA)),
        lambda: cases.cancel(town.asked(MAJA), found[0].id, reason="not_meant"),
    )


def _meetings(town: OfficeTown) -> Any:
    with town.work() as work:
        return [
            (m.day, m.starts, m.state)
            for m in work.meetings.between("committee-youth", date(2026, 11, 1), date(2026, 12, 31))
            if m.state.value != "withdrawn"
        ]


def cancel_meeting(town: OfficeTown) -> Prepared:
    meetings, id_ = town.office.meetings, town.next_meetings(1)[0].id
    return (
        lambda: _meetings(town),
        lambda: meetings.cancel(town.asked(LONE), id_, reason="illness"),
        lambda: meetings.undo_cancel(town.asked(LONE), id_),
    )


def move_meeting(town: OfficeTown) -> Prepared:
    meetings, id_ = town.office.meetings, town.next_meetings(1)[0].id
    return (
        lambda: _meetings(town),
        lambda: meetings.move(town.asked(LONE), id_, day=date(2026, 11, 20), starts=time(13)),
        lambda: meetings.undo_move(town.asked(LONE), id_),
    )


def extra_meeting(town: OfficeTown) -> Prepared:
    found: list[Any] = []
    meetings = town.office.meetings
    return (
        lambda: [m.day for m in town.next_meetings(3)],
        lambda: found.append(
            meetings.add_extra(town.asked(LONE), day=date(2026, 11, 17), starts=time(13), minutes=60)
        ),
        lambda: meetings.undo_extra(town.asked(LONE), found[0].id),
    )


def _urgent(town: OfficeTown, choose: Callable[[Any, str], Any]) -> Prepared:
    case = town.registered(MAJA)
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    p = town.office.referrals.request(town.asked(MAJA), case.id, wish)
    town.office.referrals.refer(town.asked(JENS), p.id, collector=None, meeting_id=None)
    urgent = town.office.urgent
    return (
        lambda: _state(town, p.id),
        lambda: choose(urgent, p.id),
        lambda: urgent.undo(town.asked(HENRIK), p.id),
    )


def urgent_extra_item(town: OfficeTown) -> Prepared:
    return _urgent(town, lambda u, p: u.extra_item(town.asked(HENRIK), p))


def urgent_extra_meeting(town: OfficeTown) -> Prepared:
    when = {"day": date(2026, 11, 17), "starts": time(13)}
    return _urgent(town, lambda u, p: u.extra_meeting(town.asked(HENRIK), p, **when))


def urgent_can_wait(town: OfficeTown) -> Prepared:
    return _urgent(town, lambda u, p: u.can_wait(town.asked(HENRIK), p, reason="meeting_soon"))


def regrets(town: OfficeTown) -> Prepared:
    agendas, id_ = town.office.agendas, town.next_meetings(1)[0].id

    def absent() -> Any:
        with town.work() as work:
            return [r.person for r in work.meetings.regrets(id_)]

    return (
        absent,
        lambda: agendas.send_regrets(town.asked(ALI), id_),
        lambda: agendas.undo_regrets(town.asked(ALI), id_),
    )


def conflict(town: OfficeTown) -> Prepared:
    agendas = town.office.agendas
    p = town.referred(MAJA, meeting=town.next_meetings(1)[0].id)

    def may_see() -> Any:
        return [line.id for line in agendas.mine(town.asked("Sofie Bech")).lines]

    return (
        may_see,
        lambda: agendas.declare_conflict(town.asked("Sofie Bech"), p.id),
        lambda: agendas.undo_conflict(town.asked("Sofie Bech"), p.id),
    )


def frame_use(town: OfficeTown) -> Prepared:
    found: list[Any] = []
    case, _ = active_case(town)
    frames, use = town.office.frames, Use(Kroner.of(450), "transport", town.today)

    def left() -> Any:
        with town.work() as work:
            frame = work.frames.open_of(case.id)
            assert frame is not None
            return frame.left

    return (
        left,
        lambda: found.append(frames.use(town.asked(MAJA), case.id, use)),
        lambda: frames.undo(town.asked(MAJA), found[0].entry.id),
    )


def _answers(town: OfficeTown, presentation: str) -> Any:
    with town.work() as work:
        p = work.presentations.get(presentation)
        r = p.recommendation
        return (p.state, p.ready_by, r.caseworker_said_yes_at, r.caseworker_said_no_at)


def mark_ready(town: OfficeTown) -> Prepared:
    p = town.referred(MAJA)
    made_ready(town, p)
    return (
        lambda: _answers(town, p.id),
        lambda: town.office.readiness.mark_ready(town.asked(JENS), p.id),
        lambda: town.office.second_thoughts.ready(town.asked(JENS), p.id),
    )


def _proposal(town: OfficeTown, *, yes: bool) -> Prepared:
    p = town.referred(MAJA)
    made_ready(town, p, caseworker="U0PETER001")
    return (
        lambda: _answers(town, p.id),
        lambda: town.office.readiness.answer_proposal(town.asked("Peter Krogh"), p.id, yes=yes),
        lambda: town.office.second_thoughts.proposal(town.asked("Peter Krogh"), p.id),
    )


def proposal_yes(town: OfficeTown) -> Prepared:
    return _proposal(town, yes=True)


def proposal_no(town: OfficeTown) -> Prepared:
    return _proposal(town, yes=False)


def _mandates(town: OfficeTown, press: Callable[[Any, Any], Any], of: Callable[[Any], str]) -> Prepared:
    p = town.referred(MAJA, meeting=town.next_meetings(1)[0].id)

    def given() -> Any:
        with town.work() as work:
            return [m.person for m in work.presentations.mandates(p.id)]

    return (
        given,
        lambda: press(town.office.agendas, p),
        lambda: town.office.second_thoughts.mandates(town.asked(ALI), of(p)),
    )


def mandate_for_one(town: OfficeTown) -> Prepared:
    return _mandates(town, lambda a, p: a.confirm_mandate(town.asked(ALI), p.id), lambda p: str(p.id))


def mandate_for_all(town: OfficeTown) -> Prepared:
    return _mandates(
        town, lambda a, p: a.confirm_all(town.asked(ALI), p.meeting_id), lambda p: str(p.meeting_id)
    )


def task_tick(town: OfficeTown) -> Prepared:
    p = town.referred(MAJA, meeting=town.next_meetings(1)[0].id)
    with town.house.storage.open_work(at=town.clock.at) as work:
        task = Task("task-1", p.case_id, p.id, p.meeting_id or "", "social", "mentor_support", town.today)
        work.tasks.add(task.ticked(frozenset({"reasons"}), by="U0JENS0001", at=town.clock.at))
    town.jump(hours=1)

    def ticked() -> Any:
        with town.work() as work:
            return (work.tasks.get("task-1").ticks, work.tasks.get("task-1").done_at)

    steps = frozenset({"reasons", "communicated"})
    return (
        ticked,
        lambda: town.office.tasks.tick(town.asked(JENS), "task-1", steps),
        lambda: town.office.second_thoughts.tick(town.asked(JENS), "task-1"),
    )


def new_date_given(town: OfficeTown) -> Prepared:
    first, second = town.next_meetings(2)
    case, follow_up = active_case(town, follow_up=first)
    follow_ups = town.office.follow_ups
    follow_ups.ask_new_date(town.asked(MAJA), follow_up, meeting_id=second.id, reason="illness")

    def stands() -> Any:
        with town.work() as work:
            p, frame = work.presentations.get(follow_up), work.frames.open_of(case.id)
            assert frame is not None
            return (p.meeting_id, p.date_moved, frame.follow_up_on, work.presentations.wish(follow_up))

    return (
        stands,
        lambda: follow_ups.answer_new_date(town.asked(LONE), follow_up, second.id),
        lambda: town.office.second_thoughts.new_date(town.asked(LONE), follow_up),
    )


def alternate_can(town: OfficeTown) -> Prepared:
    meeting = town.next_meetings(1)[0]
    with town.work() as work:
        seats = work.committees.seats(meeting.committee, on=meeting.day)
        other = next(s for s in seats if s.alternate)
        absent = next(s.person for s in seats if s.area == other.area and not s.alternate)
        who, member = work.people.get(other.person), work.people.get(absent)
    town.office.agendas.send_regrets(town.asked(member), meeting.id)

    def look() -> Any:
        with town.work() as work:
            return work.meetings.get(meeting.id).stand_ins

    return (
        look,
        lambda: town.office.agendas.stand_in(town.asked(who), meeting.id, absent, yes=True),
        lambda: town.office.second_thoughts.stand_in(town.asked(who), meeting.id, absent),
    )


def new_frame_asked(town: OfficeTown) -> Prepared:
    case, _ = active_case(town)
    found: list[Any] = []

    def look() -> Any:
        with town.work() as work:
            return [p.id for p in work.presentations.of_case(case.id) if p.is_open]

    def press() -> None:
        terms = {"amount": Kroner.of(50_000), "purposes": ("transport",), "reason": "other"}
        found.append(town.office.frames.ask_new(town.asked(MAJA), case.id, **terms))

    return look, press, lambda: town.office.second_thoughts.frame_wish(town.asked(MAJA), found[0].id)


def new_date_asked(town: OfficeTown) -> Prepared:
    first, second = town.next_meetings(2)
    _, follow_up = active_case(town, follow_up=first)

    def look() -> Any:
        with town.work() as work:
            return work.presentations.wish(follow_up)

    wish = {"meeting_id": second.id, "reason": "illness"}
    return (
        look,
        lambda: town.office.follow_ups.ask_new_date(town.asked(MAJA), follow_up, **wish),
        lambda: town.office.second_thoughts.date_wish(town.asked(MAJA), follow_up),
    )


def roles_given(town: OfficeTown) -> Prepared:
    given: list[Any] = []
    bo = "Bo Winther"

    def press() -> None:
        asked = town.asked(bo)
        given.append(asked.at)
        posts = frozenset({Post(Role.CONTROLLER)})
        names = {"U0MAJA0001": MAJA, "U0KIM00001": "Kim"}
        town.office.people.give_posts(asked, tuple(names), posts, names)

    def look() -> Any:
        with town.work() as work:
            return [
                work.people.get("U0MAJA0001").posts,
                (work.people.find("U0KIM00001") or Person("", "", "")).posts,
            ]

    return look, press, lambda: town.office.people.undo_posts(town.asked(bo), given[0])


WRONG_BUTTONS = (
    alternate_can,
    new_frame_asked,
    new_date_asked,
    roles_given,
    mark_ready,
    proposal_yes,
    proposal_no,
    mandate_for_one,
    mandate_for_all,
    task_tick,
    new_date_given,
    refer,
    return_,
    decline,
    register,
    cancel_meeting,
    move_meeting,
    extra_meeting,
    urgent_extra_item,
    urgent_extra_meeting,
    urgent_can_wait,
    regrets,
    conflict,
    frame_use,
)


@pytest.mark.rule("D35")
@pytest.mark.parametrize("button", WRONG_BUTTONS, ids=lambda b: b.__name__)
def test_the_wrong_button_is_taken_back_after_nine_minutes(
    town: OfficeTown, button: Callable[[OfficeTown], Prepared]
) -> None:
    look, press, undo = button(town)
    before = look()
    press()
    assert look() != before
    town.jump(minutes=9)
    undo()
    assert look() == before


LATER = (new_frame_asked, roles_given, mark_ready, proposal_yes, mandate_for_all, task_tick, new_date_given)


@pytest.mark.rule("D35")
@pytest.mark.parametrize("button", LATER, ids=lambda b: b.__name__)
def test_after_ten_minutes_it_stands(town: OfficeTown, button: Callable[[OfficeTown], Prepared]) -> None:
    look, press, undo = button(town)
    press()
    after = look()
    town.jump(minutes=11)
    with pytest.raises(TooLateToUndo):
        undo()
    assert look() == after


@pytest.mark.rule("T09", "D35")
def test_whoever_was_told_hears_what_is_true_now_and_a_second_answer_is_told_again(town: OfficeTown) -> None:
    first, second = town.next_meetings(2)
    _, follow_up = active_case(town, follow_up=first)
    follow_ups, maja = town.office.follow_ups, town.person(MAJA)
    follow_ups.ask_new_date(town.asked(MAJA), follow_up, meeting_id=second.id, reason="illness")
    for undone in (True, False):
        follow_ups.answer_new_date(town.asked(LONE), follow_up, second.id)
        town.deliver()
        assert "følges op torsdag 26. november" in town.heard(maja)[-1]
        if undone:
            town.office.second_thoughts.new_date(town.asked(LONE), follow_up)
            town.deliver()
            assert "Klaret" in town.heard(maja)[-1]
    ready = town.referred(MAJA)
    made_ready(town, ready)
    town.deliver()
    assert "er klar til dig" in town.heard(town.person(JENS))[-1]
    town.office.readiness.mark_ready(town.asked(JENS), ready.id)
    town.office.second_thoughts.ready(town.asked(JENS), ready.id)
    town.deliver()
    assert "er klar til dig" in town.heard(town.person(JENS))[-1]
    with pytest.raises(TooLateToUndo):
        town.office.second_thoughts.ready(town.asked("Karen Friis"), ready.id)


@pytest.mark.rule("T07", "D35", "R018")
def test_a_referral_is_taken_back_days_later_until_it_stands_on_an_agenda(town: OfficeTown) -> None:
    wish = town.referred(MAJA)
    town.deliver()
    thoughts = town.office.second_thoughts
    town.jump(days=1)
    with pytest.raises(TooLateToUndo):
        town.office.referrals.undo(town.asked(JENS), wish.id)
    with pytest.raises(NotForYou):
        thoughts.referral(town.asked(MAJA), wish.id)
    assert town.office.cases.show(town.asked(JENS, once=False), wish.case_id).aside.to_take_back
    thoughts.referral(town.asked("Karen Friis"), wish.id)
    assert _state(town, wish.id)[0] == State.REQUESTED
    town.deliver()
    heard = town.heard(town.person(MAJA))
    assert any("er taget tilbage. Sagen venter igen på lederen" in said for said in heard), heard
    assert any("venter på dig" in said for said in town.heard(town.person(JENS)))
    with town.work() as work:
        assert [e.act for e in work.journal.of_case(wish.case_id)][-1] == "referral_taken_back"
        assert work.presentations.get(wish.id).answer_by > town.today

    meeting = town.next_meetings(1)[0]
    town.office.referrals.refer(town.asked(JENS), wish.id, collector=None, meeting_id=meeting.id)
    town.jump(days=1)
    with pytest.raises(TooLateToUndo):
        thoughts.referral(town.asked(JENS), wish.id)
    assert _state(town, wish.id)[:2] == (State.REFERRED, meeting.id)


@pytest.mark.rule("D35", "D11")
def test_roles_given_anew_since_or_by_another_are_not_taken_back(town: OfficeTown) -> None:
    look, press, undo = roles_given(town)
    press()
    town.jump(minutes=1)
    names = {"U0MAJA0001": MAJA}
    town.office.people.give_posts(
        town.asked("Bo Winther"), tuple(names), frozenset({Post(Role.EVALUATOR)}), names, keep=True
    )
    after = look()
    with pytest.raises(TooLateToUndo):
        undo()
    assert look() == after
    with pytest.raises(NotForYou):
        town.office.people.undo_posts(town.asked(MAJA), town.clock.at)
