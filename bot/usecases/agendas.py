"""The agenda that builds itself: what the secretary and the members do with it (A4, R013)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.committee import Conflict, Mandate, Regret, Seat
from bot.domain.meeting import (
    AgendaLocked,
    Disqualified,
    Meeting,
    MeetingOver,
    NotAMember,
    NothingToConfirm,
    TakeOffReasonMissing,
    build_agenda,
    is_locked,
    material_deadline,
    reordered,
)
from bot.domain.notices import Notice
from bot.domain.people import ROLES_OF_A_COMMITTEE, AreaCode, Person, PersonId, Role, require
from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.usecases.agenda_facts import (
    Desk,
    ItemLine,
    MyAgenda,
    OpenedItem,
    concerns,
    current_meeting,
    desk_of,
    my_agenda,
    seat_of,
    view_of,
)
from bot.usecases.attendance import expect_people
from bot.usecases.calling import show_call
from bot.usecases.cases import own_areas
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.item_questions import may_answer, may_ask, question_lines
from bot.usecases.meetings import put_on, waiting
from bot.usecases.memory import memory_of
from bot.usecases.plans import sent_late
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.slips import keep_slip
from bot.usecases.taking_off import tell_taken_off
from bot.usecases.tools import UseCases, case_for, show_again


class Agendas(UseCases):
    # --- what a person is shown ---

    def mine(self, asked: Asked, meeting_id: str | None = None) -> MyAgenda:
        """*Vis min dagsorden*. For nobody's meeting in particular: the next one."""
        with self._open_reading(at=asked.at) as work:
            meeting = self._meeting(work, asked, meeting_id)
            return my_agenda(work, self._rules.on(asked.today), meeting, asked)

    def open_item(self, asked: Asked, presentation_id: str) -> OpenedItem:
        """*Åbn*: a look, written down before it is shown. Raises CaseNotFound, Disqualified."""
        with self._open_work(replace(asked, key=None)) as work:
            presentation, meeting = _standing(work, asked, presentation_id)
            if any(c.person == asked.by.id for c in work.presentations.conflicts(presentation.id)):
                raise Disqualified
            case = case_for(work, asked, presentation.case_id)
            view = view_of(work, self._rules.on(asked.today), meeting, asked.at)
            line = next(i for i in view.lines if i.id == presentation.id)
            work.look(case.id, what="agenda_item_opened")
            references = work.cases.references(case.id, own_areas(asked.by))
            proposed = presentation.recommendation.caseworker
            person = work.people.find(proposed) if proposed else None
            return OpenedItem(
                view=view,
                line=line,
                case=case,
                tail=references[0].tail if references else None,
                case_system_of=references[0].area if references else None,
                caseworker_name=person.name if person else None,
                is_member=seat_of(work, meeting, asked.by) is not None,
                me=asked.by.id,
                memory=memory_of(work, presentation),
                sent_late=sent_late(work, presentation),
                may_take_mark=presentation.mark_may_be_taken_by(asked.by),
                questions=question_lines(work, presentation),
                may_ask=may_ask(work, meeting, asked),
                may_answer=may_answer(work, case, asked, presentation),
            )

    def desk(self, asked: Asked, meeting_id: str | None = None) -> Desk:
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            return desk_of(work, self._rules.on(asked.today), asked, meeting_id)

    def desk_with(self, asked: Asked, presentation_id: str) -> Desk:
        """The desk of the meeting on whose agenda the item stands. Raises CaseNotFound, MeetingOver."""
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            _, meeting = _standing(work, asked, presentation_id)
            return desk_of(work, self._rules.on(asked.today), asked, meeting.id)

    # --- what the secretary does with an item (A4) ---

    def add(self, asked: Asked, presentation_id: str, meeting_id: str) -> Presentation:
        """*Tilføj* (T10). Raises AgendaLocked, MeetingFull, MeetingOver, PresenterAway, NobodyFromArea."""
        with self._open_work(asked) as work:
            presentation = self._to_arrange(work, asked, presentation_id)
            elsewhere = presentation.meeting_id or presentation.in_written_procedure
            if not presentation.may_stand_on_an_agenda or elsewhere:
                raise MeetingOver(state=presentation.state, day=None)
            rules = self._rules.on(asked.today)
            meeting = work.meetings.get(meeting_id, lock=True)  # two secretaries cannot fill the same minutes
            expect_people(work, rules, meeting, presentation)  # T10
            saved = work.presentations.save(put_on(work, rules, presentation, meeting_id, asked.at))
            work.note("put_on_agenda", case=saved.case_id, meeting=meeting_id)
            show_again(work, meeting_id)
            return saved

    def take_off(self, asked: Asked, presentation_id: str, *, reason: str | None) -> Presentation:
        """*Tag af* (T11): it waits for a place again; its presenter and leaders hear why.

        Raises TakeOffReasonMissing, AgendaLocked, MeetingOver.
        """
        if reason not in self._rules.on(asked.today).choices.postpone:
            raise TakeOffReasonMissing
        with self._open_work(asked) as work:
            presentation, meeting = self._unlocked(work, asked, presentation_id)
            saved = work.presentations.save(waiting(presentation))
            work.note("taken_off_agenda", case=saved.case_id, meeting=meeting.id, reason=reason)
            position = str(presentation.position or "")
            facts = {"meeting": meeting.id, "position": position, "version": str(saved.version)}
            keep_slip(work, "taken_off", saved.id, asked, **facts)
            tell_taken_off(work, saved, meeting.id, by=asked.by.id, reason=reason)  # T11
            show_again(work, meeting.id)
            return saved

    def shift(self, asked: Asked, presentation_id: str, *, by: int) -> Presentation:
        """*Flyt op* and *Flyt ned*; at the ends nothing changes."""
        with self._open_work(asked) as work:
            presentation, meeting = self._unlocked(work, asked, presentation_id)
            place = self._ids(work, asked, meeting).index(presentation.id) + by
            return self._stand_at(work, asked, presentation, meeting, place)

    def move_to(self, asked: Asked, presentation_id: str, *, number: int) -> Presentation:
        """*Flyt til…*: the item gets that number; the cases begin with 3."""
        with self._open_work(asked) as work:
            presentation, meeting = self._unlocked(work, asked, presentation_id)
            return self._stand_at(work, asked, presentation, meeting, number - 3)

    def set_minutes(self, asked: Asked, presentation_id: str, *, minutes: int) -> Presentation:
        """*Skift tid*."""
        with self._open_work(asked) as work:
            presentation, meeting = self._unlocked(work, asked, presentation_id)
            saved = work.presentations.save(replace(presentation, minutes=minutes))
            work.note("agenda_minutes", case=saved.case_id, minutes=str(minutes))
            show_again(work, meeting.id)
            return saved

    # --- what a member says before the meeting ---

    def confirm_mandate(self, asked: Asked, presentation_id: str) -> ItemLine:
        """*Jeg har kompetence* on one item (R013); a second time changes nothing. Raises NotAMember, Disqualified."""
        with self._open_work(asked) as work:
            presentation, meeting = _standing(work, asked, presentation_id)
            case_for(work, asked, presentation.case_id)
            self._member(work, meeting, asked)
            self._confirm(work, asked, presentation)
            show_again(work, meeting.id)
            view = view_of(work, self._rules.on(asked.today), meeting, asked.at)
            return next(i for i in view.lines if i.id == presentation.id)

    def confirm_all(self, asked: Asked, meeting_id: str) -> int:
        """*Bekræft kompetence* for every item of the meeting that concerns the member; gives how many."""
        with self._open_work(asked) as work:
            meeting = work.meetings.get(meeting_id)
            seat = self._member(work, meeting, asked)
            mine = my_agenda(work, self._rules.on(asked.today), meeting, asked)
            me = asked.by.id
            open_ones = [i for i in mine.lines if concerns(i, seat.area) and not i.answered_by(me)]
            if not open_ones:
                raise NothingToConfirm
            for line in open_ones:
                self._confirm(work, asked, line.item.presentation)
            show_again(work, meeting.id)
            return len(open_ones)

    def declare_conflict(self, asked: Asked, presentation_id: str) -> Presentation:
        """*Jeg er inhabil*: the item's line says no more to the channel, and nothing to the member (D34)."""
        with self._open_work(asked) as work:
            presentation, meeting = _standing(work, asked, presentation_id)
            case_for(work, asked, presentation.case_id)
            self._member(work, meeting, asked)
            work.presentations.put_conflict(Conflict(presentation.id, asked.by.id, asked.at))
            work.note("conflict_declared", case=presentation.case_id, presentation=presentation.id)
            show_again(work, meeting.id)
            return presentation

    def undo_conflict(self, asked: Asked, presentation_id: str) -> Presentation:
        with self._open_work(asked) as work:
            presentation, meeting = _standing(work, asked, presentation_id)
            work.presentations.drop_conflict(presentation.id, asked.by.id)
            case_for(work, asked, presentation.case_id)  # which the conflict had hidden
            work.note("conflict_undone", case=presentation.case_id, presentation=presentation.id)
            show_again(work, meeting.id)
            return presentation

    def send_regrets(self, asked: Asked, meeting_id: str) -> Meeting:
        """*Meld afbud*: the secretary hears of it, and the alternates of the area are asked (D31). Once."""
        with self._open_work(asked) as work:
            meeting = self._coming(work, asked, meeting_id)
            seat = self._member(work, meeting, asked)
            write_regret(work, meeting, seat, at=asked.at)
            return _stands_in_no_more(work, meeting, asked.by.id)

    def undo_regrets(self, asked: Asked, meeting_id: str) -> Meeting:
        """The member comes after all; whoever was to stand in need not."""
        with self._open_work(asked) as work:
            meeting = self._coming(work, asked, meeting_id)
            work.meetings.withdraw_regret(meeting.id, asked.by.id)
            kept = {a: s for a, s in meeting.stand_ins.items() if a != asked.by.id}
            saved = work.meetings.save(replace(meeting, stand_ins=kept))
            work.note("regrets_undone", meeting=meeting.id)
            tell_again(work, meeting, asked.by.id)
            return saved

    def stand_in(self, asked: Asked, meeting_id: str, absent: PersonId, *, yes: bool) -> Meeting:
        """An alternate's answer: the first who can stands in. Raises MeetingOver, NotAMember."""
        with self._open_work(asked) as work:
            meeting = self._coming(work, asked, meeting_id)
            seats = {s.person: s for s in work.committees.seats(meeting.committee, on=meeting.day)}
            if asked.by.id not in seats or absent not in seats or not seats[asked.by.id].alternate:
                raise NotAMember
            stand_ins = dict(meeting.stand_ins)
            if yes:
                stand_ins.setdefault(absent, asked.by.id)
            elif stand_ins.get(absent) == asked.by.id:
                del stand_ins[absent]
            saved = work.meetings.save(replace(meeting, stand_ins=stand_ins))
            work.note("stand_in_answered", meeting=meeting.id, answer="yes" if yes else "no")
            tell_again(work, meeting, absent)
            return saved

    # --- below ---

    def _confirm(self, work: Work, asked: Asked, presentation: Presentation) -> None:
        if any(c.person == asked.by.id for c in work.presentations.conflicts(presentation.id)):
            raise Disqualified
        work.presentations.put_mandate(Mandate(presentation.id, asked.by.id, asked.at))  # R013
        work.note("mandate_confirmed", case=presentation.case_id, presentation=presentation.id)

    def _coming(self, work: Work, asked: Asked, meeting_id: str) -> Meeting:
        meeting = work.meetings.get(meeting_id, lock=True)
        if not meeting.is_ahead(asked.at):
            raise MeetingOver(state=meeting.state, day=meeting.day)
        return meeting

    def _member(self, work: Work, meeting: Meeting, asked: Asked) -> Seat:
        seat = seat_of(work, meeting, asked.by)
        if seat is None:
            raise NotAMember
        return seat

    def _to_arrange(self, work: Work, asked: Asked, presentation_id: str) -> Presentation:
        presentation = work.presentations.get(presentation_id, lock=True)
        case_for(work, asked, presentation.case_id)
        require(asked.by, *ROLES_OF_A_COMMITTEE, committee=presentation.committee)
        return presentation

    def _unlocked(self, work: Work, asked: Asked, presentation_id: str) -> tuple[Presentation, Meeting]:
        """Raises AgendaLocked after the material deadline: people have planned by it."""
        presentation = self._to_arrange(work, asked, presentation_id)
        meeting = work.meetings.find(presentation.meeting_id or "", lock=True)
        if meeting is None or not meeting.is_ahead(asked.at):
            raise MeetingOver(state=meeting.state if meeting else presentation.state, day=None)
        if not presentation.may_stand_on_an_agenda:  # withdrawn since the button was drawn
            raise MeetingOver(state=presentation.state, day=None)
        rules = self._rules.on(asked.today)
        if is_locked(meeting, rules, asked.at):  # T11
            raise AgendaLocked(since=material_deadline(meeting, rules))
        return presentation, meeting

    def _ids(self, work: Work, asked: Asked, meeting: Meeting) -> tuple[str, ...]:
        standing = tuple(work.presentations.on_agenda(meeting.id))
        agenda = build_agenda(meeting, standing, self._rules.on(asked.today).agenda)
        return tuple(i.presentation.id for i in agenda.items)

    def _stand_at(
        self, work: Work, asked: Asked, presentation: Presentation, meeting: Meeting, place: int
    ) -> Presentation:
        """The whole order is kept from now on: what comes later stands last until it is moved."""
        order, moved = reordered(self._ids(work, asked, meeting), presentation.id, place), []
        for position, id in enumerate(order, start=1):  # noqa: A001
            standing = work.presentations.get(id, lock=True)
            if standing.position != position:
                work.presentations.save(replace(standing, position=position))
                moved.append(standing.case_id)
        for case in dict.fromkeys((presentation.case_id, *moved)):
            work.note("agenda_order", case=case, meeting=meeting.id)
        show_again(work, meeting.id)
        return work.presentations.get(presentation.id)

    def _meeting(self, work: Work, asked: Asked, meeting_id: str | None) -> Meeting:
        found = work.meetings.get(meeting_id) if meeting_id else current_meeting(work, asked)
        if found is None:
            raise MeetingOver(state=None, day=None)
        return found


def write_regret(work: Work, meeting: Meeting, seat: Seat, *, at: datetime) -> bool:
    """A member cannot come: the secretary hears of it and the alternates are asked (D31). False: said already."""
    if any(r.person == seat.person for r in work.meetings.regrets(meeting.id)):
        return False
    work.meetings.put_regret(Regret(meeting.id, seat.person, at))
    work.note("regrets_sent", meeting=meeting.id)
    show_call(work, meeting, seat.person)
    for secretary in work.people.holding(Role.SECRETARY, committee=meeting.committee):
        _tell_or_retell(work, f"regret:{meeting.id}:{seat.person}:{secretary.id}", "regret", secretary)
    for other in _alternates(work, meeting, seat):
        key = f"stand_in:{meeting.id}:{seat.person}:{other.person}"
        _tell_or_retell(work, key, "stand_in", work.people.get(other.person))
    return True


def regrets_while_away(
    work: Work, person: PersonId, first: date, last: date, deputy: PersonId | None = None, *, at: datetime
) -> int:
    """A member who is away these days sends regrets to each meeting in them (D31).

    The `deputy` the member names is lent the seat where the rules allow it: an alternate of the area, who is at work.
    """
    sent = 0
    for seat in work.committees.seats_of(person):
        for meeting in work.meetings.between(seat.committee, first, last):
            sits = not seat.alternate or person in meeting.stand_ins.values()
            if not (sits and meeting.is_ahead(at) and seat.holds_on(meeting.day)):
                continue
            sent += write_regret(work, meeting, seat, at=at)
            now = _stands_in_no_more(work, work.meetings.get(meeting.id, lock=True), person)
            if deputy and not seat.alternate:
                _lend_seat(work, now, seat, deputy)
    return sent


def _stands_in_no_more(work: Work, meeting: Meeting, person: PersonId) -> Meeting:
    """Whoever had said yes cannot after all: those they were to sit for lack somebody again, and that is shown."""
    if person not in meeting.stand_ins.values():
        return meeting
    kept = {a: s for a, s in meeting.stand_ins.items() if s != person}
    saved = work.meetings.save(replace(meeting, stand_ins=kept))
    for absent in meeting.stand_ins.keys() - kept:
        tell_again(work, saved, absent)
    return saved


def _lend_seat(work: Work, meeting: Meeting, seat: Seat, deputy: PersonId) -> None:
    """An alternate stands in at once, and may still say *Jeg kan ikke*; for anybody else the chair is told plainly."""
    if seat.person in meeting.stand_ins:
        return
    if _may_sit(work, meeting, seat, deputy):
        work.meetings.save(replace(meeting, stand_ins={**meeting.stand_ins, seat.person: deputy}))
        work.note("seat_lent", meeting=meeting.id, person=seat.person, deputy=deputy)
        tell_again(work, meeting, seat.person)
        return
    facts = {"meeting": meeting.id, "absent": seat.person, "deputy": deputy}
    for chair in work.people.holding(Role.CHAIR, committee=meeting.committee):
        if chair.id != seat.person:
            key = f"seat_not_lent:{meeting.id}:{seat.person}:{chair.id}"
            work.notices.tell(Notice(key, "seat_not_lent", chair.id, facts))
            work.notices.retell(key, **facts)


def _may_sit(work: Work, meeting: Meeting, seat: Seat, deputy: PersonId) -> bool:
    """Only an alternate of the same area sits for a member, on a day they are here and have sent no regrets."""
    away = {x.person for x in work.people.absences_between(meeting.day, meeting.day)}
    away |= {r.person for r in work.meetings.regrets(meeting.id)}
    busy = set(meeting.stand_ins.values())
    return any(s.person == deputy for s in _alternates(work, meeting, seat)) and deputy not in away | busy


def comes_after_all(work: Work, person: PersonId, first: date, last: date, *, at: datetime) -> None:
    """What `regrets_while_away` sent is taken back, and everybody told of it is shown so."""
    for seat in work.committees.seats_of(person):
        for meeting in work.meetings.between(seat.committee, first, last):
            sent = any(r.person == person for r in work.meetings.regrets(meeting.id))
            if not (sent and meeting.is_ahead(at)):
                continue
            work.meetings.withdraw_regret(meeting.id, person)
            work.note("regrets_undone", meeting=meeting.id)
            kept = {a: s for a, s in meeting.stand_ins.items() if a != person}
            if kept != meeting.stand_ins:
                work.meetings.save(replace(meeting, stand_ins=kept))
            tell_again(work, meeting, person)


def _standing(work: Work, asked: Asked, presentation_id: str) -> tuple[Presentation, Meeting]:
    """Raises MeetingOver for an item that has no meeting, and CaseNotFound where even that is not theirs to know."""
    presentation = work.presentations.get(presentation_id)
    meeting = work.meetings.find(presentation.meeting_id or "")
    if meeting is None:
        case_for(work, asked, presentation.case_id)
        raise MeetingOver(state=presentation.state, day=None)
    return presentation, meeting


def _alternates(work: Work, meeting: Meeting, seat: Seat) -> list[Seat]:
    """Those who may sit for the absent member: alternates from the same area."""
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    return [s for s in seats if s.alternate and s.area == seat.area and s.person != seat.person]


def _tell_or_retell(work: Work, key: str, kind: str, to: Person) -> None:
    if work.notices.retell(key):
        return
    _, meeting, absent, _ = key.split(":")
    work.notices.tell(Notice(key, kind, to.id, {"meeting": meeting, "absent": absent}))


def tell_again(work: Work, meeting: Meeting, absent: PersonId) -> None:
    """Everybody who was told of the absence is shown what is true now."""
    show_call(work, meeting, absent)
    for secretary in work.people.holding(Role.SECRETARY, committee=meeting.committee):
        work.notices.retell(f"regret:{meeting.id}:{absent}:{secretary.id}")
    for seat in work.committees.seats(meeting.committee, on=meeting.day):
        work.notices.retell(f"stand_in:{meeting.id}:{absent}:{seat.person}")
    for chair in work.people.holding(Role.CHAIR, committee=meeting.committee):
        work.notices.retell(f"seat_not_lent:{meeting.id}:{absent}:{chair.id}")


@dataclass(frozen=True)
class AbsenceTold:
    """A member cannot come: who, when, who stands in, and which items have nobody from their area."""

    meeting: Meeting
    absent: PersonId
    absent_name: str
    stand_in_name: str | None
    still: bool  # False: the member comes after all
    to_me: bool  # the reader is the one who stands in
    lacking: tuple[tuple[int, AreaCode], ...]


def _tell_absence(telling: Telling, rules: Rules) -> AbsenceTold:
    work, facts = telling.work, telling.notice.facts
    meeting, absent = work.meetings.get(facts["meeting"]), facts["absent"]
    stand_in = meeting.stand_ins.get(absent)
    view = view_of(work, rules, meeting, telling.at)
    return AbsenceTold(
        meeting=meeting,
        absent=absent,
        absent_name=work.people.get(absent).name,
        stand_in_name=work.people.get(stand_in).name if stand_in else None,
        still=any(r.person == absent for r in work.meetings.regrets(meeting.id)),
        to_me=telling.recipient is not None and telling.recipient.id == stand_in,
        lacking=tuple((line.item.number, area) for line in view.lines for area in line.lacking),
    )


@dataclass(frozen=True)
class SeatNotLent:
    """The member who is away named somebody who may not sit in the seat; who has been asked instead."""

    day: date
    absent: str
    deputy: str
    stand_in: str | None  # somebody has said yes since
    alternates: int


def _tell_not_lent(telling: Telling) -> Told | None:
    work, facts, reader = telling.work, telling.notice.facts, telling.recipient
    meeting = work.meetings.get(facts["meeting"])
    still = any(r.person == facts["absent"] for r in work.meetings.regrets(meeting.id))
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    seat = next((s for s in seats if s.person == facts["absent"]), None)
    if reader is None or not reader.has(Role.CHAIR, committee=meeting.committee) or not still or seat is None:
        return None
    names = {p.id: p.name for p in work.people.all()}
    stand_in = meeting.stand_ins.get(seat.person)
    told = SeatNotLent(
        meeting.day,
        names[seat.person],
        names[facts["deputy"]],
        names[stand_in] if stand_in else None,
        len(_alternates(work, meeting, seat)),
    )
    return Told(told, reader.language)


def tellers(rules: RulesBook) -> dict[str, Teller]:
    def tell(telling: Telling) -> Told | None:
        if telling.recipient is None or not telling.recipient.has_any_role:
            return None
        facts = _tell_absence(telling, rules.on(local_date(telling.at)))
        return Told(facts, telling.recipient.language)

    return {"regret": tell, "stand_in": tell, "seat_not_lent": _tell_not_lent}
