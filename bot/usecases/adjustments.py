"""Minor adjustments alone, everything else to the committee again (R053, R068, R069, T20, T22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import Case, Stage
from bot.domain.frame import Frame, OnlyFixedCaseworker
from bot.domain.meeting import Meeting, preliminary_from
from bot.domain.notices import Notice
from bot.domain.people import PersonId, Role
from bot.domain.presentation import (
    Kind,
    Presentation,
    PresentationOpen,
    Recommendation,
    State,
)
from bot.domain.rules import Rules
from bot.domain.significance import (
    WHOLE_PLAN,
    Adjustment,
    AdjustmentWaits,
    MeasureNotRunning,
    PlanMissing,
    Verdict,
    blocks,
    verdict,
)
from bot.usecases.cases import CaseLine, case_of, line_of, lines_of_cases
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.frame_facts import may_book
from bot.usecases.plans import PlanView, plan_of, running_measures
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for, show_again

STRAIGHT_AWAY = frozenset({Kind.DOUBT, Kind.BRIEFING})
"""Kinds that need no list, so that they stand on the next agenda at once (D18)."""


@dataclass(frozen=True)
class Adjusted:
    adjustment: Adjustment
    case: CaseLine
    note: int  # the journal note's number


@dataclass(frozen=True)
class Raised:
    """What has been brought back, and the meeting it stands on; None while it waits for one."""

    presentation: Presentation
    case: CaseLine
    day: date | None


class Adjustments(UseCases):
    def begin(self, asked: Asked, case_id: str) -> PlanView:
        """For the form. Raises CaseNotFound, OnlyFixedCaseworker, PlanMissing."""
        with self._open_reading(at=asked.at) as work:
            return plan_of(work, _own_active(work, asked, case_id), asked)

    def adjustable(self, asked: Asked) -> list[CaseLine]:
        """The active cases the person is the fixed caseworker of, or stands in for."""
        with self._open_reading(at=asked.at) as work:
            if not asked.by.has(Role.CASEWORKER):
                return []
            theirs = [s.case_id for s in work.substitutes.of_person(asked.by.id, asked.today)]
            work.cases.gather(theirs)
            near = [*work.cases.of_caseworker(asked.by.id), *(work.cases.get(c) for c in theirs)]
            seen = work.cases.seen_among([c.id for c in near], asked.by, asked.at)
            active = [
                c
                for c in sorted(near, key=lambda c: c.key)
                if c.id in seen and c.stage == Stage.ACTIVE and may_book(work, c, asked.by, asked.today)
            ]
            return lines_of_cases(work, active, asked.by)

    def weigh(self, asked: Asked, said: tuple[str, ...]) -> Verdict | None:
        """*Skal det i udvalget?* Only thinks; stores nothing."""
        return verdict(self._rules.on(asked.today).plan.questions, said)

    def adjust(
        self, asked: Asked, case_id: str, *, matter: str, how: str, said: tuple[str, ...] = ()
    ) -> Adjusted | Verdict:
        """T20: noted by the fixed caseworker alone, nobody is told. With a »ja« or »ved ikke« nothing is noted, and
        the verdict says what it is instead. Raises OnlyFixedCaseworker, PlanMissing, MeasureNotRunning, AdjustmentWaits.
        """
        weighed = self.weigh(asked, said)
        if weighed is not None:  # T20
            return weighed
        with self._open_work(asked) as work:
            case = _own_active(work, asked, case_id)
            measure = _measure(work, case, matter)
            _refuse_waiting(work, case, matter, how)
            adjustment = Adjustment(self._chance.id(), case.id, matter, how, asked.by.id, asked.at, measure)
            work.adjustments.add(adjustment)
            facts = {"measure": measure} if measure else {}
            note = work.note("minor_adjustment", case=case.id, how=how, **facts)
            work.result(adjustment.id)
            return Adjusted(adjustment, line_of(work, case, asked.by), note)

    def bring_back(
        self,
        asked: Asked,
        case_id: str,
        kind: Kind,
        *,
        matter: str = WHOLE_PLAN,
        reasons: tuple[str, ...] = (),
        in_writing: bool = False,
    ) -> Raised:
        """T22: straight to »henvist«, filled in with the plan as it is; the leaders and the secretary are told (D3, X5).

        Doubt, and a briefing, need no reason, no list and no leader, and stand on the next agenda (R068, R140).
        A briefing `in_writing` takes no time there: the members are told, and read it before.
        Raises OnlyFixedCaseworker, PlanMissing, PresentationOpen.
        """
        with self._open_work(asked) as work:
            case = _own_active(work, asked, case_id, lock=True)
            if work.presentations.open_of(case.id, kind):  # T22
                raise PresentationOpen
            frame = work.frames.open_of(case.id)
            presentation = work.presentations.add(
                Presentation(
                    id=self._chance.id(),
                    case_id=case.id,
                    committee=case.committee,
                    kind=kind,
                    area=case.area,
                    requested_by=case.caseworker,  # whoever stands in asks on their behalf (R060)
                    requested_at=asked.at,
                    state=State.REFERRED,
                    collector=case.caseworker,
                    questions=("plan",) if kind == Kind.CHANGE else (),
                    meeting_id=_next_meeting(work, case, asked) if kind in STRAIGHT_AWAY else None,  # R068
                    recommendation=_as_it_is(case, frame) if kind == Kind.CHANGE else Recommendation(),
                    reasons=reasons,
                    in_writing=in_writing and kind == Kind.BRIEFING,
                    matters=() if matter == WHOLE_PLAN else (matter,),
                    rules_version=self._rules.on(asked.today).version,
                )
            )
            work.note(_ACT[kind], case=case.id, presentation=presentation.id, reasons=",".join(reasons))
            tell_brought_back(work, presentation, by=asked.by.id)
            if presentation.meeting_id:
                show_again(work, presentation.meeting_id)
            if presentation.in_writing and presentation.meeting_id:
                meeting = work.meetings.get(presentation.meeting_id)
                _tell_members(work, presentation, meeting, self._rules.on(asked.today))
            work.result(presentation.id)
            return Raised(presentation, line_of(work, case, asked.by), _day(work, presentation))


_ACT = {
    Kind.CHANGE: "change_raised",
    Kind.DOUBT: "doubt_raised",
    Kind.BRIEFING: "briefing_raised",
}


def tell_brought_back(work: Work, presentation: Presentation, *, by: PersonId) -> None:
    """The leaders of the area, and the secretary, once each: who brought it, though they only stood in (T22)."""
    people = (
        *work.people.holding(Role.AREA_LEADER, presentation.area),
        *work.people.holding(Role.SECRETARY, committee=presentation.committee),
    )
    for person in {p.id: p for p in people if p.id != by}.values():
        key = f"brought_back:{presentation.id}:{person.id}"
        facts = {"presentation": presentation.id, "by": by}
        work.notices.tell(Notice(key, "brought_back", person.id, facts, case_id=presentation.case_id))


def _tell_members(work: Work, presentation: Presentation, meeting: Meeting, rules: Rules) -> None:
    """Each member hears of it when they may see it: with the preliminary agenda (D18)."""
    begins = preliminary_from(meeting, rules)
    for seat in work.committees.seats(meeting.committee, on=meeting.day):
        if not seat.alternate:
            key = f"briefing:{presentation.id}:{seat.person}"
            facts = {"presentation": presentation.id}
            to_member = Notice(
                key, "briefing", seat.person, facts, case_id=presentation.case_id, not_before=begins
            )
            work.notices.tell(to_member)


def _own_active(work: Work, asked: Asked, case_id: str, *, lock: bool = False) -> Case:
    case = case_for(work, asked, case_id, lock=lock)
    if not may_book(work, case, asked.by, asked.today):
        raise OnlyFixedCaseworker(name=work.people.get(case.caseworker).name if case.fixed_since else None)
    if case.stage != Stage.ACTIVE:
        raise PlanMissing
    return case


def _measure(work: Work, case: Case, matter: str) -> str | None:
    if matter == WHOLE_PLAN:
        return None
    found = next((m for m in running_measures(work, case.id) if m.task == matter), None)
    if found is None:
        raise MeasureNotRunning
    return found.code


def _refuse_waiting(work: Work, case: Case, matter: str, how: str) -> None:
    for presentation in work.presentations.of_case(case.id):
        if blocks(presentation, matter=matter, how=how):  # R069
            raise AdjustmentWaits(kind=presentation.kind.value, day=_day(work, presentation))


def _day(work: Work, presentation: Presentation) -> date | None:
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    return meeting.day if meeting else None


def _next_meeting(work: Work, case: Case, asked: Asked) -> str | None:
    coming = work.meetings.next_after(case.committee, asked.today, count=3)
    return next((m.id for m in coming if asked.at < m.begins), None)


def _as_it_is(case: Case, frame: Frame | None) -> Recommendation:
    """A change begins from the plan as it stands: its goals, its frame going on, its follow-up."""
    if frame is None:
        return Recommendation(goals=case.goals, standards=case.standards)
    return Recommendation(
        goals=case.goals, standards=case.standards, keep_frame=True, follow_up_on=frame.follow_up_on
    )


@dataclass(frozen=True)
class BroughtBack:
    """What a leader and the secretary hear: which case, as what, and where it stands."""

    presentation: str
    case_id: str
    alias: str
    key: str
    kind: Kind
    by: str
    day: date | None


def _tell_brought_back(telling: Telling) -> Told | None:
    case = case_of(telling)
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    if case is None or telling.recipient is None or not presentation.is_open:
        return None
    told = BroughtBack(
        presentation.id,
        case.id,
        case.alias,
        case.key,
        presentation.kind,
        telling.work.people.get(telling.notice.facts.get("by", presentation.requested_by)).name,
        _day(telling.work, presentation),
    )
    return Told(told, telling.recipient.language)


TELLERS: dict[str, Teller] = {"brought_back": _tell_brought_back}
