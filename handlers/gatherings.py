"""The desk for three-way and advisory meetings, and for advice across areas."""

from __future__ import annotations

from bot.usecases import Office
from bot.usecases.gatherings import COMMITTEE, GatheringWish
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import gathering as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class GatheringDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:gathering.plan": self.plan_form,
            "submit:gathering.plan": self.plan,
            "action:gathering.record": self.record_form,
            "submit:gathering.record": self.record,
            "action:advice.ask": self.advice_form,
            "submit:advice.ask": self.ask_advice,
            "action:advice.answer": self.answer_form,
            "submit:advice.answer": self.answer,
        }

    def plan_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        case = self._office.gatherings.case(asked, request.value)
        ids = meta(nonce(), c=case.id)
        return _on_top(
            request,
            views.plan_form(request.texts, self._rules.on(asked.today), case, today=asked.today, meta=ids),
        )

    def plan(self, request: Request) -> Answer:
        form = request.form
        wish = GatheringWish(
            kind=form.one("kind") or "",
            day=form.date("day"),
            participants=form.many("participants"),
            outcome=form.one("outcome"),
        )
        done = self._office.gatherings.plan(request.asked(), request.meta["c"], wish)
        return Show(common.told(views.told(request.texts, done), request.texts), home=True)

    def record_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        found = self._office.gatherings.open(asked, request.value)
        view = views.record_form(
            request.texts, self._rules.on(asked.today), found, meta=meta(nonce(), g=request.value)
        )
        return _on_top(request, view)

    def record(self, request: Request) -> Answer:
        form = request.form
        done = self._office.gatherings.record(
            request.asked(),
            request.meta["g"],
            day=form.date("day"),
            outcome=form.one("outcome"),
            citizen_present="yes" in form.many("present"),
        )
        return Show(common.told(views.told(request.texts, done), request.texts), home=True)

    def advice_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        case = self._office.gatherings.case(asked, request.value)
        rules = self._rules.on(asked.today)
        ids = meta(nonce(), c=case.id)
        return _on_top(request, views.advice_form(request.texts, rules, case, meta=ids))

    def ask_advice(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        where = form.one("where")
        self._office.gatherings.ask_advice(request.asked(), case, where=where, question=form.one("question"))
        line = self._office.cases.get(request.asked(once=False), case)
        block = "advice_item" if where == COMMITTEE else "advice_asked"
        said = request.texts.say("gathering", block, alias=line.alias)
        return Show(common.told(said, request.texts), home=True)

    def answer_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        found = self._office.gatherings.open_advice(asked, request.value)
        view = views.answer_form(
            request.texts, self._rules.on(asked.today), found, meta=meta(nonce(), a=request.value)
        )
        return _on_top(request, view)

    def answer(self, request: Request) -> Answer:
        done = self._office.gatherings.answer_advice(
            request.asked(), request.meta["a"], request.form.one("answer")
        )
        said = request.texts.say("gathering", "answered", alias=done.case.alias)
        return Show(common.told(said, request.texts), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
