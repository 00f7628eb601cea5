"""Meetings come from the committee's weekly slot, twelve months ahead (D15); the secretary moves, cancels, adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import expect_ahead, local_date
from bot.domain.committee import Committee
from bot.domain.meeting import (
    AgendaLocked,
    ClosedDay,
    Meeting,
    MeetingFull,
    MeetingOver,
    MeetingState,
    NobodyFromArea,
    PresenterAway,
    SlotTaken,
    build_agenda,
    is_locked,
    material_deadline,
    minutes_of,
)
from bot.domain.notices import Notice
from bot.domain.people import Role, require
from bot.domain.presentation import Kind, Presentation, TooLateToUndo
from bot.domain.rules import Rules
from bot.usecases.attendance import expect_people
from bot.usecases.cases import the_committee
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.hurrying import choose_again
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, meeting_run_by

AHEAD = timedelta(days=366)
TRIED = 4
"""How many meetings ahead are tried for room before an item waits."""


class Meetings(UseCases):
    def lay_out_due(self, at: datetime) -> int:
        """Lays the meetings of the next twelve months that are not there yet; closed days get none."""
        today = local_date(at)
        with self._open_reading(at=at) as work:
            missing = any(self._not_laid_out(work, c, today) for c in work.committees.all())
        if not missing:
            return 0
        with self._open_work(at=at) as work:
            return sum(self._lay_out(work, c, today) for c in work.committees.all())

    def coming(self, asked: Asked, *, count: int = 12) -> list[Meeting]:
        """The planned meetings from today on, for whoever runs them."""
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            found = work.meetings.next_after(the_committee(work, asked.by), asked.today, count=count)
            return [m for m in found if m.is_ahead(asked.at)]

    def get(self, asked: Asked, meeting_id: str) -> Meeting:
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            return meeting_run_by(work, asked, meeting_id)

    def committee(self, asked: Asked) -> Committee:
        with self._open_reading(at=asked.at) as work:
            return work.committees.get(the_committee(work, asked.by))

    def move(self, asked: Asked, meeting_id: str, *, day: date, starts: time) -> Meeting:
        """To another day or hour. Presenters hear of it in ten minutes, unless it is undone before.

        Raises MeetingOver, SlotTaken, ClosedDay and what a day that does not lie ahead raises.
        """
        with self._open_work(asked) as work:
            before = self._ahead(work, asked, meeting_id)
            self._check_slot(work, asked, before, day, starts)
            until = self._undo_until(asked)
            moved = replace(
                before,
                day=day,
                starts=starts,
                moved_from=before.moved_from or before.day,
                was_day=before.day,
                was_starts=before.starts,
                moved_at=asked.at,
                undo_until=until,
            )
            saved = work.meetings.save(moved)
            work.note("meeting_moved", meeting=saved.id, day=day.isoformat(), starts=starts.isoformat())
            return saved

    def undo_move(self, asked: Asked, meeting_id: str) -> Meeting:
        with self._open_work(asked) as work:
            now = self._to_undo(work, asked, meeting_id)
            if now.was_day is None or now.was_starts is None or now.moved_at is None:
                raise TooLateToUndo
            self._check_slot(work, asked, now, now.was_day, now.was_starts)
            first = now.was_day if now.moved_from != now.was_day else None
            back = replace(
                now,
                day=now.was_day,
                starts=now.was_starts,
                moved_from=now.moved_from if first else None,
                was_day=None,
                was_starts=None,
                moved_at=None,
                undo_until=None,
            )
            saved = work.meetings.save(back)
            work.note("meeting_move_undone", meeting=saved.id)
            return saved

    def cancel(self, asked: Asked, meeting_id: str, *, reason: str) -> Meeting:
        """For ten minutes nobody is told and nothing is moved; `carry_out_due` does both (A9)."""
        with self._open_work(asked) as work:
            before = self._ahead(work, asked, meeting_id)
            cancelled = replace(
                before.moved(MeetingState.CANCELLED),
                cancelled_reason=reason,
                cancelled_at=asked.at,
                undo_until=self._undo_until(asked),
            )
            saved = work.meetings.save(cancelled)
            work.note("meeting_cancelled", meeting=saved.id, reason=reason)
            return saved

    def undo_cancel(self, asked: Asked, meeting_id: str) -> Meeting:
        with self._open_work(asked) as work:
            now = self._to_undo(work, asked, meeting_id)
            if now.state != MeetingState.CANCELLED:
                raise TooLateToUndo
            back = replace(
                now.moved(MeetingState.PLANNED), cancelled_reason=None, cancelled_at=None, undo_until=None
            )
            saved = work.meetings.save(back)
            work.note("meeting_cancel_undone", meeting=saved.id)
            return saved

    def add_extra(self, asked: Asked, *, day: date, starts: time, minutes: int) -> Meeting:
        """A meeting beside the weekly slot. Raises SlotTaken, ClosedDay and what a past day raises."""
        with self._open_work(asked) as work:
            saved = extra_meeting(
                self, work, asked, day=day, starts=starts, minutes=minutes, id=self._chance.id()
            )
            work.result(saved.id)
            return saved

    def undo_extra(self, asked: Asked, meeting_id: str) -> Meeting:
        """An extra meeting nobody has heard of yet is as if it had never been."""
        with self._open_work(asked) as work:
            now = self._to_undo(work, asked, meeting_id)
            if not now.extra or now.posted_at or now.state != MeetingState.PLANNED or now.is_the_chairs_call:
                raise TooLateToUndo
            choose_again(work, now)
            for presentation in work.presentations.on_agenda(now.id):
                work.presentations.save(waiting(presentation))
            gone = replace(now.moved(MeetingState.CANCELLED), cancelled_reason="other", undo_until=None)
            saved = work.meetings.save(gone)
            work.note("extra_meeting_undone", meeting=saved.id)
            return saved

    def carry_out_due(self, at: datetime) -> int:
        """Cancellations and moves whose ten minutes are over: items go on to the next meeting, presenters hear of it."""
        with self._open_reading(at=at) as work:
            due = [
                m.id
                for c in work.committees.all()
                for m in work.meetings.changing(c.id)
                if not m.may_be_undone(at)
            ]
        each = OneByOne()
        for meeting_id in due:
            with each.alone(), self._open_work(at=at) as work:
                meeting = work.meetings.get(meeting_id, lock=True)
                if meeting.undo_until is None or meeting.may_be_undone(at):
                    continue
                self._carry_out(work, meeting, at)
        each.over()
        return len(due)

    def _carry_out(self, work: Work, meeting: Meeting, at: datetime) -> None:
        work.meetings.save(replace(meeting, undo_until=None, moved_at=None))
        if meeting.state == MeetingState.CANCELLED:
            choose_again(work, meeting)
        presentations = work.presentations.on_agenda(meeting.id)
        if meeting.state == MeetingState.CANCELLED or meeting.moved_at:
            work.notices.handle(f"presenting:{meeting.id}:")
        if meeting.state == MeetingState.CANCELLED:
            since = max(meeting.day, local_date(at))
            coming = work.meetings.next_after(meeting.committee, since, count=TRIED)
            rules = self._rules.on(local_date(at))
            for presentation in presentations:
                saved = work.presentations.save(onward(work, rules, presentation, coming, at))
                work.note("moved_to_meeting", case=saved.case_id, meeting=saved.meeting_id or "")
        if meeting.state == MeetingState.CANCELLED or meeting.moved_at:
            kind = "meeting_cancelled" if meeting.state == MeetingState.CANCELLED else "meeting_moved"
            told = [n for p in presentations for n in self._to_presenters(work, kind, meeting, p)]
            work.notices.tell_together(told)

    def _to_presenters(
        self, work: Work, kind: str, meeting: Meeting, presentation: Presentation
    ) -> Iterator[Notice]:
        case = work.cases.get(presentation.case_id)
        facts = {"meeting": meeting.id, "presentation": presentation.id}
        for person in dict.fromkeys((case.caseworker, *work.presentations.taken_along(presentation.id))):
            key = f"{kind}:{meeting.id}:{meeting.version}:{presentation.id}:{person}"
            yield Notice(key, kind, person, facts, case_id=case.id)

    def _ahead(self, work: Work, asked: Asked, meeting_id: str) -> Meeting:
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        meeting = meeting_run_by(work, asked, meeting_id, lock=True)
        if not meeting.is_ahead(asked.at):
            raise MeetingOver(state=meeting.state, day=meeting.day)
        return meeting

    def _to_undo(self, work: Work, asked: Asked, meeting_id: str) -> Meeting:
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        meeting = meeting_run_by(work, asked, meeting_id, lock=True)
        if not meeting.may_be_undone(asked.at):
            raise TooLateToUndo
        return meeting

    def _check_slot(self, work: Work, asked: Asked, meeting: Meeting, day: date, starts: time) -> None:
        rules = self._rules.on(asked.today)
        expect_ahead(day, asked.today)
        if not rules.working_days.is_working(day):
            raise ClosedDay(day=day, next=rules.working_days.next_on_or_after(day))
        wanted = replace(meeting, day=day, starts=starts)
        if wanted.begins <= asked.at:
            raise MeetingOver(field="starts", state=meeting.state, day=day)
        for other in work.meetings.between(meeting.committee, day, day):
            if other.id != meeting.id and _collides(wanted, other):
                raise SlotTaken(day=day, starts=other.starts)

    def _undo_until(self, asked: Asked) -> datetime:
        return asked.at + timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)

    def _lay_out(self, work: Work, committee: Committee, today: date) -> int:
        return sum(
            work.meetings.add_once(
                Meeting(
                    id=self._chance.id(),
                    committee=committee.id,
                    day=day,
                    starts=committee.starts,
                    minutes=committee.minutes,
                    room=committee.room,
                )
            )
            for day in self._not_laid_out(work, committee, today)
        )

    def _not_laid_out(self, work: Work, committee: Committee, today: date) -> list[date]:
        """The days of the weekly slot that have no meeting yet."""
        monday = today - timedelta(days=today.weekday())
        known = work.meetings.between(committee.id, monday, today + AHEAD)
        there = {m.moved_from or m.day for m in known}
        weeks = {(m.moved_from or m.day).isocalendar()[:2] for m in known if not m.extra}
        rules = self._rules.on(today)
        return [
            day
            for day in _weekdays(committee.weekday, today, today + AHEAD)
            if day not in there and day.isocalendar()[:2] not in weeks and rules.working_days.is_working(day)
        ]


def extra_meeting(
    desk: Meetings,
    work: Work,
    asked: Asked,
    *,
    day: date,
    starts: time,
    minutes: int,
    id: str,  # noqa: A002
) -> Meeting:
    """An extra meeting in the same transaction as what it is called for (D32)."""
    require(asked.by, Role.SECRETARY, Role.CHAIR)
    committee = work.committees.get(the_committee(work, asked.by))
    until = desk._undo_until(asked)  # noqa: SLF001 - the same house rule for both
    meeting = Meeting(
        id=id,
        committee=committee.id,
        day=day,
        starts=starts,
        minutes=minutes,
        room=committee.room,
        extra=True,
        post_from=until,
        undo_until=until,
    )
    desk._check_slot(work, asked, meeting, day, starts)  # noqa: SLF001
    saved = work.meetings.add(meeting)
    work.note("extra_meeting", meeting=saved.id, day=day.isoformat(), starts=starts.isoformat())
    return saved


def waiting(presentation: Presentation) -> Presentation:
    """On no agenda."""
    return replace(presentation, meeting_id=None, position=None, late_at=None)


def put_on(
    work: Work,
    rules: Rules,
    presentation: Presentation,
    meeting_id: str,
    at: datetime,
    *,
    late: bool = False,
) -> Presentation:
    """On the meeting's agenda, unsaved (T10). Raises MeetingOver, AgendaLocked (unless let in late), MeetingFull."""
    meeting = work.meetings.get(meeting_id)
    if not meeting.is_ahead(at):
        raise MeetingOver(state=meeting.state, day=meeting.day)
    locked = is_locked(meeting, rules, at)
    if locked and not late:
        raise AgendaLocked(since=material_deadline(meeting, rules))
    agenda = build_agenda(meeting, tuple(work.presentations.on_agenda(meeting.id)), rules.agenda)
    length = minutes_of(presentation, rules.agenda)
    if length > agenda.minutes_left and not late:  # T10
        raise MeetingFull(minutes=length, left=max(agenda.minutes_left, 0))
    return replace(presentation, meeting_id=meeting.id, position=None, late_at=at if locked else None)


def place(
    work: Work, rules: Rules, presentation: Presentation, meeting_id: str | None, at: datetime
) -> Presentation:
    """On the agenda of the meeting that was wished for, or of the one the chair chose while that lies ahead.

    It waits where there is no room, or nobody to present or decide it (T10). A follow-up keeps its day: the frame hangs
    on it, and the desk shows who is missing (R064).
    """
    urgent = _chairs_meeting(work, presentation, at)
    wanted = urgent or meeting_id
    if wanted is None:
        return waiting(presentation)
    try:
        if urgent is None and presentation.kind != Kind.FOLLOW_UP:
            expect_people(work, rules, work.meetings.get(wanted), presentation)
        return put_on(work, rules, presentation, wanted, at, late=urgent is not None)
    except (MeetingFull, AgendaLocked, MeetingOver, PresenterAway, NobodyFromArea):
        return waiting(presentation)


def _chairs_meeting(work: Work, presentation: Presentation, at: datetime) -> str | None:
    """The one the chair chose for something urgent, while it lies ahead: cancelled or held, it holds nothing back."""
    if presentation.urgent_choice == "can_wait" or presentation.urgent_meeting is None:
        return None
    meeting = work.meetings.find(presentation.urgent_meeting)
    return meeting.id if meeting and meeting.is_ahead(at) else None


def onward(
    work: Work, rules: Rules, presentation: Presentation, coming: list[Meeting], at: datetime
) -> Presentation:
    """Unsaved, on the first of the meetings that has room for it; it waits when none has."""
    placed = (place(work, rules, waiting(presentation), meeting.id, at) for meeting in coming)
    return next((one for one in placed if one.meeting_id), waiting(presentation))


def _collides(wanted: Meeting, other: Meeting) -> bool:
    if other.starts == wanted.starts:
        return True  # the table holds one row per slot, cancelled ones too
    if other.state == MeetingState.CANCELLED:
        return False
    return wanted.begins < other.ends and other.begins < wanted.ends


def _weekdays(weekday: int, first: date, last: date) -> list[date]:
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = []
    while day <= last:
        days.append(day)
        day += timedelta(days=7)
    return days


@dataclass(frozen=True)
class ItemNow:
    alias: str
    meeting: Meeting | None  # where the item stands now; None: it waits for a place


@dataclass(frozen=True)
class MeetingChanged:
    """What a presenter hears when their meeting is not when it was: where each of their items stands now."""

    items: tuple[ItemNow, ...]
    old_day: date
    cancelled: bool


def _tell_changed(telling: Telling) -> Told | None:
    work, reader, facts = telling.work, telling.recipient, telling.notice.facts
    if reader is None:
        return None
    meeting = work.meetings.get(facts["meeting"])
    presentations = [work.presentations.get(item) for item in telling.notice.presentations]
    seen = work.cases.seen_among([p.case_id for p in presentations], reader, telling.at)
    items = tuple(_item_now(work, p) for p in presentations if p.case_id in seen)
    cancelled = telling.notice.kind == "meeting_cancelled"
    old = meeting.day if cancelled else (meeting.was_day or meeting.day)
    return Told(MeetingChanged(items, old, cancelled), reader.language) if items else None


def _item_now(work: Work, presentation: Presentation) -> ItemNow:
    now = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    return ItemNow(work.cases.get(presentation.case_id).alias, now)


TELLERS: dict[str, Teller] = {"meeting_cancelled": _tell_changed, "meeting_moved": _tell_changed}
