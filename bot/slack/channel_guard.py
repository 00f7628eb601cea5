"""Looks at a channel right before each post: who is in it, and whether it reaches outside (D6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from bot.slack.directory import Directory
from bot.slack.outcomes import explain, read
from bot.usecases.ports import ChannelSeen, PlaceBroken

_OUTSIDE = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")


class SlackChannelGuard:
    def __init__(self, client: WebClient, directory: Directory, *, bot_user: str | None = None) -> None:
        self._client, self._directory, self.bot_user = client, directory, bot_user

    def look(self, channel: str) -> ChannelSeen:
        """What is there now. Raises CertainlyNotSent or PerhapsSent when Slack cannot be asked."""
        self._directory.catch_up()  # somebody may have become a guest, and another process have heard of it
        try:
            info = self._info(channel)
            members = [m for m in self._members(channel) if m != self._who_am_i()]
        except PlaceBroken:
            return ChannelSeen(exists=False)
        guests = tuple(m for m in members if not self._is_full_member(m))
        return ChannelSeen(
            exists=True,
            private=bool(info.get("is_private")),
            shared_outside=any(info.get(k) for k in _OUTSIDE) or bool(info.get("connected_team_ids")),
            archived=bool(info.get("is_archived")),
            guests=guests,
            members=tuple(members),
            bot_inside=bool(info.get("is_member", True)),
        )

    def _info(self, channel: str) -> Any:
        return read(_asked("conversations.info", self._client.conversations_info, channel=channel), "channel")

    def _who_am_i(self) -> str:
        """The bot is in every channel it posts in, and is nobody's guest there."""
        if self.bot_user is None:
            self.bot_user = str(read(_asked("auth.test", self._client.auth_test), "user_id"))
        return self.bot_user

    def _is_full_member(self, user: str) -> bool:
        found = self._directory.find(user)
        return found is not None and found.full_member

    def _members(self, channel: str) -> Any:
        cursor = ""
        while True:
            page = self._page(channel, cursor)
            yield from read(page, "members")
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _page(self, channel: str, cursor: str) -> Any:
        how = {"channel": channel, "limit": 200, "cursor": cursor}
        return _asked("conversations.members", self._client.conversations_members, **how)


def _asked(method: str, ask: Callable[..., Any], **how: Any) -> Any:
    """What Slack answers. Raises what each fault means for whoever is owed something."""
    try:
        return ask(**how)
    except Exception as why:  # noqa: BLE001 - each kind is told apart by `explain`, which raises it on
        explain(why, method)
