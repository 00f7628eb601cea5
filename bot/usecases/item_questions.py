"""Questions on an item before the meeting: asked by a member, answered by the presenter, shown at the table (R125)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.case import Case
from bot.domain.item_question import (
    ItemQuestion,
    ItemQuestionAnswered,
    ItemQuestionMissing,
)
from bot.domain.meeting import Disqualified, Meeting, MeetingOver, NotAMember
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, Person, PersonId, Role
from bot.domain.presentation import CAN_STAND_ON_AN_AGENDA, Presentation
from bot.usecases.acting import acts_for
from bot.usecases.agenda_facts import QuestionLine, seat_of
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.waiting import Waiting


@dataclass(frozen=True)
class QuestionView:
    """What a form, a receipt or a message shows."""

    presentation_id: str
    alias: str
    key: str
    line: QuestionLine | None = None


class ItemQuestions(UseCases):
    def form(self, asked: Asked, presentation_id: str) -> QuestionView:
        """Raises CaseNotFound, NotAMember, Disqualified, MeetingOver."""
        with self._open_reading(at=asked.at) as work:
            presentation, case = _to_ask(work, asked, presentation_id)
            return QuestionView(presentation.id, case.alias, case.key)

    def ask(self, asked: Asked, presentation_id: str, question: str | None) -> QuestionView:
        """The presenter, or whoever stands in, hears at once. The same question twice is one. Raises what `form` raises."""
        with self._open_work(asked) as work:
            presentation, case = _to_ask(work, asked, presentation_id, lock=True)
            if question not in self._rules.on(asked.today).choices.item_questions:
                raise ItemQuestionMissing
            there = [q for q in presentation.asked if (q.by, q.question) == (asked.by.id, question)]
            if not there:
                new = ItemQuestion(self._chance.id(), asked.by.id, asked.at, question)
                work.presentations.save(replace(presentation, asked=(*presentation.asked, new)))
                work.note(
                    "item_question_asked", case=case.id, presentation=presentation.id, question=question
                )
                presenter = _presenter(work, case, asked.today)
                facts = {"presentation": presentation.id, "question": new.id}
                key = f"item_question:{presentation.id}:{new.id}:{presenter}"
                work.notices.tell(Notice(key, "item_question", presenter, facts, case_id=case.id))
                there = [new]
            return QuestionView(presentation.id, case.alias, case.key, _line(work, there[0]))

    def answer_form(self, asked: Asked, presentation_id: str, question_id: str | None = None) -> QuestionView:
        """A question by its id, else the oldest that waits. Raises CaseNotFound, NotForYou, ItemQuestionAnswered."""
        with self._open_reading(at=asked.at) as work:
            presentation, case, found = _to_answer(work, asked, presentation_id, question_id)
            return QuestionView(presentation.id, case.alias, case.key, _line(work, found))

    def answer(
        self, asked: Asked, presentation_id: str, question_id: str, answer: str | None
    ) -> QuestionView:
        """Who asked hears, and it stands at the item. Raises what `answer_form` raises, ItemQuestionMissing."""
        with self._open_work(asked) as work:
            presentation, case, found = _to_answer(work, asked, presentation_id, question_id, lock=True)
            if answer not in self._rules.on(asked.today).choices.item_answers:
                raise ItemQuestionMissing(field="answer")
            done = found.answered(answer, by=asked.by.id, at=asked.at)
            kept = tuple(done if q.id == done.id else q for q in presentation.asked)
            work.presentations.save(replace(presentation, asked=kept))
            work.note("item_question_answered", case=case.id, presentation=presentation.id, answer=answer)
            work.notices.handle(f"item_question:{presentation.id}:{done.id}:")
            facts = {"presentation": presentation.id, "question": done.id}
            key = f"item_answer:{presentation.id}:{done.id}:{done.by}"
            work.notices.tell(Notice(key, "item_answer", done.by, facts, case_id=case.id))
            return QuestionView(presentation.id, case.alias, case.key, _line(work, done))


def question_lines(work: Work, presentation: Presentation) -> tuple[QuestionLine, ...]:
    """What has been asked on an item, and answered, in order."""
    return tuple(_line(work, q) for q in presentation.asked)


def may_ask(work: Work, meeting: Meeting, asked: Asked) -> bool:
    """A member who sits at the meeting, until it begins."""
    return meeting.is_ahead(asked.at) and asked.at < meeting.begins and _sits(work, meeting, asked.by)


def may_answer(work: Work, case: Case, asked: Asked, presentation: Presentation) -> bool:
    """Whoever presents the item, while a question waits."""
    waits = any(q.answer is None for q in presentation.asked)
    return waits and presentation.is_open and _presents(work, case, asked, presentation)


def questions_waiting(work: Work, person: Person, today: date) -> Iterator[Waiting]:
    """In I DAG, for whoever presents; the message has gone out already."""
    if not person.has(Role.CASEWORKER):
        return
    cases = {c.id: c for c in work.cases.looked_after_by(person.id, today)}
    for presentation in work.presentations.of_cases(cases, *CAN_STAND_ON_AN_AGENDA):
        case, left = cases[presentation.case_id], [q for q in presentation.asked if q.answer is None]
        meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id and left else None
        if meeting:
            yield Waiting("item_question", presentation.id, case.alias, meeting.day, missing=len(left))


def _sits(work: Work, meeting: Meeting, person: Person) -> bool:
    """A permanent member, or an alternate who has said yes."""
    seat = seat_of(work, meeting, person)
    return seat is not None and (not seat.alternate or person.id in meeting.stand_ins.values())


def _to_ask(
    work: Work, asked: Asked, presentation_id: str, *, lock: bool = False
) -> tuple[Presentation, Case]:
    presentation = work.presentations.get(presentation_id, lock=lock)
    if any(c.person == asked.by.id for c in work.presentations.conflicts(presentation.id)):
        raise Disqualified
    case = case_for(work, asked, presentation.case_id)
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    if meeting is None or not meeting.is_ahead(asked.at) or asked.at >= meeting.begins:
        raise MeetingOver(state=presentation.state, day=meeting.day if meeting else None)
    if not _sits(work, meeting, asked.by):
        raise NotAMember
    return presentation, case


def _to_answer(
    work: Work, asked: Asked, presentation_id: str, question_id: str | None, *, lock: bool = False
) -> tuple[Presentation, Case, ItemQuestion]:
    presentation = work.presentations.get(presentation_id, lock=lock)
    case = case_for(work, asked, presentation.case_id)
    if not _presents(work, case, asked, presentation):
        raise NotForYou
    found = [q for q in presentation.asked if q.answer is None and question_id in (None, q.id)]
    if not found or not presentation.is_open:
        raise ItemQuestionAnswered
    return presentation, case, found[0]


def _presents(work: Work, case: Case, asked: Asked, presentation: Presentation) -> bool:
    return asked.by.id == presentation.requested_by or acts_for(work, case, asked.by, asked.today)


def _presenter(work: Work, case: Case, today: date) -> PersonId:
    standing = work.substitutes.now_on(case.id, today)
    return standing.person if standing else case.caseworker


def _line(work: Work, q: ItemQuestion) -> QuestionLine:
    return QuestionLine(q.id, work.people.get(q.by).name, q.question, q.answer)


def _told(telling: Telling) -> tuple[QuestionView, Presentation] | None:
    case, facts = case_of(telling), telling.notice.facts
    presentation = telling.work.presentations.get(facts["presentation"])
    found = next((q for q in presentation.asked if q.id == facts["question"]), None)
    if case is None or telling.recipient is None or found is None:
        return None
    return QuestionView(presentation.id, case.alias, case.key, _line(telling.work, found)), presentation


def _tell_question(telling: Telling) -> Told | None:
    told = _told(telling)
    if told is None or telling.recipient is None or not told[1].is_open or told[0].line is None:
        return None
    return Told(told[0], telling.recipient.language) if told[0].line.answer is None else None


def _tell_answer(telling: Telling) -> Told | None:
    told = _told(telling)
    return Told(told[0], telling.recipient.language) if told and telling.recipient else None


TELLERS: dict[str, Teller] = {"item_question": _tell_question, "item_answer": _tell_answer}
