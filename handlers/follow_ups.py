"""The desk for follow-ups: `/opfolgning` and `/frist`, the four questions, another date, and tomorrow's reminder."""

from __future__ import annotations

from bot.domain.case import CaseNotFound
from bot.domain.personal_data import refuse_personal_data
from bot.usecases import Office
from bot.usecases.follow_ups import Answers, FollowUp
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import follow_up as views
from handlers import refusals
from handlers.answers import Answer, Nothing, Open, Push, Say, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta
from handlers.second_thoughts import told
from handlers.words import MINE


class FollowUpDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "command:/opfolgning": self.command,
            "command:/frist": self.command,
            "action:follow_up.open": self.open,
            "action:follow_up.ready#outcome": self.unfolded,
            "submit:follow_up.ready": self.prepare,
            "action:follow_up.move": self.move_form,
            "submit:follow_up.move": self.ask_new_date,
            "action:follow_up.tomorrow": self.tomorrow,
            "action:follow_up.give.0": self.give,
            "action:follow_up.give.1": self.give,
            "action:follow_up.give.2": self.give,
        }

    def command(self, request: Request) -> Answer:
        """The list of mine; for one case named, its four questions at once."""
        asked, text = request.asked(once=False), request.text.strip()
        mine = self._office.follow_ups.mine(asked)
        if text and text.casefold() not in MINE:
            mine = self._named(request, mine)
            if len(mine) == 1:
                return self.form(request, mine[0].presentation.id)
        page = views.mine(request.texts, mine)
        return Say(common.ephemeral(page, request.texts.say("follow_up", "mine_title")))

    def _named(self, request: Request, mine: list[FollowUp]) -> list[FollowUp]:
        hits = {c.id for c in self._office.cases.find(request.asked(once=False), request.text)}
        if not hits:
            refuse_personal_data(request.text)
            self._office.names.refuse_search(request.text)
            raise CaseNotFound
        return [f for f in mine if f.case_id in hits]

    def open(self, request: Request) -> Answer:
        return self.form(request, request.value)

    def form(self, request: Request, presentation_id: str) -> Answer:
        """*Gør opfølgning klar*."""
        asked = request.asked(once=False)
        found = self._office.follow_ups.open(asked, presentation_id)
        view = views.ready_form(
            request.texts,
            self._rules.on(asked.today),
            found,
            meta=meta(nonce(), p=presentation_id),
        )
        return _on_top(request, view)

    def unfolded(self, request: Request) -> Answer:
        """*Afslut* asks by which criterion instead of when to meet again."""
        asked, presentation = request.asked(once=False), request.meta["p"]
        held = _words(request.form.values)
        found = self._office.follow_ups.open(asked, presentation)
        ids = str(request.view.get("private_metadata"))
        return Show(views.ready_form(request.texts, self._rules.on(asked.today), found, meta=ids, held=held))

    def prepare(self, request: Request) -> Answer:
        form = request.form
        progress = {
            name.removeprefix("progress_"): str(value)
            for name, value in form.values.items()
            if name.startswith("progress_") and value
        }
        answers = Answers(
            progress=progress,
            outcome=form.one("outcome") or "",
            closing=form.one("closing"),
            own_view=form.one("own_view") or "not_yet",
            next_meeting=form.one("next"),
        )
        done = self._office.follow_ups.prepare(request.asked(), request.meta["p"], answers)
        return Show(views.done(request.texts, done), home=True)

    def move_form(self, request: Request) -> Answer:
        found = self._office.follow_ups.open(request.asked(once=False), request.value)
        view = views.move_form(
            request.texts,
            self._rules.on(request.asked(once=False).today),
            found,
            meta=meta(nonce(), p=request.value),
        )
        return _on_top(request, view)

    def ask_new_date(self, request: Request) -> Answer:
        form, presentation = request.form, request.meta["p"]
        wished = form.one("meeting") or ""
        days = dict(self._office.follow_ups.open(request.asked(once=False), presentation).move_choices)
        done = self._office.follow_ups.ask_new_date(
            request.asked(), presentation, meeting_id=wished, reason=form.one("reason") or "other"
        )
        said = request.texts.say("follow_up", "asked", alias=done.alias, wished=days[wished])
        return told(request, said, ("undo.date_wish", presentation))

    def give(self, request: Request) -> Answer:
        """The secretary's answer: one of the next meetings."""
        presentation, _, meeting = request.value.partition(":")
        done = self._office.follow_ups.answer_new_date(request.asked(), presentation, meeting)
        said = request.texts.say("follow_up", "given", alias=done.alias, day=done.day)
        return told(request, said, ("undo.new_date", presentation))

    def tomorrow(self, request: Request) -> Answer:
        done = self._office.follow_ups.snooze(request.asked(), request.value)
        if request.in_home:
            return Nothing(home=True)
        said = refusals.aside(request.texts.say("follow_up", "snoozed", alias=done.alias), request)
        return Say(said.message, home=True) if isinstance(said, Say) else said


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)


def _words(values: dict[str, object]) -> dict[str, str]:
    return {name: value for name, value in values.items() if isinstance(value, str) and value}
