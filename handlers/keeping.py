"""Which forms keep what is begun in them, and under which name (D37). All do, but those that say why not."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.usecases.frames import FORM
from bot.views.filling import fields

Json = dict[str, Any]

KEEP_NOTHING = {
    "session.item": "every press keeps the draft on the item itself, where another secretary finds it too",
    "case.find": "what somebody looked for is written down nowhere",
    "looks.show": "what somebody looked for is written down nowhere",
    "note.mark": "the text is there to be copied",
}
GO_ON = frozenset({"frame.pick", "referral.pick", "must.ask", "must.go_on"})
"""Sending these decides nothing; it opens the next form."""

_NOT_ABOUT = frozenset({"n", "v", "w", "d", "f"})
"""In the metadata, what says nothing of what the form is about: what makes it one, and the view beneath."""
_FIRST = "cpetgqa"
"""Case, item, entry, task ...: whatever is forgotten with a case stands before the meeting it was on."""
_NAMES = {"sick.choose": "sick.save", "adjust.raise": "adjust.save", "frame.use": FORM}
"""A form that becomes another as it is filled in; one whose desk keeps something else under its own name."""


def kept_as(view: Json) -> tuple[str, str] | None:
    """(form, what it is about); None for a form that keeps nothing, and for what is no form."""
    callback = str(view.get("callback_id") or "")
    if view.get("type") != "modal" or callback in KEEP_NOTHING or not view.get("submit") or not fields(view):
        return None
    about = json.loads(view.get("private_metadata") or "{}")
    return _NAMES.get(callback, callback), _subject({k: str(v) for k, v in about.items() if v})


def _subject(about: dict[str, str]) -> str:
    """The id it is forgotten with, and a mark of what else tells it from others, in forty letters (its column)."""
    order = sorted((k for k in about if k not in _NOT_ABOUT), key=lambda k: (_FIRST.find(k) % 99, k))
    first, *rest = [about[k] for k in order] or [""]
    mark = hashlib.sha256("\0".join(rest).encode()).hexdigest()[:11] if rest else ""
    return f"{first[:28]}:{mark}" if mark else first[:28]
