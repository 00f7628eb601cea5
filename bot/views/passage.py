"""Passages: what stands in the case, the checklist, the month of birth, and OVERGANGE in a leader's Home (T26).

How many months are left is said in the case and to its own caseworker, nowhere else; the month itself never (D25).
"""

from __future__ import annotations

from datetime import date

from bot.domain.calendar import add_months
from bot.domain.case import Case
from bot.domain.rules import Rules
from bot.domain.transitions import Transition
from bot.texts import Said, Texts, figure, joined
from bot.usecases.passages import AreaPassages, PassageView
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, select
from bot.views.ready import born_between, month_choices

LINES_IN_HOME = 5
MONTHS_AHEAD = 36


def name_of(texts: Texts, rules: Rules, code: str) -> Said:
    kind = rules.transitions.kind(code)
    return texts.named(kind) if kind else texts.say("passage", "name", code=code)


def when(texts: Texts, months: int | None) -> Said:
    """»om 6 måneder«, »i denne måned«, »for 6 måneder siden«."""
    return texts.say("passage", "when", months=months)


def form(texts: Texts, rules: Rules, view: PassageView, *, meta: str) -> Json:
    found, case = view.transition, view.case
    page = Page(Surface.MODAL)
    name = name_of(texts, rules, found.code)
    page.section(
        texts.say("passage", "head", alias=case.alias, key=case.key, name=name, when=when(texts, view.months))
    )
    page.context(texts.say("passage", "moves_nothing"))
    points = [Choice(texts.named(rules.transitions.point(p)), p) for p in found.points]
    if view.may_tick and points:
        page.input(
            "points",
            texts.say("passage", "label_points"),
            checkboxes(points, initial=tuple(found.ticks)),
            optional=True,
        )
    ticked = [
        texts.say(
            "passage",
            "ticked",
            point=texts.named(rules.transitions.point(p)),
            by=view.names.get(t.by),
            at=t.at,
        )
        for p, t in found.ticks.items()
    ]
    if ticked:
        page.context(joined("\n", ticked))
    return page.modal(
        title=texts.say("passage", "title"),
        callback="passage.tick",
        submit=texts.say("common", "save") if view.may_tick and points else None,
        close=texts.say("common", "close"),
        meta=meta,
    )


def done(texts: Texts, view: PassageView) -> Said:
    left = len(view.transition.open_points)
    return texts.say("passage", "done" if not left else "saved", alias=view.case.alias, left=left)


def add_form(texts: Texts, rules: Rules, case: Case, *, today: date, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=None))
    kinds = [Choice(texts.named(k), k.code) for k in rules.transitions.kinds]
    choose = texts.say("common", "choose")
    page.input("code", texts.say("passage", "label_kind"), select(kinds, hint=choose))
    first = today.replace(day=1)
    ahead = [add_months(first, n) for n in range(MONTHS_AHEAD)]
    months = [Choice(texts.say("passage", "month", day=d), d.isoformat()) for d in ahead]
    page.input("month", texts.say("passage", "label_month"), select(months, hint=choose))
    return page.modal(
        title=texts.say("passage", "title"),
        callback="passage.add",
        submit=texts.say("passage", "submit_add"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def birth_form(texts: Texts, rules: Rules, case: Case, *, this_year: int, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("case", "head", alias=case.alias, key=case.key, tail=None))
    choose = texts.say("common", "choose")
    page.input(
        "birth_month", texts.say("ready", "label_birth_month"), select(month_choices(texts), hint=choose)
    )
    first, last = born_between(rules, case.band_now, this_year)
    years = [Choice(figure(y), str(y)) for y in range(last, first - 1, -1)]
    page.input(
        "birth_year",
        texts.say("ready", "label_birth_year"),
        select(years, hint=choose),
        hint=texts.say("ready", "hint_birth"),
    )
    return page.modal(
        title=texts.say("passage", "title_birth"),
        callback="birth.month",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def line(texts: Texts, rules: Rules, found: Transition, months: int | None) -> Said:
    """In the case's page."""
    return texts.say(
        "passage",
        "line",
        name=name_of(texts, rules, found.code),
        when=when(texts, months),
        done=len(found.ticks),
        total=len(found.points),
    )


def open_button(texts: Texts, transition: str, alias: str) -> Button:
    named = texts.say("passage", "see_named", alias=alias)
    return Button(texts.say("passage", "see"), "passage.open", transition, label=named)


def births_part(page: Page, texts: Texts, _rules: Rules, found: tuple[Case, ...]) -> None:
    """Asked for in Home, quietly: the first case, and how many more."""
    first = found[0]
    named = texts.say("passage", "add_birth_named", alias=first.alias)
    page.section(
        texts.say("passage", "birth_missing", alias=first.alias, more=len(found) - 1),
        button=Button(texts.say("passage", "add_birth"), "birth.month", first.id, label=named),
    )


def area_part(page: Page, texts: Texts, rules: Rules, found: AreaPassages) -> None:
    """OVERGANGE: counts, and a line each for one's own area; how far, never when (D25)."""
    page.section(texts.say("passage", "area_head", count=len(found.lines), unknown=found.unknown))
    for one in found.lines[:LINES_IN_HOME]:
        name = name_of(texts, rules, one.code)
        label = texts.say("common", "open_named", alias=one.alias)
        page.section(
            texts.say(
                "passage",
                "area_line",
                alias=one.alias,
                key=one.key,
                name=name,
                done=one.done,
                total=one.total,
            ),
            button=Button(texts.say("common", "open"), "case.open", one.case_id, label=label),
        )
    rest = len(found.lines) - LINES_IN_HOME
    if rest > 0:
        page.context(texts.say("passage", "area_more", count=rest))
