"""The desk for journal notes: shown to be copied, and ticked off."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.usecases import Office
from bot.usecases.notes import Note
from bot.usecases.ports import RulesBook
from bot.views import common
from bot.views import minutes as minutes_views
from bot.views import note as views
from bot.views.amendment import note_words
from handlers.answers import Answer, Open, Push, Show
from handlers.cases import nonce
from handlers.requests import Json, Request, meta


class NoteDesk:
    def __init__(self, office: Office, rules: RulesBook) -> None:
        self._office, self._rules = office, rules

    def table(self) -> dict[str, object]:
        return {
            "action:note.show": self.show,
            "action:note.case": self.of_case,
            "submit:note.mark": self.mark,
            "action:note.list": self.missing,
            "submit:note.list": self.tick,
        }

    def show(self, request: Request) -> Answer:
        note = self._office.notes.show(request.asked(once=False), int(request.value))
        return _on_top(
            request, self._form(request, note, in_a_row=request.view.get("callback_id") == "note.list")
        )

    def of_case(self, request: Request) -> Answer:
        note = self._office.notes.newest(request.asked(once=False), request.value)
        return _on_top(request, self._form(request, note))

    def mark(self, request: Request) -> Answer:
        """Ticked off; in a row the next one follows at once."""
        self._office.notes.mark(request.asked(), (int(request.meta["s"]),))
        left = self._office.notes.missing(request.asked(once=False))
        if left and request.meta.get("row"):
            note = self._office.notes.show(request.asked(once=False), left[0].seq)
            return Show(self._form(request, note, in_a_row=True), home=True)
        said = request.texts.say("journal", "marked" if left else "none_missing")
        return Show(common.told(said, request.texts), home=True)

    def missing(self, request: Request) -> Answer:
        return _on_top(request, self._list(request))

    def tick(self, request: Request) -> Answer:
        seqs = tuple(int(s) for s in request.form.many("done"))
        self._office.notes.mark(request.asked(), seqs)
        return Show(self._list(request), home=True)

    def _list(self, request: Request) -> Json:
        notes = self._office.notes.missing(request.asked(once=False))
        return views.missing(request.texts, notes, meta=meta(nonce()))

    def _form(self, request: Request, note: Note, *, in_a_row: bool = False) -> Json:
        ids = {"s": str(note.seq), **({"row": "1"} if in_a_row else {})}
        words = self._minutes(request, *note.minutes) if note.minutes else None
        return views.form(
            request.texts, self._rules_now(request), note, meta=meta(nonce(), **ids), words=words
        )

    def _minutes(self, request: Request, meeting: str, presentation: str) -> str:
        """As they stand, in the committee's language (D24)."""
        asked = request.asked(once=False)
        found = self._office.minutes.of_case(asked, meeting, presentation)
        words = request.texts.in_language(found.language)
        return note_words(minutes_views.case_minutes(words, self._rules.on(found.meeting.day), found))

    def _rules_now(self, request: Request) -> Rules:
        return self._rules.on(request.asked(once=False).today)


def _on_top(request: Request, view: Json) -> Answer:
    return Push(view) if request.in_modal else Open(view)
