"""The desk for who stands in for whom: one case, a sick colleague's cases, a proposed substitute, and deputies (D31)."""

from __future__ import annotations

from bot.texts import Said
from bot.usecases import Office
from bot.views import common
from bot.views import substitute as views
from handlers.answers import Answer, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class SubstituteDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, object]:
        return {
            "action:substitute.open": self.open,
            "submit:substitute.save": self.save,
            "action:substitute.end": self.end,
            "action:substitute.undo": self.undo,
            "action:sick.open": self.sick_form,
            "action:sick.choose#person": self.choose,
            "action:sick.save#person": self.choose,
            "submit:sick.choose": self.chosen,
            "submit:sick.save": self.sick,
            "action:away.approve": self.approve,
            "action:away.other": self.other_form,
            "submit:away.other": self.other,
            "action:deputies.open": self.deputies_form,
            "action:deputies.save#person": self.deputies_of,
            "submit:deputies.save": self.allow,
        }

    def open(self, request: Request) -> Answer:
        facts = self._office.substitutes.form(request.asked(once=False), request.value)
        return _on_top(request, views.form(request.texts, facts, meta=meta(nonce(), c=request.value)))

    def save(self, request: Request) -> Answer:
        form, today = request.form, request.asked(once=False).today
        told = self._office.substitutes.set(
            request.asked(),
            request.meta["c"],
            person=form.one("substitute") or "",
            first=form.date("first") or today,
            last=form.date("last") or today,
        )
        return Show(views.taken_over(request.texts, told), home=True)

    def end(self, request: Request) -> Answer:
        case = self._office.substitutes.end(request.asked(), request.value)
        return self._told(request, request.texts.say("substitute", "ended", alias=case.alias))

    def undo(self, request: Request) -> Answer:
        count = self._office.substitutes.undo(request.asked(), request.value)
        return self._told(request, request.texts.say("substitute", "undone", count=count))

    def sick_form(self, request: Request) -> Answer:
        person = request.value if request.value.startswith(("U", "W")) else None
        return _on_top(request, self._sick(request, person))

    def choose(self, request: Request) -> Answer:
        """The person is chosen: what there is to take over unfolds."""
        return Show(self._sick(request, request.form.one("person")))

    def chosen(self, request: Request) -> Answer:
        return self.choose(request)

    def _sick(self, request: Request, person: str | None) -> Json:
        facts = self._office.substitutes.sick_form(request.asked(once=False), person)
        return views.sick_form(request.texts, facts, meta=meta(nonce()))

    def sick(self, request: Request) -> Answer:
        form, today = request.form, request.asked(once=False).today
        told = self._office.substitutes.sick(
            request.asked(),
            form.one("person") or "",
            substitute=form.one("substitute") or "",
            last=form.date("last") or today,
        )
        return Show(views.taken_over(request.texts, told), home=True)

    def approve(self, request: Request) -> Answer:
        wish = self._office.absences.approve(request.asked(), request.value)
        return self._told(request, views.approved(request.texts, wish))

    def other_form(self, request: Request) -> Answer:
        wish = self._office.absences.wish(request.asked(once=False), request.value)
        return _on_top(request, views.other_form(request.texts, wish, meta=meta(nonce(), a=request.value)))

    def other(self, request: Request) -> Answer:
        wish = self._office.absences.approve(
            request.asked(), request.meta["a"], person=request.form.one("substitute")
        )
        return Show(common.told(views.approved(request.texts, wish), request.texts), home=True)

    def deputies_form(self, request: Request) -> Answer:
        return _on_top(request, self._deputies(request, ""))

    def deputies_of(self, request: Request) -> Answer:
        return Show(self._deputies(request, request.form.one("person") or ""))

    def _deputies(self, request: Request, person: str) -> Json:
        allowed = self._office.absences.allowed_deputies(request.asked(once=False), person)
        return views.deputies_form(request.texts, person=person, allowed=allowed, meta=meta(nonce()))

    def allow(self, request: Request) -> Answer:
        allowed = request.form.many("deputies")
        self._office.absences.allow_deputies(request.asked(), request.form.one("person") or "", allowed)
        said = request.texts.say("substitute", "deputies_saved", count=len(allowed))
        return Show(common.told(said, request.texts))

    def _told(self, request: Request, said: Said) -> Answer:
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        if request.in_home:
            return Open(common.told(said, request.texts), home=True)
        return Say(common.sentence(said), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
