"""What the app hears about by itself: only the events its manifest subscribes to, in Slack's shapes."""

from typing import Any

from bot.sandbox.clock import SandboxClock, as_stamp
from bot.sandbox.payloads import Shapes
from bot.sandbox.sockets import Sockets
from bot.sandbox.world import Manifest

Record = dict[str, Any]


class Events:
    def __init__(
        self, *, manifest: Manifest, sockets: Sockets, shapes: Shapes, clock: SandboxClock, bot: str
    ) -> None:
        self._manifest = manifest
        self._sockets = sockets
        self._shapes = shapes
        self._clock = clock
        self._bot = bot

    def said(self, channel: Record, message: Record) -> None:
        """A person wrote something. The app hears it where it is a member and asked to hear."""
        kind = "im" if channel["pair"] else "group" if channel["private"] else "channel"
        subscription = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
        if self._bot in channel["members"]:
            shape = self._shapes.message(message)
            client = "".join(c for c in message["ts"] if c.isdigit())
            event = shape | {"client_msg_id": client, "channel": channel["id"], "channel_type": kind}
            self._tell(subscription, event, stamp=message["ts"])

    def home_opened(self, user: str, channel: Record, view: Record | None) -> None:
        event = {"type": "app_home_opened", "user": user, "channel": channel["id"], "tab": "home"}
        self._tell("app_home_opened", event | ({"view": view} if view else {}))

    def joined(self, user: str, channel: Record, *, inviter: str | None = None) -> None:
        self._tell("member_joined_channel", self._membership("joined", user, channel) | _inviter(inviter))

    def left(self, user: str, channel: Record) -> None:
        self._tell("member_left_channel", self._membership("left", user, channel))
        if user == self._bot:
            kind = "group_left" if channel["private"] else "channel_left"
            self._tell(kind, {"type": kind, "channel": channel["id"]})

    def shared(self, channel: Record, *, team: str) -> None:
        self._tell(
            "channel_shared",
            {"type": "channel_shared", "connected_team_id": team, "channel": channel["id"]},
        )

    def unshared(self, channel: Record, *, team: str) -> None:
        event = {"type": "channel_unshared", "previously_connected_team_id": team, "channel": channel["id"]}
        self._tell("channel_unshared", event | {"is_ext_shared": False})

    def archived(self, channel: Record, *, archived: bool, by: str) -> None:
        kind = ("group_" if channel["private"] else "channel_") + ("archive" if archived else "unarchive")
        self._tell(kind, {"type": kind, "channel": channel["id"], "user": by, "is_moved": 0})

    def person_changed(self, user: str) -> None:
        stamp = int(self._clock.now().timestamp())
        self._tell("user_change", {"type": "user_change", "user": self._shapes.user(user), "cache_ts": stamp})

    def _membership(self, verb: str, user: str, channel: Record) -> Record:
        return {
            "type": f"member_{verb}_channel",
            "user": user,
            "channel": channel["id"],
            "channel_type": "G" if channel["private"] else "C",
            "team": self._shapes.user(user)["team_id"],
        }

    def _tell(self, subscription: str, event: Record, *, stamp: str | None = None) -> None:
        if subscription in self._manifest.events:
            now = self._clock.now()
            stamped = event | {"event_ts": stamp or as_stamp(now)}
            self._sockets.tell(self._shapes.event(stamped, at=now.timestamp()))


def _inviter(inviter: str | None) -> Record:
    return {"inviter": inviter} if inviter else {}
