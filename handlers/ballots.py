"""The desk for written procedure: the chair asks, the members answer, and the chair approves what all agree on (D32)."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.ballot import Answer as Vote
from bot.domain.calendar import DateUnclear
from bot.texts import Said
from bot.usecases import Office
from bot.usecases.ballots import Asking
from bot.usecases.ports import RulesBook
from bot.views import agenda as agenda_views
from bot.views import ballot as views
from bot.views import common, meeting_news
from bot.views.kit import Button
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class BallotDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:urgent.written": self.form,
            "action:ballot.begin#participation": self.unfolded,
            "submit:ballot.begin": self.begin,
            "action:urgent.ask": self.hurry_form,
            "submit:urgent.ask": self.hurry,
            "action:urgent.take_back": self.hurry_back,
            "action:urgent.wait": self.wait_form,
            "submit:urgent.wait": self.wait,
            "action:ballot.open": self.open,
            "action:ballot.agree": lambda r: self.answer(r, Vote.AGREE),
            "action:ballot.disagree": lambda r: self.answer(r, Vote.DISAGREE),
            "action:ballot.meeting": lambda r: self.answer(r, Vote.MEETING),
            "action:ballot.undo": self.undo,
            "action:ballot.conflict": self.conflict,
            "action:ballot.approve": self.approve,
        }

    # --- the chair begins ---

    def form(self, request: Request) -> Answer:
        view = self._form(request, request.value, None)
        return Push(view) if request.in_modal else Open(view)

    def unfolded(self, request: Request) -> Answer:
        return Show(self._form(request, request.meta["p"], request.form.one("participation")))

    def begin(self, request: Request) -> Answer:
        presentation, form = request.meta["p"], request.form
        asking = Asking(_day(request), form.one("participation"), form.one("participation_reason"))
        self._office.urgent.written(request.asked(), presentation, asking)
        return self._chosen(request, presentation)

    def hurry_form(self, request: Request) -> Answer:
        view = views.hurry_form(request.texts, self._rules_now(request), meta=meta(nonce(), p=request.value))
        return Push(view) if request.in_modal else Open(view)

    def hurry(self, request: Request) -> Answer:
        """The receipt is the last view of the form (D37), with *Fortryd*."""
        saved = self._office.urgent.ask(
            request.asked(), request.meta["p"], reason=request.form.one("urgent_reason")
        )
        alias = self._office.cases.get(request.asked(once=False), saved.case_id).alias
        undo = Button(request.texts.say("common", "undo"), "urgent.take_back", saved.id)
        said = request.texts.say("ballot", "hurried", alias=alias)
        return Show(agenda_views.answer(said, request.texts, undo=undo), home=True)

    def hurry_back(self, request: Request) -> Answer:
        self._office.urgent.take_back(request.asked(), request.value)
        return self._told(request, request.texts.say("ballot", "hurry_undone"))

    def wait_form(self, request: Request) -> Answer:
        told = self._office.urgent.of(request.asked(once=False), request.value)
        ids = meta(nonce(), p=request.value)
        view = views.wait_form(request.texts, self._rules_now(request), told, meta=ids)
        return Push(view) if request.in_modal else Open(view)

    def wait(self, request: Request) -> Answer:
        presentation = request.meta["p"]
        self._office.urgent.can_wait(request.asked(), presentation, reason=request.form.one("reason"))
        return self._chosen(request, presentation)

    # --- a member answers ---

    def open(self, request: Request) -> Answer:
        view = self._office.ballots.open(request.asked(once=False), request.value)
        page = views.page(view, request.texts, self._rules_now(request))
        return Push(page) if request.in_modal else Open(page)

    def answer(self, request: Request, vote: Vote) -> Answer:
        view = self._office.ballots.answer(request.asked(), request.value, vote)
        if request.in_modal:
            return Show(views.page(view, request.texts, self._rules_now(request)), home=True)
        assert view.mine is not None, "it has just been answered"
        return self._told(request, request.texts.say("ballot", "answered", answer=vote, at=view.mine.at))

    def undo(self, request: Request) -> Answer:
        view = self._office.ballots.take_back(request.asked(), request.value)
        if request.in_modal:
            return Show(views.page(view, request.texts, self._rules_now(request)), home=True)
        return self._told(request, request.texts.say("ballot", "undone"))

    def conflict(self, request: Request) -> Answer:
        self._office.ballots.declare_conflict(request.asked(), request.value)
        return self._told(request, request.texts.say("ballot", "conflict_told"))

    def approve(self, request: Request) -> Answer:
        self._office.ballots.approve(request.asked(), request.value)
        return self._told(request, request.texts.say("ballot", "approved_form"))

    # --- below ---

    def _form(self, request: Request, presentation: str, participation: str | None) -> Json:
        found = self._office.ballots.form(request.asked(once=False), presentation)
        ids = meta(nonce(), p=presentation)
        return views.form(
            found, request.texts, self._rules_now(request), meta=ids, participation=participation
        )

    def _chosen(self, request: Request, presentation: str) -> Answer:
        """The receipt is the last view of the form (D37), with *Fortryd*."""
        told = self._office.urgent.of(request.asked(once=False), presentation)
        undo = Button(request.texts.say("common", "undo"), "urgent.undo", presentation)
        said = meeting_news.urgent_chosen(request.texts, told)
        return Show(agenda_views.answer(said, request.texts, undo=undo), home=True)

    def _told(self, request: Request, said: Said) -> Answer:
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        if request.in_home:
            return Nothing(home=True)
        return Say(common.sentence(said), home=True)

    def _rules_now(self, request: Request) -> Any:
        return self._rules.on(request.asked(once=False).today)


def _day(request: Request) -> date:
    """Slack sends no form without it."""
    day = request.form.date("answer_on")
    if day is None:
        raise DateUnclear(field="answer_on")
    return day
