"""A short page for the person's own roles."""

from __future__ import annotations

from bot.domain.people import Person, Role
from bot.domain.report import readable_by
from bot.texts import Said, Texts, joined
from bot.views import practice
from bot.views.kit import Button, Json, Page, Surface


def page(texts: Texts, person: Person) -> Json:
    shown = Page(Surface.MODAL).section(texts.say("help", "intro"))
    for block in blocks_for(person):
        shown.section(texts.say("help", block))
    shown.buttons(Button(texts.say("help", "settings"), "settings.open"), practice.start_button(texts))
    return shown.modal(title=texts.say("help", "title"), callback="help", close=texts.say("common", "close"))


def blocks_for(person: Person) -> list[str]:
    """The person's own roles first; what is for everybody last."""
    mine = {
        "caseworker": person.has(Role.CASEWORKER),
        "leader": person.is_leader,
        "meetings": person.runs_meetings,
        "member": person.has(Role.COMMITTEE_MEMBER),
        "administrator": person.has(Role.ADMINISTRATOR),
        "reports": bool(readable_by(person)),
    }
    return [name for name, holds in mine.items() if holds] + ["everybody"]


def meant(texts: Texts, command: str, *, first: Said | None = None) -> Json:
    """»Mente du …?«, with a button that does it."""
    said = texts.say("help", "meant", command=command)
    shown = Page(Surface.EPHEMERAL)
    if first:
        shown.section(first)
    shown.section(said, button=Button(texts.say("help", "do_meant"), "typed.meant", command, "primary"))
    return shown.aside(joined(" ", [first, said] if first else [said]))
