"""The Web API methods this Slack knows: who may call them, what they ask for, what they do."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.block_kit import check_blocks
from bot.sandbox.block_values import Place
from bot.sandbox.passes import Triggers
from bot.sandbox.payloads import Shapes
from bot.sandbox.refusals import Refused, invalid_arguments
from bot.sandbox.sockets import Sockets
from bot.sandbox.strict import check_message, check_view, is_stamp, view_faults
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import Manifest

Record = dict[str, Any]
READ_SCOPES = {"public": "channels:read", "private": "groups:read", "im": "im:read"}
HISTORY_SCOPES = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
LIST_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Method:
    run: Callable[[Record], Record]
    required: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()  # any of these is enough
    app_token: bool = False


class Methods:
    """Runs a call that has been let in; refuses with Slack's words what Slack would refuse."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        views: Views,
        triggers: Triggers,
        sockets: Sockets,
        shapes: Shapes,
        manifest: Manifest,
        joined: Callable[[Record], None],
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._triggers = triggers
        self._sockets = sockets
        self._shapes = shapes
        self._manifest = manifest
        self._joined = joined  # the app hears of its own coming, as everybody does
        self._known = self._table()

    def named(self, name: str) -> Method:
        method = self._known.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        return method

    def _table(self) -> dict[str, Method]:
        read, history = tuple(READ_SCOPES.values()), tuple(HISTORY_SCOPES.values())
        write = ("chat:write",)
        return {
            "api.test": Method(self._api_test),
            "auth.test": Method(self._auth_test),
            "apps.connections.open": Method(self._open_connection, app_token=True),
            "blocks.validate": Method(self._validate),
            "chat.postMessage": Method(self._post_message, ("channel",), write),
            "chat.postEphemeral": Method(self._post_ephemeral, ("channel", "user"), write),
            "chat.update": Method(self._update_message, ("channel", "ts"), write),
            "chat.delete": Method(self._delete_message, ("channel", "ts"), write),
            "conversations.history": Method(self._history, ("channel",), history),
            "conversations.info": Method(self._info, ("channel",), read),
            "conversations.join": Method(self._join, ("channel",), ("channels:join",)),
            "conversations.list": Method(self._list_channels, (), read),
            "conversations.members": Method(self._members, ("channel",), read),
            "conversations.open": Method(self._open_direct, (), ("im:write", "mpim:write")),
            "conversations.replies": Method(self._replies, ("channel", "ts"), history),
            "team.info": Method(self._team_info, (), ("team:read",)),
            "users.conversations": Method(self._channels_of, (), read),
            "users.info": Method(self._user_info, ("user",), ("users:read",)),
            "users.list": Method(self._list_users, (), ("users:read",)),
            "views.open": Method(self._open_view, ("view",)),
            "views.publish": Method(self._publish_view, ("user_id", "view")),
            "views.push": Method(self._push_view, ("view",)),
            "views.update": Method(self._update_view, ("view",)),
        }

    # The app itself.

    def _api_test(self, args: Record) -> Record:
        if args.get("error"):
            raise Refused(str(args["error"]), args=args)
        return {"args": args}

    def _auth_test(self, _: Record) -> Record:
        team, bot = self._workspace.world.team, self._workspace.world.bot
        return {
            "url": f"https://{team['domain']}.slack.com/",
            "team": team["name"],
            "user": self._shapes.user(bot.user_id)["name"],
            "team_id": team["id"],
            "user_id": bot.user_id,
            "bot_id": bot.bot_id,
            "is_enterprise_install": False,
        }

    def _team_info(self, _: Record) -> Record:
        team = self._workspace.world.team
        return {
            "team": {"id": team["id"], "name": team["name"], "domain": team["domain"], "email_domain": ""}
        }

    def _open_connection(self, _: Record) -> Record:
        # The path is completed with the host the app reached us by, which only the door knows.
        return {"url": f"/link/?ticket={self._sockets.ticket()}&app_id={self._workspace.world.bot.app_id}"}

    def _validate(self, args: Record) -> Record:
        given = [k for k in ("blocks", "view", "message") if args.get(k) is not None]
        if len(given) != 1:
            raise invalid_arguments("must provide exactly one of blocks, view, message")
        if given == ["view"]:
            faults, code = view_faults(args["view"]), "invalid_view"
        elif given == ["blocks"]:
            place = Place("message", "/blocks")
            check_blocks(args["blocks"], place, most=50)
            faults, code = place.findings, "invalid_blocks"
        else:
            check_message(args["message"] if isinstance(args["message"], dict) else {})
            faults, code = [], ""
        if faults:
            raise Refused(
                code, errors=faults, response_metadata={"messages": [f"[ERROR] {f}" for f in faults]}
            )
        return {}

    # Messages.

    def _post_message(self, args: Record) -> Record:
        check_message(args)
        channel = self._to_write_in(args["channel"])
        if args.get("thread_ts"):
            self._thread(channel, args["thread_ts"])
        message = self._workspace.post(channel, self._workspace.bot, _content(args))
        shape = self._shapes.message(message, metadata=True)
        return {"channel": channel["id"], "ts": message["ts"], "message": shape}

    def _post_ephemeral(self, args: Record) -> Record:
        check_message(args)
        if str(args["channel"]).startswith(("U", "W")):
            raise Refused("channel_not_found")
        channel = self._to_write_in(args["channel"])
        person = args["user"]
        if not self._workspace.is_known(person) or person not in self._shapes.members(channel):
            raise Refused("user_not_in_channel")
        message = self._workspace.whisper(channel, person, _content(args))
        return {"message_ts": message["ts"]}

    def _update_message(self, args: Record) -> Record:
        check_message(args, update=True)
        channel, message = self._own_message(args, "cant_update_message")
        changed = self._workspace.rewrite(message, _content(args))
        shape = self._shapes.message(changed, metadata=True)
        return {"channel": channel["id"], "ts": changed["ts"], "text": changed["text"], "message": shape}

    def _delete_message(self, args: Record) -> Record:
        channel, message = self._own_message(args, "cant_delete_message")
        self._workspace.erase(message)
        return {"channel": channel["id"], "ts": message["ts"]}

    def _own_message(self, args: Record, refusal: str) -> tuple[Record, Record]:
        channel = self._workspace.channel(args["channel"])
        message = self._workspace.message(channel["id"], args["ts"])
        if not message["app"]:
            raise Refused(refusal)
        if channel["archived"]:
            raise Refused("is_archived")
        return channel, message

    def _to_write_in(self, wanted: Any) -> Record:
        """The channel to post in. A user id means the direct messages with that person."""
        if self._workspace.is_known(wanted):
            if wanted == self._workspace.bot or self._workspace.person(wanted)["deactivated"]:
                raise Refused("channel_not_found")
            return self._workspace.direct(self._workspace.bot, wanted)
        channel = self._workspace.channel(wanted)
        if channel["archived"]:
            raise Refused("is_archived")
        if channel["pair"] and any(self._is_deactivated(m) for m in channel["pair"]):
            raise Refused("is_archived")
        if self._workspace.bot not in channel["members"]:
            if channel["private"]:
                raise Refused("channel_not_found")
            if "chat:write.public" not in self._manifest.scopes:
                raise Refused("not_in_channel")
        return channel

    def _is_deactivated(self, user: str) -> bool:
        return user != self._workspace.bot and bool(self._workspace.person(user)["deactivated"])

    def _thread(self, channel: Record, ts: str) -> Record:
        try:
            return self._workspace.message(channel["id"], ts)
        except Refused:
            raise Refused("thread_not_found") from None

    # Views.

    def _open_view(self, args: Record) -> Record:
        check_view(args["view"], kind="modal")
        user = self._triggers.owner(_trigger(args))
        opened = self._views.open(user, args["view"])
        self._triggers.spend(_trigger(args))
        return {"view": self._views.payload(opened)}

    def _push_view(self, args: Record) -> Record:
        check_view(args["view"], kind="modal")
        user = self._triggers.owner(_trigger(args))
        pushed = self._views.push(user, args["view"])
        self._triggers.spend(_trigger(args))
        return {"view": self._views.payload(pushed)}

    def _update_view(self, args: Record) -> Record:
        view_id, external_id = args.get("view_id"), args.get("external_id")
        if not view_id and not external_id:
            raise invalid_arguments("missing required field: view_id or external_id")
        check_view(args["view"])
        updated = self._views.update(
            args["view"],
            view_id=view_id,
            external_id=external_id,
            expected=args.get("hash"),
        )
        return {"view": self._views.payload(updated)}

    def _publish_view(self, args: Record) -> Record:
        check_view(args["view"], kind="home")
        if not self._manifest.home_tab:
            raise Refused("not_enabled")
        if args["user_id"] == self._workspace.bot:
            raise invalid_arguments("user_id must be a person [json-pointer:/user_id]")
        try:
            self._workspace.person(args["user_id"])
        except Refused:
            raise invalid_arguments("user_id is unknown [json-pointer:/user_id]") from None
        home = self._views.publish(args["user_id"], args["view"], expected=args.get("hash"))
        return {"view": self._views.payload(home)}

    # Channels.

    def _open_direct(self, args: Record) -> Record:
        if args.get("channel"):
            channel = self._workspace.channel(args["channel"])
        else:
            channel = self._workspace.direct(self._workspace.bot, self._partner(args.get("users")))
        whole = args.get("return_im")
        return {"channel": self._shapes.channel(channel) if whole else {"id": channel["id"]}}

    def _partner(self, users: Any) -> str:
        named = [u.strip() for u in users.split(",")] if isinstance(users, str) else list(users or [])
        if not named or named == [""]:
            raise Refused("users_list_not_supplied")
        if len(named) > 1:
            raise Refused("too_many_users")
        if named[0] == self._workspace.bot:
            raise Refused("invalid_user_combination")
        if self._workspace.person(named[0])["deactivated"]:
            raise Refused("user_disabled")
        return str(named[0])

    def _info(self, args: Record) -> Record:
        channel = self._visible(args["channel"], READ_SCOPES)
        shape = self._shapes.channel(channel)
        if not args.get("include_num_members"):
            shape = {k: v for k, v in shape.items() if k != "num_members"}
        return {"channel": shape}

    def _members(self, args: Record) -> Record:
        channel = self._visible(args["channel"], READ_SCOPES)
        page, cursor = _page(self._shapes.members(channel), args, usual=100, most=1000)
        return {"members": page, "response_metadata": {"next_cursor": cursor}}

    def _list_channels(self, args: Record) -> Record:
        seen = [c for c in self._workspace.channels() if self._is_seen(c)]
        return self._channel_page(seen, args)

    def _channels_of(self, args: Record) -> Record:
        user = args.get("user") or self._workspace.bot
        if not self._workspace.is_known(user):
            raise Refused("user_not_found")
        seen = [c for c in self._workspace.channels() if user in c["members"] and self._is_seen(c)]
        return self._channel_page(seen, args)

    def _channel_page(self, channels: list[Record], args: Record) -> Record:
        kinds = self._kinds(args.get("types") or "public_channel")
        wanted = [
            c
            for c in channels
            if kind_of(c) in kinds and not (_flag(args, "exclude_archived") and c["archived"])
        ]
        page, cursor = _page(wanted, args, usual=100, most=1000)
        return {
            "channels": [self._shapes.channel(c) for c in page],
            "response_metadata": {"next_cursor": cursor},
        }

    def _kinds(self, types: str) -> set[str]:
        names = [t.strip() for t in types.split(",")]
        if any(t not in LIST_KINDS for t in names):
            raise Refused("invalid_types")
        kinds = {LIST_KINDS[t] for t in names}
        for kind in sorted(kinds & set(READ_SCOPES)):
            self._need(READ_SCOPES[kind])
        return kinds

    def _join(self, args: Record) -> Record:
        channel = self._workspace.channel(args["channel"])
        if channel["private"]:
            raise Refused("channel_not_found")
        if channel["archived"]:
            raise Refused("is_archived")
        if self._workspace.join(self._workspace.bot, channel):
            self._joined(channel)
        return {"channel": self._shapes.channel(channel)}

    def _history(self, args: Record) -> Record:
        channel = self._visible(args["channel"], HISTORY_SCOPES, member=True)
        newest_first = [
            m
            for m in reversed(self._workspace.messages(channel["id"]))
            if m["thread_ts"] in (None, m["ts"]) and _within(m["ts"], args)
        ]
        page, cursor = _page(newest_first, args, usual=100, most=999)
        return self._messages(page, cursor, args)

    def _replies(self, args: Record) -> Record:
        channel = self._visible(args["channel"], HISTORY_SCOPES, member=True)
        parent = self._thread(channel, args["ts"])
        replies = [
            m
            for m in self._workspace.messages(channel["id"])
            if m["thread_ts"] == parent["ts"] and _within(m["ts"], args)
        ]
        page, cursor = _page([parent, *replies], args, usual=1000, most=1000)
        return self._messages(page, cursor, args)

    def _messages(self, page: list[Record], cursor: str, args: Record) -> Record:
        metadata = _flag(args, "include_all_metadata")
        answer: Record = {
            "messages": [self._shapes.message(m, metadata=metadata) for m in page],
            "has_more": bool(cursor),
            "pin_count": 0,
        }
        return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})

    def _visible(self, wanted: Any, scopes: dict[str, str], *, member: bool = False) -> Record:
        """The channel, if the app may see it: a private one only from the inside."""
        channel = self._workspace.channel(wanted)
        if not self._is_seen(channel):
            raise Refused("channel_not_found")
        self._need(scopes[kind_of(channel)])
        if member and self._workspace.bot not in channel["members"]:
            raise Refused("not_in_channel")
        return channel

    def _is_seen(self, channel: Record) -> bool:
        return not channel["private"] or self._workspace.bot in channel["members"]

    def _need(self, scope: str) -> None:
        if scope not in self._manifest.scopes:
            raise missing_scope(self._manifest, (scope,))

    # People.

    def _user_info(self, args: Record) -> Record:
        shape = self._shapes.user(args["user"])
        return {"user": shape if _flag(args, "include_locale") else _without_locale(shape)}

    def _list_users(self, args: Record) -> Record:
        ours = [p["id"] for p in self._workspace.people() if not p["stranger_team"]]
        page, cursor = _page([self._workspace.bot, *ours], args, usual=1000, most=1000)
        shapes = [self._shapes.user(u) for u in page]
        members = shapes if _flag(args, "include_locale") else [_without_locale(s) for s in shapes]
        return {"members": members, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def missing_scope(manifest: Manifest, needed: tuple[str, ...]) -> Refused:
    provided = ",".join(sorted(manifest.scopes))
    return Refused("missing_scope", needed=",".join(needed), provided=provided)


def kind_of(channel: Record) -> str:
    if channel["pair"]:
        return "im"
    return "private" if channel["private"] else "public"


def _content(args: Record) -> Record:
    content = {k: args[k] for k in ("text", "blocks", "metadata", "thread_ts") if args.get(k) is not None}
    if args.get("markdown_text"):
        content["text"] = args["markdown_text"]
    return content


def _trigger(args: Record) -> str:
    pointer = args.get("trigger_id") or args.get("interactivity_pointer")
    if not pointer:
        raise invalid_arguments("missing required field: trigger_id or interactivity_pointer")
    return str(pointer)


def _without_locale(shape: Record) -> Record:
    return {k: v for k, v in shape.items() if k != "locale"}


def _flag(args: Record, name: str) -> bool:
    return args.get(name) in (True, 1, "1", "true", "True")


def _within(ts: str, args: Record) -> bool:
    """Between oldest and latest; the ends themselves only when asked for inclusively."""
    oldest, latest = args.get("oldest"), args.get("latest")
    for name, end in (("oldest", oldest), ("latest", latest)):
        if end is not None and not _is_moment(end):
            raise Refused(f"invalid_ts_{name}")
    inclusive = _flag(args, "inclusive")
    moment = float(ts)
    low, high = float(oldest or 0), float(latest or "inf")
    return low <= moment <= high if inclusive else low < moment < high


def _is_moment(value: Any) -> bool:
    if is_stamp(value):
        return True
    try:
        return float(value) >= 0
    except (TypeError, ValueError):
        return False


def _page(items: list[Any], args: Record, *, usual: int, most: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next; an empty cursor says that this was the last."""
    size = _limit(args.get("limit"), usual, most)
    start = _start(args.get("cursor"))
    after = start + size
    cursor = base64.b64encode(json.dumps({"from": after}).encode()).decode() if after < len(items) else ""
    return items[start:after], cursor


def _limit(wanted: Any, usual: int, most: int) -> int:
    if wanted in (None, "", 0, "0"):
        return usual
    try:
        size = int(wanted)
    except (TypeError, ValueError):
        raise Refused("invalid_limit") from None
    if not 1 <= size <= most:
        raise Refused("invalid_limit")
    return size


def _start(cursor: Any) -> int:
    if not cursor:
        return 0
    try:
        return int(json.loads(base64.b64decode(cursor))["from"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Refused("invalid_cursor") from None
