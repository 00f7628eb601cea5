"""The desk for passages: the list, a passage of one's own, and the month of birth."""

from __future__ import annotations

from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import passage as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class PassageDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:passage.open": self.open,
            "submit:passage.tick": self.tick,
            "action:passage.add": self.add_form,
            "submit:passage.add": self.add,
            "action:birth.month": self.birth_form,
            "submit:birth.month": self.save_birth_month,
        }

    def open(self, request: Request) -> Answer:
        found = self._office.passages.open(request.asked(once=False), request.value)
        rules = self._rules.on(request.asked(once=False).today)
        return _on_top(request, views.form(request.texts, rules, found, meta=meta(nonce(), t=request.value)))

    def tick(self, request: Request) -> Answer:
        points = request.form.many("points")
        done = self._office.passages.tick(request.asked(), request.meta["t"], points)
        return Show(common.told(views.done(request.texts, done), request.texts), home=True)

    def add_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        case = self._office.passages.case_of(asked, request.value)
        rules = self._rules.on(asked.today)
        ids = meta(nonce(), c=case.id)
        return _on_top(request, views.add_form(request.texts, rules, case, today=asked.today, meta=ids))

    def add(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        self._office.passages.add(request.asked(), case, code=form.one("code"), month=form.date("month"))
        line = self._office.cases.get(request.asked(once=False), case)
        said = request.texts.say("passage", "added", alias=line.alias)
        return Show(common.told(said, request.texts), home=True)

    def birth_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        case = self._office.passages.case_of(asked, request.value)
        ids = meta(nonce(), c=case.id)
        view = views.birth_form(
            request.texts, self._rules.on(asked.today), case, this_year=asked.today.year, meta=ids
        )
        return _on_top(request, view)

    def save_birth_month(self, request: Request) -> Answer:
        form = request.form
        case = self._office.passages.save_birth_month(
            request.asked(), request.meta["c"], year=form.one("birth_year"), month=form.one("birth_month")
        )
        said = request.texts.say("passage", "birth_saved", alias=case.alias)
        return Show(common.told(said, request.texts), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
