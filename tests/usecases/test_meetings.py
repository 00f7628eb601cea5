"""Meetings are rows: laid out a year ahead, moved, cancelled and added by the secretary (D15, A9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.demo import town as demo
from bot.domain.calendar import DateInPast
from bot.domain.meeting import ClosedDay, Meeting, MeetingState, SlotTaken
from bot.domain.people import NotForYou
from bot.domain.presentation import TooLateToUndo
from bot.texts import texts
from bot.views.meeting import desk_form
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import put

MONDAY, THURSDAY = date(2026, 11, 16), date(2026, 11, 19)


def first(town: OfficeTown) -> Meeting:
    found: Meeting = town.next_meetings(1)[0]
    return found


@pytest.mark.rule("D15")
def test_meetings_are_laid_out_a_year_ahead_and_never_on_closed_days(town: OfficeTown) -> None:
    with town.work() as work:
        days = {m.day for m in work.meetings.between(demo.COMMITTEE, MONDAY, date(2027, 2, 1))}
    assert THURSDAY in days
    assert not {date(2026, 12, 24), date(2026, 12, 31)} & days
    assert (
        town.office.meetings.lay_out_due(town.clock.at) == 0
        or town.office.meetings.lay_out_due(town.clock.at) == 0
    )


@pytest.mark.rule("A9", "D35")
def test_a_cancellation_tells_nobody_for_ten_minutes_and_then_moves_the_items(town: OfficeTown) -> None:
    meeting, following = town.next_meetings(2)
    item = town.referred(meeting=meeting.id)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    town.office.meetings.cancel(town.asked("Lone Ager"), meeting.id, reason="illness")
    town.knock()
    maja = town.person("Maja Holm")
    assert "AFLYST" not in town.heard(demo.OPEN_CHANNEL)[0]
    assert not any("aflyst" in m for m in town.heard(maja))
    town.jump(minutes=11)
    town.knock()
    town.knock()
    assert "AFLYST" in town.heard(demo.OPEN_CHANNEL)[0]
    assert "Næste møde torsdag 26. november kl. 9.00." in town.heard(demo.OPEN_CHANNEL)[0]
    assert sum("Mødet torsdag 19. november er aflyst" in m for m in town.heard(maja)) == 1
    assert "er flyttet til torsdag 26. november kl. 9.00" in town.heard(maja)[-1]
    with town.work() as work:
        assert work.presentations.get(item.id).meeting_id == following.id


@pytest.mark.rule("A9", "R064")
def test_what_stood_on_a_cancelled_meeting_goes_on_to_the_first_one_with_room(town: OfficeTown) -> None:
    meeting, full, roomy = town.next_meetings(3)
    case, follow_up = active_case(town, follow_up=meeting)
    put(town, replace(town.referred(meeting=full.id), minutes=full.minutes))
    town.office.meetings.cancel(town.asked("Lone Ager"), meeting.id, reason="illness")
    town.jump(minutes=11)
    town.office.meetings.carry_out_due(town.clock.at)
    with town.work() as work:
        assert work.presentations.get(follow_up).meeting_id == roomy.id
    town.deliver()
    assert any(f"»{case.alias}«" in said and "3. december" in said for said in town.heard("U0MAJA0001"))


@pytest.mark.rule("D35")
def test_a_cancellation_can_be_undone_within_ten_minutes_and_not_later(town: OfficeTown) -> None:
    meeting = first(town)
    item = town.referred(meeting=meeting.id)
    town.office.meetings.cancel(town.asked("Lone Ager"), meeting.id, reason="other")
    town.jump(minutes=9)
    town.office.meetings.undo_cancel(town.asked("Lone Ager"), meeting.id)
    town.jump(minutes=9)
    town.knock()
    with town.work() as work:
        assert work.presentations.get(item.id).meeting_id == meeting.id
        assert work.meetings.get(meeting.id).state == MeetingState.PLANNED
    town.office.meetings.cancel(town.asked("Lone Ager"), meeting.id, reason="other")
    town.jump(minutes=11)
    with pytest.raises(TooLateToUndo):
        town.office.meetings.undo_cancel(town.asked("Lone Ager"), meeting.id)


@pytest.mark.rule("D15")
def test_a_meeting_is_moved_and_the_presenter_hears_of_it_when_it_stands(town: OfficeTown) -> None:
    meeting = first(town)
    town.referred(meeting=meeting.id)
    day = date(2026, 11, 20)
    town.office.meetings.move(town.asked("Lone Ager"), meeting.id, day=day, starts=time(13, 0))
    town.jump(minutes=11)
    town.knock()
    assert "Mødet torsdag 19. november er flyttet" in town.heard(town.person("Maja Holm"))[-1]
    assert "fredag 20. november kl. 13.00" in town.heard(town.person("Maja Holm"))[-1]
    town.office.meetings.lay_out_due(town.clock.at)
    with town.work() as work:
        assert work.meetings.between(demo.COMMITTEE, THURSDAY, THURSDAY) == []  # its old day stays empty


def test_a_move_can_be_undone(town: OfficeTown) -> None:
    meeting = first(town)
    town.office.meetings.move(town.asked("Lone Ager"), meeting.id, day=date(2026, 11, 20), starts=time(13, 0))
    back = town.office.meetings.undo_move(town.asked("Lone Ager"), meeting.id)
    assert (back.day, back.starts, back.moved_from) == (THURSDAY, time(9, 0), None)


@pytest.mark.rule("D15", "D26")
def test_days_that_are_past_closed_or_taken_are_refused(town: OfficeTown) -> None:
    meetings, lone = town.office.meetings, "Lone Ager"

    def add(day: date, starts: time) -> None:
        meetings.add_extra(town.asked(lone), day=day, starts=starts, minutes=60)

    with pytest.raises(DateInPast):
        add(date(2026, 11, 13), time(9, 0))
    with pytest.raises(ClosedDay) as closed:
        add(date(2026, 12, 24), time(9, 0))
    assert closed.value.facts["next"] == date(2026, 12, 28)
    with pytest.raises(SlotTaken):
        add(THURSDAY, time(10, 0))
    with pytest.raises(NotForYou):
        meetings.add_extra(town.asked("Maja Holm"), day=THURSDAY, starts=time(13, 0), minutes=60)


@pytest.mark.rule("D35")
def test_an_extra_meeting_undone_in_time_is_never_posted(town: OfficeTown) -> None:
    town.jump_to(MONDAY, time(9, 0))
    town.knock()
    added = town.office.meetings.add_extra(
        town.asked("Lone Ager"), day=date(2026, 11, 18), starts=time(13, 0), minutes=60
    )
    town.office.meetings.undo_extra(town.asked("Lone Ager"), added.id)
    town.jump(minutes=20)
    town.knock()
    assert len(town.heard(demo.OPEN_CHANNEL)) == 1


@pytest.mark.rule("D15", "D32")
def test_an_extra_meeting_hides_no_ordinary_one_from_the_desk(town: OfficeTown) -> None:
    town.jump_to(MONDAY, time(9, 0))
    lone = town.asked("Lone Ager")
    town.office.meetings.add_extra(lone, day=date(2026, 11, 24), starts=time(8, 15), minutes=45)
    desk = town.office.agendas.desk(town.asked("Lone Ager", once=False))
    assert [(m.day, m.extra) for m, _ in desk.coming] == [
        (date(2026, 11, 24), True),
        (date(2026, 11, 26), False),
    ]
    read = readable(desk_form(desk, texts("da"), town.house.rules.on(MONDAY), meta="")["blocks"])
    assert "*Uge 48* · tirsdag 24. november · ekstraordinært · foreløbig · 0 punkter" in read
