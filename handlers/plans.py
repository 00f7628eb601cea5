"""The desk for the plan: seeing it, adjusting it, bringing it back, and what it refers to."""

from __future__ import annotations

from typing import Any

from bot.domain.case import CaseNotFound
from bot.domain.presentation import Kind
from bot.domain.rules import Rules
from bot.domain.significance import WHOLE_PLAN, Verdict
from bot.usecases import Office
from bot.usecases.adjustments import Adjusted
from bot.usecases.cases import own_areas
from bot.usecases.ports import RulesBook
from bot.views import adjust as adjust_views
from bot.views import common
from bot.views import frame as frame_views
from bot.views import handover as handover_views
from bot.views import plan as views
from bot.views.kit import Surface
from handlers import refusals
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta

KEPT = "adjust"
"""Where the answers wait while the amount of a new frame is asked for."""


class PlanDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, Any]:
        return {
            "action:plan.open": self.open,
            "action:plan.start": self.start_form,
            "submit:plan.start": self.start,
            "action:plan.document": self.document_form,
            "submit:plan.document": self.add_document,
            "action:plan.document.remove": self.remove_document,
            "action:plan.change": self.change,
            "action:plan.briefing": self.briefing,
            "action:plan.briefing.written": self.brief_in_writing,
            "action:adjust.open": self.adjust_form,
            "submit:adjust.save": self.adjust,
            "submit:adjust.raise": self.bring_back,
            "action:must.open": self.helper,
            "submit:must.ask": self.helper_answer,
            "submit:must.go_on": self.helper_goes_on,
        }

    # --- the plan ---

    def open(self, request: Request) -> Answer:
        return _on_top(request, self._page(request, request.value))

    def _page(self, request: Request, case: str) -> Json:
        view = self._office.plans.show(request.asked(once=False), case)
        return views.page(request.texts, self._rules_now(request), view, meta=meta(nonce(), c=case))

    def start_form(self, request: Request) -> Answer:
        asked, case = request.asked(once=False), request.meta["c"]
        view = self._office.plans.show(asked, case)
        measure = next((m for m in view.measures if m.task == request.value), None)
        if measure is None:
            raise CaseNotFound
        ids = meta(nonce(), c=case, t=measure.task, v=str(request.view["id"]))
        form = views.start_form(request.texts, self._rules_now(request), measure, today=asked.today, meta=ids)
        return Push(form)

    def start(self, request: Request) -> Answer:
        ids = request.meta
        self._office.tasks.start(request.asked(), ids["t"], request.form.date("started_on"))
        return Nothing(home=True, redraw={ids["v"]: self._page(request, ids["c"])})

    def document_form(self, request: Request) -> Answer:
        case = request.value
        view = self._office.plans.show(request.asked(once=False), case)
        form = views.document_form(
            request.texts,
            self._rules_now(request),
            view,
            areas=own_areas(request.person),
            meta=meta(nonce(), c=case, v=str(request.view.get("id", ""))),
        )
        return _on_top(request, form)

    def add_document(self, request: Request) -> Answer:
        form, ids = request.form, request.meta
        self._office.plans.add_document(
            request.asked(),
            ids["c"],
            code=form.one("code") or "",
            area=form.one("area") or "",
            text=form.text("number"),
            is_open=form.one("mark") == "open",
        )
        redraw = {ids["v"]: self._page(request, ids["c"])} if ids["v"] else {}
        return Nothing(redraw=redraw)

    def remove_document(self, request: Request) -> Answer:
        document = self._office.plans.remove_document(request.asked(), request.value)
        return Show(self._page(request, document.case_id))

    # --- to the committee again ---

    def change(self, request: Request) -> Answer:
        return self._raised(request, request.value, Kind.CHANGE)

    def briefing(self, request: Request) -> Answer:
        return self._raised(request, request.value, Kind.BRIEFING)

    def brief_in_writing(self, request: Request) -> Answer:
        return self._raised(request, request.value, Kind.BRIEFING, in_writing=True)

    def _raised(
        self,
        request: Request,
        case: str,
        kind: Kind,
        *,
        matter: str = WHOLE_PLAN,
        verdict: Verdict | None = None,
        in_writing: bool = False,
    ) -> Answer:
        reasons = verdict.reasons if verdict else ()
        done = self._office.adjustments.bring_back(
            request.asked(), case, kind, matter=matter, reasons=reasons, in_writing=in_writing
        )
        notify = bool(verdict and verdict.notify)
        return Show(adjust_views.raised(request.texts, done, notify=notify), home=True)

    # --- adjusting ---

    def adjust_form(self, request: Request) -> Answer:
        return _on_top(request, self._adjust_form(request, request.value))

    def by_name(self, request: Request, text: str) -> Answer:
        """`/sag juster isfugl`: the form; without a name, or with several hits, the case is chosen first."""
        asked = request.asked(once=False)
        mine = self._office.adjustments.adjustable(asked)
        if text.strip():
            hits = {c.id for c in self._office.cases.find(asked, text)}
            mine = [c for c in mine if c.id in hits]
            if not hits:
                raise CaseNotFound
        if len(mine) == 1:
            return Open(self._adjust_form(request, mine[0].id))
        if not mine:
            return refusals.aside(request.texts.say("adjust", "none"), request)
        page = adjust_views.choose(request.texts, mine, surface=Surface.EPHEMERAL)
        return Say(common.ephemeral(page, request.texts.say("adjust", "title")))

    def _adjust_form(
        self,
        request: Request,
        case: str,
        *,
        said: tuple[str, ...] = (),
        verdict: Verdict | None = None,
        matter: str | None = None,
        how: str | None = None,
    ) -> Json:
        view = self._office.adjustments.begin(request.asked(once=False), case)
        return adjust_views.form(
            request.texts,
            self._rules_now(request),
            view,
            meta=meta(nonce(), c=case),
            said=said,
            verdict=verdict,
            matter=matter,
            how=how,
        )

    def adjust(self, request: Request) -> Answer:
        """All »nej«: noted. One »ja« or »ved ikke«: nothing is noted, and the same form offers the committee."""
        form, case = request.form, request.meta["c"]
        said, matter = form.many("said"), form.one("matter") or WHOLE_PLAN
        done = self._office.adjustments.adjust(
            request.asked(), case, matter=matter, how=form.one("how") or "", said=said
        )
        if isinstance(done, Adjusted):
            return Show(adjust_views.adjusted(request.texts, self._rules_now(request), done))
        return Show(self._adjust_form(request, case, said=said, verdict=done, matter=matter))

    def bring_back(self, request: Request) -> Answer:
        """*Bed om ny behandling*, by the answers as they stand now; taken back, the adjustment is asked about again."""
        form, case = request.form, request.meta["c"]
        said, matter = form.many("said"), form.one("matter") or WHOLE_PLAN
        verdict = self._office.adjustments.weigh(request.asked(once=False), said)
        if verdict is None:
            return Show(self._adjust_form(request, case, matter=matter))
        if verdict.kind == Kind.FRAME_CHANGE:
            return self._new_frame(request, case, matter, verdict)
        if verdict.kind == Kind.CASEWORKER_CHANGE:  # needs a name and a day
            facts = self._office.handovers.change_form(request.asked(once=False), case)
            return Show(
                handover_views.change_form(
                    request.texts, self._rules_now(request), facts, meta=meta(nonce(), c=case)
                )
            )
        return self._raised(request, case, verdict.kind, matter=matter, verdict=verdict)

    def _new_frame(self, request: Request, case: str, matter: str, verdict: Verdict) -> Answer:
        """A new frame needs its amount and purposes; without an open frame it is a change."""
        asked = request.asked(once=False)
        if self._office.cases.get(asked, case).left is None:
            return self._raised(request, case, Kind.CHANGE, matter=matter, verdict=verdict)
        held = {"reasons": list(verdict.reasons), "matter": matter}
        self._office.drafts.keep(asked, KEPT, case, held)
        form = self._office.frames.form(asked, case)
        ids = meta(nonce(), c=case, w="1")
        return Show(frame_views.new_form(request.texts, self._rules_now(request), form, meta=ids))

    # --- »Skal det i udvalget?« ---

    def helper(self, request: Request) -> Answer:
        return _on_top(request, self._helper(request))

    def helper_answer(self, request: Request) -> Answer:
        return Show(self._helper(request, said=request.form.many("said"), answered=True))

    def _helper(self, request: Request, *, said: tuple[str, ...] = (), answered: bool = False) -> Json:
        asked = request.asked(once=False)
        return adjust_views.helper(
            request.texts,
            self._rules_now(request),
            self._office.adjustments.adjustable(asked) if answered else [],
            meta=meta(nonce()),
            said=said,
            answered=answered,
            verdict=self._office.adjustments.weigh(asked, said) if answered else None,
        )

    def helper_goes_on(self, request: Request) -> Answer:
        """The case is chosen: its form, with the answers as they stand."""
        said, case = request.form.many("said"), request.form.one("case") or ""
        verdict = self._office.adjustments.weigh(request.asked(once=False), said)
        return Show(self._adjust_form(request, case, said=said, verdict=verdict))

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
