"""A leader who is disqualified leaves a request to another leader of the area, or to its deputies (T07)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.case import Case
from bot.domain.people import NotForYou, Role, require
from bot.domain.presentation import State
from bot.usecases.asked_leaders import pass_on, told_of
from bot.usecases.ports import Asked
from bot.usecases.slips import keep_slip
from bot.usecases.tools import UseCases, already, case_for


class LeaderConflicts(UseCases):
    def leave(self, asked: Asked, presentation_id: str) -> Case:
        """*Jeg er inhabil*: the other leaders have the request already; where there is none, the deputies get it now.

        Raises CaseNotFound, NotForYou, AlreadySettled.
        """
        require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        with self._open_work(asked) as work:
            request = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, request.case_id)
            if not asked.by.leads(request.area):
                raise NotForYou
            if request.state != State.REQUESTED:
                raise already(request, work)
            conflicted = tuple(dict.fromkeys((*request.conflicted_leaders, asked.by.id)))
            left = work.presentations.save(replace(request, conflicted_leaders=conflicted))
            work.note("leader_conflicted", case=case.id, presentation=left.id)
            work.notices.handle(told_of(work, left, asked.by))
            out = {*conflicted, left.requested_by}
            others = [p for p in work.people.holding(Role.AREA_LEADER, left.area) if p.id not in out]
            passes = not others and left.passed_on_at is None
            keep_slip(work, "conflict", left.id, asked, passed="1" if passes else "")
            if passes:
                pass_on(work, left, asked.at)
            return case
