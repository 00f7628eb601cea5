"""The desk for reports: which one may read, and each as it is now."""

from __future__ import annotations

from typing import Any

from bot.domain.report import ReportCode
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.reports import areas_of_reader
from bot.views import report as views
from handlers.answers import Answer, Open, Push
from handlers.requests import Json, Request
from handlers.words import REPORT_NAMES, first_word


class ReportDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {"action:report.choose": self.choose, "action:report.open": self.open}

    def choose(self, request: Request) -> Answer:
        """The person's reports; `/indgang rapport evaluering` goes straight to one."""
        word, _ = first_word(request.text)
        if word in REPORT_NAMES:
            return _on_top(request, self._shown(request, REPORT_NAMES[word]))
        asked = request.asked(once=False)
        codes = self._office.reports.mine(asked)
        own = [areas_of_reader(asked.by, code) for code in codes]
        areas = next((a for a in own if a is not None), ())
        return _on_top(request, views.choose(request.texts, self._rules.on(asked.today), codes, areas))

    def open(self, request: Request) -> Answer:
        return _on_top(request, self._shown(request, request.value))

    def _shown(self, request: Request, code: str) -> Json:
        report = self._office.reports.open(request.asked(once=False), ReportCode(code))
        return views.shown(request.texts, report)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
