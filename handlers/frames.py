"""The desk for frames: `/ramme`, the form, *Gentag*, *Fortryd*, *Afregn*, and the ways out of an empty frame."""

from __future__ import annotations

from datetime import date

from bot.domain.case import CaseNotFound
from bot.domain.errors import Refusal
from bot.domain.frame import EntryKind, FrameExceeded, PeriodMissing, SameAlready
from bot.domain.money import Kroner, read_amount
from bot.domain.personal_data import refuse_personal_data
from bot.domain.presentation import TooLateToUndo
from bot.domain.rules import Rules
from bot.domain.significance import WHOLE_PLAN
from bot.texts.formats import as_typed
from bot.usecases import Office
from bot.usecases.cases import CaseLine
from bot.usecases.frame_facts import Receipt, Use
from bot.usecases.frames import DRAFT
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import frame as views
from bot.views.kit import Page, Surface
from handlers import refusals
from handlers.answers import Answer, Errors, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.frame_line import Line, Reading, read_line
from handlers.requests import Form, Json, Request, meta
from handlers.second_thoughts import told

FIELDS = ("amount", "purpose", "kind", "spent_on", "period_until")


class FrameDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "command:/ramme": self.command,
            "shortcut:frame_use": self.open,
            "action:frame.open": self.open,
            "submit:frame.pick": self.picked,
            "action:frame.use#purpose": self.unfolded,
            "submit:frame.use": self.use,
            "action:frame.anyway": self.anyway,
            "action:frame.use_left": self.use_left,
            "action:frame.else": self.what_else,
            "action:frame.new": self.new_form,
            "submit:frame.new": self.ask_new,
            "action:frame.repeat": self.repeat,
            "action:frame.undo": self.undo,
            "action:frame.correct": self.correct_form,
            "submit:frame.correct": self.correct,
            "action:frame.settle": self.settle_form,
            "submit:frame.settle": self.settle,
            "action:frame.show": self.show,
        }

    # --- the form ---

    def open(self, request: Request) -> Answer:
        """For the case named; with one case only straight to its form; else the case is chosen first."""
        asked = request.asked(once=False)
        if request.kind == "action" and request.value not in ("", "x"):
            return _on_top(request, self._form(request, request.value))
        cases = self._office.frames.usable(asked)
        if not cases:
            return refusals.aside(request.texts.say("frame", "none_usable"), request)
        if len(cases) == 1:
            return _on_top(request, self._form(request, cases[0].id))
        return _on_top(request, views.pick_form(request.texts, cases, meta=meta(nonce())))

    def picked(self, request: Request) -> Answer:
        return Show(self._form(request, request.form.one("case") or ""))

    def unfolded(self, request: Request) -> Answer:
        """Another purpose: the end of a period is asked for where one is given."""
        return Show(self._form_now(request))

    def use(self, request: Request) -> Answer:
        """What is filled in is kept only when it is refused: a use that is booked leaves nothing to go on with."""
        case, use = request.meta["c"], _use(request)
        try:
            return self._booked(request, case, use)
        except SameAlready as same:
            return Show(views.twice_form(request.texts, self._twice(request, case, same, Surface.MODAL)))
        except FrameExceeded as why:
            self._keep_left(request, case, use, why)
            return self._exceeded(request, why)

    def _booked(self, request: Request, case: str, use: Use) -> Answer:
        try:
            done = self._office.frames.use(request.asked(), case, use)
        except Refusal:
            self._keep(request, case, _held(request.form))
            raise
        return Show(self._receipt(request, done), home=True)

    def _exceeded(self, request: Request, why: FrameExceeded) -> Answer:
        """The exact remainder on the field, and the three ways out above it (D33)."""
        said = str(refusals.words(why, request.texts))
        view_id = str(request.view.get("id", ""))
        return Errors({"amount": said}, redraw={view_id: self._form_now(request, exceeded=why)})

    def anyway(self, request: Request) -> Answer:
        """*Registrér alligevel*: it was not the same bus card."""
        case = request.value
        return self._finish(request, case, self._kept_use(request, case), again=True)

    def use_left(self, request: Request) -> Answer:
        """*Brug 300 kr. nu*: exactly the amount the button said."""
        case = request.value
        return self._finish(request, case, self._kept_use(request, case, "left"), again=True)

    def _finish(self, request: Request, case: str, use: Use | None, *, again: bool = False) -> Answer:
        if use is None:  # sent already: what is true now is the frame itself
            return _on_top(request, self._overview(request, case))
        try:
            done = self._office.frames.use(request.asked(), case, use, again=again)
        except FrameExceeded as why:
            self._keep_left(request, case, use, why)
            page = views.exceeded(request.texts, case, why)
            return self._beside(request, page)
        except SameAlready as same:
            return self._beside(request, self._twice(request, case, same, Surface.EPHEMERAL))
        return self._done(request, done)

    def _done(self, request: Request, done: Receipt) -> Answer:
        if request.in_modal or request.kind == "submit":
            return Show(self._receipt(request, done), home=True)
        page = views.receipt_aside(request.texts, self._rules_now(request), done)
        if request.in_home or request.kind == "shortcut":
            return Open(self._receipt(request, done), home=True)
        return Say(common.ephemeral(page, request.texts.say("frame", "title_use")), home=True)

    def _beside(self, request: Request, page: Page) -> Answer:
        """A few blocks where the question was asked."""
        if request.in_modal or request.in_home:
            page.surface = Surface.MODAL
            view = page.modal(
                title=request.texts.say("frame", "title_use"),
                callback="frame.twice",
                close=request.texts.say("common", "close"),
            )
            return _on_top(request, view)
        return Say(common.ephemeral(page, request.texts.say("frame", "title_use")))

    # --- one line ---

    def command(self, request: Request) -> Answer:
        """`/ramme isf 450 bus` books at once; `/ramme isf` shows the frame; `/ramme` shows mine."""
        asked = request.asked(once=False)
        text = request.text.strip()
        if not text:
            page = views.mine(request.texts, self._office.frames.usable(asked))
            return Say(common.ephemeral(page, request.texts.say("frame", "mine_title")))
        line = read_line(text, purposes=self._rules_now(request).purposes, today=asked.today)
        found = self._office.frames.usable_called(asked, line.names)
        whole = [(r, found[r.case]) for r in line.readings if not r.rest and found[r.case]]
        meant = _sharpest(whole)
        if len(meant) == 1 and len(meant[0][1]) == 1:
            return self._understood(request, meant[0][0], meant[0][1][0], line)
        return self._unclear(request, line, found, meant)

    def _understood(self, request: Request, reading: Reading, case: CaseLine, line: Line) -> Answer:
        if reading.is_only_a_case:
            return Open(self._overview(request, case.id))
        fault = line.fault_beside((reading.case,))
        if reading.amount is None and fault:
            raise fault
        if reading.amount is None or reading.purpose is None:
            return self._prefilled(request, reading, case.id)
        use = Use(
            amount=reading.amount,
            purpose=reading.purpose,
            spent_on=reading.spent_on or request.asked(once=False).today,
            commitment=reading.commitment,
            period_until=reading.period_until,
        )
        self._keep(request, case.id, _held_use(use))
        try:
            return self._finish(request, case.id, use)
        except PeriodMissing:
            return self._prefilled(request, reading, case.id)

    def book(self, request: Request, case: str, use: Use) -> Answer:
        """A use that was written in plain words and confirmed; where a period is missing the form asks for it."""
        self._keep(request, case, _held_use(use))
        try:
            return self._finish(request, case, use)
        except PeriodMissing:
            return self.fill_in(request, case, use)

    def fill_in(self, request: Request, case: str, use: Use) -> Answer:
        """The form with what was understood in it."""
        reading = Reading(case, use.amount, use.purpose, use.commitment, use.spent_on)
        return self._prefilled(request, reading, case)

    def _unclear(
        self,
        request: Request,
        line: Line,
        found: dict[str, list[CaseLine]],
        meant: list[tuple[Reading, list[CaseLine]]],
    ) -> Answer:
        """Several things it may mean, or words that mean nothing: the form, with what is sure; nothing is guessed."""
        asked = request.asked(once=False)
        refuse_personal_data(line.without_large_amounts)
        partly = [(r, found[r.case]) for r in line.readings if found[r.case]]
        cases = {c.id: c for _, hits in (meant or partly) for c in hits}
        if not cases:
            return self._somebody_elses(request, line)
        fault = line.fault_beside(tuple(r.case for r, _ in partly))
        if fault and not meant:
            raise fault
        if len(cases) == 1:
            sure = _sure([r for r, _ in (meant or partly)])
            return self._prefilled(request, sure, next(iter(cases)))
        self._keep(request, "", _held_reading(_sure([r for r, _ in (meant or partly)])))
        order = [c for c in self._office.frames.usable(asked) if c.id in cases]
        return Open(views.pick_form(request.texts, order, meta=meta(nonce(), d="1")))

    def _somebody_elses(self, request: Request, line: Line) -> Answer:
        """A case the person may see but not book on is shown; else there is no such case (one sentence for both)."""
        if line.fault:
            raise line.fault
        asked = request.asked(once=False)
        for name in line.names:
            hits = self._office.cases.find(asked, name)
            if len(hits) == 1:
                return Open(self._overview(request, hits[0].id))
        raise CaseNotFound

    def _prefilled(self, request: Request, reading: Reading, case: str) -> Answer:
        held = _held_reading(reading)
        self._keep(request, case, held)
        form = self._office.frames.form(request.asked(once=False), case)
        if held.get("purpose") not in form.purposes:
            held.pop("purpose", None)
        view = views.use_form(
            request.texts,
            self._rules_now(request),
            form,
            meta=meta(nonce(), c=case),
            held=held,
            unclear=True,
        )
        return Open(view)

    # --- what follows ---

    def repeat(self, request: Request) -> Answer:
        """*Gentag*: booked at once; where a period must be chosen anew, the form with the rest filled in."""
        asked = request.asked(once=False)
        line, case = self._office.frames.entry(asked, request.value)
        entry = line.entry
        use = Use(entry.amount, entry.purpose, asked.today, entry.kind == EntryKind.COMMITMENT)
        self._keep(request, case.id, _held_use(use))
        try:
            return self._done(request, self._office.frames.repeat(request.asked(), request.value))
        except PeriodMissing:
            return _on_top(request, self._form(request, case.id, held=_held_use(use)))
        except SameAlready as same:
            return self._beside(request, self._twice(request, case.id, same, Surface.EPHEMERAL))
        except FrameExceeded as why:
            self._keep_left(request, case.id, use, why)
            return self._beside(request, views.exceeded(request.texts, case.id, why))

    def undo(self, request: Request) -> Answer:
        """*Fortryd* for ten minutes; after that the form that asks why (T19)."""
        try:
            return self._done(request, self._office.frames.undo(request.asked(), request.value))
        except TooLateToUndo:
            return self.correct_form(request)

    def correct_form(self, request: Request) -> Answer:
        line, _ = self._office.frames.entry(request.asked(once=False), request.value)
        ids = meta(nonce(), e=request.value)
        return _on_top(request, views.correct_form(request.texts, self._rules_now(request), line, meta=ids))

    def correct(self, request: Request) -> Answer:
        reason = request.form.one("reason") or "other"
        return self._done(
            request, self._office.frames.correct(request.asked(), request.meta["e"], reason=reason)
        )

    def settle_form(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        entry, held, case = self._office.frames.to_settle(asked, request.value)
        view = views.settle_form(
            request.texts,
            self._rules_now(request),
            entry,
            held,
            case,
            today=asked.today,
            meta=meta(nonce(), e=entry.id),
        )
        return _on_top(request, view)

    def settle(self, request: Request) -> Answer:
        form = request.form
        done = self._office.frames.settle(
            request.asked(),
            request.meta["e"],
            actual=read_amount(form.text("amount")),
            spent_on=form.date("spent_on") or request.asked(once=False).today,
            keep_rest=form.one("rest") == "stays",
        )
        return self._done(request, done)

    def what_else(self, request: Request) -> Answer:
        return refusals.aside(request.texts.say("frame", "otherwise"), request)

    def new_form(self, request: Request) -> Answer:
        form = self._office.frames.form(request.asked(once=False), request.value)
        ids = meta(nonce(), c=request.value)
        return _on_top(request, views.new_form(request.texts, self._rules_now(request), form, meta=ids))

    def ask_new(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        amount = read_amount(form.text("amount"))
        asked_for = self._office.frames.ask_new(
            request.asked(),
            case,
            amount=amount,
            purposes=form.many("purposes"),
            reason=form.one("reason") or "other",
            **self._answered(request, case),
        )
        line = self._office.cases.get(request.asked(once=False), case)
        said = request.texts.say("frame", "asked_new", alias=line.alias, amount=amount)
        return told(request, said, ("undo.frame_wish", asked_for.id))

    def _answered(self, request: Request, case: str) -> dict[str, tuple[str, ...]]:
        """What the eight questions said, when the form was opened by them (R069)."""
        asked = request.asked(once=False)
        held = self._office.drafts.held(asked, "adjust", case) if "w" in request.meta else None
        if not held:
            return {}
        self._office.drafts.drop(asked, "adjust", case)
        matters = () if held["matter"] == WHOLE_PLAN else (str(held["matter"]),)
        return {"matters": matters, "reasons": tuple(held["reasons"])}

    def show(self, request: Request) -> Answer:
        return _on_top(request, self._overview(request, request.value))

    # --- pieces ---

    def _form(self, request: Request, case: str, *, held: dict[str, str] | None = None) -> Json:
        asked = request.asked(once=False)
        form = self._office.frames.form(asked, case)
        if held is None and request.kind == "submit" and request.meta.get("d"):
            held = {k: str(v) for k, v in (self._office.drafts.held(asked, DRAFT, "") or {}).items()}
        if held and held.get("purpose") not in form.purposes:
            held.pop("purpose", None)
        ids = meta(nonce(), c=case)
        return views.use_form(request.texts, self._rules_now(request), form, meta=ids, held=held)

    def _form_now(self, request: Request, *, exceeded: FrameExceeded | None = None) -> Json:
        """The open form as it is filled in, with what has come to be asked."""
        form = self._office.frames.form(request.asked(once=False), request.meta["c"])
        return views.use_form(
            request.texts,
            self._rules_now(request),
            form,
            meta=str(request.view.get("private_metadata") or "{}"),
            held=_held(request.form),
            exceeded=exceeded,
        )

    def _overview(self, request: Request, case: str) -> Json:
        view = self._office.frames.show(request.asked(once=False), case)
        return views.overview(request.texts, self._rules_now(request), view)

    def _receipt(self, request: Request, done: Receipt) -> Json:
        return views.receipt(request.texts, self._rules_now(request), done)

    def _twice(self, request: Request, case: str, same: SameAlready, surface: Surface) -> Page:
        return views.twice(
            request.texts,
            self._rules_now(request),
            case=case,
            facts=same.facts,
            today=request.asked(once=False).today,
            page=Page(surface),
        )

    def _keep(self, request: Request, case: str, held: dict[str, str]) -> None:
        self._office.drafts.keep(request.asked(once=False), DRAFT, case, held)

    def _keep_left(self, request: Request, case: str, use: Use, why: FrameExceeded) -> None:
        left: Kroner = why.facts["left"]
        self._keep(request, case, {**_held_use(use), "left": as_typed(left, ore=True)})

    def _kept_use(self, request: Request, case: str, amount: str = "amount") -> Use | None:
        """What was in the form when the button was drawn; None when it has been booked since."""
        held = self._office.drafts.held(request.asked(once=False), DRAFT, case)
        if not held or not held.get(amount):
            return None
        until = held.get("period_until")
        return Use(
            amount=read_amount(str(held[amount])),
            purpose=str(held["purpose"]),
            spent_on=date.fromisoformat(str(held["spent_on"])),
            commitment=held.get("kind") == EntryKind.COMMITMENT.value,
            period_until=date.fromisoformat(str(until)) if until else None,
        )

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)


def _held(form: Form) -> dict[str, str]:
    return {name: str(form.values[name]) for name in FIELDS if form.values.get(name)}


def _use(request: Request) -> Use:
    form = request.form
    return Use(
        amount=read_amount(form.text("amount")),
        purpose=form.one("purpose") or "",
        spent_on=form.date("spent_on") or request.asked(once=False).today,
        commitment=form.one("kind") == EntryKind.COMMITMENT.value,
        period_until=form.date("period_until"),
    )


def _held_use(use: Use) -> dict[str, str]:
    held = {
        "amount": as_typed(use.amount),
        "purpose": use.purpose,
        "kind": (EntryKind.COMMITMENT if use.commitment else EntryKind.EXPENSE).value,
        "spent_on": use.spent_on.isoformat(),
    }
    return held | ({"period_until": use.period_until.isoformat()} if use.period_until else {})


def _held_reading(reading: Reading) -> dict[str, str]:
    held = {
        "amount": as_typed(reading.amount) if reading.amount else "",
        "purpose": reading.purpose or "",
        "kind": EntryKind.COMMITMENT.value if reading.commitment else "",
        "spent_on": reading.spent_on.isoformat() if reading.spent_on else "",
        "period_until": reading.period_until.isoformat() if reading.period_until else "",
    }
    return {name: value for name, value in held.items() if value}


def _sharpest(whole: list[tuple[Reading, list[CaseLine]]]) -> list[tuple[Reading, list[CaseLine]]]:
    """A reading that finds an amount beats one that leaves it as a word; equals stay side by side."""
    with_amount = [one for one in whole if one[0].amount is not None]
    return with_amount or whole


def _sure(readings: list[Reading]) -> Reading:
    """What all the readings agree on."""
    first = readings[0]
    amounts, days = {r.amount for r in readings if r.amount}, {r.spent_on for r in readings if r.spent_on}
    return Reading(
        first.case,
        amount=amounts.pop() if len(amounts) == 1 else None,
        purpose=first.purpose,
        commitment=first.commitment,
        spent_on=days.pop() if len(days) == 1 else None,
        period_until=first.period_until,
    )
