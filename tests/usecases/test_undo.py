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
from bot.domain.presentation import CRITERIA
from bot.usecases.frame_facts import Use
from bot.usecases.referrals import Wish
from tests.support.frames import active_case
from tests.support.office import OfficeTown

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
        lambda: cases.undo_registration(town.asked(MAJA), found[0].id),
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
    return _urgent(town, lambda u, p: u.can_wait(town.asked(HENRIK), p))


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


WRONG_BUTTONS = (
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
