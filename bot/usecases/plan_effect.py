"""What a decision does to the plan: measures begin and end, each as a task for its area (R011, R014, R068)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.domain.case import Case
from bot.domain.frame import Frame
from bot.domain.meeting import Meeting
from bot.domain.people import AreaCode
from bot.domain.presentation import Presentation, Recommendation, Stop
from bot.domain.rules import Rules
from bot.domain.task import Task
from bot.usecases.ports import Work


def carry_out_plan(
    work: Work,
    presentation: Presentation,
    case: Case,
    final: Recommendation,
    *,
    meeting: Meeting,
    rules: Rules,
    new_id: Callable[[], str],
) -> set[AreaCode]:
    """Each measure is a legal decision for its area to make, and so is each end of one. Gives the areas with tasks."""
    due_on = rules.working_days.after(meeting.day, rules.deadlines.task_days)

    def task(code: str, area: AreaCode, **more: object) -> Task:
        plain = Task(new_id(), case.id, presentation.id, meeting.id, area, code, due_on)
        return replace(plain, **more)  # type: ignore[arg-type]

    for measure in final.measures:
        work.tasks.add(task(measure.code, measure.area, start_on=measure.start_on))  # R011
    for stop in final.stops:
        if _stop(work, case, stop, meeting.day):
            work.tasks.add(task(stop.code, stop.area, ends=stop.task))
    return {m.area for m in final.measures} | {s.area for s in final.stops}


def _stop(work: Work, case: Case, stop: Stop, day: date) -> bool:
    """False when the measure has ended already."""
    running = work.tasks.find(stop.task, lock=True)
    if running is None or running.case_id != case.id or not running.is_running:
        return False
    work.tasks.save(replace(running, stopped_on=day))
    work.note("measure_stopped", case=case.id, measure=stop.code, area=stop.area)
    return True


def frame_goes_on(frame: Frame, final: Recommendation) -> Frame:
    """The open frame until the next follow-up, paid by whoever was decided to pay it (D9, R108)."""
    until = final.follow_up_on or frame.follow_up_on
    payer = (final.payer if final.keep_frame else None) or frame.payer
    return replace(frame, follow_up_on=until, payer=payer)
