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
    if found.address:
        page.section(texts.say("calendar", "address", address=found.address))
    page.context(texts.say("calendar", "subscribe" if found.address else "how"))
    if found.may_give:
        page.buttons(*_for_givers(texts, given=found.address is not None))
    return page.modal(
        title=texts.say("calendar", "title"), callback="calendar", close=texts.say("common", "close")
    )


def _for_givers(texts: Texts, *, given: bool) -> list[Button]:
    if not given:
        return [Button(texts.say("calendar", "give"), "calendar.give")]
    return [
        Button(texts.say("calendar", "renew"), "calendar.give"),
        Button(texts.say("calendar", "shut"), "calendar.shut"),
    ]


def button(texts: Texts) -> Button:
    return Button(texts.say("calendar", "button"), "calendar.open")
