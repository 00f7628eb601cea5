"""What the committee decided takes effect when the minutes are approved: frames, follow-ups, tasks, cases (T12-T28)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.case import Case, Stage
from bot.domain.decision import DECIDING, DISCUSSED, ONLY_TALK, OUT_OF_SCOPE, POSTPONED, is_closing
from bot.domain.frame import Frame, FrameState
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, PersonId, Role
from bot.domain.presentation import (
    Decision,
    Kind,
    Measure,
    Presentation,
    Recommendation,
    State,
)
from bot.domain.rules import Rules
from bot.domain.task import Task
from bot.usecases.ports import Work

INFO_MISSING = "info_missing"


@dataclass(frozen=True)
class Approval:
    """One transaction for the whole meeting: everything in it takes effect, or nothing does."""

    work: Work
    meeting: Meeting
    rules: Rules
    at: datetime
    by: PersonId
    new_id: Callable[[], str]

    def carry_out(self) -> None:
        areas: set[AreaCode] = set()
        for minuted in self.meeting.record:
            presentation = self.work.presentations.get(minuted.presentation_id, lock=True)
            case = self.work.cases.get(minuted.case_id, lock=True)
            areas |= self._item(presentation, case, minuted.decision)
        self._tell_areas(areas)

    def _item(self, presentation: Presentation, case: Case, decision: Decision) -> set[AreaCode]:
        """Gives the areas that got tasks."""
        if decision.choice == POSTPONED:
            self._postpone(presentation, decision.to_meeting, decision.reason or "other")
            self._tell_decided(presentation, case, case.caseworker)
            return set()
        if decision.choice == DISCUSSED and presentation.kind not in ONLY_TALK:
            coming = self._coming()
            self._postpone(presentation, coming[0].id if coming else None, INFO_MISSING, act="item_discussed")
            self._tell_decided(presentation, case, case.caseworker)
            return set()
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
    ) -> None:
        """T12: on the chosen meeting's agenda, with a fresh decision; what was ready stays so unless it was the reason."""
        info = reason == INFO_MISSING
        postponed = replace(
            presentation.moved(State.POSTPONED) if presentation.state != State.POSTPONED else presentation,
            meeting_id=to,
            position=None,
            late_at=None,
            decision=None,
            ready_at=None if info else presentation.ready_at,
            ready_by=None if info else presentation.ready_by,
        )
        self.work.presentations.save(postponed)
        self.work.note(act, case=presentation.case_id, reason=reason)
        if to:
            self.work.notices.retell(self.work.meetings.get(to).post_key)

    def _decided(self, presentation: Presentation, case: Case, decision: Decision) -> None:
        done = presentation.settled(State.DECIDED, by=self.by, at=self.at, undo_until=None)
        self.work.presentations.save(replace(done, approved_at=self.at))
        self.work.note("item_decided", case=case.id, presentation=presentation.id, choice=decision.choice)

    def _out_of_scope(self, presentation: Presentation, case: Case, decision: Decision) -> None:
        """T16: the area named answers now, and its contact is told."""
        self.work.cases.save(case.moved(Stage.OUT_OF_SCOPE))
        self._tell_decided(presentation, case, case.caseworker)
        self._tell_leaders_decided(presentation, case)
        if decision.contact:
            self._tell("contact", presentation, case, decision.contact)

    def _take_effect(self, presentation: Presentation, case: Case, final: Recommendation) -> set[AreaCode]:
        if is_closing(presentation.kind, final):
            self._close(presentation, case)
            return set()
        before = case.caseworker
        case = self._case_goes_on(presentation, case, final)
        self._frame(presentation, case, final)
        if final.follow_up_on:
            self._follow_up(case, final.follow_up_on)
        if case.caseworker != before:
            self._hand_over(case)
        areas = self._tasks(presentation, case, final.measures)
        self._tell_decided(presentation, case, case.caseworker)
        return areas

    def _case_goes_on(self, presentation: Presentation, case: Case, final: Recommendation) -> Case:
        """T15 and T17 in one; a change of caseworker is never made elsewhere (R057)."""
        payer = final.frame.payer if final.frame else None
        if presentation.kind == Kind.NEW and final.caseworker:
            decided = case.moved(Stage.DECIDED)
            active = decided.activated(on=self.meeting.day, goals=final.goals, payer=payer)
            case = active.given_to(final.caseworker, at=self.at)
        elif presentation.kind == Kind.CASEWORKER_CHANGE and final.caseworker:
            case = replace(case.given_to(final.caseworker, at=self.at), accepted_at=None)
        else:
            case = replace(case, goals=final.goals or case.goals, payer=payer or case.payer)
        return self.work.cases.save(case)

    def _frame(self, presentation: Presentation, case: Case, final: Recommendation) -> None:
        """A new frame, or the open one until the next follow-up (D9, D19)."""
        open_now = self.work.frames.open_of(case.id, lock=True)
        next_on = final.follow_up_on or (open_now.follow_up_on if open_now else None)
        if not _gives_new_frame(presentation.kind, final):
            if open_now and final.follow_up_on:
                self.work.frames.save(replace(open_now, follow_up_on=final.follow_up_on))
            return
        if open_now:
            self.work.frames.save(replace(open_now, state=FrameState.REPLACED))
        terms = final.frame
        if terms and terms.amount:
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
            self.work.note("frame_opened", case=case.id, payer=terms.payer)

    def _follow_up(self, case: Case, next_on: date) -> None:
        """R064: the next follow-up stands on the nearest meeting on or before the day, and nobody has to ask for it."""
        meeting = self._nearest(next_on)
        there = self.work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        if there:
            moved = replace(there, meeting_id=meeting.id if meeting else None, position=None)
            self.work.presentations.save(moved)
        else:
            self.work.presentations.add(
                Presentation(
                    id=self.new_id(),
                    case_id=case.id,
                    committee=case.committee,
                    kind=Kind.FOLLOW_UP,
                    area=case.area,
                    requested_by=case.caseworker,
                    requested_at=self.at,
                    state=State.REFERRED,
                    collector=case.caseworker,
                    recommendation=Recommendation(goals=case.goals),
                    meeting_id=meeting.id if meeting else None,
                    rules_version=self.rules.version,
                )
            )
        self.work.note("follow_up_agreed", case=case.id, day=next_on.isoformat())

    def _hand_over(self, case: Case) -> None:
        """What is open goes along with the case to the new fixed caseworker."""
        there = self.work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        if there and there.requested_by != case.caseworker:
            self.work.presentations.save(
                replace(there, requested_by=case.caseworker, collector=case.caseworker)
            )
        self.work.note("caseworker_appointed", case=case.id, caseworker=case.caseworker)

    def _close(self, presentation: Presentation, case: Case) -> None:
        """T28: the frame is settled, the follow-ups are cancelled, and the leader is told."""
        open_now = self.work.frames.open_of(case.id, lock=True)
        if open_now:
            self.work.frames.save(replace(open_now, state=FrameState.SETTLED))
        for other in self.work.presentations.of_case(case.id):
            if other.is_open and other.id != presentation.id and other.kind != Kind.DOUBT:
                withdrawn = other.settled(State.WITHDRAWN, by=self.by, at=self.at, undo_until=None)
                self.work.presentations.save(replace(withdrawn, meeting_id=None))
        self.work.cases.save(replace(case.moved(Stage.CLOSED), closed_on=self.meeting.day))
        self.work.note("case_closed", case=case.id)
        self._tell_decided(presentation, case, case.caseworker)
        self._tell_leaders_decided(presentation, case)

    def _tasks(self, presentation: Presentation, case: Case, measures: tuple[Measure, ...]) -> set[AreaCode]:
        """R011: each measure is a legal decision for its area to make, five working days after the meeting (R014)."""
        due_on = self.rules.working_days.after(self.meeting.day, self.rules.deadlines.task_days)
        for measure in measures:
            self.work.tasks.add(
                Task(
                    id=self.new_id(),
                    case_id=case.id,
                    presentation_id=presentation.id,
                    meeting_id=self.meeting.id,
                    area=measure.area,
                    measure=measure.code,
                    due_on=due_on,
                )
            )
        return {m.area for m in measures}

    def _coming(self) -> list[Meeting]:
        found = self.work.meetings.next_after(self.meeting.committee, self.meeting.day, count=60)
        return [m for m in found if m.day > self.meeting.day]

    def _nearest(self, day: date) -> Meeting | None:
        """The last planned meeting on or before the day; the first one after it when there is none."""
        coming = [m for m in self._coming() if m.state == MeetingState.PLANNED]
        before = [m for m in coming if m.day <= day]
        return before[-1] if before else next(iter(coming), None)

    def _tell(self, kind: str, presentation: Presentation, case: Case, to: PersonId) -> None:
        facts = {"presentation": presentation.id, "meeting": self.meeting.id}
        key = f"{kind}:{self.meeting.id}:{presentation.id}:{to}"
        self.work.notices.tell(Notice(key, kind, to, facts, case_id=case.id))

    def _tell_decided(self, presentation: Presentation, case: Case, caseworker: PersonId) -> None:
        """The fixed caseworker, and whoever presented it."""
        for person in dict.fromkeys((caseworker, presentation.requested_by)):
            self._tell("decided", presentation, case, person)

    def _tell_leaders_decided(self, presentation: Presentation, case: Case) -> None:
        for leader in self.work.people.holding(Role.AREA_LEADER, presentation.area):
            self._tell("decided", presentation, case, leader.id)

    def _tell_areas(self, areas: set[AreaCode]) -> None:
        """One message per leader of each area, with the list of its tasks."""
        for area in sorted(areas):
            for leader in self.work.people.holding(Role.AREA_LEADER, area):
                key = f"tasks:{self.meeting.id}:{area}:{leader.id}"
                facts = {"meeting": self.meeting.id, "area": area}
                self.work.notices.tell(Notice(key, "area_tasks", leader.id, facts))


def _gives_new_frame(kind: Kind, final: Recommendation) -> bool:
    if final.frame is None:
        return False
    return kind in (Kind.NEW, Kind.CHANGE, Kind.FRAME_CHANGE) or (
        kind == Kind.FOLLOW_UP and final.outcome == "new_frame"
    )
