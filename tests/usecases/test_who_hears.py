"""Who hears of what a meeting did not decide, and where the secretary reads what waits (T07, T12, T14, T22)."""

from __future__ import annotations

import pytest

from bot.domain.decision import Recording
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import approved, next_meeting, ready

MAJA, JENS, LONE = "Maja Holm", "Jens Toft", "Lone Ager"


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
