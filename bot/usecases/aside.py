"""What stands beside a case's plan: how it ends, its passages, its other meetings, advice; and the lines they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.birth import Born
from bot.domain.case import CAN_COME_BACK, AgeBand, Case, Stage
from bot.domain.closing import JOURNAL, AfterClosing
from bot.domain.gathering import AdviceRequest, Gathering
from bot.domain.people import Person, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Rules
from bot.domain.transitions import Transition, months_until
from bot.usecases.acting import acts_for
from bot.usecases.ports import Asked, Work
from bot.usecases.waiting import Waiting

CLOSING_KINDS = (Kind.CLOSURE, Kind.CONTINUED_SUPPORT)


@dataclass(frozen=True)
class CaseAside:
    """Part of the case's page."""

    may_ask_closing: bool = False
    closing: Presentation | None = None  # under way
    closing_day: date | None = None
    support: Presentation | None = None  # support goes on though a criterion is met (T29)
    may_reopen: bool = False
    transitions: tuple[tuple[Transition, int | None], ...] = ()  # with the months until it
    lacks_birth_month: bool = False
    withdrawable: Presentation | None = None  # what the viewer has asked for and may take back (T14)
    to_hurry: Presentation | None = None  # what the viewer may say is urgent (D32)
    to_take_back: Presentation | None = None  # what a leader has referred, and no agenda has yet (D35)
    consent_missing: bool = False  # an adult has not said yes to the plan yet (R036)
    may_consent: bool = False
    marked: Presentation | None = None  # ready, and the viewer may say that something is missing again (T09)
    may_plan: bool = False  # the viewer is the case's caseworker
    gatherings: tuple[Gathering, ...] = ()
    advice: tuple[AdviceRequest, ...] = ()
    may_answer: AdviceRequest | None = None


def aside_of(work: Work, asked: Asked, case: Case, presentations: tuple[Presentation, ...]) -> CaseAside:
    mine = case.caseworker == asked.by.id and case.is_open
    closing = next((p for p in presentations if p.is_open and p.kind in CLOSING_KINDS), None)
    meeting = work.meetings.find(closing.meeting_id) if closing and closing.meeting_id else None
    advice = tuple(work.advice.of_case(case.id))
    acts = acts_for(work, case, asked.by, asked.today)
    return CaseAside(
        may_ask_closing=case.stage == Stage.ACTIVE and acts,
        closing=closing,
        closing_day=meeting.day if meeting else None,
        support=_support(case, presentations),
        may_reopen=case.stage in CAN_COME_BACK and asked.by.leads(case.area),
        transitions=_transitions(work, asked, case),
        lacks_birth_month=mine
        and case.band_now != AgeBand.ADULT
        and case.stage == Stage.ACTIVE
        and not work.cases.has_birth_month(case.id),
        withdrawable=next((p for p in presentations if _may_withdraw(p, asked)), None),
        to_hurry=next((p for p in presentations if p.may_be_hurried_by(asked.by, acts=acts)), None),
        to_take_back=next((p for p in presentations if p.may_be_taken_back and asked.by.leads(p.area)), None),
        consent_missing=case.consent_missing,
        may_consent=mine or asked.by.leads(case.area),
        marked=next((p for p in presentations if p.mark_may_be_taken_by(asked.by)), None),
        may_plan=mine,
        gatherings=tuple(work.gatherings.of_case(case.id)),
        advice=tuple(a for a in advice if a.answer or a.waits),
        may_answer=next((a for a in advice if a.waits and asked.by.leads(a.area)), None),
    )


def _may_withdraw(p: Presentation, asked: Asked) -> bool:
    return p.is_open and p.requested_by == asked.by.id and p.kind not in (*CLOSING_KINDS, Kind.FOLLOW_UP)


def _support(case: Case, presentations: tuple[Presentation, ...]) -> Presentation | None:
    """The overlay on an active case: the newest thing of its kind that was decided (T29)."""
    if case.stage != Stage.ACTIVE:
        return None
    decided = [
        p
        for p in presentations
        if p.kind == Kind.CONTINUED_SUPPORT and p.state == State.DECIDED and p.approved_at
    ]
    return decided[0] if decided else None


def _transitions(work: Work, asked: Asked, case: Case) -> tuple[tuple[Transition, int | None], ...]:
    found = [t for t in work.transitions.of_case(case.id) if t.told or t.planned]
    born = work.cases.birth_months([case.id]).get(case.id) if found else None
    return tuple((t, _months(t, born, asked.today)) for t in found)


def _months(found: Transition, born: str | None, today: date) -> int | None:
    if found.planned:
        return months_until(found.planned, today)
    age = found.code.removeprefix("age_")
    return months_until(Born.read(born).turns(int(age)), today) if born and age.isdecimal() else None


# --- lines in the morning overview and in I DAG ---


def closed_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """What is asked of the former caseworker; of a leader, when that person is no caseworker any more."""
    own = work.after_closings.waiting_for(person.id) if person.has(Role.CASEWORKER) else []
    yield from _asked(work, own, today, rules)
    for area in person.areas_as(Role.AREA_LEADER):
        left = [a for a in work.after_closings.waiting_in(area) if _is_left(work, a)]
        yield from _asked(work, left, today, rules)


def _is_left(work: Work, after: AfterClosing) -> bool:
    who = work.people.find(work.cases.get(after.case_id).caseworker)
    return who is None or not who.has(Role.CASEWORKER)


def _asked(work: Work, found: list[AfterClosing], today: date, rules: Rules) -> Iterator[Waiting]:
    for after in found:
        if not after.is_asked(today):
            continue
        case = work.cases.get(after.case_id)
        if after.kind != JOURNAL:
            reminders = ((f"check:{after.id}", after.due_on),)
            yield Waiting(
                "check", after.id, case.alias, after.due_on, code=str(after.months), reminders=reminders
            )
            continue
        yield Waiting(
            "journal_closed",
            after.id,
            case.alias,
            after.due_on,
            overdue=after.due_on < today,
            reminders=_journal_reminders(after, case, today, rules),
        )


def _journal_reminders(
    after: AfterClosing, case: Case, today: date, rules: Rules
) -> tuple[tuple[str, date], ...]:
    """The working day after the closing, two days before, and on the day; never about somebody who has died."""
    if case.closed_for == "dead" or case.closed_on is None:
        return ()
    first = rules.working_days.after(case.closed_on, 1)
    days = (first, rules.working_days.after(after.due_on, -2), after.due_on)
    return tuple((f"journal_closed:{after.id}:{n}", day) for n, day in enumerate(days) if day <= today)
