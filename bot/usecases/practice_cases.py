"""»Prøvefugl«: a whole life in three minutes, on rules and views as they are, in rows nobody else reads (D43).

The practice case is one row of its own. What the real views need is made from it in memory, so that no list, report,
agenda or notice can ever hold it, and nothing has to remember to leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.domain.calendar import instant
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.checklist import points_for
from bot.domain.decision import AS_RECOMMENDED
from bot.domain.follow_up import ClosingMissing, ProgressMissing
from bot.domain.frame import Entry, EntryKind, Frame
from bot.domain.money import Kroner, read_amount
from bot.domain.people import Person
from bot.domain.personal_data import refuse_personal_data
from bot.domain.practice import (
    ALIAS,
    LIVES,
    UNTIL_FOLLOW_UP,
    Practice,
    PracticeOver,
    Step,
)
from bot.domain.presentation import (
    CRITERIA,
    CriteriaMissing,
    Decision,
    FrameTerms,
    Kind,
    Presentation,
    Recommendation,
    State,
    Tick,
)
from bot.domain.rules import Rules
from bot.usecases.case_status import Status
from bot.usecases.cases import CaseLine
from bot.usecases.closing_effect import Held
from bot.usecases.closings import ClosingView
from bot.usecases.decided import DecidedTold
from bot.usecases.follow_ups import FollowUp
from bot.usecases.frame_facts import Receipt, UseForm
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked
from bot.usecases.readiness import GroupShown, PointShown, ReadyView
from bot.usecases.referral_news import RequestTold
from bot.usecases.referrals import Request
from bot.usecases.tools import UseCases

KEY = "00-0000"
"""No case has it: the first number of a year is 1."""

GOAL = "education"
PLAY = "practice"
"""The id that stands where a real one would; no row has it."""


@dataclass(frozen=True)
class Filled:
    """What was filled in at one step; only what the step asks for is looked at."""

    reference: str = ""
    criteria: tuple[str, ...] = ()
    amount: str = ""
    purpose: str = ""
    progress: Mapping[str, str] | None = None
    closing: str | None = None


class PracticeCases(UseCases):
    def begin(self, asked: Asked) -> Practice:
        """The person's practice case, where they left it; a new one when it is over or has been walked through."""
        with self._open_work(replace(asked, key=None)) as work:
            person = work.people.get(asked.by.id, lock=True)
            found = work.practices.find(person.id)
            if found and found.step != Step.DONE and not found.is_over(asked.at):
                return found
            work.practices.drop(person.id)
            if not person.welcomed:
                work.people.save(replace(person, welcomed=True))
            work.note("practice_begun")
            return work.practices.add(Practice(person.id, asked.at, asked.today))

    def go(self, asked: Asked, step: Step, filled: Filled) -> Practice:
        """One step further, by the rules of the real thing.

        Raises PracticeOver, PersonalDataFound, CriteriaMissing, AmountRefused, FrameExceeded, ProgressMissing, ClosingMissing.
        """
        with self._open_work(asked) as work:
            found = work.practices.find(asked.by.id, lock=True)
            if found is None or found.is_over(asked.at):
                raise PracticeOver
            further = found.past(step)
            saved = work.practices.save(self._filled_in(asked, further, step, filled))
            work.note("practice_step", step=step.value)
            return saved

    def _filled_in(self, asked: Asked, practice: Practice, step: Step, filled: Filled) -> Practice:
        match step:
            case Step.REGISTER:
                refuse_personal_data(filled.reference)  # looked at, and kept nowhere
            case Step.REQUEST:
                missing = tuple(c for c in CRITERIA if c not in filled.criteria)
                if missing:
                    raise CriteriaMissing(missing=missing)
            case Step.FRAME:
                return self._spent(asked, practice, filled)
            case Step.FOLLOW_UP:
                if not (filled.progress or {}).get(GOAL):
                    raise ProgressMissing(field=f"progress_{GOAL}", goals=(GOAL,))
            case Step.CLOSING:
                if filled.closing not in self._rules.on(asked.today).choices.closing:
                    raise ClosingMissing
            case _:
                pass
        return practice

    def _spent(self, asked: Asked, practice: Practice, filled: Filled) -> Practice:
        amount = read_amount(filled.amount)
        frame = frame_of(practice, self._rules.on(asked.today))
        purpose = filled.purpose or frame.purposes[0]
        frame.allow(amount=amount, purpose=purpose, spent_on=practice.day, today=practice.day)
        return replace(practice, used=practice.used + amount, purpose=purpose)

    def clear_due(self, at: datetime) -> int:
        """Seven days after it was begun a practice case is gone, and its row with it."""
        with self._open_reading(at=at) as work:
            old = work.practices.begun_before(at - LIVES)
        if not old:
            return 0
        with self._open_work(at=at) as work:
            for practice in old:
                work.practices.drop(practice.id)
            work.note("practice_cleared", count=str(len(old)))
        return len(old)


def my_practice(part: PartAsked) -> Practice | None:
    """In its owner's Home, until it has been walked through or is gone."""
    found = part.work.practices.find(part.asked.by.id)
    if found is None or found.step == Step.DONE or found.is_over(part.asked.at):
        return None
    return found


# --- what the real views are drawn from ---


def case_of(practice: Practice, person: Person) -> Case:
    began = practice.begun_at
    return Case(
        id=PLAY,
        committee=PLAY,
        key=KEY,
        alias=ALIAS,
        alias_category="birds",
        area=person.home_area or "",
        age_band=AgeBand.YOUTH,
        registered_by=person.id,
        registered_at=began,
        caseworker=person.id,
        stage=_STAGES.get(practice.step, Stage.IN_REFERRAL),
        fixed_since=began if practice.decided_on else None,
        goals=(GOAL,),
        practice=True,
    )


_STAGES = {Step.REGISTER: Stage.REGISTERED, Step.REQUEST: Stage.REGISTERED} | dict.fromkeys(
    (Step.DECIDED, Step.FRAME, Step.SPENT, Step.FOLLOW_UP, Step.CLOSING), Stage.ACTIVE
)


def line_of(practice: Practice, person: Person) -> CaseLine:
    decided = practice.decided_on is not None
    return CaseLine(
        id=PLAY,
        alias=ALIAS,
        key=KEY,
        tail=None,
        band=AgeBand.YOUTH,
        stage=case_of(practice, person).stage,
        status=Status("active" if decided else "registered"),
        caseworker=person.id,
        left=practice.amount - practice.used if decided else None,
        amount=practice.amount if decided else None,
    )


def presentation_of(
    practice: Practice, person: Person, rules: Rules, *, kind: Kind = Kind.NEW
) -> Presentation:
    at = instant(practice.day, time(9, 0))
    points = points_for(rules.checklists.get(Kind.NEW, ()), AgeBand.YOUTH)
    return Presentation(
        id=PLAY,
        case_id=PLAY,
        committee=PLAY,
        kind=kind,
        area=person.home_area or "",
        requested_by=person.id,
        requested_at=at,
        state=State.REQUESTED if practice.step == Step.REFER else State.REFERRED,
        criteria=CRITERIA,
        answer_by=rules.working_days.after(practice.day, rules.deadlines.leader_answers),
        ticks={p.code: Tick(person.id, at) for p in points},
        recommendation=Recommendation(goals=(GOAL,), frame=_terms(practice, person, rules)),
    )


def _terms(practice: Practice, person: Person, rules: Rules) -> FrameTerms:
    return FrameTerms(practice.amount, purposes_of(rules), person.home_area or "")


def purposes_of(rules: Rules) -> tuple[str, ...]:
    """Those without a period: the form stays short."""
    short = tuple(p.code for p in rules.purposes if not p.needs_period)
    return short or (rules.purposes[0].code,)


def request_of(practice: Practice, person: Person, rules: Rules) -> RequestTold:
    """As the leader's message shows it."""
    presentation = presentation_of(practice, person, rules)
    request = Request(presentation, ALIAS, KEY, AgeBand.YOUTH, person.name, None, presentation.area)
    return RequestTold(request, to_me=False, at=instant(practice.day, time(9, 0)))


def readiness_of(practice: Practice, person: Person, rules: Rules) -> ReadyView:
    """Everything ticked: on a real case each group has its form."""
    points = points_for(rules.checklists.get(Kind.NEW, ()), AgeBand.YOUTH)
    codes = dict.fromkeys(p.group for p in points)
    groups = tuple(
        GroupShown(code, tuple(PointShown(p.code, True, p.by) for p in points if p.group == code))
        for code in codes
    )
    return ReadyView(
        presentation=presentation_of(practice, person, rules),
        case=case_of(practice, person),
        tail=None,
        groups=groups,
        missing=(),
        may_mark=False,
        has_birth_month=True,
        areas=tuple(a.code for a in rules.areas),
        caseworkers=((person.id, person.name),),
        proposed_name=person.name,
        meetings=(),
        mandates=0,
        members=0,
        rules=rules,
    )


def decided_of(practice: Practice, person: Person, rules: Rules) -> DecidedTold:
    """As the fixed caseworker hears it when the minutes are approved."""
    final = Recommendation(goals=(GOAL,), caseworker=person.id, frame=_terms(practice, person, rules))
    return DecidedTold(
        alias=ALIAS,
        key=KEY,
        band=AgeBand.YOUTH,
        case_id=PLAY,
        meeting_id=PLAY,
        presentation_id=PLAY,
        kind=Kind.NEW,
        decision=Decision(AS_RECOMMENDED, final=final, complete=True),
        caseworker=person.name,
        mine=True,
        sees=False,
        frame=frame_of(practice, rules),
        follow_up_on=_follow_up_on(practice),
        to_day=None,
        contact=None,
    )


def frame_of(practice: Practice, rules: Rules) -> Frame:
    opened = practice.decided_on or practice.day
    return Frame(
        id=PLAY,
        case_id=PLAY,
        amount=practice.amount,
        purposes=purposes_of(rules),
        payer="",
        opens_on=opened,
        follow_up_on=_follow_up_on(practice),
        used=practice.used,
    )


def _follow_up_on(practice: Practice) -> date:
    return (practice.decided_on or practice.day) + UNTIL_FOLLOW_UP


def use_of(practice: Practice, person: Person, rules: Rules) -> UseForm:
    frame = frame_of(practice, rules)
    return UseForm(line_of(practice, person), frame, frame.purposes, practice.day, rules)


def receipt_of(practice: Practice, person: Person, rules: Rules) -> Receipt:
    frame = frame_of(practice, rules)
    at = instant(practice.day, time(9, 0))
    used = Kroner(practice.used.ore)
    entry = Entry(PLAY, PLAY, EntryKind.EXPENSE, used, practice.purpose, practice.day, person.id, at)
    return Receipt(entry, PLAY, ALIAS, frame.left, frame.share, note=0, today=practice.day)


def follow_up_of(practice: Practice, person: Person, rules: Rules) -> FollowUp:
    presentation = replace(
        presentation_of(practice, person, rules, kind=Kind.FOLLOW_UP),
        ticks={},
        recommendation=Recommendation(goals=(GOAL,)),
    )
    next_on = practice.day + UNTIL_FOLLOW_UP
    return FollowUp(
        presentation=presentation,
        case_id=PLAY,
        alias=ALIAS,
        key=KEY,
        tail=None,
        day=practice.day,
        goals=(GOAL,),
        next_choices=((PLAY, next_on),),
        proposed=PLAY,
    )


def closing_of(practice: Practice, person: Person) -> ClosingView:
    """Nothing is set aside, and nobody has asked before: the form as it is met the first time (T28)."""
    case = case_of(practice, person)
    return ClosingView(case, tail=None, presentation=None, held=Held(), day=None)
