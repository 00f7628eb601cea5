"""What people do, and what the app hears of it: they write, press, fill in forms and close them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import form_state
from bot.sandbox.block_kit import elements_of
from bot.sandbox.clock import SandboxClock, as_stamp
from bot.sandbox.events import Events
from bot.sandbox.journal import Journal
from bot.sandbox.live import Live
from bot.sandbox.passes import ResponseUrls, Triggers
from bot.sandbox.payloads import Shapes
from bot.sandbox.refusals import Refused
from bot.sandbox.sockets import NoAnswer, NotConnected, Sockets
from bot.sandbox.strict import command_ack_fault, submission_ack_fault, suggestion_ack_fault
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import Manifest

Record = dict[str, Any]
TOO_LATE = "Appen svarede ikke inden for 3 sekunder."
NOT_CONNECTED = "Appen er ikke forbundet lige nu. Prøv igen om lidt."
BAD_ANSWER = "We had some trouble connecting. Try again?"
TROUBLES_KEPT = 5


class Hindered(Exception):
    """What a person wanted to do did not happen. `code` is for programs, `sentence` for people."""

    def __init__(self, code: str, sentence: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence or code


@dataclass(frozen=True)
class Touch:
    """What a person touched and how: `chosen` is that element's answer, `typed` what stands in the rest of the form."""

    block_id: str
    action_id: str
    chosen: Record
    typed: Any = None

    @property
    def state(self) -> Record:
        return {self.block_id: {self.action_id: self.chosen}}


class People:
    """Each act waits for the app's acknowledgement, at most three seconds, as a Slack client does."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        views: Views,
        triggers: Triggers,
        response_urls: ResponseUrls,
        sockets: Sockets,
        events: Events,
        shapes: Shapes,
        manifest: Manifest,
        clock: SandboxClock,
        journal: Journal,
        live: Live,
        base: Callable[[], str],
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._triggers = triggers
        self._response_urls = response_urls
        self._sockets = sockets
        self._events = events
        self._shapes = shapes
        self._manifest = manifest
        self._clock = clock
        self._journal = journal
        self._live = live
        self._base = base
        self._troubles: dict[str, list[Record]] = {}

    def troubles(self, user: str) -> list[Record]:
        """What went wrong for this person since something last went right, newest last."""
        return list(self._troubles.get(user, []))

    # Writing.

    async def say(self, user: str, channel_id: str, text: str) -> Record:
        channel = self._place_to_write(user, channel_id)
        if text.startswith("/"):
            return await self._command(user, channel, text)
        if not text.strip():
            raise Hindered("no_text", "Skriv noget først.")
        blocks = [_as_rich_text(text)]
        message = self._workspace.post(channel, user, {"text": _escaped(text), "blocks": blocks})
        self._events.said(channel, message)
        return {"ts": message["ts"]}

    async def _command(self, user: str, channel: Record, line: str) -> Record:
        command, _, text = line.partition(" ")
        if command not in self._manifest.commands:
            raise Hindered("unknown_command", f"{command} er ikke en kommando her.")
        url = self._response_urls.issue(user=user, channel=channel["id"], ts=None, ephemeral=False)
        payload = self._shapes.command(
            user=user,
            channel=channel,
            command=command,
            text=text.strip(),
            trigger_id=self._triggers.issue(user),
            response_url=self._response_url(url),
        )
        answer = await self._ask(user, "slash_commands", payload)
        fault = command_ack_fault(answer)
        if fault:
            raise self._bad_answer(user, fault)
        self._show_command_answer(user, channel, answer)
        return {}

    def _show_command_answer(self, user: str, channel: Record, answer: Any) -> None:
        content = {"text": answer} if isinstance(answer, str) else answer or {}
        if not content.get("text") and not content.get("blocks"):
            return
        if content.get("response_type") == "in_channel":
            self._workspace.post(channel, self._workspace.bot, content)
        else:
            self._workspace.whisper(channel, user, content)

    async def shortcut(self, user: str, callback_id: str) -> Record:
        self._acting(user)
        if callback_id not in self._manifest.shortcuts:
            raise Hindered("unknown_shortcut", "Den genvej findes ikke.")
        payload = self._shapes.interaction("shortcut", user) | {
            "callback_id": callback_id,
            "trigger_id": self._triggers.issue(user),
            "action_ts": as_stamp(self._clock.now()),
        }
        await self._ask(user, "interactive", payload)
        return {}

    # Pressing and choosing.

    async def press(self, user: str, where: Record, touch: Touch) -> Record:
        """A button, a menu or an input that answers at once, in a message, a modal or the Home tab."""
        self._acting(user)
        if where.get("view_id"):
            await self._press_in_view(user, where["view_id"], touch)
        else:
            await self._press_in_message(user, where, touch)
        return {}

    async def _press_in_view(self, user: str, view_id: str, touch: Touch) -> None:
        view = self._seen_view(user, view_id)
        block, element = _found(view["blocks"], touch.block_id, touch.action_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise Hindered("no_dispatch", "Feltet sendes først, når vinduet sendes.")
        self._views.fill(view, touch.typed)
        action = self._action(block, element, touch.chosen)
        if element["type"] in form_state.HOLDS:
            self._views.fill(view, touch.state)
        payload = self._shapes.interaction("block_actions", user) | {
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self._triggers.issue(user),
            "view": self._views.payload(view),
            "actions": [action],
        }
        await self._ask(user, "interactive", payload)

    async def _press_in_message(self, user: str, where: Record, touch: Touch) -> None:
        channel, message = self._seen_message(user, where)
        block, element = _found(message["blocks"] or [], touch.block_id, touch.action_id)
        action = self._action(block, element, touch.chosen)
        ephemeral = message["only"] is not None
        url = self._response_urls.issue(
            user=user, channel=channel["id"], ts=message["ts"], ephemeral=ephemeral
        )
        payload = self._shapes.interaction("block_actions", user) | {
            "container": _message_container(message),
            "trigger_id": self._triggers.issue(user),
            "channel": self._shapes.channel_reference(channel),
            "state": {"values": self._message_state(user, message, touch.state)},
            "response_url": self._response_url(url),
            "actions": [action],
        }
        # Slack does not show the app an ephemeral message again: it has nothing but the response URL.
        if not ephemeral:
            payload["message"] = self._shapes.message(message, metadata=True)
        await self._ask(user, "interactive", payload)

    def _message_state(self, user: str, message: Record, chosen: Record) -> Record:
        before = form_state.kept_state(message["blocks"], self._workspace.choices(message, user))
        state = form_state.filled_state(message["blocks"], before, chosen)
        self._workspace.choose(message, user, state)
        return state

    def _action(self, block: Record, element: Record, chosen: Record) -> Record:
        """The one action pushed: who was pressed, and with what."""
        action: Record = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": as_stamp(self._clock.now()),
        }
        if element["type"] == "button":
            told = {k: element[k] for k in ("value", "style", "url") if k in element}
            return action | {"text": element["text"]} | told
        if element["type"] == "overflow":
            wanted = (chosen.get("selected_option") or {}).get("value")
            option = next((o for o in element["options"] if o["value"] == wanted), None)
            if option is None:
                raise Hindered("no_such_option", "Det valg findes ikke længere.")
            return action | {"selected_option": option}
        value = form_state.answered(element, chosen)
        if (
            element["type"] in form_state.STATIC
            and chosen.get("selected_option")
            and not value.get("selected_option")
        ):
            raise Hindered("no_such_option", "Det valg findes ikke længere.")
        shown = {k: element[k] for k in ("placeholder", "initial_option", "initial_date") if k in element}
        return action | shown | value

    # Forms.

    async def submit(self, user: str, view_id: str, typed: Any) -> Record:
        self._acting(user)
        view = self._seen_view(user, view_id)
        if not view["submit"] or view["type"] != "modal":
            raise Hindered("no_submit", "Vinduet har ingen knap at sende med.")
        self._views.fill(view, typed)
        missing = form_state.complaints(view["blocks"], view["state"])
        self._views.complain(view, missing or None)
        if missing:
            return {"incomplete": sorted(missing)}
        payload = self._shapes.interaction("view_submission", user) | {
            "trigger_id": self._triggers.issue(user),
            "view": self._views.payload(view),
            "response_urls": self._asked_response_urls(user, view),
        }
        before = json.loads(json.dumps(view))
        answer = await self._ask(user, "interactive", payload)
        fault = submission_ack_fault(answer, before)
        if fault:
            raise self._bad_answer(user, fault)
        self._follow(user, before, answer or {})
        return {}

    def _follow(self, user: str, submitted: Record, answer: Record) -> None:
        """Does to the screen what the app answered: complaints, another view, one more, or none."""
        action = answer.get("response_action")
        if action == "errors":
            self._views.complain(self._still_open(submitted), answer["errors"])
        elif action == "update":
            try:
                self._views.update(answer["view"], view_id=submitted["id"], external_id=None, expected=None)
            except Refused:
                return  # The person closed the window while the app was thinking; there is nothing to update.
        elif action == "push":
            try:
                self._views.push(user, answer["view"])
            except Refused as refusal:
                raise self._bad_answer(user, refusal.error) from refusal
        elif action == "clear":
            self._views.close_all(user)
        else:
            self._views.close(submitted)

    def _still_open(self, submitted: Record) -> Record:
        try:
            return self._views.seen_by(submitted["user"], submitted["id"])
        except Refused:
            return submitted

    def _asked_response_urls(self, user: str, view: Record) -> list[Record]:
        """One for each channel menu that asked for it with `response_url_enabled`."""
        urls = []
        for block in view["blocks"]:
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            name = form_state.HOLDS[element["type"]][0]
            channel = view["state"][block["block_id"]][element["action_id"]][name]
            key = self._response_urls.issue(user=user, channel=channel, ts=None, ephemeral=False)
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": self._response_url(key),
                },
            )
        return urls

    async def close(self, user: str, view_id: str) -> Record:
        """The close button or Esc. The window goes at once; whether the app hears of it is the view's choice."""
        self._acting(user)
        view = self._seen_view(user, view_id)
        cleared = view["clear_on_close"]
        gone = self._views.close_all(user) if cleared else [view]
        if not cleared:
            self._views.close(view)
        for one in gone:
            if one["notify_on_close"]:
                payload = self._shapes.interaction("view_closed", user) | {
                    "view": self._views.payload(one),
                    "is_cleared": bool(cleared),
                }
                await self._ask(user, "interactive", payload)
        return {}

    async def suggest(self, user: str, where: Record, block_id: str, action_id: str, query: str) -> Record:
        """The options of an external menu while somebody types in it."""
        self._acting(user)
        payload = self._shapes.interaction("block_suggestion", user) | {
            "action_id": action_id,
            "block_id": block_id,
            "value": query,
        }
        if where.get("view_id"):
            view = self._seen_view(user, where["view_id"])
            blocks = view["blocks"]
            payload |= {
                "container": {"type": "view", "view_id": view["id"]},
                "view": self._views.payload(view),
            }
        else:
            channel, message = self._seen_message(user, where)
            blocks = message["blocks"] or []
            payload |= {
                "container": _message_container(message),
                "channel": self._shapes.channel_reference(channel),
                "message": self._shapes.message(message),
            }
        _, element = _found(blocks, block_id, action_id)
        if not element["type"].endswith("external_select"):
            raise Hindered("not_external", "Feltet har faste svar.")
        if len(query) < element.get("min_query_length", 3):
            return {"options": []}
        answer = await self._ask(user, "interactive", payload)
        fault = suggestion_ack_fault(answer)
        if fault:
            raise self._bad_answer(user, fault)
        return {k: answer[k] for k in ("options", "option_groups") if k in answer}

    # Looking.

    async def open_home(self, user: str) -> Record:
        self._acting(user)
        home = self._views.home(user)
        channel = self._workspace.direct(user, self._workspace.bot)
        self._events.home_opened(user, channel, self._views.payload(home) if home else None)
        return {}

    async def read(self, user: str, channel_id: str) -> Record:
        self._workspace.read(user, self._workspace.channel(channel_id))
        return {}

    async def open_direct(self, user: str, other: str) -> Record:
        self._acting(user)
        if not self._workspace.is_known(other) or other == user:
            raise Hindered("user_not_found", "Den person findes ikke.")
        return {"channel": self._workspace.direct(user, other)["id"]}

    # Asking the app.

    async def _ask(self, user: str, kind: str, payload: Record) -> Any:
        try:
            answer = await self._sockets.ask(kind, payload)
        except NoAnswer:
            self._trouble(user, "no_answer", TOO_LATE)
            raise Hindered("no_answer") from None
        except NotConnected:
            self._trouble(user, "not_connected", NOT_CONNECTED)
            raise Hindered("not_connected") from None
        if self._troubles.pop(user, None):
            self._live.changed()
        return answer

    def _bad_answer(self, user: str, fault: str) -> Hindered:
        self._journal.note("bad_answer", fault=fault)
        self._trouble(user, "bad_answer", BAD_ANSWER)
        return Hindered("bad_answer", BAD_ANSWER)

    def _trouble(self, user: str, code: str, what: str) -> None:
        at = self._clock.now().isoformat()
        self._troubles[user] = [*self.troubles(user), {"at": at, "code": code, "what": what}][-TROUBLES_KEPT:]
        self._live.trouble(user, what)
        self._live.changed()

    def _response_url(self, key: str) -> str:
        return f"{self._base()}/response/{key}"

    # Who may.

    def _acting(self, user: str) -> Record:
        try:
            person = self._workspace.person(user)
        except Refused:
            raise Hindered("user_not_found", "Den person findes ikke.") from None
        if person["deactivated"]:
            raise Hindered("deactivated", f"{person['name']} er deaktiveret og kan ikke gøre noget her.")
        return person

    def _place_to_write(self, user: str, channel_id: str) -> Record:
        self._acting(user)
        channel = self._seen_channel(user, channel_id)
        if user not in channel["members"]:
            raise Hindered("not_in_channel", "Du er ikke medlem af kanalen.")
        if channel["archived"]:
            raise Hindered("is_archived", "Kanalen er arkiveret.")
        return channel

    def _seen_channel(self, user: str, channel_id: str) -> Record:
        for channel in self._workspace.channels_of(user):
            if channel["id"] == channel_id:
                return channel
        raise Hindered("channel_not_found", "Den kanal findes ikke for dig.")

    def _seen_message(self, user: str, where: Record) -> tuple[Record, Record]:
        channel = self._seen_channel(user, where.get("channel", ""))
        try:
            return channel, self._workspace.message(channel["id"], where.get("ts"), seen_by=user)
        except Refused:
            raise Hindered("message_not_found", "Beskeden findes ikke længere.") from None

    def _seen_view(self, user: str, view_id: str) -> Record:
        try:
            return self._views.seen_by(user, view_id)
        except Refused:
            raise Hindered("view_not_found", "Vinduet er lukket.") from None


def _message_container(message: Record) -> Record:
    return {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": message["channel"],
        "is_ephemeral": message["only"] is not None,
    }


def _found(blocks: list[Record], block_id: str, action_id: str) -> tuple[Record, Record]:
    for block in blocks:
        for element in elements_of(block):
            if (block["block_id"], element["action_id"]) == (block_id, action_id):
                return block, element
    raise Hindered("no_such_action", "Knappen findes ikke længere.")


def _as_rich_text(text: str) -> Record:
    leaves = [{"type": "text", "text": text}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
