"""Is it a name? Asked once where something was typed; sent again as it stands, it is none (D1)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import personal_data
from bot.domain.names import NameAsked, NameList, NameTyped
from bot.usecases.ports import Asked
from bot.usecases.tools import Tools, UseCases


class Names(UseCases):
    def __init__(self, tools: Tools, *, names: NameList) -> None:
        super().__init__(tools)
        self._names = names

    def ask(self, asked: Asked, form: str, typed: Mapping[str, str]) -> None:
        """Raises NameAsked on the first field that holds what may be a name and has not been confirmed.

        That it was confirmed is noted, never the word; the question is remembered as a keyed hash. What is refused
        anyway is not asked about.
        """
        for field, text in typed.items():
            found = self._names.found_in(text)
            if found and not personal_data.find(text):
                self._ask(asked, field, found, what=f"{asked.by.id}\0{form}\0{field}\0{text}")

    def refuse_search(self, text: str) -> None:
        """For words that found no case; whether there is one they do not say. Raises NameTyped."""
        if self._names.is_in(text):
            raise NameTyped

    def _ask(self, asked: Asked, field: str, found: tuple[str, ...], *, what: str) -> None:
        with self._open_work(asked) as work:
            is_new = work.first_time(f"is it a name?\0{what}")
            if not is_new and work.first_time(f"it is no name\0{what}"):
                work.note("name_denied")
        if is_new:
            raise NameAsked(field=field, names=found)
