"""The shapes Slack speaks in: users, channels, messages, and what is pushed when somebody does something."""

import secrets
import time

from bot.sandbox.store import Record
from bot.sandbox.workspace import Workspace

TOKEN = "sandbox-verification-token"


class Shapes:
    """Turns what the workspace remembers into what Slack sends."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._team = workspace.world.team
        self._bot = workspace.world.bot

    # What methods answer with.

    def user(self, user: str) -> Record:
        return self._bot_user() if user == self._bot.user_id else self._human(self._workspace.person(user))

    def channel(self, channel: Record) -> Record:
        if channel["pair"]:
            return self._direct(channel)
        connected = [channel["connected"] or self._workspace.stranger_team(None)] if channel["shared"] else []
        topic = {"value": channel["topic"], "creator": "", "last_set": 0}
        return {
            "id": channel["id"],
            "name": channel["name"],
            "name_normalized": channel["name"],
            "is_channel": not channel["private"],
            "is_group": channel["private"],
            "is_im": False,
            "is_mpim": False,
            "is_private": channel["private"],
            "is_archived": channel["archived"],
            "is_general": False,
            "is_member": self._bot.user_id in channel["members"],
            "is_shared": channel["shared"],
            "is_ext_shared": channel["shared"],
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "pending_connected_team_ids": [],
            "connected_team_ids": connected,
            "shared_team_ids": [self._team["id"], *connected],
            "context_team_id": self._team["id"],
            "created": int(self._workspace.world.clock_start.timestamp()),
            "creator": "",
            "unlinked": 0,
            "topic": topic,
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members(channel)),
        }

    def members(self, channel: Record) -> list[str]:
        """Slack does not count those who have been deactivated."""
        gone = {p["id"] for p in self._workspace.people() if p["deactivated"]}
        return [m for m in channel["members"] if m not in gone]

    def message(self, message: Record, *, metadata: bool = False) -> Record:
        shape: Record = {
            "type": "message",
            "user": message["user"],
            "text": message["text"],
            "ts": message["ts"],
            "team": self._team["id"],
        }
        if message["app"]:
            shape |= {"bot_id": self._bot.bot_id, "app_id": self._bot.app_id, "bot_profile": self._profile()}
        if message["blocks"]:
            shape["blocks"] = message["blocks"]
        if message["thread_ts"]:
            shape["thread_ts"] = message["thread_ts"]
        if message["edited"]:
            shape["edited"] = {"user": message["user"], "ts": message["edited"]}
        if metadata and message["metadata"]:
            shape["metadata"] = message["metadata"]
        return shape

    # What is pushed.

    def event(self, event: Record, *, at: float) -> Record:
        return {
            "token": TOKEN,
            "team_id": self._team["id"],
            "context_team_id": self._team["id"],
            "context_enterprise_id": None,
            "api_app_id": self._bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev0" + secrets.token_hex(4).upper(),
            "event_time": int(at),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._team["id"],
                    "user_id": self._bot.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                },
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_urlsafe(24),
        }

    def command(
        self,
        *,
        user: str,
        channel: Record,
        command: str,
        text: str,
        trigger_id: str,
        response_url: str,
    ) -> Record:
        return {
            "token": TOKEN,
            "team_id": self._team["id"],
            "team_domain": self._team["domain"],
            "channel_id": channel["id"],
            "channel_name": self._channel_name(channel),
            "user_id": user,
            "user_name": self._handle(user),
            "command": command,
            "text": text,
            "api_app_id": self._bot.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": trigger_id,
        }

    def interaction(self, kind: str, user: str) -> Record:
        """What every interactive payload begins with."""
        team = self._workspace.person(user)["stranger_team"] or self._team["id"]
        handle = self._handle(user)
        return {
            "type": kind,
            "user": {"id": user, "username": handle, "name": handle, "team_id": team},
            "api_app_id": self._bot.app_id,
            "token": TOKEN,
            "team": {"id": self._team["id"], "domain": self._team["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def channel_reference(self, channel: Record) -> Record:
        return {"id": channel["id"], "name": self._channel_name(channel)}

    def _channel_name(self, channel: Record) -> str:
        if channel["pair"]:
            return "directmessage"
        return "privategroup" if channel["private"] else str(channel["name"])

    def _direct(self, channel: Record) -> Record:
        other = [m for m in channel["pair"] if m != self._bot.user_id]
        return {
            "id": channel["id"],
            "created": int(self._workspace.world.clock_start.timestamp()),
            "is_archived": False,
            "is_im": True,
            "is_channel": False,
            "is_group": False,
            "is_mpim": False,
            "is_private": True,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "connected_team_ids": [],
            "context_team_id": self._team["id"],
            "is_member": True,
            "user": other[0],
            "is_user_deleted": bool(self._workspace.person(other[0])["deactivated"]),
            "num_members": 2,
            "priority": 0,
        }

    def _human(self, person: Record) -> Record:
        stranger = person["stranger_team"]
        return {
            "id": person["id"],
            "team_id": stranger or self._team["id"],
            "name": self._handle(person["id"]),
            "real_name": person["name"],
            "deleted": person["deactivated"],
            "profile": {
                "real_name": person["name"],
                "real_name_normalized": person["name"],
                "display_name": person["name"],
                "display_name_normalized": person["name"],
                "title": person["title"],
                "team": stranger or self._team["id"],
            },
            "is_bot": False,
            "is_app_user": False,
            "is_restricted": person["guest"],
            "is_ultra_restricted": False,
            "is_stranger": stranger is not None,
            "is_admin": person["admin"],
            "is_owner": False,
            "is_primary_owner": False,
            "locale": person["locale"],
            "tz": person["tz"],
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "updated": int(self._workspace.world.clock_start.timestamp()),
        }

    def _bot_user(self) -> Record:
        return {
            "id": self._bot.user_id,
            "team_id": self._team["id"],
            "name": self._handle(self._bot.user_id),
            "real_name": self._bot.name,
            "deleted": False,
            "profile": {
                "real_name": self._bot.name,
                "display_name": "",
                "title": "",
                "api_app_id": self._bot.app_id,
                "bot_id": self._bot.bot_id,
                "team": self._team["id"],
            },
            "is_bot": True,
            "is_app_user": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_stranger": False,
            "is_admin": False,
            "is_owner": False,
            "locale": "en-US",
            "tz": "Europe/Copenhagen",
            "updated": int(time.time()),
        }

    def _profile(self) -> Record:
        return {
            "id": self._bot.bot_id,
            "app_id": self._bot.app_id,
            "name": self._bot.name,
            "team_id": self._team["id"],
            "deleted": False,
        }

    def _handle(self, user: str) -> str:
        return self._workspace.name_of(user).lower().replace(" ", ".")
