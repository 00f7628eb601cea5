"""A question on an item before the meeting, and its answer, by codes (R125)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.agenda_facts import QuestionLine
from bot.usecases.item_questions import QuestionView
from bot.views.kit import Button, Json, Page, Surface, radio
from bot.views.referral import offered


def ask_form(texts: Texts, rules: Rules, view: QuestionView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("item_question", "about", alias=view.alias, key=view.key))
    page.input(
        "question",
        texts.say("item_question", "label_question"),
        radio(offered(texts, rules, "item_questions")),
        hint=texts.say("item_question", "hint_question"),
    )
    return page.modal(
        title=texts.say("item_question", "title"),
        callback="question.ask",
        submit=texts.say("item_question", "submit"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def answer_form(texts: Texts, rules: Rules, view: QuestionView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("item_question", "about", alias=view.alias, key=view.key))
    if view.line:
        page.section(line(texts, view.line))
    page.input(
        "answer",
        texts.say("item_question", "label_answer"),
        radio(offered(texts, rules, "item_answers")),
        hint=texts.say("item_question", "hint_answer"),
    )
    return page.modal(
        title=texts.say("item_question", "title"),
        callback="question.answer",
        submit=texts.say("item_question", "submit_answer"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def line(texts: Texts, q: QuestionLine) -> Said:
    return texts.say("item_question", "line", by=q.by, question=q.question, answer=q.answer)


def lines(texts: Texts, asked: Iterable[QuestionLine]) -> Said:
    return joined("\n", [line(texts, q) for q in asked])


def ask_button(texts: Texts, presentation: str, number: int) -> Button:
    named = texts.say("item_question", "ask_named", number=number)
    return Button(texts.say("item_question", "ask"), "question.ask", presentation, label=named)


def answer_button(texts: Texts, presentation: str, alias: str) -> Button:
    named = texts.say("item_question", "answer_named", alias=alias)
    return Button(texts.say("item_question", "answer"), "question.answer", presentation, "primary", named)


def told_question(view: QuestionView, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(_told(texts, view, "told_question"))
    page.buttons(answer_button(texts, view.presentation_id, view.alias))
    return page.message(texts.say("common", "notification"))


def told_answer(view: QuestionView, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(_told(texts, view, "told_answer"))
    return page.message(texts.say("common", "news"))


def _told(texts: Texts, view: QuestionView, block: str) -> Said:
    q = view.line
    facts = {"by": q.by, "question": q.question, "answer": q.answer} if q else {}
    return texts.say("item_question", block, alias=view.alias, key=view.key, **facts)
