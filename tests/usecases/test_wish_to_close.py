"""A wish to close, from the caseworker to the committee and back: who hears, and where the others read it (T28)."""

from __future__ import annotations

import pytest

from bot.domain.case import Stage
from bot.domain.presentation import Kind, State
from tests.support.office import OfficeTown
from tests.usecases.test_closings import approved, asked_to_close, case_now

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MAJA, JENS, LONE = "Maja Holm", "Jens Toft", "Lone Ager"


@pytest.mark.rule("T28", "T22", "R071")
@ON_ONE_DATABASE
def test_the_leader_hears_the_wish_the_secretary_reads_it_on_the_desk_and_both_areas_people_hear_the_end(
    town: OfficeTown,
) -> None:
    meeting = town.next_meetings(1)[0]
    case, view = asked_to_close(town)
    town.deliver()

    def heard(name: str) -> list[str]:
        return [h for h in town.heard(town.person(name)) if case.alias in h]

    assert sum(f"beder udvalget afslutte »{case.alias}«" in h for h in heard(JENS)) == 1
    assert heard(LONE) == []  # the desk is read as it is now (docs/decisions/21)
    desk = town.office.agendas.desk(town.asked(LONE), meeting.id)
    assert desk.view is not None
    (line,) = [i for i in desk.view.lines if i.id == view.presentation.id]
    assert (line.item.presentation.kind, line.ready) == (Kind.CLOSURE, True)

    before = {name: heard(name) for name in (MAJA, JENS)}
    approved(town, meeting)
    town.deliver()
    assert case_now(town, case).stage == Stage.CLOSED
    for name in (MAJA, JENS):
        assert [h for h in heard(name) if h not in before[name] and "fsluttet" in h], (name, heard(name))
    with town.work() as work:
        assert work.presentations.get(view.presentation.id).state == State.DECIDED
