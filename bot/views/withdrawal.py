"""Taking something back before the committee has seen it (T02, T14): a reason by a code, and whom it concerns hears."""

from __future__ import annotations

from bot.domain.case import CAN_COME_BACK, AgeBand
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.cases import CancelledTold, CaseLine
from bot.usecases.closing_news import WithdrawnTold
from bot.views.kit import Json, Page, Surface, select
from bot.views.referral import offered


def form(texts: Texts, rules: Rules, *, band: AgeBand, meta: str) -> Json:
    texts = texts.about(band)
    page = Page(Surface.MODAL)
    page.input(
        "reason",
        texts.say("referral", "label_withdraw"),
        select(offered(texts, rules, "withdraw"), hint=texts.say("common", "choose")),
    )
    return page.modal(
        title=texts.say("referral", "withdraw"),
        callback="referral.withdraw",
        submit=texts.say("referral", "withdraw"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def receipt(texts: Texts, saved: Presentation, case: CaseLine) -> Said:
    if saved.kind != Kind.NEW:
        return texts.say("referral", "item_withdrawn", alias=case.alias)
    block = "withdrawn_over" if case.stage in CAN_COME_BACK else "withdrawn"
    return texts.say("referral", block, alias=case.alias)


def told(told: WithdrawnTold, texts: Texts, _rules: Rules) -> Json:
    texts = texts.about(told.band)
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "kind": told.kind, "by": told.by}
    page.section(texts.say("referral", "told_withdrawn", day=told.day, reason=told.reason, **facts))
    return page.message(texts.say("common", "news"))


def cancel_form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    """*Fortryd oprettelsen* asks for the reason, by a code (T02)."""
    page = Page(Surface.MODAL)
    page.input(
        "reason",
        texts.say("case", "label_cancel"),
        select(offered(texts, rules, "cancel_case"), hint=texts.say("common", "choose")),
    )
    return page.modal(
        title=texts.say("case", "title_cancel"),
        callback="case.undo",
        submit=texts.say("case", "undo_case"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def cancelled_told(facts: CancelledTold, texts: Texts) -> Json:
    shown = Page(Surface.DIRECT)
    told = {"alias": facts.alias, "key": facts.key, "by": facts.by, "reason": facts.reason}
    shown.section(texts.say("case", "told_cancelled", **told))
    return shown.message(texts.say("common", "news"))
