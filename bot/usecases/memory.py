"""The committee's memory of a case in three lines: decided, promised, happened; only codes, amounts and dates (R017)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.decision import DECIDING, points_of
from bot.domain.frame import FrameState
from bot.domain.money import Kroner
from bot.domain.people import AreaCode
from bot.domain.presentation import Decision, Kind, Presentation, State
from bot.usecases.ports import Work


@dataclass(frozen=True)
class AreaPromise:
    """What one area was to do after the last decision, and how much of it is done."""

    area: AreaCode
    done: int
    open: int


@dataclass(frozen=True)
class Memory:
    """What the committee knows of a case before it decides again. None of it is typed by anybody."""

    decided_on: date
    kind: Kind
    choice: str
    points: tuple[str, ...]
    promises: tuple[AreaPromise, ...]
    progress: dict[str, str]
    used: Kroner | None  # None: there was no frame
    amount: Kroner | None


def memory_of(work: Work, presentation: Presentation) -> Memory | None:
    """None at a first presentation: the committee has nothing to remember."""
    past = [
        p
        for p in work.presentations.of_case(presentation.case_id)
        if p.id != presentation.id and p.state == State.DECIDED and p.approved_at
    ]
    if not past:
        return None
    last = max(past, key=lambda p: (p.approved_at, p.id))
    decision = last.decision or _written(work, last)
    if decision is None or last.approved_at is None:
        return None
    frames = [f for f in work.frames.of_case(presentation.case_id) if f.state != FrameState.REPLACED]
    frame = max(frames, key=lambda f: (f.opens_on, f.id), default=None)
    return Memory(
        decided_on=_day(work, last),
        kind=last.kind,
        choice=decision.choice,
        points=points_of(last.kind, decision.final) if decision.choice in DECIDING and decision.final else (),
        promises=_promises(work, last),
        progress=presentation.recommendation.progress,
        used=frame.used if frame else None,
        amount=frame.amount if frame else None,
    )


def _written(work: Work, p: Presentation) -> Decision | None:
    found = [b for b in work.ballots.of_presentation(p.id) if b.approved_at]
    return found[0].decision if found else None


def _day(work: Work, p: Presentation) -> date:
    meeting = work.meetings.find(p.meeting_id) if p.meeting_id else None
    assert p.approved_at is not None
    return meeting.day if meeting else local_date(p.approved_at)


def _promises(work: Work, last: Presentation) -> tuple[AreaPromise, ...]:
    tasks = [t for t in work.tasks.of_case(last.case_id) if t.presentation_id == last.id]
    return tuple(
        AreaPromise(
            area,
            done=sum(t.is_done for t in tasks if t.area == area),
            open=sum(not t.is_done for t in tasks if t.area == area),
        )
        for area in sorted({t.area for t in tasks})
    )
