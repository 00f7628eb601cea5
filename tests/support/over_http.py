"""The demo town with the bot as a process of its own, heard over HTTP: `indgang serve --http`, as it is installed."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.assembly import House
from bot.demo import town as demo
from storage.upgrade import upgrade
from tests.support.processes import OURS
from tests.support.stage import Stage
from tests.support.town import MANIFEST, ROOT, RunningTown
from tests.support.wire import waits_until

PATH = "/slack/events"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def not_ours() -> dict[str, str]:
    """What this machine is like, without what the build tells the tests: an unknown setting is refused at start."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def _children(parent: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


class Bot:
    """One `indgang` process. `log` is everything it wrote."""

    def __init__(self, environment: dict[str, str], folder: Path, *command: str, status: bool = True) -> None:
        """Not `status`: a command that ends by itself."""
        self.status = free_port()
        self._file = folder / f"bot-{self.status}.log"
        self._folder, self._environment = folder, environment
        self._command = [*command, *(["--status", f"127.0.0.1:{self.status}"] if status else [])]
        self.start()

    def start(self) -> None:
        with self._file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *self._command],
                cwd=self._folder,
                env={**not_ours(), "PYTHONPATH": str(ROOT), **self._environment},
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> list[dict[str, Any]]:
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    @property
    def words(self) -> str:
        return self._file.read_text(encoding="utf-8")

    def asks(self, page: str) -> tuple[int, str]:
        """(0, "") when nobody answers there."""
        line = http.client.HTTPConnection("127.0.0.1", self.status, timeout=5)
        try:
            line.request("GET", page)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            line.close()

    def waits_until_ready(self) -> None:
        def looks() -> bool:
            assert self.process.poll() is None, self.words[-3000:]
            return self.asks("/readyz")[0] == 200

        waits_until(looks, within=60)

    def is_told_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def is_killed(self) -> None:
        """The whole of it, without a word: the master and its workers."""
        for child in _children(self.process.pid):
            os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def ends(self, within: float = 20) -> int:
        return self.process.wait(within)

    def is_ended(self) -> None:
        if self.process.poll() is None:
            self.is_told_to_stop()
            try:
                self.ends()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.ends()


class HttpTown(RunningTown):
    """`with HttpTown(database_url, folder) as town: town.person("Maja Holm").types("/sag ny")`.

    `replicas`: that many `serve` processes behind a load balancer, and a `clock` beside them; one does everything.
    `over_sockets`: the same processes, heard over Socket Mode.
    """

    def __init__(
        self,
        database_url: str,
        folder: Path,
        *,
        settle: Any = demo.settle_people,
        replicas: int = 1,
        over_sockets: bool = False,
    ) -> None:
        self._over_sockets = over_sockets
        super().__init__(database_url, settle=settle)
        self.folder, self.ports = folder, [free_port() for _ in range(replicas)]
        urls = ",".join(f"http://127.0.0.1:{port}{PATH}" for port in self.ports)
        heard_at = None if over_sockets else urls
        self.stage = Stage(demo.world(), MANIFEST, request_url=heard_at, retries=(0.0, 0.5, 1.0))

    def start_bot(self) -> None:
        self.house = House.build(self.settings())
        upgrade(self.house.storage.database)
        self._settle(self.house)
        alone = ["--with-clock"] if len(self.ports) == 1 else []
        self.serving = [
            Bot(self.environment(), self.folder, "serve", *alone, *self._way(port)) for port in self.ports
        ]
        self.clock = None if alone else Bot(self.environment(), self.folder, "clock")
        try:
            for bot in self.bots:
                bot.waits_until_ready()
            if self._over_sockets:
                self.stage.waits_for_the_bot()
        except BaseException:
            self.stop_bot()  # whoever did not start well leaves no process behind
            raise

    def _way(self, port: int) -> list[str]:
        return [] if self._over_sockets else ["--http", f"127.0.0.1:{port}"]

    @property
    def bots(self) -> list[Bot]:
        return [*self.serving, *filter(None, [self.clock])]

    def stop_bot(self) -> None:
        for bot in self.bots:
            bot.is_told_to_stop()
        for bot in self.bots:
            bot.is_ended()
        self.house.close()

    def environment(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.stage.bot_token,
            "SLACK_SIGNING_SECRET": self.stage.signing_secret,
            "SLACK_APP_TOKEN": self.stage.app_token,
            "SLACK_API_URL": self.stage.base_url,
            "DATABASE_URL": self.database_url,
            "INDGANG_KEYS": self.key,
            "INDGANG_TEAM": demo.TEAM,
            "INDGANG_FIRST_ADMINISTRATOR": demo.FIRST_ADMINISTRATOR,
            "INDGANG_CLOCK_URL": self.stage.clock_url,
            "INDGANG_LOG": "json",
        }
