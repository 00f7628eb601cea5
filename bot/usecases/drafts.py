"""What a person had begun to fill in, kept at each choice and dropped when it is sent (D37)."""

from __future__ import annotations

from typing import Any

from bot.usecases.ports import Asked
from bot.usecases.tools import UseCases


class Drafts(UseCases):
    def keep(self, asked: Asked, form: str, subject: str, held: dict[str, Any]) -> None:
        with self._open_work(at=asked.at) as work:
            work.drafts.keep(asked.by.id, form, subject, held, asked.at)

    def held(self, asked: Asked, form: str, subject: str) -> dict[str, Any] | None:
        with self._open_reading(at=asked.at) as work:
            return work.drafts.held(asked.by.id, form, subject)

    def drop(self, asked: Asked, form: str, subject: str) -> None:
        with self._open_work(at=asked.at) as work:
            work.drafts.drop(asked.by.id, form, subject)
