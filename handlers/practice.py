"""The desk for the practice case »Prøvefugl«: from Home and from help (D43, A13)."""

from __future__ import annotations

from bot.domain.practice import Practice, Step
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.practice_cases import Filled
from bot.views import practice as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class PracticeDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {"action:practice.open": self.open, f"submit:{views.GO}": self.go}

    def open(self, request: Request) -> Answer:
        view = self._view(request, self._office.practice_cases.begin(request.asked()))
        return Push(view, home=True) if request.in_modal else Open(view, home=True)

    def go(self, request: Request) -> Answer:
        form = request.form
        progress = {
            name.removeprefix("progress_"): str(value)
            for name, value in form.values.items()
            if name.startswith("progress_") and value
        }
        filled = Filled(
            reference=form.text("reference"),
            criteria=form.many("criteria"),
            amount=form.text("amount"),
            purpose=form.one("purpose") or "",
            progress=progress,
            closing=form.one("closing"),
        )
        done = self._office.practice_cases.go(request.asked(), Step(request.meta["s"]), filled)
        return Show(self._view(request, done), home=True)

    def _view(self, request: Request, practice: Practice) -> Json:
        rules = self._rules.on(request.asked(once=False).today)
        ids = meta(nonce(), s=practice.step.value)
        return views.step_view(request.texts, rules, practice, request.person, meta=ids)
