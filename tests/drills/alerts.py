"""Do the alerts sound? A real Prometheus beside real processes of the demo town, while one thing after another is broken.

    .venv/bin/python -m tests.drills.alerts          (minutes; prometheus must be on the PATH; parts: homes slack …)

Two `serve` over Socket Mode, one over HTTP, a `clock`, PostgreSQL and the sandbox Slack, with the commands an operator starts,
read each five seconds by deploy/prometheus/alerts.yaml, in which only the waits (`for`) are made two seconds. What each
alert asks for is as it is there. What only hours or the machine's own clock can bring about is not played.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml

from bot.assembly import House
from storage.upgrade import upgrade
from tests.support import processes
from tests.support.databases import Databases
from tests.support.over_http import free_port, not_ours
from tests.support.over_sockets import ForkedBot, SocketTown
from tests.support.stage import Hindered

RULES = Path(__file__).resolve().parents[2] / "deploy/prometheus/alerts.yaml"
PATIENCE = 240.0
"""Seconds until an alert that has not sounded is said not to have."""
QUESTION = "hvornår er næste møde"


def until_ready(bot: ForkedBot) -> None:
    """However busy this machine is."""
    until = time.monotonic() + 300
    while bot.asks("/readyz")[0] != 200:
        assert time.monotonic() < until, bot.words[-3000:]
        time.sleep(0.5)


class Town(SocketTown):
    """Two over Socket Mode, one over HTTP (whom nobody asks but strangers), and a clock whose marks' file is nowhere."""

    def start_bot(self) -> None:
        self.house = House.build(self.settings())
        upgrade(self.house.storage.database)
        self._settle(self.house)
        self.house.storage.database.close()  # before the forks: nobody speaks on another's line
        self.http = free_port()
        over_http = {"SLACK_SIGNING_SECRET": self.stage.signing_secret}
        place = f"127.0.0.1:{self.http}"
        self.one, self.two, self.three, self.clock = self.bots = [  # type: ignore[assignment]
            ForkedBot(self.environment(), self.folder, "serve"),
            ForkedBot(self.environment(), self.folder, "serve"),
            ForkedBot({**self.environment(), **over_http}, self.folder, "serve", "--http", place),
            ForkedBot(self.environment() | {"INDGANG_ANCHOR_FILE": "/nowhere/marks"}, self.folder, "clock"),
        ]
        try:
            for bot in self.bots:
                until_ready(bot)
            self.stage.waits_for_the_bot(connections=2, within=300)
        except BaseException:
            self.stop_bot()
            raise

    def runs(self, *words: str) -> str:
        return processes.run([*words], {**not_ours(), **self.environment()}, self.folder)[1]


class Prometheus:
    """Reads everybody, by our rules with their waits shortened."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        program = shutil.which("prometheus")
        if program is None:
            sys.exit("There is no prometheus on the PATH (Debian: apt-get install prometheus).")
        rules = re.sub(r"(?m)^( +for: ).*", r"\g<1>2s", RULES.read_text("utf-8"))
        (folder / "alerts.yaml").write_text(rules, "utf-8")
        targets = [f"127.0.0.1:{port}" for port in ports]
        config = {
            "global": {"scrape_interval": "5s", "evaluation_interval": "1s", "scrape_timeout": "4s"},
            "rule_files": ["alerts.yaml"],
            "scrape_configs": [{"job_name": "indgang", "static_configs": [{"targets": targets}]}],
        }
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(config), "utf-8")
        self.place = f"127.0.0.1:{free_port()}"
        with (folder / "prometheus.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    program,
                    f"--config.file={folder}/prometheus.yaml",
                    f"--storage.tsdb.path={folder}/data",
                    f"--web.listen-address={self.place}",
                ],
                stdout=log,
                stderr=log,
            )

    def asks(self, what: str) -> Any:
        with urlopen(f"http://{self.place}/api/v1/{what}", timeout=5) as answer:
            return json.load(answer)["data"]

    def sounding(self) -> set[str]:
        return {a["labels"]["alertname"] for a in self.asks("alerts")["alerts"] if a["state"] == "firing"}

    def waits_for(self, is_so: Callable[[set[str]], bool], within: float = PATIENCE) -> float | None:
        """Seconds until it was; None: it was not."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            with suppress(OSError):
                if is_so(self.sounding()):
                    return time.monotonic() - began
            time.sleep(0.25)
        return None

    def up(self) -> int:
        return sum(one["health"] == "up" for one in self.asks("targets")["activeTargets"])

    def ill_rules(self) -> list[str]:
        rules = [rule for group in self.asks("rules")["groups"] for rule in group["rules"]]
        assert len(rules) == RULES.read_text("utf-8").count("- alert:"), len(rules)
        return [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] != "ok"]

    def ends(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@dataclass
class Drill:
    town: Town
    watch: Prometheus
    databases: Databases
    failed: list[str] = field(default_factory=list)
    sounded: set[str] = field(default_factory=set)

    def breaks(self, what: str, do: Callable[[], object], *expected: str) -> None:
        before = self.watch.sounding()
        do()
        took = self.watch.waits_for(lambda now: set(expected) <= now)
        now = self.watch.sounding()
        self.sounded |= now
        if took is None:
            self.failed.append(f"{what}: {set(expected) - now} did not sound")
        besides = ", ".join(sorted(now - before - set(expected))) or "nothing"
        print(
            f"{'NOT HEARD' if took is None else f'{took:6.1f} s'}  {what}: {', '.join(expected)}; besides {besides}",
            flush=True,
        )

    def mends(self, do: Callable[[], object], *quiet: str) -> None:
        do()
        took = self.watch.waits_for(lambda now: not set(quiet) & now, within=PATIENCE)
        if took is None:
            self.failed.append(f"{set(quiet) & self.watch.sounding()} went on after it was mended")
        print(f"{'GOES ON' if took is None else f'{took:6.1f} s'}     mended: {', '.join(quiet)}", flush=True)


def drill(town: Town, watch: Prometheus, databases: Databases) -> Drill:
    played = Drill(town, watch, databases)
    began = watch.waits_for(lambda _: watch.up() == 4)
    print(f"{began} s  until all four are read; rules that are ill: {watch.ill_rules()}")
    time.sleep(12)
    print("        in the new town sounds:", sorted(watch.sounding()))
    played.mends(lambda: print(town.runs("backup", str(town.folder))), "IndgangNeverBackedUp")
    print("        in the town that is well sounds:", sorted(watch.sounding()))
    for part in sys.argv[1:] or PARTS:
        PARTS[part](played)
    return played


def _homes(played: Drill) -> None:
    stage = played.town.stage

    def opens(who: str, times: int) -> None:
        for _ in range(times):
            with suppress(Hindered):
                stage.person(who).home()

    def off() -> None:
        stage.fault("error:not_enabled", method="views.publish", times=1000)

    def four_times() -> None:
        off()
        opens("Maja Holm", 4)

    played.breaks("one person opens a Home that Slack refuses, four times", four_times)
    time.sleep(12)
    print("        twelve seconds later sounds:", sorted(played.watch.sounding()))
    played.breaks("and so does another", lambda: opens("Lone Ager", 4), "IndgangHomesRefused")
    played.mends(lambda: (stage.fault("clear"), opens("Lone Ager", 3)), "IndgangHomesRefused")


def _slack(played: Drill) -> None:
    town, stage = played.town, played.town.stage
    lone = town.person("Lone Ager")

    def meets(code: str, method: str, do: Callable[[], object]) -> Callable[[], None]:
        def broken() -> None:
            stage.fault(f"error:{code}", method=method)
            with suppress(Hindered):
                do()

        return broken

    asks: Callable[[], object] = lambda: lone.says(QUESTION)  # noqa: E731
    played.breaks(
        "Slack says a word we do not know",
        meets("solar_flare", "views.open", lambda: town.person("Maja Holm").types("/sag ny")),
        "IndgangSlackCodeUnknown",
    )
    played.breaks(
        "a message that Slack will never take",
        meets("invalid_blocks", "chat.postMessage", asks),
        "IndgangOutboxDead",
    )
    played.breaks(
        "a person who cannot be written to",
        meets("messages_tab_disabled", "chat.postMessage", asks),
        "IndgangPlacesParked",
    )
    played.breaks("strangers knock 600 times", lambda: _knocks(town.http, 600), "IndgangStrangersKnock")
    played.breaks(
        "the token is withdrawn",
        lambda: (stage.fault("shut_out:token_revoked"), town.person("Henrik Dahl").says(QUESTION)),
        "IndgangSlackShutOut",
    )
    played.mends(
        lambda: (stage.fault("clear"), town.person("Henrik Dahl").says(QUESTION)), "IndgangSlackShutOut"
    )
    played.breaks("no line to Slack", lambda: stage.fault("outage_on"), "IndgangDeaf")
    played.mends(lambda: stage.fault("clear"), "IndgangDeaf")


def _knocks(port: int, times: int) -> None:
    for _ in range(times):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError):
            line.request("POST", "/slack/events", body=b"{}", headers={"Content-Type": "application/json"})
            line.getresponse().read()
        line.close()


def _processes(played: Drill) -> None:
    town = played.town

    def falls_again() -> None:
        for _ in range(5):
            town.three.is_killed()
            town.three.start()
            until_ready(town.three)
            time.sleep(2)

    played.breaks("one falls five times", falls_again, "IndgangBeginsAgain")
    played.breaks("the clock is gone", town.clock.is_killed, "IndgangClockMissing")
    played.mends(town.clock.start, "IndgangClockMissing")
    wrong = {**town.environment(), "SLACK_APP_TOKEN": "xapp-1-WRONG"}
    right, town.two._environment = town.two._environment, wrong
    played.breaks(
        "one begins with a token for hearing that Slack refuses",
        lambda: (town.two.is_killed(), town.two.start()),
        "IndgangNotReady",
        "IndgangDeaf",
    )
    town.two._environment = right
    played.mends(lambda: (town.two.is_killed(), town.two.start()), "IndgangNotReady", "IndgangDeaf")
    hears = [town.one, town.two, town.three]
    played.breaks("whoever hears is gone", lambda: [bot.is_killed() for bot in hears], "IndgangNobodyHears")
    played.breaks("and the clock", town.clock.is_killed, "IndgangGone", "IndgangClockMissing")
    played.mends(
        lambda: [bot.start() for bot in town.bots], "IndgangGone", "IndgangNobodyHears", "IndgangClockMissing"
    )


def _database(played: Drill) -> None:
    town, databases = played.town, played.databases
    for bot in town.bots:
        until_ready(bot)
    town.stage.waits_for_the_bot(connections=2, within=60)

    def presses() -> None:
        for _ in range(6):
            with suppress(Hindered):
                town.person("Maja Holm").types("/sag ny")

    def frozen() -> None:
        _signal(databases, signal.SIGSTOP)

    played.breaks("the database is frozen", frozen, "IndgangNotReady")
    presses()
    played.mends(lambda: _signal(databases, signal.SIGCONT), "IndgangNotReady")
    print("        after six presses meanwhile sounds:", sorted(played.watch.sounding()))


def _signal(databases: Databases, number: int) -> None:
    """To the server and each of its processes; they are this drill's own."""
    first = int((databases.postgres._folder / "data/postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in [first, *map(int, children)]:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _nights(played: Drill) -> None:
    import psycopg

    town = played.town

    def torn() -> None:
        with psycopg.connect(town.database_url.replace("+psycopg", ""), autocommit=True) as line:
            line.execute("SET session_replication_role = replica")
            line.execute("UPDATE journal SET act = act || 'x' WHERE seq = (SELECT min(seq) FROM journal)")
        town.stage.jump_to_tomorrow()

    played.breaks(
        "somebody has been in the journal, and a night goes by; its mark's file is nowhere",
        torn,
        "IndgangJournalBroken",
        "IndgangMarkUnwritten",
    )

    def late() -> None:
        town.stage.fault("outage_on")
        with suppress(Hindered):
            town.person("Lone Ager").says(QUESTION)
        town.stage.jump_to_tomorrow()

    played.breaks("Slack is away, and a day goes by", late, "IndgangOutboxLate")
    played.mends(lambda: town.stage.fault("outage_off"), "IndgangOutboxLate")
    played.breaks(
        "restored by other means",
        lambda: print(town.runs("restored", "2026-11-01 10:00")),
        "IndgangRestoreUnconfirmed",
    )


PARTS: dict[str, Callable[[Drill], None]] = {
    "homes": _homes,
    "slack": _slack,
    "processes": _processes,
    "database": _database,
    "nights": _nights,
}


def main() -> int:
    databases = Databases()
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        place = Path(folder)
        address = databases.fresh("postgresql", place)
        with Town(address, place) as town:
            watch = Prometheus(place, [bot.status for bot in town.bots])
            try:
                played = drill(town, watch, databases)
            finally:
                watch.ends()
    owed = set(re.findall(r"alert: (\w+)", RULES.read_text("utf-8")))
    print(
        f"{len(played.sounded & owed)} of {len(owed)} have sounded; not played: {', '.join(sorted(owed - played.sounded))}"
    )
    print("\n".join(played.failed))
    return 1 if played.failed else 0


if __name__ == "__main__":
    sys.exit(main())
