"""*Tag en kollega med*: who brings an item forward besides whoever asked (R007)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.company import Along, CompanyForm
from bot.views.kit import Button, Json, Page, Surface, multi_select, people_select
from bot.views.substitute import people_choices

LINES = 10


def form(texts: Texts, found: CompanyForm, *, meta: str) -> Json:
    page, case = Page(Surface.MODAL), found.case
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail))
    known = people_choices(found.choices)
    page.input(
        "people",
        texts.say("company", "label"),
        multi_select(known, initial=found.people, hint=texts.say("common", "choose"))
        if known
        else people_select(),  # a menu of nobody is refused by Slack
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


def home_part(page: Page, texts: Texts, _rules: Rules, lines: tuple[Along, ...]) -> None:
    page.section(texts.say("company", "home_head", count=len(lines)))
    for line in lines[:LINES]:
        label = texts.say("common", "open_named", alias=line.alias)
        page.section(
            texts.say("company", "home_line", alias=line.alias, name=line.by, day=line.day),
            button=Button(texts.say("common", "open"), "case.open", line.case_id, label=label),
        )
