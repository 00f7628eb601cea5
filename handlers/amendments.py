"""The desk for the minutes of one case after the approval: its note, and *Ret* as a new version (A7)."""

from __future__ import annotations

from typing import Any

from bot.domain.amendment import Amendment
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import amendment as views
from bot.views import common
from bot.views import minutes as minutes_views
from handlers.answers import Answer, Nothing, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Request, meta


class AmendmentDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:minutes.note": self.note,
            "submit:minutes.note": self.noted,
            "action:minutes.amend": self.form,
            "submit:minutes.amend": self.amend,
        }

    def note(self, request: Request) -> Answer:
        """In the committee's language, as the minutes are (D24)."""
        meeting, presentation, version = request.value.split(":")
        found = self._office.minutes.of_case(
            request.asked(once=False), meeting, presentation, version=int(version)
        )
        rules = self._rules.on(found.meeting.day)
        paragraphs = minutes_views.case_minutes(request.texts.in_language(found.language), rules, found)
        note = self._office.amendments.note_of(request.asked(once=False), meeting, presentation)
        ids = meta(nonce(), **({"m": meeting, "p": presentation} if note.may_mark else {}))
        shown = views.note_form(request.texts, paragraphs, note, presentation=presentation, meta=ids)
        return Push(shown) if request.in_modal else Open(shown)

    def noted(self, request: Request) -> Answer:
        """Copied by hand. Whoever answers for the case has ticked that it stands in the case system."""
        ids = request.meta
        if "m" not in ids:
            return Nothing()
        self._office.amendments.journaled(request.asked(), ids["m"], ids["p"])
        return Show(common.told(request.texts.say("journal", "marked"), request.texts))

    def form(self, request: Request) -> Answer:
        meeting, _, presentation = request.value.partition(":")
        view = self._office.amendments.form(request.asked(once=False), meeting, presentation)
        ids = meta(nonce(), m=meeting, p=presentation, v=str(view.meeting.minutes_version))
        shown = views.form(request.texts, self._rules.on(view.meeting.day), view, meta=ids)
        return Push(shown) if request.in_modal else Open(shown)

    def amend(self, request: Request) -> Answer:
        ids, form = request.meta, request.form
        amendment = Amendment(
            participation=form.one("participation"),
            participation_reason=form.one("participation_reason"),
            reservations=form.many("reservations"),
            reservation_points=form.many("reservation_points"),
            attending=form.many("here"),
        )
        self._office.amendments.amend(request.asked(), ids["m"], ids["p"], amendment, seen=int(ids["v"]))
        found = self._office.minutes.of_case(request.asked(once=False), ids["m"], ids["p"])
        rules = self._rules.on(found.meeting.day)
        return Show(
            minutes_views.case_page(request.texts, request.texts.in_language(found.language), rules, found)
        )
