"""What is under way may become urgent: the chair hears it at once, and it can be taken back (D32, D35)."""

from __future__ import annotations

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.presentation import TooLateToUndo, UrgentReasonMissing
from bot.texts import texts
from bot.views import aside as aside_views
from bot.views import case as case_views
from tests.support.office import OfficeTown, readable
from tests.support.session import approved, next_meeting, ready


@pytest.mark.rule("D32", "D35")
def test_what_is_under_way_on_an_active_case_may_become_urgent_too(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    case_id = ready(town, meeting).case_id
    approved(town, meeting)
    doubt = town.office.referrals.raise_doubt(town.asked("Maja Holm"), case_id)
    hurry, henrik = town.office.urgent.ask, town.person("Henrik Dahl")
    line = town.office.cases.get(town.asked("Maja Holm"), case_id)
    view = town.office.cases.show(town.asked("Maja Holm"), case_id)
    for language, word in (("da", "Det haster"), ("en", "It is urgent")):
        page = case_views.page(
            texts(language),
            town.house.rules.on(town.today),
            view,
            meta="{}",
            actions=tuple(b for may, b in aside_views.actions(texts(language), view) if may),
        )
        assert word in readable(page)
    with pytest.raises(UrgentReasonMissing):
        hurry(town.asked("Maja Holm"), doubt.id, reason=None)
    with pytest.raises(CaseNotFound):
        hurry(town.asked("Peter Krogh"), doubt.id, reason="safety")
    hurry(town.asked("Maja Holm"), doubt.id, reason="safety")
    town.deliver()
    assert f"»{line.alias}« {line.key} · tvivl · Sikkerhed" in town.heard(henrik)[-1]
    town.office.urgent.take_back(town.asked("Maja Holm"), doubt.id)
    town.deliver()
    assert line.alias not in town.heard(henrik)[-1]
    hurry(town.asked("Maja Holm"), doubt.id, reason="safety")
    town.deliver()
    assert f"»{line.alias}« {line.key} · tvivl · Sikkerhed" in town.heard(henrik)[-1]
    town.office.urgent.extra_item(town.asked("Henrik Dahl"), doubt.id)
    with pytest.raises(TooLateToUndo):
        town.office.urgent.take_back(town.asked("Maja Holm"), doubt.id)
    with town.work() as work:
        acts = [e.act for e in work.journal.of_case(case_id) if "urgent" in e.act]
    assert sorted(acts) == ["urgent_asked", "urgent_asked", "urgent_chosen", "urgent_taken_back"]
