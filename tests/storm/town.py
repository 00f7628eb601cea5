"""The town with the bot's own voice in it, speaking with Slack's file; and the one who comes after somebody died."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from bot.assembly import put_together
from bot.demo import town as demo
from bot.slack.channel_guard import SlackChannelGuard
from bot.slack.directory import Directory
from bot.slack.messenger import SlackMessenger
from storage.engine import Database
from storage.sealing import KeyRing
from tests.storm.slack_file import OK, Faults, FileClient, SlackFile
from tests.support.office import CountingChance, HandClock, OfficeTown

MEMBERS = tuple(c.id for c in demo.CAST if c.posts and c.in_channel)


class Chance(CountingChance):
    """Ids of two letters and a number, so that those of two processes never meet."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix, self._one_asks = prefix, threading.Lock()

    def id(self) -> str:
        with self._one_asks:
            self._count += 1
            return f"{self._prefix}{self._count:05d}"


class FileTown(OfficeTown):
    """`step` is told of every call to Slack; which behaviour a call meets, `faults` says. `slacks_clock` dates what is
    said; None: ours does.
    """

    def __init__(
        self,
        database: Database,
        slack: SlackFile,
        *,
        keys: KeyRing,
        prefix: str = "ra",
        clock: Any = None,
        chance: Any = None,
        settle: bool = False,
        slacks_clock: Any = None,
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.clock, self._askings = clock or HandClock(), 0
        self.faults: Faults = lambda _method, _about: OK
        client: Any = FileClient(
            slack,
            now=(slacks_clock or self.clock).now,
            faults=lambda method, about: self.faults(method, about),
            members=MEMBERS,
            step=step,
        )
        directory = Directory(client, team=demo.TEAM)
        self.messenger = SlackMessenger(client)
        self.house = put_together(
            database=database,
            keys=keys,
            clock=self.clock,
            messenger=self.messenger,
            guard=SlackChannelGuard(client, directory),
            first_administrator=demo.FIRST_ADMINISTRATOR,
            chance=chance or Chance(prefix),
        )
        self.office = self.house.office
        if settle:
            demo.settle_people(self.house)

    def jump(self, **step: float) -> None:
        super().jump(**step)
        if hasattr(self.messenger, "_free_from"):
            self.messenger._free_from = 0.0  # the machine's own clock has hardly moved
