"""The emergency door: the form in front of it, what is told, and the list that is looked through."""

from __future__ import annotations

from bot.domain.calendar import local
from bot.domain.emergency import LONGEST
from bot.domain.rules import Rules
from bot.texts import Texts
from bot.usecases.emergencies import EmergencyLine, Opened
from bot.views.kit import Button, Json, Page, Surface, text_field

MOST = 5


def form(texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.context(texts.say("emergency", "what_it_is"))
    page.input("key", texts.say("emergency", "label_key"), text_field(most=12))
    page.input(
        "why",
        texts.say("emergency", "label_why"),
        text_field(most=LONGEST),
        hint=texts.say("emergency", "hint_why"),
    )
    return page.modal(
        title=texts.say("emergency", "title"),
        callback="emergency.open",
        submit=texts.say("emergency", "open"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def told(found: Opened, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("emergency", "told", key=found.key, by=found.by, until=local(found.until)),
        button=Button(texts.say("emergency", "look"), "emergency.list"),
    )
    return page.message(texts.say("common", "notification"))


def part(page: Page, texts: Texts, _rules: Rules, lines: tuple[EmergencyLine, ...]) -> None:
    overdue = sum(line.overdue for line in lines)
    button = Button(
        texts.say("emergency", "look"), "emergency.list", label=texts.say("emergency", "look_named")
    )
    page.section(
        texts.say("emergency", "part", count=len(lines), overdue=overdue), button=button if lines else None
    )


def listed(texts: Texts, lines: tuple[EmergencyLine, ...]) -> Json:
    page = Page(Surface.MODAL)
    if not lines:
        page.section(texts.say("emergency", "none"))
    for line in lines[:MOST]:
        label = texts.say("emergency", "seen_named", key=line.key)
        page.section(
            texts.say(
                "emergency",
                "line",
                key=line.key,
                by=line.by,
                at=line.at,
                why=line.why,
                looks=line.looks,
                overdue=line.overdue,
            ),
            button=Button(texts.say("emergency", "seen"), "emergency.seen", line.id, label=label),
        )
    if len(lines) > MOST:
        page.context(texts.say("emergency", "more", count=len(lines) - MOST))
    return page.modal(
        title=texts.say("emergency", "title"), callback="emergency.list", close=texts.say("common", "close")
    )
