"""Something is missing again from what was ready, as people see it (T09)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Public, Said, Texts, joined
from bot.usecases.missing_again import MissingTold
from bot.usecases.ready_news import MarkLostTold
from bot.views.kit import Button, Json, Page, Surface, checkboxes
from bot.views.referral import offered


def button(texts: Texts, presentation: str) -> Button:
    return Button(texts.say("ready", "missing_again"), "ready.missing", presentation)


def form(told: MissingTold, texts: Texts, rules: Rules, *, meta: str) -> Json:
    texts = texts.about(told.band)
    page = Page(Surface.MODAL)
    page.section(texts.say("ready", "missing_again_about", alias=told.alias, key=told.key))
    items = checkboxes(offered(texts, rules, "missing"))
    page.input("missing", texts.say("referral", "label_missing"), items)
    return page.modal(
        title=texts.say("ready", "missing_again"),
        callback="ready.missing",
        submit=texts.say("ready", "missing_again_submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def receipt(told: MissingTold, texts: Texts) -> Said:
    return texts.say("ready", "missing_again_done", alias=told.alias)


def told(told: MissingTold, texts: Texts, _rules: Rules) -> Json:
    texts = texts.about(told.band)
    page = Page(Surface.DIRECT)
    lines = [joined("", [Public("• "), texts.term("missing", m)]) for m in told.missing]
    facts = {"alias": told.alias, "key": told.key, "by": told.by}
    if told.undone:
        page.section(texts.say("undo", "told_missing", **facts))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("ready", "missing_again_told", missing=joined("\n", lines), **facts))
    page.buttons(Button(texts.say("case", "get_ready"), "ready.open", told.presentation, "primary"))
    return page.message(texts.say("common", "notification"))


def mark_lost(told: MarkLostTold, texts: Texts, _rules: Rules) -> Json:
    """To the leader whose mark it was: which points are open, and the way there."""
    texts = texts.about(told.band)
    page = Page(Surface.DIRECT)
    lines = [joined("", [Public("• "), texts.term("point", code)]) for code in told.points]
    facts = {"alias": told.alias, "key": told.key, "by": told.by}
    page.section(texts.say("ready", "mark_lost", points=joined("\n", lines), **facts))
    page.buttons(Button(texts.say("case", "get_ready"), "ready.open", told.presentation, "primary"))
    return page.message(texts.say("common", "notification"))
