"""The bot's voice: the only caller of chat.*. One attempt a call; trying again is delivery's decision."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.slack.outcomes import explain
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken, Sent

EVENT_TYPE = "indgang_notice"


class SlackMessenger:
    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._free_from = 0.0  # monotonic; Slack has asked for silence until then

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        """`key` goes along in the message's metadata, opaque, so that a doubtful one can be looked for."""
        self._heed_the_pause()
        try:
            answer = self._client.chat_postMessage(
                channel=to,
                text=message["text"],
                blocks=message["blocks"],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except Exception as why:  # noqa: BLE001 - `explain` knows each kind, and raises what it does not know
            self._heed(why)
            explain(why)
        return Sent(str(answer["channel"]), str(answer["ts"]))

    def edit(self, channel: str, ts: str, message: Any) -> None:
        try:
            self._client.chat_update(channel=channel, ts=ts, text=message["text"], blocks=message["blocks"])
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why)

    def delete(self, channel: str, ts: str) -> None:
        try:
            self._client.chat_delete(channel=channel, ts=ts)
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why)

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        """The message with our key among what stands in the conversation since then."""
        try:
            channel = self._conversation(to)
            for message in self._history(channel, since):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == key:
                    return Sent(channel, str(message["ts"]))
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why)
        return None

    def _conversation(self, to: str) -> str:
        if to[:1] in "UW":
            return str(self._client.conversations_open(users=to)["channel"]["id"])
        return to

    def _history(self, channel: str, since: datetime) -> Any:
        cursor = ""
        while True:
            page = self._client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            )
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _heed(self, why: Exception) -> None:
        """What Slack's *Retry-After* asks for holds for every message, not only for the one that was refused."""
        try:
            explain(why)
        except CertainlyNotSent as meant:
            if meant.retry_after:
                self._free_from = time.monotonic() + meant.retry_after
        except (PerhapsSent, PlaceBroken, NeverSendable):
            return

    def _heed_the_pause(self) -> None:
        left = self._free_from - time.monotonic()
        if left > 0:
            raise CertainlyNotSent("ratelimited", left)
