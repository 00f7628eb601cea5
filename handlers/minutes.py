"""The desk for minutes: reading, correcting before approval, approving."""

from __future__ import annotations

from typing import Any

from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import minutes as views
from bot.views import session as session_views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Request, meta


class MinutesDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:minutes.open": self.open,
            "action:minutes.case": self.case,
            "action:minutes.approve": self.approve,
            "action:minutes.correct": self.correct,
        }

    def open(self, request: Request) -> Answer:
        view = self._office.minutes.show(request.asked(once=False), request.value)
        page = views.page(request.texts, view)
        return Push(page) if request.in_modal else Open(page)

    def case(self, request: Request) -> Answer:
        """The minutes of one case, in the committee's language (D24)."""
        meeting, presentation, *version = request.value.split(":")
        found = self._office.minutes.of_case(
            request.asked(once=False), meeting, presentation, version=int(version[0]) if version else 0
        )
        rules = self._rules.on(found.meeting.day)
        page = views.case_page(request.texts, request.texts.in_language(found.language), rules, found)
        return Push(page) if request.in_modal else Open(page)

    def approve(self, request: Request) -> Answer:
        view = self._office.minutes.approve(request.asked(), request.value)
        page = views.page(request.texts, view, approved_now=True)
        return Show(page, home=True) if request.in_modal else Open(page, home=True)

    def correct(self, request: Request) -> Answer:
        overview = self._office.sessions.reopen(request.asked(once=False), request.value)
        page = session_views.overview(request.texts, overview, meta=meta(nonce(), m=overview.meeting.id))
        return Show(page, home=True) if request.in_modal else Open(page, home=True)
