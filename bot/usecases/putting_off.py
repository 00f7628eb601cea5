"""The time at the meeting: how late it is, what will not be reached, and the proposal to put that off (A7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import local
from bot.domain.choices import NO_TIME
from bot.domain.decision import POSTPONED, draft_of
from bot.domain.meeting import Agenda, Item, Meeting
from bot.domain.people import PersonId
from bot.domain.presentation import Decision, Presentation
from bot.usecases.ports import Work


def late_minutes(meeting: Meeting, item: Item, at: datetime) -> int:
    """How many minutes the item is over its planned end; 0 when it is not, or the meeting was another day."""
    now = local(at)
    if now.date() != meeting.day:
        return 0
    end = datetime.combine(meeting.day, item.starts) + timedelta(minutes=item.minutes)
    return max(0, int((now.replace(tzinfo=None) - end).total_seconds() // 60))


def out_of_reach(meeting: Meeting, agenda: Agenda, at: datetime) -> tuple[Item, ...]:
    """The undecided items that do not fit into what is left of the booked time; what is put off needs none of it."""
    if local(at).date() != meeting.day or at < meeting.begins:
        return ()
    left = int((meeting.ends - at).total_seconds() // 60)
    found = []
    for item in agenda.items:
        decision = item.presentation.decision
        if decision is None or not (decision.complete or decision.choice == POSTPONED):
            left -= item.minutes
            found += [item] if left < 0 else []
    return tuple(found)


def to_put_off(found: tuple[Item, ...], *, but: str) -> tuple[Item, ...]:
    """Those of them that nobody has begun to decide; never the item (`but`) that is being talked about."""
    return tuple(i for i in found if i.presentation.id != but and not _begun(i.presentation))


def put_off(work: Work, meeting: Meeting, items: tuple[Item, ...], *, by: PersonId, at: datetime) -> Meeting:
    """»Udsat« to the next meeting for want of time, in draft only: each item is still saved by hand (A7)."""
    coming = next_after(work, meeting)
    for item in items:
        p = work.presentations.get(item.presentation.id, lock=True)
        if _begun(p):
            continue
        known = draft_of(p, conflicted=tuple(c.person for c in work.presentations.conflicts(p.id)))
        draft = replace(
            known,
            choice=POSTPONED,
            reason=NO_TIME,
            to_meeting=coming.id if coming else None,
            recorded_by=by,
            recorded_at=at,
            revision=known.revision + 1,
        )
        work.presentations.save(replace(p, decision=draft))
    ids = (*meeting.put_off, *(i.presentation.id for i in items))
    return work.meetings.save(replace(meeting, put_off=tuple(dict.fromkeys(ids))))


def take_back(work: Work, meeting: Meeting) -> tuple[str, ...]:
    """*Fortryd*: what was proposed and nobody has saved or changed since is undecided again. Gives those items."""
    taken = standing(meeting, tuple(work.presentations.on_agenda(meeting.id)))
    for presentation in taken:
        locked = work.presentations.get(presentation.id, lock=True)
        work.presentations.save(replace(locked, decision=None))
    work.meetings.save(replace(meeting, put_off=()))
    return tuple(p.id for p in taken)


def standing(meeting: Meeting, presentations: tuple[Presentation, ...]) -> tuple[Presentation, ...]:
    """What is proposed to be put off, and still waits to be saved."""
    return tuple(
        p
        for p in presentations
        if p.id in meeting.put_off
        and p.decision is not None
        and (p.decision.choice, p.decision.complete) == (POSTPONED, False)
    )


def next_after(work: Work, meeting: Meeting) -> Meeting | None:
    coming = work.meetings.next_after(meeting.committee, meeting.day, count=2)
    return next((m for m in coming if m.day > meeting.day), None)


def _begun(presentation: Presentation) -> bool:
    return presentation.decision is not None and bool(presentation.decision.choice)


def prefilled(decision: Decision, coming: list[Meeting]) -> Decision:
    """*Udsat* proposes the next meeting."""
    if decision.choice == POSTPONED and not decision.to_meeting and coming:
        return replace(decision, to_meeting=coming[0].id)
    return decision


def put_off_to(meeting: Meeting, agenda: Agenda, coming: list[Meeting]) -> tuple[date | None, ...]:
    days = {m.id: m.day for m in coming}
    waiting = standing(meeting, tuple(i.presentation for i in agenda.items))
    return tuple(days.get((p.decision.to_meeting if p.decision else None) or "") for p in waiting)
