"""*Justér* and *Skal det i udvalget?*: eight questions, and the right next step (B7, R053, R068)."""

from __future__ import annotations

from bot.domain.presentation import Kind
from bot.domain.rules import Rules
from bot.domain.significance import WHOLE_PLAN, Verdict
from bot.texts import Texts
from bot.usecases.adjustments import Adjusted, BroughtBack, Raised
from bot.usecases.cases import CaseLine
from bot.usecases.plans import PlanView
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, radio, select


def form(
    texts: Texts,
    rules: Rules,
    view: PlanView,
    *,
    meta: str,
    said: tuple[str, ...] = (),
    verdict: Verdict | None = None,
    how: str | None = None,
    matter: str | None = None,
) -> Json:
    """One form. With a verdict it stands on top, the answers can still be changed, and sending asks the committee."""
    texts = texts.about(view.case.band_now)
    page = Page(Surface.MODAL)
    page.section(texts.say("adjust", "head", alias=view.case.alias, key=view.case.key))
    if verdict:
        _verdict(page, texts, verdict)
    matters = [
        Choice(
            texts.say(
                "adjust", "matter", measure=rules.measure(m.code), area=texts.named(rules.area(m.area))
            ),
            m.task,
        )
        for m in view.measures
        if m.stopped_on is None
    ]
    matters.append(Choice(texts.say("adjust", "whole_plan"), WHOLE_PLAN))
    page.input("matter", texts.say("adjust", "label_matter"), radio(matters[-10:], initial=matter))
    if verdict is None:
        kinds = [Choice(texts.named(a), a.code) for a in rules.plan.adjustments]
        page.input("how", texts.say("adjust", "label_how"), radio(kinds, initial=how))
    _questions(page, texts, rules, said)
    return page.modal(
        title=texts.say("adjust", "title"),
        callback="adjust.raise" if verdict else "adjust.save",
        submit=texts.say("adjust", "submit_raise" if verdict else "submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def helper(
    texts: Texts,
    rules: Rules,
    cases: list[CaseLine],
    *,
    meta: str,
    said: tuple[str, ...] = (),
    answered: bool = False,
    verdict: Verdict | None = None,
) -> Json:
    """*Skal det i udvalget?*: the same questions about nobody yet; then the case, where the person has any (R070)."""
    page = Page(Surface.MODAL)
    if answered:
        if verdict:
            _verdict(page, texts, verdict)
        else:
            page.section(texts.say("adjust", "alone"))
    else:
        page.section(texts.say("adjust", "helper_head"))
    _questions(page, texts, rules, said)
    goes_on = answered and bool(cases)
    if goes_on:
        options = [Choice(texts.say("adjust", "case_option", alias=c.alias, key=c.key), c.id) for c in cases]
        page.input(
            "case", texts.say("adjust", "label_case"), select(options, hint=texts.say("common", "choose"))
        )
    page.buttons(Button(texts.say("common_practice", "show"), "praxis.open"))
    return page.modal(
        title=texts.say("adjust", "title_helper"),
        callback="must.go_on" if goes_on else "must.ask",
        submit=texts.say("adjust", "submit_go_on" if goes_on else "submit_ask"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _questions(page: Page, texts: Texts, rules: Rules, said: tuple[str, ...]) -> None:
    options = [Choice(texts.term("significant", q.code), q.code) for q in rules.plan.questions]
    page.input(
        "said",
        texts.say("adjust", "label_said"),
        checkboxes(options, initial=said),
        hint=texts.say("adjust", "hint_said"),
        optional=True,
    )


def _verdict(page: Page, texts: Texts, verdict: Verdict) -> None:
    page.section(texts.say("adjust", f"verdict_{verdict.kind.value}"), id="verdict")
    if verdict.notify:
        page.section(texts.say("adjust", "notify"), id="notify")


def adjusted(texts: Texts, rules: Rules, done: Adjusted) -> Json:
    """The receipt is the last view of the form (D37)."""
    page = Page(Surface.MODAL)
    measure = done.adjustment.measure
    page.section(
        texts.say(
            "adjust",
            "adjusted",
            alias=done.case.alias,
            how=rules.plan.named(done.adjustment.how),
            measure=rules.measure(measure) if measure else None,
        )
    )
    page.buttons(Button(texts.say("case", "show_note"), "note.show", str(done.note)))
    return page.modal(
        title=texts.say("adjust", "title"), callback="adjust.done", close=texts.say("common", "close")
    )


def choose(texts: Texts, cases: list[CaseLine], *, surface: Surface) -> Page:
    """Which case is adjusted?"""
    page = Page(surface)
    page.section(texts.say("adjust", "label_case"))
    for one in cases[:10]:
        label = texts.say("adjust", "button_named", alias=one.alias)
        page.section(
            texts.say("adjust", "case_option", alias=one.alias, key=one.key),
            button=Button(texts.say("adjust", "button"), "adjust.open", one.id, label=label),
        )
    return page


def raised(texts: Texts, done: Raised, *, notify: bool) -> Json:
    page = Page(Surface.MODAL)
    kind, presentation = done.presentation.kind, done.presentation.id
    view, block = (
        ("briefing", "raised") if done.presentation.in_writing else ("adjust", f"raised_{kind.value}")
    )
    page.section(texts.say(view, block, alias=done.case.alias, day=done.day))
    if notify:
        page.section(texts.say("adjust", "notify"))
    page.buttons(
        Button(texts.say("case", "get_ready"), "ready.open", presentation, "primary")
        if kind == Kind.CHANGE
        else None,
        Button(texts.say("adjust", "withdraw"), "referral.withdraw", presentation),
    )
    return page.modal(
        title=texts.say("adjust", "title_raised"), callback="adjust.done", close=texts.say("common", "close")
    )


def brought_back(told: BroughtBack, texts: Texts) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "kind": told.kind, "by": told.by, "day": told.day}
    page.section(
        texts.say("adjust", "brought_back", **facts),
        button=Button(texts.say("common", "open"), "case.open", told.case_id),
    )
    return page.message(texts.say("common", "news"))
