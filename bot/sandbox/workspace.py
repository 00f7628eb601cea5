"""The workspace as it stands: people, channels, messages and who has read what."""

import secrets
import string
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.clock import SandboxClock, after, as_stamp
from bot.sandbox.refusals import Refused
from bot.sandbox.store import Store
from bot.sandbox.strict import with_ids
from bot.sandbox.world import CHANNEL, World

Record = dict[str, Any]
UNKNOWN_TEAM = "T0FREMMED1"


class Workspace:
    """Every change is remembered at once and told to `changed`, which wakes the pages that look on."""

    def __init__(self, store: Store, world: World, clock: SandboxClock, changed: Callable[[], None]) -> None:
        self.world = world
        self._clock = clock
        self._changed = changed
        self._people = store.shelf("people")
        self._channels = store.shelf("channels")
        self._messages = store.shelf("messages")
        self._read = store.shelf("read")
        self._choices = store.shelf("choices")
        self._settle(world)
        self._by_channel: dict[str, dict[str, Record]] = {}
        for message in self._messages.values():
            self._by_channel.setdefault(message["channel"], {})[message["ts"]] = message

    def _settle(self, world: World) -> None:
        """What the world file tells is true the first time; after that the workspace remembers for itself."""
        for person in world.people:
            if person["id"] not in self._people:
                self._people.put(person["id"], dict(person))
        for channel in world.channels:
            if channel["id"] not in self._channels:
                self._channels.put(channel["id"], channel | {"last_ts": "0000000000.000000"})

    # People.

    @property
    def bot(self) -> str:
        return self.world.bot.user_id

    def people(self) -> list[Record]:
        """In the order of the world file, so that a town looks the same after a restart."""
        order = {person["id"]: place for place, person in enumerate(self.world.people)}
        return sorted(self._people.values(), key=lambda one: order.get(one["id"], len(order)))

    def person(self, user: Any) -> Record:
        person = self._people.get(user) if isinstance(user, str) else None
        if person is None:
            raise Refused("user_not_found")
        known: Record = person
        return known

    def name_of(self, user: str) -> str:
        return self.world.bot.name if user == self.bot else str(self.person(user)["name"])

    def is_known(self, user: Any) -> bool:
        return user == self.bot or user in self._people

    def set_deactivated(self, user: str, *, deactivated: bool) -> Record:
        person = self.person(user)
        person["deactivated"] = deactivated
        self._people.put(user, person)
        self._changed()
        return person

    # Channels.

    def channels(self) -> list[Record]:
        return list(self._channels.values())

    def channel(self, channel: Any) -> Record:
        found = self._channels.get(channel) if isinstance(channel, str) else None
        if found is None:
            raise Refused("channel_not_found")
        known: Record = found
        return known

    def channels_of(self, user: str) -> list[Record]:
        """What stands in this person's sidebar. A guest or a stranger sees only what they are members of."""
        person = self._people.get(user) or {}
        outside = person.get("guest") or person.get("stranger_team")
        return [
            c
            for c in self.channels()
            if user in c["members"] or not (c["private"] or c["pair"] or c["archived"] or outside)
        ]

    def direct(self, one: str, other: str) -> Record:
        """The direct messages of two people, opened the first time they are asked for."""
        pair = sorted((one, other))
        for channel in self.channels():
            if channel["pair"] == pair:
                return channel
        opened = CHANNEL | {
            "id": "D0" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(8)),
            "name": "",
            "private": True,
            "pair": pair,
            "members": pair,
            "last_ts": "0000000000.000000",
        }
        self._keep_channel(opened)
        return opened

    def join(self, user: str, channel: Record) -> bool:
        """True when this was news."""
        if user in channel["members"]:
            return False
        channel["members"] = [*channel["members"], user]
        self._keep_channel(channel)
        self.read(user, channel)
        return True

    def leave(self, user: str, channel: Record) -> bool:
        if user not in channel["members"]:
            return False
        channel["members"] = [m for m in channel["members"] if m != user]
        self._keep_channel(channel)
        return True

    def set_archived(self, channel: Record, *, archived: bool) -> None:
        channel["archived"] = archived
        self._keep_channel(channel)

    def set_shared(self, channel: Record, *, team: str | None) -> None:
        channel["shared"] = team is not None
        channel["connected"] = team
        self._keep_channel(channel)

    def stranger_team(self, user: str | None) -> str:
        """The team a channel is shared with: that of the stranger named, or of any stranger known."""
        teams = [p["stranger_team"] for p in self.people() if p["stranger_team"] and user in (None, p["id"])]
        return teams[0] if teams else UNKNOWN_TEAM

    # Messages.

    def post(self, channel: Record, user: str, content: Record) -> Record:
        """A message everybody in the channel sees. `content` holds text, blocks, metadata, thread_ts."""
        message = self._message(channel, user, content)
        self._by_channel.setdefault(channel["id"], {})[message["ts"]] = message
        self._keep_message(message)
        if not message["app"]:
            self.read(user, channel)
        return message

    def whisper(self, channel: Record, to: str, content: Record) -> Record:
        """An ephemeral message: only one person sees it, and history never shows it."""
        message = self._message(channel, self.bot, content) | {"only": to}
        self._by_channel.setdefault(channel["id"], {})[message["ts"]] = message
        self._keep_message(message)
        return message

    def rewrite(self, message: Record, content: Record) -> Record:
        for name in ("text", "metadata"):
            if content.get(name) is not None:
                message[name] = content[name]
        if content.get("blocks") is not None:
            message["blocks"] = with_ids(content["blocks"])
        message["edited"] = as_stamp(self._clock.now())
        self._keep_message(message)
        return message

    def erase(self, message: Record) -> None:
        self._by_channel[message["channel"]].pop(message["ts"], None)
        self._messages.drop(_key(message))
        self._changed()

    def message(self, channel: str, ts: Any, *, seen_by: str | None = None) -> Record:
        """The message, ephemeral ones only for the person who sees them."""
        message = self._by_channel.get(channel, {}).get(ts) if isinstance(ts, str) else None
        if message is None or message["only"] not in (None, seen_by):
            raise Refused("message_not_found")
        return message

    def messages(self, channel: str, *, seen_by: str | None = None) -> list[Record]:
        """Oldest first; without a person, only what everybody sees."""
        found = self._by_channel.get(channel, {}).values()
        return sorted((m for m in found if m["only"] in (None, seen_by)), key=lambda m: str(m["ts"]))

    def latest_stamp(self) -> str:
        return max((c["last_ts"] for c in self.channels()), default="0000000000.000000")

    def choices(self, message: Record, user: str) -> Record:
        """What this person has chosen in the menus of a message."""
        return dict(self._choices.get(f"{_key(message)}/{user}") or {})

    def choose(self, message: Record, user: str, values: Record) -> None:
        self._choices.put(f"{_key(message)}/{user}", values)

    # Read and unread.

    def read(self, user: str, channel: Record) -> None:
        self._read.put(f"{user}/{channel['id']}", channel["last_ts"])
        self._changed()

    def unread(self, user: str, channel: Record) -> int:
        if user not in channel["members"]:
            return 0
        mark = self._read.get(f"{user}/{channel['id']}") or ""
        return sum(m["ts"] > mark and m["user"] != user for m in self._unhidden(channel["id"], user))

    def _unhidden(self, channel: str, user: str) -> Iterator[Record]:
        return (m for m in self._by_channel.get(channel, {}).values() if m["only"] in (None, user))

    def _message(self, channel: Record, user: str, content: Record) -> Record:
        channel["last_ts"] = max(after(channel["last_ts"]), as_stamp(self._clock.now()))
        self._channels.put(channel["id"], channel)
        blocks = content.get("blocks")
        return {
            "channel": channel["id"],
            "ts": channel["last_ts"],
            "user": user,
            "app": user == self.bot,
            "text": content.get("text") or "",
            "blocks": with_ids(blocks) if blocks else None,
            "metadata": content.get("metadata"),
            "thread_ts": content.get("thread_ts"),
            "edited": None,
            "only": None,
        }

    def _keep_message(self, message: Record) -> None:
        self._messages.put(_key(message), message)
        self._changed()

    def _keep_channel(self, channel: Record) -> None:
        self._channels.put(channel["id"], channel)
        self._changed()


def _key(message: Record) -> str:
    return f"{message['channel']}/{message['ts']}"
