"""A Home is drawn when the answer has left: one at a time for each person, and the newest last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import thread

import pytest

from bot.domain.people import Person
from handlers import afterwards
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
    homes = Afterwards(drawing, hands=2)
    homes.ask(MAJA)
    assert drawing.in_hand.wait(10)
    for _ in range(20):
        homes.ask(MAJA)
    homes.ask(JENS)
    drawing.may_end.set()
    homes.finish()
    assert sorted(drawing.begun) == ["UJENS", "UMAJA", "UMAJA"]


def test_nobody_waits_for_a_home_and_the_end_waits_for_all() -> None:
    drawing = Drawing()
    homes = Afterwards(drawing, hands=1)
    homes.ask(MAJA)
    homes.ask(JENS)
    assert len(drawing.begun) <= 1
    drawing.may_end.set()
    homes.finish()
    assert drawing.begun == ["UMAJA", "UJENS"]


def test_without_hands_it_is_drawn_at_once() -> None:
    drawn: list[str] = []
    Afterwards(lambda person: drawn.append(person.id), hands=0).ask(MAJA)
    assert drawn == ["UMAJA"]


def test_whoever_goes_on_in_forms_gets_the_last_home_and_not_each_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timers: list[Callable[[], None]] = []
    monkeypatch.setattr(afterwards, "Timer", lambda _seconds, do, given: _Held(timers, lambda: do(*given)))
    drawing = Drawing()
    drawing.may_end.set()
    homes = Afterwards(drawing, hands=1)
    homes.ask(MAJA, beneath=True)
    assert drawing.in_hand.wait(10)
    for _ in range(20):
        homes.ask(MAJA, beneath=True)
    assert (drawing.begun, len(timers)) == (["UMAJA"], 1)
    timers[0]()
    homes.ask(JENS, beneath=True)
    homes.finish()
    assert drawing.begun == ["UMAJA", "UMAJA", "UJENS"]


def test_whoever_looks_at_their_home_does_not_wait_and_the_end_draws_what_rests() -> None:
    drawing = Drawing()
    drawing.may_end.set()
    homes = Afterwards(drawing, hands=1)
    for person in (MAJA, JENS):
        drawing.in_hand.clear()
        homes.ask(person)
        assert drawing.in_hand.wait(10)
    for person in (MAJA, JENS):
        homes.ask(person, beneath=True)
    homes.ask(MAJA)
    homes.finish()
    assert drawing.begun == ["UMAJA", "UJENS", "UMAJA", "UJENS"]


def test_a_process_that_ends_while_a_home_rests_ends_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer went off, and before it could ask there was nobody to ask any more."""
    timers: list[Callable[[], None]] = []
    monkeypatch.setattr(afterwards, "Timer", lambda _seconds, do, given: _Held(timers, lambda: do(*given)))
    drawing = Drawing()
    drawing.may_end.set()
    homes = Afterwards(drawing, hands=1)
    homes.later(MAJA, 1.5)
    ask = homes.ask
    monkeypatch.setattr(homes, "ask", lambda person: (homes.finish(), ask(person)))
    timers[0]()
    homes.do(lambda: drawing(MAJA))
    assert drawing.begun == []


def test_a_process_that_ends_without_a_word_ends_in_silence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one does that could not begin: Python takes on nothing more, and a timer goes off meanwhile."""
    homes = Afterwards(Drawing(), hands=1)
    monkeypatch.setattr(thread, "_shutdown", True)
    homes._rested(MAJA)
    homes.ask(MAJA)


class _Held:
    """A timer that goes off when it is told to."""

    daemon = False

    def __init__(self, timers: list[Callable[[], None]], goes_off: Callable[[], None]) -> None:
        self._timers, self._goes_off = timers, goes_off

    def start(self) -> None:
        self._timers.append(self._goes_off)
