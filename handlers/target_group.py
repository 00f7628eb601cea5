"""The desk for *Ingen samlet plan*."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import target_group as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Request, meta
from handlers.second_thoughts import told


class TargetGroupDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

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
        ids = meta(nonce(), c=request.value)
        view = views.consent_form(request.texts, line, today=asked.today.isoformat(), meta=ids)
        return Push(view) if request.in_modal else Open(view)

    def consent(self, request: Request) -> Answer:
        case = self._office.target_group.consent(
            request.asked(), request.meta["c"], on=request.form.date("on")
        )
        said = request.texts.say("target_group", "consented", alias=case.alias, day=case.plan_choice_on)
        return told(request, said, ("undo.consent", case.id))

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)
