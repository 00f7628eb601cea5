"""The desk for `/indgang`: help, settings, being away, and every other command by its everyday name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from bot.usecases import Office
from bot.views import common
from bot.views import help as help_views
from bot.views import settings as views
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.words import FORWARD, HELP, REPORTS, SETTINGS, first_word, meant


class SettingsDesk:
    """`whole` is the table of all desks, asked for when somebody types."""

    def __init__(self, office: Office, whole: Callable[[], Mapping[str, Any]]) -> None:
        self._office, self._whole = office, whole

    def table(self) -> dict[str, object]:
        return {
            "command:/indgang": self.command,
            "action:help.open": self.help,
            "action:settings.open": self.settings,
            "submit:settings.save": self.save,
            "action:away.open": self.away_form,
            "submit:away.save": self.away,
            "action:away.end": self.back,
            "action:typed.meant": self.meant,
        }

    def command(self, request: Request) -> Answer:
        """`/indgang`, `/indgang indstillinger`, `/indgang ramme isfugl 450`; what is misspelt gets the nearest."""
        word, rest = first_word(request.text)
        if not word or word in HELP:
            return self.help(request)
        if word in SETTINGS:
            return self.settings(request)
        if word in REPORTS:
            answer: Answer = self._whole()["action:report.choose"](replace(request, text=rest))
            return answer
        if word in FORWARD:
            return self._as(request, FORWARD[word], rest)
        near = meant(request.name, request.text)
        return Say(help_views.meant(request.texts, near)) if near else self.help(request)

    def meant(self, request: Request) -> Answer:
        """»Mente du …?« was answered with yes."""
        command, _, rest = request.value.partition(" ")
        return self._as(request, command, rest)

    def _as(self, request: Request, command: str, text: str) -> Answer:
        desk = self._whole().get(f"command:{command}")
        if desk is None:
            return self.help(request)
        answer: Answer = desk(replace(request, name=command, text=text, value=""))
        return answer

    def help(self, request: Request) -> Answer:
        return _on_top(request, help_views.page(request.texts, request.person))

    def settings(self, request: Request) -> Answer:
        return _on_top(request, self._form(request))

    def _form(self, request: Request) -> Json:
        facts = self._office.people.settings(request.asked(once=False))
        return views.form(request.texts, facts, meta=meta(nonce()))

    def save(self, request: Request) -> Answer:
        form = request.form
        self._office.people.set_settings(
            request.asked(),
            language=form.one("language") or "da",
            overview_at=form.time("overview") or time(7, 30),
        )
        return Nothing(home=True)

    def away_form(self, request: Request) -> Answer:
        ids = meta(nonce(), v=str(request.view.get("id", ""))) if request.in_modal else meta(nonce())
        today = request.asked(once=False).today.isoformat()
        return _on_top(request, views.away_form(request.texts, request.person, today=today, meta=ids))

    def away(self, request: Request) -> Answer:
        form = request.form
        today = request.asked(once=False).today
        first, last = form.date("first") or today, form.date("last") or today
        absence = self._office.absences.away(request.asked(), first, last, form.one("deputy"))
        named = self._office.absences.handed(request.asked(once=False), absence)
        said = views.away_saved(request.texts, absence, named)
        below = request.meta.get("v")
        redraw = {below: self._form(request)} if below else {}
        return Show(common.told(said, request.texts), home=True, redraw=redraw)

    def back(self, request: Request) -> Answer:
        self._office.absences.back(request.asked(), request.value)
        return Show(self._form(request), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
