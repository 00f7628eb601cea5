"""What one of several processes has heard from Slack, the others act upon: a guest is out everywhere at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack.channel_guard import SlackChannelGuard
from bot.slack.directory import Directory
from handlers.doorkeeper import Doorkeeper, Stranger
from storage.engine import Database
from storage.news import PeopleNews
from tests.support.office import OfficeTown

TEAM, MAJA, CHANNEL = "T0ENINDGANG", "U0MAJA0001", "C1"


class Workspace:
    """Slack's answers, which change when somebody becomes a guest."""

    def __init__(self, team: str) -> None:
        self.team, self.guests = team, set[str]()

    def users_info(self, *, user: str) -> dict[str, Any]:
        return {
            "user": {
                "id": user,
                "team_id": self.team,
                "name": "Maja Holm",
                "is_restricted": user in self.guests,
            }
        }

    def conversations_info(self, *, channel: str) -> dict[str, Any]:
        return {"channel": {"id": channel, "is_member": True}}

    def conversations_members(self, **_: Any) -> dict[str, Any]:
        return {"members": [MAJA, "UBOT"]}


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)


@pytest.fixture
def two(town: OfficeTown) -> tuple[Workspace, Directory, Directory]:
    """Two processes' directories on one database; both have asked for Maja a moment ago."""
    slack = Workspace(town.person("Maja Holm").team)
    first, second = (
        Directory(slack, team=slack.team, news=PeopleNews(town.house.storage.database))  # type: ignore[arg-type]
        for _ in range(2)
    )
    for directory in (first, second):
        directory.catch_up()
        assert directory.find(MAJA).full_member  # type: ignore[union-attr]
    return slack, first, second


def test_a_guest_in_the_channel_is_seen_by_a_process_that_was_not_told(
    two: tuple[Workspace, Directory, Directory],
) -> None:
    slack, told, other = two
    slack.guests.add(MAJA)
    told.forget(MAJA)
    guard = SlackChannelGuard(slack, other, bot_user="UBOT")  # type: ignore[arg-type]
    assert guard.look(CHANNEL).guests == (MAJA,)


def test_who_has_become_a_guest_is_turned_away_by_a_process_that_was_not_told(
    town: OfficeTown, two: tuple[Workspace, Directory, Directory]
) -> None:
    slack, told, other = two
    people, at = town.office.people, datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    slack.guests.add(MAJA)
    told.forget(MAJA)
    people.deactivated(MAJA, at=at)
    with pytest.raises(Stranger):
        Doorkeeper(other, people, team=slack.team).let_in(MAJA, slack.team, at=at)
    found = people.known(MAJA, at=at)
    assert found is not None
    assert not found.active  # and is not written down anew


def test_who_nobody_has_told_of_is_not_asked_for_again(two: tuple[Workspace, Directory, Directory]) -> None:
    slack, _, other = two
    slack.guests.add(MAJA)
    other.catch_up()
    assert other.find(MAJA).full_member  # type: ignore[union-attr]
