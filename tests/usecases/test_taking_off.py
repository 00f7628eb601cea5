"""An item goes off an agenda with a reason, and whoever presents it hears it, and the leaders of its area (T11)."""

from __future__ import annotations

import pytest

from bot.domain.meeting import TakeOffReasonMissing
from bot.texts import texts
from bot.views import meeting as views
from tests.support.office import OfficeTown, readable
from tests.support.session import next_meeting


def heard(town: OfficeTown, person: str) -> list[str]:
    return [h for h in town.heard(town.person(person)) if "af dagsordenen" in h]


@pytest.mark.rule("T11")
def test_an_item_goes_off_with_a_reason_that_its_presenter_and_leader_read(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = town.referred("Maja Holm", meeting=meeting.id)
    for nothing in (None, "because"):
        with pytest.raises(TakeOffReasonMissing):
            town.office.agendas.take_off(town.asked("Lone Ager"), item.id, reason=nothing)
    found = town.office.agendas.desk_with(town.asked("Lone Ager"), item.id)
    assert found.view is not None
    for language in ("da", "en"):
        form = views.off_form(
            found.view.lines[0], texts(language), town.house.rules.on(town.today), meta="{}"
        )
        assert found.view.lines[0].alias in readable(form["blocks"])
    town.office.agendas.take_off(town.asked("Lone Ager"), item.id, reason="wants_to_attend")
    town.deliver()
    for person in ("Maja Holm", "Jens Toft"):
        (said,) = heard(town, person)
        assert "Lone Ager har taget" in said and "den unge ønsker at deltage" in said
    assert heard(town, "Peter Krogh") == []


@pytest.mark.rule("T11")
def test_what_stands_there_again_before_anybody_heard_is_not_told(town: OfficeTown) -> None:
    meeting, lone = next_meeting(town), town.asked("Lone Ager", once=False)
    item = town.referred("Maja Holm", meeting=meeting.id)
    town.office.agendas.take_off(lone, item.id, reason="time")
    town.office.agendas.add(lone, item.id, meeting.id)
    town.deliver()
    assert heard(town, "Maja Holm") == []
