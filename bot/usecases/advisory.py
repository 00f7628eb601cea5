"""Advisory mode: a meeting advises, and the area's leader says whether it is followed (R106, R107, X12).

Nothing a meeting said takes effect before that. A closing needs no meeting then: the fixed caseworker has asked for it,
and the leader confirms (T28). The coordinator stays as named, in both modes (R113).
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.case import Case, Stage
from bot.domain.decision import AS_RECOMMENDED, ReasonMissing
from bot.domain.follow_up import follow_up_of
from bot.domain.meeting import Meeting, Minuted
from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, Decision, Kind, Presentation, State
from bot.usecases.approval import Approval
from bot.usecases.ballots import holder
from bot.usecases.cases import case_of, to_follow
from bot.usecases.coming import put_on_next
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.withdrawals import withdraw_the_rest


class Advisory(UseCases):
    def follow(self, asked: Asked, presentation_id: str) -> Presentation:
        """What was advised takes effect, as the leader's own decision. Raises NotForYou, AlreadySettled."""
        with self._open_work(asked) as work:
            presentation, case = self._to_settle(work, asked, presentation_id)
            meeting = self._as_decided_today(work, asked, presentation)
            rules = self._rules.on(asked.today)
            work.note("advice_followed", case=case.id, presentation=presentation.id)
            Approval(
                work=work,
                meeting=meeting,
                rules=rules,
                at=asked.at,
                by=asked.by.id,
                new_id=self._chance.id,
                binding=True,
            ).carry_out()
            return self._settled(work, presentation.id, "followed")

    def set_aside(self, asked: Asked, presentation_id: str, *, reason: str | None) -> Presentation:
        """The leader goes another way, with a reason; a new case is the area's own from now on. Raises ReasonMissing.

        A closing set aside starts the reminders again; a follow-up is asked anew.
        """
        with self._open_work(asked) as work:
            presentation, case = self._to_settle(work, asked, presentation_id)
            if reason not in self._rules.on(asked.today).choices.aside:
                raise ReasonMissing
            work.presentations.save(
                replace(
                    presentation.settled(State.WITHDRAWN, by=asked.by.id, at=asked.at, undo_until=None),
                    meeting_id=None,
                )
            )
            if case.stage == Stage.IN_REFERRAL:
                work.cases.save(case.moved(Stage.NOT_REFERRED))
                withdraw_the_rest(work, case, by=asked.by.id, at=asked.at)
            if presentation.kind == Kind.CLOSURE and case.is_stilled:  # its reminders run again (T28)
                work.cases.save(replace(case, ending=None))
            if presentation.kind == Kind.FOLLOW_UP:
                self._follow_up_again(work, asked, case)
            work.note("advice_set_aside", case=case.id, presentation=presentation.id, reason=reason)
            return self._settled(work, presentation.id, "set_aside")

    def _follow_up_again(self, work: Work, asked: Asked, case: Case) -> None:
        """Another one in its place, on the next meeting with room: the frame hangs on it (R064)."""
        rules = self._rules.on(asked.today)
        blank = follow_up_of(case, id=self._chance.id(), at=asked.at, rules_version=rules.version)
        again = work.presentations.add(put_on_next(work, rules, blank, asked.at))
        meeting = work.meetings.find(again.meeting_id or "")
        frame = work.frames.open_of(case.id, lock=True)
        if meeting and frame:
            work.frames.save(replace(frame, follow_up_on=meeting.day))
        if meeting:
            work.note("follow_up_agreed", case=case.id, day=meeting.day.isoformat())

    def _to_settle(self, work: Work, asked: Asked, presentation_id: str) -> tuple[Presentation, Case]:
        presentation = work.presentations.get(presentation_id, lock=True)
        case = case_for(work, asked, presentation.case_id, lock=True)
        if not asked.by.leads(presentation.area):
            raise NotForYou
        if to_follow((presentation,), self._rules.on(asked.today), asked.by) is None:
            raise AlreadySettled(state=presentation.state, by=None, at=presentation.settled_at)
        return presentation, case

    def _as_decided_today(self, work: Work, asked: Asked, presentation: Presentation) -> Meeting:
        """The meeting that advised, with this item alone; a closing asked for without one is entered in the next."""
        held = work.meetings.find(presentation.meeting_id or "") if presentation.advice else None
        meeting = held or holder(work, presentation.committee, asked.at)
        decision = presentation.decision if presentation.advice else None
        final = presentation.recommendation
        confirmed = Decision(AS_RECOMMENDED, final=final, recorded_by=asked.by.id, recorded_at=asked.at)
        record = Minuted(1, presentation.id, presentation.case_id, presentation.kind, decision or confirmed)
        return replace(meeting, day=asked.today, record=(record,))

    def _settled(self, work: Work, presentation_id: str, how: str) -> Presentation:
        saved = work.presentations.save(replace(work.presentations.get(presentation_id), advice=how))
        for leader in work.people.all():
            if leader.leads(saved.area):
                work.notices.retell(f"advisory:{saved.id}:{leader.id}")
        return saved


def _tell_advice(telling: Telling) -> Told | None:
    case = case_of(telling)
    if case is None or telling.recipient is None:
        return None
    presentation = telling.work.presentations.get(telling.notice.facts["presentation"])
    return Told((case, presentation), telling.recipient.language)


TELLERS: dict[str, Teller] = {"advisory": _tell_advice}
