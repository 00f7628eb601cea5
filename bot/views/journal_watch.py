"""What is said of the journal itself: the week's mark, and that somebody has changed it."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Public, Texts
from bot.usecases.journal_watch import Broken, Mark, Unwritten
from bot.views.kit import Json, Page, Surface


def mark(found: Mark, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("journal_watch", "mark", day=found.day, anchor=Public(found.anchor)))
    page.context(texts.say("journal_watch", "keep"))
    return page.message(texts.say("common", "news"))


def unwritten(found: Unwritten, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("journal_watch", "unwritten", day=found.day))
    page.context(texts.say("journal_watch", "unwritten_do"))
    return page.message(texts.say("common", "notification"))


def broken(found: Broken, texts: Texts, _rules: Rules) -> Json:
    verdict = found.check.verdict
    page = Page(Surface.DIRECT)
    page.section(texts.say("journal_watch", "broken", day=found.check.day))
    page.section(texts.say("journal_watch", f"fault_{verdict.fault}", at=verdict.at or 0))
    page.context(texts.say("journal_watch", "broken_do"))
    return page.message(texts.say("common", "notification"))
