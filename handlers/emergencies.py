"""The desk at the emergency door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.usecases import Office
from bot.views import emergency as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class EmergencyDesk:
    """`page` draws the case's page for whoever has come in."""

    def __init__(self, office: Office, *, page: Callable[[Request, str], Json]) -> None:
        self._office, self._page = office, page

    def table(self) -> dict[str, Any]:
        return {
            "action:emergency.form": self.form,
            "submit:emergency.open": self.open,
            "action:emergency.list": self.list,
            "action:emergency.seen": self.seen,
        }

    def form(self, request: Request) -> Answer:
        return Open(views.form(request.texts, meta=meta(nonce())))

    def open(self, request: Request) -> Answer:
        form = request.form
        case = self._office.emergencies.open(request.asked(), form.text("key"), form.text("why"))
        return Show(self._page(request, case.id), home=True)

    def list(self, request: Request) -> Answer:
        page = views.listed(request.texts, self._office.emergencies.list(request.asked(once=False)))
        return Push(page) if request.in_modal else Open(page)

    def seen(self, request: Request) -> Answer:
        self._office.emergencies.looked_through(request.asked(), request.value)
        page = views.listed(request.texts, self._office.emergencies.list(request.asked(once=False)))
        return Show(page, home=True)
