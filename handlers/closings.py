"""The desk for the end of a case: asking for it, taking it back, what is asked afterwards, and opening again."""

from __future__ import annotations

from bot.domain.closing import DOES_NOT_HOLD, HOLDS
from bot.usecases import Office
from bot.usecases.closings import CLOSE, TICKS, ClosingWish
from bot.usecases.ports import RulesBook
from bot.usecases.referrals import Wish
from bot.views import closing as views
from bot.views import common
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told


class ClosingDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:closing.ask": self.open,
            "action:closing.ask#what": self.unfolded,
            "action:closing.ask#closing": self.unfolded,
            "submit:closing.ask": self.ask,
            "action:closing.take_back": self.take_back,
            "action:closing.agree": self.agree,
            "action:after.open": self.after_form,
            "action:after.holds": self.holds,
            "action:after.does_not_hold": self.does_not_hold,
            "action:after.confirm": self.holds,
            "action:case.reopen": self.reopen_form,
            "submit:case.reopen": self.reopen,
        }

    def open(self, request: Request) -> Answer:
        return self._form(request, request.value)

    def form(self, request: Request, presentation_id: str) -> Answer:
        """The same form for *Gør klar* on a closing that was begun."""
        return self._form(request, self._office.closings.of(request.asked(once=False), presentation_id))

    def _form(self, request: Request, case: str) -> Answer:
        found = self._office.closings.open(request.asked(once=False), case)
        rules = self._rules.on(request.asked(once=False).today)
        return _on_top(request, views.form(request.texts, rules, found, meta=meta(nonce(), c=case)))

    def unfolded(self, request: Request) -> Answer:
        """What is asked depends on the choice; what was answered stays."""
        found = self._office.closings.open(request.asked(once=False), request.meta["c"])
        held = {n: v for n, v in request.form.values.items() if isinstance(v, str) and v}
        held["ticks"] = ",".join(request.form.many("ticks"))
        ids = str(request.view["private_metadata"])
        rules = self._rules.on(request.asked(once=False).today)
        return Show(views.form(request.texts, rules, found, meta=ids, held=held))

    def ask(self, request: Request) -> Answer:
        form = request.form
        wish = ClosingWish(
            what=form.one("what") or CLOSE,
            closing=form.one("closing"),
            own_view=form.one("own_view"),
            ticks=tuple(t for t in TICKS if t in form.many("ticks")),
            support_reason=form.one("support_reason"),
            next_meeting=form.one("next"),
        )
        done = self._office.closings.ask(request.asked(), request.meta["c"], wish)
        return Show(views.done(request.texts, done), home=True)

    def take_back(self, request: Request) -> Answer:
        done = self._office.closings.take_back(request.asked(), request.value)
        return self._told(request, "taken_back", alias=done.case.alias)

    def agree(self, request: Request) -> Answer:
        done = self._office.closings.close_by_agreement(request.asked(), request.value)
        return self._told(request, "closed", alias=done.case.alias)

    def after_form(self, request: Request) -> Answer:
        after, case = self._office.closings.asked_after(request.asked(once=False), request.value)
        return _on_top(request, views.after_form(request.texts, after, case.alias))

    def holds(self, request: Request) -> Answer:
        return self._answered(request, HOLDS)

    def does_not_hold(self, request: Request) -> Answer:
        return self._answered(request, DOES_NOT_HOLD)

    def _answered(self, request: Request, answer: str) -> Answer:
        done = self._office.closings.answer(request.asked(), request.value, answer)
        _, case = self._office.closings.asked_after(request.asked(once=False), done.id)
        if done.answer == DOES_NOT_HOLD:  # others are told, so it is said, and can be taken back
            said = request.texts.say("closing", f"answered_{done.answer}", alias=case.alias)
            return told(request, said, ("undo.after_closing", done.id))
        return self._told(request, f"answered_{done.answer}", alias=case.alias)

    def reopen_form(self, request: Request) -> Answer:
        found = self._office.reopening.open(request.asked(once=False), request.value)
        view = views.reopen_form(
            request.texts,
            self._rules.on(request.asked(once=False).today),
            found,
            meta=meta(nonce(), c=found.case_id),
        )
        return _on_top(request, view)

    def reopen(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        wish = Wish(
            criteria=form.many("criteria"),
            assessed_by=form.one("assessed_by"),
            consent=form.one("consent"),
            consent_on=form.date("consent_on"),
        )
        self._office.reopening.reopen(
            request.asked(),
            case,
            reason=form.one("reason"),
            presenter=form.one("presenter"),
            wish=wish,
            exemption=form.one("exemption"),
        )
        line = self._office.cases.get(request.asked(once=False), case)
        said = request.texts.say("closing", "reopened", alias=line.alias, key=line.key)
        return Show(common.told(said, request.texts), home=True)

    def _told(self, request: Request, block: str, **facts: str) -> Answer:
        said = request.texts.say("closing", block, **facts)
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        return Nothing(home=True) if request.in_home else Say(common.sentence(said), home=True)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
