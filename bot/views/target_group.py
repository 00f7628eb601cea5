"""No joint plan, as people see it: the form, its receipt, and what the area's leaders hear."""

from __future__ import annotations

from bot.domain.case import AgeBand, Case
from bot.domain.rules import Rules
from bot.domain.target_group import OWN_CHOICE
from bot.texts import Said, Texts
from bot.usecases.cases import CaseLine
from bot.views.kit import Button, Json, Page, Surface, date_picker, select
from bot.views.referral import terms


def form(texts: Texts, rules: Rules, case: CaseLine, *, today: str, meta: str) -> Json:
    """An adult's own no needs its day; for the young a joint plan is the rule, so its absence has a reason."""
    adult = case.band == AgeBand.ADULT
    page = Page(Surface.MODAL)
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail))
    page.section(texts.say("target_group", "note_adult" if adult else "note_youth"))
    reasons = terms(texts, "no_plan", (OWN_CHOICE,) if adult else rules.choices.no_plan)
    page.input(
        "reason",
        texts.say("target_group", "label_reason"),
        select(reasons, hint=texts.say("common", "choose"), initial=OWN_CHOICE if adult else None),
    )
    page.input("on", texts.say("target_group", "label_on"), date_picker(initial=today))
    return page.modal(
        title=texts.say("target_group", "title"),
        callback="plan.none",
        submit=texts.say("target_group", "submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def on_page(page: Page, texts: Texts, case: str, *, may: bool) -> None:
    """On the case and at the meeting: what is missing, and where it is written down."""
    button = Button(texts.say("target_group", "consent"), "consent.open", case) if may else None
    page.section(texts.say("target_group", "consent_missing"), button=button)


def consent_form(texts: Texts, case: CaseLine, *, today: str, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail))
    page.section(texts.say("target_group", "consent_note"))
    page.input("on", texts.say("referral", "label_consent_on"), date_picker(initial=today))
    return page.modal(
        title=texts.say("target_group", "title_consent"),
        callback="consent.record",
        submit=texts.say("target_group", "submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def recorded(texts: Texts, rules: Rules, case: Case) -> Said:
    return texts.say("target_group", "recorded", alias=case.alias, area=rules.area(case.area))


def told(case: Case, texts: Texts, rules: Rules) -> Json:
    """The leaders hear that the area alone has the case now: nobody falls between two chairs (R113)."""
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("target_group", "told", alias=case.alias, key=case.key, area=rules.area(case.area)),
        button=Button(texts.say("common", "open"), "case.open", case.id),
    )
    return page.message(texts.say("common", "news"))
