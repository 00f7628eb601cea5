"""Meetings as an iCalendar file (RFC 5545): stable ids, a sequence for changes, and the time zone spelled out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from bot.domain.calendar import local
from bot.texts import Public, Texts
from bot.usecases.calendars import CalendarEvent


def as_ics(events: Iterable[CalendarEvent], texts: Texts, *, at: datetime) -> bytes:
    """Nothing but when, where and »Udvalgsmøde«: it may be shown to anybody."""
    calendar = Calendar()
    calendar.add("prodid", "-//Indgang//Calendar//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", str(texts.say("calendar", "name")))
    for event in events:
        calendar.add_component(_event(event, texts, at))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(event: CalendarEvent, texts: Texts, at: datetime) -> Event:
    made = Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", at)
    made.add("dtstart", local(event.starts))
    made.add("dtend", local(event.ends))
    made.add("summary", str(texts.say("calendar", event.what)))
    made.add("location", str(Public(event.room)))
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    return made
