"""What a person said with one press, taken back with one press within ten minutes (D35, criterion 10).

Each gives back what was before, and whoever was told sees what is true now. All raise TooLateToUndo: when the ten
minutes are over, when it was somebody else's word, and when something has been built on it since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.case import Case, CaseNotFound, Stage
from bot.domain.committee import Mandate
from bot.domain.follow_up import NewDateWish
from bot.domain.meeting import Meeting
from bot.domain.people import ROLES_OF_A_COMMITTEE, NotForYou, PersonId, Role, require
from bot.domain.presentation import Kind, Presentation, State, TooLateToUndo
from bot.domain.task import Task
from bot.domain.undoing import BuiltUpon
from bot.usecases import missing_again, taking_off
from bot.usecases.agendas import tell_again
from bot.usecases.asked_leaders import take_from_deputies, tell_one
from bot.usecases.closings import does_not_hold_key
from bot.usecases.meetings import put_on
from bot.usecases.ports import Asked, Work
from bot.usecases.ready_news import lose_mark, tell_complete
from bot.usecases.slips import slip_of, take_word_back
from bot.usecases.target_group import shared
from bot.usecases.tools import UseCases, already, case_for, show_again, was_asked


class SecondThoughts(UseCases):
    def ready(self, asked: Asked, presentation_id: str) -> Case:
        """*Markér velbelyst* taken back (T09): the case waits for the leader's mark again."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            marked = before.state == State.READY and before.kind != Kind.FOLLOW_UP
            if not marked or before.ready_by != asked.by.id:
                raise TooLateToUndo
            self._in_time(asked, before.ready_at)
            saved = work.presentations.save(
                replace(before.moved(State.REFERRED), ready_by=None, ready_at=None)
            )
            work.note("ready_undone", case=case.id, presentation=saved.id)
            tell_complete(work, saved)
            _agenda_again(work, saved.meeting_id)
            return case

    def proposal(self, asked: Asked, presentation_id: str) -> Case:
        """The proposed caseworker's yes or no taken back: the question stands again."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            r = before.recommendation
            mine = r.caseworker == asked.by.id and before.state in (
                State.REFERRED,
                State.POSTPONED,
                State.READY,
            )
            if r.caseworker != asked.by.id:
                was_asked(work, asked, before)
            if not mine or r.yes_on_behalf_by:
                raise TooLateToUndo
            self._in_time(asked, r.caseworker_said_yes_at or r.caseworker_said_no_at)
            asks_again = replace(r, caseworker_said_yes_at=None, caseworker_said_no_at=None)
            changed = replace(before, recommendation=asks_again)
            if changed.ready_at is not None:  # a yes that is missing is a gap (T09)
                changed = lose_mark(work, changed, ("caseworker_agreed",), by=asked.by.id)
            saved = work.presentations.save(changed)
            work.note("proposal_undone", case=saved.case_id, presentation=saved.id)
            work.notices.handle(f"proposal_answer:{saved.id}:{asked.by.id}:")
            work.notices.handle(f"complete:{saved.id}:")
            work.notices.retell(f"proposal:{saved.id}:{asked.by.id}")
            _agenda_again(work, saved.meeting_id)
            return work.cases.get(saved.case_id)

    def mandates(self, asked: Asked, of: str) -> int:
        """What the member has confirmed in the last ten minutes, on one item or on a meeting; gives how many."""
        with self._open_work(asked) as work:
            found = work.presentations.find(of)
            items = [found] if found else work.presentations.on_agenda(of)
            mine = [m for item in items for m in self._fresh(work, asked, item)]
            if not mine:
                raise TooLateToUndo
            for mandate in mine:
                work.presentations.drop_mandate(mandate.presentation_id, asked.by.id)
                case = work.presentations.get(mandate.presentation_id).case_id
                work.note("mandate_undone", case=case, presentation=mandate.presentation_id)
            for meeting in {item.meeting_id for item in items if item.meeting_id}:
                show_again(work, meeting)
            return len(mine)

    def _fresh(self, work: Work, asked: Asked, item: Presentation) -> list[Mandate]:
        given = [m for m in work.presentations.mandates(item.id) if m.person == asked.by.id]
        return [m for m in given if asked.at <= m.at + self._minutes(asked)]

    def tick(self, asked: Asked, task_id: str) -> Task:
        """The steps the leader ticked last, all at once, are open again."""
        with self._open_work(asked) as work:
            task = work.tasks.find(task_id, lock=True)
            mine = [t.at for t in task.ticks.values() if t.by == asked.by.id] if task else []
            if task is None or not asked.by.leads(task.area) or not mine:
                raise TooLateToUndo
            self._in_time(asked, max(mine))
            ticks = {s: t for s, t in task.ticks.items() if (t.by, t.at) != (asked.by.id, max(mine))}
            done_at = task.done_at if "communicated" in ticks else None
            saved = work.tasks.save(replace(task, ticks=ticks, done_at=done_at))
            work.note("task_tick_undone", case=saved.case_id, task=saved.id)
            for leader in work.people.holding(Role.AREA_LEADER, saved.area):
                work.notices.retell(f"tasks:{saved.meeting_id}:{saved.area}:{leader.id}")
            return saved

    def new_date(self, asked: Asked, presentation_id: str) -> Case:
        """The secretary's answer to a wish for another date: the old date stands, and the wish waits again."""
        with self._open_work(asked) as work:
            now = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, now.case_id)
            key = f"new_date_given:{now.id}:{now.version}"  # another version: something has been built on it
            given = work.notices.by_key(key)
            facts = given.facts if given else {}
            if facts.get("given_by") != asked.by.id or not now.may_stand_on_an_agenda:
                raise TooLateToUndo
            self._in_time(asked, datetime.fromisoformat(facts["given_at"]))
            old = _still_ahead(work, asked, facts["was"])
            saved = work.presentations.save(
                replace(now, meeting_id=old.id, position=None, date_moved=now.date_moved - 1)
            )
            wished_at = datetime.fromisoformat(facts["wished_at"])
            work.presentations.put_wish(NewDateWish(saved.id, facts["wished_by"], wished_at, facts["reason"]))
            frame = work.frames.open_of(case.id, lock=True)
            if frame:
                work.frames.save(replace(frame, follow_up_on=old.day))
            work.note("new_date_undone", case=case.id, presentation=saved.id, day=old.day.isoformat())
            work.notices.handle(key)
            for meeting in (now.meeting_id, old.id):
                _agenda_again(work, meeting)
            return case

    def stand_in(self, asked: Asked, meeting_id: str, absent: PersonId) -> Meeting:
        """An alternate's *Jeg kan* taken back before the meeting: the alternates are asked again (D31)."""
        with self._open_work(asked) as work:
            meeting = work.meetings.get(meeting_id, lock=True)
            if not meeting.is_ahead(asked.at) or meeting.stand_ins.get(absent) != asked.by.id:
                raise TooLateToUndo
            left = {a: s for a, s in meeting.stand_ins.items() if a != absent}
            saved = work.meetings.save(replace(meeting, stand_ins=left))
            work.note("stand_in_undone", meeting=meeting.id)
            tell_again(work, meeting, absent)
            return saved

    def date_wish(self, asked: Asked, presentation_id: str) -> Case:
        """A wish for another date taken back while nobody has answered it: the date stands (D10)."""
        with self._open_work(asked) as work:
            presentation = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, presentation.case_id)
            wish = work.presentations.wish(presentation.id)
            if wish is None or wish.by != asked.by.id:
                raise TooLateToUndo
            work.presentations.drop_wish(presentation.id)
            work.note("new_date_wish_undone", case=case.id, presentation=presentation.id)
            work.notices.handle(f"new_date:{presentation.id}:")
            return case

    def frame_wish(self, asked: Asked, presentation_id: str) -> Case:
        """A new frame asked for by mistake; after ten minutes it is *Træk tilbage*, with a reason (T14)."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            reason = before.ticks.get("reason")
            mine = reason is not None and reason.by == asked.by.id
            untouched = before.kind == Kind.FRAME_CHANGE and before.state == State.REFERRED
            if not (mine and untouched) or before.decision is not None:
                raise TooLateToUndo
            self._in_time(asked, before.requested_at)
            withdrawn = before.settled(State.WITHDRAWN, by=asked.by.id, at=asked.at, undo_until=None)
            saved = work.presentations.save(replace(withdrawn, meeting_id=None))
            work.note("new_frame_undone", case=case.id, presentation=saved.id)
            work.notices.handle(f"new_frame:{saved.id}:")
            _agenda_again(work, before.meeting_id)
            return case

    def referral(self, asked: Asked, presentation_id: str) -> Case:
        """A leader takes the referral back by a counter-entry, until it stands on an agenda or is ready (T07, D35).

        The request waits for a leader's answer again, with a new day. Raises CaseNotFound, NotForYou, TooLateToUndo.
        """
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id, lock=True)
            if not asked.by.leads(before.area):
                raise NotForYou
            if not before.may_be_taken_back:
                raise TooLateToUndo
            rules = self._rules.on(asked.today)
            again = replace(
                before.moved(State.REQUESTED),
                settled_by=None,
                settled_at=None,
                undo_until=None,
                passed_on_at=None,
                answer_by=rules.working_days.after(asked.today, rules.deadlines.leader_answers),
            )
            saved = work.presentations.save(again)
            work.note("referral_taken_back", case=case.id, presentation=saved.id)
            for told in work.notices.showing("answered"):
                if told.facts["presentation"] == saved.id:
                    work.notices.retell(told.key)
            leaders = work.people.holding(Role.AREA_LEADER, saved.area)
            for leader in (p for p in leaders if p.id != saved.requested_by):
                tell_one(work, saved, leader)
            return case

    def taken_off(self, asked: Asked, presentation_id: str) -> Case:
        """*Tag af* taken back: the item stands where it stood (T11).

        Raises BuiltUpon when it has gone elsewhere since, and what keeps an item off an agenda.
        """
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            require(asked.by, *ROLES_OF_A_COMMITTEE, committee=before.committee)
            slip = self._slip(work, asked, "taken_off", before.id)
            if not before.may_stand_on_an_agenda or before.meeting_id or before.in_written_procedure:
                raise BuiltUpon(instead="taken_off")
            meeting = work.meetings.get(slip["meeting"], lock=True)
            back = put_on(work, self._rules.on(asked.today), before, meeting.id, asked.at)
            position = int(slip["position"]) if slip["position"] else None
            saved = work.presentations.save(replace(back, position=position))
            work.note("taken_off_undone", case=case.id, presentation=saved.id, meeting=meeting.id)
            for person in taking_off.hearers(work, saved):
                take_word_back(work, taking_off.key_of(saved, slip["version"], person))
            show_again(work, meeting.id)
            return case

    def missing(self, asked: Asked, presentation_id: str) -> Case:
        """*Mangler oplysninger* on what was ready taken back: mark and ticks stand as they stood (T09).

        Raises BuiltUpon when anybody has changed the item since.
        """
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            slip = self._slip(work, asked, "missing", before.id)
            if before.state != State.REFERRED or str(before.version) != slip["version"]:
                raise BuiltUpon(instead="missing")
            saved = work.presentations.save(missing_again.marked_as_before(before, slip))
            work.note("missing_again_undone", case=case.id, presentation=saved.id)
            for person in missing_again.hearers(work, saved):
                take_word_back(work, missing_again.key_of(saved, slip["version"], person))
            _agenda_again(work, saved.meeting_id)
            return case

    def leader_conflict(self, asked: Asked, presentation_id: str) -> Case:
        """A leader's *Jeg er inhabil* taken back while nobody has answered: the request waits for them too (T07)."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            if not asked.by.leads(before.area):
                raise NotForYou
            slip = self._slip(work, asked, "conflict", before.id)
            if before.state != State.REQUESTED:
                raise already(before, work)
            left = tuple(p for p in before.conflicted_leaders if p != asked.by.id)
            saved = work.presentations.save(replace(before, conflicted_leaders=left))
            work.note("leader_conflict_undone", case=case.id, presentation=saved.id)
            if slip["passed"]:
                saved = take_from_deputies(work, saved)
            tell_one(work, saved, asked.by)
            return case

    def consent(self, asked: Asked, case_id: str) -> Case:
        """*Registrér samtykke* taken back: the adult has not answered (R036).

        Raises BuiltUpon when the case has been changed, shared across areas or decided since.
        """
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            slip = self._slip(work, asked, "consent", case.id)
            moved = str(case.version) != slip["version"] or shared(work, case.id) != slip["shared"]
            since = datetime.fromisoformat(slip["at"])
            if moved or _decided_since(work, case, since):
                raise BuiltUpon(instead="consent")
            for marked in work.presentations.of_case(case.id):
                if marked.kind == Kind.NEW and marked.ready_at and marked.ready_at >= since:  # T09
                    work.presentations.save(lose_mark(work, marked, ("consent",), by=asked.by.id))
            day = date.fromisoformat(slip["day"]) if slip["day"] else None
            back = replace(case, plan_choice=slip["choice"] or None, plan_choice_on=day)
            work.note("consent_undone", case=case.id)
            return work.cases.save(back)

    def company(self, asked: Asked, presentation_id: str) -> Case:
        """*Tag en kollega med* taken back: those are along who were, and nobody else (R007). Raises BuiltUpon."""
        with self._open_work(asked) as work:
            item = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, item.case_id)
            slip = self._slip(work, asked, "company", item.id)
            now = ",".join(sorted(work.presentations.taken_along(item.id)))
            if now != slip["after"] or not item.is_open:
                raise BuiltUpon(instead="company")
            work.presentations.take_along(item.id, [p for p in slip["before"].split(",") if p])
            work.note("taken_along_undone", case=case.id, presentation=item.id)
            return case

    def after_closing(self, asked: Asked, after_id: str) -> Case:
        """An answer to what is asked after a closing taken back: it is asked again (T28). Raises BuiltUpon."""
        with self._open_work(asked) as work:
            before = work.after_closings.find(after_id, lock=True)
            if before is None:
                raise CaseNotFound
            case = case_for(work, asked, before.case_id)
            if before.answered_by != asked.by.id:
                raise TooLateToUndo
            self._in_time(asked, before.answered_at)
            if case.stage != Stage.CLOSED:
                raise BuiltUpon(instead="after_closing")
            work.after_closings.save(replace(before, answer=None, answered_by=None, answered_at=None))
            work.note("after_closing_undone", case=case.id, months=str(before.months))
            for leader in work.people.holding(Role.AREA_LEADER, case.area):
                take_word_back(work, does_not_hold_key(before, leader))
            return case

    def _slip(self, work: Work, asked: Asked, what: str, subject: str) -> Mapping[str, str]:
        return slip_of(work, what, subject, asked, self._minutes(asked))

    def _in_time(self, asked: Asked, at: datetime | None) -> None:
        if at is None or asked.at > at + self._minutes(asked):
            raise TooLateToUndo

    def _minutes(self, asked: Asked) -> timedelta:
        return timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)


def _agenda_again(work: Work, meeting: str | None) -> None:
    if meeting:
        show_again(work, meeting)


def _decided_since(work: Work, case: Case, at: datetime) -> bool:
    decided = [p.decision for p in work.presentations.of_case(case.id) if p.decision is not None]
    return any(d.complete and d.recorded_at and d.recorded_at >= at for d in decided)


def _still_ahead(work: Work, asked: Asked, meeting_id: str) -> Meeting:
    meeting = work.meetings.find(meeting_id) if meeting_id else None
    if meeting is None or not meeting.is_ahead(asked.at):
        raise TooLateToUndo
    return meeting
