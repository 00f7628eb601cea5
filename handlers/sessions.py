"""The desk for the live meeting: one form for two hours, updated in place (A7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.decision import Recording
from bot.domain.errors import Refusal
from bot.domain.money import ZERO, AmountRefused, Kroner, read_amount
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.session_facts import ItemView, Page
from bot.views import session as views
from handlers.answers import Answer, Nothing, Open, Show
from handlers.cases import nonce
from handlers.requests import Form, Json, Request, meta

FIELDS = (
    "choice",
    "participation",
    "participation_reason",
    "also",
    "reservations",
    "reservation_points",
    "dissent",
    "conflicted",
    "without_mandate",
    "points",
    "goals",
    "measures",
    "caseworker",
    "purposes",
    "payer",
    "frame_reason",
    "follow_up",
    "outcome",
    "closing",
    "support_reason",
    "adopted_from",
    "reason",
    "to_meeting",
    "area",
    "contact",
)
"""Every choice is told at once, and kept."""


class SessionDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:session.start": self.start_form,
            "submit:session.start": self.start,
            "action:session.resume": self.resume,
            "action:session.item": self.open_item,
            **{f"action:session.item#{name}": self.keep for name in FIELDS},
            "action:session.item#goto": self.go_to,
            "action:session.put_off": self.put_off,
            "action:session.put_off.undo": self.undo_put_off,
            "submit:session.item": self.save,
            "close:session.item": self.close_item,
            "submit:session.overview": self.send,
        }

    def start_form(self, request: Request) -> Answer:
        view = self._office.sessions.beginning(request.asked(once=False), request.value)
        form = views.start_form(request.texts, view, meta=meta(nonce(), m=request.value))
        return Show(form) if request.in_modal else Open(form)

    def start(self, request: Request) -> Answer:
        here = request.form.many("here")
        page = self._office.sessions.start(request.asked(), request.meta["m"], attending=here)
        return Show(self._draw(request, page), home=True)

    def resume(self, request: Request) -> Answer:
        page = self._office.sessions.resume(request.asked(once=False), request.value)
        view = self._draw(request, page)
        return Show(view) if request.in_modal else Open(view)

    def open_item(self, request: Request) -> Answer:
        meeting = request.meta["m"]
        page = self._office.sessions.open_item(request.asked(once=False), meeting, request.value)
        return Show(self._draw(request, page))

    def keep(self, request: Request) -> Answer:
        ids = request.meta
        view = self._office.sessions.keep(
            request.asked(once=False), ids["m"], ids["p"], _draft(request.form), seen=int(ids["v"])
        )
        return Show(self._draw(request, view, fresh=ids["f"]))

    def put_off(self, request: Request) -> Answer:
        ids = request.meta
        return Show(self._draw(request, self._timed(request, self._office.sessions.put_off), fresh=ids["f"]))

    def undo_put_off(self, request: Request) -> Answer:
        """The fields begin anew: the form may show an item whose proposal is gone."""
        return Show(self._draw(request, self._timed(request, self._office.sessions.undo_put_off)))

    def _timed(self, request: Request, change: Callable[..., ItemView]) -> ItemView:
        ids, draft = request.meta, _draft(request.form)
        return change(request.asked(once=False), ids["m"], ids["p"], draft, seen=int(ids["v"]))

    def go_to(self, request: Request) -> Answer:
        ids = request.meta
        page = self._office.sessions.go_to(
            request.asked(once=False),
            ids["m"],
            ids["p"],
            _draft(request.form),
            seen=int(ids["v"]),
            to=request.form.one("goto") or request.value,
        )
        return Show(self._draw(request, page))

    def save(self, request: Request) -> Answer:
        ids = request.meta
        recording = _written(request.form)
        page = self._office.sessions.save(request.asked(), ids["m"], ids["p"], recording, seen=int(ids["v"]))
        return Show(self._draw(request, page))

    def close_item(self, request: Request) -> Answer:
        """*Gem og luk*, or Esc: what Slack sends along is kept; each press was kept already."""
        if request.form.one("choice"):
            ids = request.meta
            try:
                self._office.sessions.keep(
                    request.asked(once=False), ids["m"], ids["p"], _draft(request.form), seen=int(ids["v"])
                )
            except Refusal:  # the meeting has ended meanwhile; there is no form left to say it on
                return Nothing(home=True)
        return Nothing(home=True)

    def send(self, request: Request) -> Answer:
        overview = self._office.sessions.close(request.asked(), request.meta["m"])
        return Show(views.sent(request.texts, overview), home=True)

    def _draw(self, request: Request, page: Page, *, fresh: str | None = None) -> Json:
        if not isinstance(page, ItemView):
            return views.overview(request.texts, page, meta=meta(nonce(), m=page.meeting.id))
        revision = str(page.decision.revision)
        fresh = fresh if fresh and not page.overtaken else f"{page.item.number}r{revision}"
        ids = meta(nonce(), m=page.meeting.id, p=page.presentation.id, v=revision, f=fresh)
        rules = self._rules.on(page.meeting.day)
        return views.item_form(request.texts, rules, page, meta=ids, fresh=fresh)


def _written(form: Form) -> Recording:
    """For the decision that counts. Raises AmountUnclear and its kin on the amount."""
    return _recording(form, _amount(form.text("amount")))


def _draft(form: Form) -> Recording:
    """For the draft: an amount that cannot be read yet is the text in hand, and waits."""
    try:
        return _recording(form, _amount(form.text("amount")))
    except AmountRefused:
        return _recording(form, None)


def _amount(text: str) -> Kroner | None:
    """Zero is an explicit »ingen ramme« (T15)."""
    if not text:
        return None
    return ZERO if text.strip("0,. ") == "" else read_amount(text)


def _recording(form: Form, amount: Kroner | None) -> Recording:
    return Recording(
        choice=form.one("choice"),
        participation=form.one("participation"),
        participation_reason=form.one("participation_reason"),
        points=form.many("points"),
        goals=form.many("goals"),
        measures=form.many("measures"),
        caseworker=form.one("caseworker"),
        amount=amount,
        purposes=form.many("purposes"),
        payer=form.one("payer"),
        frame_reason=form.one("frame_reason"),
        follow_up_on=form.date("follow_up"),
        outcome=form.one("outcome"),
        closing=form.one("closing"),
        support_reason=form.one("support_reason"),
        adopted_from=form.one("adopted_from"),
        also=form.many("also"),
        reservations=form.many("reservations"),
        reservation_points=form.many("reservation_points"),
        dissent=form.many("dissent"),
        conflicted=form.many("conflicted"),
        without_mandate=form.many("without_mandate"),
        reason=form.one("reason"),
        to_meeting=form.one("to_meeting"),
        area=form.one("area"),
        contact=form.one("contact"),
        shown=frozenset(form.values),
    )
