"""What is told of a frame: what a use says, its receipt, its form and its page; and who hears of a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.frame import Entry, Frame, marks_reached
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, Person, Role
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.usecases.acting import acts_for
from bot.usecases.cases import CaseLine, case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Work


@dataclass(frozen=True)
class Use:
    """What the caseworker says was spent, or set aside."""

    amount: Kroner
    purpose: str
    spent_on: date
    commitment: bool = False
    period_until: date | None = None  # None: the purpose needs no period


@dataclass(frozen=True)
class Receipt:
    """What came of it: the amount and what is left, as they are to be echoed (D9)."""

    entry: Entry
    case_id: str
    alias: str
    left: Kroner
    share: float
    note: int  # the number of its journal entry
    today: date
    overdue_since: date | None = None  # the follow-up that should have been held


@dataclass(frozen=True)
class UseForm:
    """What the form is drawn from: the case, what is left, its purposes with the last used first."""

    line: CaseLine
    frame: Frame
    purposes: tuple[str, ...]
    today: date
    rules: Rules  # those the plan was decided under: they say what is given for a period (D8, R062)


@dataclass(frozen=True)
class EntryLine:
    entry: Entry
    reversed: bool
    may_undo: bool
    by_name: str


@dataclass(frozen=True)
class FrameView:
    """A frame on one page: the newest entries, what is set aside, and the one to repeat."""

    line: CaseLine
    frame: Frame
    entries: tuple[EntryLine, ...]  # newest first
    set_aside: tuple[tuple[Entry, Kroner], ...]  # open commitments, and what each still holds
    repeatable: Entry | None
    may_book: bool
    overdue_since: date | None


def is_fixed(case: Case, person: Person) -> bool:
    return case.caseworker == person.id and case.fixed_since is not None


def may_book(work: Work, case: Case, person: Person, day: date) -> bool:
    """The caseworker the committee has appointed, or whoever stands in that day; nobody else (R060)."""
    return case.fixed_since is not None and acts_for(work, case, person, day)


@dataclass(frozen=True)
class MarkTold:
    alias: str
    key: str
    case_id: str
    mark: int
    left: Kroner
    amount: Kroner
    may_ask: bool


def _tell_mark(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None:
        return None
    frame, mark = telling.work.frames.find(telling.notice.facts["frame"]), int(telling.notice.facts["mark"])
    if frame is None or not marks_reached(frame, (mark,)):
        return None
    may_ask = may_book(telling.work, case, telling.recipient, local_date(telling.at))
    told = MarkTold(case.alias, case.key, case.id, mark, frame.left, frame.amount, may_ask)
    return Told(told, telling.recipient.language)


@dataclass(frozen=True)
class NewFrameTold:
    alias: str
    key: str
    case_id: str
    by: str
    amount: Kroner
    reason: str
    to_mark: str | None = (
        None  # the presentation, for a leader whose »velbelyst« it waits for: its list was full at birth
    )


def _tell_new_frame(telling: Telling) -> Told | None:
    case = case_of(telling)
    presentation = telling.work.presentations.find(telling.notice.facts["presentation"])
    if case is None or telling.recipient is None or presentation is None or not presentation.is_open:
        return None
    terms, tick = presentation.recommendation.frame, presentation.ticks.get("reason")
    by = telling.work.people.get(telling.notice.facts.get("by", presentation.requested_by)).name
    amount = terms.amount if terms else Kroner(0)
    waits = presentation.state in (State.REFERRED, State.POSTPONED) and telling.recipient.leads(
        presentation.area
    )
    told = NewFrameTold(
        case.alias,
        case.key,
        case.id,
        by,
        amount,
        (tick.how if tick else None) or "other",
        presentation.id if waits else None,
    )
    return Told(told, telling.recipient.language)


def tell_controllers(work: Work, rules: Rules, entry: Entry, counter: Entry, reason: str) -> None:
    """T19: what has stood for more than seven days may have been reported on, so whoever reports hears of it."""
    if local_date(counter.at) - local_date(entry.at) <= timedelta(days=rules.frame.controller_hears_after):
        return
    for controller in work.people.holding(Role.CONTROLLER):
        key = f"old_correction:{counter.id}:{controller.id}"
        facts = {"entry": entry.id, "counter": counter.id, "reason": reason}
        work.notices.tell(Notice(key, "old_correction", controller.id, facts))


@dataclass(frozen=True)
class OldCorrectionTold:
    """By key, payer and purpose, as the controller's overview has it; no alias (privacy matrix)."""

    key: str
    payer: AreaCode
    purpose: str
    amount: Kroner
    written_on: date
    corrected_on: date
    reason: str


def _tell_old_correction(telling: Telling) -> Told | None:
    reader, work, facts = telling.recipient, telling.work, telling.notice.facts
    entry, counter = work.frames.entry(facts["entry"]), work.frames.entry(facts["counter"])
    if reader is None or not reader.has(Role.CONTROLLER) or entry is None or counter is None:
        return None
    frame = work.frames.get(entry.frame_id)
    key = work.cases.get(frame.case_id).key
    days = local_date(entry.at), local_date(counter.at)
    told = OldCorrectionTold(key, frame.payer, entry.purpose, counter.amount, *days, facts["reason"])
    return Told(told, reader.language)


TELLERS: dict[str, Teller] = {
    "frame_mark": _tell_mark,
    "new_frame": _tell_new_frame,
    "old_correction": _tell_old_correction,
}
