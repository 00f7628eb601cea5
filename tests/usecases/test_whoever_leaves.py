"""Whoever leaves, leaves nothing behind that nobody hears of: a case on its way, a seat, a substitute (T24, T32, D31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.calendar import DateTooFarAhead
from bot.domain.frame import FrameState
from bot.domain.money import Kroner
from bot.domain.presentation import State, Tick
from bot.domain.two_chairs import Gap
from bot.usecases.attendance import present_areas
from bot.usecases.handovers import Change
from bot.usecases.mandates import mandate_lines
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import approved, begun, next_meeting, put, ready, saved

MAJA, JENS, LONE, HENRIK = "Maja Holm", "Jens Toft", "Lone Ager", "Henrik Dahl"
NANNA, PETER, SOFIE, YUSUF = "U0NANNA001", "U0PETER001", "U0SOFIE001", "U0YUSUF001"
ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def gaps(town: OfficeTown, case: str) -> list[Gap]:
    with town.work() as work:
        return [a.gap for a in work.alarms.standing() if a.case_id == case]


@pytest.mark.rule("T24", "T32")
def test_a_case_on_its_way_to_somebody_who_has_gone_stays_and_the_leader_hears_at_once(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    meeting, change = next_meeting(town), Change("left_job", NANNA, date(2026, 12, 10), "conversation")
    wish = town.office.handovers.ask_change(town.asked(MAJA), case.id, change)
    put(town, replace(wish, state=State.READY, ready_at=town.clock.at, meeting_id=meeting.id))
    approved(town, meeting)
    assert gaps(town, case.id) == []
    town.office.people.deactivated(NANNA, at=town.clock.at)
    assert gaps(town, case.id) == [Gap.COORDINATOR]
    town.deliver()
    assert any("mangler en sagsbehandler" in said for said in town.heard("U0JENS0001"))
    town.jump_to(date(2026, 12, 10), time(9, 0))
    town.office.handovers.carry_out_due(town.clock.at)
    with town.work() as work:
        assert work.cases.get(case.id).caseworker == "U0MAJA0001"
    town.office.people.reactivated(NANNA, team=town.person("Nanna Ilsø").team, at=town.clock.at)
    town.office.handovers.carry_out_due(town.clock.at)
    with town.work() as work:
        assert work.cases.get(case.id).caseworker == NANNA


@pytest.mark.rule("T17", "T32")
@ON_ONE_DATABASE
def test_a_fixed_caseworker_who_left_before_the_minutes_were_approved_is_heard_of_at_once(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    case = ready(town, meeting, caseworker=PETER).case_id
    saved(town, begun(town, meeting))
    town.office.sessions.close(town.asked(LONE), meeting.id)
    town.office.people.deactivated(PETER, at=town.clock.at)
    town.office.minutes.approve(town.asked(HENRIK), meeting.id)
    assert gaps(town, case) == [Gap.COORDINATOR]


@pytest.mark.rule("T25", "R050")
@ON_ONE_DATABASE
def test_a_new_fixed_caseworker_does_not_inherit_the_old_ones_substitute(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    case = ready(town, meeting, caseworker=PETER).case_id
    span = {"first": town.today, "last": town.today + timedelta(days=25)}
    town.office.substitutes.set(town.asked(JENS), case, person=NANNA, **span)
    approved(town, meeting)
    with town.work() as work:
        assert (work.cases.get(case).caseworker, work.substitutes.now_on(case, town.today)) == (PETER, None)


@pytest.mark.rule("D31", "T10")
@pytest.mark.parametrize("how", ["regrets", "away", "gone"])
@ON_ONE_DATABASE
def test_an_alternate_who_said_yes_and_cannot_counts_no_more_and_the_secretary_hears(
    town: OfficeTown, how: str
) -> None:
    meeting = town.next_meetings(2)[1]
    for name in ("Henrik Dahl", "Sofie Bech"):  # both of those who sit for the area
        town.office.agendas.send_regrets(town.asked(name), meeting.id)
    town.office.agendas.stand_in(town.asked("Yusuf Kaya"), meeting.id, SOFIE, yes=True)
    assert "youth" in areas(town, meeting.id)
    town.deliver()
    before = len(town.heard("U0LONE0001"))
    if how == "regrets":
        assert town.office.agendas.send_regrets(town.asked("Yusuf Kaya"), meeting.id).stand_ins == {}
    elif how == "away":
        town.office.absences.away(town.asked("Yusuf Kaya"), meeting.day, meeting.day, None)
    else:
        town.office.people.deactivated(YUSUF, at=town.clock.at)
    assert "youth" not in areas(town, meeting.id)
    town.deliver()
    heard = town.heard("U0LONE0001")
    assert len(heard) == before + 1 and "Yusuf Kaya" in heard[-1]


def areas(town: OfficeTown, meeting_id: str) -> frozenset[str]:
    with town.work() as work:
        meeting = work.meetings.get(meeting_id)
        return present_areas(work, meeting, work.committees.seats(meeting.committee, on=meeting.day))


@pytest.mark.rule("D31", "R003", "R005")
@ON_ONE_DATABASE
def test_a_member_who_has_left_sits_nowhere_and_the_alternate_is_asked(town: OfficeTown) -> None:
    meeting, roster = next_meeting(town), town.office.setup.roster
    town.office.agendas.send_regrets(town.asked("Henrik Dahl"), meeting.id)
    assert ("youth" in areas(town, meeting.id), "areas" in roster(town.asked("Bo Winther")).faults) == (
        True,
        False,
    )
    town.office.people.deactivated(SOFIE, at=town.clock.at)
    town.deliver()
    assert ("youth" in areas(town, meeting.id), "areas" in roster(town.asked("Bo Winther")).faults) == (
        False,
        True,
    )
    assert any("Sofie Bech" in said for said in town.heard(YUSUF))
    assert any("Sofie Bech" in said for said in town.heard("U0LONE0001"))


@pytest.mark.rule("R013")
@ON_ONE_DATABASE
def test_mandates_for_a_monday_are_asked_for_on_the_friday_before(town: OfficeTown) -> None:
    monday = date(2026, 11, 30)
    meeting = town.office.meetings.add_extra(town.asked(LONE), day=monday, starts=time(9), minutes=60)
    town.referred(MAJA, meeting=meeting.id)
    rules, ali = town.house.rules.on(town.today), town.person("Ali Demir")
    with town.work() as work:
        asked = [
            day
            for day in range(23, 31)
            if any(w.subject == meeting.id for w in mandate_lines(work, ali, date(2026, 11, day), rules))
        ]
    assert asked == [27, 28, 29, 30]


@pytest.mark.rule("D9", "T22")
@ON_ONE_DATABASE
def test_a_frame_decided_where_none_was_open_lasts_until_the_follow_up_that_is_booked(
    town: OfficeTown,
) -> None:
    case, follow_up = active_case(town)
    meeting = next_meeting(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        frame = work.frames.open_of(case.id, lock=True)
        assert frame is not None
        work.frames.save(frame.moved(FrameState.REPLACED))
    new = {"amount": Kroner.of(30_000), "purposes": ("transport",), "reason": "new_need"}
    wish = town.office.frames.ask_new(town.asked(MAJA), case.id, **new)
    tick = Tick("U0MAJA0001", town.clock.at, "conversation")
    there = {"state": State.READY, "ready_at": town.clock.at, "meeting_id": meeting.id}
    put(town, replace(wish, ticks={**wish.ticks, "own_view": tick}, **there))
    approved(town, meeting)
    with town.work() as work:
        found, booked = work.frames.open_of(case.id), work.presentations.get(follow_up)
        assert found is not None and found.follow_up_on == work.meetings.get(booked.meeting_id).day
    assert not found.is_overdue(town.today + timedelta(days=1))


@pytest.mark.rule("T24", "D26")
@ON_ONE_DATABASE
def test_a_case_is_not_handed_over_years_from_now(town: OfficeTown) -> None:
    case, _ = active_case(town)
    far = Change("left_job", NANNA, date(2027, 11, 17), "conversation")
    with pytest.raises(DateTooFarAhead) as refused:
        town.office.handovers.ask_change(town.asked(MAJA), case.id, far)
    assert (refused.value.field, refused.value.facts) == ("handover_on", {"latest": date(2027, 11, 16)})
