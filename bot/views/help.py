"""A short page: the way of a case, step by step, and at each step what the person's own roles do there (R008)."""

from __future__ import annotations

from bot.domain.people import Person, Role
from bot.domain.report import readable_by
from bot.texts import Said, Texts, joined
from bot.views import practice
from bot.views.kit import Button, Json, Page, Surface


def page(texts: Texts, person: Person) -> Json:
    shown = Page(Surface.MODAL).section(texts.say("help", "intro"))
    for step, roles in way_for(person):
        shown.section(joined("\n", [texts.say("help", w) for w in (step, *(f"{step}_{r}" for r in roles))]))
    for block in beside(person):
        shown.section(texts.say("help", block))
    shown.buttons(Button(texts.say("help", "settings"), "settings.open"), practice.start_button(texts))
    return shown.modal(title=texts.say("help", "title"), callback="help", close=texts.say("common", "close"))


WAY = {
    "asks": ("caseworker", "leader"),
    "decides": ("caseworker", "leader", "meetings", "member"),
    "plan": ("caseworker", "leader"),
    "contact": ("caseworker", "leader", "chair"),
}
"""R008: the areas, the committee, one plan, one caseworker; and who does something at each."""


def way_for(person: Person) -> list[tuple[str, tuple[str, ...]]]:
    """The steps at which the person does something, and as what."""
    holds = {
        "caseworker": person.has(Role.CASEWORKER),
        "leader": person.is_leader,
        "meetings": person.runs_meetings,
        "chair": person.has(Role.CHAIR),
        "member": person.has(Role.COMMITTEE_MEMBER),
    }
    mine = ((step, tuple(r for r in roles if holds[r])) for step, roles in WAY.items())
    return [(step, roles) for step, roles in mine if roles]


def beside(person: Person) -> list[str]:
    """What is no step of a case's; what is for everybody last."""
    mine = {"administrator": person.has(Role.ADMINISTRATOR), "reports": bool(readable_by(person))}
    return [name for name, holds in mine.items() if holds] + ["everybody"]


def meant(texts: Texts, command: str, *, first: Said | None = None) -> Json:
    """»Mente du …?«, with a button that does it."""
    said = texts.say("help", "meant", command=command)
    shown = Page(Surface.EPHEMERAL)
    if first:
        shown.section(first)
    shown.section(said, button=Button(texts.say("help", "do_meant"), "typed.meant", command, "primary"))
    return shown.aside(joined(" ", [first, said] if first else [said]))
