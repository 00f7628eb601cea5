"""The bot's voice: the only caller of chat.*. One attempt a call; trying again is delivery's decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.slack.outcomes import explain, read
from bot.usecases.ports import NeverSendable, PlaceBroken, Sent

EVENT_TYPE = "indgang_notice"


class SlackMessenger:
    def __init__(self, client: WebClient) -> None:
        self._client = client

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        """`key` goes along in the message's metadata, opaque, so that a doubtful one can be looked for."""
        try:
            answer = self._client.chat_postMessage(
                channel=to,
                text=message["text"],
                blocks=message["blocks"],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why, "chat.postMessage")
        return Sent(str(read(answer, "channel")), str(read(answer, "ts")))

    def edit(self, channel: str, ts: str, message: Any) -> None:
        try:
            self._client.chat_update(channel=channel, ts=ts, text=message["text"], blocks=message["blocks"])
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why, "chat.update")

    def delete(self, channel: str, ts: str) -> None:
        """One that is gone already is as it should be."""
        try:
            try:
                self._client.chat_delete(channel=channel, ts=ts)
            except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
                explain(why, "chat.delete")
        except NeverSendable as why:
            if why.code != "message_not_found":
                raise

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        """The message with our key among what stands in the conversation since then; the first, if it stands twice."""
        found = [sent for known, sent in self.standing(to, since=since) if known == key]
        return min(found, key=lambda sent: float(sent.ts), default=None)

    def standing(self, to: str, *, since: datetime) -> list[tuple[str, Sent]]:
        """Our own messages in the conversation since then, each with its key."""
        channel = self._conversation(to)
        found = []
        for message in self._history(channel, since):
            if key := _key_of(message):
                found.append((str(key), Sent(channel, str(read(message, "ts")))))
        return found

    def has_left(self, person: str) -> bool:
        try:
            try:
                answer = self._client.users_info(user=person)
            except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
                explain(why, "users.info")
            user = read(answer, "user")
            return isinstance(user, dict) and bool(user.get("deleted"))
        except PlaceBroken:
            return True

    def _conversation(self, to: str) -> str:
        if to[:1] not in ("U", "W"):
            return to
        try:
            answer = self._client.conversations_open(users=to)
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why, "conversations.open")
        return str(read(answer, "channel", "id"))

    def _history(self, channel: str, since: datetime) -> Iterator[Any]:
        cursor = ""
        while True:
            page = self._page(channel, since, cursor)
            yield from read(page, "messages")
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _page(self, channel: str, since: datetime, cursor: str) -> Any:
        try:
            return self._client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            )
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why, "conversations.history")


def _key_of(message: Any) -> str | None:
    """None of what is not ours: another app may write what it likes in its messages."""
    if not isinstance(message, dict):
        return None
    about = message.get("metadata") or {}
    if about.get("event_type", EVENT_TYPE) != EVENT_TYPE:
        return None
    return (about.get("event_payload") or {}).get("key") or _key_of_block(message)


def _key_of_block(message: Any) -> str | None:
    """The first block carries the key too (bot/views/notices.py): metadata is not shown to everybody who may read."""
    first: Any = next(iter(message.get("blocks") or ()), {})
    name = str(first.get("block_id") or "")
    return name.removeprefix("n:") if name.startswith("n:") else None
