"""A case with a frame, as the approval of minutes leaves it; the approval itself has its own stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.case import Case, Stage
from bot.domain.frame import Frame
from bot.domain.money import Kroner
from bot.domain.presentation import Kind, Presentation, State

PURPOSES = ("transport", "mentor_support", "single_benefit")


def active_case(
    office: Any,
    by: str = "Maja Holm",
    *,
    kroner: int = 40_000,
    used: int = 0,
    follow_up: Any = None,
    purposes: tuple[str, ...] = PURPOSES,
    opens_on: date = date(2026, 10, 1),
    goals: tuple[str, ...] = ("education", "employment"),
) -> tuple[Case, str]:
    """The case and its follow-up's id; `follow_up` is the meeting it is bound to (default: the fourth coming)."""
    case = office.registered(by)
    meeting = follow_up or office.next_meetings(4)[-1]
    with office.house.storage.open_work(office.asked(by)) as work:
        case = replace(
            work.cases.get(case.id),
            stage=Stage.ACTIVE,
            fixed_since=office.clock.at,
            goals=goals,
            payer=case.area,
            plan_decided_on=opens_on,
        )
        case = work.cases.save(case)
        work.frames.add(
            Frame(
                id=f"frame-{case.id}",
                case_id=case.id,
                amount=Kroner.of(kroner),
                purposes=purposes,
                payer=case.area,
                opens_on=opens_on,
                follow_up_on=meeting.day,
                opened_at=office.clock.at,
            )
        )
        presentation = work.presentations.add(
            Presentation(
                id=f"follow-up-{case.id}",
                case_id=case.id,
                committee=case.committee,
                kind=Kind.FOLLOW_UP,
                area=case.area,
                requested_by=case.caseworker,
                requested_at=office.clock.at,
                state=State.REFERRED,
                collector=case.caseworker,
                meeting_id=meeting.id,
            )
        )
    return case, presentation.id
