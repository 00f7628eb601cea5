"""The radar: passages are seen in time, prepared by a checklist, and change nothing by themselves (T26, R041, R054, R055)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.domain.anchoring import What
from bot.domain.birth import Born
from bot.domain.calendar import instant, local_date
from bot.domain.case import AgeBand, Case, CaseNotFound, Stage
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.rules import Rules
from bot.domain.transitions import (
    AREA,
    BirthMonthMissing,
    Mark,
    Transition,
    TransitionMonthMissing,
    TransitionThere,
    come,
    is_owed,
    marks_of_birth,
    marks_of_plan,
    months_until,
    points_of,
)
from bot.usecases.acting import acts_for
from bot.usecases.births import keep_birth_month
from bot.usecases.growing import age_case
from bot.usecases.homes import PartAsked
from bot.usecases.markers import put_marker
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.waiting import Waiting

FOLLOWED = (Stage.DECIDED, Stage.ACTIVE)
WATCHES_FROM = time(5, 0)
GROWN = "marker:grown"
RADAR = "radar"
NewId = Callable[[], str]


@dataclass(frozen=True)
class PassageView:
    """A passage with its list. `months` is for the case and its own caseworker only (D25)."""

    transition: Transition
    case: Case
    months: int | None  # None: a change of area, which has no month
    names: dict[PersonId, str]
    may_tick: bool


@dataclass(frozen=True)
class PassageLine:
    """A passage in a leader's list: how far the list is, never when (D25)."""

    case_id: str
    alias: str
    key: str
    code: str
    done: int
    total: int


@dataclass(frozen=True)
class AreaPassages:
    """OVERGANGE in a leader's Home."""

    lines: tuple[PassageLine, ...]
    unknown: int  # young people whose month of birth nobody has entered


class Passages(UseCases):
    def open(self, asked: Asked, transition_id: str) -> PassageView:
        """*Se overgang*: the caseworker's own look makes the line go until the next mark. Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            found, case = _found(work, asked, transition_id, lock=True)
            if acts_for(work, case, asked.by, asked.today) and found.seen != found.told:
                found = work.transitions.save(found.looked_at())
            work.look(case.id, what="transition_opened")
            return self._view(work, asked, found, case)

    def tick(self, asked: Asked, transition_id: str, points: tuple[str, ...]) -> PassageView:
        """The list as it was left, with who and when. Raises NotForYou, CaseNotFound."""
        with self._open_work(asked) as work:
            found, case = _found(work, asked, transition_id, lock=True)
            if not _may_tick(work, asked, case):
                raise NotForYou
            saved = work.transitions.save(found.ticked(frozenset(points), by=asked.by.id, at=asked.at))
            work.note(
                "transition_ticked", case=case.id, transition=saved.id, left=str(len(saved.open_points))
            )
            return self._view(work, asked, saved, case)

    def add(self, asked: Asked, case_id: str, *, code: str | None, month: date | None) -> Transition:
        """A passage of school years with its month (R105). Raises TransitionMonthMissing, TransitionThere, NotForYou."""
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if case.caseworker != asked.by.id or not case.is_open:
                raise NotForYou
            rules = self._rules.on(asked.today)
            if code is None or rules.transitions.kind(code) is None:
                raise TransitionMonthMissing(field="code")
            if month is None or month.replace(day=1) < asked.today.replace(day=1):
                raise TransitionMonthMissing
            if any(t.code == code and t.done_at is None for t in work.transitions.of_case(case.id)):
                raise TransitionThere
            planned = month.replace(day=1)
            marks = come(
                marks_of_plan(code, planned, rules.transitions, rules.working_days), today=asked.today
            )
            added = work.transitions.add(
                Transition(
                    id=self._chance.id(),
                    case_id=case.id,
                    code=code,
                    occasion=planned.isoformat(),
                    planned=planned,
                    points=points_of(rules.transitions, under_18=case.band_now == AgeBand.TEENS),
                    told=len(marks),
                    seen=len(marks),
                )
            )
            work.note("transition_added", case=case.id, transition=added.id, code=code)
            return added

    def save_birth_month(self, asked: Asked, case_id: str, *, year: str | None, month: str | None) -> Case:
        """Sealed, never shown (D25); the radar counts with it from the next morning. Raises BirthMonthMissing, BirthMonthDoubtful."""
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if case.caseworker != asked.by.id:
                raise NotForYou
            if not (year and month):
                raise BirthMonthMissing
            keep_birth_month(work, asked, case, Born.read(f"{year}-{month}"), self._rules.on(asked.today))
            return case

    def grow_due(self, at: datetime) -> int:
        """Each new day: who has turned 18 or 30 is called so from today (R042). Nothing else moves by it (T26)."""
        today = local_date(at)
        with self._open_reading(at=at) as work:
            looked = work.notices.by_key(GROWN)
            if looked and looked.facts.get("day") == today.isoformat():
                return 0
        with self._open_work(at=at) as work:
            put_marker(work, GROWN, day=today.isoformat())
            months = work.cases.birth_months([c.id for c in work.cases.open()])
            return sum(
                age_case(work, self._rules.on(today), case, month, today) for case, month in months.items()
            )

    def case_of(self, asked: Asked, case_id: str) -> Case:
        with self._open_reading(at=asked.at) as work:
            return case_for(work, asked, case_id)

    def watch_due(self, at: datetime) -> int:
        """Once a day, early: every passage whose mark has come is written down once; the overview tells of it."""
        today = local_date(at)
        if at < instant(today, WATCHES_FROM):
            return 0
        with self._open_reading(at=at) as work:
            looked = work.notices.by_key(RADAR)
            if looked and looked.facts.get("day") == today.isoformat():
                return 0
        each = OneByOne()
        with self._open_work(at=at) as work:
            put_marker(work, RADAR, day=today.isoformat())
            rules = self._rules.on(today)
            owed = _owed(work, rules, today, self._chance.id, each)
            told = sum(self._tell(work, case, found) for case, found in owed)
        each.over()  # the others' stand
        return told

    def _tell(self, work: Work, case: Case, found: Transition) -> int:
        if work.transitions.find(found.id):
            work.transitions.save(found)
        else:
            work.transitions.add(found)
        work.note("transition_due", case=case.id, transition=found.id)
        return 1

    def _view(self, work: Work, asked: Asked, found: Transition, case: Case) -> PassageView:
        born = _born(work.cases.birth_months([case.id]).get(case.id))
        day = passage_day(found, born)
        return PassageView(
            transition=found,
            case=case,
            months=months_until(day, asked.today) if day else None,
            names={t.by: work.people.get(t.by).name for t in found.ticks.values()},
            may_tick=_may_tick(work, asked, case),
        )


def _found(work: Work, asked: Asked, transition_id: str, *, lock: bool = False) -> tuple[Transition, Case]:
    found = work.transitions.find(transition_id, lock=lock)
    if found is None:
        raise CaseNotFound
    return found, case_for(work, asked, found.case_id)


def _may_tick(work: Work, asked: Asked, case: Case) -> bool:
    return case.is_open and (acts_for(work, case, asked.by, asked.today) or asked.by.leads(case.area))


def _born(month: str | None) -> Born | None:
    return Born.read(month) if month else None


def passage_day(found: Transition, born: Born | None) -> date | None:
    """When the passage is: the planned month, or the birthday's; None: it has no month, or nobody knows it."""
    if found.planned:
        return found.planned
    age = found.code.removeprefix("age_")
    return born.turns(int(age)) if born and age.isdecimal() else None


def _since(case: Case) -> date:
    """From when somebody follows the case (T17)."""
    return case.plan_decided_on or local_date(case.fixed_since or case.registered_at)


def _marks_of(found: Transition, born: Born | None, rules: Rules) -> tuple[Mark, ...]:
    if found.planned:
        return marks_of_plan(found.code, found.planned, rules.transitions, rules.working_days)
    if born is None:
        return ()
    return tuple(
        m for m in marks_of_birth(born, rules.transitions, rules.working_days) if m.code == found.code
    )


def _owed(
    work: Work, rules: Rules, today: date, new_id: NewId, each: OneByOne
) -> Iterator[tuple[Case, Transition]]:
    """Each passage with something new to tell, as it is when told."""
    cases = {c.id: c for c in work.cases.open() if c.stage in FOLLOWED and not (c.is_stilled or c.practice)}
    births = work.cases.birth_months(list(cases))
    there: dict[str, list[Transition]] = {}
    for found in work.transitions.of_cases(list(cases)):
        there.setdefault(found.case_id, []).append(found)
    for case in cases.values():
        owed: list[Transition] = []
        with each.alone():
            known, born = there.get(case.id, []), _born(births.get(case.id))
            moved = _moved(work, case, known, rules, new_id)
            possible = (*known, *_birthdays(case, known, born, rules, new_id), *moved)
            owed = [told for one in possible if (told := _told_now(case, one, born, rules, today))]
        yield from ((case, told) for told in owed)


def _told_now(case: Case, one: Transition, born: Born | None, rules: Rules, today: date) -> Transition | None:
    """The passage as it is once today's marks are told; None when they have been."""
    if one.code == AREA and one.told == 0:
        return replace(one, told=1)
    marks = come(_marks_of(one, born, rules), today=today)
    return replace(one, told=len(marks)) if is_owed(marks, told=one.told, since=_since(case)) else None


def _birthdays(
    case: Case, known: list[Transition], born: Born | None, rules: Rules, new_id: NewId
) -> Iterator[Transition]:
    """The ages the case has no row for yet."""
    if born is None:
        return
    for passage in rules.transitions.ages:
        if all(t.code != passage.code for t in known):
            yield Transition(new_id(), case.id, passage.code, points=_points(case, passage.age, rules))


def _moved(
    work: Work, case: Case, known: list[Transition], rules: Rules, new_id: NewId
) -> Iterator[Transition]:
    """The newest change of area, unless it has its row."""
    anchors = [b for b in work.belongings.of_case(case.id) if b.what == What.ANCHOR]
    if len(anchors) > 1 and all(t.occasion != anchors[-1].id for t in known):
        yield Transition(new_id(), case.id, AREA, anchors[-1].id, points=_points(case, None, rules))


def _points(case: Case, age: int | None, rules: Rules) -> tuple[str, ...]:
    """The parents' part stands on the way to 18, and while the case is a child's."""
    under_18 = age == rules.ages.youth or (age is None and case.band_now == AgeBand.TEENS)
    return points_of(rules.transitions, under_18=under_18)


# --- lines ---


def passage_lines(work: Work, person_id: PersonId, today: date, rules: Rules) -> Iterator[Waiting]:
    """What has come, for the fixed caseworker, or whoever stands in today (T25)."""
    mine = [c.id for c in work.cases.looked_after_by(person_id, today)]
    found = [t for t in work.transitions.of_cases(mine) if t.done_at is None and t.is_new] if mine else []
    births = work.cases.birth_months(list({t.case_id for t in found})) if found else {}
    for one in found:
        case = work.cases.get(one.case_id)
        if case.is_stilled:
            continue
        born = _born(births.get(case.id))
        marks = come(_marks_of(one, born, rules), today=today)
        due = marks[-1].due_on if marks and marks[-1].due_on > _since(case) else today
        day = passage_day(one, born)
        months = str(months_until(day, today)) if day else None
        key = f"transition:{one.id}:{one.told}"
        yield Waiting("transition", one.id, case.alias, due, code=months, reminders=((key, due),))


def births_missing(part: PartAsked) -> tuple[Case, ...] | None:
    """For the caseworker's Home: young people whose passages cannot be seen, because the month is not known."""
    if not part.asked.by.has(Role.CASEWORKER):
        return None
    young = [c for c in part.work.cases.of_caseworker(part.asked.by.id) if _needs_month(c)]
    known = part.work.cases.birth_months([c.id for c in young]) if young else {}
    return tuple(c for c in young if c.id not in known) or None


def _needs_month(case: Case) -> bool:
    watched = case.stage in FOLLOWED and not (case.is_stilled or case.practice)
    return watched and case.band_now != AgeBand.ADULT


def area_passages(part: PartAsked) -> AreaPassages | None:
    """For the leader's Home; None when there is nothing to see."""
    work, areas = part.work, part.asked.by.areas_as(Role.AREA_LEADER)
    lines, unknown = [], 0
    for area in areas:
        for found in work.transitions.open_in(area):
            case = work.cases.get(found.case_id)
            if found.told and not case.is_stilled:
                done, total = len(found.ticks), len(found.points)
                lines.append(PassageLine(case.id, case.alias, case.key, found.code, done, total))
        young = [c.id for c in work.cases.in_area(area) if _needs_month(c)]
        unknown += len(young) - len(work.cases.birth_months(young)) if young else 0
    return AreaPassages(tuple(lines), unknown) if lines or unknown else None
