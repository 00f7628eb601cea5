"""Meetings for a calendar: time and room only, so that the calendar may lie anywhere (P0); one's own slot beside it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.committee import CalendarNotOffered, Committee, CommitteeMissing
from bot.domain.meeting import Meeting, MeetingState, build_agenda
from bot.domain.people import Person, Role, require
from bot.domain.rules import Rules
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import Tools, UseCases

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
GIVERS = (Role.SECRETARY, Role.ADMINISTRATOR)


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
    """For the form that shows how: the nearest meetings, for everybody to read, and where a calendar fetches them."""

    meetings: tuple[Meeting, ...]
    address: str | None = None  # None: nobody has given it one
    may_give: bool = False


@dataclass(frozen=True)
class Feed:
    """What stands behind the private address, in the committee's language."""

    events: tuple[CalendarEvent, ...]
    language: str


class Calendars(UseCases):
    """`public` is how the street reaches us (https://…); None: not at all, and then no calendar has an address.

    The address is a secret that opens times and rooms, so it may be shown to whoever has a role here; a new one closes
    the old. It is kept as it is: whoever reads it in the database reads the meetings beside it.
    """

    def __init__(self, tools: Tools, *, public: str | None = None) -> None:
        super().__init__(tools)
        self._public = public

    def events(self, at: datetime, *, person: str | None = None) -> tuple[CalendarEvent, ...]:
        """Every meeting from last month to a year ahead, cancelled ones marked; with a person, their slots too."""
        with self._open_reading(at=at) as work:
            rules = self._rules.on(local_date(at))
            who = work.people.find(person) if person else None
            return tuple(e for m in _near(work, at) for e in _events(work, m, who, rules, at))

    def coming(self, asked: Asked, *, count: int = 6) -> Coming:
        with self._open_reading(at=asked.at) as work:
            found = [m for m in _near(work, asked.at) if m.is_ahead(asked.at)]
            committee = next(iter(work.committees.all()), None)
            gives = self._public is not None and committee is not None and _gives(asked.by)
            return Coming(tuple(found[:count]), self._address(committee), gives)

    def feed(self, token: str, *, at: datetime) -> Feed | None:
        """For a calendar that knocks; None when the address opens nothing, or nothing any more."""
        with self._open_reading(at=at) as work:
            for committee in work.committees.all():
                if committee.calendar_token and hmac.compare_digest(committee.calendar_token, token):
                    rules = self._rules.on(local_date(at))
                    found = _near(work, at, committee)
                    return Feed(
                        tuple(e for m in found for e in _events(work, m, None, rules, at)), committee.language
                    )
        return None

    def give_address(self, asked: Asked) -> None:
        """A new address; the old one opens nothing from now on. Raises CalendarNotOffered, CommitteeMissing."""
        if self._public is None:
            raise CalendarNotOffered
        self._set_token(asked, self._chance.id(), act="calendar_opened")

    def close_address(self, asked: Asked) -> None:
        """Raises CommitteeMissing."""
        self._set_token(asked, None, act="calendar_closed")

    def _set_token(self, asked: Asked, token: str | None, *, act: str) -> None:
        require(asked.by, *GIVERS)
        with self._open_work(asked) as work:
            known = next(iter(work.committees.all()), None)
            if known is None:
                raise CommitteeMissing
            committee = work.committees.get(known.id, lock=True)
            work.committees.save(replace(committee, calendar_token=token))
            work.note(act, committee=committee.id)

    def _address(self, committee: Committee | None) -> str | None:
        if self._public is None or committee is None or committee.calendar_token is None:
            return None
        return f"{self._public}/calendar/{committee.calendar_token}.ics"


def _gives(person: Person) -> bool:
    return any(person.has(role) for role in GIVERS)


def _near(work: Work, at: datetime, committee: Committee | None = None) -> list[Meeting]:
    """Of one committee, or of all."""
    today = local_date(at)
    asked = [committee] if committee else work.committees.all()
    found = [m for c in asked for m in work.meetings.between(c.id, today - BACK, today + AHEAD)]
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
