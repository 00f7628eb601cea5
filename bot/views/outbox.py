"""What administrators and secretaries hear of messages that could not be sent; never what was in them."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Privacy, Said, Texts, slacks_code
from bot.usecases.outbox import PlaceBrokenTold, SlackBackTold
from bot.views.kit import Button, Json, Page, Surface


def place_broken(told: PlaceBrokenTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"code": slacks_code(told.code), "waiting": told.waiting}
    if told.refused:
        page.section(texts.say("outbox", "act_refused", act=told.refused, **facts))
    else:
        block = "person_broken" if told.person else "channel_broken"
        where = told.person or Said(f"<#{told.place}>", Privacy.P0)
        page.section(texts.say("outbox", block, where=where, **facts))
    page.buttons(Button(texts.say("outbox", "try_again"), "place.again", told.place, "primary"))
    return page.message(texts.say("common", "notification"))


def slack_back(told: SlackBackTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"code": slacks_code(told.code), "since": told.since, "waiting": told.waiting}
    page.section(texts.say("outbox", "slack_back", **facts))
    return page.message(texts.say("common", "news"))


def unsent_part(page: Page, texts: Texts, _rules: Rules, count: int) -> None:
    page.section(
        texts.say("setup", "not_sent", count=count),
        button=Button(texts.say("outbox", "try_again"), "notices.again"),
    )
