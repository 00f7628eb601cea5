"""The desk for *Fortryd* beside what was just said: one press, and what was is again (D35)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.texts import Said
from bot.usecases import Office
from bot.views.agenda import answer, answer_aside
from bot.views.kit import Button
from handlers.answers import Answer, Open, Say, Show
from handlers.requests import Request

OF_A_CASE = (
    "ready",
    "proposal",
    "new_date",
    "date_wish",
    "frame_wish",
    "referral",
    "taken_off",
    "missing",
    "leader_conflict",
    "consent",
    "company",
    "after_closing",
)


class SecondThoughtDesk:
    def __init__(self, office: Office) -> None:
        self._thoughts, self._people = office.second_thoughts, office.people

    def table(self) -> dict[str, object]:
        return {
            "action:undo.mandates": self.mandates,
            "action:undo.tick": self.tick,
            "action:undo.stand_in": self.stand_in,
            "action:undo.roles": self.roles,
            **{f"action:undo.{name}": self._of_a_case(name) for name in OF_A_CASE},
        }

    def _of_a_case(self, name: str) -> Callable[[Request], Answer]:
        """One press, and the sentence of the same name about the case."""
        take_back = getattr(self._thoughts, name)

        def press(request: Request) -> Answer:
            case = take_back(request.asked(), request.value)
            return told(request, request.texts.say("undo", name, alias=case.alias))

        return press

    def mandates(self, request: Request) -> Answer:
        count = self._thoughts.mandates(request.asked(), request.value)
        return told(request, request.texts.say("undo", "mandates", count=count))

    def tick(self, request: Request) -> Answer:
        self._thoughts.tick(request.asked(), request.value)
        return told(request, request.texts.say("undo", "tick"))

    def stand_in(self, request: Request) -> Answer:
        meeting_id, _, absent = request.value.partition(":")
        meeting = self._thoughts.stand_in(request.asked(), meeting_id, absent)
        return told(request, request.texts.say("undo", "stand_in", day=meeting.day))

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
