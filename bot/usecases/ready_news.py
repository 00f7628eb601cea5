"""What is told while a case is made ready: who is proposed, what they answered, and what became of the mark (A3, T08, T09)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.case import AgeBand
from bot.domain.notices import Notice
from bot.domain.people import PersonId, Role
from bot.domain.presentation import ATTESTED, Presentation, State
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Work
from bot.usecases.slips import standing_or_next


@dataclass(frozen=True)
class ProposalTold:
    presentation: str
    alias: str
    key: str
    by_name: str
    answered: str | None  # yes | no | None: not yet
    who: str = ""


@dataclass(frozen=True)
class MarkLostTold:
    presentation: str
    band: AgeBand
    alias: str
    key: str
    by: str
    points: tuple[str, ...]


def tell_complete(work: Work, item: Presentation) -> None:
    """The leaders of its area hear that nothing is missing, and that it waits for their mark; anew after each mark."""
    for leader in work.people.holding(Role.AREA_LEADER, item.area):
        key = standing_or_next(work, f"complete:{item.id}:{leader.id}")
        facts = {"presentation": item.id}
        work.notices.tell(Notice(key, "complete", leader.id, facts, case_id=item.case_id))


def lose_mark(work: Work, item: Presentation, points: tuple[str, ...], *, by: PersonId) -> Presentation:
    """A gap has come in what was ready: the mark goes, and the leader who gave it hears which (T09, T13)."""
    if item.kind in ATTESTED and item.ready_by and item.ready_at and item.ready_by != by:
        key = f"mark_lost:{item.id}:{item.ready_by}:{item.ready_at.isoformat()}"
        facts = {"presentation": item.id, "by": by, "points": ",".join(points)}
        work.notices.tell(Notice(key, "mark_lost", item.ready_by, facts, case_id=item.case_id))
    back = item.moved(State.REFERRED) if item.state == State.READY else item
    return replace(back, ready_by=None, ready_at=None)


def _tell_proposal(telling: Telling) -> Told | None:
    person = telling.recipient
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    r = presentation.recommendation
    if (
        person is None
        or not presentation.is_open
        or r.caseworker != person.id
        or not person.has(Role.CASEWORKER)
    ):
        return None
    case = telling.work.cases.get(presentation.case_id)
    answered = "yes" if r.caseworker_said_yes_at else "no" if r.caseworker_said_no_at else None
    asker = telling.work.people.get(presentation.collector or presentation.requested_by).name
    return Told(ProposalTold(presentation.id, case.alias, case.key, asker, answered), person.language)


def _tell_proposal_answer(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None:
        return None
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    who = telling.work.people.get(telling.notice.facts["who"]).name
    answered = "yes" if presentation.recommendation.caseworker_said_yes_at else "no"
    told = ProposalTold(presentation.id, case.alias, case.key, "", answered, who)
    return Told(told, telling.recipient.language)


def _tell_complete(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None:
        return None
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    if presentation.state not in (State.REFERRED, State.POSTPONED):
        return None
    told = ProposalTold(presentation.id, case.alias, case.key, "", None)
    return Told(told, telling.recipient.language)


def _tell_mark_lost(telling: Telling) -> Told | None:
    """Silent once it has the mark again, or is decided."""
    case, facts = case_of(telling), telling.notice.facts
    item = telling.work.presentations.find(facts["presentation"])
    if case is None or item is None or telling.recipient is None:
        return None
    if item.state not in (State.REFERRED, State.POSTPONED) or item.ready_at is not None:
        return None
    by, points = telling.work.people.get(facts["by"]).name, tuple(facts["points"].split(","))
    return Told(
        MarkLostTold(item.id, case.band_now, case.alias, case.key, by, points), telling.recipient.language
    )


TELLERS: dict[str, Teller] = {
    "proposal": _tell_proposal,
    "proposal_answer": _tell_proposal_answer,
    "complete": _tell_complete,
    "mark_lost": _tell_mark_lost,
}
