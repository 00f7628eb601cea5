"""A request from Slack as the desks read it: who, when, what was chosen, and the key that makes it once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.domain.people import Person
from bot.domain.text import visible
from bot.texts import Texts
from bot.usecases.ports import Asked
from handlers.keeping import kept_as

Json = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """What stands in a form's fields. A field's name is its block's id; what follows `~` only makes it fresh."""

    values: dict[str, Any]

    @classmethod
    def read(cls, view: Json) -> Form:
        values: dict[str, Any] = {}
        for block_id, elements in ((view.get("state") or {}).get("values") or {}).items():
            for element in elements.values():
                values[block_id.split("~")[0]] = _value(element)
        return cls(values)

    def text(self, name: str) -> str:
        return str(self.values.get(name) or "").strip()

    def one(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) and value else None

    def many(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def date(self, name: str) -> date | None:
        value = self.one(name)
        return date.fromisoformat(value) if value else None

    def time(self, name: str) -> time | None:
        value = self.one(name)
        return time.fromisoformat(value) if value else None


def _value(element: Json) -> Any:
    for one in ("selected_option",):
        if element.get(one):
            return element[one]["value"]
    if "selected_options" in element:
        return [o["value"] for o in element["selected_options"] or []]
    for key in ("selected_users", "selected_conversations", "selected_channels"):
        if key in element:
            return list(element[key] or [])
    for key in (
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_conversation",
        "selected_channel",
        "value",
    ):
        if element.get(key) is not None:
            return visible(element[key], multiline=True) if key == "value" else element[key]
    return None


@dataclass(frozen=True)
class Request:
    """One press, form, command or event. `name` is the command, callback id, action id or event type."""

    kind: str  # command | submit | close | action | options | shortcut | event
    name: str
    person: Person
    at: datetime
    texts: Texts
    payload: Json
    once: str | None
    text: str = ""
    value: str = ""
    form: Form = field(default_factory=lambda: Form({}))

    @property
    def surface(self) -> str:
        return f"{self.kind}:{self.name}"[:60]

    def asked(self, *, once: bool = True) -> Asked:
        """For a use case. `once=False` for what is only read."""
        draft = kept_as(self.view) if once and self.kind == "submit" else None
        return Asked(self.person, self.at, self.surface, self.once if once else None, draft)

    @property
    def sent_as(self) -> str | None:
        """The key that makes the form once, whatever is asked in it now."""
        return form_key(self.view) if self.in_modal else None

    @property
    def view(self) -> Json:
        return dict(self.payload.get("view") or {})

    @property
    def typed(self) -> dict[str, str]:
        """What the person wrote in a form's text fields; what stood there before, and stands there still, is not theirs."""
        found = {}
        for block in self.view.get("blocks", []):
            element = block.get("element") or {}
            if element.get("type") == "plain_text_input":
                name = str(block["block_id"]).split("~")[0]
                text = self.form.text(name)
                if text and text != visible(element.get("initial_value") or "", multiline=True):
                    found[name] = text
        return found

    @property
    def heard(self) -> str:
        """When Slack had the press, as it writes moments: the later is the greater."""
        return max((str(a.get("action_ts") or "") for a in self.payload.get("actions") or ()), default="")

    @property
    def is_letter(self) -> bool:
        """Something typed in a field that tells at every letter."""
        pressed = self.payload.get("actions") or ()
        return bool(pressed) and all(a.get("type") == "plain_text_input" for a in pressed)

    @property
    def in_modal(self) -> bool:
        return self.view.get("type") == "modal"

    @property
    def in_home(self) -> bool:
        return self.view.get("type") == "home"

    @property
    def channel(self) -> str:
        place = self.payload.get("channel") or {"id": (self.payload.get("event") or {}).get("channel")}
        return str(place.get("id") or (self.payload.get("container") or {}).get("channel_id") or "")

    @property
    def meta(self) -> dict[str, str]:
        """The opaque ids that went along with the view."""
        raw = self.view.get("private_metadata") or "{}"
        return dict(json.loads(raw))


def meta(nonce: str, **ids: str) -> str:
    """Private metadata holds opaque ids and the nonce that makes a form once; nothing else, ever."""
    return json.dumps({"n": nonce, **ids}, separators=(",", ":"))


def form_key(view: Json) -> str:
    """One form is sent once: the view's id, and the nonce that went along."""
    nonce = json.loads(view.get("private_metadata") or "{}").get("n") or view.get("hash", "")
    return f"vs:{view['id']}:{nonce}"
