"""The small form that finds a case."""

from __future__ import annotations

from bot.texts import Texts
from bot.views.kit import Json, Page, Surface, text_field


def form(texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.input(
        "text",
        texts.say("find", "label"),
        text_field(most=60, example=texts.say("find", "example")),
        hint=texts.say("find", "hint"),
    )
    return page.modal(
        title=texts.say("case", "title_find"),
        callback="case.find",
        submit=texts.say("find", "submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )
