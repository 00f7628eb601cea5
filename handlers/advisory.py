"""The desk for what a meeting advised: follow it, or go another way."""

from __future__ import annotations

from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import advisory as views
from bot.views import common
from handlers.answers import Answer, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Request, meta


class AdvisoryDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:advisory.follow": self.follow,
            "action:advisory.aside": self.aside_form,
            "submit:advisory.aside": self.set_aside,
        }

    def follow(self, request: Request) -> Answer:
        line = self._alias(request, request.value)
        saved = self._office.advisory.follow(request.asked(), request.value)
        return self._said(request, line, saved)

    def aside_form(self, request: Request) -> Answer:
        view = views.aside_form(request.texts, self._rules_now(request), meta=meta(nonce(), p=request.value))
        return Push(view) if request.in_modal else Open(view)

    def set_aside(self, request: Request) -> Answer:
        line = self._alias(request, request.meta["p"])
        saved = self._office.advisory.set_aside(
            request.asked(), request.meta["p"], reason=request.form.one("reason")
        )
        said = views.settled(request.texts, line, saved)
        return Show(common.told(said, request.texts), home=True)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)

    def _alias(self, request: Request, presentation: str) -> str:
        return self._office.referrals.open(request.asked(once=False), presentation).alias

    def _said(self, request: Request, alias: str, saved: Presentation) -> Answer:
        said = views.settled(request.texts, alias, saved)
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        return Say(common.sentence(said), home=True)
