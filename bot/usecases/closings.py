"""*Bed om afslutning*, *Fortsat støtte*, what is asked after a closing, and *Genåbn* (T28-T30, R071, R072)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.case import AgeBand, Case, CaseNotFound, Stage
from bot.domain.closing import (
    CONFIRMED,
    DOES_NOT_HOLD,
    HOLDS,
    JOURNAL,
    MET,
    AfterClosing,
    NotTheCriterion,
    NotToClose,
    SupportReasonMissing,
    is_ending,
)
from bot.domain.follow_up import ClosingMissing, FollowUpTooLate, NoMeetingNear, proposed_next
from bot.domain.frame import CommitmentsOpen
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, Person, PersonId, Role, require
from bot.domain.presentation import (
    Kind,
    Presentation,
    PresentationOpen,
    Recommendation,
    State,
)
from bot.domain.tracks import Mode
from bot.usecases.acting import acts_for
from bot.usecases.closing_effect import Held, close_case, held_on
from bot.usecases.coming import meetings_within, put_on_next
from bot.usecases.ports import Asked, Work
from bot.usecases.readiness import missing_points
from bot.usecases.tools import UseCases, case_for, rules_of
from bot.usecases.withdrawals import expect_not_held

KINDS = (Kind.CLOSURE, Kind.CONTINUED_SUPPORT)
CLOSE, CONTINUE = "close", "continue"
TICKS = ("frame_settled", "notes_journaled")
REPLACEABLE = (State.REFERRED, State.READY, State.POSTPONED)


@dataclass(frozen=True)
class ClosingWish:
    """The form as it was sent: close, or go on though a criterion is met."""

    what: str = CLOSE
    closing: str | None = None
    own_view: str | None = None  # None: not asked, somebody has died, moved or withdrawn
    ticks: tuple[str, ...] = ()
    support_reason: str | None = None
    next_meeting: str | None = None


@dataclass(frozen=True)
class ClosingView:
    """What the form begins from, and what the receipt says."""

    case: Case
    tail: str | None
    presentation: Presentation | None
    held: Held
    day: date | None  # of the meeting it stands on
    missing: tuple[str, ...] = ()
    next_choices: tuple[tuple[str, date], ...] = ()
    proposed: str | None = None
    note: int | None = None
    by_agreement: bool = False  # meetings only advise: the leader closes together with the caseworker (R106)
    may_close: bool = False  # the viewer is that leader

    @property
    def ended(self) -> bool:
        return self.case.is_stilled

    @property
    def adult(self) -> bool:
        return self.case.band_now == AgeBand.ADULT


class Closings(UseCases):
    def open(self, asked: Asked, case_id: str) -> ClosingView:
        """For the form, and for the leader who looks. Raises CaseNotFound, NotToClose."""
        with self._open_reading(at=asked.at) as work:
            case = case_for(work, asked, case_id)
            if case.stage != Stage.ACTIVE:
                raise NotToClose(stage=case.stage)
            return self._view(work, asked, case, _open_one(work, case))

    def of(self, asked: Asked, presentation_id: str) -> str:
        """The case a closing is about. Raises CaseNotFound."""
        with self._open_reading(at=asked.at) as work:
            return case_for(work, asked, work.presentations.get(presentation_id).case_id).id

    def ask(self, asked: Asked, case_id: str, wish: ClosingWish) -> ClosingView:
        """T28 and T29: asked by the fixed caseworker, or on their behalf by whoever stands in, straight to *henvist*, ready when its points are there.

        Raises ClosingMissing, CommitmentsOpen, NotTheCriterion, SupportReasonMissing, NoMeetingNear, FollowUpTooLate,
        NotToClose, AlreadySettled.
        """
        with self._open_work(asked) as work:
            case = _own_active(work, asked, case_id)
            recommendation = self._recommended(work, asked, case, wish)
            before = _open_one(work, case, lock=True)
            if before:
                expect_not_held(work, before)
            kind = Kind.CLOSURE if wish.what == CLOSE else Kind.CONTINUED_SUPPORT
            changed = replace(self._blank(asked, case, before), kind=kind, recommendation=recommendation)
            changed = self._ready(_ticked(changed, asked, wish), case, asked)
            changed = put_on_next(work, self._rules.on(asked.today), changed, asked.at)
            saved = work.presentations.save(changed) if before else work.presentations.add(changed)
            case = self._still(work, case, wish)
            act = "closing_asked" if kind == Kind.CLOSURE else "support_asked"
            note = work.note(act, case=case.id, presentation=saved.id, why=wish.closing or "")
            self._tell_leaders(work, saved, by=asked.by.id)
            work.result(saved.id)
            return replace(self._view(work, asked, case, saved), note=note)

    def take_back(self, asked: Asked, presentation_id: str) -> ClosingView:
        """*Fortryd*: the reminders run again as if nothing had been said. Raises AlreadySettled once it is decided."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id, lock=True)
            mine = asked.by.id == before.requested_by or acts_for(work, case, asked.by, asked.today)
            if not mine or before.kind not in KINDS:
                raise NotForYou
            expect_not_held(work, before)
            withdrawn = before.settled(State.WITHDRAWN, by=asked.by.id, at=asked.at, undo_until=None)
            saved = work.presentations.save(replace(withdrawn, meeting_id=None))
            case = work.cases.save(replace(case, ending=None))
            work.note("closing_taken_back", case=case.id, presentation=saved.id)
            work.notices.handle(f"closing:{saved.id}:")
            if before.meeting_id:
                work.notices.retell(work.meetings.get(before.meeting_id).post_key)
            return self._view(work, asked, case, None)

    def close_by_agreement(self, asked: Asked, case_id: str) -> ClosingView:
        """Where meetings only advise, caseworker and leader close: one has asked, the other presses (R106, T28).

        Raises NotForYou in the mode where the committee decides, and ClosingHeldBack.
        """
        require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            there = _open_one(work, case, lock=True)
            rules = self._rules.on(asked.today)
            if rules.mode != Mode.ADVISORY or there is None or not self._may_agree(work, asked, case, there):
                raise NotForYou
            why = there.recommendation.closing
            if why is None:
                raise ClosingMissing
            done = there.settled(State.DECIDED, by=asked.by.id, at=asked.at, undo_until=None)
            saved = work.presentations.save(replace(done, approved_at=asked.at, meeting_id=None))
            closed = close_case(
                work,
                case,
                why=why,
                on=asked.today,
                rules=rules,
                at=asked.at,
                by=asked.by.id,
                but_for=saved.id,
                new_id=self._chance.id,
            )
            work.notices.handle(f"closing:{saved.id}:")
            key = f"closed:{saved.id}:{case.caseworker}"
            facts = {"presentation": saved.id}
            work.notices.tell(Notice(key, "closed", case.caseworker, facts, case_id=case.id))
            return self._view(work, asked, closed, saved)

    def answer(self, asked: Asked, after_id: str, answer: str) -> AfterClosing:
        """A check three or six months on, or that all is journaled. Raises CaseNotFound. Twice changes nothing."""
        with self._open_work(asked) as work:
            before = work.after_closings.find(after_id, lock=True)
            if before is None:
                raise CaseNotFound
            case = case_for(work, asked, before.case_id)
            if asked.by.id != case.caseworker and not asked.by.leads(case.area):
                raise NotForYou
            if before.answered_at is not None:
                return before
            known = (
                CONFIRMED if before.kind == JOURNAL else answer if answer in (HOLDS, DOES_NOT_HOLD) else HOLDS
            )
            saved = work.after_closings.save(before.answered(known, by=asked.by.id, at=asked.at))
            work.note(f"after_closing_{known}", case=case.id, months=str(saved.months))
            if known == DOES_NOT_HOLD:
                for leader in work.people.holding(Role.AREA_LEADER, case.area):
                    key = does_not_hold_key(saved, leader)
                    facts = {"by": asked.by.id, "case": case.id}
                    work.notices.tell(Notice(key, "does_not_hold", leader.id, facts, case_id=case.id))
            return saved

    def asked_after(self, asked: Asked, after_id: str) -> tuple[AfterClosing, Case]:
        with self._open_reading(at=asked.at) as work:
            found = work.after_closings.find(after_id)
            if found is None:
                raise CaseNotFound
            return found, case_for(work, asked, found.case_id)

    # --- how it is put together ---

    def _recommended(self, work: Work, asked: Asked, case: Case, wish: ClosingWish) -> Recommendation:
        if not wish.closing:
            raise ClosingMissing
        if wish.what != CLOSE:
            return self._continued(work, asked, case, wish)
        if wish.closing not in self._rules.on(asked.today).choices.closing:  # R055, R071
            raise ClosingMissing
        held = held_on(work, case, self._rules.on(asked.today))
        if held.amount and wish.closing in MET:
            raise CommitmentsOpen(field="closing", held=held.amount, purposes=held.purposes)
        return Recommendation(goals=case.goals, outcome="close", closing=wish.closing)

    def _continued(self, work: Work, asked: Asked, case: Case, wish: ClosingWish) -> Recommendation:
        if wish.closing not in self._rules.on(asked.today).choices.criteria:
            raise NotTheCriterion
        if not wish.support_reason:
            raise SupportReasonMissing
        meeting = work.meetings.find(wish.next_meeting) if wish.next_meeting else None
        if meeting is None or not meeting.is_ahead(asked.at):
            raise NoMeetingNear(field="next")
        months = rules_of(self._rules, case).deadlines.longest_follow_up_months
        allowed = meetings_within(work, case.committee, asked.today, months)
        if meeting.id not in [m.id for m in allowed]:
            latest = allowed[-1].day if allowed else None
            raise FollowUpTooLate(field="next", months=months, latest=latest)
        return Recommendation(
            goals=case.goals,
            closing=wish.closing,
            support_reason=wish.support_reason,
            follow_up_on=meeting.day,
        )

    def _blank(self, asked: Asked, case: Case, before: Presentation | None) -> Presentation:
        if before is not None:
            if before.state not in REPLACEABLE:
                raise PresentationOpen
            return before
        return Presentation(
            id=self._chance.id(),
            case_id=case.id,
            committee=case.committee,
            kind=Kind.CLOSURE,
            area=case.area,
            requested_by=case.caseworker,
            requested_at=asked.at,
            state=State.REFERRED,
            collector=case.caseworker,
            rules_version=self._rules.on(asked.today).version,
        )

    def _ready(self, changed: Presentation, case: Case, asked: Asked) -> Presentation:
        """Ready by itself, like a follow-up: its points are few, and no leader is asked (D3, D18)."""
        missing = missing_points(changed, case, self._rules.on(asked.today), asked.today)
        if missing:
            back = changed.moved(State.REFERRED) if changed.state == State.READY else changed
            return replace(back, ready_by=None, ready_at=None)
        ready = changed if changed.state == State.READY else changed.moved(State.READY)
        return replace(ready, ready_by=asked.by.id, ready_at=asked.at)

    def _still(self, work: Work, case: Case, wish: ClosingWish) -> Case:
        """An other reason stops every reminder of the case at once; changed to a criterion they run again."""
        ending = wish.closing if wish.what == CLOSE and is_ending(wish.closing) else None
        return case if case.ending == ending else work.cases.save(replace(case, ending=ending))

    def _tell_leaders(self, work: Work, presentation: Presentation, *, by: PersonId) -> None:
        for leader in work.people.holding(Role.AREA_LEADER, presentation.area):
            if leader.id == by:
                continue
            key = f"closing:{presentation.id}:{leader.id}"
            facts = {"presentation": presentation.id, "by": by}
            if not work.notices.retell(key, by=by):
                work.notices.tell(Notice(key, "closing", leader.id, facts, case_id=presentation.case_id))

    def _may_agree(self, work: Work, asked: Asked, case: Case, there: Presentation) -> bool:
        """Two people: whoever has the case today asks, and does not answer."""
        ready = there.kind == Kind.CLOSURE and there.state == State.READY
        asks = asked.by.id == there.requested_by or acts_for(work, case, asked.by, asked.today)
        return ready and asked.by.leads(case.area) and not asks

    def _view(self, work: Work, asked: Asked, case: Case, there: Presentation | None) -> ClosingView:
        rules = self._rules.on(asked.today)
        own = tuple(sorted({p.area for p in asked.by.posts if p.area}))
        references = work.cases.references(case.id, own)
        months = rules_of(self._rules, case).deadlines.longest_follow_up_months
        coming = meetings_within(work, case.committee, asked.today, months)
        proposed = proposed_next(
            tuple(m.day for m in coming),
            after=asked.today,
            weeks=self._rules.on(asked.today).deadlines.weeks_to_next,
        )
        meeting = work.meetings.find(there.meeting_id) if there and there.meeting_id else None
        advisory = rules.mode == Mode.ADVISORY
        return ClosingView(
            case=case,
            tail=references[0].tail if references else None,
            presentation=there,
            held=held_on(work, case, rules),
            day=meeting.day if meeting else None,
            missing=missing_points(there, case, rules, asked.today) if there else (),
            next_choices=tuple((m.id, m.day) for m in coming),
            proposed=next((m.id for m in coming if m.day == proposed), None),
            by_agreement=advisory,
            may_close=advisory and there is not None and self._may_agree(work, asked, case, there),
        )


def _own_active(work: Work, asked: Asked, case_id: str) -> Case:
    case = case_for(work, asked, case_id, lock=True)
    if case.stage != Stage.ACTIVE:
        raise NotToClose(stage=case.stage)
    if not acts_for(work, case, asked.by, asked.today):
        raise NotForYou
    return case


def _open_one(work: Work, case: Case, *, lock: bool = False) -> Presentation | None:
    """The closing under way, or the continued support: one of the two at a time."""
    for kind in KINDS:
        found = work.presentations.open_of(case.id, kind)
        if found:
            return work.presentations.get(found.id, lock=True) if lock else found
    return None


def _ticked(changed: Presentation, asked: Asked, wish: ClosingWish) -> Presentation:
    for point in TICKS:
        if point in wish.ticks and point not in changed.ticks:
            changed = changed.tick(point, by=asked.by.id, at=asked.at)
        if point not in wish.ticks:
            changed = changed.untick(point)
    if wish.own_view in (None, "not_yet"):
        return changed.untick("own_view")
    return changed.tick("own_view", by=asked.by.id, at=asked.at, how=wish.own_view)


def former_caseworker(work: Work, case: Case) -> PersonId | None:
    """Whom continuity proposes: the last caseworker, while they are one still (T30)."""
    who = work.people.find(case.caseworker)
    return who.id if who and who.has(Role.CASEWORKER) else None


def does_not_hold_key(after: AfterClosing, leader: Person) -> str:
    """Of what a leader hears of this answer; the same question answered anew is told anew."""
    return f"does_not_hold:{after.case_id}:{after.months}:{leader.id}:{after.version}"
