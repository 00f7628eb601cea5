"""What a desk may answer. A desk decides; only the dispatch table speaks to Slack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """`home` asks for the person's Home to be drawn anew; `redraw` maps other views' ids to how they look now."""

    home: bool = field(default=False, kw_only=True)
    redraw: dict[str, Json] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True)
class Nothing(Answer):
    """All is said already, or there is nothing to say. A submitted form closes."""


@dataclass(frozen=True)
class Open(Answer):
    """A form, on top of nothing."""

    view: Json


@dataclass(frozen=True)
class Push(Answer):
    """A form on top of the one that was pressed in."""

    view: Json


@dataclass(frozen=True)
class Show(Answer):
    """The same form as it looks now: its next step after a submit, or what a press unfolded."""

    view: Json


@dataclass(frozen=True)
class Errors(Answer):
    """Refusals on their fields; the form keeps what was typed."""

    by_field: dict[str, str]


@dataclass(frozen=True)
class CloseAll(Answer):
    """The whole stack of forms closes."""


@dataclass(frozen=True)
class Say(Answer):
    """A few words where the question was asked: only the person sees them."""

    message: Json
