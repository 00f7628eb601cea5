"""*Genåbn*: a leader brings a case back, with the former caseworker proposed (T30)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.birth import Born
from bot.domain.case import CAN_COME_BACK, AgeBand, Case, IllegalMove, Stage
from bot.domain.closing import NobodyToPresent, ReopenReasonMissing
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role, require
from bot.domain.presentation import (
    NOT_EXCLUDED,
    QUESTIONS,
    Kind,
    OwnRequest,
    Presentation,
    PresentationOpen,
    Recommendation,
    State,
)
from bot.domain.target_group import check_band, check_exclusion, with_plan
from bot.usecases.closings import former_caseworker
from bot.usecases.ports import Asked, Work
from bot.usecases.referrals import Wish
from bot.usecases.tools import UseCases, case_for


@dataclass(frozen=True)
class ReopenView:
    case_id: str
    alias: str
    key: str
    band: AgeBand  # the one the citizen has come to: what is asked follows it
    former: PersonId | None  # None: no caseworker any more
    former_name: str | None
    presenters: tuple[tuple[PersonId, str], ...]


class Reopening(UseCases):
    def open(self, asked: Asked, case_id: str) -> ReopenView:
        """Raises CaseNotFound, NotForYou, IllegalMove."""
        with self._open_reading(at=asked.at) as work:
            case = _to_reopen(work, asked, case_id)
            former = former_caseworker(work, case)
            people = {p.id: p.name for p in work.people.holding(Role.CASEWORKER, case.area)}
            if former:
                people[former] = work.people.get(former).name
            named = sorted(people.items(), key=lambda item: (item[0] != former, item[1]))
            band = self._band(work, case, asked)
            return ReopenView(
                case.id, case.alias, case.key, band, former, people.get(former or ""), tuple(named)
            )

    def reopen(
        self,
        asked: Asked,
        case_id: str,
        *,
        reason: str | None,
        presenter: PersonId | None,
        wish: Wish,
        exemption: str | None = None,
    ) -> Presentation:
        """T30: the same case, alias and key, and a new treatment in the committee. Closed stays closed without this.

        It is a referral, so all that a referral asks is asked anew, of the leader; whoever presents the case, or is
        proposed for it, does not refer it (D3).

        The former caseworker is proposed as the fixed one, presents it unless another is chosen, and is told.
        Raises ReopenReasonMissing, NobodyToPresent, OwnRequest, what Wish.check and check_band raise,
        ObviouslyExcluded, PresentationOpen, IllegalMove, NotForYou, CaseNotFound.
        """
        with self._open_work(asked) as work:
            case = _to_reopen(work, asked, case_id, lock=True)
            if reason not in self._rules.on(asked.today).choices.reopen:  # T30
                raise ReopenReasonMissing
            who = self._presenter(work, case, presenter)
            if work.presentations.open_of(case.id, Kind.NEW):
                raise PresentationOpen
            former = former_caseworker(work, case)
            if self._rules.on(asked.today).deciding.two_persons and asked.by.id in (who, former):  # D3
                raise OwnRequest(other=_another_leader(work, asked, case))
            band = self._band(work, case, asked)
            wish.check(band, exempt=exemption is not None)  # T30: what a referral asks
            asked_for = check_exclusion(
                NOT_EXCLUDED not in wish.criteria,
                exemption,
                reasons=self._rules.on(asked.today).choices.exemption,
            )
            check_band(self._rules.on(asked.today), case, band)
            grown = replace(case.reopened(presenter=who), age_band=band, grown_to=None)
            _end_plan(work, case, asked)
            _end_advice(work, case, asked)
            back = work.cases.save(with_plan(grown, wish.consent_on) if wish.consent == "yes" else grown)
            new = replace(self._new(asked, back, who, former, wish), exemption=asked_for)
            presentation = work.presentations.add(new)
            work.note("case_reopened", case=case.id, reason=reason, presentation=presentation.id)
            if asked_for:
                work.note("exemption_asked", case=case.id, reason=asked_for)
            for person in dict.fromkeys(p for p in (former, who) if p):
                key = f"proposal:{presentation.id}:{person}"
                facts = {"presentation": presentation.id, "by": asked.by.id, "reason": reason}
                work.notices.tell(Notice(key, "reopened", person, facts, case_id=case.id))
            work.notices.handle(f"does_not_hold:{case.id}:")
            work.result(presentation.id)
            return presentation

    def _band(self, work: Work, case: Case, asked: Asked) -> AgeBand:
        """A new treatment is read by the age the citizen has come to, where the month of birth is known (X1, R042)."""
        month = work.cases.birth_month(case.id)
        band = self._rules.on(asked.today).ages.band(Born.read(month).age_on(asked.today)) if month else None
        return band or case.age_band

    def _presenter(self, work: Work, case: Case, wanted: PersonId | None) -> PersonId:
        who = work.people.find(wanted or former_caseworker(work, case) or "")
        if who is None or not who.has(Role.CASEWORKER):
            raise NobodyToPresent
        return who.id

    def _new(
        self, asked: Asked, case: Case, who: PersonId, former: PersonId | None, wish: Wish
    ) -> Presentation:
        """Referred by the leader who reopened it, and who has confirmed the criteria anew."""
        return Presentation(
            id=self._chance.id(),
            case_id=case.id,
            committee=case.committee,
            kind=Kind.NEW,
            area=case.area,
            requested_by=who,
            requested_at=asked.at,
            state=State.REFERRED,
            criteria=wish.criteria,
            questions=QUESTIONS,
            assessed_by=wish.assessed_by,
            consent_on=wish.consent_on,
            settled_by=asked.by.id,
            settled_at=asked.at,
            collector=who,
            recommendation=Recommendation(
                goals=case.goals, caseworker=former, caseworker_asked_at=asked.at if former else None
            ),
            rules_version=self._rules.on(asked.today).version,
        )


def _to_reopen(work: Work, asked: Asked, case_id: str, *, lock: bool = False) -> Case:
    require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
    case = case_for(work, asked, case_id, lock=lock)
    if not asked.by.leads(case.area):
        raise NotForYou
    if case.stage not in CAN_COME_BACK:
        raise IllegalMove(stage=case.stage, wanted=Stage.IN_REFERRAL)
    return case


def _end_plan(work: Work, case: Case, asked: Asked) -> None:
    """The measures of the earlier plan are history: they are in force no more, and nobody is asked to begin them."""
    for task in work.tasks.of_case(case.id):
        if task.is_running:
            locked = work.tasks.get(task.id, lock=True)
            work.tasks.save(replace(locked, stopped_on=case.closed_on or asked.today))


def _end_advice(work: Work, case: Case, asked: Asked) -> None:
    """Who was asked for advice in the earlier course, and did not answer, does not see the new one (R118, X11)."""
    for request in work.advice.of_case(case.id):
        if request.waits:
            work.advice.save(replace(request, answered_at=asked.at))
            work.notices.handle(f"advice:{request.id}:")


def _another_leader(work: Work, asked: Asked, case: Case) -> str | None:
    others = [p.name for p in work.people.holding(Role.AREA_LEADER, case.area) if p.id != asked.by.id]
    return others[0] if others else None
