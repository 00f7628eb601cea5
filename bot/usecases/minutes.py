"""Minutes: composed from what was recorded, approved by another than the recorder (D19), one per case (D40)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.amendment import as_it_stood
from bot.domain.ballot import Ballot, BallotState, minuted_ballot
from bot.domain.case import AgeBand
from bot.domain.committee import SeatKind
from bot.domain.decision import kind_decided
from bot.domain.meeting import (
    Agenda,
    Meeting,
    MeetingOver,
    MeetingState,
    Minuted,
    MinutesApproved,
    OwnMinutes,
    build_agenda,
    in_order,
)
from bot.domain.notices import Notice
from bot.domain.overtaking import Ended, ended_by, ended_in
from bot.domain.people import AreaCode, NotForYou, Person, PersonId, Role
from bot.domain.presentation import Decision, Kind, Recommendation
from bot.domain.rules import Rules
from bot.domain.task import Task
from bot.usecases import decided
from bot.usecases.approval import Approval
from bot.usecases.cases import the_committee
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.mandates import sitting_of
from bot.usecases.ports import Asked, NotHere, Work
from bot.usecases.tools import UseCases, case_for

LOOK_BACK = timedelta(days=31)
"""How long a meeting whose minutes are not approved stays in people's Home."""


@dataclass(frozen=True)
class MinutesLine:
    number: int
    presentation_id: str
    alias: str
    kind: Kind
    decision: Decision
    written: bool = False  # in written procedure since the last meeting (D32)


@dataclass(frozen=True)
class MinutesView:
    """The meeting's decisions, a line each."""

    meeting: Meeting
    lines: tuple[MinutesLine, ...]
    recorded_by: str | None
    approved_by: str | None
    may_approve: bool
    may_correct: bool
    days: dict[str, date]  # meetings that items were put off to
    ended: tuple[
        tuple[str, Ended], ...
    ] = ()  # cases that are closed beside other items of theirs: alias, and which


@dataclass(frozen=True)
class Attendant:
    """A person as the minutes say it: by role and area, never by name (G2)."""

    role: str  # of `seat_…` or `role_…` in terms.j2
    area: AreaCode | None
    seated: bool


@dataclass(frozen=True)
class CaseMinutes:
    """The minutes of one case: what is journaled in the case system (D40)."""

    meeting: Meeting
    committee: str
    language: str
    number: int
    alias: str
    key: str
    band: AgeBand  # what the citizen was called by when it was decided
    kind: Kind
    decision: Decision
    presentation_id: str
    caseworker_area: AreaCode | None
    people: dict[PersonId, Attendant]
    absent: tuple[PersonId, ...]
    tasks: tuple[Task, ...]
    tasks_due_on: date
    to_day: date | None
    approved_by: Attendant | None
    written: Ballot | None = None  # how it was decided, when without a meeting (D32)
    unconfirmed: tuple[PersonId, ...] = ()  # who had not confirmed a mandate before the meeting (R013)
    in_writing: bool = False  # a briefing that was read before the meeting (R140)
    ended_by: int | None = None  # the item under which the case was closed at the same meeting
    amended_by: Attendant | None = None  # who made this version; None: it is the approved one
    newest: int = 1  # the version that stands; a lower one here is superseded
    may_amend: bool = False

    @property
    def version(self) -> int:
        return self.meeting.minutes_version

    @property
    def superseded(self) -> bool:
        return self.version < self.newest


class Minutes(UseCases):
    def show(self, asked: Asked, meeting_id: str) -> MinutesView:
        """Raises NotForYou."""
        with self._open_reading(at=asked.at) as work:
            meeting = _readable(work, asked, meeting_id)
            return minutes_view(work, meeting, asked.by, asked.at)

    def of_case(
        self, asked: Asked, meeting_id: str, presentation_id: str, *, version: int = 0
    ) -> CaseMinutes:
        """Opens the minutes of one case: a look (D21). `version` 0 is the one that stands. Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            newest = work.meetings.get(meeting_id)
            meeting = as_it_stood(newest, version)
            minuted = minuted_in(work, meeting, presentation_id)
            case = case_for(work, asked, minuted.case_id)
            work.look(case.id, what="minutes_opened")
            approved = newest.state == MeetingState.APPROVED and not minuted.written
            return replace(
                self._case_minutes(work, meeting, minuted),
                newest=newest.minutes_version,
                may_amend=approved and meeting is newest and asked.by.runs(meeting.committee),
            )

    def approve(self, asked: Asked, meeting_id: str) -> MinutesView:
        """*Godkend referat* (T15, T17, D19): everything the committee decided takes effect, in one transaction.

        Raises NotForYou, OwnMinutes, MinutesApproved (by whom, when), MeetingOver. Nothing happens twice.
        """
        with self._open_work(asked) as work:
            meeting = work.meetings.get(meeting_id, lock=True)
            rules = self._rules.on(meeting.day)
            _check_approval(work, asked, meeting)
            record = _as_recorded(work, meeting)
            approved = replace(
                meeting.moved(MeetingState.APPROVED),
                approved_by=asked.by.id,
                approved_at=asked.at,
                record=record,
            )
            takes_effect = tuple(m for m in record if not _has_effect(work, m))
            Approval(
                work,
                replace(approved, record=takes_effect),
                rules=rules,
                at=asked.at,
                by=asked.by.id,
                new_id=self._chance.id,
            ).carry_out()
            self._enter_written(work, approved)
            saved = work.meetings.save(approved)
            work.note("minutes_approved", meeting=saved.id)
            tell_chairs(work, saved)
            work.notices.retell(saved.post_key)
            return minutes_view(work, saved, asked.by, asked.at)

    def _enter_written(self, work: Work, meeting: Meeting) -> None:
        """What was decided in writing is approved along with the minutes it is entered in (D32)."""
        for ballot in written_since(work, meeting):
            entered = replace(ballot, minuted_in=meeting.id)
            if ballot.state == BallotState.AGREED:
                by, at = meeting.approved_by, meeting.approved_at
                entered = replace(
                    entered.moved(BallotState.APPROVED), approved_by=by, approved_at=at, meeting_id=meeting.id
                )
                work.notices.handle(f"ballot_agreed:{ballot.id}:")
            work.ballots.save(entered)
            facts = {"meeting": meeting.id, "presentation": ballot.presentation_id}
            work.note("minutes_entered", case=ballot.case_id, **facts)

    def _case_minutes(self, work: Work, meeting: Meeting, minuted: Minuted) -> CaseMinutes:
        rules = self._rules.on(meeting.day)
        case = work.cases.get(minuted.case_id)
        committee = work.committees.get(meeting.committee)
        d = minuted.decision
        caseworker = work.people.find(d.final.caseworker) if d.final and d.final.caseworker else None
        seats = work.committees.seats(meeting.committee, on=meeting.day)
        written = _written_of(work, minuted) if minuted.written else None
        item = work.presentations.get(minuted.presentation_id)
        unconfirmed = () if written else sitting_of(work, meeting, item).unconfirmed
        people = _attendants(work, meeting, d, *(written.voters if written else unconfirmed))
        to = work.meetings.find(d.to_meeting) if d.to_meeting else None
        return CaseMinutes(
            meeting=meeting,
            committee=committee.name,
            language=committee.language,
            number=minuted.number,
            alias=case.alias,
            key=case.key,
            band=minuted.band or case.band_now,
            kind=minuted.kind,
            decision=d,
            presentation_id=minuted.presentation_id,
            caseworker_area=next(iter(caseworker.areas_as(Role.CASEWORKER)), None) if caseworker else None,
            people=people,
            absent=tuple(s.person for s in seats if not s.alternate and s.person not in meeting.attending),
            tasks=tuple(
                t for t in work.tasks.of_meeting(meeting.id) if t.presentation_id == minuted.presentation_id
            ),
            tasks_due_on=rules.working_days.after(meeting.day, rules.deadlines.task_days),
            to_day=to.day if to else None,
            approved_by=_attendant(work, meeting, meeting.approved_by) if meeting.approved_by else None,
            written=written,
            unconfirmed=unconfirmed,
            in_writing=item.in_writing,
            ended_by=ended_by(meeting.record or _as_recorded(work, meeting), minuted.presentation_id),
            amended_by=_attendant(work, meeting, meeting.amended_by) if meeting.amended_by else None,
        )


def agenda_of(work: Work, meeting: Meeting, rules: Rules) -> Agenda:
    return build_agenda(meeting, tuple(work.presentations.on_agenda(meeting.id)), rules.agenda)


def approvers(work: Work, meeting: Meeting) -> list[Person]:
    """Who may approve: chairs and management representatives, but not who recorded (D19).

    Whoever recorded an item may not either, unless nobody else is left.
    """
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    managing = [s.person for s in seats if s.kind == SeatKind.MANAGEMENT and not s.alternate]
    everybody = {p.id: p for p in work.people.holding(Role.CHAIR, committee=meeting.committee)}
    everybody |= {id: work.people.get(id) for id in managing}  # noqa: A001
    able = [p for p in everybody.values() if p.active and p.id != meeting.recorded_by]
    items = work.presentations.on_agenda(meeting.id)
    recorders = {p.decision.recorded_by for p in items if p.decision}
    return [p for p in able if p.id not in recorders] or able


def tell_chairs(work: Work, meeting: Meeting) -> None:
    """One message to each who may approve; it shows the minutes as they stand, also after they were opened again."""
    for person in approvers(work, meeting):
        key = f"minutes:{meeting.id}:{person.id}"
        if not work.notices.retell(key):
            work.notices.tell(Notice(key, "minutes", person.id, {"meeting": meeting.id}))


def minutes_view(work: Work, meeting: Meeting, viewer: Person, at: datetime) -> MinutesView:
    record = meeting.record or _as_recorded(work, meeting)
    lines = tuple(
        MinutesLine(
            m.number, m.presentation_id, work.cases.get(m.case_id).alias, m.kind, m.decision, m.written
        )
        for m in record
        if work.cases.seen_by(m.case_id, viewer, at)
    )
    days = {m: work.meetings.get(m).day for line in lines if (m := line.decision.to_meeting)}
    waits = meeting.state == MeetingState.MINUTES
    return MinutesView(
        meeting=meeting,
        lines=lines,
        recorded_by=work.people.get(meeting.recorded_by).name if meeting.recorded_by else None,
        approved_by=work.people.get(meeting.approved_by).name if meeting.approved_by else None,
        may_approve=waits and any(p.id == viewer.id for p in approvers(work, meeting)),
        may_correct=waits and viewer.runs(meeting.committee),
        days=days,
        ended=tuple(
            (work.cases.get(e.case_id).alias, e)
            for e in ended_in(record)
            if work.cases.seen_by(e.case_id, viewer, at)
        ),
    )


def _readable(work: Work, asked: Asked, meeting_id: str) -> Meeting:
    meeting = work.meetings.get(meeting_id)
    if not (asked.by.runs(meeting.committee) or asked.by.has(Role.COMMITTEE_MEMBER)):
        raise NotForYou
    return meeting


def _check_approval(work: Work, asked: Asked, meeting: Meeting) -> None:
    if meeting.state == MeetingState.APPROVED and meeting.approved_by:
        raise MinutesApproved(by=work.people.get(meeting.approved_by).name, at=meeting.approved_at)
    if meeting.state != MeetingState.MINUTES:
        raise MeetingOver(state=meeting.state, day=meeting.day)
    if all(p.id != asked.by.id for p in approvers(work, meeting)):
        if asked.by.runs(meeting.committee):
            raise OwnMinutes
        raise NotForYou


def _as_recorded(work: Work, meeting: Meeting) -> tuple[Minuted, ...]:
    standing = in_order(tuple(work.presentations.on_agenda(meeting.id)))
    items = tuple(
        Minuted(
            number,
            p.id,
            p.case_id,
            kind_decided(p.kind, p.decision.final or Recommendation()),
            p.decision,
            band=work.cases.get(p.case_id).band_now,
        )
        for number, p in enumerate(standing, start=3)
        if p.decision
    )
    return (*(minuted_ballot(b) for b in written_since(work, meeting)), *items)


def written_since(work: Work, meeting: Meeting) -> list[Ballot]:
    """Point 2, »skriftlig behandling siden sidst«: what was settled before this meeting ended and stands in no minutes."""
    settled = work.ballots.in_states(meeting.committee, BallotState.AGREED, BallotState.APPROVED)
    until = meeting.closed_at
    return [
        b
        for b in settled
        if b.minuted_in is None and b.settled_at and (until is None or b.settled_at <= until)
    ]


def _has_effect(work: Work, minuted: Minuted) -> bool:
    """Approved on its own already."""
    if not minuted.written:
        return False
    return _written_of(work, minuted).state == BallotState.APPROVED


def _written_of(work: Work, minuted: Minuted) -> Ballot:
    settled = (BallotState.AGREED, BallotState.APPROVED)
    return next(b for b in work.ballots.of_presentation(minuted.presentation_id) if b.state in settled)


def minuted_in(work: Work, meeting: Meeting, presentation_id: str) -> Minuted:
    """Raises NotHere."""
    record = meeting.record or _as_recorded(work, meeting)
    found = [m for m in record if m.presentation_id == presentation_id]
    if not found:
        raise NotHere("minutes")
    return found[0]


def _attendants(work: Work, meeting: Meeting, d: Decision, *more: PersonId) -> dict[PersonId, Attendant]:
    seats = [s.person for s in work.committees.seats(meeting.committee, on=meeting.day) if not s.alternate]
    everybody = dict.fromkeys(
        (*meeting.attending, *seats, *d.reservations, *d.dissent, *d.conflicted, *d.without_mandate, *more)
    )
    return {id: _attendant(work, meeting, id) for id in everybody}  # noqa: A001


def _attendant(work: Work, meeting: Meeting, person: PersonId) -> Attendant:
    seat = next(
        (s for s in work.committees.seats(meeting.committee, on=meeting.day) if s.person == person), None
    )
    if seat:
        return Attendant(seat.kind.value, seat.area, True)
    who = work.people.get(person)
    role = next(
        (r for r in (Role.CHAIR, Role.SECRETARY) if who.has(r, committee=meeting.committee)),
        Role.COMMITTEE_MEMBER,
    )
    return Attendant(role.value, None, False)


def recent_meetings(part: PartAsked, state: MeetingState) -> tuple[Meeting, ...]:
    today = part.asked.today
    if not part.work.committees.all():
        return ()
    found = part.work.meetings.between(the_committee(part.work, part.asked.by), today - LOOK_BACK, today)
    return tuple(m for m in found if m.state == state)


@dataclass(frozen=True)
class WaitingMinutes:
    meeting: Meeting
    may_approve: bool


def waiting_minutes(part: PartAsked) -> tuple[WaitingMinutes, ...] | None:
    """GODKEND REFERAT for who may; »venter på formanden« for who runs the meetings."""
    person = part.asked.by
    if not (person.runs_meetings or person.has(Role.COMMITTEE_MEMBER)):
        return None
    found = []
    for meeting in recent_meetings(part, MeetingState.MINUTES):
        able = any(p.id == person.id for p in approvers(part.work, meeting))
        if able or person.runs(meeting.committee):
            found.append(WaitingMinutes(meeting, able))
    return tuple(found) or None


@dataclass(frozen=True)
class MinutesTold:
    """What a chair's message shows: to approve, opened again, or approved and by whom."""

    view: MinutesView
    to_me: bool  # the reader approved


def _tell_minutes(telling: Telling) -> Told | None:
    reader = telling.recipient
    meeting = telling.work.meetings.get(telling.notice.facts["meeting"])
    if reader is None or not (reader.runs(meeting.committee) or reader.has(Role.COMMITTEE_MEMBER)):
        return None
    view = minutes_view(telling.work, meeting, reader, telling.at)
    return Told(MinutesTold(view, meeting.approved_by == reader.id), reader.language)


TELLERS: dict[str, Teller] = {"minutes": _tell_minutes, **decided.TELLERS}
