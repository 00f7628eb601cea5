"""One person's Slack, in front of the border: forms stand in it, tell of each choice, and are closed or killed."""

from __future__ import annotations

import itertools
from typing import Any

from bot.views import filling
from handlers import table
from handlers.dispatch import Dispatch
from tests.support.border import OpenDoor
from tests.support.office import OfficeTown

Json = dict[str, Any]
_count = itertools.count(1)


class Hands:
    """Slack keeps what is filled in a field for as long as its block keeps its id; so does this."""

    def __init__(self, town: OfficeTown, person: str) -> None:
        self._town, self._person = town, person
        self.stack: list[Json] = []
        house = town.house
        self.border = Dispatch(
            table(house.office, house.rules, None),  # type: ignore[arg-type]
            door=OpenDoor(town),  # type: ignore[arg-type]
            client=self,  # type: ignore[arg-type]
            now=lambda: town.clock.at,
            draw_home=house.draw_home,
            ask_names=house.office.names.ask,
            drafts=house.office.drafts,
        )
        self.home: Json = {}
        self.ways: dict[str, list[tuple[str, str]]] = {}
        self.refused: Json = {}

    # --- what the bot asks of Slack ---

    def views_open(self, *, trigger_id: str, view: Json) -> None:
        self.stack = [_standing(view)]

    def views_push(self, *, trigger_id: str, view: Json) -> None:
        self.stack.append(_standing(view))

    def views_update(self, *, view_id: str, view: Json) -> None:
        self.stack = [_standing(view, v) if v["id"] == view_id else v for v in self.stack]

    def views_publish(self, *, user_id: str, view: Json) -> None:
        self.home = view

    def __getattr__(self, method: str) -> Any:
        return lambda **_: None

    # --- what the person does ---

    @property
    def form(self) -> Json:
        return self.stack[-1]

    @property
    def fields(self) -> dict[str, Json]:
        return filling.fields(self.form)

    @property
    def answers(self) -> Json:
        """What stands in the form, by field."""
        return {name: self.form["answers"][block["block_id"]] for name, block in self.fields.items()}

    @property
    def has_draft(self) -> bool:
        return filling.has_line(self.form)

    def visits_home(self) -> None:
        event = {"type": "app_home_opened", "user": self._person, "tab": "home"}
        self._hears("event", {"event": event, "event_id": f"e{next(_count)}"})

    def fills_all(self) -> Json:
        """Another answer in every field, also in those that come to be asked; what stands then."""
        done: set[str] = set()
        while left := [name for name in self.fields if name not in done]:
            for name in left:
                done.add(name)
                if name in self.fields:
                    self.fills(name, another(self.fields[name]["element"], self.answers[name]))
        return self.answers

    def types(self, command: str, text: str = "") -> None:
        self._hears("command", {"command": command, "text": text, "user_id": self._person})

    def presses(self, action: str, value: str = "x", *, inside: bool = False) -> None:
        pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value}
        self._acts(pressed, {"view": self._told()} if inside else {})

    def fills(self, name: str, value: Any, *, tells: bool = True) -> None:
        """Chosen or written in; `tells`: whether Slack gets it off before whatever comes next."""
        block = self.fields[name]
        self.form["answers"][block["block_id"]] = value
        if tells and block.get("dispatch_action"):
            pressed = {"action_id": "v", "block_id": block["block_id"], **_chosen(block["element"], value)}
            self._acts(pressed, {"view": self._told()})

    def submits(self) -> None:
        told = self._told()
        acked = self._hears("submit", {"view": told})
        self.refused = acked.get("errors", {})
        if acked.get("response_action") in ("update", "push"):
            self.stack[-1] = {**_standing(acked["view"]), "id": told["id"]}
        elif not self.refused:
            self.stack.pop()

    def closes(self, *, says_what_stood: bool) -> None:
        """Esc; Slack promises no `state` with it."""
        told = self._told()
        view = self.stack.pop()
        if view.get("notify_on_close"):
            self._hears("close", {"view": told if says_what_stood else {**told, "state": {"values": {}}}})

    # --- how ---

    def _told(self) -> Json:
        values = {
            block["block_id"]: {"v": _chosen(block["element"], self.form["answers"][block["block_id"]])}
            for block in self.fields.values()
        }
        view = {key: value for key, value in self.form.items() if key != "answers"}
        return {**view, "state": {"values": values}}

    def _acts(self, pressed: Json, around: Json) -> None:
        self._hears("action", {"actions": [{**pressed, "action_ts": f"{next(_count):010d}"}], **around})

    def _hears(self, kind: str, body: Json) -> Json:
        acks: list[Json] = []
        who = {"user": {"id": self._person, "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}}
        body = {**who, "trigger_id": f"t{next(_count)}", **body}
        self.border._hear(kind, body, lambda *_, **said: acks.append(said))
        return acks[0] if acks else {}


def _standing(view: Json, before: Json | None = None) -> Json:
    kept = before["answers"] if before else {}
    proposed = filling.standing(view)
    answers = {
        block["block_id"]: kept.get(block["block_id"], proposed[name])
        for name, block in filling.fields(view).items()
    }
    return {**view, "id": before["id"] if before else f"V{next(_count)}", "answers": answers}


def _chosen(element: Json, value: Any) -> Json:
    kind = element["type"]
    match kind:
        case "radio_buttons" | "static_select":
            return {"type": kind, "selected_option": {"value": value} if value else None}
        case "checkboxes" | "multi_static_select":
            return {"type": kind, "selected_options": [{"value": one} for one in value]}
        case "datepicker":
            return {"type": kind, "selected_date": value}
        case "timepicker":
            return {"type": kind, "selected_time": value}
        case "users_select":
            return {"type": kind, "selected_user": value}
        case "multi_users_select":
            return {"type": kind, "selected_users": value}
        case "conversations_select":
            return {"type": kind, "selected_conversation": value}
    return {"type": kind, "value": value}


def another(element: Json, before: Any) -> Any:
    """An answer that differs from the one that stands."""
    kind = element["type"]
    options = [option["value"] for option in element.get("options", [])]
    match kind:
        case "radio_buttons" | "static_select":
            return next((o for o in reversed(options) if o != before), before)
        case "checkboxes" | "multi_static_select":
            return options[:1] if before != options[:1] else []
        case "datepicker":
            return "2026-12-03" if before != "2026-12-03" else "2026-12-10"
        case "timepicker":
            return "13:30" if before != "13:30" else "08:15"
        case "users_select":
            return "U0ALI00001" if before != "U0ALI00001" else "U0SOFIE001"
        case "multi_users_select":
            return ["U0ALI00001"] if before != ["U0ALI00001"] else []
        case "conversations_select":
            return "C0OPEN0001"
    return "12" if before != "12" else "13"
