"""*Vurdér forankring*: a rule set proposes where a case belongs, a named professional decides (R083, R084)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.anchoring import (
    FACTS,
    Anchor,
    AnchorReasonMissing,
    Belonging,
    Facts,
    RuleSet,
    What,
    propose,
    reason_for,
)
from bot.domain.birth import Born
from bot.domain.case import CAN_COME_BACK, Case
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, AreaMissing, NotForYou, Person, PersonId, Role
from bot.domain.rules import Rules
from bot.usecases.anchor_effect import bring_along
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.two_chairs import leaders_of


@dataclass(frozen=True)
class BelongingLine:
    """A row of a case's history, as a reader wants it."""

    what: What
    area: AreaCode
    since: date
    by: str | None  # a name; None: the committee decided
    reason: str
    proposed: AreaCode | None


@dataclass(frozen=True)
class AnchorForm:
    """What *Vurdér forankring* shows: where the case is, what is proposed for the chosen facts, and how it got here."""

    case_id: str
    alias: str
    key: str
    area: AreaCode
    payer: AreaCode | None
    rule_set: RuleSet
    chosen: tuple[str, ...]
    proposal: Anchor
    history: tuple[BelongingLine, ...]
    may_assess: bool


class Anchorings(UseCases):
    def form(self, asked: Asked, case_id: str, chosen: tuple[str, ...] = ()) -> AnchorForm:
        """The proposal for the answers given so far; they are kept nowhere. Raises CaseNotFound."""
        with self._open_reading(at=asked.at) as work:
            case = case_for(work, asked, case_id)
            rules = self._rules.on(asked.today)
            return AnchorForm(
                case_id=case.id,
                alias=case.alias,
                key=case.key,
                area=case.area,
                payer=case.payer,
                rule_set=rules.anchoring.in_force,
                chosen=chosen,
                proposal=_proposal(work, rules, case, chosen, asked.today),
                history=history(work, case.id),
                may_assess=may_assess(work, case, asked.by),
            )

    def assess(
        self,
        asked: Asked,
        case_id: str,
        *,
        chosen: tuple[str, ...],
        area: AreaCode,
        reason: str | None,
    ) -> Case:
        """The assessed anchor, with who, when, what was proposed by which set, and why. The payer stays (R108).

        Raises CaseNotFound, NotForYou, AreaMissing, AnchorReasonMissing.
        """
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if not may_assess(work, case, asked.by):
                raise NotForYou
            rules = self._rules.on(asked.today)
            if area not in {a.code for a in rules.areas}:
                raise AreaMissing
            proposal = _proposal(work, rules, case, chosen, asked.today)
            row = _assessed(case, asked, rules, proposal, area=area, reason=reason, id=self._chance.id())
            work.belongings.add(row)  # R084
            saved = work.cases.save(replace(case, area=area))
            work.note("anchor_assessed", case=case.id, area=area, reason=row.reason, proposed=proposal.area)
            if saved.area != case.area:
                bring_along(work, saved, rules, asked.today)
                self._tell_new_leaders(work, saved, asked.by.id)
            work.result(saved.id)
            return saved

    def _tell_new_leaders(self, work: Work, case: Case, by: PersonId) -> None:
        for leader in work.people.holding(Role.AREA_LEADER, case.area):
            if leader.id != by:
                key = f"anchored:{case.id}:{case.version}:{leader.id}"
                facts = {"case": case.id, "area": case.area}
                work.notices.tell(Notice(key, "anchored", leader.id, facts, case_id=case.id))


def may_assess(work: Work, case: Case, person: Person) -> bool:
    """A leader of the area it is anchored in, or its caseworker: the professional who answers for the assessment.

    Where nobody leads the area, the chair gives the case one that is led (T32). One that is over can be assessed before
    it is opened again: an adult comes back in the home area alone (R043, T30).
    """
    if not case.is_open and case.stage not in CAN_COME_BACK:
        return False
    if case.caseworker == person.id or person.leads(case.area):
        return True
    return person.has(Role.CHAIR, committee=case.committee) and not leaders_of(work.people.all(), case.area)


def _role_of(case: Case, person: Person) -> Role:
    if person.leads(case.area):
        return Role.AREA_LEADER
    return Role.CASEWORKER if case.caseworker == person.id else Role.CHAIR


def _proposal(work: Work, rules: Rules, case: Case, chosen: tuple[str, ...], today: date) -> Anchor:
    facts = Facts(_born(work, rules, case, today), **{f: f in chosen for f in FACTS})
    return propose(rules.anchoring.in_force, facts, today)


def _born(work: Work, rules: Rules, case: Case, today: date) -> Born:
    """The month the case knows; until then, somebody of the first age in its band."""
    month = work.cases.birth_month(case.id)
    if month:
        return Born.read(month)
    first, _ = rules.ages.years(case.age_band)
    return Born(today.year - first, today.month)


def _assessed(
    case: Case,
    asked: Asked,
    rules: Rules,
    proposal: Anchor,
    *,
    area: AreaCode,
    reason: str | None,
    id: str,  # noqa: A002 - every row has an id
) -> Belonging:
    rule_set = rules.anchoring.in_force
    try:
        why = reason_for(proposal, area, reason)
    except AnchorReasonMissing:
        raise AnchorReasonMissing(area=rules.area(proposal.area)) from None
    return Belonging(
        id=id,
        case_id=case.id,
        committee=case.committee,
        what=What.ANCHOR,
        area=area,
        since=asked.today,
        at=asked.at,
        by=asked.by.id,
        reason=why,
        rule_set=f"{rule_set.code}@{rule_set.version}",
        proposed=proposal.area,
        role=_role_of(case, asked.by),
    )


def history(work: Work, case: str) -> tuple[BelongingLine, ...]:
    """Where the case has been anchored and who has paid, the oldest first."""
    names = {p.id: p.name for p in work.people.all()}
    return tuple(
        BelongingLine(b.what, b.area, b.since, names.get(b.by or ""), b.reason, b.proposed)
        for b in work.belongings.of_case(case)
    )


@dataclass(frozen=True)
class Anchored:
    """What the leaders of the new area hear."""

    case_id: str
    alias: str
    key: str
    area: AreaCode


def _tell_anchored(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None or case.area != telling.notice.facts["area"]:
        return None
    return Told(Anchored(case.id, case.alias, case.key, case.area), telling.recipient.language)


TELLERS: dict[str, Teller] = {"anchored": _tell_anchored}
