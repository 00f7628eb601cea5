"""The desk for the calendar: the coming meetings, and how they get into one's own."""

from __future__ import annotations

from typing import Any

from bot.usecases import Office
from bot.views import calendar as views
from handlers.answers import Answer, Open, Push
from handlers.requests import Request


class CalendarDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, Any]:
        return {"action:calendar.open": self.open}

    def open(self, request: Request) -> Answer:
        view = views.form(self._office.calendars.coming(request.asked(once=False)), request.texts)
        return Push(view) if request.in_modal else Open(view)
