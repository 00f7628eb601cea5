"""The desk for *Ingen samlet plan*, and for the day an adult said yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import target_group as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told

PageOf = Callable[[Request, str], Json]


class TargetGroupDesk:
    """`pages`: what may lie beneath the form, by its callback, and how it is drawn anew."""

    def __init__(self, office: Office, rules: RulesBook, *, pages: Mapping[str, PageOf]) -> None:
        self._office, self._rules, self._pages = office, rules, pages

    def table(self) -> dict[str, object]:
        return {
            "action:plan.none": self.form,
            "submit:plan.none": self.record,
            "action:consent.open": self.consent_form,
            "submit:consent.record": self.consent,
        }

    def form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        line = self._office.cases.get(asked, request.value)
        ids = meta(nonce(), c=request.value)
        rules = self._rules.on(asked.today)
        view = views.form(request.texts, rules, line, today=asked.today.isoformat(), meta=ids)
        return Push(view) if request.in_modal else Open(view)

    def record(self, request: Request) -> Answer:
        asked = request.asked()
        case = self._office.target_group.no_plan(
            asked,
            request.meta["c"],
            reason=request.form.one("reason"),
            on=request.form.date("on") or asked.today,
        )
        said = views.recorded(request.texts, self._rules_now(request), case)
        return Show(common.told(said, request.texts), home=True)

    def consent_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        line = self._office.cases.get(asked, request.value)
        ids = meta(nonce(), c=request.value, **self._beneath(request))
        view = views.consent_form(request.texts, line, today=asked.today.isoformat(), meta=ids)
        return Push(view) if request.in_modal else Open(view)

    def consent(self, request: Request) -> Answer:
        case = self._office.target_group.consent(
            request.asked(), request.meta["c"], on=request.form.date("on")
        )
        said = request.texts.say("target_group", "consented", alias=case.alias, day=case.plan_choice_on)
        answer = told(request, said, ("undo.consent", case.id))
        page = self._pages.get(request.meta.get("on", ""))
        beneath = {request.meta["v"]: page(request, request.meta["of"])} if page else {}
        return replace(answer, redraw=beneath)

    def _beneath(self, request: Request) -> dict[str, str]:
        """The page the form is opened on, and whose it is: it says that the consent is missing until it is drawn anew."""
        on = str(request.view.get("callback_id", ""))
        if on not in self._pages:
            return {}
        return {"v": str(request.view["id"]), "on": on, "of": request.meta.get("p", request.value)}

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)
