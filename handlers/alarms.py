"""The desk for what lacks something: *Ret* on a case without a next date, *Sæt betaler* on one nobody pays for (T32)."""

from __future__ import annotations

from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import alarms as views
from bot.views import common
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class AlarmDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:alarm.date": self.date_form,
            "submit:alarm.date": self.set_date,
            "action:alarm.payer": self.payer_form,
            "submit:alarm.payer": self.set_payer,
        }

    def date_form(self, request: Request) -> Answer:
        facts = self._office.two_chairs.date_choices(request.asked(once=False), request.value)
        return _on_top(request, views.date_form(request.texts, facts, meta=meta(nonce(), c=request.value)))

    def set_date(self, request: Request) -> Answer:
        chosen = request.form.one("meeting") or ""
        alias, day = self._office.two_chairs.set_next_date(request.asked(), request.meta["c"], chosen)
        said = request.texts.say("alarms", "date_set", alias=alias, day=day)
        return Show(common.told(said, request.texts), home=True)

    def payer_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        facts = self._office.two_chairs.payer_choices(asked, request.value)
        ids = meta(nonce(), c=request.value)
        return _on_top(request, views.payer_form(request.texts, self._rules.on(asked.today), facts, meta=ids))

    def set_payer(self, request: Request) -> Answer:
        asked = request.asked()
        case = self._office.two_chairs.set_payer(asked, request.meta["c"], request.form.one("payer"))
        area = self._rules.on(asked.today).area(case.payer or "")
        said = request.texts.say("alarms", "payer_set", alias=case.alias, area=area)
        return Show(common.told(said, request.texts), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
