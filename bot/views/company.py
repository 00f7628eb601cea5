"""*Tag en kollega med*: who brings an item forward besides whoever asked (R007)."""

from __future__ import annotations

from bot.texts import Said, Texts
from bot.usecases.company import CompanyForm
from bot.views.kit import Json, Page, Surface, people_select


def form(texts: Texts, found: CompanyForm, *, meta: str) -> Json:
    page, case = Page(Surface.MODAL), found.case
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail))
    page.input(
        "people",
        texts.say("company", "label"),
        people_select(initial=found.people),
        hint=texts.say("company", "hint"),
        optional=True,
    )
    return page.modal(
        title=texts.say("company", "title"),
        callback="company.save",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def saved(texts: Texts, names: list[str]) -> Said:
    return texts.say("company", "saved", names=names)
