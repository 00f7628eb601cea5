"""Written procedure (D32): the members answer one by one; agreed is decided as recommended, anything else is the meeting's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.ballot import (
    NOBODY_LEFT,
    Answer,
    Ballot,
    BallotLacksArea,
    BallotNeedsReady,
    BallotOff,
    BallotOver,
    BallotState,
    NotAsked,
    minuted_ballot,
)
from bot.domain.calendar import expect_ahead, instant, local_date
from bot.domain.case import AgeBand
from bot.domain.committee import Conflict, Seat, SeatKind
from bot.domain.decision import AS_RECOMMENDED, completed, discussion_only, draft_of
from bot.domain.follow_up import NoMeetingNear
from bot.domain.meeting import Disqualified, Meeting, involved_areas
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.presentation import Decision, Presentation
from bot.domain.rules import Rules
from bot.domain.tracks import track_of
from bot.usecases.approval import Approval
from bot.usecases.ballot_facts import BallotView, approves, ballot_view, is_disqualified
from bot.usecases.meetings import place, waiting
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for, show_again

WRITTEN = "written"
"""What the chair chose for an urgent item that is in written procedure."""

WAYS_AHEAD = 5
"""Among how many working days the chair chooses the deadline."""


@dataclass(frozen=True)
class BallotForm:
    """What the chair's form shows before anybody is asked."""

    presentation: Presentation
    alias: str
    key: str
    band: AgeBand
    days: tuple[date, ...]
    usual: date
    clock: datetime
    participation: str | None  # known already; None: it is asked (R047)


@dataclass(frozen=True)
class Asking:
    """What the chair chose: by when, and the young person's part where nobody has written it down yet."""

    answer_on: date
    participation: str | None = None
    participation_reason: str | None = None


class Ballots(UseCases):
    def form(self, asked: Asked, presentation_id: str) -> BallotForm:
        """Raises BallotOff, BallotNeedsReady: before anything is filled in."""
        with self._open_reading(at=asked.at) as work:
            rules = self._rules.on(asked.today)
            presentation = work.presentations.get(presentation_id)
            case = case_for(work, asked, presentation.case_id)
            expect_possible(rules, presentation)
            days = [rules.working_days.after(asked.today, n) for n in range(1, WAYS_AHEAD + 1)]
            usual = rules.working_days.after(asked.today, rules.deciding.written_days)
            return BallotForm(
                presentation,
                case.alias,
                case.key,
                case.band_now,
                days=tuple(sorted({*days, usual})),
                usual=usual,
                clock=deadline_on(rules, usual),
                participation=draft_of(presentation, conflicted=()).participation,
            )

    def open(self, asked: Asked, ballot_id: str) -> BallotView:
        """*Se indstillingen*: a look, written down before it is shown. Raises CaseNotFound, NotAsked."""
        with self._open_work(replace(asked, key=None)) as work:
            ballot = _mine_or_run(work, asked, ballot_id)
            _refuse_disqualified(work, asked, ballot)
            work.look(ballot.case_id, what="ballot_opened")
            return ballot_view(work, ballot, asked.by, asked.at)

    def answer(self, asked: Asked, ballot_id: str, answer: Answer) -> BallotView:
        """*Enig*, *Uenig*, *Tag det på mødet*; another answer replaces it until something is decided."""
        with self._open_work(asked) as work:
            ballot = _mine_or_run(work, asked, ballot_id, lock=True)
            saved = work.ballots.save(ballot.answered(asked.by.id, answer, asked.at))
            work.note("ballot_answered", case=saved.case_id, ballot=saved.id, answer=answer.value)
            return self._shown(work, asked, saved)

    def take_back(self, asked: Asked, ballot_id: str) -> BallotView:
        """*Fortryd*: as if nothing had been answered."""
        with self._open_work(asked) as work:
            ballot = _mine_or_run(work, asked, ballot_id, lock=True)
            saved = work.ballots.save(ballot.withdrawn_answer(asked.by.id, asked.at))
            work.note("ballot_answer_undone", case=saved.case_id, ballot=saved.id)
            return self._shown(work, asked, saved)

    def declare_conflict(self, asked: Asked, ballot_id: str) -> Ballot:
        """*Jeg er inhabil*: the alternate is asked instead; where there is none the item goes to the meeting."""
        with self._open_work(asked) as work:
            ballot = _mine_or_run(work, asked, ballot_id, lock=True)
            rules = self._rules.on(asked.today)
            seat = _seat(work, ballot.committee, asked.by.id, asked.today)
            taken = {*ballot.voters, *ballot.conflicted}
            other = _alternate(work, ballot, seat, taken, asked.today)
            replaced = ballot.replaced(asked.by.id, other.person if other else None, asked.at)
            work.presentations.put_conflict(Conflict(ballot.presentation_id, asked.by.id, asked.at))
            work.notices.handle(f"ballot:{ballot.id}:{asked.by.id}")
            work.note("conflict_declared", case=ballot.case_id, presentation=ballot.presentation_id)
            if other is None:
                saved = _to_meeting(work, rules, replaced, NOBODY_LEFT, asked.at)
            else:
                saved = work.ballots.save(replaced)
                _ask(work, saved, other.person, None)
            _show(work, saved)
            return saved

    def approve(self, asked: Asked, ballot_id: str) -> BallotView:
        """*Godkend nu*: what everybody agreed to takes effect at once, as minutes of its own (D19).

        Raises NotForYou, BallotOver. Nobody recorded it: each member answered for themselves.
        """
        with self._open_work(asked) as work:
            ballot = work.ballots.get(ballot_id, lock=True)
            case_for(work, asked, ballot.case_id)
            _refuse_disqualified(work, asked, ballot)
            if not approves(work, ballot.committee, asked.by.id, asked.today):
                raise NotForYou
            meeting = holder(work, ballot.committee, asked.at)
            approved = approved_ballot(ballot, by=asked.by.id, at=asked.at, meeting=meeting)
            saved = work.ballots.save(approved)
            Approval(
                work,
                replace(meeting, day=asked.today, record=(minuted_ballot(saved),)),
                rules=self._rules.on(asked.today),
                at=asked.at,
                by=asked.by.id,
                new_id=self._chance.id,
                written=True,
            ).carry_out()
            work.note("ballot_approved", case=saved.case_id, ballot=saved.id)
            _show(work, saved)
            return ballot_view(work, saved, asked.by, asked.at)

    def settle_due(self, at: datetime) -> int:
        """What has come of each: everybody agreed, somebody did not, or the deadline passed in silence."""
        with self._open_reading(at=at) as work:
            open_now = [
                b for c in work.committees.all() for b in work.ballots.in_states(c.id, BallotState.OPEN)
            ]
        undo = timedelta(minutes=self._rules.on(local_date(at)).deadlines.undo_minutes)
        due = [b.id for b in open_now if b.outcome(at, undo=undo)]
        each = OneByOne()
        for ballot_id in due:
            with each.alone(), self._open_work(at=at) as work:
                ballot = work.ballots.get(ballot_id, lock=True)
                came = ballot.outcome(at, undo=undo)
                if came:
                    self._settle(work, ballot, came[0], came[1], at)
        each.over()
        return len(due)

    def _settle(self, work: Work, ballot: Ballot, state: BallotState, why: str | None, at: datetime) -> None:
        if state == BallotState.TO_MEETING:
            settled = _to_meeting(work, self._rules.on(local_date(at)), ballot, why or "", at)
        else:
            settled = work.ballots.save(replace(ballot.moved(state), settled_at=at))
            work.note("ballot_agreed", case=settled.case_id, ballot=settled.id)
            for chair in work.people.holding(Role.CHAIR, committee=ballot.committee):
                key = f"ballot_agreed:{settled.id}:{chair.id}"
                facts = {"ballot": settled.id}
                work.notices.tell(Notice(key, "ballot_agreed", chair.id, facts, case_id=settled.case_id))
        _show(work, settled)

    def _shown(self, work: Work, asked: Asked, saved: Ballot) -> BallotView:
        _show(work, saved)
        return ballot_view(work, saved, asked.by, asked.at)


# --- what the chair's choice of written procedure needs ---


def expect_possible(rules: Rules, presentation: Presentation) -> None:
    """Raises BallotOff, BallotNeedsReady."""
    if not rules.deciding.written_procedure:
        raise BallotOff
    if discussion_only(presentation):
        raise BallotNeedsReady


def begin(
    work: Work,
    rules: Rules,
    asked: Asked,
    presentation: Presentation,
    asking: Asking,
    *,
    id: str,  # noqa: A002
    until: datetime,
) -> Ballot:
    """Every member who must have a mandate is asked, when the choice can no longer be undone.

    Raises BallotOff, BallotNeedsReady, BallotLacksArea, what is missing in the decision (R047, T15), and DateInPast.
    """
    expect_possible(rules, presentation)
    expect_ahead(asking.answer_on, asked.today)
    deadline = deadline_on(rules, asking.answer_on)
    if deadline <= until:
        raise BallotOver(field="answer_on", at=deadline)
    known = draft_of(presentation, conflicted=()).participation
    draft = Decision(
        choice=AS_RECOMMENDED,
        participation=asking.participation or known,
        participation_reason=asking.participation_reason,
        recorded_by=asked.by.id,
        recorded_at=asked.at,
    )
    voters, stand_ins, conflicted = _voters(work, rules, presentation, asked.today)
    case = work.cases.get(presentation.case_id)
    in_track = rules.in_track(track_of(case.age_band))  # the usual amounts are the track's own (X14)
    ballot = Ballot(
        id=id,
        presentation_id=presentation.id,
        case_id=presentation.case_id,
        committee=presentation.committee,
        kind=presentation.kind,
        deadline=deadline,
        asked_by=asked.by.id,
        asked_at=asked.at,
        decision=completed(presentation, draft, rules=in_track, on=asked.today, case=case),
        voters=voters,
        stand_ins=stand_ins,
        conflicted=conflicted,
        meeting_id=presentation.meeting_id,
    )
    work.ballots.add(ballot)
    work.note("ballot_begun", case=ballot.case_id, ballot=ballot.id, until=deadline.isoformat())
    for voter in voters:
        _ask(work, ballot, voter, until)
    return ballot


def take_away(work: Work, presentation: Presentation) -> str | None:
    """The chair's choice undone: nobody is asked any more. Gives the meeting the item stood on before."""
    ballot = next(
        (b for b in work.ballots.of_presentation(presentation.id) if b.state == BallotState.OPEN), None
    )
    if ballot is None:
        return None
    work.ballots.save(ballot.moved(BallotState.WITHDRAWN))
    work.notices.handle(f"ballot:{ballot.id}:")
    return ballot.meeting_id


def deadline_on(rules: Rules, day: date) -> datetime:
    """Noon, like the deadline for material. A UTC instant."""
    return instant(day, rules.deadlines.material_clock)


def holder(work: Work, committee: str, at: datetime) -> Meeting:
    """The meeting in whose minutes a written decision is entered: the next one. Raises NoMeetingNear."""
    found = _next(work, committee, at)
    if found is None:
        raise NoMeetingNear
    return found


def _next(work: Work, committee: str, at: datetime) -> Meeting | None:
    """The next that has not begun; the one that is on when no other is planned."""
    coming = work.meetings.next_after(committee, local_date(at), count=3)
    return next((m for m in coming if at < m.begins), next(iter(coming), None))


def approved_ballot(ballot: Ballot, *, by: PersonId, at: datetime, meeting: Meeting) -> Ballot:
    """Raises BallotOver when it is no longer, or not yet, to be approved."""
    return replace(ballot.moved(BallotState.APPROVED), approved_by=by, approved_at=at, meeting_id=meeting.id)


# --- below ---


def _voters(
    work: Work, rules: Rules, presentation: Presentation, day: date
) -> tuple[tuple[PersonId, ...], dict[PersonId, PersonId], tuple[PersonId, ...]]:
    """Who must have a mandate, each replaced by the alternate when away or disqualified. Raises BallotLacksArea."""
    disqualified = {c.person for c in work.presentations.conflicts(presentation.id)}
    seats = work.committees.seats(presentation.committee, on=day)
    asked: list[PersonId] = []
    stand_ins: dict[PersonId, PersonId] = {}
    for seat in seats:
        if seat.alternate or not _has_a_say(seat, presentation):
            continue
        if seat.person not in disqualified and not work.people.away(seat.person, day):
            asked.append(seat.person)
            continue
        other = _alternate(work, presentation, seat, {*asked}, day)
        if other is None:
            raise BallotLacksArea(area=rules.area(seat.area))
        stand_ins[seat.person] = other.person
        asked.append(other.person)
    here = {s.person for s in seats}
    return tuple(asked), stand_ins, tuple(sorted(disqualified & here))


def _has_a_say(seat: Seat, presentation: Presentation) -> bool:
    """Management always; the others when their area is concerned or pays. Unknown measures may concern every area."""
    r = presentation.recommendation
    if seat.kind == SeatKind.MANAGEMENT or not r.measures:
        return True
    return seat.area in involved_areas(presentation) or bool(r.frame and r.frame.payer == seat.area)


def _alternate(
    work: Work, of: Ballot | Presentation, seat: Seat, taken: set[PersonId], day: date
) -> Seat | None:
    """The first alternate of the same area who is here, not disqualified, and not asked already."""
    presentation = of.presentation_id if isinstance(of, Ballot) else of.id
    disqualified = {c.person for c in work.presentations.conflicts(presentation)}
    return next(
        (
            s
            for s in work.committees.seats(of.committee, on=day)
            if s.alternate
            and s.area == seat.area
            and s.person not in taken | disqualified
            and not work.people.away(s.person, day)
        ),
        None,
    )


def _seat(work: Work, committee: str, person: PersonId, day: date) -> Seat:
    """Raises NotAsked."""
    found = [s for s in work.committees.seats(committee, on=day) if s.person == person]
    if not found:
        raise NotAsked
    return found[0]


def _ask(work: Work, ballot: Ballot, person: PersonId, not_before: datetime | None) -> None:
    key = f"ballot:{ballot.id}:{person}"
    facts = {"ballot": ballot.id}
    work.notices.tell(
        Notice(
            key,
            "ballot",
            person,
            facts,
            not_before=not_before,
            case_id=ballot.case_id,
            expires_at=ballot.deadline,
        )
    )


def _mine_or_run(work: Work, asked: Asked, ballot_id: str, *, lock: bool = False) -> Ballot:
    """Raises CaseNotFound, NotAsked."""
    ballot = work.ballots.get(ballot_id, lock=lock)
    case_for(work, asked, ballot.case_id)
    if asked.by.id not in ballot.voters and not asked.by.runs(ballot.committee):
        raise NotAsked
    return ballot


def _refuse_disqualified(work: Work, asked: Asked, ballot: Ballot) -> None:
    """Who has declared a conflict neither reads nor approves it, whatever else they are here (R013). Raises Disqualified."""
    if is_disqualified(work, ballot, asked.by.id):
        raise Disqualified


def _to_meeting(work: Work, rules: Rules, ballot: Ballot, why: str, at: datetime) -> Ballot:
    """On the next agenda, also after its lock: it was urgent. Where none is planned it waits for a place."""
    meeting = _next(work, ballot.committee, at)
    to = meeting.id if meeting else None
    before = work.presentations.get(ballot.presentation_id, lock=True)
    if before.is_open:
        chosen = waiting(
            replace(before, urgent_meeting=to, urgent_choice=None if to is None else before.urgent_choice)
        )
        work.presentations.save(place(work, rules, chosen, to, at) if to else chosen)
        if to:
            show_again(work, to)
    settled = replace(ballot.moved(BallotState.TO_MEETING), why=why, settled_at=at, meeting_id=to)
    saved = work.ballots.save(settled)
    work.note("ballot_to_meeting", case=saved.case_id, ballot=saved.id, why=why)
    for person in dict.fromkeys((before.requested_by, saved.asked_by)):
        key = f"ballot_to_meeting:{saved.id}:{person}"
        facts = {"ballot": saved.id}
        work.notices.tell(Notice(key, "ballot_to_meeting", person, facts, case_id=saved.case_id))
    return saved


def _show(work: Work, ballot: Ballot) -> None:
    """Everybody's message says what is true now; those of the asked become one neutral line when it is over (D34)."""
    for person in ballot.voters:
        work.notices.retell(f"ballot:{ballot.id}:{person}")
    if ballot.state != BallotState.OPEN:
        work.notices.handle(f"ballot:{ballot.id}:")
    presentation = work.presentations.get(ballot.presentation_id)
    for chair in work.people.holding(Role.CHAIR, committee=ballot.committee):
        work.notices.retell(presentation.urgent_key(chair.id))
        work.notices.retell(f"ballot_agreed:{ballot.id}:{chair.id}")
