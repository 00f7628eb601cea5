"""A written briefing, as a member reads of it (R140)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Texts
from bot.usecases.briefings import BriefingTold
from bot.views.kit import Button, Json, Page, Surface


def told(facts: BriefingTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("briefing", "told", alias=facts.alias, key=facts.key, read=facts.read))
    label = texts.say("common", "open_named", alias=facts.alias)
    page.buttons(
        None if facts.read else read_button(texts, facts.presentation_id),
        Button(texts.say("common", "open"), "agenda.item", facts.presentation_id, label=label),
    )
    return page.message(texts.say("common", "news"))


def read_button(texts: Texts, presentation: str) -> Button:
    return Button(texts.say("briefing", "read"), "briefing.read", presentation, "primary")
