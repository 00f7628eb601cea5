"""What is told of a frame: what a use says, its receipt, its form and its page; and who hears of a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.frame import Entry, Frame, marks_reached
from bot.domain.money import Kroner
from bot.domain.people import Person
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


def _tell_new_frame(telling: Telling) -> Told | None:
    case = case_of(telling)
    presentation = telling.work.presentations.find(telling.notice.facts["presentation"])
    if case is None or telling.recipient is None or presentation is None or not presentation.is_open:
        return None
    terms, tick = presentation.recommendation.frame, presentation.ticks.get("reason")
    by = telling.work.people.get(telling.notice.facts.get("by", presentation.requested_by)).name
    amount = terms.amount if terms else Kroner(0)
    told = NewFrameTold(case.alias, case.key, case.id, by, amount, (tick.how if tick else None) or "other")
    return Told(told, telling.recipient.language)


TELLERS: dict[str, Teller] = {"frame_mark": _tell_mark, "new_frame": _tell_new_frame}
