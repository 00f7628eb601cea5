"""What is put on a shelf comes back whole, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from bot.domain.case import Reference, ReferenceTaken
from bot.domain.committee import Conflict, Mandate, Regret, Seat, SeatKind
from bot.domain.follow_up import NewDateWish
from bot.domain.frame import EntryKind, FrameState
from bot.domain.journal import Entry
from bot.domain.meeting import ChangedMeanwhile, MeetingState
from bot.domain.money import Kroner
from bot.domain.people import Absence, Post, Role
from bot.domain.presentation import Kind, State
from bot.usecases.ports import Asked, NotHere
from tests.support.rows import (
    AT,
    COMMITTEE,
    Rows,
    a_meeting,
    a_person,
    a_presentation,
    a_task,
    an_entry,
    in_committee,
)


def test_a_person_comes_back_with_every_post(town: Rows):
    posts = (Post(Role.AREA_LEADER, "social"), Post(Role.CASEWORKER, "youth"), Post(Role.ADMINISTRATOR))
    maja = a_person("UNY", *posts, language="en", overview_at=time(8, 15), welcomed=True)
    with town.storage.open_work(at=AT) as work:
        work.people.add(maja)
    with town.storage.open_work(at=AT) as work:
        assert work.people.get("UNY") == maja
        moved = work.people.save(maja.given(in_committee([Post(Role.SECRETARY)])))
    with town.storage.open_reading(at=AT) as work:
        assert work.people.get("UNY") == moved
        assert moved.version == maja.version + 1


def test_leaders_of_an_area_are_found_and_those_who_have_left_are_not(town: Rows):
    town.person("UVÆK", Post(Role.AREA_LEADER, "youth"))
    with town.storage.open_work(at=AT) as work:
        work.people.save(replace(work.people.get("UVÆK"), active=False))
    with town.storage.open_reading(at=AT) as work:
        assert [p.id for p in work.people.holding(Role.AREA_LEADER, "social")] == ["ULEDER"]
        assert work.people.holding(Role.AREA_LEADER, "youth") == []


def test_an_absence_covers_its_first_and_last_day(town: Rows):
    away = Absence("UMAJA", date(2026, 12, 21), date(2026, 12, 31), "ULEDER", id="a1")
    with town.storage.open_work(at=AT) as work:
        work.people.add_absence(away)
    with town.storage.open_reading(at=AT) as work:
        assert work.people.away("UMAJA", date(2026, 12, 31)) == away
        assert work.people.away("UMAJA", date(2027, 1, 1)) is None


def test_a_wish_for_access_is_heard_once_a_day(town: Rows):
    stranger = a_person("UNY")
    with town.storage.open_work(at=AT) as work:
        assert work.people.wish_for_access(stranger, AT)
        assert not work.people.wish_for_access(stranger, AT + timedelta(hours=2))
        assert work.people.wish_for_access(stranger, AT + timedelta(days=1))
        assert work.people.access_wishes() == [("UNY", stranger.name)]


def test_a_committee_its_seats_and_its_meetings_come_back(town: Rows):
    seat = Seat("s1", COMMITTEE, "ULEDER", SeatKind.MANAGEMENT, "social", alternate=True)
    meeting = a_meeting(
        state=MeetingState.MINUTES,
        moved_from=date(2026, 11, 24),
        started_at=AT,
        attending=("UMAJA", "ULEDER"),
        posted_at=AT,
        at_item=3,
    )
    with town.storage.open_work(at=AT) as work:
        work.committees.put_seat(seat)
        work.meetings.add(meeting)
        work.meetings.put_regret(Regret(meeting.id, "UMAJA", AT))
        work.meetings.put_regret(Regret(meeting.id, "UMAJA", AT))
    with town.storage.open_reading(at=AT) as work:
        assert work.committees.seats(COMMITTEE) == [seat] == work.committees.seats_of("ULEDER")
        assert work.meetings.get(meeting.id) == meeting
        assert work.meetings.at(COMMITTEE, meeting.day, meeting.starts) == meeting
        assert work.meetings.regrets(meeting.id) == [Regret(meeting.id, "UMAJA", AT)]
        assert work.meetings.next_after(COMMITTEE, meeting.day) == []  # held: no longer a planned one


def test_a_case_comes_back_and_its_key_is_the_next_of_its_year(town: Rows):
    case = town.case(closed_on=date(2026, 12, 1), practice=True)
    with town.storage.open_work(at=AT) as work:
        assert work.cases.get(case.id) == case
        assert [work.cases.next_key(2026), work.cases.next_key(2026), work.cases.next_key(2027)] == [
            "26-0001",
            "26-0002",
            "27-0001",
        ]


def test_a_presentation_comes_back_with_everything_in_it(town: Rows):
    case, meeting = town.case(), town.meeting()
    whole = town.presentation(case, meeting_id=meeting.id)
    with town.storage.open_reading(at=AT) as work:
        assert work.presentations.get(whole.id) == whole
        assert work.presentations.on_agenda(meeting.id) == [whole]
        assert work.presentations.open_of(case.id, Kind.NEW) == whole
        assert work.presentations.waiting(COMMITTEE) == []


def test_mandates_conflicts_and_wishes_are_kept_once(town: Rows):
    item = town.presentation(town.case())
    mandate, conflict = Mandate(item.id, "UMAJA", AT), Conflict(item.id, "ULEDER", AT)
    wish = NewDateWish(item.id, "UMAJA", AT, "time")
    with town.storage.open_work(at=AT) as work:
        for _ in range(2):
            work.presentations.put_mandate(mandate)
            work.presentations.put_conflict(conflict)
            work.presentations.put_wish(wish)
    with town.storage.open_reading(at=AT) as work:
        assert work.presentations.mandates(item.id) == [mandate]
        assert work.presentations.conflicts(item.id) == [conflict]
        assert work.presentations.wish(item.id) == wish


def test_a_frame_and_its_ledger_come_back_to_the_ore(town: Rows):
    frame = town.frame(town.case())
    lines = [
        an_entry("e1", frame_id=frame.id, kind=EntryKind.COMMITMENT, period_until=date(2027, 1, 31)),
        an_entry("e2", frame_id=frame.id, settles="e1", at=AT + timedelta(seconds=1)),
        an_entry(
            "e3", frame_id=frame.id, kind=EntryKind.REVERSAL, reverses="e2", at=AT + timedelta(seconds=2)
        ),
    ]
    with town.storage.open_work(at=AT) as work:
        for line in lines:
            work.frames.add_entry(line)
    with town.storage.open_reading(at=AT) as work:
        assert work.frames.open_of(frame.case_id) == frame
        assert work.frames.entries(frame.id) == lines
        assert work.frames.entry("e3") == lines[2]


def test_tasks_are_found_by_area_meeting_and_case(town: Rows):
    case, meeting = town.case(), town.meeting()
    item = town.presentation(case, meeting_id=meeting.id)
    open_one = a_task("t1", case_id=case.id, presentation_id=item.id)
    done = a_task("t2", case_id=case.id, presentation_id=item.id, done_at=AT)
    with town.storage.open_work(at=AT) as work:
        work.tasks.add(open_one)
        work.tasks.add(done)
    with town.storage.open_reading(at=AT) as work:
        assert work.tasks.of_area("social") == [open_one]
        assert work.tasks.of_meeting(meeting.id) == [open_one, done]
        assert work.tasks.of_case(case.id) == [open_one, done]
        later = replace(meeting, id="later", day=meeting.day + timedelta(days=7))
        assert work.tasks.open_before_meeting(COMMITTEE, later) == 1


def test_a_number_is_found_again_by_its_end_and_by_the_whole_of_it(town: Rows):
    case, other = town.case(), town.case()
    maja = a_person()
    with town.storage.open_work(at=AT) as work:
        work.cases.put_reference(Reference(case.id, "social", "S2026-004711", "https://fag.example/4711"))
        work.cases.put_reference(Reference(other.id, "youth", "U-123454711"))  # not an area Maja works in
        work.cases.put_birth_month(case.id, "2007-05")
    with town.storage.open_reading(at=AT) as work:
        assert [c.id for c in work.cases.found_by("4711", maja, AT)] == [case.id]
        assert [c.id for c in work.cases.found_by("s2026-004711", maja, AT)] == [case.id]
        found = work.cases.reference(case.id, "social")
        assert found == Reference(case.id, "social", "S2026-004711", "https://fag.example/4711")
        assert work.cases.has_birth_month(case.id)


def test_the_same_number_in_the_same_area_is_refused_in_whatever_case_it_is_written(town: Rows):
    case, other = town.case(), town.case()
    with town.storage.open_work(at=AT) as work:
        work.cases.put_reference(Reference(case.id, "social", "S2026-004711"))
        work.cases.put_reference(Reference(other.id, "youth", "S2026-004711"))  # another area's own number
        with pytest.raises(ReferenceTaken):
            work.cases.put_reference(Reference(other.id, "social", " s2026-004711 "))


@pytest.mark.parametrize("typed", ["ørn", "Ørn", "ØRN", "ør", "»Ørneunge«"])
def test_an_alias_is_found_by_its_beginning_also_when_it_begins_with_a_danish_letter(town: Rows, typed: str):
    eagle = town.case(alias="Ørneunge")
    town.case(alias="Bogfinke")
    with town.storage.open_reading(at=AT) as work:
        assert [c.id for c in work.cases.found_by(typed, a_person(), AT)] == [eagle.id]


@pytest.mark.parametrize("typed", ["26-0001", "1", "0001", "%", "_", "\\", "bogfinke' OR 1=1"])
def test_a_search_takes_signs_as_signs(town: Rows, typed: str):
    first = town.case(alias="Bogfinke")
    town.case(alias="Stær")
    expected = [first.id] if typed in {"26-0001", "0001"} else []
    with town.storage.open_reading(at=AT) as work:
        assert [c.id for c in work.cases.found_by(typed, a_person(), AT)] == expected


def test_the_journal_keeps_its_order_and_tells_looks_apart(town: Rows):
    case, maja = town.case(), a_person()
    with town.storage.open_work(Asked(maja, AT, "home")) as work:
        first = work.note("case_registered", case=case.id, kind="new")
        work.look(case.id, what="case_seen")
    with town.storage.open_work(at=AT) as work:
        work.note("answer_passed_on", case=case.id)
        acts = [(e.act, e.by, e.surface, e.look) for e in work.journal.of_case(case.id, looks=True)]
        assert acts == [
            ("case_registered", "UMAJA", "home", False),
            ("case_seen", "UMAJA", "home", True),
            ("answer_passed_on", None, "clock", False),
        ]
        assert [e.act for e in work.journal.of_case(case.id)] == ["case_registered", "answer_passed_on"]
        entry = work.journal.entry(first)
        assert isinstance(entry, Entry)
        assert (entry.at, entry.facts) == (AT, {"kind": "new"})


def test_an_act_is_ticked_off_as_journaled_once(town: Rows):
    case = town.case()
    with town.storage.open_work(Asked(a_person(), AT, "home")) as work:
        seq = work.note("case_registered", case=case.id)
        assert [e.seq for e in work.journal.not_journaled("UMAJA")] == [seq]
        work.journal.mark_journaled([seq], by="UMAJA", at=AT)
        work.journal.mark_journaled([seq], by="UMAJA", at=AT)
        assert work.journal.not_journaled("UMAJA") == []


def test_a_draft_is_kept_replaced_and_dropped(town: Rows):
    held = {"alias": "Ørn", "amount": "25.000", "ticks": ["a", "b"]}
    with town.storage.open_work(at=AT) as work:
        work.drafts.keep("UMAJA", "case_new", "", {"alias": "Stær"}, AT)
        work.drafts.keep("UMAJA", "case_new", "", held, AT)
    with town.storage.open_work(at=AT) as work:
        assert work.drafts.held("UMAJA", "case_new", "") == held
        assert work.drafts.of("UMAJA") == [("case_new", "")]
        work.drafts.drop("UMAJA", "case_new", "")
        assert work.drafts.held("UMAJA", "case_new", "") is None


def test_an_instant_from_another_zone_is_the_same_instant(town: Rows):
    in_nuuk = AT.astimezone(timezone(timedelta(hours=-2)))
    case = town.case()
    item = town.presentation(case, requested_at=in_nuuk)
    with town.storage.open_reading(at=AT) as work:
        assert work.presentations.get(item.id).requested_at == AT


def test_a_time_without_a_zone_never_gets_in(town: Rows):
    case = town.case()
    with pytest.raises(Exception, match="naive"):
        town.presentation(case, requested_at=datetime(2026, 11, 24, 8, 15))


def test_what_nobody_has_put_there_is_not_here(town: Rows):
    with town.storage.open_reading(at=AT) as work:
        assert work.cases.find("nobody") is None
        with pytest.raises(NotHere):
            work.cases.get("nobody")


def test_the_second_of_two_who_change_the_same_is_told(town: Rows):
    case = town.case()
    with town.storage.open_work(at=AT) as work:
        work.cases.save(replace(case, payer="social"))
    with pytest.raises(ChangedMeanwhile), town.storage.open_work(at=AT) as work:
        work.cases.save(replace(case, payer="schools"))
    with town.storage.open_reading(at=AT) as work:
        assert work.cases.get(case.id).payer == "social"


def test_money_in_a_settled_frame_stays_readable(town: Rows):
    frame = town.frame(town.case(), state=FrameState.SETTLED, used=Kroner(0))
    with town.storage.open_reading(at=AT) as work:
        assert work.frames.open_of(frame.case_id) is None
        assert work.frames.of_case(frame.case_id) == [frame]


def test_a_postponed_item_waits_again(town: Rows):
    item = town.presentation(town.case(), state=State.POSTPONED, meeting_id=None)
    with town.storage.open_reading(at=AT) as work:
        assert work.presentations.waiting(COMMITTEE) == [item]
        assert work.presentations.requested_by("UMAJA", State.POSTPONED) == [item]
        assert work.presentations.in_states(State.POSTPONED, area="youth") == []
        assert work.presentations.of_case(a_presentation().case_id) == []
