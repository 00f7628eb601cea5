"""An item is placed where somebody can present it, and somebody from each area it involves decides it (T10)."""

from __future__ import annotations

import pytest

from bot.domain.meeting import Meeting, NobodyFromArea, PresenterAway
from bot.domain.presentation import Kind
from tests.support.office import OfficeTown
from tests.usecases.test_agendas import MONDAY, THURSDAY, as_kind, desk_of, meeting_of, on_agenda


def _members_from(town: OfficeTown, meeting: Meeting, area: str) -> list[str]:
    with town.work() as work:
        seats = work.committees.seats(meeting.committee, on=meeting.day)
        return [work.people.get(s.person).name for s in seats if s.area == area and not s.alternate]


@pytest.mark.rule("T10")
def test_an_item_is_not_placed_where_its_presenter_is_away_unless_somebody_stands_in(
    town: OfficeTown,
) -> None:
    meeting, later = meeting_of(town), meeting_of(town, 1)
    absence = town.office.absences.away(town.asked("Maja Holm"), MONDAY, THURSDAY, None)
    item = town.referred(meeting=meeting.id)
    assert item.meeting_id is None
    lone = town.asked("Lone Ager", once=False)
    with pytest.raises(PresenterAway) as refused:
        town.office.agendas.add(lone, item.id, meeting.id)
    assert refused.value.facts == {"name": "Maja Holm", "day": THURSDAY}
    town.office.agendas.add(lone, item.id, later.id)
    town.office.agendas.take_off(lone, item.id, reason="time")
    town.office.substitutes.set(
        town.asked("Jens Toft"), item.case_id, person="U0NANNA001", first=MONDAY, last=THURSDAY
    )
    assert town.office.agendas.add(lone, item.id, meeting.id).meeting_id == meeting.id
    town.office.absences.back(town.asked("Maja Holm"), absence.id)


@pytest.mark.rule("T10", "D18")
def test_an_involved_area_must_have_somebody_coming_and_only_doubt_goes_on_without(town: OfficeTown) -> None:
    meeting = meeting_of(town)
    item = town.referred("Peter Krogh", "Lise Vang")
    for name in _members_from(town, meeting, "youth"):
        town.office.agendas.send_regrets(town.asked(name), meeting.id)
    lone = town.asked("Lone Ager", once=False)
    with pytest.raises(NobodyFromArea) as refused:
        town.office.agendas.add(lone, item.id, meeting.id)
    assert (refused.value.facts["area"].code, refused.value.facts["day"]) == ("youth", THURSDAY)
    as_kind(town, item, Kind.DOUBT)
    assert town.office.agendas.add(lone, item.id, meeting.id).meeting_id == meeting.id


@pytest.mark.rule("T10")
def test_the_desk_shows_that_a_presenter_has_become_unavailable(town: OfficeTown) -> None:
    on_agenda(town)
    town.office.absences.away(town.asked("Maja Holm"), MONDAY, THURSDAY, None)
    assert "⚠ Punkt 3: Maja Holm er væk den dag, og ingen er stedfortræder" in desk_of(town)
