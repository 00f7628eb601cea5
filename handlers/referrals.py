"""The desk for referrals: asking, the leader's three answers, and their undoing."""

from __future__ import annotations

from bot.domain.case import CaseNotFound, Stage
from bot.domain.personal_data import refuse_personal_data
from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from bot.usecases.referrals import Wish
from bot.views import common, withdrawal
from bot.views import referral as views
from bot.views.kit import Surface
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import CaseDesk, nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told


class ReferralDesk:
    def __init__(self, office: Office, rules: RulesBook, cases: CaseDesk) -> None:
        self._office, self._rules, self._cases = office, rules, cases

    def table(self) -> dict[str, object]:
        return {
            "command:/henvis": self.command,
            "submit:referral.pick": self.picked,
            "action:referral.open": self.ask_form,
            "action:referral.request#urgent": self.unfolded,
            "action:referral.request#consent": self.unfolded,
            "submit:referral.request": self.request,
            "close:referral.request": self.closed,
            "action:referral.refer": self.refer_form,
            "action:referral.return": self.return_form,
            "action:referral.decline": self.decline_form,
            "submit:referral.refer": self.refer,
            "submit:referral.return": self.return_,
            "submit:referral.decline": self.decline,
            "action:referral.undo": self.undo,
            "action:referral.queue": self.queue,
            "action:referral.answer": self.answer_form,
            "submit:referral.answer": self.answer,
            "action:referral.withdraw": self.withdraw_form,
            "submit:referral.withdraw": self.withdraw,
            "action:doubt.raise": self.raise_doubt,
        }

    def command(self, request: Request) -> Answer:
        """A leader gets the queue, a caseworker the form: for the case named, or one to choose."""
        asked = request.asked(once=False)
        if request.text.strip():
            hits = self._office.cases.find(asked, request.text)
            if not hits:
                refuse_personal_data(request.text)
                self._office.names.refuse_search(request.text)
                raise CaseNotFound
            if len(hits) == 1:
                return Open(self._form(request, hits[0].id))
        if request.person.is_leader:
            page = views.queue(
                request.texts, self._office.referrals.waiting_for(asked), surface=Surface.EPHEMERAL
            )
            return Say(common.ephemeral(page, request.texts.say("referral", "title_queue")))
        unsent = [c for c in self._office.cases.mine(asked) if c.stage == Stage.REGISTERED]
        if not unsent:
            return self._cases.new(request)
        return Open(views.pick_case(request.texts, unsent, meta=meta(nonce())))

    def picked(self, request: Request) -> Answer:
        chosen = request.form.one("case")
        if chosen == "new" or chosen is None:
            return Show(self._cases._form(request.texts, request))  # noqa: SLF001 - the same form, one step later
        return Show(self._form(request, chosen))

    def ask_form(self, request: Request) -> Answer:
        view = self._form(request, request.value)
        return Push(view) if request.in_modal else Open(view)

    def _form(self, request: Request, case: str) -> Json:
        asked = request.asked(once=False)
        line = self._office.cases.get(asked, case)
        return views.request_form(request.texts, self._rules_now(request), line, meta=meta(nonce(), c=case))

    def closed(self, _request: Request) -> Answer:
        """Home shows what is not sent yet."""
        return Nothing(home=True)

    def unfolded(self, request: Request) -> Answer:
        line = self._office.cases.get(request.asked(once=False), request.meta["c"])
        form = request.form
        view = views.request_form(
            request.texts,
            self._rules_now(request),
            line,
            meta=str(request.view.get("private_metadata")),
            urgent=form.one("urgent") == "yes",
            consent=form.one("consent") == "yes",
        )
        return Show(view)

    def request(self, request: Request) -> Answer:
        form, case = request.form, request.meta["c"]
        wish = Wish(
            criteria=form.many("criteria"),
            questions=form.many("questions"),
            urgent=form.one("urgent") == "yes",
            urgent_reason=form.one("urgent_reason"),
            assessed_by=form.one("assessed_by"),
            consent=form.one("consent"),
            consent_on=form.date("consent_on"),
        )
        presentation = self._office.referrals.request(request.asked(), case, wish)
        line = self._office.cases.get(request.asked(once=False), case)
        return Show(views.sent(request.texts, line, presentation), home=True)

    def refer_form(self, request: Request) -> Answer:
        found = self._office.referrals.open(request.asked(once=False), request.value)
        return self._on_top(
            request,
            views.refer_form(
                request.texts, self._rules_now(request), found, meta=meta(nonce(), p=request.value)
            ),
        )

    def return_form(self, request: Request) -> Answer:
        found = self._office.referrals.open(request.asked(once=False), request.value)
        return self._on_top(
            request,
            views.return_form(
                request.texts, self._rules_now(request), found, meta=meta(nonce(), p=request.value)
            ),
        )

    def decline_form(self, request: Request) -> Answer:
        found = self._office.referrals.open(request.asked(once=False), request.value)
        ids = meta(nonce(), p=request.value)
        return self._on_top(
            request, views.decline_form(request.texts, self._rules_now(request), found, meta=ids)
        )

    def refer(self, request: Request) -> Answer:
        if "conflicted" in request.form.many("judged"):
            case = self._office.leader_conflicts.leave(request.asked(), request.meta["p"])
            said = request.texts.say("referral", "left_to_another", alias=case.alias)
            return told(request, said, ("undo.leader_conflict", request.meta["p"]))
        meeting = request.form.one("meeting")
        self._office.referrals.refer(
            request.asked(),
            request.meta["p"],
            collector=request.form.one("collector"),
            meeting_id=None if meeting == "none" else meeting,
            excluded="excluded" in request.form.many("judged"),
            exemption=request.form.one("exemption"),
        )
        return self._answered(request)

    def return_(self, request: Request) -> Answer:
        missing = request.form.many("missing")
        self._office.referrals.return_(request.asked(), request.meta["p"], missing=missing)
        return self._answered(request)

    def decline(self, request: Request) -> Answer:
        form = request.form
        self._office.referrals.decline(
            request.asked(),
            request.meta["p"],
            reason=form.one("reason"),
            area=form.one("area") or "",
            contact=form.one("contact") or "",
        )
        return self._answered(request)

    def _answered(self, request: Request) -> Answer:
        asked = request.asked(once=False)
        found = self._office.referrals.open(asked, request.meta["p"])
        left = len(self._office.referrals.waiting_for(asked))
        return Show(views.answered(request.texts, found, left=left), home=True)

    def undo(self, request: Request) -> Answer:
        self._office.referrals.undo(request.asked(), request.value)
        found = self._office.referrals.open(request.asked(once=False), request.value)
        said = request.texts.say("referral", "undone", alias=found.alias)
        if request.in_modal:
            return Show(common.told(said, request.texts), home=True)
        return Say(common.sentence(said), home=True)

    def queue(self, request: Request) -> Answer:
        waiting = self._office.referrals.waiting_for(request.asked(once=False))
        page = views.queue(request.texts, waiting, surface=Surface.MODAL)
        view = page.modal(
            title=request.texts.say("referral", "title_queue"),
            callback="referral.queue",
            close=request.texts.say("common", "close"),
        )
        return Show(view) if request.in_modal else Open(view)

    def answer_form(self, request: Request) -> Answer:
        found = self._office.referrals.open(request.asked(once=False), request.value)
        return self._on_top(
            request, views.answer_form(request.texts, found, meta=meta(nonce(), p=request.value))
        )

    def answer(self, request: Request) -> Answer:
        saved = self._office.referrals.answer_missing(
            request.asked(), request.meta["p"], answered=request.form.many("answered")
        )
        line = self._office.cases.get(request.asked(once=False), saved.case_id)
        said = request.texts.say("referral", "sent_again", alias=line.alias, answer_by=saved.answer_by)
        return Show(common.told(said, request.texts), home=True)

    def withdraw_form(self, request: Request) -> Answer:
        band = self._office.referrals.open(request.asked(once=False), request.value).band
        view = withdrawal.form(
            request.texts, self._rules_now(request), band=band, meta=meta(nonce(), p=request.value)
        )
        return self._on_top(request, view)

    def withdraw(self, request: Request) -> Answer:
        saved = self._office.referrals.withdraw(
            request.asked(), request.meta["p"], reason=request.form.one("reason")
        )
        line = self._office.cases.get(request.asked(once=False), saved.case_id)
        said = withdrawal.receipt(request.texts, saved, line)
        return Show(common.told(said, request.texts), home=True)

    def raise_doubt(self, request: Request) -> Answer:
        doubt = self._office.referrals.raise_doubt(request.asked(), request.value)
        line = self._office.cases.get(request.asked(once=False), doubt.case_id)
        said = request.texts.say("referral", "doubt_raised", alias=line.alias)
        return Show(common.told(said, request.texts), home=True)

    def _on_top(self, request: Request, view: Json) -> Answer:
        if request.view.get("callback_id") == "referral.queue":
            return Show(view)  # in its place: beneath, the list would go on showing what has been answered
        return Push(view) if request.in_modal else Open(view)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)
