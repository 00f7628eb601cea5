"""After the meeting each area makes the legal decisions; its leaders tick them off (R011, R014)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.presentation import Tick
from bot.texts import texts
from bot.usecases.tasks import overdue_tasks
from bot.views import task as views
from tests.support.office import OfficeTown, readable
from tests.support.session import approved, next_meeting, ready


def decided(town: OfficeTown) -> dict[str, str]:
    """Area -> its task, after a meeting with one case."""
    meeting = next_meeting(town)
    ready(town, meeting)
    approved(town, meeting)
    with town.work() as work:
        return {t.area: t.id for t in work.tasks.of_meeting(meeting.id)}


@pytest.mark.rule("R011")
def test_a_leader_ticks_off_who_and_when_are_kept_and_the_last_step_ends_it(town: OfficeTown) -> None:
    task = decided(town)["social"]
    town.office.tasks.tick(town.asked("Jens Toft"), task, frozenset({"party_hearing"}))
    first = town.clock.at
    town.jump(days=1)
    steps = frozenset({"party_hearing", "reasons", "complaint_guidance", "communicated"})
    view = town.office.tasks.tick(town.asked("Karen Friis"), task, steps)
    assert view.task.ticks["party_hearing"] == Tick("U0JENS0001", first)
    assert view.task.ticks["communicated"] == Tick("U0KAREN001", town.clock.at)
    assert view.task.done_at == town.clock.at
    rules = town.house.rules.on(town.today)
    assert "er meddelt" in views.saved(texts("da"), rules, view)
    for language in ("da", "en"):
        assert "Jens Toft" in readable(views.form(texts(language), rules, view, meta="{}"))


@pytest.mark.rule("D11")
def test_another_areas_task_is_not_there(town: OfficeTown) -> None:
    tasks = decided(town)
    for name in ("Jens Toft", "Maja Holm"):
        with pytest.raises(CaseNotFound):
            town.office.tasks.show(town.asked(name), tasks["youth"])
    assert town.office.tasks.show(town.asked("Lise Vang"), tasks["youth"]).line.measure == "mentor_support"


@pytest.mark.rule("R014")
def test_overdue_tasks_are_the_leaders_and_stand_first_in_home(town: OfficeTown) -> None:
    decided(town)
    jens = town.person("Jens Toft")
    with town.work() as work:
        (task,) = work.tasks.of_area("social")
        assert overdue_tasks(work, jens, task.due_on) == ()
        late = overdue_tasks(work, jens, task.due_on + timedelta(days=1))
        assert [(line.id, line.overdue) for line in late] == [(task.id, True)]
        assert overdue_tasks(work, town.person("Maja Holm"), task.due_on + timedelta(days=1)) == ()
    home = readable(town.house.draw_home(jens, town.clock.at, texts("da")))
    assert "OPGAVER EFTER MØDET (1)" in home
    town.jump(days=14)
    home = readable(town.house.draw_home(jens, town.clock.at, texts("da")))
    assert home.count("ostøtte") == 1, "under I DAG, and not once more below"
    assert "OPGAVER EFTER MØDET" not in home


@pytest.mark.rule("D34")
def test_the_areas_message_shows_what_is_left(town: OfficeTown) -> None:
    task = decided(town)["social"]
    town.deliver()
    assert "• »" in town.heard(town.person("Jens Toft"))[-1]
    town.office.tasks.tick(town.asked("Karen Friis"), task, frozenset({"communicated"}))
    town.deliver()
    assert "✅ »" in town.heard(town.person("Jens Toft"))[-1]
