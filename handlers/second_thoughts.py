"""The desk for *Fortryd* beside what was just said: one press, and what was is again (D35)."""

from __future__ import annotations

from datetime import datetime

from bot.texts import Said
from bot.usecases import Office
from bot.views.agenda import answer, answer_aside
from bot.views.kit import Button
from handlers.answers import Answer, Open, Say, Show
from handlers.requests import Request


class SecondThoughtDesk:
    def __init__(self, office: Office) -> None:
        self._thoughts, self._people = office.second_thoughts, office.people

    def table(self) -> dict[str, object]:
        return {
            "action:undo.ready": self.ready,
            "action:undo.proposal": self.proposal,
            "action:undo.mandates": self.mandates,
            "action:undo.tick": self.tick,
            "action:undo.new_date": self.new_date,
            "action:undo.stand_in": self.stand_in,
            "action:undo.date_wish": self.date_wish,
            "action:undo.frame_wish": self.frame_wish,
            "action:undo.referral": self.referral,
            "action:undo.roles": self.roles,
        }

    def ready(self, request: Request) -> Answer:
        case = self._thoughts.ready(request.asked(), request.value)
        return told(request, request.texts.say("undo", "ready", alias=case.alias))

    def proposal(self, request: Request) -> Answer:
        case = self._thoughts.proposal(request.asked(), request.value)
        return told(request, request.texts.say("undo", "proposal", alias=case.alias))

    def mandates(self, request: Request) -> Answer:
        count = self._thoughts.mandates(request.asked(), request.value)
        return told(request, request.texts.say("undo", "mandates", count=count))

    def tick(self, request: Request) -> Answer:
        self._thoughts.tick(request.asked(), request.value)
        return told(request, request.texts.say("undo", "tick"))

    def new_date(self, request: Request) -> Answer:
        case = self._thoughts.new_date(request.asked(), request.value)
        return told(request, request.texts.say("undo", "new_date", alias=case.alias))

    def stand_in(self, request: Request) -> Answer:
        meeting_id, _, absent = request.value.partition(":")
        meeting = self._thoughts.stand_in(request.asked(), meeting_id, absent)
        return told(request, request.texts.say("undo", "stand_in", day=meeting.day))

    def date_wish(self, request: Request) -> Answer:
        case = self._thoughts.date_wish(request.asked(), request.value)
        return told(request, request.texts.say("undo", "date_wish", alias=case.alias))

    def frame_wish(self, request: Request) -> Answer:
        case = self._thoughts.frame_wish(request.asked(), request.value)
        return told(request, request.texts.say("undo", "frame_wish", alias=case.alias))

    def referral(self, request: Request) -> Answer:
        case = self._thoughts.referral(request.asked(), request.value)
        return told(request, request.texts.say("undo", "referral", alias=case.alias))

    def roles(self, request: Request) -> Answer:
        count = self._people.undo_posts(request.asked(), datetime.fromisoformat(request.value))
        return told(request, request.texts.say("undo", "roles", count=count))


def told(request: Request, said: Said, undo: tuple[str, str] | None = None) -> Answer:
    """What came of a press where it was pressed, with *Fortryd* (action, value) where it can be taken back."""
    button = Button(request.texts.say("common", "undo"), *undo) if undo else None
    if request.in_modal or request.kind == "submit":
        return Show(answer(said, request.texts, undo=button), home=True)
    if request.in_home or request.kind == "command":
        return Open(answer(said, request.texts, undo=button), home=True)
    return Say(answer_aside(said, undo=button), home=True)
