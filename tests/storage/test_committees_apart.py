"""A second committee is possible: no member of one sees a row of the other, and who is away from an item sees it not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.committee import Conflict, Seat, SeatKind
from bot.domain.people import Post, Role
from bot.domain.presentation import State
from storage.unit_of_work import Storage
from tests.support.rows import AT, COMMITTEE, Rows, a_committee

OTHER = "committee-adult"
DAY = date(2026, 11, 19)


@pytest.fixture
def town(storage: Storage) -> Rows:
    rows = Rows(storage)
    with storage.open_work(at=AT) as work:
        work.committees.add(a_committee(id=OTHER))
    return rows


def seat(town: Rows, person: str, committee: str, **period: date) -> None:
    with town.storage.open_work(at=AT) as work:
        work.committees.put_seat(
            Seat(f"{person}-{committee}", committee, person, SeatKind.CASEWORKER, "social", **period)
        )


@pytest.mark.rule("R002", "D11")
def test_two_committees_never_mix(town: Rows) -> None:
    mine = town.person("UMINE", Post(Role.COMMITTEE_MEMBER))
    theirs = town.person("UTHEIRS", Post(Role.COMMITTEE_MEMBER))
    seat(town, "UMINE", COMMITTEE)
    seat(town, "UTHEIRS", OTHER)
    rows = {}
    for committee in (COMMITTEE, OTHER):
        meeting = town.meeting(f"m-{committee}", committee=committee, day=DAY)
        case = town.case(committee=committee, caseworker="UMAJA")
        waits = town.case(committee=committee, caseworker="UMAJA")
        on_agenda = town.presentation(case, committee=committee, state=State.READY, meeting_id=meeting.id)
        waiting = town.presentation(waits, committee=committee, state=State.READY, meeting_id=None)
        rows[committee] = (meeting.id, case.id, on_agenda.id, waiting.id, case.alias)
    assert town.sees(mine) == [rows[COMMITTEE][1]]
    assert town.sees(theirs) == [rows[OTHER][1]]
    for role in (Role.CHAIR, Role.SECRETARY):  # held for the whole house: docs/decisions/26
        runs = town.person(f"U{role.name}", Post(role))
        assert {case for _, case, *_ in rows.values()} <= set(town.sees(runs)), role
    with town.storage.open_reading(at=AT) as work:
        for committee, (meeting, _, item, waiting, alias) in rows.items():
            assert [m.id for m in work.meetings.between(committee, DAY, DAY)] == [meeting]
            assert [m.id for m in work.meetings.next_after(committee, DAY, count=5)] == [meeting]
            assert [p.id for p in work.presentations.on_agenda(meeting)] == [item]
            assert [p.id for p in work.presentations.waiting(committee)] == [waiting]
            assert work.cases.aliases_taken(committee, [alias]) == [alias]
            assert {s.committee for s in work.committees.seats(committee)} == {committee}
        theirs = [alias for *_, alias in rows.values()]
        assert not set(work.cases.aliases_taken(COMMITTEE, theirs)) & set(
            work.cases.aliases_taken(OTHER, theirs)
        )


@pytest.mark.rule("R007", "D11")
def test_a_presenter_sees_their_own_item_and_no_other_of_the_meeting(town: Rows) -> None:
    presenter = town.person("UFREM", Post(Role.CASEWORKER, "social"))
    meeting = town.meeting("m", day=DAY)
    own, other = (town.case(caseworker="UMAJA") for _ in range(2))
    town.presentation(own, state=State.READY, meeting_id=meeting.id, requested_by="UFREM")
    town.presentation(other, state=State.READY, meeting_id=meeting.id, requested_by="UMAJA")
    assert town.sees(presenter) == [own.id]


@pytest.mark.rule("R007", "D34", "D11")
def test_a_declared_conflict_hides_the_case_from_the_member(town: Rows) -> None:
    member = town.person("UMEMBER", Post(Role.COMMITTEE_MEMBER))
    seat(town, "UMEMBER", COMMITTEE)
    meeting = town.meeting("m", day=DAY)
    one, other = (town.case(caseworker="UMAJA") for _ in range(2))
    item = town.presentation(one, state=State.READY, meeting_id=meeting.id)
    town.presentation(other, state=State.READY, meeting_id=meeting.id)
    assert town.sees(member) == [one.id, other.id]
    with town.storage.open_work(at=AT) as work:
        work.presentations.put_conflict(Conflict(item.id, member.id, AT))
    assert town.sees(member) == [other.id]


@pytest.mark.rule("D11")
@pytest.mark.parametrize(
    ("first", "last", "seen"), [(-9, 0, True), (-9, -1, False), (0, 9, True), (1, 9, False)]
)
def test_a_member_sees_the_meetings_of_their_own_period(
    town: Rows, first: int, last: int, seen: bool
) -> None:
    member = town.person("UMEMBER", Post(Role.COMMITTEE_MEMBER))
    seat(town, "UMEMBER", COMMITTEE, first=DAY + timedelta(days=first), last=DAY + timedelta(days=last))
    case = town.case(caseworker="UMAJA")
    town.presentation(case, state=State.READY, meeting_id=town.meeting("m", day=DAY).id)
    assert (town.sees(member) == [case.id]) is seen
