"""The desk for who saw what: a case's log, and a leader's monthly sample."""

from __future__ import annotations

from typing import Any

from bot.domain.looks import Outcome
from bot.usecases import Office
from bot.views import common
from bot.views import looks as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Request, meta


class LookDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, Any]:
        return {
            "action:looks.form": self.form,
            "submit:looks.show": self.show,
            "action:looks.sample": self.sample,
            "submit:looks.sign": self.sign,
        }

    def form(self, request: Request) -> Answer:
        return Open(views.form(request.texts, meta=meta(nonce())))

    def show(self, request: Request) -> Answer:
        found = self._office.looks.of_case(request.asked(once=False), request.form.text("key"))
        return Show(views.log(request.texts, found))

    def sample(self, request: Request) -> Answer:
        view = self._office.looks.sample(request.asked(once=False), request.value)
        page = views.sample_form(request.texts, view, meta=meta(nonce(), s=request.value))
        return Push(page) if request.in_modal else Open(page)

    def sign(self, request: Request) -> Answer:
        chosen = request.form.one("outcome")
        outcome = Outcome(chosen) if chosen in list(Outcome) else None
        self._office.looks.sign(request.asked(), request.meta["s"], outcome)
        return Show(common.told(request.texts.say("looks", "signed"), request.texts), home=True)
