"""A caseworker asks, a leader refers (R018-R020): the request, the leader's answer, and its undoing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, NotForYou, Person, PersonId, Role, require
from bot.domain.presentation import (
    CRITERIA,
    NOT_EXCLUDED,
    QUESTIONS,
    AssessmentMissing,
    ConsentDateMissing,
    ConsentMissing,
    CriteriaMissing,
    Declined,
    ItemsUnanswered,
    Kind,
    LeaderConflicted,
    OwnRequest,
    Presentation,
    PresentationOpen,
    Returned,
    State,
    TooLateToUndo,
    UrgentReasonMissing,
)
from bot.domain.significance import PlanMissing
from bot.domain.target_group import PlanRefused, check_band, check_exclusion, with_plan
from bot.usecases.acting import acts_for, may_send
from bot.usecases.adjustments import tell_brought_back
from bot.usecases.asked_leaders import pass_on, tell_one, told_of
from bot.usecases.hurrying import show_chairs, tell_chairs
from bot.usecases.meetings import place
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, already, case_for, show_again
from bot.usecases.withdrawals import check_withdrawal, take_up_the_rest, tell_secretary, withdraw_the_rest

CONSENTS = ("yes", "no", "not_yet")
ONE_BY_ONE = 3
"""So many requests that go on at once are told as messages of their own; more are read in the morning's overview."""


@dataclass(frozen=True)
class Wish:
    """What the caseworker says when asking for the committee."""

    criteria: tuple[str, ...] = ()
    questions: tuple[str, ...] = QUESTIONS
    urgent_reason: str | None = None
    urgent: bool = False
    assessed_by: str | None = None
    consent: str | None = None  # "yes" | "no" | "not_yet", asked of adults (R036)
    consent_on: date | None = None

    def check(self, band: AgeBand, *, exempt: bool = False) -> None:
        """Raises what is missing, on its field. `exempt`: the committee is asked though it is excluded (R035)."""
        missing = tuple(c for c in CRITERIA if c not in self.criteria and not (exempt and c == NOT_EXCLUDED))
        if missing:
            raise CriteriaMissing(missing=missing)
        if band == AgeBand.TEENS and not self.assessed_by:
            raise AssessmentMissing
        if band == AgeBand.ADULT:
            self._check_consent()
        if self.urgent and not self.urgent_reason:
            raise UrgentReasonMissing

    def _check_consent(self) -> None:
        if self.consent not in CONSENTS:  # T03
            raise ConsentMissing
        if self.consent == "yes" and self.consent_on is None:
            raise ConsentDateMissing
        if self.consent == "no":  # R036
            raise PlanRefused


@dataclass(frozen=True)
class Request:
    """A request as the leader, or the caseworker, needs it to act on."""

    presentation: Presentation
    alias: str
    key: str
    band: AgeBand
    by_name: str
    settled_by_name: str | None
    area: AreaCode
    meetings: tuple[tuple[str, date], ...] = ()
    collectors: tuple[tuple[PersonId, str], ...] = ()
    contacts: tuple[tuple[PersonId, str], ...] = ()
    may_undo: bool = False


class Referrals(UseCases):
    def request(self, asked: Asked, case_id: str, wish: Wish) -> Presentation:
        """T03. Raises CaseNotFound, NotForYou, CriteriaMissing, AssessmentMissing, UrgentReasonMissing, PresentationOpen."""
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if not may_send(work, case, asked.by, asked.today):
                raise NotForYou
            wish.check(case.band_now)  # T03
            rules = self._rules.on(asked.today)
            check_band(rules, case, case.band_now)
            if work.presentations.open_of(case.id, Kind.NEW):
                raise PresentationOpen
            stands_in = acts_for(work, case, asked.by, asked.today)
            asks_for = case.caseworker if stands_in else asked.by.id  # on their behalf (R060)
            presentation = work.presentations.add(
                Presentation(
                    id=self._chance.id(),
                    case_id=case.id,
                    committee=case.committee,
                    kind=Kind.NEW,
                    area=case.area,
                    requested_by=asks_for,
                    requested_at=asked.at,
                    criteria=wish.criteria,
                    questions=wish.questions,
                    urgent_reason=wish.urgent_reason if wish.urgent else None,
                    assessed_by=wish.assessed_by,
                    consent_on=wish.consent_on,
                    answer_by=rules.working_days.after(asked.today, rules.deadlines.leader_answers),
                    collector=asks_for,
                    rules_version=rules.version,
                )
            )
            asked_for = case.requested()
            work.cases.save(with_plan(asked_for, wish.consent_on) if wish.consent == "yes" else asked_for)
            work.note("referral_requested", case=case.id, presentation=presentation.id)
            self._tell_leaders(work, presentation)
            if presentation.urgent_reason:
                tell_chairs(work, presentation)
            work.result(presentation.id)
            return presentation

    def open(self, asked: Asked, presentation_id: str) -> Request:
        """For the leader's form: the request, the next meetings with room, and who may gather."""
        with self._open_reading(at=asked.at) as work:
            presentation = _seen(work, asked, presentation_id)
            case = work.cases.get(presentation.case_id)
            coming = work.meetings.next_after(case.committee, asked.today, count=6)
            gatherers = work.people.holding(Role.CASEWORKER, presentation.area)
            return replace(
                request_of(work, presentation, case),
                meetings=tuple((m.id, m.day) for m in coming if asked.at < m.begins),
                collectors=tuple((p.id, p.name) for p in gatherers),
                contacts=tuple(
                    (p.id, p.name)
                    for p in work.people.all()
                    if p.id != asked.by.id and _answers_for_an_area(p)
                ),
            )

    def refer(
        self,
        asked: Asked,
        presentation_id: str,
        *,
        collector: PersonId | None,
        meeting_id: str | None,
        excluded: bool = False,
        exemption: str | None = None,
    ) -> Presentation:
        """T07. Who is obviously without prospect is not referred, unless the committee is asked, with a reason (R035).

        Raises CaseNotFound, NotForYou, OwnRequest, AlreadySettled (with who and when), ObviouslyExcluded.
        """
        with self._open_work(asked) as work:
            before = self._to_settle(work, asked, presentation_id)
            rules = self._rules.on(asked.today)
            asked_for = check_exclusion(excluded, exemption, reasons=rules.choices.exemption)
            referred = replace(
                before.settled(
                    State.REFERRED, by=asked.by.id, at=asked.at, undo_until=self._undo_until(asked)
                ),
                collector=collector or before.requested_by,
                exemption=asked_for,
            )
            saved = work.presentations.save(place(work, rules, referred, meeting_id, asked.at))
            work.note("presentation_referred", case=saved.case_id, presentation=saved.id)
            if asked_for:
                work.note("exemption_asked", case=saved.case_id, reason=asked_for)
            self._answered(work, saved)
            return saved

    def return_(self, asked: Asked, presentation_id: str, *, missing: tuple[str, ...]) -> Presentation:
        """T04: back to the caseworker, with what is missing (R019)."""
        with self._open_work(asked) as work:
            before = self._to_settle(work, asked, presentation_id)
            if not missing:
                raise ItemsUnanswered(field="missing", missing=())
            rules = self._rules.on(asked.today)
            returned = replace(
                before.settled(
                    State.RETURNED, by=asked.by.id, at=asked.at, undo_until=self._undo_until(asked)
                ),
                returned=Returned(asked.by.id, asked.at, missing),  # T04, R019
                answer_by=rules.working_days.after(asked.today, rules.deadlines.caseworker_returns),
            )
            saved = work.presentations.save(returned)
            work.note("presentation_returned", case=saved.case_id, missing=",".join(missing))
            self._answered(work, saved)
            return saved

    def decline(
        self, asked: Asked, presentation_id: str, *, reason: str | None, area: AreaCode, contact: PersonId
    ) -> Presentation:
        """T06, R019: a reason, the area that answers now, and whom to ask there. The caseworker hears in ten minutes."""
        with self._open_work(asked) as work:
            before = self._to_settle(work, asked, presentation_id)
            reasons = self._rules.on(asked.today).choices.decline
            no = Declined.because(
                reasons, by=asked.by.id, at=asked.at, reason=reason, area=area, contact=contact
            )
            undo_until = self._undo_until(asked)
            settled = before.settled(State.DECLINED, by=asked.by.id, at=asked.at, undo_until=undo_until)
            saved = work.presentations.save(replace(settled, declined=no))
            case = work.cases.get(saved.case_id, lock=True)
            work.cases.save(case.moved(Stage.NOT_REFERRED))  # T06
            withdraw_the_rest(work, case, by=asked.by.id, at=asked.at)
            work.note("presentation_declined", case=saved.case_id, reason=no.reason, area=area)
            self._answered(work, saved, not_before=undo_until)
            return saved

    def undo(self, asked: Asked, presentation_id: str) -> Presentation:
        """The leader's own answer, taken back within ten minutes (D35). Raises TooLateToUndo."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id, lock=True)
            if not _may_undo(before, asked):
                raise TooLateToUndo
            back = replace(
                before.moved(State.REQUESTED),
                settled_by=None,
                settled_at=None,
                undo_until=None,
                returned=None,
                declined=None,
                meeting_id=None,
            )
            saved = work.presentations.save(back)
            if case.stage == Stage.NOT_REFERRED:
                work.cases.save(case.moved(Stage.IN_REFERRAL))
                take_up_the_rest(work, before)
            work.note("answer_undone", case=case.id, presentation=saved.id)
            work.notices.handle(f"answered:{saved.id}:")
            self._tell_leaders(work, saved)
            return saved

    def answer_missing(
        self, asked: Asked, presentation_id: str, *, answered: tuple[str, ...]
    ) -> Presentation:
        """T05: what was missing is in the case system now; sent again. Raises NotForYou, ItemsUnanswered."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            if asked.by.id != before.requested_by and not may_send(work, case, asked.by, asked.today):
                raise NotForYou
            if before.returned is None or before.state != State.RETURNED:
                raise already(before)
            left = tuple(m for m in before.returned.missing if m not in answered)
            if left:
                raise ItemsUnanswered(missing=left)
            rules = self._rules.on(asked.today)
            again = replace(
                before.moved(State.REQUESTED),
                returned=replace(before.returned, answered=answered),
                settled_by=None,
                settled_at=None,
                answer_by=rules.working_days.after(asked.today, rules.deadlines.leader_answers),
                passed_on_at=None,
            )
            saved = work.presentations.save(again)
            work.note("missing_answered", case=saved.case_id, presentation=saved.id)
            work.notices.handle(f"answered:{saved.id}:")
            self._tell_leaders(work, saved)
            return saved

    def withdraw(self, asked: Asked, presentation_id: str, *, reason: str | None) -> Presentation:
        """T14: caseworker or leader takes it back, with a reason; a new case is registered again.

        Doubt is taken back by who had it, and nobody else (R068). A follow-up stays: the frame hangs on it (R064).
        Raises WithdrawReasonMissing, OwnDoubt, NotForYou, AlreadySettled.
        """
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id, lock=True)
            check_withdrawal(
                work, asked, before, case, reason=reason, reasons=self._rules.on(asked.today).choices.withdraw
            )
            withdrawn = before.settled(State.WITHDRAWN, by=asked.by.id, at=asked.at, undo_until=None)
            saved = work.presentations.save(replace(withdrawn, meeting_id=None))
            if case.stage == Stage.IN_REFERRAL and before.kind == Kind.NEW:
                work.cases.save(case.not_asked_for())
            if before.kind == Kind.CLOSURE and case.is_stilled:  # its reminders run again (T28)
                work.cases.save(replace(case, ending=None))
            work.note("presentation_withdrawn", case=case.id, presentation=saved.id, reason=reason or "")
            if before.meeting_id:
                tell_secretary(work, before, reason or "other")
            for prefix in ("referral", "answered", "urgent", "brought_back", "new_frame"):
                work.notices.handle(f"{prefix}:{saved.id}:")
            return saved

    def raise_doubt(self, asked: Asked, case_id: str) -> Presentation:
        """T22: doubt alone is enough, needs no reason and no leader, and always goes on the agenda (R068, D18)."""
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if not acts_for(work, case, asked.by, asked.today):
                raise NotForYou
            if not case.is_open:
                raise PlanMissing
            if work.presentations.open_of(case.id, Kind.DOUBT):
                raise PresentationOpen
            coming = [
                m
                for m in work.meetings.next_after(case.committee, asked.today, count=3)
                if asked.at < m.begins
            ]
            doubt = work.presentations.add(
                Presentation(
                    id=self._chance.id(),
                    case_id=case.id,
                    committee=case.committee,
                    kind=Kind.DOUBT,
                    area=case.area,
                    requested_by=case.caseworker,  # whoever stands in asks on their behalf (R060)
                    requested_at=asked.at,
                    state=State.REFERRED,
                    meeting_id=coming[0].id if coming else None,
                    rules_version=self._rules.on(asked.today).version,
                )
            )
            work.note("doubt_raised", case=case.id, presentation=doubt.id)
            tell_brought_back(work, doubt, by=asked.by.id)
            if doubt.meeting_id:
                show_again(work, doubt.meeting_id)
            return doubt

    def waiting_for(self, asked: Asked) -> list[Request]:
        """The leader's queue: requests of the person's areas that nobody has answered."""
        with self._open_reading(at=asked.at) as work:
            return waiting_requests(work, asked.by)

    def pass_on_due(self, at: datetime) -> int:
        """Requests that no leader has answered in time go on to the area's deputies, each once (D31)."""
        today = local_date(at)
        with self._open_reading(at=at) as work:
            waiting = [p for p in work.presentations.in_states(State.REQUESTED) if p.is_unanswered(today)]
            due = [p.id for p in waiting if work.people.holding(Role.DEPUTY_LEADER, p.area)]
            together = Counter(p.area for p in waiting)
        each = OneByOne()
        for presentation_id in due:
            with each.alone(), self._open_work(at=at) as work:
                presentation = work.presentations.get(presentation_id, lock=True)
                if presentation.is_unanswered(today):  # nobody else has passed it on meanwhile
                    pass_on(work, presentation, at, by_itself=together[presentation.area] <= ONE_BY_ONE)
        each.over()
        return len(due)

    def _to_settle(self, work: Work, asked: Asked, presentation_id: str) -> Presentation:
        require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        presentation = work.presentations.get(presentation_id, lock=True)
        case = case_for(work, asked, presentation.case_id)
        if not asked.by.leads(presentation.area):  # R018
            raise NotForYou
        if presentation.state != State.REQUESTED:
            raise already(presentation, work)
        two_persons = self._rules.on(asked.today).deciding.two_persons
        if two_persons and _is_their_own(work, asked, presentation, case):  # T07, D3
            others = [p for p in work.people.holding(Role.AREA_LEADER, presentation.area) if p != asked.by]
            raise OwnRequest(other=others[0].name if others else None)
        if asked.by.id in presentation.conflicted_leaders:  # T07
            raise LeaderConflicted
        return presentation

    def _undo_until(self, asked: Asked) -> datetime:
        return asked.at + timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)

    def _tell_leaders(self, work: Work, presentation: Presentation) -> None:
        """Those of the case's own area hear of it, and not the committee (R009)."""
        for leader in work.people.holding(Role.AREA_LEADER, presentation.area):
            if leader.id != presentation.requested_by:
                tell_one(work, presentation, leader)  # R009

    def _answered(self, work: Work, saved: Presentation, *, not_before: datetime | None = None) -> None:
        """Every leader's message shows the answer; the caseworker is told it."""
        for leader in (
            *work.people.holding(Role.AREA_LEADER, saved.area),
            *work.people.holding(Role.DEPUTY_LEADER, saved.area),
        ):
            work.notices.retell(told_of(work, saved, leader))
        if saved.urgent_choice:
            show_chairs(work, saved)
        key = f"answered:{saved.id}:{saved.state}:{saved.version}"
        facts = {"presentation": saved.id}
        work.notices.tell(
            Notice(key, "answered", saved.requested_by, facts, not_before=not_before, case_id=saved.case_id)
        )


def waiting_requests(work: Work, leader: Person) -> list[Request]:
    """What waits for this leader; for a deputy only what has been passed on, or where no leader may answer."""
    found = []
    for area in leader.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER):
        for presentation in work.presentations.in_states(State.REQUESTED, area=area):
            mine = leader.has(Role.AREA_LEADER, area) or presentation.passed_on_at
            if mine and leader.id not in presentation.conflicted_leaders:
                found.append(request_of(work, presentation, work.cases.get(presentation.case_id)))
    return found


def _is_their_own(work: Work, asked: Asked, request: Presentation, case: Case) -> bool:
    return request.requested_by == asked.by.id or acts_for(work, case, asked.by, asked.today)


def _answers_for_an_area(person: Person) -> bool:
    return person.active and bool(person.areas_as(Role.CASEWORKER, Role.AREA_LEADER, Role.DEPUTY_LEADER))


def _may_undo(presentation: Presentation, asked: Asked) -> bool:
    mine = presentation.settled_by == asked.by.id
    in_time = presentation.undo_until is not None and asked.at <= presentation.undo_until
    return mine and in_time and presentation.state in (State.REFERRED, State.RETURNED, State.DECLINED)


def _seen(work: Work, asked: Asked, presentation_id: str) -> Presentation:
    presentation = work.presentations.get(presentation_id)
    case_for(work, asked, presentation.case_id)
    return presentation


def request_of(work: Work, presentation: Presentation, case: Case) -> Request:
    settled = work.people.find(presentation.settled_by) if presentation.settled_by else None
    return Request(
        presentation=presentation,
        alias=case.alias,
        key=case.key,
        band=case.band_now,
        by_name=work.people.get(presentation.requested_by).name,
        settled_by_name=settled.name if settled else None,
        area=presentation.area,
    )
