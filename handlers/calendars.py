"""The desk for the calendar: the coming meetings, and how they get into one's own."""

from __future__ import annotations

from typing import Any

from bot.usecases import Office
from bot.views import calendar as views
from handlers.answers import Answer, Open, Push, Show
from handlers.requests import Request


class CalendarDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, Any]:
        return {
            "action:calendar.open": self.open,
            "action:calendar.give": self.give,
            "action:calendar.shut": self.shut,
        }

    def open(self, request: Request) -> Answer:
        view = self._form(request)
        return Push(view) if request.in_modal else Open(view)

    def give(self, request: Request) -> Answer:
        self._office.calendars.give_address(request.asked())
        return Show(self._form(request))

    def shut(self, request: Request) -> Answer:
        self._office.calendars.close_address(request.asked())
        return Show(self._form(request))

    def _form(self, request: Request) -> dict[str, Any]:
        return views.form(self._office.calendars.coming(request.asked(once=False)), request.texts)
