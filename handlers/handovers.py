"""The desk for another caseworker, the background group, and who else is around a case (T24, T27, R109)."""

from __future__ import annotations

from bot.domain.contacts import Contact
from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.handovers import Change, GroupWish
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import handover as views
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told


class HandoverDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:case.accept": self.accept,
            "action:contacts.open": self.card,
            "action:contacts.edit": self.contacts_form,
            "submit:contacts.save": self.save_contacts,
            "action:change.open": self.change_form,
            "submit:change.save": self.ask_change,
            "action:group.open": self.group_form,
            "submit:group.save": self.ask_group,
        }

    def accept(self, request: Request) -> Answer:
        case = self._office.handovers.accept(request.asked(), request.value)
        return told(request, request.texts.say("handover", "accepted", alias=case.alias))

    def card(self, request: Request) -> Answer:
        return _on_top(request, self._card(request, request.value))

    def _card(self, request: Request, case: str) -> Json:
        asked = request.asked(once=False)
        facts = self._office.handovers.card(asked, case)
        people = self._office.handovers.people(asked, case)
        return views.card(request.texts, self._rules_now(request), facts, people, meta=meta(nonce(), c=case))

    def contacts_form(self, request: Request) -> Answer:
        facts = self._office.handovers.people_form(request.asked(once=False), request.value, group=False)
        ids = self._from_here(request)
        return _on_top(request, views.contacts_form(request.texts, self._rules_now(request), facts, meta=ids))

    def save_contacts(self, request: Request) -> Answer:
        chosen = tuple(Contact.read(code) for code in request.form.many("contacts"))
        case = request.meta["c"]
        self._office.handovers.set_contacts(request.asked(), case, chosen)
        below = request.meta.get("v")
        redraw = {below: self._card(request, case)} if below else {}
        said = request.texts.say("handover", "contacts_saved")
        return Show(common.told(said, request.texts), redraw=redraw)

    def change_form(self, request: Request) -> Answer:
        facts = self._office.handovers.change_form(request.asked(once=False), request.value)
        return _on_top(
            request,
            views.change_form(request.texts, self._rules_now(request), facts, meta=self._from_here(request)),
        )

    def ask_change(self, request: Request) -> Answer:
        form, asked = request.form, request.asked()
        change = Change(
            form.one("reason") or "other",
            form.one("caseworker"),
            form.date("handover_on") or asked.today,
            form.one("own_view") or "not_yet",
            int(form.one("overlap") or 0),
        )
        wish = self._office.handovers.ask_change(asked, request.meta["c"], change)
        return self._asked(request, wish)

    def group_form(self, request: Request) -> Answer:
        facts = self._office.handovers.people_form(request.asked(once=False), request.value, group=True)
        ids = self._from_here(request)
        return _on_top(request, views.group_form(request.texts, self._rules_now(request), facts, meta=ids))

    def ask_group(self, request: Request) -> Answer:
        form = request.form
        members = (*form.many("authority"), *form.many("provider"))
        wish = GroupWish(
            "yes" in form.many("complicated"),
            tuple(Contact.read(code) for code in members),
            "yes" in form.many("ends"),
            form.one("own_view") or "not_yet",
        )
        return self._asked(
            request, self._office.handovers.ask_group(request.asked(), request.meta["c"], wish)
        )

    def _asked(self, request: Request, wish: Presentation) -> Answer:
        asked = request.asked(once=False)
        name = self._office.handovers.name_of(asked, wish.recommendation.caseworker)
        view = self._office.readiness.show(asked, wish.id)
        return Show(views.asked(request.texts, view, name), home=True)

    def _from_here(self, request: Request) -> str:
        """Remembers the card beneath, so that it can be drawn anew."""
        ids = {"c": request.value}
        if request.view.get("callback_id") == "contacts.card":
            ids["v"] = str(request.view["id"])
        return meta(nonce(), **ids)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
