"""A second committee is possible: neither its members nor who runs its meetings see a row of the other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.domain.ballot import Ballot, BallotState
from bot.domain.committee import Conflict, Seat, SeatKind
from bot.domain.people import Post, Role
from bot.domain.presentation import Decision, Kind, State
from bot.domain.two_chairs import Alarm, Gap
from storage.unit_of_work import Storage
from tests.support.rows import AT, COMMITTEE, Rows, a_committee, a_person

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


def a_ballot(committee: str, item: str, case: str) -> Ballot:
    asked = Ballot(
        f"b-{committee}", item, case, committee, Kind.NEW, AT, "ULEDER", AT, Decision("changed"), ()
    )
    return replace(asked, state=BallotState.AGREED)


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


@pytest.mark.rule("R002", "D11")
def test_who_runs_the_meetings_of_one_committee_sees_nothing_of_the_other(town: Rows) -> None:
    """What waits for a place and what lacks something too; whoever runs both sees both (docs/decisions/26)."""
    seen: dict[str, set[str]] = {COMMITTEE: set(), OTHER: set()}
    lacks = {}
    for committee in seen:
        on, waits, agreed, lacking = (town.case(committee=committee, area="youth") for _ in range(4))
        meeting = town.meeting(f"m-{committee}", committee=committee, day=DAY)
        town.presentation(on, committee=committee, state=State.DECIDED, meeting_id=meeting.id)
        town.presentation(waits, committee=committee, state=State.READY, meeting_id=None)
        written = town.presentation(agreed, committee=committee, state=State.DECIDED, meeting_id=None)
        with town.storage.open_work(at=AT) as work:
            work.ballots.add(a_ballot(committee, written.id, agreed.id))
            work.alarms.add(Alarm(f"alarm-{committee}", lacking.id, Gap.PAYER, AT, batch="b"))
        seen[committee], lacks[committee] = {on.id, waits.id, agreed.id}, lacking.id
    for committee in (COMMITTEE, OTHER):
        secretary = town.person(f"USEK{committee[:3]}", Post(Role.SECRETARY, committee=committee))
        chair = town.person(f"UCHAIR{committee[:3]}", Post(Role.CHAIR, committee=committee))
        assert set(town.sees(secretary)) == seen[committee]
        assert set(town.sees(chair)) == seen[committee] | {lacks[committee]}
    both = town.person("UBOTH", *(Post(Role.CHAIR, committee=c) for c in (COMMITTEE, OTHER)))
    assert set(town.sees(both)) == {*seen[COMMITTEE], *seen[OTHER], *lacks.values()}


@pytest.mark.rule("R002")
def test_a_role_that_names_no_committee_is_held_in_the_one_there_is_and_never_in_a_second(
    storage: Storage,
) -> None:
    """A program from before writes none, and somebody may be given the role before there is a committee."""

    def held() -> list[list[str | None]]:
        with storage.open_work(at=AT) as work:
            found = [sorted(p.committee for p in work.people.get(id).posts) for id in ("UNEW", "UOLD")]  # noqa: A001
            for committee in (COMMITTEE, OTHER):
                expected = [id for id, held in zip(("UNEW", "UOLD"), found, strict=True) if committee in held]  # noqa: A001
                assert [p.id for p in work.people.holding(Role.CHAIR, committee=committee)] == expected
            return found

    def as_before(person: str) -> None:
        with storage.open_work(at=AT) as work:
            work._connection.execute(text("DELETE FROM posts WHERE person = :p"), {"p": person})
            said = "INSERT INTO posts (person, role, area) VALUES (:p, 'chair', '')"
            work._connection.execute(text(said), {"p": person})

    with storage.open_work(at=AT) as work:
        for id in ("UNEW", "UOLD"):  # noqa: A001
            work.people.add(replace(a_person(id), posts=frozenset({Post(Role.CHAIR)})))
    assert held() == [[None], [None]]
    with storage.open_work(at=AT) as work:
        work.committees.add(a_committee())
    assert held() == [[COMMITTEE], [COMMITTEE]]
    as_before("UOLD")
    assert held() == [[COMMITTEE], [COMMITTEE]]
    with storage.open_work(at=AT) as work:
        work.committees.add(a_committee(id=OTHER))
    assert held() == [[COMMITTEE], [COMMITTEE]]


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
