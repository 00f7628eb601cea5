"""*Kalender*: the coming meetings, and how they get into one's own calendar."""

from __future__ import annotations

from bot.texts import Public, Texts, joined
from bot.usecases.calendars import Coming
from bot.views.kit import Button, Json, Page, Surface


def form(found: Coming, texts: Texts) -> Json:
    page = Page(Surface.MODAL)
    lines = [
        texts.say("calendar", "line", day=m.day, starts=m.starts, room=Public(m.room)) for m in found.meetings
    ]
    page.section(joined("\n", lines) if lines else texts.say("calendar", "none"))
    page.context(texts.say("calendar", "how"))
    return page.modal(
        title=texts.say("calendar", "title"), callback="calendar", close=texts.say("common", "close")
    )


def button(texts: Texts) -> Button:
    return Button(texts.say("calendar", "button"), "calendar.open")
