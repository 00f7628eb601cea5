"""The desk for what is kept and what is forgotten: the data protection officer's alone (T31)."""

from __future__ import annotations

from typing import Any

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import retention as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class RetentionDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:retention.open": self.open,
            "submit:retention.page": self.anonymise,
            "action:retention.hold": self.hold_form,
            "submit:retention.hold": self.hold,
            "action:retention.release": self.release,
        }

    def open(self, request: Request) -> Answer:
        page = self._page(request)
        return Push(page) if request.in_modal else Open(page)

    def anonymise(self, request: Request) -> Answer:
        count = self._office.retention.anonymise(request.asked(), tuple(request.form.many("cases")))
        return Show(
            common.told(request.texts.say("retention", "done", count=count), request.texts), home=True
        )

    def hold_form(self, request: Request) -> Answer:
        ids = meta(nonce(), v=str(request.view.get("id", "")))
        return (
            Push(views.hold_form(request.texts, self._rules_now(request), meta=ids))
            if request.in_modal
            else Open(views.hold_form(request.texts, self._rules_now(request), meta=ids))
        )

    def hold(self, request: Request) -> Answer:
        form = request.form
        case = self._office.retention.hold(request.asked(), form.text("key"), reason=form.one("reason"))
        return self._said(request, "held", case.key)

    def release(self, request: Request) -> Answer:
        self._office.retention.release(request.asked(), request.value)
        return Show(self._page(request), home=True)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)

    def _said(self, request: Request, block: str, key: str) -> Answer:
        beneath = request.meta.get("v")
        redraw = {beneath: self._page(request)} if beneath else {}
        said = request.texts.say("retention", block, key=key)
        return Show(common.told(said, request.texts), redraw=redraw, home=True)

    def _page(self, request: Request) -> Json:
        due = self._office.retention.due(request.asked(once=False))
        return views.page(request.texts, due, meta=meta(nonce()))
