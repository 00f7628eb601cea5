"""The desk for *Vurdér forankring*: a proposal that follows the answers, and the assessor's own decision."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.views import anchoring as views
from bot.views import common
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class AnchoringDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:anchor.open": self.open,
            "action:anchor.assess#facts": self.answered,
            "submit:anchor.assess": self.assess,
        }

    def open(self, request: Request) -> Answer:
        view = self._form(request, request.value, ids=meta(nonce(), c=request.value))
        return Push(view) if request.in_modal else Open(view)

    def answered(self, request: Request) -> Answer:
        """Another answer, another proposal; what was chosen before gives way to it."""
        ids = str(request.view.get("private_metadata"))
        return Show(self._form(request, request.meta["c"], ids=ids, fresh=nonce()[:4]))

    def assess(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        saved = self._office.anchorings.assess(
            request.asked(),
            case,
            chosen=form.many("facts"),
            area=form.one("area") or "",
            reason=form.one("reason"),
        )
        said = views.assessed(request.texts, self._rules_now(request), saved)
        return Show(common.told(said, request.texts), home=True)

    def _form(self, request: Request, case: str, *, ids: str, fresh: str = "") -> Json:
        facts = self._office.anchorings.form(request.asked(once=False), case, request.form.many("facts"))
        return views.form(request.texts, self._rules_now(request), facts, meta=ids, fresh=fresh)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)
