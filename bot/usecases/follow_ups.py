"""Making a follow-up ready in four questions, and giving it another date (A6, D10, T21-T23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import add_months, instant, local_date
from bot.domain.case import AgeBand, Case
from bot.domain.follow_up import (
    ClosingMissing,
    FollowUpTooLate,
    MoveNeedsCommittee,
    NewDateWish,
    NoMeetingNear,
    NotAFollowUp,
    ProgressMissing,
    limit_of_move,
    may_move,
    proposed_next,
)
from bot.domain.frame import CommitmentsOpen
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.notices import Notice
from bot.domain.people import ROLES_OF_A_COMMITTEE, AreaCode, NotForYou, Person, Role, require
from bot.domain.presentation import GOALS, OPEN_STATES, AlreadySettled, Kind, Presentation, State
from bot.domain.rules import Deadlines, Rules
from bot.usecases.acting import acts_for
from bot.usecases.cases import case_of
from bot.usecases.closing_effect import held_on
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.markers import put_marker
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.tools import UseCases, case_for, rules_of, show_again
from bot.usecases.withdrawals import expect_not_held

MOST_GOALS = 3
MEETINGS_OFFERED = 3
TO_PREPARE = (State.REFERRED, State.POSTPONED)


@dataclass(frozen=True)
class Answers:
    """The four questions: how the goals go, what is recommended, the young person's own view, when to meet again."""

    progress: dict[str, str] = field(default_factory=dict)
    outcome: str = "unchanged"
    closing: str | None = None  # asked when the outcome is to close
    own_view: str = "not_yet"
    next_meeting: str | None = None  # None: it is to be closed


@dataclass(frozen=True)
class FollowUp:
    """A follow-up as the caseworker sees it."""

    presentation: Presentation
    case_id: str
    alias: str
    key: str
    tail: str | None
    day: date | None  # None: on no meeting yet
    goals: tuple[str, ...]
    next_choices: tuple[tuple[str, date], ...] = ()
    proposed: str | None = None  # the meeting about twelve weeks on
    move_choices: tuple[tuple[str, date], ...] = ()
    wished: bool = False  # a new date has been asked for
    band: AgeBand = AgeBand.YOUTH
    note: int | None = None  # its journal entry, when it has just been prepared

    @property
    def is_ready(self) -> bool:
        return self.presentation.state == State.READY

    @property
    def lacks_own_view(self) -> bool:
        return "own_view" not in self.presentation.ticks


class FollowUps(UseCases):
    def mine(self, asked: Asked) -> list[FollowUp]:
        """The open follow-ups of the person's cases, the nearest first."""
        with self._open_reading(at=asked.at) as work:
            cases = {c.id: c for c in work.cases.looked_after_by(asked.by.id, asked.today)}
            open_ones = [
                p for p in work.presentations.of_cases(cases, *OPEN_STATES) if p.kind == Kind.FOLLOW_UP
            ]
            work.meetings.gather(p.meeting_id for p in open_ones)
            work.cases.gather_references(cases)
            found = [self._seen(work, asked, p, cases[p.case_id]) for p in open_ones]
            return sorted(found, key=lambda f: (f.day or date.max, f.key))

    def open(self, asked: Asked, presentation_id: str) -> FollowUp:
        """For the forms. Raises CaseNotFound, NotAFollowUp, AlreadySettled, NotForYou."""
        with self._open_reading(at=asked.at) as work:
            presentation, case = _mine(work, asked, presentation_id)
            seen = self._seen(work, asked, presentation, case)
            after = self._next_counts_from(asked, seen.day)
            next_days = self._meetings_within(work, case, after)
            proposed = proposed_next(
                tuple(m.day for m in next_days),
                after=after,
                weeks=self._rules.on(asked.today).deadlines.weeks_to_next,
            )
            return replace(
                seen,
                next_choices=tuple((m.id, m.day) for m in next_days),
                proposed=next((m.id for m in next_days if m.day == proposed), None),
                move_choices=self._move_choices(work, asked, presentation, case),
            )

    def prepare(self, asked: Asked, presentation_id: str, answers: Answers) -> FollowUp:
        """Ready by itself, no leader is asked (D18); without the own view it is saved and still missing that.

        Raises FollowUpTooLate (with the latest meeting), ClosingMissing, CommitmentsOpen, ProgressMissing.
        """
        with self._open_work(asked) as work:
            presentation, case = _mine(work, asked, presentation_id, lock=True)
            saved = work.presentations.save(self._answered(work, asked, presentation, case, answers))
            note = work.note(
                "follow_up_prepared", case=case.id, presentation=saved.id, outcome=answers.outcome
            )
            if saved.meeting_id:
                show_again(work, saved.meeting_id)
            work.result(saved.id)
            return replace(self._seen(work, asked, saved, case), note=note)

    def _answered(
        self, work: Work, asked: Asked, before: Presentation, case: Case, answers: Answers
    ) -> Presentation:
        goals = goals_of(case)
        missing = tuple(g for g in goals if not answers.progress.get(g))
        if missing:
            raise ProgressMissing(field=f"progress_{missing[0]}", goals=missing)
        closes = answers.outcome == "close"
        if closes:
            if answers.closing not in self._rules.on(asked.today).choices.criteria:  # R071
                raise ClosingMissing
            self._check_settled(work, asked, case)
        meeting = work.meetings.find(before.meeting_id) if before.meeting_id else None
        recommendation = replace(
            before.recommendation,
            goals=case.goals,
            progress={g: answers.progress[g] for g in goals},
            outcome=answers.outcome,
            closing=answers.closing if closes else None,
            follow_up_on=None
            if closes
            else self._next_day(work, asked, case, meeting.day if meeting else None, answers),
        )
        changed = replace(before, recommendation=recommendation)
        if answers.own_view == "not_yet":
            changed = changed.untick("own_view")
            return changed.moved(State.REFERRED) if before.state == State.READY else changed
        changed = changed.tick("own_view", by=asked.by.id, at=asked.at, how=answers.own_view)
        ready = changed if before.state == State.READY else changed.moved(State.READY)
        return replace(ready, ready_by=asked.by.id, ready_at=asked.at)

    def _check_settled(self, work: Work, asked: Asked, case: Case) -> None:
        held = held_on(work, case, self._rules.on(asked.today))
        if held.amount:
            raise CommitmentsOpen(held=held.amount, purposes=held.purposes)

    def _next_day(
        self, work: Work, asked: Asked, case: Case, this_day: date | None, answers: Answers
    ) -> date:
        """The day of the meeting chosen for the next follow-up, within the longest interval."""
        meeting = work.meetings.find(answers.next_meeting) if answers.next_meeting else None
        if meeting is None or meeting.state != MeetingState.PLANNED:
            raise NoMeetingNear
        after = self._next_counts_from(asked, this_day)
        months = rules_of(self._rules, case).deadlines.longest_follow_up_months
        if meeting.day > add_months(after, months):
            days = [m.day for m in self._meetings_within(work, case, after)]
            raise FollowUpTooLate(months=months, latest=days[-1] if days else None)
        return meeting.day

    def ask_new_date(self, asked: Asked, presentation_id: str, *, meeting_id: str, reason: str) -> FollowUp:
        """*Bed om ny dato*: the secretary answers. Raises FollowUpTooLate, MoveNeedsCommittee (D10)."""
        with self._open_work(asked) as work:
            presentation, case = _mine(work, asked, presentation_id, lock=True)
            wished = work.meetings.find(meeting_id)
            if wished is None or not wished.is_ahead(asked.at):
                raise NoMeetingNear(field="meeting")
            self._check_move(work, asked, presentation, case, wished)
            work.presentations.put_wish(NewDateWish(presentation.id, asked.by.id, asked.at, reason))
            work.note("new_date_asked", case=case.id, presentation=presentation.id, reason=reason)
            facts = {"presentation": presentation.id, "meeting": wished.id, "by": asked.by.id}
            for secretary in work.people.holding(Role.SECRETARY, committee=presentation.committee):
                key = f"new_date:{presentation.id}:{presentation.date_moved}:{secretary.id}"
                work.notices.tell(Notice(key, "new_date", secretary.id, facts, case_id=case.id))
                work.notices.retell(key, **facts)
            work.result(presentation.id)
            return self._seen(work, asked, presentation, case)

    def answer_new_date(self, asked: Asked, presentation_id: str, meeting_id: str) -> FollowUp:
        """The secretary gives another meeting; every message about the wish becomes one line. Raises AlreadySettled."""
        with self._open_work(asked) as work:
            before = work.presentations.get(presentation_id, lock=True)
            case = case_for(work, asked, before.case_id)
            require(asked.by, *ROLES_OF_A_COMMITTEE, committee=before.committee)
            meeting = work.meetings.find(meeting_id)
            wish = work.presentations.wish(before.id)
            expect_not_held(work, before)
            if wish is None or not before.may_stand_on_an_agenda:
                raise AlreadySettled(state=before.state, by=None, at=None)
            if meeting is None or not meeting.is_ahead(asked.at):
                raise NoMeetingNear(field="meeting")
            self._check_limit(work, before, case, meeting)  # as far as the caseworker might ask
            saved = work.presentations.save(
                replace(before, meeting_id=meeting.id, position=None, date_moved=before.date_moved + 1)
            )
            work.presentations.drop_wish(before.id)
            self._follow(work, case, before.meeting_id, meeting)
            work.note("follow_up_moved", case=case.id, presentation=saved.id, day=meeting.day.isoformat())
            work.notices.handle(f"new_date:{saved.id}:")
            key = f"new_date_given:{saved.id}:{saved.version}"
            facts = {"presentation": saved.id} | _to_undo(asked, before, wish)
            work.notices.tell(Notice(key, "new_date_given", case.caseworker, facts, case_id=case.id))
            return self._seen(work, asked, saved, case)

    def _follow(self, work: Work, case: Case, old: str | None, meeting: Meeting) -> None:
        """The frame holds until the new day (D9), and both agendas are shown as they are now."""
        frame = work.frames.open_of(case.id, lock=True)
        if frame:
            work.frames.save(replace(frame, follow_up_on=meeting.day))
        for changed in {old, meeting.id}:
            if changed:
                show_again(work, changed)

    def snooze(self, asked: Asked, presentation_id: str) -> FollowUp:
        """*Mind mig i morgen*: one reminder moves to the next working morning; the date stands (D10)."""
        with self._open_work(asked) as work:
            presentation, case = _mine(work, asked, presentation_id)
            until = self._rules.on(asked.today).working_days.after(asked.today, 1)
            put_marker(work, snooze_key(presentation, asked.by), until=until.isoformat())
            return self._seen(work, asked, presentation, case)

    def escalate_due(self, at: datetime) -> int:
        """Three working days after, an overdue follow-up is written down, once; the overview tells the leader (T21)."""
        today = local_date(at)
        rules = self._rules.on(today)
        if at < _morning(today):
            return 0
        with self._open_reading(at=at) as work:
            late = [
                (f"follow_up:{p.id}:{m.id}:overdue", p)
                for p, m in overdue_ones(work, today)
                if rules.working_days.between(m.day, today) >= rules.deadlines.leader_reminded_after
            ]
            new = [(key, p) for key, p in late if work.notices.by_key(key) is None]
        each, written = OneByOne(), 0
        for key, presentation in new:
            with each.alone(), self._open_work(at=at) as work:
                if put_marker(work, key):
                    work.note("follow_up_overdue", case=presentation.case_id, presentation=presentation.id)
                    written += 1
        each.over()
        return written

    def _seen(self, work: Work, asked: Asked, presentation: Presentation, case: Case) -> FollowUp:
        meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
        own = tuple(sorted({p.area for p in asked.by.posts if p.area}))
        references = work.cases.references(case.id, own)
        return FollowUp(
            presentation=presentation,
            case_id=case.id,
            alias=case.alias,
            key=case.key,
            tail=references[0].tail if references else None,
            day=meeting.day if meeting else None,
            goals=goals_of(case),
            band=case.band_now,
            wished=work.presentations.wish(presentation.id) is not None,
        )

    def _next_counts_from(self, asked: Asked, day: date | None) -> date:
        return max(day or asked.today, asked.today)

    def _meetings_within(self, work: Work, case: Case, after: date) -> list[Meeting]:
        """The meetings after a day within the longest interval from it, as it was when the plan was decided (D8)."""
        months = rules_of(self._rules, case).deadlines.longest_follow_up_months
        coming = work.meetings.next_after(case.committee, after + timedelta(days=1), count=30)
        return [m for m in coming if m.day <= add_months(after, months)]

    def _move_choices(
        self, work: Work, asked: Asked, presentation: Presentation, case: Case
    ) -> tuple[tuple[str, date], ...]:
        """Meetings the date may move to without the committee; empty when it needs the committee."""
        found = []
        for meeting in work.meetings.next_after(case.committee, asked.today, count=10):
            if meeting.id == presentation.meeting_id or not meeting.is_ahead(asked.at):
                continue
            try:
                self._check_move(work, asked, presentation, case, meeting)
            except (MoveNeedsCommittee, FollowUpTooLate):
                continue
            found.append((meeting.id, meeting.day))
        return tuple(found)

    def _check_move(
        self, work: Work, asked: Asked, presentation: Presentation, case: Case, wished: Meeting
    ) -> None:
        deadlines = rules_of(self._rules, case).deadlines
        now = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
        may_move(
            old=now.day if now else asked.today,
            new=wished.day,
            moved_before=presentation.date_moved,
            weeks_alone=deadlines.move_weeks_alone,
        )
        self._check_limit(work, presentation, case, wished)

    def _check_limit(self, work: Work, presentation: Presentation, case: Case, wished: Meeting) -> None:
        """No follow-up is put off past the longest interval, whoever gives the date. Raises FollowUpTooLate."""
        deadlines = rules_of(self._rules, case).deadlines
        limit = _limit(presentation, deadlines)
        if wished.day > limit:
            agreed = local_date(presentation.requested_at)
            days = [m.day for m in work.meetings.between(case.committee, agreed, limit) if _stands(m)]
            raise FollowUpTooLate(
                field="meeting",
                months=deadlines.longest_follow_up_months,
                latest=days[-1] if days else None,
            )


def _limit(presentation: Presentation, deadlines: Deadlines) -> date:
    agreed = local_date(presentation.requested_at)
    return limit_of_move(agreed_on=agreed, months=deadlines.longest_follow_up_months)


def _to_undo(asked: Asked, before: Presentation, wish: NewDateWish) -> dict[str, str]:
    """What *Fortryd* needs to give back: the old meeting and the wish as it was."""
    return {
        "was": before.meeting_id or "",
        "given_by": asked.by.id,
        "given_at": asked.at.isoformat(),
        "wished_by": wish.by,
        "wished_at": wish.at.isoformat(),
        "reason": wish.reason,
    }


def goals_of(case: Case) -> tuple[str, ...]:
    """The goals that are asked about: the plan's, at most three."""
    return (case.goals or GOALS)[:MOST_GOALS]


def _morning(day: date) -> datetime:
    return instant(day, time(6, 0))


def _stands(meeting: Meeting) -> bool:
    return meeting.state != MeetingState.CANCELLED


def _mine(work: Work, asked: Asked, presentation_id: str, *, lock: bool = False) -> tuple[Presentation, Case]:
    """A follow-up the person answers for. Raises CaseNotFound, NotAFollowUp, NotForYou, AlreadySettled."""
    presentation = work.presentations.get(presentation_id, lock=lock)
    case = case_for(work, asked, presentation.case_id)
    if presentation.kind != Kind.FOLLOW_UP:
        raise NotAFollowUp
    gather = (presentation.collector, presentation.requested_by)
    if asked.by.id not in gather and not acts_for(work, case, asked.by, asked.today):
        raise NotForYou
    if not presentation.is_open:
        raise AlreadySettled(state=presentation.state, by=None, at=None)
    return presentation, case


def overdue_ones(
    work: Work, today: date, areas: Sequence[AreaCode] | None = None
) -> list[tuple[Presentation, Meeting]]:
    """Follow-ups whose day has passed unprepared. A meeting the committee cancelled is never the caseworker's delay."""
    found = work.presentations.overdue(Kind.FOLLOW_UP, *TO_PREPARE, before=today, areas=areas)
    work.cases.gather(p.case_id for p in found)
    work.meetings.gather(p.meeting_id for p in found)
    return [
        (p, work.meetings.get(str(p.meeting_id))) for p in found if not work.cases.get(p.case_id).is_stilled
    ]


def snooze_key(presentation: Presentation, person: Person) -> str:
    return f"follow_up:{presentation.id}:{presentation.meeting_id}:snooze:{person.id}"


@dataclass(frozen=True)
class NewDateAsked:
    """A wish for a new date, with the meetings to choose among."""

    presentation: str
    alias: str
    key: str
    band: AgeBand
    by: str
    old_day: date | None
    wished: date | None
    reason: str
    choices: tuple[tuple[str, date], ...]


def _asked_for(
    work: Work, presentation: Presentation, case: Case, at: datetime, rules: Rules, *, wished: str | None
) -> NewDateAsked | None:
    wish = work.presentations.wish(presentation.id)
    if wish is None or not presentation.may_stand_on_an_agenda:
        return None
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    wanted = work.meetings.find(wished) if wished else None
    coming = work.meetings.next_after(case.committee, local_date(at), count=MEETINGS_OFFERED + 2)
    limit = _limit(presentation, rules.deadlines)
    others = [m for m in coming if m.id != presentation.meeting_id and m.is_ahead(at) and m.day <= limit]
    offered = others[:MEETINGS_OFFERED]
    if wanted and wanted.is_ahead(at) and wanted.id not in [m.id for m in offered]:
        offered = [*offered[: MEETINGS_OFFERED - 1], wanted]
    return NewDateAsked(
        presentation=presentation.id,
        alias=case.alias,
        key=case.key,
        band=case.band_now,
        by=work.people.get(wish.by).name,
        old_day=meeting.day if meeting else None,
        wished=wanted.day if wanted else None,
        reason=wish.reason,
        choices=tuple((m.id, m.day) for m in offered),
    )


def waiting_wishes(work: Work, person: Person, at: datetime, rules: Rules) -> list[NewDateAsked]:
    found = []
    for wish in work.presentations.wishes():
        presentation = work.presentations.find(wish.presentation_id)
        case = work.cases.seen_by(presentation.case_id, person, at) if presentation else None
        if presentation and case:
            key = f"new_date:{presentation.id}:{presentation.date_moved}:{person.id}"
            notice = work.notices.by_key(key)
            asked_for = _asked_for(
                work, presentation, case, at, rules, wished=notice.facts.get("meeting") if notice else None
            )
            found += [asked_for] if asked_for else []
    return found


def tellers(rules: RulesBook) -> dict[str, Teller]:
    """How far a date may be put off is a rule of the day it is told."""

    def tell(telling: Telling) -> Told | None:
        case, work = case_of(telling), telling.work
        presentation = work.presentations.find(telling.notice.facts["presentation"])
        if case is None or presentation is None or telling.recipient is None:
            return None
        wished, of_day = telling.notice.facts.get("meeting"), rules.on(local_date(telling.at))
        told = _asked_for(work, presentation, case, telling.at, of_day, wished=wished)
        return Told(told, telling.recipient.language) if told else None

    return {"new_date": tell}


@dataclass(frozen=True)
class NewDateGiven:
    presentation: str
    alias: str
    key: str
    day: date
    ready: bool


def _tell_new_date_given(telling: Telling) -> Told | None:
    case, work = case_of(telling), telling.work
    presentation = work.presentations.find(telling.notice.facts["presentation"])
    if case is None or presentation is None or telling.recipient is None or not presentation.meeting_id:
        return None
    day = work.meetings.get(presentation.meeting_id).day
    ready = presentation.state == State.READY
    told = NewDateGiven(presentation.id, case.alias, case.key, day, ready)
    return Told(told, telling.recipient.language)


def wishes_for_me(part: PartAsked) -> tuple[NewDateAsked, ...] | None:
    """For the secretary's Home; None when nobody waits."""
    me, work = part.asked.by, part.work
    if not me.has(Role.SECRETARY):
        return None
    found = waiting_wishes(work, me, part.asked.at, part.rules)
    where = {w.presentation: work.presentations.get(w.presentation).committee for w in found}
    return tuple(w for w in found if me.has(Role.SECRETARY, committee=where[w.presentation])) or None


TELLERS: dict[str, Teller] = {"new_date_given": _tell_new_date_given}
