"""The page's side: what it draws, and the doors through which a person acts. No auth: loopback only."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.clock import COPENHAGEN, SandboxClock, clock_face, day_name
from bot.sandbox.live import Live
from bot.sandbox.methods import kind_of
from bot.sandbox.people import Hindered, People, Touch
from bot.sandbox.refusals import Refused
from bot.sandbox.stage_hand import StageHand
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import Manifest

Record = dict[str, Any]
Act = Callable[[Record], Awaitable[Record | None]]
# The page has its own sentences for these; everything else is answered as a sentence it can show.
CODES_THE_PAGE_KNOWS = ("no_answer", "not_connected")
SHOWN_OF_A_MODAL = (
    "id",
    "hash",
    "callback_id",
    "title",
    "submit",
    "close",
    "blocks",
    "errors",
    "notify_on_close",
    "clear_on_close",
    "state",
)


class PageApi:
    def __init__(
        self,
        *,
        workspace: Workspace,
        views: Views,
        people: People,
        hand: StageHand,
        manifest: Manifest,
        clock: SandboxClock,
        live: Live,
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._people = people
        self._hand = hand
        self._manifest = manifest
        self._clock = clock
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        doors: dict[str, Act] = {
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "close": self._close,
            "suggest": self._suggest,
            "home": self._home,
            "read": self._read,
            "dm": self._dm,
            "shortcut": self._shortcut,
            "clock": self._jump,
            "workspace": self._change,
            "fault": self._fault,
        }
        return [
            web.get("/page/api/state", self._state),
            web.get("/page/live", self._live.look_on),
            *(web.post(f"/page/api/{name}", _door(act)) for name, act in doors.items()),
        ]

    # Acts.

    async def _say(self, body: Record) -> Record:
        return await self._people.say(body["as"], body["channel"], body["text"])

    async def _press(self, body: Record) -> Record:
        touch = Touch(body["block_id"], body["action_id"], body.get("action") or {}, body.get("state"))
        return await self._people.press(body["as"], body["where"], touch)

    async def _submit(self, body: Record) -> Record:
        return await self._people.submit(body["as"], body["view_id"], body.get("state"))

    async def _close(self, body: Record) -> Record:
        return await self._people.close(body["as"], body["view_id"])

    async def _suggest(self, body: Record) -> Record:
        where = body.get("where") or body
        return await self._people.suggest(
            body["as"], where, body["block_id"], body["action_id"], body["query"]
        )

    async def _home(self, body: Record) -> Record:
        return await self._people.open_home(body["as"])

    async def _read(self, body: Record) -> Record:
        return await self._people.read(body["as"], body["channel"])

    async def _dm(self, body: Record) -> Record:
        return await self._people.open_direct(body["as"], body["user"])

    async def _shortcut(self, body: Record) -> Record:
        return await self._people.shortcut(body["as"], body["callback_id"])

    async def _jump(self, body: Record) -> None:
        self._hand.jump(body)
        self._live.changed()

    async def _change(self, body: Record) -> None:
        self._hand.change(body)

    async def _fault(self, body: Record) -> None:
        await self._hand.break_line(body)

    # What is drawn.

    async def _state(self, request: web.Request) -> web.Response:
        known = self._workspace.people()
        user = request.query.get("as") or known[0]["id"]
        try:
            me = self._workspace.person(user)
        except Refused:
            return web.json_response({"ok": False, "error": "user_not_found"}, status=404)
        return web.json_response(self._drawn(me, request.query.get("channel", "")))

    def _drawn(self, me: Record, channel_id: str) -> Record:
        user, world = me["id"], self._workspace.world
        channels = self._workspace.channels_of(user)
        home = self._views.home(user)
        return {
            "now": self._clock.now().astimezone(COPENHAGEN).isoformat(timespec="seconds"),
            "tz": "Europe/Copenhagen",
            "team": {"id": world.team["id"], "name": world.team["name"]},
            "bot": {"user_id": world.bot.user_id, "name": world.bot.name},
            "me": _person(me),
            "people": [_person(p) | {"unread": self._unread_of(p["id"])} for p in self._workspace.people()],
            "channels": [self._in_sidebar(user, c) for c in channels],
            "channel": next((self._opened(user, c) for c in channels if c["id"] == channel_id), None),
            "home": _home_view(home) if home else None,
            "modals": [{k: v[k] for k in SHOWN_OF_A_MODAL} for v in self._views.modals(user)],
            "commands": [_command(c) for c in self._manifest.commands.values()],
            "shortcuts": [
                {"callback_id": s["callback_id"], "name": s["name"]}
                for s in self._manifest.shortcuts.values()
            ],
            "clock_marks": self._hand.marks(),
            "trouble": self._people.troubles(user),
        }

    def _unread_of(self, user: str) -> int:
        return sum(self._workspace.unread(user, c) for c in self._workspace.channels_of(user))

    def _in_sidebar(self, user: str, channel: Record) -> Record:
        shown = {
            "id": channel["id"],
            "name": self._channel_name(user, channel),
            "kind": kind_of(channel),
            "unread": self._workspace.unread(user, channel),
            "archived": channel["archived"],
            "shared": channel["shared"],
            "member": user in channel["members"],
            "topic": channel["topic"],
        }
        return shown | ({"with": self._other(user, channel)} if channel["pair"] else {})

    def _channel_name(self, user: str, channel: Record) -> str:
        return (
            self._workspace.name_of(self._other(user, channel)) if channel["pair"] else str(channel["name"])
        )

    def _other(self, user: str, channel: Record) -> str:
        return str(next((m for m in channel["pair"] if m != user), user))

    def _opened(self, user: str, channel: Record) -> Record:
        messages = self._workspace.messages(channel["id"], seen_by=user)
        return self._in_sidebar(user, channel) | {
            "members": channel["members"],
            "messages": [self._message(user, m) for m in messages],
        }

    def _message(self, user: str, message: Record) -> Record:
        return {
            "ts": message["ts"],
            "user": message["user"],
            "name": self._workspace.name_of(message["user"]),
            "app": message["app"],
            "text": message["text"],
            # A person's own words come as text: the rich text around them is for the app.
            "blocks": message["blocks"] if message["app"] else None,
            "edited": message["edited"] is not None,
            "ephemeral": message["only"] is not None,
            "time": clock_face(message["ts"]),
            "day": day_name(message["ts"]),
            "deleted": False,
            "thread_ts": message["thread_ts"],
            "uid": f"{message['channel']}-{message['ts']}",
            "state": self._workspace.choices(message, user),
        }


def _door(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """One POST: the act is done and the app has answered, or the person is told what hindered it."""

    async def door(request: web.Request) -> web.Response:
        try:
            body = await request.json()
            done = await act(body)
        except Hindered as hindrance:
            code = hindrance.code
            shown = code if code in CODES_THE_PAGE_KNOWS else hindrance.sentence
            status = 409 if code in ("clock_runs_forward", "invalid_time", "unknown_mark") else 200
            return web.json_response({"ok": False, "error": shown, "code": code}, status=status)
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            return web.json_response({"ok": False, "error": f"bad request: {fault!r}"}, status=400)
        return web.json_response({"ok": True, **(done or {})})

    return door


def _person(person: Record) -> Record:
    return {"id": person["id"], "name": person["name"], "title": person["title"], "kind": _kind(person)}


def _kind(person: Record) -> str:
    for name, kind in (
        ("deactivated", "deactivated"),
        ("guest", "guest"),
        ("stranger_team", "guest"),
        ("admin", "admin"),
    ):
        if person[name]:
            return kind
    return "member"


def _home_view(home: Record) -> Record:
    return {"view_id": home["id"], "hash": home["hash"], "blocks": home["blocks"], "state": home["state"]}


def _command(command: Record) -> Record:
    return {
        "command": command["command"],
        "description": command.get("description", ""),
        "usage_hint": command.get("usage_hint", ""),
    }
