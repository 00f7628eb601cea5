"""Three-way and advisory meetings, and advice across areas: planned, held, remembered; nothing is decided there (R104, R107, R118)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.case import Case, CaseNotFound
from bot.domain.gathering import (
    AdviceAnswered,
    AdviceRequest,
    AdviceWhereMissing,
    Gathering,
    GatheringAhead,
    GatheringDayMissing,
    GatheringOutcomeMissing,
)
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, NotForYou, PersonId, Role
from bot.domain.presentation import Kind, Presentation, PresentationOpen, Recommendation, State
from bot.domain.rules import Rules
from bot.domain.target_group import expect_consent
from bot.usecases.acting import acts_for
from bot.usecases.cases import case_of
from bot.usecases.coming import put_on_next
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.waiting import Waiting

COMMITTEE = "committee"
"""Advice from the committee's own meeting: an item without a decision (R107)."""


@dataclass(frozen=True)
class GatheringWish:
    kind: str
    day: date | None
    participants: tuple[str, ...] = ()
    outcome: str | None = None

    @property
    def citizen_present(self) -> bool:
        """Of a meeting that has been held, those who are named were there."""
        return self.outcome is not None and "citizen" in self.participants


@dataclass(frozen=True)
class GatheringView:
    gathering: Gathering
    case: Case


@dataclass(frozen=True)
class AdviceView:
    request: AdviceRequest
    case: Case
    by: str
    answered_by: str | None
    may_answer: bool


class Gatherings(UseCases):
    def case(self, asked: Asked, case_id: str) -> Case:
        """For the forms. Raises CaseNotFound, NotForYou."""
        with self._open_reading(at=asked.at) as work:
            return _own(work, asked, case_id)

    def open(self, asked: Asked, gathering_id: str) -> GatheringView:
        with self._open_reading(at=asked.at) as work:
            found = work.gatherings.find(gathering_id)
            if found is None:
                raise CaseNotFound
            return GatheringView(found, _to_record(work, asked, found.case_id))

    def plan(self, asked: Asked, case_id: str, wish: GatheringWish) -> GatheringView:
        """Ahead: planned. Held already: recorded with its outcome. Raises what is missing, on its field."""
        with self._open_work(asked) as work:
            case = _own(work, asked, case_id, lock=True)
            choices = self._rules.on(asked.today).choices
            if wish.day is None or wish.kind not in choices.gatherings:
                raise GatheringDayMissing
            _check_outcome(wish.outcome, wish.day, asked.today)
            found = Gathering(
                id=self._chance.id(),
                case_id=case.id,
                kind=wish.kind,
                day=wish.day,
                planned_by=asked.by.id,
                participants=tuple(p for p in choices.participants if p in wish.participants),
                citizen_present=wish.citizen_present,
            )
            if wish.outcome:
                found = self._held(asked, found, wish.outcome, wish.day, wish.citizen_present)
            saved = work.gatherings.add(found)
            self._note(work, saved)
            return GatheringView(saved, case)

    def record(
        self, asked: Asked, gathering_id: str, *, day: date | None, outcome: str | None, citizen_present: bool
    ) -> GatheringView:
        """Two fields: when it was, and what came of it (B2)."""
        with self._open_work(asked) as work:
            found = work.gatherings.find(gathering_id, lock=True)
            if found is None:
                raise CaseNotFound
            case = _to_record(work, asked, found.case_id)
            if day is None:
                raise GatheringDayMissing
            if outcome not in self._rules.on(asked.today).choices.gathering_outcomes:  # R104
                raise GatheringOutcomeMissing
            _check_outcome(outcome, day, asked.today)
            saved = work.gatherings.save(self._held(asked, found, outcome, day, citizen_present))
            self._note(work, saved)
            return GatheringView(saved, case)

    def ask_advice(self, asked: Asked, case_id: str, *, where: AreaCode | None, question: str | None) -> str:
        """*Bed om råd*: an area's leaders are asked, or the committee's meeting; the case does not move (R118, R107).

        Another area is not asked about an adult who has not said yes to a joint plan (X11).
        Raises AdviceWhereMissing, ConsentNotGiven, PresentationOpen, NotForYou. Gives the request's id, or the presentation's.
        """
        with self._open_work(asked) as work:
            case = _own(work, asked, case_id, lock=True)
            rules = self._rules.on(asked.today)
            if question not in rules.choices.advice_questions:
                raise AdviceWhereMissing(field="question")
            if where == COMMITTEE:
                return self._advisory_item(work, asked, case, question, rules).id
            if where is None or where not in [a.code for a in rules.areas]:
                raise AdviceWhereMissing
            if where != case.area:
                expect_consent(case, field="where")  # X11
            request = work.advice.add(
                AdviceRequest(self._chance.id(), case.id, where, question, asked.by.id, asked.at)
            )
            work.note("advice_asked", case=case.id, area=where, question=question)
            for leader in work.people.holding(Role.AREA_LEADER, where):
                key = f"advice:{request.id}:{leader.id}"
                facts = {"advice": request.id}
                work.notices.tell(Notice(key, "advice", leader.id, facts, case_id=case.id))
            work.result(request.id)
            return request.id

    def open_advice(self, asked: Asked, advice_id: str) -> AdviceView:
        """For the leader who is asked. Raises CaseNotFound, AdviceAnswered."""
        with self._open_reading(at=asked.at) as work:
            request = _to_answer(work, asked, advice_id)
            return _advice_view(work, asked, request, work.cases.get(request.case_id))

    def answer_advice(self, asked: Asked, advice_id: str, answer: str | None) -> AdviceView:
        """By a code. The case stays where it is; its caseworker hears. Raises AdviceAnswered, CaseNotFound."""
        with self._open_work(asked) as work:
            request = _to_answer(work, asked, advice_id, lock=True)
            case = work.cases.get(request.case_id)
            if answer not in self._rules.on(asked.today).choices.advice_answers:
                raise AdviceWhereMissing(field="answer")
            saved = work.advice.save(request.answered(answer, by=asked.by.id, at=asked.at))
            work.note("advice_answered", case=case.id, area=saved.area, answer=answer)
            work.notices.handle(f"advice:{saved.id}:")
            for person in dict.fromkeys((saved.asked_by, case.caseworker)):
                key = f"advice_answer:{saved.id}:{person}"
                work.notices.tell(Notice(key, "advice_answer", person, {"advice": saved.id}, case_id=case.id))
            return _advice_view(work, asked, saved, case)

    def _advisory_item(
        self, work: Work, asked: Asked, case: Case, question: str, rules: Rules
    ) -> Presentation:
        """An item for advice: talked through, never decided (R107)."""
        if work.presentations.open_of(case.id, Kind.ADVISORY):
            raise PresentationOpen
        blank = Presentation(
            id=self._chance.id(),
            case_id=case.id,
            committee=case.committee,
            kind=Kind.ADVISORY,
            area=case.area,
            requested_by=asked.by.id,
            requested_at=asked.at,
            state=State.REFERRED,
            questions=(question,),
            collector=asked.by.id,
            recommendation=Recommendation(goals=case.goals),
            rules_version=rules.version,
        )
        item = work.presentations.add(put_on_next(work, rules, blank, asked.at))
        work.note("advice_asked", case=case.id, area=COMMITTEE, question=question)
        work.result(item.id)
        return item

    def _held(self, asked: Asked, found: Gathering, outcome: str, day: date, present: bool) -> Gathering:
        return found.held(outcome, day=day, citizen_present=present, by=asked.by.id, at=asked.at)

    def _note(self, work: Work, saved: Gathering) -> None:
        did = "planned" if saved.is_planned else "held"
        facts = {"gathering": saved.id, "outcome": saved.outcome or ""}
        work.note(f"{saved.kind}_{did}", case=saved.case_id, **facts)


def _to_record(work: Work, asked: Asked, case_id: str) -> Case:
    """What came of a meeting is said by the case's caseworker, or whoever stands in today (T25)."""
    case = case_for(work, asked, case_id)
    if not acts_for(work, case, asked.by, asked.today) or not case.is_open:
        raise NotForYou
    return case


def _own(work: Work, asked: Asked, case_id: str, *, lock: bool = False) -> Case:
    """Only a case's own caseworker plans its meetings and asks for advice."""
    case = case_for(work, asked, case_id, lock=lock)
    if case.caseworker != asked.by.id or not case.is_open:
        raise NotForYou
    return case


def _check_outcome(outcome: str | None, day: date, today: date) -> None:
    if outcome and day > today:
        raise GatheringAhead(day=day)
    if not outcome and day < today:
        raise GatheringOutcomeMissing


def _to_answer(work: Work, asked: Asked, advice_id: str, *, lock: bool = False) -> AdviceRequest:
    """What the person may answer; nobody is asked any more about a case that is over. Raises CaseNotFound, AdviceAnswered."""
    request = work.advice.find(advice_id, lock=lock)
    if request is None or not asked.by.leads(request.area):
        raise CaseNotFound
    if request.answer:
        raise AdviceAnswered(by=work.people.get(request.answered_by or "").name)
    if not request.waits:
        raise CaseNotFound
    case_for(work, asked, request.case_id)
    return request


def _advice_view(work: Work, asked: Asked, request: AdviceRequest, case: Case) -> AdviceView:
    return AdviceView(
        request=request,
        case=case,
        by=work.people.get(request.asked_by).name,
        answered_by=work.people.get(request.answered_by).name if request.answered_by else None,
        may_answer=request.waits and asked.by.leads(request.area),
    )


def gathering_lines(work: Work, person: PersonId, today: date, rules: Rules) -> Iterator[Waiting]:
    """The working day after a planned meeting: what came of it?"""
    mine = [c.id for c in work.cases.looked_after_by(person, today)]
    for found in work.gatherings.planned_on(mine) if mine else []:
        due = rules.working_days.after(found.day, 1)
        case = work.cases.get(found.case_id)
        if due <= today and not case.is_stilled:
            key = f"gathering:{found.id}"
            yield Waiting(
                "gathering", found.id, case.alias, found.day, code=found.kind, reminders=((key, due),)
            )


# --- words ---


def _tell_advice(telling: Telling) -> Told | None:
    reader, work = telling.recipient, telling.work
    request = work.advice.find(telling.notice.facts["advice"])
    case = case_of(telling)
    if (
        case is None
        or reader is None
        or request is None
        or not request.waits
        or not reader.leads(request.area)
    ):
        return None
    by = work.people.get(request.asked_by).name
    return Told(AdviceView(request, case, by, None, True), reader.language)


def _tell_advice_answer(telling: Telling) -> Told | None:
    case, work, reader = case_of(telling), telling.work, telling.recipient
    request = work.advice.find(telling.notice.facts["advice"])
    if case is None or reader is None or request is None or not request.answered_by:
        return None
    answered_by = work.people.get(request.answered_by).name
    return Told(AdviceView(request, case, "", answered_by, False), reader.language)


TELLERS: dict[str, Teller] = {"advice": _tell_advice, "advice_answer": _tell_advice_answer}
