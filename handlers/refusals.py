"""Where a refusal lands: on its field, in the answer to a command, beside a message, as a small modal from Home (D22)."""

from __future__ import annotations

from bot.domain.case import CaseNotFound
from bot.domain.errors import Refusal
from bot.domain.people import NoRole
from bot.texts import Said, Texts
from bot.views import common
from bot.views import help as help_views
from handlers.answers import Answer, Errors, Open, Push, Say, Show
from handlers.requests import Json, Request
from handlers.words import meant


def words(refusal: Refusal, texts: Texts) -> Said:
    return texts.say("refusal", refusal.text_key(), **{**_DEFAULTS, **refusal.facts})


_DEFAULTS: dict[str, object] = {"small": None, "other": None, "by": None, "at": None}
"""Facts a refusal may leave out."""


def place(refusal: Refusal, request: Request) -> Answer:
    said = words(refusal, request.texts)
    if request.kind == "submit":
        field = _field(request.view, refusal.field)
        return Errors({field: str(said)}) if field else Show(common.told(said, request.texts))
    if request.kind == "command" and isinstance(refusal, CaseNotFound):
        near = meant(request.name, request.text)
        if near:
            return Say(help_views.meant(request.texts, near, first=said))
    if isinstance(refusal, NoRole) and request.kind == "event":
        return Say(common.front_desk(said, request.texts))
    return aside(said, request)


def aside(said: Said, request: Request) -> Answer:
    """A sentence for somebody who pressed or typed."""
    if request.in_modal:
        return Push(common.told(said, request.texts))
    if request.in_home or request.kind == "shortcut":
        return Open(common.told(said, request.texts))
    return Say(common.sentence(said))


def _field(view: Json, wanted: str | None) -> str | None:
    """The block of the field at fault; the first input if the refusal names none that is here."""
    inputs = [str(b["block_id"]) for b in view.get("blocks", []) if b.get("type") == "input"]
    named = [b for b in inputs if b.split("~")[0] == wanted]
    near = [b for b in inputs if wanted and wanted.startswith(b.split("~")[0] + "_")]
    return next(iter(named or near or inputs), None)
