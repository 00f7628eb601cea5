"""What others hear when a case is to be closed, does not hold, or comes back: found when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import local_date
from bot.domain.case import AgeBand, Stage
from bot.domain.presentation import Kind, State
from bot.domain.tracks import Mode
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import RulesBook


@dataclass(frozen=True)
class ClosingTold:
    case_id: str
    alias: str
    key: str
    by: str
    closing: str
    support_reason: str | None
    ended: bool  # somebody has died, moved or withdrawn
    day: date | None
    may_close: bool = False


@dataclass(frozen=True)
class AfterTold:
    case_id: str
    alias: str
    key: str
    by: str
    may_reopen: bool
    undone: bool = False  # whoever answered has taken it back


@dataclass(frozen=True)
class ReopenedTold:
    presentation: str
    alias: str
    key: str
    by: str
    reason: str
    proposed: bool  # the reader is asked to be the fixed caseworker again
    answered: str | None


def _closing(telling: Telling, *, advisory: bool) -> Told | None:
    case, work, reader = case_of(telling), telling.work, telling.recipient
    there = work.presentations.find(telling.notice.facts["presentation"])
    if case is None or there is None or reader is None or there.state == State.WITHDRAWN:
        return None
    r = there.recommendation
    meeting = work.meetings.find(there.meeting_id) if there.meeting_id else None
    asked_by = telling.notice.facts.get("by", there.requested_by)
    by = there.settled_by if there.state == State.DECIDED and there.settled_by else asked_by
    ready = there.kind == Kind.CLOSURE and there.state == State.READY
    told = ClosingTold(
        case_id=case.id,
        alias=case.alias,
        key=case.key,
        by=work.people.get(by).name,
        closing=r.closing or "",
        support_reason=r.support_reason,
        ended=case.is_stilled,
        day=meeting.day if meeting else None,
        may_close=advisory and ready and reader.leads(case.area),
    )
    return Told(told, reader.language)


@dataclass(frozen=True)
class WithdrawnTold:
    alias: str
    key: str
    band: AgeBand
    kind: Kind
    by: str
    day: date
    reason: str


def _withdrawn(telling: Telling) -> Told | None:
    work, reader, facts = telling.work, telling.recipient, telling.notice.facts
    there = work.presentations.find(facts["presentation"])
    if reader is None or there is None or there.settled_by is None or not reader.runs(there.committee):
        return None
    case = work.cases.get(there.case_id)
    by, day = work.people.get(there.settled_by).name, work.meetings.get(facts["meeting"]).day
    told = WithdrawnTold(case.alias, case.key, case.band_now, there.kind, by, day, facts["reason"])
    return Told(told, reader.language)


def _does_not_hold(telling: Telling) -> Told | None:
    case, reader = case_of(telling), telling.recipient
    if case is None or reader is None:
        return None
    by = telling.work.people.get(telling.notice.facts["by"]).name
    may = reader.leads(case.area) and case.stage == Stage.CLOSED
    undone = "undone" in telling.notice.facts
    return Told(AfterTold(case.id, case.alias, case.key, by, may, undone), reader.language)


def _reopened(telling: Telling) -> Told | None:
    case, work, reader = case_of(telling), telling.work, telling.recipient
    facts = telling.notice.facts
    there = work.presentations.find(facts["presentation"])
    if case is None or there is None or reader is None or not there.is_open:
        return None
    r = there.recommendation
    mine = r.caseworker == reader.id
    answered = "yes" if r.caseworker_said_yes_at else "no" if r.caseworker_said_no_at else None
    by = work.people.get(facts["by"]).name
    told = ReopenedTold(there.id, case.alias, case.key, by, facts["reason"], mine, answered if mine else None)
    return Told(told, reader.language)


def tellers(rules: RulesBook) -> dict[str, Teller]:
    """Whether the leader may close depends on the rules of the day (R106)."""

    def closing(telling: Telling) -> Told | None:
        advisory = rules.on(local_date(telling.at)).mode == Mode.ADVISORY
        return _closing(telling, advisory=advisory)

    return {
        "closing": closing,
        "closed": lambda telling: _closing(telling, advisory=False),
        "withdrawn": _withdrawn,
        "does_not_hold": _does_not_hold,
        "reopened": _reopened,
    }
