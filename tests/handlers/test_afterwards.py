"""A Home is drawn when the answer has left: one at a time for each person, and the newest last."""

from __future__ import annotations

import threading

from bot.domain.people import Person
from handlers.afterwards import Afterwards

MAJA, JENS = Person("UMAJA", "T1", "Maja"), Person("UJENS", "T1", "Jens")


class Drawing:
    """Draws slowly, and writes down for whom."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Event()
        self.in_hand = threading.Event()

    def __call__(self, person: Person) -> None:
        self.begun.append(person.id)
        self.in_hand.set()
        self.may_end.wait(10)


def test_what_is_asked_for_while_it_is_drawn_is_one_drawing_more() -> None:
    drawing = Drawing()
    afterwards = Afterwards(drawing, hands=2)
    afterwards.ask(MAJA)
    assert drawing.in_hand.wait(10)
    for _ in range(20):
        afterwards.ask(MAJA)
    afterwards.ask(JENS)
    drawing.may_end.set()
    afterwards.finish()
    assert sorted(drawing.begun) == ["UJENS", "UMAJA", "UMAJA"]


def test_nobody_waits_for_a_home_and_the_end_waits_for_all() -> None:
    drawing = Drawing()
    afterwards = Afterwards(drawing, hands=1)
    afterwards.ask(MAJA)
    afterwards.ask(JENS)
    assert len(drawing.begun) <= 1
    drawing.may_end.set()
    afterwards.finish()
    assert drawing.begun == ["UMAJA", "UJENS"]


def test_without_hands_it_is_drawn_at_once() -> None:
    drawn: list[str] = []
    Afterwards(lambda person: drawn.append(person.id), hands=0).ask(MAJA)
    assert drawn == ["UMAJA"]
