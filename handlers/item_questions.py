"""The desk for what members do with an item before the meeting: a question and its answer, and *Læst* (R125, R140)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import item_question as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told


class ItemQuestionDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:question.ask": self.form,
            "submit:question.ask": self.ask,
            "action:question.answer": self.answer_form,
            "submit:question.answer": self.answer,
            "action:briefing.read": self.read,
        }

    def form(self, request: Request) -> Answer:
        view = self._office.item_questions.form(request.asked(once=False), request.value)
        return _on_top(
            request,
            views.ask_form(
                request.texts, self._rules_now(request), view, meta=meta(nonce(), p=request.value)
            ),
        )

    def ask(self, request: Request) -> Answer:
        done = self._office.item_questions.ask(
            request.asked(), request.meta["p"], request.form.one("question")
        )
        said = request.texts.say("item_question", "asked", alias=done.alias)
        return Show(common.told(said, request.texts))

    def answer_form(self, request: Request) -> Answer:
        view = self._office.item_questions.answer_form(request.asked(once=False), request.value)
        ids = meta(nonce(), p=view.presentation_id, q=view.line.id if view.line else "")
        return _on_top(request, views.answer_form(request.texts, self._rules_now(request), view, meta=ids))

    def answer(self, request: Request) -> Answer:
        ids = request.meta
        done = self._office.item_questions.answer(
            request.asked(), ids["p"], ids["q"], request.form.one("answer")
        )
        said = request.texts.say("item_question", "answered", alias=done.alias)
        return Show(common.told(said, request.texts), home=True)

    def read(self, request: Request) -> Answer:
        case = self._office.briefings.read(request.asked(), request.value)
        return told(request, request.texts.say("briefing", "read_done", alias=case.alias))

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
