"""A channel that reaches outside gets no more posts, and what stands there goes, whenever it happens (D6, D34)."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.meeting import Blocked
from bot.slack.channel_guard import SlackChannelGuard
from bot.slack.directory import Directory
from bot.usecases.faces import what_blocks
from bot.usecases.ports import ChannelSeen
from storage.engine import Database
from storage.tables import metadata
from tests.support.office import OfficeTown
from tests.usecases.test_agendas import CLOSED, MONDAY, WITH_A_GUEST, meeting_of, on_agenda

SHARED = replace(CLOSED, shared_outside=True)
A_STRANGER = replace(CLOSED, members=(*CLOSED.members, "U0PETER001"))
WHEN = ("before the look", "after the look", "while it is sent", "after it was sent")
RACES = 1_000 if os.environ.get("INDGANG_STORM") else 200


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/channel.db")
    metadata.create_all(database.writing)
    town = OfficeTown(database)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    on_agenda(town)
    town.jump_to(MONDAY, time(8, 0))
    return town


def standing(town: OfficeTown) -> list[str]:
    return town.heard(demo.OPEN_CHANNEL)


def named(town: OfficeTown) -> bool:
    """Whether a case is named in the channel."""
    with town.work() as work:
        aliases = [c.alias for c in work.cases.open()]
    return any(alias in said for said in standing(town) for alias in aliases)


class Sudden:
    """The channel changes at a moment of one post's way, and Slack tells of it then."""

    def __init__(self, town: OfficeTown, when: str, becomes: ChannelSeen) -> None:
        self.town, self.when, self.becomes = town, when, becomes
        self._look, self._send = town.slack.look, town.slack.send
        town.slack.look, town.slack.send = self.look, self.send  # type: ignore[method-assign]

    def happens(self) -> None:
        if self.when:
            self.when = ""
            self.town.slack.seen[demo.OPEN_CHANNEL] = self.becomes
            self.town.office.posts.look_again(demo.OPEN_CHANNEL, self.town.clock.at)

    def look(self, channel: str) -> ChannelSeen:
        if self.when == WHEN[0]:
            self.happens()
        seen = self._look(channel)
        if self.when == WHEN[1]:
            self.happens()
        return seen

    def send(self, to: str, message: Any, *, key: str) -> Any:
        ours = to == demo.OPEN_CHANNEL
        if ours and self.when == WHEN[2]:
            self.happens()
        sent = self._send(to, message, key=key)
        if ours and self.when == WHEN[3]:
            self.happens()
        return sent

    def over(self) -> None:
        self.town.slack.look, self.town.slack.send = self._look, self._send  # type: ignore[method-assign]


@pytest.mark.rule("D6", "D34")
def test_a_channel_that_is_shared_at_any_moment_of_a_posts_way_holds_nothing_a_minute_later(
    town: OfficeTown,
) -> None:
    """In each race what it becomes, and at which moment, by chance."""
    chance = random.Random(5)
    meeting = meeting_of(town)
    lone = town.person("Lone Ager")
    town.knock()
    assert named(town), "the closed face stands there"
    for race in range(RACES):
        town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
        becomes = chance.choice((SHARED, WITH_A_GUEST, A_STRANGER))
        when = chance.choice(WHEN)
        sudden = Sudden(town, when, becomes)
        town.office.posts.again(town.asked(lone), meeting.id)
        town.deliver()
        sudden.happens()  # if the post did not pass there
        town.clock.at += timedelta(seconds=1)
        town.deliver()
        sudden.over()
        assert not named(town), f"race {race}: {becomes}"
        assert becomes is A_STRANGER or standing(town) == [], f"race {race}: {when}"
    told = town.heard(lone)
    assert told, "the secretary hears why"


@pytest.mark.rule("D6", "D34")
@pytest.mark.parametrize("becomes", [SHARED, WITH_A_GUEST, A_STRANGER])
def test_news_that_was_lost_is_made_up_for_within_a_minute(town: OfficeTown, becomes: ChannelSeen) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    meeting_of(town)
    town.knock()
    town.knock()
    assert named(town), "the closed face stands there"
    town.slack.seen[demo.OPEN_CHANNEL] = becomes  # and nobody tells us
    town.jump(seconds=30)
    town.knock()
    assert named(town)
    town.jump(seconds=30)
    town.knock()
    assert not named(town)
    assert becomes is A_STRANGER or standing(town) == []


CHANNEL = {"id": "C1", "is_private": True, "is_member": True}
MEMBERS: dict[str, dict[str, Any]] = {"U1": {}, "U2": {}}


class SlackChannels:
    def __init__(self, channel: dict[str, Any], members: dict[str, dict[str, Any]]) -> None:
        self._channel, self._members = channel, members

    def conversations_info(self, **_: Any) -> Any:
        return {"channel": self._channel}

    def conversations_members(self, *, cursor: str = "", **_: Any) -> Any:
        """One on each page: whoever stands on the last is seen as well."""
        ids = list(self._members)
        at = int(cursor or 0)
        following = str(at + 1) if at + 1 < len(ids) else ""
        return {"members": ids[at : at + 1], "response_metadata": {"next_cursor": following}}

    def users_info(self, *, user: str) -> Any:
        return {"user": {"id": user, "team_id": "T1", "real_name": user, **self._members[user]}}


def seen(channel: dict[str, Any], members: dict[str, dict[str, Any]]) -> ChannelSeen:
    slack: Any = SlackChannels({**CHANNEL, **channel}, members)
    return SlackChannelGuard(slack, Directory(slack, team="T1"), bot_user="U0BOT").look("C1")


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("channel", "newcomer", "why"),
    [
        ({}, {}, None),
        ({"is_archived": True}, {}, Blocked.ARCHIVED),
        ({"is_ext_shared": True}, {}, Blocked.SHARED),
        ({"is_pending_ext_shared": True}, {}, Blocked.SHARED),
        ({"is_org_shared": True}, {}, Blocked.SHARED),
        ({"is_shared": True}, {}, Blocked.SHARED),
        ({"connected_team_ids": ["T2"]}, {}, Blocked.SHARED),
        ({"is_member": False}, {}, Blocked.GONE),
        ({}, {"is_restricted": True}, Blocked.GUEST),
        ({}, {"is_ultra_restricted": True}, Blocked.GUEST),
        ({}, {"is_stranger": True}, Blocked.GUEST),
        ({}, {"is_bot": True}, Blocked.GUEST),
        ({}, {"deleted": True}, Blocked.GUEST),
        ({}, {"team_id": "T2"}, Blocked.GUEST),
    ],
)
def test_each_thing_that_stops_a_post_stops_it_alone(
    channel: dict[str, Any], newcomer: dict[str, Any], why: Blocked | None
) -> None:
    assert what_blocks(seen(channel, {**MEMBERS, "U3": newcomer})) == why
