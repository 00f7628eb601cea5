"""What an administrator reads when a case cannot be read: no case, but the number to look for."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Public, Texts
from bot.usecases.unread import Unread
from bot.views.kit import Json, Page, Surface


def told(found: Unread, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT).section(texts.say("unread", "told"))
    page.context(texts.say("unread", "do", number=Public(found.number)))
    return page.message(texts.say("common", "notification"))
