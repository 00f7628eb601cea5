"""The desk for »gængs praksis«: everybody reads, the chair and the secretary write."""

from __future__ import annotations

from typing import Any

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import common_practice as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class CommonPracticeDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:praxis.open": self.open,
            "action:praxis.versions": self.versions,
            "action:praxis.write": self.write_form,
            "submit:praxis.write": self.write,
        }

    def open(self, request: Request) -> Answer:
        return _on_top(request, self._page(request))

    def _page(self, request: Request) -> Json:
        view = self._office.common_practice.show(request.asked(once=False))
        return views.page(request.texts, self._rules_now(request), view, meta=meta(nonce()))

    def versions(self, request: Request) -> Answer:
        found = self._office.common_practice.versions(request.asked(once=False), request.value)
        return _on_top(request, views.versions(request.texts, self._rules_now(request), found))

    def write_form(self, request: Request) -> Answer:
        ids = meta(nonce(), v=str(request.view.get("id", "")))
        return _on_top(request, views.form(request.texts, self._rules_now(request), meta=ids))

    def write(self, request: Request) -> Answer:
        form = request.form
        note = self._office.common_practice.write(
            request.asked(), topic=form.one("topic") or "", text=form.text("text")
        )
        beneath = request.meta.get("v")
        redraw = {beneath: self._page(request)} if beneath else {}
        said = request.texts.say("common_practice", "saved", number=note.number)
        return Show(common.told(said, request.texts), redraw=redraw)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
