"""Meetings for a calendar: time and room only, so that the calendar may lie anywhere (P0); one's own slot beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.meeting import Meeting, MeetingState, build_agenda
from bot.domain.people import Person
from bot.domain.rules import Rules
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases

BACK, AHEAD = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True)
class CalendarEvent:
    """`uid` is the same for ever and `sequence` grows with each change, so that a calendar moves what it has."""

    uid: str
    sequence: int
    starts: datetime  # UTC
    ends: datetime
    room: str
    what: str  # "meeting" | "extra" | "slot": a code, its words in calendar.j2
    cancelled: bool


@dataclass(frozen=True)
class Coming:
    """For the form that shows how: the nearest meetings, for everybody to read."""

    meetings: tuple[Meeting, ...]


class Calendars(UseCases):
    def events(self, at: datetime, *, person: str | None = None) -> tuple[CalendarEvent, ...]:
        """Every meeting from last month to a year ahead, cancelled ones marked; with a person, their slots too."""
        with self._open_reading(at=at) as work:
            rules = self._rules.on(local_date(at))
            who = work.people.find(person) if person else None
            return tuple(e for m in _near(work, at) for e in _events(work, m, who, rules, at))

    def coming(self, asked: Asked, *, count: int = 6) -> Coming:
        with self._open_reading(at=asked.at) as work:
            found = [m for m in _near(work, asked.at) if m.is_ahead(asked.at)]
            return Coming(tuple(found[:count]))


def _near(work: Work, at: datetime) -> list[Meeting]:
    today = local_date(at)
    found = [
        m for c in work.committees.all() for m in work.meetings.between(c.id, today - BACK, today + AHEAD)
    ]
    return sorted(found, key=lambda m: (m.begins, m.id))


def _events(
    work: Work, meeting: Meeting, who: Person | None, rules: Rules, at: datetime
) -> tuple[CalendarEvent, ...]:
    """Until a cancellation can no longer be undone, nobody has been told (A9)."""
    gone = meeting.state == MeetingState.CANCELLED and not meeting.may_be_undone(at)
    what = "extra" if meeting.extra else "meeting"
    whole = CalendarEvent(
        f"meeting-{meeting.id}@indgang",
        meeting.version,
        meeting.begins,
        meeting.ends,
        meeting.room,
        what,
        gone,
    )
    return (whole, *(() if gone or who is None else _slots(work, meeting, who, rules)))


def _slots(work: Work, meeting: Meeting, who: Person, rules: Rules) -> list[CalendarEvent]:
    """The times at which a presenter is on: which case it is stands in Home, never here."""
    agenda = build_agenda(meeting, tuple(work.presentations.on_agenda(meeting.id)), rules.agenda)
    found = []
    for item in agenda.items:
        p = item.presentation
        if who.id not in (p.requested_by, work.cases.get(p.case_id).caseworker):
            continue
        starts = instant(meeting.day, item.starts)
        sequence = meeting.version + p.version
        ends = starts + timedelta(minutes=item.minutes)
        found.append(
            CalendarEvent(f"slot-{p.id}@indgang", sequence, starts, ends, meeting.room, "slot", False)
        )
    return found
