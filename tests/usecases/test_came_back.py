"""A case that has come back shows what is true now: its earlier plan is history until a new one is decided (T30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.significance import PlanMissing
from bot.domain.task import Task
from bot.texts import texts
from bot.views import case as case_views
from bot.views import plan as plan_views
from tests.support.office import OfficeTown, readable
from tests.usecases.test_closings import approved, asked_to_close, case_now, reopened

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MAJA, JENS = "Maja Holm", "Jens Toft"


@pytest.mark.rule("T30", "R046", "R045", "R014")
@ON_ONE_DATABASE
def test_the_earlier_plan_of_a_case_that_came_back_is_history(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    meeting, words = town.next_meetings(1)[0], texts("da")
    begun = Task("begun", case.id, "p", meeting.id, "social", "mentor_support", town.today)
    with town.house.storage.open_work(at=town.clock.at) as work:
        was = work.presentations.of_case(case.id)[0].id
        work.tasks.add(replace(begun, presentation_id=was).started(town.today, by="U0JENS0001"))
        work.tasks.add(replace(begun, id="waits", presentation_id=was, done_at=town.clock.at))

    def page() -> str:
        view = town.office.cases.show(town.asked(MAJA), case.id)
        rules = town.house.rules.on(town.today)
        return readable(case_views.page(words, rules, view, meta="{}", actions=[])["blocks"])

    def to_start() -> list[str]:
        return [w.subject for w in town.office.overviews.today(town.asked(JENS)).lines if w.kind == "start"]

    approved(town, meeting)
    assert "1 af 2 indsatser i gang" in page()
    town.clock.at += timedelta(days=20)
    assert to_start() == [], "what is over is not begun"
    reopened(town, JENS, case)
    assert "gælder ikke længere. En ny gælder, når udvalget har besluttet den." in page()
    assert "indsatser i gang" not in page() and "indsats i gang" not in page()
    assert to_start() == []
    with town.work() as work:
        assert {t.stopped_on for t in work.tasks.of_case(case.id)} == {meeting.day}
    plan = town.office.plans.show(town.asked(MAJA), case.id)
    said = readable(plan_views.page(words, town.house.rules.on(town.today), plan, meta="{}")["blocks"])
    assert "Ingen mål er besluttet endnu" in said and "Stoppet" in said
    with pytest.raises(PlanMissing):
        town.office.plan_sheets.sheet(town.asked(MAJA), case.key)
    assert case_now(town, case).plan_is_history
