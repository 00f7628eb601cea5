"""Who hears of what a meeting did not decide, and where the secretary reads what waits (T07, T12, T14, T22)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.decision import Recording
from bot.domain.notices import Notice
from bot.domain.people import Absence, Role
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import approved, next_meeting, ready

MAJA, JENS, LONE, ANNE = "Maja Holm", "Jens Toft", "Lone Ager", "Anne Bruun"


@pytest.mark.rule("T12")
def test_the_leader_hears_that_an_item_was_postponed_and_why(town: OfficeTown) -> None:
    meeting, later = town.next_meetings(2)
    ready(town, meeting)
    approved(town, meeting, Recording(choice="postponed", reason="time", to_meeting=later.id))
    town.deliver()
    for person in (MAJA, JENS):
        assert [h for h in town.heard(town.person(person)) if "udsat" in h.lower()], person


@pytest.mark.rule("T12", "D18")
def test_the_leader_hears_that_an_item_was_only_discussed(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    town.referred(MAJA, meeting=meeting.id)
    approved(town, meeting, Recording(choice="discussed"))
    town.deliver()
    for person in (MAJA, JENS):
        assert [h for h in town.heard(town.person(person)) if "drøft" in h.lower()], person


def waits(town: OfficeTown) -> list[str]:
    return [w.id for w in town.office.agendas.desk(town.asked(LONE)).waiting]


@pytest.mark.rule("T07", "T14", "T22")
def test_the_secretary_reads_on_the_desk_what_waits_for_a_place_and_what_was_taken_back(
    town: OfficeTown,
) -> None:
    item = town.referred(MAJA)
    case, _ = active_case(town)
    doubt = town.office.referrals.raise_doubt(town.asked(MAJA), case.id)
    assert item.id in waits(town)
    town.office.referrals.withdraw(town.asked(MAJA), item.id, reason="solved")
    assert item.id not in waits(town)
    assert doubt.meeting_id is not None, "doubt goes on the next agenda by itself, which the desk shows"
    town.deliver()
    assert not [h for h in town.heard(town.person(LONE)) if "henvist" in h]


def goes_away(town: OfficeTown, *roles: tuple[Role, str | None]) -> None:
    """Everybody in these roles, for a week, and nobody takes over."""
    with town.work() as work:
        people = {p.id: p for role, area in roles for p in work.people.holding(role, area)}
    for person in people.values():
        town.office.absences.away(town.asked(person), town.today, town.today + timedelta(days=7), None)


IN_TURN = (
    (MAJA, "Bente Juhl", ((Role.AREA_LEADER, "social"), (Role.CHAIR, None))),
    ("Ali Demir", ANNE, ((Role.DEPUTY_LEADER, "social"),)),
    ("Nanna Ilsø", LONE, ((Role.DEPARTMENT_HEAD, "social"),)),
)
"""Who leaves a case behind, who hears of it, and who are away since then."""


@pytest.mark.rule("T32", "R113", "D31")
def test_what_a_case_lacks_is_heard_at_once_though_leaders_and_chairs_are_away(town: OfficeTown) -> None:
    everybody = (JENS, "Henrik Dahl", *(hears for _, hears, _ in IN_TURN))
    for leaves, hears, roles in IN_TURN:
        case = town.registered(leaves)
        goes_away(town, *roles)
        town.deliver()
        before = {who: len(town.heard(town.person(who))) for who in everybody}
        town.office.people.deactivated(town.person(leaves).id, at=town.clock.at)
        town.deliver()
        new = {who: town.heard(town.person(who))[n:] for who, n in before.items()}
        told = {
            who: [s for s in said if "er væk uden stedfortræder" in s] for who, said in new.items()
        }  # regrets are others' story
        assert {who for who, said in told.items() if said} == {hears}
        (said,) = told[hears]
        leads = hears == "Bente Juhl"
        assert ("mangler en sagsbehandler" if leads else "1 sag mangler noget") in said
        assert "er væk" in said
        assert (case.alias in said) is leads, "who leads no area, and has it on no agenda, hears how many"
    gone = town.person(IN_TURN[-1][0])
    town.office.people.at_the_door(gone.id, team=gone.team, name=gone.name, at=town.clock.at)
    town.knock()
    assert any(said.startswith("Klaret.") for said in town.heard(town.person(LONE))[before[LONE] :])


@pytest.mark.rule("D31")
@pytest.mark.parametrize("at_once", [True, False], ids=["many at once", "one by one"])
def test_what_a_deputy_hears_for_another_and_for_themselves_is_once_however_often_the_clock_asks(
    town: OfficeTown, at_once: bool
) -> None:
    anne, jens = town.person(ANNE).id, town.person(JENS).id
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add_absence(Absence(anne, town.today, town.today, jens, "away"))
    for _ in range(3):
        town.jump(seconds=20)
        told = [Notice(f"alarm:one:{who}", "alarm", who, {"case": "one"}) for who in (anne, jens)]
        with town.house.storage.open_work(at=town.clock.at) as work:
            if at_once:
                work.notices.tell_all(told)
            else:
                for one in told:
                    work.notices.tell(one)
    with town.work() as work:
        assert [notice.key for notice in work.notices.owed_to(jens)] == [f"alarm:one:{anne}"]
