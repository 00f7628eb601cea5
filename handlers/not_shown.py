"""What Slack did not show in time: whose Home is to say so, and from when it need not."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from bot.log import about_request
from bot.texts import Said, Texts
from bot.views import common

Json = dict[str, Any]

AGAIN = (2.0, 10.0, 60.0)
"""Seconds until a Home that met a fault which passes is drawn again; after the last it waits to be opened."""


def told(words: Texts, at: Any) -> Said:
    """When, and with the number of the request, so that whoever reads it later knows whether it is about now."""
    with about_request() as number:
        return words.say("common", "not_shown", at=at, number=common.public(number))


@dataclass
class NotShown:
    """By the person's id. Where a form came after all, the sentence is taken away again.

    A press may fail while a Home is on its way: its sentence waits for the next one.
    """

    _to_say: dict[str, Said] = field(default_factory=dict)
    _on_its_way: dict[str, Said | None] = field(default_factory=dict)
    _says: set[str] = field(default_factory=set)
    _tries: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, person: str, said: Said) -> None:
        with self._lock:
            self._to_say[person] = said

    def put_in(self, person: str, home: Json) -> None:
        with self._lock:
            said = self._on_its_way[person] = self._to_say.get(person)
        if said:
            home["blocks"][2:2] = common.line(said, "not_shown")

    def came_after_all(self, person: str) -> bool:
        """Whether their Home says otherwise, and must be drawn anew."""
        with self._lock:
            return self._to_say.pop(person, None) is not None or person in self._says

    def again(self, person: str) -> float:
        """Seconds until their Home is tried once more; 0: it has been tried often enough."""
        with self._lock:
            tries = self._tries.get(person, 0)
            self._tries[person] = tries + 1
        return AGAIN[tries] if tries < len(AGAIN) else 0.0

    def home_stands(self, person: str) -> None:
        """The newest Home is shown, or nothing would help it."""
        with self._lock:
            self._tries.pop(person, None)
            said = self._on_its_way.pop(person, None)
            if said is None:
                self._says.discard(person)
                return
            self._says.add(person)
            if self._to_say.get(person) is said:
                del self._to_say[person]
