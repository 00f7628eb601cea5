"""The desk for cases: `/sag`, the form that makes one, its page, its number."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.domain.case import AgeBand
from bot.domain.marks import Mark
from bot.domain.rules import Rules
from bot.texts import Texts
from bot.usecases import Office
from bot.usecases.cases import own_areas
from bot.usecases.ports import RulesBook
from bot.views import case as views
from bot.views import common, withdrawal
from bot.views import referral as referral_views
from bot.views.emergency import form as emergency_form
from bot.views.kit import Surface
from handlers.answers import Answer, Open, Push, Say, Show
from handlers.requests import Json, Request, meta
from handlers.words import ADJUST, EMERGENCY, FIND, MINE, MUST, NEW, first_word

NEW_FORM = "case.new"


def nonce() -> str:
    """What makes one form one form, however often it is sent."""
    return secrets.token_hex(12)


class CaseDesk:
    """`adjust` and `must` answer for what the plan's desk knows (`/sag juster`, `/sag skal det i udvalget`)."""

    def __init__(
        self,
        office: Office,
        rules: RulesBook,
        *,
        adjust: Callable[[Request, str], Answer],
        must: Callable[[Request], Answer],
    ) -> None:
        self._office, self._rules, self._adjust, self._must = office, rules, adjust, must

    def table(self) -> dict[str, object]:
        return {
            "command:/sag": self.command,
            "shortcut:case_new": self.new,
            "action:case.new": self.new,
            "action:alias.more": self.more_aliases,
            "submit:case.new": self.register,
            "action:case.open": self.open,
            "action:case.find": self.find_form,
            "submit:case.find": self.find,
            "action:case.number": self.number,
            "action:case.system": self.number,  # the link is as telling as the number: the same look, journaled
            "action:case.history": self.history,
            "action:case.reference": self.reference_form,
            "submit:case.reference": self.add_reference,
            "action:case.undo": self.undo_form,
            "submit:case.undo": self.undo,
            "action:case.mine": self.all_mine,
            "action:mark.open": self.mark_form,
            "submit:mark.set": self.mark,
        }

    def command(self, request: Request) -> Answer:
        """`/sag` shows mine, `/sag ny` makes one, `/sag juster` adjusts, anything else finds."""
        word, rest = first_word(request.text)
        if word in NEW:
            return self.new(request)
        if word in ADJUST:
            return self._adjust(request, rest)
        if word in EMERGENCY:
            return Open(emergency_form(request.texts, meta=meta(nonce())))
        if word in MUST or " ".join((word, *rest.casefold().split()[:1])) in MUST:
            return self._must(request)
        if not word or word in MINE:
            return self._mine(request)
        return self._found(request, rest if word in FIND else request.text)

    def new(self, request: Request) -> Answer:
        return Open(self._form(request.texts, request))

    def _form(
        self, texts: Texts, request: Request, *, fresh: str = "", held: dict[str, str] | None = None
    ) -> Json:
        asked = request.asked(once=False)
        begun = None if fresh else self._office.drafts.begun(asked, (NEW_FORM, ""))
        alias = str(begun.answers.get("alias", "")) if begun else ""
        return views.new_form(
            texts,
            self._rules_now(request),
            self._office.cases.alias_choices(asked, also=alias),
            meta=meta(nonce()),
            areas=own_areas(request.person),
            fresh=fresh,
            held=held,
        )

    def more_aliases(self, request: Request) -> Answer:
        held = {k: v for k, v in request.form.values.items() if isinstance(v, str)}
        return Show(self._form(request.texts, request, fresh=nonce()[:4], held=held))

    def register(self, request: Request) -> Answer:
        form = request.form
        case = self._office.cases.register(
            request.asked(),
            reference=form.text("reference"),
            band=AgeBand(form.one("band") or AgeBand.YOUTH),
            alias=self._office.cases.word_of(form.text("alias")),
            area=form.one("area"),
        )
        line = self._office.cases.get(request.asked(once=False), case.id)
        view = referral_views.request_form(
            request.texts, self._rules_now(request), line, meta=meta(nonce(), c=case.id), just_created=True
        )
        return Show(view, home=True)

    def open(self, request: Request) -> Answer:
        view = self.page(request, request.value)
        return Push(view) if request.in_modal else Open(view)

    def page(self, request: Request, case: str) -> Json:
        found = self._office.cases.show(request.asked(once=False), case)
        return views.page(
            request.texts,
            self._rules_now(request),
            found,
            meta=meta(nonce(), c=case),
            actions=views.actions(request.texts, found),
        )

    def find_form(self, request: Request) -> Answer:
        from bot.views.find import form

        return Open(form(request.texts, meta=meta(nonce())))

    def find(self, request: Request) -> Answer:
        hits = self._office.cases.find(request.asked(once=False), request.form.text("text"))
        if len(hits) == 1:
            return Show(self.page(request, hits[0].id))
        page = views.found(request.texts, hits, surface=Surface.MODAL)
        return Show(
            page.modal(
                title=request.texts.say("case", "title_find"),
                callback="case.found",
                close=request.texts.say("common", "close"),
            )
        )

    def _found(self, request: Request, text: str) -> Answer:
        """One hit opens; several are a list with buttons."""
        from bot.domain.case import CaseNotFound
        from bot.domain.personal_data import refuse_personal_data

        hits = self._office.cases.find(request.asked(once=False), text)
        if not hits:
            refuse_personal_data(text)
            self._office.names.refuse_search(text)
            raise CaseNotFound
        if len(hits) == 1:
            return Open(self.page(request, hits[0].id))
        page = views.found(request.texts, hits, surface=Surface.EPHEMERAL)
        return Say(common.ephemeral(page, request.texts.say("case", "found_many", count=len(hits))))

    def _mine(self, request: Request) -> Answer:
        mine = self._office.cases.mine(request.asked(once=False))
        page = views.mine(request.texts, mine, surface=Surface.EPHEMERAL)
        return Say(common.ephemeral(page, request.texts.say("common", "title")))

    def all_mine(self, request: Request) -> Answer:
        mine = self._office.cases.mine(request.asked(once=False))
        page = views.mine(request.texts, mine, surface=Surface.MODAL)
        title, close = request.texts.say("home", "cases_title"), request.texts.say("common", "close")
        return Open(page.modal(title=title, callback="case.mine", close=close))

    def number(self, request: Request) -> Answer:
        found = self._office.cases.show_number(request.asked(once=False), request.value)
        view = views.number(request.texts, self._rules_now(request), found)
        return Push(view) if request.in_modal else Open(view)

    def history(self, request: Request) -> Answer:
        """The whole way of the case, however long: a look, like opening it (D21)."""
        found = self._office.cases.show(request.asked(once=False), request.value)
        view = views.history(request.texts, self._rules_now(request), found)
        return Push(view) if request.in_modal else Open(view)

    def reference_form(self, request: Request) -> Answer:
        areas = own_areas(request.person)
        ids = meta(nonce(), c=request.value, v=str(request.view.get("id", "")))
        return Push(views.reference_form(request.texts, self._rules_now(request), areas=areas, meta=ids))

    def add_reference(self, request: Request) -> Answer:
        case = request.meta["c"]
        form = request.form
        self._office.cases.add_reference(
            request.asked(), case, area=form.one("area") or "", text=form.text("reference")
        )
        from handlers.answers import Nothing

        return Nothing(home=True, redraw={request.meta["v"]: self.page(request, case)})

    def mark_form(self, request: Request) -> Answer:
        case = self._office.cases.get(request.asked(once=False), request.value)
        ids = meta(nonce(), c=request.value, v=str(request.view.get("id", "")))
        return Push(views.mark_form(request.texts, case, meta=ids))

    def mark(self, request: Request) -> Answer:
        from handlers.answers import Nothing

        case, chosen = request.meta["c"], request.form.one("mark")
        mark = Mark(chosen) if chosen in set(Mark) else None
        self._office.habits.mark(request.asked(), case, mark)
        return Nothing(home=True, redraw={request.meta["v"]: self.page(request, case)})

    def undo_form(self, request: Request) -> Answer:
        view = withdrawal.cancel_form(
            request.texts, self._rules_now(request), meta=meta(nonce(), c=request.value)
        )
        return Push(view) if request.in_modal else Open(view)

    def undo(self, request: Request) -> Answer:
        case = self._office.cases.cancel(
            request.asked(), request.meta["c"], reason=request.form.one("reason")
        )
        said = request.texts.say("case", "cancelled", alias=case.alias, key=case.key)
        return Show(common.told(said, request.texts), home=True)

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)
