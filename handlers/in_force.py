"""The desk for what the data protection officer reads: the settings in force, and the impact assessment."""

from __future__ import annotations

from typing import Any

from bot.usecases import Office
from bot.views import in_force as views
from handlers.answers import Answer, Open
from handlers.requests import Request


class InForceDesk:
    def __init__(self, office: Office) -> None:
        self._now = office.in_force

    def table(self) -> dict[str, Any]:
        return {"action:dpo.settings": self.settings, "action:dpo.assessment": self.assessment}

    def settings(self, request: Request) -> Answer:
        return Open(views.settings(request.texts, self._now.settings(request.asked(once=False))))

    def assessment(self, request: Request) -> Answer:
        return Open(views.assessment(request.texts, self._now.assessment(request.asked(once=False))))
