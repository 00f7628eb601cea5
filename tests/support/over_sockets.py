"""The demo town served by several processes over Socket Mode, and a clock beside them, as on PostgreSQL (D13).

They are forked: what takes long in a start is reading the program, and that has been done here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from bot.assembly import House
from bot.demo import town as demo
from storage.upgrade import upgrade
from tests.support import processes
from tests.support.over_http import Bot, not_ours
from tests.support.stage import Stage
from tests.support.town import MANIFEST, RunningTown


class Fork:
    """As much of `subprocess.Popen` as a bot in a test is asked for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if ended else None
        return self._code

    def wait(self, within: float = 20) -> int:
        until = time.monotonic() + within
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("bot", within)
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedBot(Bot):
    def start(self) -> None:
        with self._file.open("ab") as log:
            pid = os.fork()
            if pid == 0:
                processes.be(self._command, {**not_ours(), **self._environment}, self._folder, log)
        self.process = Fork(pid)  # type: ignore[assignment]


AGAIN_AFTER = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds until an event that nobody acknowledged comes again; Slack's own are at once, a minute, five minutes."""


class SocketTown(RunningTown):
    """`with SocketTown(address, folder, replicas=2) as town: town.person("Maja Holm").says("hej")`.

    Not for the judge: what was asked on a line that broke is never acknowledged, and nobody could.
    """

    def __init__(
        self, database_url: str, folder: Path, *, settle: Any = demo.settle_people, replicas: int = 2
    ) -> None:
        super().__init__(database_url, settle=settle, judged=False)
        self.stage = Stage(demo.world(), MANIFEST, retries=AGAIN_AFTER)
        self.folder, self.replicas = folder, replicas

    def start_bot(self) -> None:
        self.house = House.build(self.settings())
        upgrade(self.house.storage.database)
        self._settle(self.house)
        self.house.storage.database.close()  # before the forks: nobody speaks on another's line
        commands = ["serve"] * self.replicas + ["clock"]
        self.bots = [ForkedBot(self.environment(), self.folder, command) for command in commands]
        for bot in self.bots:
            bot.waits_until_ready()
        self.stage.waits_for_the_bot(connections=self.replicas, within=60)

    def stop_bot(self) -> None:
        for bot in self.bots:
            bot.is_told_to_stop()
        for bot in self.bots:
            bot.is_ended()
        self.house.close()

    def environment(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.stage.bot_token,
            "SLACK_APP_TOKEN": self.stage.app_token,
            "SLACK_API_URL": self.stage.base_url,
            "DATABASE_URL": self.database_url,
            "INDGANG_KEYS": self.key,
            "INDGANG_TEAM": demo.TEAM,
            "INDGANG_FIRST_ADMINISTRATOR": demo.FIRST_ADMINISTRATOR,
            "INDGANG_CLOCK_URL": self.stage.clock_url,
            "INDGANG_LOG": "json",
        }
