"""The desk for *Gør klar*: each group saves on its own, and the page beneath shows it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.domain.money import Kroner, read_amount
from bot.domain.presentation import Kind, Measure
from bot.domain.rules import Rules
from bot.domain.transitions import BirthMonthMissing
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.readiness import Agreement, ReadyView
from bot.views import missing_again
from bot.views import ready as views
from handlers.answers import Answer, Nothing, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told

FormFor = Callable[[Request, str], Answer]


class ReadinessDesk:
    """`follow_up_form` answers for follow-ups, which have four questions instead of a list; `closing_form` for closings."""

    def __init__(
        self,
        office: Office,
        rules: RulesBook,
        *,
        follow_up_form: FormFor | None = None,
        closing_form: FormFor | None = None,
    ) -> None:
        self._office, self._rules, self._follow_up_form = office, rules, follow_up_form
        self._closing_form = closing_form

    def table(self) -> dict[str, object]:
        return {
            "action:ready.open": self.open,
            "action:ready.group": self.group_form,
            "submit:ready.person": self.save_person,
            "submit:ready.areas": self.save_areas,
            "submit:ready.plan": self.save_plan,
            "submit:ready.agreement": self.save_agreement,
            "action:ready.measure": self.measure_form,
            "submit:ready.measure": self.add_measure,
            "action:ready.measure.remove": self.remove_measure,
            "action:ready.on_behalf": self.on_behalf,
            "action:ready.mark": self.mark,
            "action:ready.missing": self.missing_form,
            "submit:ready.missing": self.missing,
            "action:proposal.yes": self.say_yes,
            "action:proposal.no": self.say_no,
        }

    def open(self, request: Request) -> Answer:
        view = self._found(request, request.value)
        if view.presentation.kind == Kind.FOLLOW_UP and self._follow_up_form:
            return self._follow_up_form(request, request.value)
        if view.presentation.kind in (Kind.CLOSURE, Kind.CONTINUED_SUPPORT) and self._closing_form:
            return self._closing_form(request, request.value)
        page = self._page(request, view)
        return Show(page) if request.in_modal else Open(page)  # a group and a measure still go on top

    def group_form(self, request: Request) -> Answer:
        presentation = request.meta["p"]
        form = views.FORMS.get(request.value)
        if form is None:
            return Nothing()
        ids = meta(nonce(), p=presentation, v=str(request.view["id"]))
        view = self._found(request, presentation)
        return Push(form(request.texts, view.rules, view, meta=ids))

    def save_person(self, request: Request) -> Answer:
        form = request.form
        self._office.readiness.save_person(
            request.asked(),
            request.meta["p"],
            own_view=form.one("own_view"),
            ticks=form.many("ticks"),
            birth_month=_birth_month(form.one("birth_year"), form.one("birth_month")),
        )
        return self._saved(request)

    def save_areas(self, request: Request) -> Answer:
        days = {a.code: request.form.date(f"status_{a.code}") for a in self._rules_now(request).areas}
        status: dict[str, date] = {code: day for code, day in days.items() if day is not None}
        self._office.readiness.save_areas(
            request.asked(), request.meta["p"], status=status, ticks=request.form.many("ticks")
        )
        return self._saved(request)

    def save_plan(self, request: Request) -> Answer:
        self._office.readiness.save_plan(
            request.asked(),
            request.meta["p"],
            goals=request.form.many("goals"),
            ticks=request.form.many("ticks"),
            stops=request.form.many("stops"),
            standards=request.form.many("standards"),
        )
        return self._saved(request)

    def save_agreement(self, request: Request) -> Answer:
        form = request.form
        agreement = Agreement(
            caseworker=form.one("caseworker"),
            amount=_amount_or_none(form.text("amount")),
            purposes=form.many("purposes"),
            payer=form.one("payer"),
            reason=form.one("frame_reason"),
            follow_up_on=form.date("follow_up_on"),
            keep_frame=form.one("frame") == "keep",
        )
        self._office.readiness.save_agreement(request.asked(), request.meta["p"], agreement)
        return self._saved(request)

    def measure_form(self, request: Request) -> Answer:
        presentation = request.meta["p"]
        ids = meta(nonce(), p=presentation, v=str(request.view["id"]), w=request.meta["v"])
        view = self._found(request, presentation)
        return Push(views.measure_form(request.texts, view.rules, view, meta=ids))

    def add_measure(self, request: Request) -> Answer:
        form, ids = request.form, request.meta
        price = form.text("amount")
        measure = Measure(
            form.one("measure") or "",
            form.one("area") or "",
            read_amount(price) if price else None,
            form.date("start_on"),
        )
        self._office.readiness.add_measure(request.asked(), ids["p"], measure)
        view = self._found(request, ids["p"])
        plan = views.plan_form(request.texts, view.rules, view, meta=meta(nonce(), p=ids["p"], v=ids["w"]))
        beneath = {ids["w"]: self._page(request, view)}
        if str(request.view["id"]) == ids["v"]:  # three deep the measure stood in the plan's place
            return Show(plan, redraw=beneath)
        return Nothing(redraw={ids["v"]: plan, **beneath})

    def remove_measure(self, request: Request) -> Answer:
        presentation = request.meta["p"]
        self._office.readiness.remove_measure(request.asked(), presentation, int(request.value))
        view = self._found(request, presentation)
        ids = str(request.view["private_metadata"])
        plan = views.plan_form(request.texts, view.rules, view, meta=ids)
        return Show(plan, redraw={request.meta["v"]: self._page(request, view)})

    def on_behalf(self, request: Request) -> Answer:
        self._office.readiness.yes_on_behalf(request.asked(), request.value)
        view = self._found(request, request.value)
        ids = str(request.view["private_metadata"])
        return Show(views.agreement_form(request.texts, view.rules, view, meta=ids))

    def mark(self, request: Request) -> Answer:
        self._office.readiness.mark_ready(request.asked(), request.value)
        view = self._found(request, request.value)
        said = request.texts.say("ready", "marked", alias=view.case.alias)
        return told(request, said, ("undo.ready", view.presentation.id))

    def missing_form(self, request: Request) -> Answer:
        found = self._office.missing_again.form(request.asked(once=False), request.value)
        form = missing_again.form(
            found, request.texts, self._rules_now(request), meta=meta(nonce(), p=request.value)
        )
        return Push(form) if request.in_modal else Open(form)

    def missing(self, request: Request) -> Answer:
        missing = request.form.many("missing")
        taken = self._office.missing_again.take(request.asked(), request.meta["p"], missing=missing)
        said = missing_again.receipt(taken, request.texts)
        return told(request, said, ("undo.missing", taken.presentation))

    def say_yes(self, request: Request) -> Answer:
        return self._answered(request, yes=True)

    def say_no(self, request: Request) -> Answer:
        return self._answered(request, yes=False)

    def _answered(self, request: Request, *, yes: bool) -> Answer:
        saved = self._office.readiness.answer_proposal(request.asked(), request.value, yes=yes)
        said = request.texts.say("undo", "yes_kept" if yes else "no_kept")
        return told(request, said, ("undo.proposal", saved.id))

    def _saved(self, request: Request) -> Answer:
        ids = request.meta
        return Nothing(home=True, redraw={ids["v"]: self._page(request, self._found(request, ids["p"]))})

    def _found(self, request: Request, presentation: str) -> ReadyView:
        return self._office.readiness.show(request.asked(once=False), presentation)

    def page(self, request: Request, presentation: str) -> Json:
        return self._page(request, self._found(request, presentation))

    def _page(self, request: Request, view: ReadyView) -> Json:
        return views.page(request.texts, view, meta=meta(nonce(), p=view.presentation.id))

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _birth_month(year: str | None, month: str | None) -> str | None:
    """As "2007-05"; None when neither is chosen. Half of it is no month, and is not dropped without a word."""
    if not year and not month:
        return None
    if not (year and month):
        raise BirthMonthMissing(field="birth_month" if year else "birth_year")
    return f"{year}-{month}"


def _amount_or_none(text: str) -> Kroner | None:
    """Nothing written leaves the frame open; a plain 0 is »ingen ramme«."""
    if not text:
        return None
    return Kroner(0) if text.strip("0 ,kr.-") == "" and "0" in text else read_amount(text)
