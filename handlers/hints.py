"""The first command of each kind carries one line of help, then never again (A13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.usecases import Office
from bot.views.habits import HINT, with_hint
from handlers.answers import Answer, Open, Push, Say, Show
from handlers.requests import Json, Request

HINTS: dict[str, str] = {
    "command:/sag": "sag",
    "command:/henvis": "henvis",
    "command:/ramme": "ramme",
    "command:/opfolgning": "opfolgning",
    "command:/frist": "opfolgning",
    "command:/dagsorden": "dagsorden",
    "command:/indgang": "indgang",
}


def hinted(office: Office, key: str, desk: Any) -> Any:
    """The same desk (a table holds them untyped), whose first answer to a person says how the command is used best. A refusal says enough."""
    code = HINTS.get(key)
    if code is None:
        return desk

    def answered(request: Request) -> Answer:
        answer: Answer = desk(request)
        shown = _shown(answer)
        if shown is None or _has_hint(shown) or request.text.strip():
            return answer  # whoever writes more than the command knows how
        if not office.habits.first_time(request.asked(once=False), code):
            return answer
        with_it = with_hint(shown, request.texts, code)
        return replace(answer, **{"message" if isinstance(answer, Say) else "view": with_it})  # type: ignore[arg-type]

    return answered


def _shown(answer: Answer) -> Json | None:
    """The form or the words the answer shows; None where it shows nothing."""
    match answer:
        case Open(view=shown) | Push(view=shown) | Show(view=shown) | Say(message=shown):
            return shown
        case _:
            return None


def _has_hint(shown: Json) -> bool:
    blocks = shown.get("blocks")
    return isinstance(blocks, list) and bool(blocks) and blocks[0].get("block_id") == HINT
