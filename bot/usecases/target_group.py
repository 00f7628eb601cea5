"""*Ingen samlet plan*: an adult's no, or a young person for whom it makes no sense, each with its day (R036, R037)."""

from __future__ import annotations

from datetime import date

from bot.domain.case import Case
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, Role
from bot.domain.target_group import consented, without_plan
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.slips import keep_slip
from bot.usecases.tools import UseCases, case_for
from bot.usecases.withdrawals import withdraw_the_rest


class TargetGroup(UseCases):
    def no_plan(self, asked: Asked, case_id: str, *, reason: str | None, on: date) -> Case:
        """Ends the plan track before a referral; the help goes on in the area, and its leaders are told so.

        Raises CaseNotFound, NotForYou, IllegalMove, NoPlanReasonMissing, ChoiceAhead.
        """
        with self._open_work(asked) as work:
            case = _to_choose(work, asked, case_id)
            reasons = self._rules.on(asked.today).choices.no_plan
            saved = work.cases.save(
                without_plan(case, reason=reason, on=on, today=asked.today, reasons=reasons)
            )
            withdraw_the_rest(work, saved, by=asked.by.id, at=asked.at)
            work.drafts.drop(asked.by.id, "referral.request", case.id)
            work.note("no_joint_plan", case=case.id, reason=str(reason), on=on.isoformat())
            for leader in work.people.holding(Role.AREA_LEADER, case.area):
                if leader.id != asked.by.id:
                    key = f"no_plan:{case.id}:{saved.version}:{leader.id}"
                    work.notices.tell(Notice(key, "no_plan", leader.id, {"case": case.id}, case_id=case.id))
            work.result(case.id)
            return saved

    def consent(self, asked: Asked, case_id: str, *, on: date | None) -> Case:
        """An adult's yes to a joint plan that was »ikke endnu« with the request (R036); at a meeting whoever runs it
        writes it down too. Raises CaseNotFound, NotForYou, ConsentThere, ChoiceAhead.
        """
        with self._open_work(asked) as work:
            case = _to_choose(work, asked, case_id, at_meeting=True)
            saved = work.cases.save(consented(case, on, today=asked.today))
            was = {"choice": case.plan_choice or "", "version": str(saved.version)}
            was |= {"shared": shared(work, case.id)}
            day = case.plan_choice_on.isoformat() if case.plan_choice_on else ""
            keep_slip(work, "consent", case.id, asked, day=day, **was)
            work.note("consent_recorded", case=case.id, on=str(saved.plan_choice_on))
            return saved


def shared(work: Work, case: str) -> str:
    """How often the case has been shared across areas, which needs the yes (X11)."""
    return str(len(work.gatherings.of_case(case)) + len(work.advice.of_case(case)))


def _to_choose(work: Work, asked: Asked, case_id: str, *, at_meeting: bool = False) -> Case:
    """What an adult, or a young person, has chosen is written down by the caseworker or a leader of the area."""
    case = case_for(work, asked, case_id, lock=True)
    runs = at_meeting and asked.by.runs(case.committee)
    if case.caseworker != asked.by.id and not asked.by.leads(case.area) and not runs:
        raise NotForYou
    return case


def _tell_no_plan(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None or case.plan_choice != "no":
        return None
    return Told(case, telling.recipient.language)


TELLERS: dict[str, Teller] = {"no_plan": _tell_no_plan}
