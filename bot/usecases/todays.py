"""Everything that waits for a person today, and how Home says it: I DAG, a leader's areas, what is long overdue (A12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.frame import FrameState
from bot.domain.people import Person, Role
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.usecases.aside import closed_lines
from bot.usecases.follow_ups import overdue_ones
from bot.usecases.gatherings import gathering_lines
from bot.usecases.head_lines import head_lines
from bot.usecases.homes import PartAsked
from bot.usecases.item_questions import questions_waiting
from bot.usecases.led_lines import led_lines
from bot.usecases.mandates import mandate_lines
from bot.usecases.own_lines import own_lines, unplaced_lines
from bot.usecases.passages import passage_lines
from bot.usecases.ports import Work
from bot.usecases.report_homes import answered_in
from bot.usecases.waiting import Waiting


@dataclass(frozen=True)
class Today:
    """What waits today, for Home and for the overview."""

    lines: tuple[Waiting, ...]
    total: int  # how many there were when the overview was sent
    done_at: datetime | None = None  # None: something waits still
    late: bool = False


def lines_of(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Everything that waits for the person, the nearest first: own cases, what a leader answers for, a head's count."""
    own = list(own_lines(work, person, today, rules)) if person.has(Role.CASEWORKER) else []
    own += _beside(work, person, today, rules)
    led = list(led_lines(work, person, today, rules)) if person.is_leader else []
    yield from sorted(own, key=lambda w: (w.day, w.alias))
    yield from sorted(led, key=lambda w: (w.day, w.alias))
    yield from head_lines(work, person, today, rules)


def _beside(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """Passages, other meetings, and what is asked after a closing: lines like any other, never a message of their own."""
    if person.has(Role.CASEWORKER):
        yield from passage_lines(work, person.id, today, rules)
        yield from gathering_lines(work, person.id, today, rules)
    yield from closed_lines(work, person, today, rules)
    yield from questions_waiting(work, person, today)
    yield from mandate_lines(work, person, today, rules)


# --- Home ---


def my_today(part: PartAsked) -> Today | None:
    """I DAG: the same lines as the overview, and the next step of one's own cases that are on no agenda yet."""
    person = part.asked.by
    works_here = person.has(Role.CASEWORKER) or person.is_leader
    if not (works_here or person.has(Role.DEPARTMENT_HEAD)):
        return None
    lines = list(lines_of(part.work, person, part.asked.today, part.rules))
    if not (lines or works_here):
        return None  # a head has figures, and nothing to do while all is answered
    if person.has(Role.CASEWORKER):
        lines += unplaced_lines(part.work, person, part.asked.today, part.rules)
        own = part.work.cases.looked_after_by(person.id, part.asked.today)
        lines += [Waiting("unsent", c.id, c.alias, part.asked.today) for c in own if c.stage == "registered"]
    if not lines and person.is_leader and not person.has(Role.CASEWORKER):
        areas = person.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)
        if any(part.work.presentations.in_states(State.REQUESTED, area=a) for a in areas):
            return None  # the queue below says what waits
    return Today(tuple(lines), len(lines))


@dataclass(frozen=True)
class AreaNow:
    """A leader's own areas in one line (A12)."""

    active: int
    overdue: int
    over: int  # frames of which more than `mark` per cent is used
    mark: int
    answered_in: int | None  # working days, the middle one; None: too few to say


def my_area(part: PartAsked) -> AreaNow | None:
    areas = part.asked.by.areas_as(Role.AREA_LEADER)
    if not areas:
        return None
    work = part.work
    cases = [c for area in areas for c in work.cases.in_area(area)]
    frames = work.frames.open_of_cases([c.id for c in cases])
    active = sum(c.stage == "active" for c in cases)
    mark = min(part.rules.frame.told_at, default=100)
    over = sum(f.share >= mark / 100 and f.state == FrameState.OPEN for f in frames)
    answered = answered_in(work, areas, part.rules, part.asked.today)
    return AreaNow(active, len(overdue_ones(work, part.asked.today, areas)), over, mark, answered)


@dataclass(frozen=True)
class LongOverdue:
    case_id: str
    alias: str
    key: str
    day: date


def long_overdue(part: PartAsked) -> tuple[LongOverdue, ...] | None:
    """OVERSKREDET > 7 DAGE: the chair's Home, and nowhere else (A6)."""
    if not part.asked.by.has(Role.CHAIR):
        return None
    rules, today, work = part.rules, part.asked.today, part.work
    found = []
    for presentation, meeting in overdue_ones(work, today):
        theirs = part.asked.by.has(Role.CHAIR, committee=meeting.committee)
        late = rules.working_days.between(meeting.day, today)
        if theirs and late >= rules.deadlines.chair_sees_after:  # T21
            case = work.cases.seen_by(presentation.case_id, part.asked.by, part.asked.at)
            if case:
                found.append(LongOverdue(case.id, case.alias, case.key, meeting.day))
    return tuple(found)
