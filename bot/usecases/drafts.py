"""What a person had begun to fill in, kept at each choice and dropped when it is sent (D37)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import personal_data
from bot.domain.names import NameList
from bot.usecases.ports import Asked
from bot.usecases.tools import Tools, UseCases

FRESH, HEARD = "~fresh", "~heard"
"""Beside the answers: what stood in the fields before anything was begun, and when Slack had the newest choice. No
field is called so.
"""


@dataclass(frozen=True)
class Begun:
    """A form half filled in: the answers that differ from what it proposed, what that was, and when."""

    answers: dict[str, Any]
    fresh: dict[str, Any]
    at: datetime


class Drafts(UseCases):
    def __init__(self, tools: Tools, *, names: NameList) -> None:
        super().__init__(tools)
        self._names = names

    # --- whole forms ---

    def keep_form(
        self,
        asked: Asked,
        draft: tuple[str, str],
        answers: Mapping[str, Any],
        *,
        shown: Mapping[str, Any],
        written: frozenset[str],
        sent_as: str | None,
        heard: str = "",
    ) -> None:
        """The answers that differ from what stood there; with none that do, nothing is kept.

        `shown`: what the form was shown with; `written`: its fields of free text, where what would be refused or asked
        about is left out, as it is nobody's until it is answered (D12); `sent_as`: the key under which the form would
        have been sent, and `heard`, when Slack had the choice: one that is heard late brings back neither what is done nor
        what has been chosen anew.
        """
        with self._open_work(at=asked.at) as work:
            work.people.find(
                asked.by.id, lock=True
            )  # one after the other: what is kept is looked at, and written then
            if sent_as and work.has_handled(sent_as):
                return
            kept = work.drafts.kept(asked.by.id, *draft)
            if kept and heard and heard < kept[0].get(HEARD, ""):
                return
            before = _begun(kept)
            fresh = {**shown, **(before.fresh if before else {})}
            changed = {
                name: value
                for name, value in answers.items()
                if value != fresh.get(name) and not (name in written and self._is_nobodys(value))
            }
            if changed:
                held = {**changed, FRESH: fresh, HEARD: heard or (kept[0].get(HEARD, "") if kept else "")}
                work.drafts.keep(asked.by.id, *draft, held, asked.at)
            elif before:
                work.drafts.drop(asked.by.id, *draft)

    def _is_nobodys(self, text: Any) -> bool:
        return bool(text) and bool(personal_data.find(text) or self._names.found_in(text))

    def begun(self, asked: Asked, draft: tuple[str, str]) -> Begun | None:
        with self._open_reading(at=asked.at) as work:
            return _begun(work.drafts.kept(asked.by.id, *draft))

    # --- what a desk keeps for itself ---

    def keep(self, asked: Asked, form: str, subject: str, held: dict[str, Any]) -> None:
        with self._open_work(at=asked.at) as work:
            work.drafts.keep(asked.by.id, form, subject, held, asked.at)

    def held(self, asked: Asked, form: str, subject: str) -> dict[str, Any] | None:
        with self._open_reading(at=asked.at) as work:
            return work.drafts.held(asked.by.id, form, subject)

    def drop(self, asked: Asked, form: str, subject: str) -> None:
        with self._open_work(at=asked.at) as work:
            work.drafts.drop(asked.by.id, form, subject)


def _begun(kept: tuple[dict[str, Any], datetime] | None) -> Begun | None:
    if kept is None:
        return None
    answers, at = kept
    own = {name: value for name, value in answers.items() if name not in (FRESH, HEARD)}
    return Begun(own, dict(answers.get(FRESH, {})), at)
