"""Those who act on the stage: one person in front of one page."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Protocol

from tests.support.seen import (
    VALUE_OF,
    Home,
    Message,
    Modal,
    NotThere,
    Record,
    Shown,
    field_named,
    options_of,
    overlaid,
    pressables,
)
from tests.support.wire import PATIENCE, Wire


class Hindered(AssertionError):
    """The act did not succeed: `code` is no_answer, not_connected, bad_answer, deactivated, not_in_channel ..."""

    def __init__(self, reply: Record) -> None:
        self.code: str = reply.get("code") or reply.get("error") or "?"
        super().__init__(f"{self.code}: {reply.get('error')}")


class House(Protocol):
    """What an actor needs of the stage it stands on."""

    @property
    def port(self) -> int: ...

    @property
    def bot_user(self) -> str: ...

    def person_id(self, who: str) -> str: ...


class Actor:
    """One person in front of one page. Every act waits for the bot's acknowledgement and raises `Hindered` if it fails.

    `interactions` counts what a person does with their hands: each command, press, choice, field filled in and submit.
    """

    def __init__(self, stage: House, user: str) -> None:
        self.id = user
        self.interactions = 0
        self._stage = stage
        self._wire = Wire(stage)
        self._typed: dict[str, Record] = {}

    # Doing.

    def says(self, text: str, channel: str | None = None) -> None:
        """Writes a message; in the direct messages with the bot when no channel is named."""
        self.interactions += 1
        self._act("say", channel=self._channel(channel), text=text)

    def types(self, command: str, channel: str | None = None) -> Modal | None:
        """Writes a slash command; answers the modal that stands open once the bot has acknowledged."""
        self.says(command, channel)
        return self.modal

    def uses(self, shortcut: str) -> Modal | None:
        """A global shortcut, by its name or callback_id."""
        self.interactions += 1
        known = self.sight()["shortcuts"]
        chosen = next((s for s in known if shortcut in (s["name"], s["callback_id"])), None)
        if chosen is None:
            raise NotThere(f"no shortcut {shortcut!r} among {known}")
        self._act("shortcut", callback_id=chosen["callback_id"])
        return self.modal

    def presses(self, label: str, in_: str | None = None, near: str | None = None) -> Modal | None:
        """A button, or an entry of an overflow menu, by its text or action_id.

        `near` picks among several alike: the first one in or below the block that shows those words.
        Answers the modal open afterwards, if any.
        """
        self.interactions += 1
        shown, (block, element, _, option) = self._once_there(label, in_, near)
        chosen = {"selected_option": option} if option else {"value": element.get("value")}
        self._press(shown, block, element, chosen)
        return self.modal

    def chooses(self, name: str, *options: str, in_: str | None = None) -> Modal | None:
        """Picks in a menu, radio buttons, check boxes or a list of people or channels, by what the person sees.

        `name` is a label, block_id, action_id, placeholder or the text beside the menu. For check boxes and menus for
        several, the options named are all that is chosen afterwards; none clears it.
        """
        self.interactions += 1
        shown, block, element = self._field(name, in_)
        self._answer(shown, block, element, self._choice(shown, block, element, list(options)))
        return self.modal

    def fills(self, name: str, text: str, in_: str | None = None) -> None:
        """Writes in a text, number, date (YYYY-MM-DD) or time (HH:mm) field; an empty text empties it."""
        self.interactions += 1
        shown, block, element = self._field(name, in_)
        self._answer(shown, block, element, text or None)

    def submits(self, **fields: str) -> Modal | None:
        """Sends the top modal, after filling in the fields named by block_id or action_id.

        Answers the modal that is open afterwards (the same with `complaints`, the next, the one beneath), or None.
        """
        for name, text in fields.items():
            self.fills(name, text, in_="modal")
        self.interactions += 1
        modal = self._the_modal()
        self._act("submit", view_id=modal.view_id, state=self._form(modal))
        self._typed.pop(modal.view_id, None)
        return self.modal

    def closes(self) -> Modal | None:
        """The close button or Esc; answers what is open beneath."""
        self.interactions += 1
        self._act("close", view_id=self._the_modal().view_id)
        return self.modal

    def reads(self, channel: str | None = None) -> list[Message]:
        """Opens a channel: everything in it counts as read."""
        self._act("read", channel=self._channel(channel))
        return self.messages(channel)

    def is_offered(self, name: str, query: str, in_: str | None = None) -> list[str]:
        """What an external menu offers when this is typed in it."""
        shown, block, element = self._field(name, in_)
        return [o["text"]["text"] for o in self._suggestions(shown, block, element, query)]

    # Looking.

    @property
    def modal(self) -> Modal | None:
        """The modal on top, with what has been typed in it but not sent; None when there is none."""
        modals = self.modals
        return modals[-1] if modals else None

    @property
    def modals(self) -> list[Modal]:
        return [self._as_modal(view, depth) for depth, view in enumerate(self.sight()["modals"], start=1)]

    def home(self, *, visit: bool = True) -> Home | None:
        """The Home tab. Visiting it tells the bot, and shows what was there before the bot has answered.

        Use `sees(..., in_="home")` for what the bot publishes because of the visit.
        """
        if visit:
            self._act("home")
        home = self.sight()["home"]
        return Home({"view_id": home["view_id"]}, home["blocks"], view_id=home["view_id"]) if home else None

    def messages(self, channel: str | None = None) -> list[Message]:
        """Everything in a channel, oldest first; in the direct messages with the bot when none is named."""
        return self._messages_in(self._channel(channel))

    def unread(self, channel: str | None = None) -> int:
        channel_id = self._channel(channel)
        return next(c["unread"] for c in self.sight()["channels"] if c["id"] == channel_id)

    @property
    def complaints(self) -> dict[str, str]:
        return self._the_modal().complaints

    @property
    def trouble(self) -> list[str]:
        """What the page says went wrong since something last went right."""
        return [t["what"] for t in self.sight()["trouble"]]

    def sees(self, words: str, in_: str | None = None, within: float = PATIENCE) -> Shown:
        """Waits until the words stand somewhere, and answers where; raises `NotThere` if they do not come."""
        until = time.monotonic() + within
        while True:
            for shown in self._places(in_):
                if words in shown.text or (isinstance(shown, Modal) and words in shown.title):
                    return shown
            if time.monotonic() > until:
                raise NotThere(f"{words!r} is not in:\n" + "\n---\n".join(s.text for s in self._places(in_)))
            time.sleep(0.03)

    def sees_no(self, words: str, in_: str | None = None) -> bool:
        """True when the words stand nowhere right now."""
        return all(words not in shown.text for shown in self._places(in_))

    def waits_for_modal(self, title: str | None = None, within: float = PATIENCE) -> Modal:
        """The top modal, once there is one (with that title): for a bot that opens it after acknowledging."""
        until = time.monotonic() + within
        while True:
            modal = self.modal
            if modal and title in (None, modal.title):
                return modal
            if time.monotonic() > until:
                raise NotThere(f"no modal {title!r}; open: {modal.title if modal else None}")
            time.sleep(0.03)

    def sight(self, channel: str = "") -> Record:
        """Everything the page draws for this person, raw; `channel` is an id."""
        return self._wire.get(f"/page/api/state?as={self.id}&channel={channel}")

    # How it is done.

    def _act(self, act: str, **body: Any) -> Record:
        reply = self._wire.post(f"/page/api/{act}", {"as": self.id, **body})
        if not reply.get("ok"):
            raise Hindered(reply)
        return reply

    def _press(self, shown: Shown, block: Record, element: Record, chosen: Record) -> None:
        self._act(
            "press",
            where=shown.where,
            block_id=block["block_id"],
            action_id=element["action_id"],
            action=chosen,
            state=self._form(shown) if isinstance(shown, Modal) else None,
        )
        if isinstance(shown, Modal):
            self._typed.pop(shown.view_id, None)

    def _answer(self, shown: Shown, block: Record, element: Record, value: Any) -> None:
        """Keeps the answer in the form, and sends it where the element answers at once."""
        chosen = {"type": element["type"], VALUE_OF[element["type"]]: value}
        if isinstance(shown, Modal):
            typed = self._typed.setdefault(shown.view_id, {})
            typed.setdefault(block["block_id"], {})[element["action_id"]] = chosen
        if block["type"] != "input" or block.get("dispatch_action"):
            self._press(self.modal if isinstance(shown, Modal) else shown, block, element, chosen)

    def _form(self, modal: Modal) -> Record:
        return overlaid(modal.state, self._typed.get(modal.view_id, {}))

    def _choice(self, shown: Shown, block: Record, element: Record, options: list[str]) -> Any:
        name = VALUE_OF[element["type"]]
        if name in ("selected_option", "selected_options"):
            found = [self._option(shown, block, element, one) for one in options]
        elif name in ("selected_user", "selected_users"):
            found = [self._stage.person_id(one) for one in options]
        elif name in (
            "selected_channel",
            "selected_channels",
            "selected_conversation",
            "selected_conversations",
        ):
            found = [self._channel(one) for one in options]
        else:
            found = list(options)
        if name.endswith("s"):
            return found
        return found[0] if found else None

    def _option(self, shown: Shown, block: Record, element: Record, wanted: str) -> Record:
        offered = options_of(element)
        if element["type"].endswith("external_select"):
            offered = self._suggestions(shown, block, element, wanted)
        texts = [o["text"]["text"] for o in offered]
        for option, text in zip(offered, texts, strict=True):
            if wanted in (text, option["value"]):
                return option
        alike = [o for o, text in zip(offered, texts, strict=True) if wanted in text]
        if len(alike) == 1:
            return alike[0]
        raise NotThere(f"{wanted!r} is no option (or several) of {texts}")

    def _suggestions(self, shown: Shown, block: Record, element: Record, query: str) -> list[Record]:
        reply = self._act(
            "suggest",
            **shown.where,
            block_id=block["block_id"],
            action_id=element["action_id"],
            query=query,
        )
        return options_of(reply)

    def _once_there(self, label: str, in_: str | None, near: str | None) -> tuple[Shown, Any]:
        """Home is drawn after the answer: until the new one has come, the one before stands there."""
        until = time.monotonic() + (PATIENCE if in_ == "home" else 0)
        while True:
            try:
                return self._pressable(label, in_, near)
            except NotThere:
                if time.monotonic() >= until:
                    raise
            time.sleep(0.03)

    def _pressable(self, label: str, in_: str | None, near: str | None) -> tuple[Shown, Any]:
        places = list(self._places(in_, only_top=True))
        for shown in places:
            for found in pressables(shown.blocks, near=near):
                if label in (found[2], found[1]["action_id"]):
                    return shown, found
        seen = [b for s in places for b in s.buttons]
        raise NotThere(
            f"nothing to press called {label!r}" + (f" near {near!r}" if near else "") + f"; there is {seen}"
        )

    def _field(self, name: str, in_: str | None) -> tuple[Shown, Record, Record]:
        places = list(self._places(in_, only_top=True))
        for shown in places:
            try:
                return (shown, *field_named(shown.blocks, name))
            except NotThere:
                continue
        raise NotThere(f"no field called {name!r} in: " + "; ".join(repr(s.text) for s in places[:3]))

    def _places(self, in_: str | None, *, only_top: bool = False) -> Iterable[Shown]:
        """Where to look, in the order a person would. An open modal hides the rest from the hands, not from the eyes."""
        if in_ in (None, "modal"):
            modals = list(reversed(self.modals))
            yield from modals[:1] if only_top else modals
            if in_ == "modal" or (modals and only_top):
                return
        if in_ in (None, "home"):
            home = self.home(visit=False)
        if in_ == "home":
            yield from [home] if home else []
            return
        yield from reversed(self._all_messages() if in_ is None else self._messages_in(self._channel(in_)))
        if in_ is None and home:
            yield home

    def _all_messages(self) -> list[Message]:
        found = [m for c in self.sight()["channels"] for m in self._messages_in(c["id"])]
        return sorted(found, key=lambda m: m.ts)

    def _messages_in(self, channel_id: str) -> list[Message]:
        opened = self.sight(channel_id)["channel"]
        if opened is None:
            raise NotThere(f"{self.id} cannot see the channel {channel_id}")
        return [
            Message(
                {"channel": channel_id, "ts": m["ts"]},
                m["blocks"] or [],
                m["text"],
                channel=channel_id,
                **{
                    k: m[k]
                    for k in ("ts", "user", "name", "app", "ephemeral", "edited", "time", "day", "thread_ts")
                },
            )
            for m in opened["messages"]
        ]

    def _as_modal(self, view: Record, depth: int) -> Modal:
        return Modal(
            {"view_id": view["id"]},
            view["blocks"],
            view_id=view["id"],
            title=view["title"]["text"],
            submit=view["submit"]["text"] if view["submit"] else None,
            close=view["close"]["text"] if view["close"] else None,
            callback_id=view["callback_id"],
            complaints=view["errors"] or {},
            state=overlaid(view["state"], self._typed.get(view["id"], {})),
            depth=depth,
        )

    def _the_modal(self) -> Modal:
        modal = self.modal
        if modal is None:
            raise NotThere("no modal is open")
        return modal

    def _channel(self, channel: str | None) -> str:
        if channel in (None, "dm"):
            return str(self._act("dm", user=self._stage.bot_user)["channel"])
        name = str(channel).removeprefix("#")
        known = self.sight()["channels"]
        for one in known:
            if name in (one["id"], one["name"]):
                return str(one["id"])
        raise NotThere(f"no channel {channel!r} among {[c['name'] for c in known]}")
