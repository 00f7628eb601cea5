"""The desk for what an area does after the meeting."""

from __future__ import annotations

from typing import Any

from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import task as views
from handlers.answers import Answer, Open, Push
from handlers.cases import nonce
from handlers.requests import Request, meta
from handlers.second_thoughts import told


class TaskDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {"action:task.open": self.open, "submit:task.save": self.save}

    def open(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        view = self._office.tasks.show(asked, request.value)
        form = views.form(
            request.texts, self._rules.on(asked.today), view, meta=meta(nonce(), t=request.value)
        )
        return Push(form) if request.in_modal else Open(form)

    def save(self, request: Request) -> Answer:
        asked = request.asked()
        view = self._office.tasks.tick(
            asked,
            request.meta["t"],
            frozenset(request.form.many("steps")),
            started_on=request.form.date("started_on"),
        )
        said = views.saved(request.texts, self._rules.on(asked.today), view)
        return told(request, said, ("undo.tick", view.task.id) if view.task.ticks else None)
