"""The desk for *Tag en kollega med*."""

from __future__ import annotations

from bot.usecases import Office
from bot.views import company as views
from handlers.answers import Answer, Open, Push
from handlers.cases import nonce
from handlers.requests import Request, meta
from handlers.second_thoughts import told


class CompanyDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, object]:
        return {"action:company.open": self.form, "submit:company.save": self.save}

    def form(self, request: Request) -> Answer:
        found = self._office.company.form(request.asked(once=False), request.value)
        view = views.form(request.texts, found, meta=meta(nonce(), p=found.presentation))
        return Push(view) if request.in_modal else Open(view)

    def save(self, request: Request) -> Answer:
        people = tuple(dict.fromkeys(request.form.many("people")))
        names = self._office.company.take_along(request.asked(), request.meta["p"], people)
        return told(request, views.saved(request.texts, names), ("undo.company", request.meta["p"]))
