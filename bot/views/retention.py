"""Cases whose time has come: by key alone, ticked and anonymised, or kept for a reason (T31)."""

from __future__ import annotations

from datetime import date

from bot.domain.retention import Proposal
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.retention import Due
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, radio, text_field
from bot.views.referral import offered

MOST = 10


def part(page: Page, texts: Texts, _rules: Rules, due: Due) -> None:
    """Zero is said as zero."""
    open_it = Button(
        texts.say("retention", "look"), "retention.open", label=texts.say("retention", "look_named")
    )
    page.section(
        texts.say("retention", "part", ready=len(due.ready), blocked=len(due.blocked)), button=open_it
    )


def told(_day: date, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("retention", "told"), button=Button(texts.say("retention", "look"), "retention.open")
    )
    return page.message(texts.say("common", "notification"))


def page(texts: Texts, due: Due, *, meta: str) -> Json:
    shown = Page(Surface.MODAL)
    if due.ready:
        choices = [Choice(_line(texts, p), p.case_id) for p in due.ready[:MOST]]
        shown.input("cases", texts.say("retention", "label_cases"), checkboxes(choices))
        shown.context(texts.say("retention", "never_undone"))
    else:
        shown.section(texts.say("retention", "none"))
    for proposal in due.blocked[:MOST]:
        shown.section(_line(texts, proposal), button=_release(texts, proposal))
    rest = max(0, len(due.ready) - MOST) + max(0, len(due.blocked) - MOST)
    if rest:
        shown.context(texts.say("retention", "more", count=rest))
    shown.buttons(Button(texts.say("retention", "hold"), "retention.hold"))
    return shown.modal(
        title=texts.say("retention", "title"),
        callback="retention.page",
        submit=texts.say("retention", "anonymise") if due.ready else None,
        close=texts.say("common", "close"),
        meta=meta,
    )


def _line(texts: Texts, proposal: Proposal) -> Said:
    blocked = [texts.say("retention", f"block_{b}", count=proposal.notes_missing) for b in proposal.blocks]
    return texts.say(
        "retention",
        "line",
        key=proposal.key,
        stage=proposal.stage,
        ended=proposal.ended_on,
        until=proposal.kept_until,
        blocked=blocked,
    )


def _release(texts: Texts, proposal: Proposal) -> Button | None:
    if not proposal.held:
        return None
    label = texts.say("retention", "release_named", key=proposal.key)
    return Button(texts.say("retention", "release"), "retention.release", proposal.case_id, label=label)


def hold_form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    shown = Page(Surface.MODAL)
    shown.input("key", texts.say("retention", "label_key"), text_field(most=12))
    reasons = offered(texts, rules, "hold")
    shown.input("reason", texts.say("retention", "label_reason"), radio(reasons))
    return shown.modal(
        title=texts.say("retention", "hold_title"),
        callback="retention.hold",
        submit=texts.say("retention", "hold_submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )
