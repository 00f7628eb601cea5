"""What administrators and secretaries hear of messages that could not be sent; never what was in them."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Privacy, Said, Texts, slacks_code
from bot.usecases.outbox import PlaceBrokenTold, SlackBackTold, StuckList, StuckSeen
from bot.views.kit import Button, Json, Page, Surface


def place_broken(told: PlaceBrokenTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"code": slacks_code(told.code), "waiting": told.waiting}
    if told.refused:
        page.section(texts.say("outbox", "act_refused", act=told.refused, **facts))
    else:
        block = "person_broken" if told.person else "channel_broken"
        where = told.person or _channel(told.place)
        page.section(texts.say("outbox", block, where=where, **facts))
    page.buttons(Button(texts.say("outbox", "try_again"), "place.again", told.place, "primary"))
    return page.message(texts.say("common", "notification"))


def slack_back(told: SlackBackTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"code": slacks_code(told.code), "since": told.since, "waiting": told.waiting}
    page.section(texts.say("outbox", "slack_back", **facts))
    return page.message(texts.say("common", "news"))


def unsent_part(page: Page, texts: Texts, _rules: Rules, count: int) -> None:
    """The secretary's part of the Home: the same line as the administrator's desk has among its own."""
    not_sent(page, texts, count)


def not_sent(page: Page, texts: Texts, count: int) -> None:
    page.section(
        texts.say("setup", "not_sent", count=count), button=Button(texts.say("outbox", "show"), "stuck.open")
    )


def stuck(texts: Texts, facts: StuckList) -> Json:
    """Whom each is for and why it did not come through, and what can be done; never what is in it."""
    page = Page(Surface.MODAL)
    page.section(texts.say("outbox", "stuck_head" if facts.lines else "stuck_none"))
    for line in facts.lines:
        where = line.person or _channel(line.to)
        why = {
            "code": slacks_code(line.code) if line.code else None,
            "state": "let_go" if line.let_go else "late" if line.too_late else line.state.value,
            "person": line.person is not None,
        }
        page.section(texts.say("outbox", "stuck_line", where=where, since=line.since, **why))
        _decide(page, texts, line)
    if facts.count > len(facts.lines):
        page.context(texts.say("outbox", "stuck_more", count=facts.count - len(facts.lines)))
    return page.modal(
        title=texts.say("outbox", "title_stuck"), callback="stuck", close=texts.say("common", "close")
    )


def _channel(place: str) -> Said:
    return Said(f"<#{place}>", Privacy.P0)


def _decide(page: Page, texts: Texts, line: StuckSeen) -> None:
    """Nothing, where nothing is left to decide."""
    again = [] if line.too_late else [("try_again", "stuck.again", "primary")]
    never = [] if line.let_go else [("send_not", "stuck.never", None)]
    buttons = [
        Button(
            texts.say("outbox", verb), act, line.id, style, texts.say("outbox", f"{verb}_to", to=line.person)
        )
        for verb, act, style in (*again, *never)
    ]
    if buttons:
        page.buttons(*buttons, id=line.id)
