"""What a meeting advised, as the area's leaders see it in advisory mode."""

from __future__ import annotations

from bot.domain.case import Case
from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.views.kit import Button, Json, Page, Surface, select
from bot.views.referral import offered


def told(facts: tuple[Case, Presentation], texts: Texts, _rules: Rules) -> Json:
    """The advice with its two answers; one line once it is settled."""
    case, presentation = facts
    page = Page(Surface.DIRECT)
    if presentation.advice != "open":
        page.section(texts.say("advisory", "settled", alias=case.alias, how=presentation.advice))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("advisory", "told", alias=case.alias, key=case.key, kind=presentation.kind))
    page.buttons(
        Button(texts.say("advisory", "follow"), "advisory.follow", presentation.id, "primary"),
        Button(texts.say("advisory", "aside"), "advisory.aside", presentation.id),
        Button(texts.say("referral", "open_case"), "case.open", case.id),
    )
    return page.message(texts.say("common", "notification"))


def aside_form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("advisory", "note"))
    page.input(
        "reason",
        texts.say("advisory", "label_reason"),
        select(offered(texts, rules, "aside"), hint=texts.say("common", "choose")),
    )
    return page.modal(
        title=texts.say("advisory", "title"),
        callback="advisory.aside",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def settled(texts: Texts, alias: str, presentation: Presentation) -> Said:
    return texts.say("advisory", "settled", alias=alias, how=presentation.advice)
