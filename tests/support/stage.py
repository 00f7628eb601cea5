"""The stage for stories: a sandbox of our own in a thread, and people who look at it and act as a page would.

    with Stage(world, manifest) as stage:
        bot = start_the_bot(base_url=stage.base_url, bot_token=stage.bot_token, app_token=stage.app_token)
        stage.waits_for_the_bot()
        maja = stage.person("Maja Holm")
        form = maja.types("/sag ny")                      # the modal that opened, or None
        maja.fills("Overskrift", "Ny bolig")              # by label, block_id or action_id
        maja.chooses("Område", "Beskæftigelse")
        assert maja.submits().complaints == {"reason": "Skriv hvorfor."}
        maja.closes()
        maja.sees("Sagen er oprettet", in_="dm")          # waits for it
        maja.presses("Henvis", near="S-2026-0001")
        assert maja.home().buttons == ["Ny sag"]
        stage.jump("2026-11-19T08:00")

Where something is looked for (`in_`): "modal", "home", "dm" (the direct messages with the bot), a channel's id or name, or
None for wherever it is: the open modal if there is one, else the newest message that has it, else the Home tab.
"""

import asyncio
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import Manifest, Sandbox, World

Record = dict[str, Any]
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
QUICK_RETRIES = (0.0, 0.2, 0.5)  # events come again sooner than in Slack: a test has no five minutes
PATIENCE = 5.0

VALUE_OF = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


class Hindered(AssertionError):
    """The act did not succeed: `code` is no_answer, not_connected, bad_answer, deactivated, not_in_channel ..."""

    def __init__(self, reply: Record) -> None:
        self.code: str = reply.get("code") or reply.get("error") or "?"
        super().__init__(f"{self.code}: {reply.get('error')}")


class NotThere(AssertionError):
    """Nothing like it can be seen; the message says what can."""


# What is seen.


@dataclass(frozen=True)
class Shown:
    """Something with blocks: `text` is all a person reads in it, `buttons` what can be pressed."""

    where: Record
    blocks: list[Record]
    plain: str = ""

    @property
    def text(self) -> str:
        return "\n".join(words_of(self.blocks)) if self.blocks else self.plain

    @property
    def buttons(self) -> list[str]:
        return [label for _, _, label, _ in pressables(self.blocks)]

    @property
    def block_ids(self) -> list[str]:
        return [b["block_id"] for b in self.blocks]

    def __contains__(self, words: str) -> bool:
        return words in self.text


@dataclass(frozen=True)
class Message(Shown):
    ts: str = ""
    channel: str = ""
    user: str = ""
    name: str = ""
    app: bool = False
    ephemeral: bool = False
    edited: bool = False
    time: str = ""
    day: str = ""
    thread_ts: str | None = None


@dataclass(frozen=True)
class Modal(Shown):
    """A modal as it stands. It is a picture: ask the actor for `modal` again after something happened."""

    view_id: str = ""
    title: str = ""
    submit: str | None = None
    close: str | None = None
    callback_id: str = ""
    complaints: dict[str, str] = field(default_factory=dict)
    state: Record = field(default_factory=dict)
    depth: int = 1  # 1 for the only modal, 3 for the third in the stack

    @property
    def labels(self) -> list[str]:
        return [b["label"]["text"] for b in self.blocks if b["type"] == "input"]

    def value(self, name: str) -> Any:
        """What stands in a field: text, a date, an option's visible text, or a list of those."""
        block, element = field_named(self.blocks, name)
        value = self.state[block["block_id"]][element["action_id"]].get(VALUE_OF[element["type"]])
        if isinstance(value, list):
            return [v["text"]["text"] if isinstance(v, dict) else v for v in value]
        return value["text"]["text"] if isinstance(value, dict) else value

    def options(self, name: str) -> list[str]:
        """The visible texts of a menu's fixed options."""
        _, element = field_named(self.blocks, name)
        return [o["text"]["text"] for o in options_of(element)]


@dataclass(frozen=True)
class Home(Shown):
    view_id: str = ""


# Those who act.


class Actor:
    """One person in front of one page. Every act waits for the bot's acknowledgement and raises `Hindered` if it fails.

    `interactions` counts what a person does with their hands: each command, press, choice, field filled in and submit.
    """

    def __init__(self, stage: "Stage", user: str) -> None:
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
        shown, (block, element, _, option) = self._pressable(label, in_, near)
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


# The stage itself.


class Stage:
    """A sandbox on a free port with a state directory of its own; everything stops when the block ends."""

    def __init__(
        self,
        world: Record,
        manifest: Record,
        *,
        state: Path | None = None,
        retries: tuple[float, ...] = QUICK_RETRIES,
        port: int = 0,
    ) -> None:
        self._world, self._manifest = world, manifest
        self._scratch = None if state else tempfile.TemporaryDirectory(prefix="stage-")
        self.state = state or Path(self._scratch.name)
        self._retries = retries
        self._port = port
        self._wire = Wire(self)

    def __enter__(self) -> "Stage":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._scratch:
            self._scratch.cleanup()

    # Where it stands.

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What the bot's client needs: the Web API, with the slash at the end."""
        return f"{self.base}/api/"

    @property
    def clock_url(self) -> str:
        return f"{self.base}/clock"

    @property
    def port(self) -> int:
        return self._port

    @property
    def bot_token(self) -> str:
        return str(self._world["tokens"]["bot"])

    @property
    def app_token(self) -> str:
        return str(self._world["tokens"]["app"])

    @property
    def bot_user(self) -> str:
        return str(self._world["bot"]["user_id"])

    @property
    def journal(self) -> Path:
        return self.state / "journal.jsonl"

    def journaled(self, direction: str | None = None, method: str | None = None) -> list[Record]:
        """What the journal says so far: `direction` is api, push, ack, response_url or note."""
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        return [
            e
            for e in events
            if direction in (None, e["dir"]) and (method is None or e.get("method") == method)
        ]

    # Who acts.

    def person(self, who: str) -> Actor:
        """Somebody in the world, by id or name."""
        return Actor(self, self.person_id(who))

    def person_id(self, who: str) -> str:
        for person in self._world["people"]:
            if who in (person["id"], person["name"]):
                return str(person["id"])
        raise NotThere(f"nobody called {who!r} in the world")

    # What happens around the bot.

    @property
    def clock(self) -> datetime:
        return datetime.fromisoformat(self._wire.get("/clock")["now"])

    def jump(self, to: str | datetime) -> None:
        """Moves the sandbox clock forward; a time without an offset is Danish."""
        moment = datetime.fromisoformat(to) if isinstance(to, str) else to
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=COPENHAGEN)
        self._do("clock", to=moment.isoformat())

    def jump_to_mark(self, name: str) -> None:
        self._do("clock", mark=name)

    def jump_to_tomorrow(self) -> None:
        self._do("clock", tomorrow=True)

    def fault(self, kind: str, method: str = "*", times: int = 1, seconds: float | None = None) -> None:
        """The next calls go wrong: drop_after, drop_before, 500, 429, slow, error:<code>.

        Or something else breaks: outage_on, outage_off, sockets_refresh, sockets_drop, sockets_disable; clear forgets all.
        """
        self._do("fault", kind=kind, method=method, times=times, seconds=seconds)

    def invites(self, who: str, channel: str) -> None:
        self._do("workspace", do="invite", channel=self.channel_id(channel), user=self._anybody(who))

    def removes(self, who: str, channel: str) -> None:
        self._do("workspace", do="remove", channel=self.channel_id(channel), user=self._anybody(who))

    def archives(self, channel: str) -> None:
        self._do("workspace", do="archive", channel=self.channel_id(channel))

    def unarchives(self, channel: str) -> None:
        self._do("workspace", do="unarchive", channel=self.channel_id(channel))

    def shares(self, channel: str) -> None:
        self._do("workspace", do="share", channel=self.channel_id(channel))

    def unshares(self, channel: str) -> None:
        self._do("workspace", do="unshare", channel=self.channel_id(channel))

    def deactivates(self, who: str) -> None:
        self._do("workspace", do="deactivate", user=self.person_id(who))

    def reactivates(self, who: str) -> None:
        self._do("workspace", do="reactivate", user=self.person_id(who))

    def channel_id(self, channel: str) -> str:
        name = channel.removeprefix("#")
        for one in self._world["channels"]:
            if name in (one["id"], one["name"]):
                return str(one["id"])
        raise NotThere(f"no channel {channel!r} in the world")

    # Starting and stopping.

    def start(self) -> None:
        opened = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(opened,), name="sandbox", daemon=True)
        self._thread.start()
        opened.wait(10)
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def restart(self) -> None:
        """Stops and starts again on the same port and state directory, as after a night's maintenance."""
        self.stop()
        self.start()

    def waits_for_the_bot(self, connections: int = 1, within: float = 10.0) -> None:
        """Until that many sockets are open."""
        waits_until(lambda: self.sandbox.sockets.connected >= connections, within)

    def _run(self, opened: threading.Event) -> None:
        try:
            asyncio.run(self._play(opened))
        except BaseException as failure:  # the thread that waits is told
            self._failure = failure
            opened.set()

    async def _play(self, opened: threading.Event) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self.sandbox = Sandbox(
            world=World.of(self._world),
            manifest=Manifest.of(self._manifest),
            state=self.state,
            port=self._port,
            retries=self._retries,
        )
        try:
            await self.sandbox.start()
            self._port = int(self.sandbox.base.rsplit(":", 1)[1])
            opened.set()
            await self._stopped.wait()
        finally:
            await self.sandbox.stop()

    def _anybody(self, who: str) -> str:
        return (
            self.bot_user
            if who in ("bot", self.bot_user, self._world["bot"]["name"])
            else self.person_id(who)
        )

    def _do(self, door: str, **body: Any) -> None:
        reply = self._wire.post(f"/page/api/{door}", body)
        if not reply.get("ok"):
            raise Hindered(reply)


class Wire:
    """HTTP kept open from one request to the next; a line that has gone is opened again."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._line: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def get(self, path: str) -> Record:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Record) -> Record:
        return self._ask("POST", path, body)

    def _ask(self, verb: str, path: str, body: Record | None) -> Record:
        with self._lock:
            if self._line is not None and self._line.port != self._stage.port:
                self._line = None
            try:
                return self._once(verb, path, body)
            except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
                self._line = None
                return self._once(verb, path, body)

    def _once(self, verb: str, path: str, body: Record | None) -> Record:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._stage.port, timeout=15)
        sent = None if body is None else json.dumps(body)
        self._line.request(verb, path, sent, {"Content-Type": "application/json"} if sent else {})
        answer = self._line.getresponse()
        return json.loads(answer.read())


# Reading blocks.


def words_of(blocks: list[Record]) -> list[str]:
    """What a person reads, one line for each text, in reading order."""
    lines: list[str] = []
    for block in blocks:
        lines += _words(block)
    return [line for line in lines if line]


def _words(part: Any) -> list[str]:
    if isinstance(part, list):
        return [w for inner in part for w in _words(inner)]
    if not isinstance(part, dict):
        return []
    kind = part.get("type")
    if kind in ("plain_text", "mrkdwn", "raw_text", "text", "markdown") and isinstance(part.get("text"), str):
        return [part["text"]]
    if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        return ["".join(_words(part.get("elements", [])))]
    if kind in ("link", "user", "channel", "emoji"):
        return [
            str(
                part.get("text")
                or part.get("url")
                or part.get("user_id")
                or part.get("channel_id")
                or part.get("name")
            )
        ]
    if kind == "image":
        return [*_words(part.get("title")), part.get("alt_text", "")]
    inner = (
        "title",
        "text",
        "label",
        "fields",
        "elements",
        "rows",
        "accessory",
        "element",
        "hint",
        "placeholder",
        "options",
    )
    found = [w for key in inner if isinstance(part.get(key), dict | list) for w in _words(part[key])]
    return found + (_words(part["description"]) if isinstance(part.get("description"), dict) else [])


def pressables(
    blocks: list[Record], near: str | None = None
) -> list[tuple[Record, Record, str, Record | None]]:
    """(block, element, visible label, option) of every button and overflow entry; with `near`, from there on."""
    found = []
    started = near is None
    for block in blocks:
        started = started or any(near in line for line in _words(block))
        if not started:
            continue
        for element in elements_of(block):
            if element["type"] == "button":
                found.append((block, element, element["text"]["text"], None))
            elif element["type"] == "overflow":
                found += [(block, element, o["text"]["text"], o) for o in element["options"]]
    return found


def elements_of(block: Record) -> list[Record]:
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if block.get("accessory", {}).get("action_id") else []


def options_of(holder: Record) -> list[Record]:
    groups = holder.get("option_groups") or []
    return list(holder.get("options") or []) + [o for g in groups for o in g["options"]]


def field_named(blocks: list[Record], name: str) -> tuple[Record, Record]:
    """The field a person would call that: its id, its label, its placeholder, or the words beside it."""
    fields = [(b, e) for b in blocks for e in elements_of(b) if e["type"] in VALUE_OF]
    for fits in (_is_called, _is_labelled, _is_beside):
        for block, element in fields:
            if fits(block, element, name):
                return block, element
    raise NotThere(f"no field called {name!r} among {[b['block_id'] for b, _ in fields]}")


def _is_called(block: Record, element: Record, name: str) -> bool:
    return name in (block["block_id"], element["action_id"])


def _is_labelled(block: Record, element: Record, name: str) -> bool:
    label, hint = block.get("label") or {}, element.get("placeholder") or {}
    return name in (label.get("text"), hint.get("text"))


def _is_beside(block: Record, element: Record, name: str) -> bool:
    words = block.get("label") or (block.get("text") if block["type"] == "section" else None) or {}
    return name in words.get("text", "")


def overlaid(state: Record, typed: Record) -> Record:
    return {
        block: {**values, **typed.get(block, {})}
        for block, values in ({b: {} for b in typed} | state).items()
    }


def waits_until(happened: Any, within: float = PATIENCE) -> None:
    """Looks again and again until it is so; fails when it does not become so in time."""
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            raise NotThere("it did not happen in time")
        time.sleep(0.01)
