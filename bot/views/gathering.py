"""Three-way and advisory meetings, and advice across areas (R104, R107, R118): codes, two fields to record."""

from __future__ import annotations

from datetime import date

from bot.domain.case import Case
from bot.domain.gathering import AdviceRequest, Gathering
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.gatherings import COMMITTEE, AdviceView, GatheringView
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    date_picker,
    multi_select,
    radio,
    select,
)
from bot.views.referral import terms


def plan_form(texts: Texts, rules: Rules, case: Case, *, today: date, meta: str) -> Json:
    """The kind and the day; the rest may be left. Held already: its outcome too, and who came is who was there."""
    kinds, roles = rules.choices.gatherings, rules.choices.participants
    page = Page(Surface.MODAL)
    page.section(_head(texts, case))
    page.input(
        "kind",
        texts.say("gathering", "label_kind"),
        radio(terms(texts, "gathering", kinds), initial=kinds[0]),
    )
    page.input("day", texts.say("gathering", "label_day"), date_picker(initial=today.isoformat()))
    page.input(
        "participants",
        texts.say("gathering", "label_participants"),
        multi_select(
            terms(texts, "participant", roles),
            initial=tuple(role for role in ("citizen", "caseworker") if role in roles),
            hint=texts.say("common", "choose"),
        ),
        hint=texts.say("gathering", "hint_participants"),
        optional=True,
    )
    page.input(
        "outcome",
        texts.say("gathering", "label_outcome"),
        select(
            terms(texts, "gathering_outcome", rules.choices.gathering_outcomes),
            hint=texts.say("common", "choose"),
        ),
        hint=texts.say("gathering", "hint_outcome"),
        optional=True,
    )
    return page.modal(
        title=texts.say("gathering", "title"),
        callback="gathering.plan",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def record_form(texts: Texts, rules: Rules, view: GatheringView, *, meta: str) -> Json:
    """Two fields, and whether the citizen was there (B2)."""
    page = Page(Surface.MODAL)
    page.section(_head(texts, view.case))
    page.section(line(texts, view.gathering))
    page.input(
        "day", texts.say("gathering", "label_day"), date_picker(initial=view.gathering.day.isoformat())
    )
    page.input(
        "outcome",
        texts.say("gathering", "label_outcome"),
        radio(terms(texts, "gathering_outcome", rules.choices.gathering_outcomes)),
    )
    there = [Choice(texts.say("gathering", "present"), "yes")]
    came = ("yes",) if "citizen" in view.gathering.participants else ()
    page.input(
        "present", texts.say("gathering", "label_present"), checkboxes(there, initial=came), optional=True
    )
    return page.modal(
        title=texts.say("gathering", "title"),
        callback="gathering.record",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def _head(texts: Texts, case: Case) -> Said:
    return texts.say("case", "head", alias=case.alias, key=case.key, tail=None)


def line(texts: Texts, found: Gathering) -> Said:
    """In the case's page: the kind, the day, who by role, what came of it."""
    who = [texts.term("participant", p) for p in found.participants]
    return texts.say(
        "gathering",
        "line",
        kind=found.kind,
        day=found.day,
        who=tuple(who),
        outcome=found.outcome,
        present=found.citizen_present,
    )


def told(texts: Texts, view: GatheringView) -> Said:
    block = "planned" if view.gathering.is_planned else "recorded"
    found = view.gathering
    return texts.say(
        "gathering", block, alias=view.case.alias, kind=found.kind, day=found.day, outcome=found.outcome
    )


def record_button(texts: Texts, gathering: str, alias: str) -> Button:
    named = texts.say("gathering", "record_named", alias=alias)
    return Button(texts.say("gathering", "record"), "gathering.record", gathering, label=named)


# --- advice ---


def advice_form(texts: Texts, rules: Rules, case: Case, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(_head(texts, case))
    where = [Choice(texts.named(a), a.code) for a in rules.areas if a.code != case.area]
    where.append(Choice(texts.say("gathering", "the_committee"), COMMITTEE))
    choose = texts.say("common", "choose")
    page.input("where", texts.say("gathering", "label_where"), select(where, hint=choose))
    page.input(
        "question",
        texts.say("gathering", "label_question"),
        radio(terms(texts, "advice_question", rules.choices.advice_questions)),
        hint=texts.say("gathering", "hint_advice"),
    )
    return page.modal(
        title=texts.say("gathering", "title_advice"),
        callback="advice.ask",
        submit=texts.say("gathering", "submit_advice"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def answer_form(texts: Texts, rules: Rules, view: AdviceView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(_head(texts, view.case))
    page.section(texts.say("gathering", "asks", by=view.by, question=view.request.question))
    page.input(
        "answer",
        texts.say("gathering", "label_answer"),
        radio(terms(texts, "advice_answer", rules.choices.advice_answers)),
    )
    return page.modal(
        title=texts.say("gathering", "give_advice"),
        callback="advice.answer",
        submit=texts.say("gathering", "submit_answer"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def advice_line(texts: Texts, rules: Rules, request: AdviceRequest) -> Said:
    area = texts.named(rules.area(request.area))
    return texts.say("gathering", "advice_line", area=area, question=request.question, answer=request.answer)


def advice_asked(view: AdviceView, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    case = view.case
    page.section(
        texts.say(
            "gathering",
            "told_asked",
            alias=case.alias,
            key=case.key,
            by=view.by,
            question=view.request.question,
        )
    )
    page.buttons(answer_button(texts, view.request.id, case.alias))
    return page.message(texts.say("common", "notification"))


def answer_button(texts: Texts, advice: str, alias: str) -> Button:
    named = texts.say("gathering", "give_advice_named", alias=alias)
    return Button(texts.say("gathering", "give_advice"), "advice.answer", advice, "primary", named)


def advice_answered(view: AdviceView, texts: Texts, rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    area = texts.named(rules.area(view.request.area))
    page.section(
        texts.say(
            "gathering",
            "told_answered",
            alias=view.case.alias,
            key=view.case.key,
            area=area,
            by=view.answered_by,
            question=view.request.question,
            answer=view.request.answer,
        )
    )
    return page.message(texts.say("common", "news"))
