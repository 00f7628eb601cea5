"""What an evaluation asks of the first years: pace, first-time decisions, punctual follow-ups, continuity, frames, endings.

Collected from day one (R128), counted by area and by reason, and never by case: no key and no alias is in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.choices import INFO_MISSING
from bot.domain.decision import AS_RECOMMENDED, CHANGED, ONLY_TALK, OUT_OF_SCOPE, POSTPONED
from bot.domain.frame import Frame, FrameState
from bot.domain.meeting import Meeting, MeetingState, Minuted
from bot.domain.money import Kroner
from bot.domain.people import AreaCode
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.report import (
    Label,
    Row,
    Share,
    Table,
    Value,
    column_of,
    counts_table,
    median,
    money_column,
    total_of,
    unless_few,
)
from bot.domain.rules import Rules
from bot.domain.suppression import SMALLEST, Kept, protect
from bot.domain.task import Task
from bot.domain.transitions import AREA as AREA_PASSAGE
from bot.domain.transitions import Transition

T = TypeVar("T")

SETTLING = frozenset({AS_RECOMMENDED, CHANGED, OUT_OF_SCOPE})
"""Choices by which the committee is done with an item."""


@dataclass(frozen=True)
class Agreed:
    """For when a follow-up of a case was agreed, and when that was written."""

    case_id: str
    at: datetime
    day: date


@dataclass(frozen=True)
class Material:
    """All there is, without practice cases; what belongs to other areas than `areas` is left out of every figure."""

    cases: Sequence[Case]
    presentations: Sequence[Presentation]
    meetings: Sequence[Meeting]
    frames: Sequence[Frame]
    tasks: Sequence[Task]
    transitions: Sequence[Transition]
    agreed: Sequence[Agreed]
    since: date
    until: date
    areas: tuple[AreaCode, ...]

    def in_period(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    @cached_property
    def mine(self) -> list[Presentation]:
        return [p for p in self.presentations if p.area in self.areas]

    @cached_property
    def my_cases(self) -> list[Case]:
        return [c for c in self.cases if c.area in self.areas]

    @cached_property
    def sittings(self) -> dict[str, list[tuple[Meeting, Minuted]]]:
        """Every time an item stood in approved minutes, by presentation, in order of day."""
        found: dict[str, list[tuple[Meeting, Minuted]]] = defaultdict(list)
        for meeting in sorted(self.meetings, key=lambda m: (m.day, m.starts)):
            if meeting.state == MeetingState.APPROVED:
                for minuted in meeting.record:
                    found[minuted.presentation_id].append((meeting, minuted))
        return found

    def decided_on(self, presentation: Presentation) -> date | None:
        """The day of the meeting that settled it, or of the approval in a written procedure; None: not settled."""
        if presentation.state != State.DECIDED or presentation.decision is None:
            return None
        if presentation.decision.choice not in SETTLING:
            return None
        sat = self.sittings.get(presentation.id)
        if sat:
            return sat[-1][0].day
        return local_date(presentation.approved_at) if presentation.approved_at else None

    def ran(self, frame: Frame) -> bool:
        """It had begun by the last day, and had not ended before the first."""
        ended = self._ended_on(frame)
        return frame.opens_on <= self.until and (ended is None or ended >= self.since)

    def _ended_on(self, frame: Frame) -> date | None:
        """The day of the next frame, or of the closing; else of its follow-up, where it was decided that there be none."""
        if frame.state == FrameState.OPEN:
            return None
        later = [
            f.opens_on for f in self.frames if f.case_id == frame.case_id and f.opens_on > frame.opens_on
        ]
        closed = self._closed_on.get(frame.case_id) if frame.state == FrameState.SETTLED else None
        return min(later, default=None) or closed or frame.follow_up_on

    @cached_property
    def _closed_on(self) -> dict[str, date | None]:
        return {c.id: c.closed_on for c in self.cases}

    @cached_property
    def decided(self) -> list[Presentation]:
        """Settled in the period; what is only talked about is never settled."""
        return [p for p in self.mine if p.kind not in ONLY_TALK and self.in_period(self.decided_on(p))]


def evaluation_tables(material: Material, rules: Rules) -> tuple[Table, ...]:
    if not material.areas:
        return (Table("pace", (), (), (Label("few"),)),)
    return tuple(
        map(
            unless_few,
            (
                pace(material, rules),  # R128
                first_time(material, rules),
                postponements(material, rules),
                follow_ups(material, rules),
                continuity(material, rules),
                frame_use(material, rules),
                closings(material, rules),
                passages(material, rules),
            ),
        )
    )


def pace(material: Material, rules: Rules) -> Table:
    """Days from the request to the decision, and from there to the first measure's start: the middle one (R117, R014).

    And how many came to a meeting within the target, which nothing enforces (X9).
    """
    new = [p for p in material.decided if p.kind == Kind.NEW and _goes_on(p)]
    starts = _first_starts(material)

    def to_decision(items: Sequence[Presentation]) -> list[int]:
        days = ((p, material.decided_on(p)) for p in items)
        return [(on - local_date(p.requested_at)).days for p, on in days if on]

    def to_start(items: Sequence[Presentation]) -> list[int]:
        days = ((material.decided_on(p), starts.get(p.id)) for p in items)
        return [(start - on).days for on, start in days if on and start]

    groups = _by_area(new, material.areas, lambda p: p.area)
    target = rules.deadlines.days_to_meeting
    soon = [sum(_days_to_meeting(material, p) <= target for p in g) for g in groups]
    parted = [[number, len(g) - number] for number, g in zip(soon, groups, strict=True)]
    shown = protect(parted, row_totals=True, column_totals=len(groups) > 1)
    whole = [*groups, *([new] if len(groups) > 1 else [])]
    rows = tuple(
        Row(
            label,
            (number, _middle(to_decision(g), number), _middle(to_start(g), number), within),
            total=is_total,
        )
        for (label, is_total), (within, _, number), g in zip(
            _labels(material, rules), shown, whole, strict=True
        )
    )
    columns = (
        Label("new_decided"),
        Label("days_to_decision"),
        Label("days_to_start"),
        Label("within_target", {"days": target}),
    )
    return Table("pace", columns, rows, charted=(0,))


def first_time(material: Material, rules: Rules) -> Table:
    """Items settled the first time they stood on an agenda (R022)."""
    return counts_table(
        "first_time",
        (Label("first_time"), Label("later")),
        [
            (label, [sum(_is_first(material, p) for p in g), sum(not _is_first(material, p) for p in g)])
            for (label, _), g in zip(
                _labels(material, rules),
                _by_area(material.decided, material.areas, lambda p: p.area),
                strict=False,
            )
        ],
        share_of=(0, (0, 1)),
        charted=(0, 1),
    )


def postponements(material: Material, rules: Rules) -> Table:
    """Postponed items by area and reason (R022)."""
    area_of = {p.id: p.area for p in material.presentations}
    found: Counter[tuple[AreaCode, str]] = Counter()
    for sat in material.sittings.values():
        for meeting, minuted in sat:
            if minuted.decision.choice == POSTPONED and material.in_period(meeting.day):
                found[area_of.get(minuted.presentation_id, ""), minuted.decision.reason or "other"] += 1
    reasons = _with_former(rules.choices.postpone, (reason for _, reason in found))
    return counts_table(
        "postponements",
        tuple(Label("postpone_reason", {"reason": r}) for r in reasons),
        [(_area(rules, area), [found[area, reason] for reason in reasons]) for area in material.areas],
        share_of=(reasons.index(INFO_MISSING), tuple(range(len(reasons)))),
        share_name="share_info_missing",
    )


def follow_ups(material: Material, rules: Rules) -> Table:
    """Held by the day that was agreed, moved by agreement, delayed by a cancelled meeting, or late.

    A meeting the committee cancelled is never the caseworker's delay (D10); neither is it punctual.
    """
    outcomes: Counter[tuple[AreaCode, str]] = Counter()
    for presentation in material.mine:
        outcome = punctuality(material, presentation) if presentation.kind == Kind.FOLLOW_UP else None
        if outcome:
            outcomes[presentation.area, outcome] += 1
    return counts_table(
        "follow_ups",
        tuple(map(Label, PUNCTUALITY)),
        [(_area(rules, a), [outcomes[a, outcome] for outcome in PUNCTUALITY]) for a in material.areas],
        share_of=(0, (0, 1, 3)),
        charted=(0, 1, 2, 3),
    )


PUNCTUALITY = ("punctual", "moved", "meeting_cancelled", "late")


def punctuality(material: Material, presentation: Presentation) -> str | None:
    """None: not agreed for the period, or its day has not come."""
    agreed = _agreed_day(material, presentation)
    held = material.decided_on(presentation)
    ended = presentation.state in (State.WITHDRAWN, State.DECLINED)
    if agreed is None or ended or not material.in_period(held or agreed):
        return None
    if held is not None and held <= agreed:
        return "punctual"
    if held is None and agreed >= material.until:
        return None
    if presentation.date_moved:
        return "moved"
    return "meeting_cancelled" if _was_cancelled(material, presentation, agreed) else "late"


def continuity(material: Material, rules: Rules) -> Table:
    """Meetings per case, and changes of caseworker, which are the exception (R056, R117)."""
    sat = Counter(
        minuted.case_id
        for sittings in material.sittings.values()
        for meeting, minuted in sittings
        if material.in_period(meeting.day)
    )
    treated = [c for c in material.my_cases if sat[c.id]]
    changes = [p for p in material.decided if p.kind == Kind.CASEWORKER_CHANGE and _goes_on(p)]
    many = len(material.areas) > 1
    groups = _by_area(treated, material.areas, lambda c: c.area)
    numbers = column_of([len(g) for g in groups], total=many)
    by_area = _by_area(changes, material.areas, lambda p: p.area)
    changed = column_of([len(g) for g in by_area], total=many)
    whole = [*groups, *([treated] if many else [])]
    rows = tuple(
        Row(label, (number, _mean([sat[c.id] for c in g], number), change), total=is_total)
        for (label, is_total), number, g, change in zip(
            _labels(material, rules), numbers, whole, changed, strict=True
        )
    )
    columns = (Label("cases_treated"), Label("meetings_each"), Label("caseworker_changes"))
    return Table("continuity", columns, rows)


def frame_use(material: Material, rules: Rules) -> Table:
    """Frames that ran in the period, by who pays: sums over few of them are kept back (R058)."""
    ran = [f for f in material.frames if f.payer in material.areas and material.ran(f)]
    many = len(material.areas) > 1
    groups = _by_area(ran, material.areas, lambda f: f.payer)
    numbers = column_of([len(g) for g in groups], total=many)
    granted = money_column([total_of(f.amount for f in g) for g in groups], numbers, total=many)
    used = money_column([total_of(f.used for f in g) for g in groups], numbers, total=many)
    rows = tuple(
        Row(label, (number, amount, spent, _used_share(spent, amount)), total=is_total)
        for (label, is_total), number, amount, spent in zip(
            _labels(material, rules), numbers, granted, used, strict=True
        )
    )
    columns = (Label("frames"), Label("granted"), Label("used"), Label("used_share"))
    return Table("frame_use", columns, rows)


def _with_former(offered: tuple[str, ...], found: Iterable[str]) -> tuple[str, ...]:
    """The reasons of today, and those of an older list that somebody used in the period: nothing goes uncounted."""
    return (*offered, *sorted(set(found) - set(offered)))


def closings(material: Material, rules: Rules) -> Table:
    """Why cases ended: the three criteria first (R071)."""
    ended = Counter(
        c.closed_for for c in material.my_cases if material.in_period(c.closed_on) and c.closed_for
    )
    reasons = _with_former(rules.choices.closing, ended)
    rows = [(Label("closing", {"closing": r}), [ended[r]]) for r in reasons]
    return counts_table("closings", (Label("cases"),), rows, charted=(0,))


def passages(material: Material, rules: Rules) -> Table:
    """Passages that were prepared for (R041, T26): under way, and done in the period."""
    mine = {c.id: c for c in material.my_cases}
    watched = [t for t in material.transitions if t.case_id in mine]
    codes = (
        [p.code for p in rules.transitions.ages] + [k.code for k in rules.transitions.kinds] + [AREA_PASSAGE]
    )
    rows = [
        (
            _passage(code, rules),
            [
                sum(t.code == code and _under_way(t, mine[t.case_id], material.until) for t in watched),
                sum(
                    t.code == code and t.done_at is not None and material.in_period(local_date(t.done_at))
                    for t in watched
                ),
            ],
        )
        for code in codes
    ]
    return counts_table("passages", (Label("under_way"), Label("done")), rows)


# --- the small steps ---


def _goes_on(presentation: Presentation) -> bool:
    return presentation.decision is not None and presentation.decision.choice != OUT_OF_SCOPE


def _is_first(material: Material, presentation: Presentation) -> bool:
    return len(material.sittings.get(presentation.id, ())) <= 1


def _days_to_meeting(material: Material, presentation: Presentation) -> int:
    """From the request to the first meeting it stood at, or to the decision where it stood at none."""
    sat = material.sittings.get(presentation.id)
    met = sat[0][0].day if sat else material.decided_on(presentation)
    return (met - local_date(presentation.requested_at)).days if met else 0


def _first_starts(material: Material) -> dict[str, date]:
    found: dict[str, date] = {}
    for task in material.tasks:
        if task.started_on:
            earliest = found.get(task.presentation_id, task.started_on)
            found[task.presentation_id] = min(earliest, task.started_on)
    return found


def _agreed_day(material: Material, presentation: Presentation) -> date | None:
    """The day last agreed for the case before this follow-up was settled."""
    before = presentation.approved_at
    days = [
        a for a in material.agreed if a.case_id == presentation.case_id and (before is None or a.at < before)
    ]
    return max(days, key=lambda a: a.at).day if days else None


def _was_cancelled(material: Material, presentation: Presentation, agreed: date) -> bool:
    """The last meeting on or before the agreed day was cancelled, and the next one that was held took it."""
    before = [m for m in material.meetings if agreed - timedelta(days=27) <= m.day <= agreed]
    if not before or max(before, key=lambda m: (m.day, m.starts)).state != MeetingState.CANCELLED:
        return False
    until = material.decided_on(presentation) or material.until
    between = [m for m in material.meetings if agreed < m.day < until and m.state == MeetingState.APPROVED]
    return not between


def _by_area(
    things: Iterable[T], areas: Sequence[AreaCode], area_of: Callable[[T], AreaCode]
) -> list[list[T]]:
    things = list(things)
    return [[t for t in things if area_of(t) == area] for area in areas]


def _labels(material: Material, rules: Rules) -> list[tuple[Label, bool]]:
    """A label for each area, and for the total where there are several."""
    labels = [(_area(rules, area), False) for area in material.areas]
    return [*labels, *([(Label("total"), True)] if len(labels) > 1 else [])]


def _area(rules: Rules, code: AreaCode) -> Label:
    return Label("area", {"area": rules.area(code)})


def _under_way(passage: Transition, case: Case, until: date) -> bool:
    """Nobody prepares a passage of a case that has ended."""
    over = case.closed_on <= until if case.closed_on else not case.is_open
    return not over and (passage.done_at is None or local_date(passage.done_at) > until)


def _passage(code: str, rules: Rules) -> Label:
    kind = rules.transitions.kind(code)
    if kind:
        return Label("passage", {"kind": kind})
    age = next((p.age for p in rules.transitions.ages if p.code == code), None)
    return Label("passage_area") if age is None else Label("passage_age", {"age": age})


def _middle(days: Sequence[int], number: Value) -> Value:
    """The middle of few would be somebody's own."""
    return Kept.BACK if isinstance(number, Kept) or 0 < len(days) < SMALLEST else median(days)


def _mean(numbers: Sequence[int], number: Value) -> Value:
    if isinstance(number, Kept):
        return Kept.BACK
    return Fraction(sum(numbers), len(numbers)) if numbers else None


def _used_share(used: Value, granted: Value) -> Value:
    if isinstance(used, Kroner) and isinstance(granted, Kroner) and granted:
        return Share(Fraction(used.ore, granted.ore))
    return Kept.BACK if Kept.BACK in (used, granted) else None
