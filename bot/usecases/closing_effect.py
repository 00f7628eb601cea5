"""What is set aside must be settled before a case closes, and what closing does to the case (T28)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.case import Case
from bot.domain.closing import OVERTAKEN, ClosingHeldBack, asked_afterwards
from bot.domain.frame import Entry, FrameState, open_commitments, outstanding
from bot.domain.money import ZERO, Kroner
from bot.domain.people import PersonId
from bot.domain.rules import Purpose, Rules
from bot.usecases.acting import end_substitutes
from bot.usecases.handover_effect import settle_handover
from bot.usecases.ports import Work
from bot.usecases.withdrawals import withdraw_the_rest


@dataclass(frozen=True)
class Held:
    """What is set aside still, and for what."""

    amount: Kroner = ZERO
    purposes: tuple[Purpose, ...] = ()


def held_on(work: Work, case: Case, rules: Rules) -> Held:
    """In the open frame, and in those it has replaced: what was set aside there is paid there (B4)."""
    unsettled = [f for f in work.frames.of_case(case.id) if f.state != FrameState.SETTLED]
    held = [found for frame in unsettled for found in _held_in(tuple(work.frames.entries(frame.id)))]
    amount = Kroner(sum(left.ore for _, left in held))
    return Held(amount, tuple(rules.purpose(code) for code in dict.fromkeys(e.purpose for e, _ in held)))


def _held_in(entries: tuple[Entry, ...]) -> list[tuple[Entry, Kroner]]:
    return [(entry, outstanding(entry, entries)) for entry in open_commitments(entries)]


def close_case(
    work: Work,
    case: Case,
    *,
    why: str,
    on: date,
    rules: Rules,
    at: datetime,
    by: PersonId,
    but_for: str,
    new_id: Callable[[], str],
) -> Case:
    """Frame settled, follow-ups cancelled, group, substitutes and a coming handover ended, the checks laid out. Raises ClosingHeldBack.

    `but_for` is the presentation it was decided on. Doubt stays: it is never closed away (R068).
    """
    held = held_on(work, case, rules)
    if held.amount:
        raise ClosingHeldBack(alias=case.alias, held=held.amount, purposes=held.purposes)
    frame = work.frames.open_of(case.id, lock=True)
    if frame:
        work.frames.save(frame.moved(FrameState.SETTLED))  # T28
    withdraw_the_rest(work, case, by=by, at=at, but_for=but_for)
    end_substitutes(work, case, at=at)
    settle_handover(work, case.id, at=at)
    closed = work.cases.save(case.closed(on=on, why=why))
    for earlier in work.after_closings.of_case(case.id):
        if earlier.answered_at is None:
            work.after_closings.save(earlier.answered(OVERTAKEN, by=by, at=at))
    for later in asked_afterwards(why, closed_on=on, rules=rules.closing, days=rules.working_days):
        work.after_closings.add(replace(later, id=new_id(), case_id=case.id))
    work.note("case_closed", case=case.id, why=why)
    return closed
