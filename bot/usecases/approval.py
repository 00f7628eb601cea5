"""What the committee decided takes effect when the minutes are approved: frames, follow-ups, tasks, cases (T12-T28)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain.anchoring import Belonging, What
from bot.domain.calendar import local_date
from bot.domain.case import Case, Stage
from bot.domain.choices import INFO_MISSING, MANDATE_MISSING
from bot.domain.contacts import Handover
from bot.domain.decision import (
    DECIDING,
    DISCUSSED,
    ONLY_TALK,
    OUT_OF_SCOPE,
    POSTPONED,
    is_closing,
    kind_decided,
)
from bot.domain.follow_up import ClosingMissing, follow_up_of
from bot.domain.frame import Frame, FrameState
from bot.domain.meeting import Meeting
from bot.domain.notices import Notice
from bot.domain.overtaking import closings_last
from bot.domain.people import AreaCode, PersonId, Role
from bot.domain.presentation import (
    Decision,
    Kind,
    Presentation,
    Recommendation,
    State,
)
from bot.domain.rules import Rules
from bot.domain.tracks import Mode
from bot.domain.two_chairs import may_coordinate
from bot.usecases.acting import end_substitutes
from bot.usecases.closing_effect import close_case
from bot.usecases.handover_effect import decide_handover, set_group
from bot.usecases.mandates import sitting_of
from bot.usecases.meetings import TRIED, onward, waiting
from bot.usecases.plan_effect import carry_out_plan, frame_goes_on
from bot.usecases.ports import Work
from bot.usecases.two_chairs import look_at
from bot.usecases.withdrawals import withdraw_the_rest

BINDING = frozenset({*DECIDING, OUT_OF_SCOPE})
"""What a deciding committee binds the areas to, and an advisory meeting does not."""


@dataclass(frozen=True)
class Approval:
    """One transaction for the whole meeting: everything in it takes effect, or nothing does."""

    work: Work
    meeting: Meeting
    rules: Rules
    at: datetime
    by: PersonId
    new_id: Callable[[], str]
    binding: bool = False  # the leader follows what a meeting advised (R107)
    written: bool = False  # one item, decided without a meeting (D32): it has messages of its own
    outcomes: list[Notice] = field(
        default_factory=list
    )  # told when all is carried out: to each person at once

    def carry_out(self) -> None:
        areas: set[AreaCode] = set()
        for minuted in closings_last(self.meeting.record):
            presentation = self.work.presentations.get(minuted.presentation_id, lock=True)
            case = self.work.cases.get(minuted.case_id, lock=True)
            areas |= self._item(presentation, case, minuted.decision)
        self.work.notices.tell_together(self.outcomes)
        self._tell_areas(areas)
        self._look_at_appointed()

    def _look_at_appointed(self) -> None:
        """Whoever was appointed may have left since the meeting: it is heard now, not the next morning (T32)."""
        finals = [(m.case_id, m.decision.final) for m in self.meeting.record if m.decision.final]
        gone = {
            case: None
            for case, final in finals
            if final.caseworker and not may_coordinate(self.work.people.find(final.caseworker))
        }
        if gone:
            cases = [self.work.cases.get(case) for case in gone]
            look_at(self.work, cases, rules=self.rules, at=self.at, new_id=self.new_id)

    def _item(self, presentation: Presentation, case: Case, decision: Decision) -> set[AreaCode]:
        """Gives the areas that got tasks. A case is closed last, and once: a second closing has no effect (T28)."""
        if not presentation.is_open:
            return set()
        if decision.choice == POSTPONED:
            to = self._postpone(presentation, decision.to_meeting, decision.reason or "other")
            if decision.reason == MANDATE_MISSING:
                self._tell_mandate_missing(presentation, decision, to)
            self._tell_decided(presentation, case, case.caseworker)
            self._tell_leaders_decided(presentation, case)  # T12
            return set()
        if decision.choice == DISCUSSED and presentation.kind not in ONLY_TALK:
            self._postpone(presentation, None, INFO_MISSING, act="item_discussed")
            self._tell_decided(presentation, case, case.caseworker)
            self._tell_leaders_decided(presentation, case)
            return set()
        if self.rules.mode == Mode.ADVISORY and not self.binding and decision.choice in BINDING:  # R106
            return self._advise(presentation, case, decision)
        self._decided(presentation, case, decision)
        if decision.choice == OUT_OF_SCOPE:
            self._out_of_scope(presentation, case, decision)
            return set()
        if decision.choice in DECIDING and decision.final is not None:
            return self._take_effect(presentation, case, decision.final)
        self._tell_decided(presentation, case, case.caseworker)
        return set()

    def _postpone(
        self, presentation: Presentation, to: str | None, reason: str, *, act: str = "item_postponed"
    ) -> str | None:
        """T12: on the chosen meeting's agenda, with a fresh decision; what was ready stays so unless it was the reason.

        Gives the meeting it stands on; None: it waits for a place.
        """
        info = reason == INFO_MISSING
        postponed = replace(
            presentation.moved(State.POSTPONED) if presentation.state != State.POSTPONED else presentation,
            decision=None,
            ready_at=None if info else presentation.ready_at,  # T13
            ready_by=None if info else presentation.ready_by,
        )
        saved = self.work.presentations.save(self._placed(postponed, to))
        facts = {"presentation": presentation.id, "meeting": self.meeting.id, "reason": reason}
        self.work.note(act, case=presentation.case_id, **facts)
        if saved.meeting_id:
            self.work.notices.retell(self.work.meetings.get(saved.meeting_id).post_key)
        return saved.meeting_id

    def _placed(self, postponed: Presentation, to: str | None) -> Presentation:
        """Where the minutes say; when that meeting is cancelled or over by now, on the first one that has room."""
        chosen = self.work.meetings.find(to) if to else None
        if chosen and chosen.is_ahead(self.at):
            return replace(waiting(postponed), meeting_id=chosen.id)
        return onward(self.work, self.rules, postponed, self._coming()[:TRIED], self.at)

    def _advise(self, presentation: Presentation, case: Case, decision: Decision) -> set[AreaCode]:
        """Nothing takes effect: the leaders of the area hear what was advised, and decide (R106, R107)."""
        self.work.presentations.save(replace(presentation, advice="open", approved_at=self.at))
        facts = {"presentation": presentation.id, "meeting": self.meeting.id, "choice": decision.choice}
        self.work.note("advice_given", case=case.id, **facts)
        for leader in self.work.people.holding(Role.AREA_LEADER, presentation.area):
            key, facts = f"advisory:{presentation.id}:{leader.id}", {"presentation": presentation.id}
            if not self.work.notices.retell(key):
                self.work.notices.tell(Notice(key, "advisory", leader.id, facts, case_id=case.id))
        return set()

    def _decided(self, presentation: Presentation, case: Case, decision: Decision) -> None:
        done = presentation.settled(State.DECIDED, by=self.by, at=self.at, undo_until=None)
        kind = presentation.kind
        if decision.choice in DECIDING and decision.final is not None:
            kind = kind_decided(kind, decision.final)  # T29
        self.work.presentations.save(replace(done, kind=kind, approved_at=self.at))  # R002
        facts = {"kind": kind.value, "choice": decision.choice}
        if not (self.written or self.binding):  # those stand in no minutes yet, or in a leader's own decision
            facts["meeting"] = self.meeting.id
        self.work.note("item_decided", case=case.id, presentation=presentation.id, **facts)
        if presentation.exemption and decision.choice in DECIDING:
            self.work.note("exemption_granted", case=case.id, reason=presentation.exemption)

    def _out_of_scope(self, presentation: Presentation, case: Case, decision: Decision) -> None:
        """T16: the area named answers now, and its contact is told."""
        self.work.cases.save(case.moved(Stage.OUT_OF_SCOPE))
        withdraw_the_rest(self.work, case, by=self.by, at=self.at)
        self._tell_decided(presentation, case, case.caseworker)
        self._tell_leaders_decided(presentation, case)
        if decision.contact:
            self.work.notices.tell(self._news("contact", presentation, case, decision.contact))

    def _take_effect(self, presentation: Presentation, case: Case, final: Recommendation) -> set[AreaCode]:
        if is_closing(presentation.kind, final):
            self._close(presentation, case, final)
            return set()
        before = case.caseworker
        case = self._case_goes_on(presentation, case, final)
        self._frame(presentation, case, final)
        if final.follow_up_on:  # R064
            self._follow_up(case, final.follow_up_on)
        if case.caseworker != before and presentation.kind == Kind.NEW:
            self._hand_over(case)
        areas = self._tasks(presentation, case, final)
        self._tell_decided(presentation, case, case.caseworker)
        return areas

    def _case_goes_on(self, presentation: Presentation, case: Case, final: Recommendation) -> Case:
        """T15 and T17 in one; a change of caseworker is never made elsewhere (R057)."""
        payer = final.frame.payer if final.frame else final.payer
        if presentation.kind == Kind.NEW and final.caseworker:  # T17
            decided = case.moved(Stage.DECIDED)
            active = decided.activated(on=self.meeting.day, goals=final.goals, payer=payer)
            case = active.given_to(final.caseworker, at=self.at)  # R050
        elif presentation.kind == Kind.CASEWORKER_CHANGE and final.caseworker:
            case = self._handover(presentation, case, final)
        elif presentation.kind == Kind.BACKGROUND_GROUP:
            case = set_group(self.work, case, final)  # T27, R065
        else:
            case = replace(case, goals=final.goals or case.goals, payer=payer or case.payer)
        if presentation.kind == Kind.CLOSURE:  # support goes on instead: its reminders run again (T29)
            case = replace(case, ending=None)
        case = replace(case, standards=final.standards or case.standards)
        if presentation.kind in (Kind.NEW, Kind.CHANGE):
            case = replace(
                case, rules_version=self.rules.version
            )  # it is read by what it was decided under (D8)
        if case.payer:
            self._payer(case, case.payer)
        return self.work.cases.save(case)

    def _handover(self, presentation: Presentation, case: Case, final: Recommendation) -> Case:
        """T24: decided now; it happens on its day, and the leaders hear of it."""
        on = final.handover_on or self.meeting.day
        handover = Handover(
            id=self.new_id(),
            case_id=case.id,
            presentation_id=presentation.id,
            old=case.caseworker,
            new=final.caseworker or case.caseworker,
            on=on,
            overlap_from=on - timedelta(days=final.overlap_days) if final.overlap_days else None,
        )
        self._tell_leaders_decided(presentation, case)
        self._tell_decided(presentation, case, case.caseworker)
        return decide_handover(self.work, case, handover, at=self.at)

    def _payer(self, case: Case, payer: AreaCode) -> None:
        """The payer changes by a decision only; each change is a row (R108)."""
        before = self.work.belongings.now(case.id, What.PAYER)
        if before and before.area == payer:
            return
        row = Belonging(
            self.new_id(),
            case.id,
            case.committee,
            What.PAYER,
            payer,
            self.meeting.day,
            self.at,
            None,
            "decided",
        )
        self.work.belongings.add(row)
        self.work.note("payer_changed", case=case.id, area=payer)

    def _frame(self, presentation: Presentation, case: Case, final: Recommendation) -> None:
        """A new frame, or the open one until the next follow-up (D9, D19)."""
        open_now = self.work.frames.open_of(case.id, lock=True)
        next_on = final.follow_up_on or (open_now.follow_up_on if open_now else self._followed_up_on(case))
        if not _gives_new_frame(presentation.kind, final):
            if open_now and frame_goes_on(open_now, final) != open_now:
                self.work.frames.save(frame_goes_on(open_now, final))  # T23
            return
        if open_now:
            self.work.frames.save(open_now.moved(FrameState.REPLACED))
        terms = final.frame
        if terms and terms.amount:  # R058
            self.work.frames.add(
                Frame(
                    id=self.new_id(),
                    case_id=case.id,
                    amount=terms.amount,
                    purposes=terms.purposes,
                    payer=terms.payer,
                    opens_on=self.meeting.day,
                    follow_up_on=next_on or self.meeting.day,
                    opened_at=self.at,
                )
            )
            self.work.note("frame_begun", case=case.id, payer=terms.payer)

    def _followed_up_on(self, case: Case) -> date | None:
        """The day of the follow-up that is booked: what a frame hangs on (D9)."""
        there = self.work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        meeting = self.work.meetings.find(there.meeting_id) if there and there.meeting_id else None
        return meeting.day if meeting else None

    def _follow_up(self, case: Case, next_on: date) -> None:
        """R064: the next follow-up stands on the nearest meeting on or before the day, and nobody has to ask for it."""
        meeting = self._nearest(next_on)
        there = self.work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        coming = follow_up_of(
            case,
            id=there.id if there else self.new_id(),
            at=self.at,
            rules_version=self.rules.version,
            meeting=meeting.id if meeting else None,
        )
        if there is None:
            self.work.presentations.add(coming)
        elif there.id in {minuted.presentation_id for minuted in self.meeting.record}:
            asks = replace(there.recommendation, goals=case.goals)  # decided in a moment, with its answers
            on_it = replace(there, meeting_id=coming.meeting_id, position=None, recommendation=asks)
            self.work.presentations.save(on_it)
        elif (there.meeting_id, there.recommendation.goals) != (coming.meeting_id, case.goals):
            self._asked_anew(there, coming)
        self.work.note("follow_up_agreed", case=case.id, day=next_on.isoformat())

    def _asked_anew(self, there: Presentation, coming: Presentation) -> None:
        """Answers given for another day, or about other goals, are not answers any more: it is prepared again."""
        self.work.presentations.save(
            replace(coming, version=there.version, date_moved=there.date_moved, asked=there.asked)
        )
        self.work.presentations.drop_wish(there.id)
        for secretary in self.work.people.holding(Role.SECRETARY, committee=there.committee):
            self.work.notices.retell(f"new_date:{there.id}:{there.date_moved}:{secretary.id}")
        if there.meeting_id and there.meeting_id != coming.meeting_id:
            self.work.notices.retell(self.work.meetings.get(there.meeting_id).post_key)

    def _hand_over(self, case: Case) -> None:
        """What is open goes along with the case to the new fixed caseworker."""
        there = self.work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        if there and there.requested_by != case.caseworker:
            self.work.presentations.save(
                replace(there, requested_by=case.caseworker, collector=case.caseworker)
            )
        end_substitutes(self.work, case, at=self.at)  # of whoever had it before (T25)
        self.work.note("caseworker_appointed", case=case.id, caseworker=case.caseworker)

    def _close(self, presentation: Presentation, case: Case, final: Recommendation) -> None:
        """T28. Raises ClosingMissing, and ClosingHeldBack while something is set aside on the case."""
        if final.closing is None:
            raise ClosingMissing
        close_case(
            self.work,
            case,
            why=final.closing,
            on=self.meeting.day,
            rules=self.rules,
            at=self.at,
            by=self.by,
            but_for=presentation.id,
            new_id=self.new_id,
        )
        self._tell_decided(presentation, case, case.caseworker)
        self._tell_leaders_decided(presentation, case)

    def _tasks(self, presentation: Presentation, case: Case, final: Recommendation) -> set[AreaCode]:
        return carry_out_plan(
            self.work,
            presentation,
            case,
            final,
            meeting=self.meeting,
            rules=self.rules,
            new_id=self.new_id,
        )

    def _coming(self) -> list[Meeting]:
        """After this meeting and still ahead, however late its minutes are approved."""
        since = max(self.meeting.day, local_date(self.at))
        found = self.work.meetings.next_after(self.meeting.committee, since, count=60)
        return [m for m in found if m.day > self.meeting.day and m.is_ahead(self.at)]

    def _nearest(self, day: date) -> Meeting | None:
        """The last planned meeting on or before the day; the first one after it when there is none."""
        coming = self._coming()
        before = [m for m in coming if m.day <= day]
        return before[-1] if before else next(iter(coming), None)

    def _news(self, kind: str, presentation: Presentation, case: Case, to: PersonId) -> Notice:
        facts = {"presentation": presentation.id, "meeting": self.meeting.id}
        key = f"{kind}:{self.meeting.id}:{presentation.id}:{to}"
        return Notice(key, kind, to, facts, case_id=case.id)

    def _tell_decided(self, presentation: Presentation, case: Case, caseworker: PersonId) -> None:
        """The fixed caseworker, and whoever presented it."""
        for person in dict.fromkeys((caseworker, presentation.requested_by)):
            self.outcomes.append(self._news("decided", presentation, case, person))

    def _tell_leaders_decided(self, presentation: Presentation, case: Case) -> None:
        for leader in self.work.people.holding(Role.AREA_LEADER, presentation.area):
            self.outcomes.append(self._news("decided", presentation, case, leader.id))

    def _tell_mandate_missing(self, presentation: Presentation, decision: Decision, to: str | None) -> None:
        """X10: the leader of the area whose member could not decide. They may not see the case, so none is named."""
        seats = self.work.committees.seats(self.meeting.committee, on=self.meeting.day)
        lacking = decision.without_mandate or sitting_of(self.work, self.meeting, presentation).unconfirmed
        for area in sorted({s.area for s in seats if s.person in lacking}):
            for leader in self.work.people.holding(Role.AREA_LEADER, area):
                key = f"mandate_lacked:{self.meeting.id}:{presentation.id}:{leader.id}"
                facts = {"meeting": self.meeting.id, "to": to or "", "area": area}
                self.work.notices.tell(Notice(key, "mandate_lacked", leader.id, facts))

    def _tell_areas(self, areas: set[AreaCode]) -> None:
        """One message per leader of each area, with the list of its tasks."""
        for area in sorted(areas):
            for leader in self.work.people.holding(Role.AREA_LEADER, area):
                key = f"tasks:{self.meeting.id}:{area}:{leader.id}"
                facts = {"meeting": self.meeting.id, "area": area}
                if self.written:
                    only = self.meeting.record[0].presentation_id
                    key, facts = f"{key}:{only}", {**facts, "only": only}
                self.work.notices.tell(Notice(key, "area_tasks", leader.id, facts))


def _gives_new_frame(kind: Kind, final: Recommendation) -> bool:
    if final.frame is None:
        return False
    return kind in (Kind.NEW, Kind.CHANGE, Kind.FRAME_CHANGE) or (
        kind == Kind.FOLLOW_UP and final.outcome == "new_frame"
    )
