"""What the chair does with an urgent item (D32): an extra item after the lock, a meeting now, in writing, or it can wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.ballot import Ballot
from bot.domain.calendar import local_date
from bot.domain.case import CaseNotFound
from bot.domain.decision import ReasonMissing
from bot.domain.meeting import Meeting, MeetingOver, MeetingState
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, NotForYou, Person, PersonId, Role, require
from bot.domain.presentation import (
    AlreadySettled,
    Presentation,
    TooLateToUndo,
    UrgentReasonMissing,
)
from bot.domain.rules import Rules
from bot.usecases.acting import acts_for
from bot.usecases.agenda_facts import view_of
from bot.usecases.agendas import write_regret
from bot.usecases.ballots import WRITTEN, Asking, begin, take_away
from bot.usecases.calling import Called, call, how_it_stands, members
from bot.usecases.cases import case_of, the_committee
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.hurrying import CANCELLED, show_chairs, tell_chairs
from bot.usecases.meetings import Meetings, extra_meeting, place, waiting
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.presenters import not_presented, presenters_of, presenting_notice
from bot.usecases.tools import Tools, UseCases, case_for, show_again
from bot.usecases.withdrawals import expect_not_held

EXTRA_ITEM, EXTRA_MEETING, CAN_WAIT = "extra_item", "extra_meeting", "can_wait"


@dataclass(frozen=True)
class UrgentTold:
    """The chair's message: to choose, or chosen by whom."""

    presentation: Presentation
    alias: str
    key: str
    area: AreaCode
    next_meeting: Meeting | None
    chosen: Meeting | None  # the meeting that was chosen
    by_name: str | None
    to_me: bool
    may_undo: bool
    written: Ballot | None = None  # how a written procedure stands
    offers_written: bool = False  # the municipality has allowed it
    called: Called | None = None  # how the call to an extraordinary meeting stands
    cancelled: date | None = None  # the day of the meeting the chair had chosen, which is not held


@dataclass(frozen=True)
class CanWait:
    """What the caseworker hears when the chair lets an urgent item wait for its turn."""

    alias: str
    key: str
    presentation: str
    reason: str | None = None


class Urgent(UseCases):
    def __init__(self, tools: Tools, meetings: Meetings) -> None:
        super().__init__(tools)
        self._meetings = meetings

    def ask(self, asked: Asked, presentation_id: str, *, reason: str | None) -> Presentation:
        """*Det haster*: of whatever is under way on a case, also long after it was asked for (A5). The chair hears at once.

        Raises CaseNotFound, NotForYou, UrgentReasonMissing, and AlreadySettled once the committee has had it on a meeting.
        """
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            acts = acts_for(work, case, asked.by, asked.today)
            if not before.may_be_hurried_by(asked.by, acts=acts):
                if before.urgent_reason:
                    return before  # it has been said already
                if not before.is_open:
                    raise AlreadySettled(state=before.state, by=None, at=before.settled_at)
                raise NotForYou
            expect_not_held(work, before)
            if reason not in self._rules.on(asked.today).choices.urgent:
                raise UrgentReasonMissing
            saved = work.presentations.save(
                replace(before, urgent_reason=reason, urgent_asked_by=asked.by.id)
            )
            work.note("urgent_asked", case=case.id, presentation=saved.id, reason=reason)
            tell_chairs(work, saved)
            return saved

    def take_back(self, asked: Asked, presentation_id: str) -> Presentation:
        """It does not haste after all, said by who said it did, until the chair has chosen (D35). Raises TooLateToUndo."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            if before.urgent_asked_by != asked.by.id or before.urgent_choice or not before.is_open:
                raise TooLateToUndo
            saved = work.presentations.save(
                replace(
                    before, urgent_reason=None, urgent_asked_by=None, urgent_round=before.urgent_round + 1
                )
            )
            work.note("urgent_taken_back", case=case.id, presentation=saved.id)
            work.notices.handle(f"urgent:{saved.id}:")
            return saved

    def extra_item(self, asked: Asked, presentation_id: str) -> Presentation:
        """*Ekstra punkt*: on the next agenda, also after the lock. One still with its leader comes on when referred."""
        with self._open_work(asked) as work:
            before = self._to_choose(work, asked, presentation_id)
            meeting = next_meeting(work, asked)
            if meeting is None:
                raise MeetingOver(state=None, day=None)
            return self._chosen(work, asked, before, EXTRA_ITEM, meeting)

    def extra_meeting(
        self,
        asked: Asked,
        presentation_id: str,
        *,
        day: date,
        starts: time,
        called: tuple[PersonId, ...] | None = None,
    ) -> Presentation:
        """*Indkald nu*: an extraordinary meeting with its own agenda and post, and the members who are called to it.

        None calls all. For whoever is away that day the alternates are asked (D31). Raises NobodyCalled, and what
        `Meetings.add_extra` does.
        """
        with self._open_work(asked) as work:
            before = self._to_choose(work, asked, presentation_id)
            meeting = extra_meeting(
                self._meetings, work, asked, day=day, starts=starts, minutes=60, id=self._chance.id()
            )
            until = asked.at + self._undo_for(asked)
            everybody = called if called is not None else members(work, asked)
            meeting = call(work, asked, meeting, _here(work, asked, meeting, everybody), until=until)
            return self._chosen(work, asked, before, EXTRA_MEETING, meeting)

    def can_wait(self, asked: Asked, presentation_id: str, *, reason: str | None) -> Presentation:
        """*Kan vente*: the caseworker hears it and why in ten minutes, with the sentence about the area's own duty."""
        with self._open_work(asked) as work:
            before = self._to_choose(work, asked, presentation_id)
            if reason not in self._rules.on(asked.today).choices.wait:
                raise ReasonMissing
            return self._chosen(work, asked, replace(before, urgent_wait_reason=reason), CAN_WAIT, None)

    def written(self, asked: Asked, presentation_id: str, asking: Asking) -> Presentation:
        """*Skriftlig behandling*: the members are asked in ten minutes. Raises what `ballots.begin` does."""
        with self._open_work(asked) as work:
            before = self._to_choose(work, asked, presentation_id)
            rules, until = self._rules.on(asked.today), asked.at + self._undo_for(asked)
            begin(work, rules, asked, before, asking, id=self._chance.id(), until=until)
            if before.meeting_id:
                show_again(work, before.meeting_id)
            return self._chosen(work, asked, waiting(before), WRITTEN, None)

    def undo(self, asked: Asked, presentation_id: str) -> Presentation:
        """The chair's own choice, taken back within ten minutes (D35). Raises TooLateToUndo."""
        require(asked.by, Role.CHAIR)
        with self._open_work(asked) as work:
            now = _brought_to_chair(work, asked, presentation_id)
            if not _may_undo(now, asked.by.id, asked.at, self._undo_for(asked)):
                raise TooLateToUndo
            meeting = work.meetings.find(now.urgent_meeting or "", lock=True)
            back = replace(now, urgent_choice=None, urgent_meeting=None, urgent_by=None, urgent_at=None)
            back = replace(back, urgent_wait_reason=None)
            if now.urgent_choice == WRITTEN:
                back = _where_it_stood(work, now, back, asked)
            if meeting and now.meeting_id == meeting.id:
                back = waiting(back)
            saved = work.presentations.save(back)
            if meeting and meeting.extra and now.urgent_choice == EXTRA_MEETING:
                gone = replace(meeting.moved(MeetingState.CANCELLED), cancelled_reason="other")
                work.meetings.save(replace(gone, undo_until=None))
                for kind in ("called", "regret", "stand_in"):
                    work.notices.handle(f"{kind}:{meeting.id}:")
            work.note("urgent_choice_undone", case=saved.case_id, presentation=saved.id)
            work.notices.handle(f"can_wait:{saved.id}:")
            if meeting:
                not_presented(work, saved.id)
                show_again(work, meeting.id)
            show_chairs(work, saved)
            return saved

    def of(self, asked: Asked, presentation_id: str) -> UrgentTold:
        """What the chair's message shows now. Raises CaseNotFound for what was never brought to the chair."""
        require(asked.by, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            _brought_to_chair(work, asked, presentation_id, lock=False)
            return _told(work, presentation_id, asked.by, asked.at, self._rules.on(asked.today))

    def _chosen(
        self, work: Work, asked: Asked, before: Presentation, choice: str, meeting: Meeting | None
    ) -> Presentation:
        chosen = replace(
            before,
            urgent_choice=choice,
            urgent_meeting=meeting.id if meeting else None,
            urgent_by=asked.by.id,
            urgent_at=asked.at,
        )
        if meeting and chosen.may_stand_on_an_agenda and chosen.meeting_id != meeting.id:
            chosen = place(work, self._rules.on(asked.today), chosen, meeting.id, asked.at)
        saved = work.presentations.save(chosen)
        work.note("urgent_chosen", case=saved.case_id, choice=choice)
        until = asked.at + self._undo_for(asked)
        if meeting and saved.meeting_id == meeting.id:
            self._tell_presenter(work, asked, saved, meeting, until)
            show_again(work, meeting.id)
        if choice == CAN_WAIT:
            key = f"can_wait:{saved.id}:{saved.version}"
            facts = {"presentation": saved.id}
            to = saved.requested_by
            work.notices.tell(Notice(key, "can_wait", to, facts, not_before=until, case_id=saved.case_id))
        show_chairs(work, saved)
        return saved

    def _tell_presenter(
        self, work: Work, asked: Asked, saved: Presentation, meeting: Meeting, until: datetime
    ) -> None:
        view = view_of(work, self._rules.on(asked.today), meeting, asked.at)
        line = next(i for i in view.lines if i.id == saved.id)
        for person in presenters_of(work, line):
            work.notices.tell(presenting_notice(meeting, person, [line], not_before=until))

    def _to_choose(self, work: Work, asked: Asked, presentation_id: str) -> Presentation:
        """An urgent request reaches the chair before any leader has answered, so the access rule is the chair's own here."""
        require(asked.by, Role.CHAIR)
        presentation = _brought_to_chair(work, asked, presentation_id)
        if presentation.urgent_reason is None or not presentation.is_open:
            raise AlreadySettled(state=presentation.state, by=None, at=presentation.settled_at)
        if presentation.urgent_choice:
            by = work.people.get(presentation.urgent_by or "").name
            raise AlreadySettled(state=presentation.urgent_choice, by=by, at=presentation.urgent_at)
        return presentation

    def _undo_for(self, asked: Asked) -> timedelta:
        return timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)


def _brought_to_chair(work: Work, asked: Asked, presentation_id: str, *, lock: bool = True) -> Presentation:
    """Raises CaseNotFound for what is neither urgent nor theirs: one answer for both (D11)."""
    presentation = work.presentations.get(presentation_id, lock=lock)
    if not asked.by.has(Role.CHAIR, committee=presentation.committee):
        raise CaseNotFound
    if presentation.urgent_reason is None:
        case_for(work, asked, presentation.case_id)
    return presentation


def _here(work: Work, asked: Asked, meeting: Meeting, called: tuple[PersonId, ...]) -> tuple[PersonId, ...]:
    """Those of them who are at work that day; of the others it is written that they cannot come."""
    away = {a.person for a in work.people.absences_between(meeting.day, meeting.day)}
    for seat in work.committees.seats(meeting.committee, on=meeting.day):
        if seat.person in away and seat.person in called and not seat.alternate:
            write_regret(work, meeting, seat, at=asked.at)
    return tuple(p for p in called if p not in away)


def next_meeting(work: Work, asked: Asked) -> Meeting | None:
    coming = work.meetings.next_after(the_committee(work, asked.by), asked.today, count=3)
    return next((m for m in coming if asked.at < m.begins), None)


def _where_it_stood(work: Work, now: Presentation, back: Presentation, asked: Asked) -> Presentation:
    """Nobody is asked any more, and the item stands where it stood. Raises TooLateToUndo once something is decided."""
    if not now.in_written_procedure:
        raise TooLateToUndo
    stood = take_away(work, now)
    before = work.meetings.find(stood) if stood else None
    if before is None or not before.is_ahead(asked.at):
        return back
    show_again(work, before.id)
    return replace(back, meeting_id=before.id)


def _may_undo(p: Presentation, me: str, at: datetime, within: timedelta) -> bool:
    return p.urgent_by == me and p.urgent_at is not None and at <= p.urgent_at + within


def _told(work: Work, presentation_id: str, me: Person, at: datetime, rules: Rules) -> UrgentTold:
    within = timedelta(minutes=rules.deadlines.undo_minutes)
    p = work.presentations.get(presentation_id)
    case = work.cases.get(p.case_id)
    coming = work.meetings.next_after(case.committee, local_date(at), count=3)
    chosen = work.meetings.find(p.urgent_meeting) if p.urgent_meeting else None
    return UrgentTold(
        presentation=p,
        alias=case.alias,
        key=case.key,
        area=p.area,
        next_meeting=next((m for m in coming if at < m.begins), None),
        chosen=chosen,
        called=how_it_stands(work, chosen) if chosen else None,
        by_name=work.people.get(p.urgent_by).name if p.urgent_by else None,
        to_me=p.urgent_by == me.id,
        may_undo=_may_undo(p, me.id, at, within),
        written=next(iter(work.ballots.of_presentation(p.id)), None) if p.urgent_choice == WRITTEN else None,
        offers_written=rules.deciding.written_procedure,
    )


def _tell_can_wait(telling: Telling) -> Told | None:
    case = case_of(telling)
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    if case is None or telling.recipient is None or presentation.urgent_choice != CAN_WAIT:
        return None
    told = CanWait(case.alias, case.key, presentation.id, presentation.urgent_wait_reason)
    return Told(told, telling.recipient.language)


def tellers(rules: RulesBook) -> dict[str, Teller]:
    def tell_urgent(telling: Telling) -> Told | None:
        me = telling.recipient
        item = telling.work.presentations.get(telling.notice.facts["presentation"])
        if me is None or not me.has(Role.CHAIR, committee=item.committee):
            return None
        told = _told(
            telling.work,
            item.id,
            me,
            telling.at,
            rules.on(local_date(telling.at)),
        )
        gone = telling.work.meetings.find(telling.notice.facts.get(CANCELLED, ""))
        return Told(replace(told, cancelled=gone.day) if gone else told, me.language)

    return {"urgent": tell_urgent, "can_wait": _tell_can_wait}
