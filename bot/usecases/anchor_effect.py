"""What is under way on a case goes along to the leaders of the area it is anchored in now (R009, T07, T08, T21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.case import Case
from bot.domain.people import Role
from bot.domain.presentation import Presentation, State
from bot.domain.rules import Rules
from bot.usecases.asked_leaders import tell_one
from bot.usecases.ports import Work
from bot.usecases.readiness import missing_points, waits_for_mark
from bot.usecases.ready_news import tell_complete


def bring_along(work: Work, case: Case, rules: Rules, today: date) -> None:
    """A request waits for the new leaders with a fresh day to answer by, and so does what lacks only their mark.

    The messages of those who no longer answer for it become one line.
    """
    for item in work.presentations.of_case(case.id):
        if not item.is_open or item.area == case.area:
            continue
        moved = replace(item, area=case.area)
        if item.state == State.REQUESTED:
            answer_by = rules.working_days.after(today, rules.deadlines.leader_answers)
            saved = work.presentations.save(replace(moved, answer_by=answer_by, passed_on_at=None))
            _ask_again(work, saved)
            continue
        saved = work.presentations.save(moved)
        work.notices.handle(f"complete:{saved.id}:")
        if waits_for_mark(saved) and not missing_points(saved, case, rules, today):
            tell_complete(work, saved)


def _ask_again(work: Work, request: Presentation) -> None:
    work.notices.handle(f"referral:{request.id}:")
    out = {request.requested_by, *request.conflicted_leaders}
    for leader in work.people.holding(Role.AREA_LEADER, request.area):
        if leader.id not in out:
            tell_one(work, request, leader)
