"""What is told while a case is made ready: who is proposed, what they answered, and that nothing is missing (A3, T08)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Role
from bot.domain.presentation import State
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told


@dataclass(frozen=True)
class ProposalTold:
    presentation: str
    alias: str
    key: str
    by_name: str
    answered: str | None  # yes | no | None: not yet
    who: str = ""


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


TELLERS: dict[str, Teller] = {
    "proposal": _tell_proposal,
    "proposal_answer": _tell_proposal_answer,
    "complete": _tell_complete,
}
