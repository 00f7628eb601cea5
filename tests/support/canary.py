"""A town where everything people type is a mark found nowhere else, and a search for marks in every spelling.

The town lives through random flows (tests/support/walk*.py); besides, every button that anybody sees is pressed and
every form is filled with marks, through the border that Slack's requests come through. All that leaves is kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import quopri
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from handlers import table
from handlers.dispatch import Dispatch

Json = dict[str, Any]


# --- marks, and how they may be spelled ---


def mark(number: int) -> str:
    """Such as »Ørnæbqabc«: letters only, some of them Danish, in no word list and in no id."""
    letters = "bdfghjklmnprstvz"
    tail = "".join(letters[(number >> (4 * n)) % 16] for n in range(5))
    return f"Ørnæbq{tail}å"


MARKS = re.compile("ørnæbq[bdfghjklmnprstvz]{5}å", re.IGNORECASE)
PAD = "\x00\x00\x00"


def spellings(text: str) -> dict[str, bytes]:
    """The text as bytes in all the ways in which something is usually written down."""
    raw = text.encode()
    found = {
        "utf-8": raw,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": binascii.hexlify(raw),
        "HEX": binascii.hexlify(raw).upper(),
        "percent": quote(text).encode(),
        "xml": text.encode("ascii", "xmlcharrefreplace"),
        "json": json.dumps(text)[1:-1].encode(),
        "quoted-printable": quopri.encodestring(raw).strip(),
    }
    found["latin-1"] = text.encode("latin-1", "replace")
    for shift in range(3):
        coded = base64.b64encode(b"\x00" * shift + raw)
        first, last = -(-shift * 8 // 6) + (1 if shift else 0), len(coded) - 4
        found[f"base64+{shift}"] = coded[first:last]
    return found


def found_in(body: bytes, marks: Iterable[str]) -> set[tuple[str, str]]:
    """(mark, spelling) of everything that stands there. What the marks begin with together is looked for first."""
    hits: set[tuple[str, str]] = set()
    low = body.lower()
    for alike in _alike(marks):
        for spelling, stem in _stems(alike).items():
            if not _stands(stem, spelling, body, low):
                continue
            written = {text: spellings(text)[spelling] for text in alike}
            hits |= {(text, spelling) for text, w in written.items() if _stands(w, spelling, body, low)}
    return hits


def _alike(marks: Iterable[str]) -> Iterator[list[str]]:
    """Marks with the same beginning, so that one look rules them all out."""
    ordered = sorted(set(marks))
    for _, some in groupby(ordered, key=lambda text: text[:4]):
        yield list(some)


def _stems(alike: list[str]) -> dict[str, bytes]:
    every = [spellings(text) for text in alike]
    return {name: _beginning([written[name] for written in every]) for name in every[0]}


def _beginning(written: list[bytes]) -> bytes:
    """What all of them begin with: what the least and the greatest do."""
    least, greatest = min(written), max(written)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, greatest, strict=False))
    return least[: len(list(same))]


def _stands(written: bytes, spelling: str, body: bytes, low: bytes) -> bool:
    return written in body or (spelling in ("utf-8", "latin-1") and written.lower() in low)


# --- everybody presses everything ---


class OpenDoor:
    """Everybody in town is a full member of the workspace."""

    def __init__(self, town: Any) -> None:
        self._town = town

    def let_in(self, user: str, team: str, *, at: Any) -> Any:
        return self._town.office.people.known(user, at=at)

    def again(self, person: Any, *, at: Any) -> Any:
        return person


@dataclass
class Seen:
    """All that was told to Slack: the method, and what went along."""

    calls: list[tuple[str, Json]] = field(default_factory=list)

    def __getattr__(self, method: str) -> Any:
        def call(**said: Any) -> None:
            self.calls.append((method, said))

        return call

    def views(self, since: int) -> list[Json]:
        return [said["view"] for _, said in self.calls[since:] if "view" in said]


class Fingers:
    """Presses what is seen and fills in what can be filled in, as one person after another."""

    def __init__(self, town: Any, chance: random.Random) -> None:
        self._town, self._chance, self._count = town, chance, 0
        self.seen = Seen()
        house = town.house
        self._border = Dispatch(
            table(house.office, house.rules, None),  # type: ignore[arg-type]
            door=OpenDoor(town),  # type: ignore[arg-type]
            client=self.seen,  # type: ignore[arg-type]
            now=lambda: town.clock.at,
            draw_home=house.draw_home,
            note_refused=house.office.looks.note_refused,
            ask_names=house.office.names.ask,
            drafts=house.office.drafts,
        )
        self.typed_in: dict[str, str] = {}  # each mark, and the form and field or the command it was typed in
        self.tried: set[str] = set()
        self.answers: list[Json] = []

    def hears(self, kind: str, body: Json) -> list[Json]:
        """What is shown in answer."""
        before, acks = len(self.seen.calls), []
        self._border._hear(kind, body, lambda *_, **said: acks.append(said))
        self.answers += acks
        return self.seen.views(before) + [a["view"] for a in acks if "view" in a]

    @property
    def typed(self) -> list[str]:
        return list(self.typed_in)

    def fresh(self, where: str = "typed") -> str:
        self._count += 1
        self.typed_in[mark(self._count)] = where
        return mark(self._count)

    def opens_home(self, person: str) -> Json:
        event = {"type": "app_home_opened", "user": person, "tab": "home"}
        shown = self.hears("event", {"event": event, "event_id": self._once(), **_who(person)})
        return shown[-1] if shown else {}

    def types(self, person: str, command: str, text: str) -> list[Json]:
        body = {
            "command": command,
            "text": text,
            "user_id": person,
            "trigger_id": self._once(),
            **_who(person),
        }
        return self.hears("command", body)

    def writes(self, person: str, text: str) -> list[Json]:
        event = {
            "type": "message",
            "channel_type": "im",
            "user": person,
            "text": text,
            "channel": f"D{person[1:]}",
        }
        return self.hears(
            "event", {"event": {**event, "ts": "1794811800.1"}, "event_id": self._once(), **_who(person)}
        )

    def wanders(self, person: str, view: Json, *, presses: int) -> None:
        """From one view: a button, the form it opens filled in and sent, and on."""
        for _ in range(presses):
            pressed = list(_buttons(view))
            if not pressed:
                return
            new = [p for p in pressed if p[1]["action_id"] not in self.tried]
            block, element, value = self._chance.choice(new or pressed)
            self.tried.add(element["action_id"])
            forms = _forms(self.presses(person, view, block, element, value))
            for _ in range(MOST_FORMS):
                if not forms:
                    break
                view = {**forms[-1], "id": "V1"}
                if not view.get("submit"):
                    break
                self.tried.add(f"submit:{view.get('callback_id')}")
                forms = _forms(self.submits(person, view))
            if not any(_buttons(view)):
                view = self.opens_home(person)

    def presses(self, person: str, view: Json, block: Json, element: Json, value: str) -> list[Json]:
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        action |= {"value": value, "action_ts": self._once()}
        body = {"actions": [action], "trigger_id": self._once(), "view": {"id": "V1", **view}, **_who(person)}
        return self.hears("action", body)

    def submits(self, person: str, view: Json) -> list[Json]:
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: self._filled(
                    block["element"], f"{view.get('callback_id')}#{block['block_id'].split('~')[0]}"
                )
            }
            for block in view["blocks"]
            if block["type"] == "input"
        }
        return self.hears("submit", {"view": {**view, "state": {"values": values}}, **_who(person)})

    def _filled(self, element: Json, where: str) -> Json:
        kind = element["type"]
        options = element.get("options") or []
        match kind:
            case "plain_text_input":
                return {"type": kind, "value": self._text(int(element.get("max_length") or 100), where)}
            case "radio_buttons" | "static_select":
                return {"type": kind, "selected_option": self._chance.choice(options) if options else None}
            case "checkboxes" | "multi_static_select":
                return {"type": kind, "selected_options": self._chance.sample(options, min(2, len(options)))}
            case "datepicker":
                return {"type": kind, "selected_date": self._town.today.isoformat()}
            case "timepicker":
                return {"type": kind, "selected_time": "09:00"}
            case "users_select":
                return {"type": kind, "selected_user": "U0ALI00001"}
            case "multi_users_select":
                return {"type": kind, "selected_users": ["U0ALI00001"]}
            case "conversations_select":
                return {"type": kind, "selected_conversation": "C0OPEN0001"}
            case _:
                return {"type": kind}

    def _text(self, most: int, where: str) -> str:
        said = self.fresh(where)
        return f"Vi ser på {said} i morgen"[:most] if most > 40 else said[:most]

    def _once(self) -> str:
        self._count += 1
        return f"once{self._count}"


MOST_FORMS = 4
"""One form leads to the next; none of them for ever."""


def _forms(shown: list[Json]) -> list[Json]:
    return [view for view in shown if view.get("type") == "modal"]


def _who(person: str) -> Json:
    return {"user": {"id": person, "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}}


def _buttons(view: Json) -> Iterator[tuple[Json, Json, str]]:
    for block in view.get("blocks", []):
        held = block.get("elements", []) if block["type"] == "actions" else [block.get("accessory") or {}]
        for element in held:
            if element.get("type") == "button":
                yield block, element, element.get("value", "")
            for option in element.get("options", ()) if element.get("type") == "overflow" else ():
                yield block, element, option["value"]


# --- what goes along unseen, and what a lock screen shows ---


def unseen(part: Any) -> Iterator[str]:
    """Values, metadata and ids in a payload."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in (
                "value",
                "private_metadata",
                "block_id",
                "action_id",
                "callback_id",
                "external_id",
                "metadata",
            ):
                if isinstance(value, str):
                    yield value
                else:
                    yield json.dumps(value)
            else:
                yield from unseen(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from unseen(one)


def files_under(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes; its name is searched with it."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()
