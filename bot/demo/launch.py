"""One command to the demo town: makes what is missing, starts the sandbox and the bot, and ends them together."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import bot
from bot.settings import Settings, SettingsUnfit, fault, unfit_server
from storage.engine import Database, DatabaseAway
from storage.only_one import AnotherIsRunning, CannotBeHeld, address_of, held
from storage.sealing import new_key
from storage.upgrade import revision_of, upgrade

Say = Callable[[str], object]

HOST = "127.0.0.1"
PORTS_TRIED = 50
PATIENCE = 60.0  # seconds until a child that does not answer is given up
LAST_WISH = 20.0  # seconds a child may use to finish what is in hand
LOG_LINES = 12
TOO_SOON = 60.0  # seconds; a child that dies twice within them is broken, and is not started a third time
KEPT = "Everything is kept; the next start goes on from here."
HALF = "The town was not laid out whole; the next start begins anew."
HALF_ELSEWHERE = "The town was not laid out whole. Empty its database, or make a new one, and start again."
OURS = ("SLACK_", "INDGANG_", "DATABASE_URL")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
"""The sandbox is on this machine; a proxy would only be in the way."""


def demo(folder: Path, *, port: int, fresh: bool, database: str | None = None, say: Say = print) -> int:
    """Runs until Ctrl-C or SIGTERM. The exit code: 0 when a person ended it, 1 when something else did.

    `database`: the address of an empty one the town is laid out in, in place of a file in the folder. Raises
    SettingsUnfit where it names no server.
    """
    if database and (why := unfit_server(database)):
        raise SettingsUnfit([fault(why, name="--database")])
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as why:
        say(f"The demo cannot remember in {folder} ({why.strerror}). Choose another folder with --folder.")
        return 1
    place = Place(folder)
    chosen = _free_port(port, say)
    address = f"http://{HOST}:{chosen}"
    try:
        with held(place.running, note=f"{address}/"), _ended_by_a_person():
            begin(place, database, fresh=fresh)
            return _run(place, address, chosen, say=say)
    except CannotBeHeld as why:
        say(f"The demo cannot remember in {folder} ({why.why}). Choose another folder with --folder.")
        return 1
    except AnotherIsRunning as other:
        say(f"The demo in {folder} runs already, at {other.note}")
        return 1
    except ChildDied as died:
        say(f"{died}\n{place.next_start}")
        return 1
    except NotThatDatabase as other_one:
        say(str(other_one))
        return 1
    except Ended:
        say(f"Ended. {place.next_start}")
        return 0


@dataclass(frozen=True)
class Place:
    """What lies where in the demo's folder."""

    folder: Path

    @property
    def key(self) -> Path:
        return self.folder / "key"

    @property
    def database(self) -> Path:
        return self.folder / "indgang.db"

    @property
    def elsewhere(self) -> Path:
        """Names the database the town lies in, where it is not the file beside it."""
        return self.folder / "database"

    @property
    def database_url(self) -> str:
        if self.elsewhere.exists():
            return self.elsewhere.read_text(encoding="utf-8")
        return address_of(self.database)

    @property
    def world(self) -> Path:
        return self.folder / "world.json"

    @property
    def names(self) -> Path:
        return self.folder / "names.txt"

    @property
    def state(self) -> Path:
        return self.folder / "sandbox"

    @property
    def settled(self) -> Path:
        """There once the town has been loaded whole."""
        return self.folder / "settled"

    @property
    def next_start(self) -> str:
        """What the next start does."""
        if self.settled.exists():
            return KEPT
        return HALF_ELSEWHERE if self.elsewhere.exists() else HALF

    @property
    def running(self) -> Path:
        return self.folder / "running"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def forget(self) -> None:
        """Removes what a demo made, and nothing else that may lie in the folder."""
        for path in (
            self.key,
            self.world,
            self.settled,
            self.elsewhere,
            *self.folder.glob("*.log"),
            *self._database_files(),
        ):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.state, ignore_errors=True)

    def _database_files(self) -> Iterator[Path]:
        for ending in ("", "-wal", "-shm", ".running"):
            yield Path(f"{self.database}{ending}")


class Ended(BaseException):
    """A person, or the machine, asked us to stop."""


class ChildDied(Exception):
    """A part of the demo stopped by itself, or never answered."""

    def __init__(self, name: str, how: str, log: Path) -> None:
        self.name, self.how = name, how
        lines = (
            log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
            if log.exists()
            else []
        )
        tail = "".join(f"\n    {line}" for line in lines)
        super().__init__(f"The {name} {how}. The last lines of {log}:{tail}")


class NotThatDatabase(Exception):
    """It holds something already, or the town lies in another."""


def begin(place: Place, database: str | None, *, fresh: bool) -> None:
    """Anew, or where the last demo ended. What stands in somebody's database is never removed: it may be no demo."""
    if not fresh and place.settled.exists():
        if database and database != place.database_url:
            raise NotThatDatabase("This town lies in another database. Leave --database out, or add --fresh.")
        return
    if database and not _is_empty(database):
        if place.elsewhere.exists() and database == place.database_url and not place.settled.exists():
            raise NotThatDatabase(HALF_ELSEWHERE)
        raise NotThatDatabase(
            "There is something in that database already, and the demo empties none. Make a new one and name that."
        )
    place.forget()
    if database:
        _write_for_us(place.elsewhere, database)


def _is_empty(address: str) -> bool:
    database = Database(address)
    try:
        with database.reading.connect() as connection:
            return revision_of(connection) is None
    except DatabaseAway as why:
        raise NotThatDatabase(
            "The database does not answer. Look whether it runs, and at the address, its user and its password."
        ) from why
    finally:
        database.close()


def _run(place: Place, address: str, port: int, *, say: Say) -> NoReturn:
    steps = Steps(say)
    with steps.step("key and folder"):
        _make_key(place)
    with steps.step("database"):
        _upgrade(place)
    world = _write_world(place)
    environment = _environment(place, world, address)
    children = Children(place)
    try:
        with steps.step("sandbox Slack"):
            children.start("sandbox", _sandbox(place, port), _inherited())
            children.wait_until("sandbox", lambda: _answers(f"{address}/clock"))
        if not place.settled.exists():
            with steps.step("demo town"):
                _settle(place, environment)
        with steps.step("bot and clock"):
            heard = _connections(place)
            children.start("bot", ["serve", "--with-clock"], environment, again=True)
            children.wait_until("bot", lambda: _connections(place) > heard)
        say(
            f"\nOpen  {address}/\n\nCtrl-C ends it. It is kept in {place.folder}; FRESH=1 (--fresh) begins anew."
        )
        children.watch(say)
    finally:
        children.end()


def settings_of(folder: Path) -> Settings | None:
    """The settings of a demo that lies there, for a command beside it; None: there is none.

    While it runs, its own clock counts; else the machine's.
    """
    place = Place(folder.absolute())
    if not (place.key.exists() and place.settled.exists() and place.world.exists()):
        return None
    address = _address_of(place)
    environment = _environment(place, json.loads(place.world.read_text(encoding="utf-8")), address)
    if not address:
        del environment["INDGANG_CLOCK_URL"], environment["SLACK_API_URL"]
    return Settings.read(environment, folder=place.folder)


def _address_of(place: Place) -> str:
    """Where the demo runs now; "" when it does not."""
    try:
        with held(place.running, note=""):
            return ""
    except AnotherIsRunning as running:
        return running.note.rstrip("/")


def _make_key(place: Place) -> None:
    if not place.key.exists():
        _write_for_us(place.key, new_key() + "\n")


def _write_for_us(path: Path, secret: str) -> None:
    only_ours = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(only_ours, "w", encoding="utf-8") as file:
        file.write(secret)


def _upgrade(place: Place) -> None:
    database = Database(place.database_url)
    upgrade(database)
    database.close()


def _write_world(place: Place) -> dict[str, Any]:
    from bot.demo.town import world

    found: dict[str, Any] = world()
    place.world.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return found


def _settle(place: Place, environment: dict[str, str]) -> None:
    from bot.assembly import House
    from bot.demo.town import settle

    house = House.build(Settings.read(environment, folder=place.folder))
    try:
        settle(house)
    finally:
        house.close()
    place.settled.touch()


def _environment(place: Place, world: dict[str, Any], address: str) -> dict[str, str]:
    """What the bot is told: nothing of this machine's own settings, and everything about the sandbox."""
    administrator = next(person["id"] for person in world["people"] if person.get("admin"))
    return {
        **_inherited(),
        "SLACK_BOT_TOKEN": world["tokens"]["bot"],
        "SLACK_APP_TOKEN": world["tokens"]["app"],
        "SLACK_API_URL": f"{address}/api/",
        "DATABASE_URL": place.database_url,
        "INDGANG_KEYS_FILE": str(place.key),
        "INDGANG_TEAM": world["team"]["id"],
        "INDGANG_FIRST_ADMINISTRATOR": administrator,
        "INDGANG_NAMES": str(_names(place)),
        "INDGANG_CLOCK_URL": f"{address}/clock",
        "INDGANG_STATUS": "off",  # two demos on one machine are not in each other's way
        "INDGANG_LOG": "plain",
    }


def _names(place: Place) -> Path:
    """So few that one can try the question, and nobody takes it for a list to use."""
    place.names.write_text("# En øveliste; kommunens egen er længere\nIda\nMikkel\nMadsen\n", "utf-8")
    return place.names


def _inherited() -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(OURS) and n.lower() not in PROXIES}
    home = str(Path(bot.__file__).parent.parent)
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, (home, kept.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
    }


def _sandbox(place: Place, port: int) -> list[str]:
    return [
        "sandbox",
        *("--world", str(place.world), "--manifest", str(manifest()), "--state", str(place.state)),
        *("--host", HOST, "--port", str(port)),
    ]


def manifest() -> Path:
    """In the repository it lies at the top; an installed wheel carries it inside the package."""
    inside = Path(bot.__file__).parent
    return next(path for path in (inside.parent / "manifest.yml", inside / "manifest.yml") if path.exists())


def _free_port(wanted: int, say: Say) -> int:
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((HOST, port))
            except OSError:
                continue
        if port != wanted:
            say(f"Port {wanted} is taken by another program; the demo uses {port} instead.")
        return port
    say(f"No port from {wanted} to {wanted + PORTS_TRIED - 1} is free. Choose another with --port.")
    raise SystemExit(1)


_straight = build_opener(ProxyHandler({}))


def _answers(address: str) -> bool:
    try:
        with _straight.open(address, timeout=2):
            return True
    except (URLError, OSError):
        return False


def _connections(place: Place) -> int:
    """How often the bot has asked the sandbox for a connection: one more means that it listens."""
    journal = place.state / "journal.jsonl"
    return journal.read_text(encoding="utf-8").count('"apps.connections.open"') if journal.exists() else 0


@dataclass
class Steps:
    """A line for each thing done, with its seconds."""

    say: Say

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.say(f"✓ {what:<16}{time.monotonic() - began:6.1f} s")


@dataclass
class Children:
    """The sandbox and the bot as processes of their own; the bot ends first, so that it can still say what it must."""

    place: Place
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _again: dict[str, tuple[list[str], dict[str, str]]] = field(default_factory=dict)
    _restarted: dict[str, float] = field(default_factory=dict)

    def start(
        self, name: str, command: list[str], environment: dict[str, str], *, again: bool = False
    ) -> None:
        """With `again`, `watch` starts it anew when it stops by itself."""
        if again:
            self._again[name] = (command, environment)
        with self.place.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own program, with arguments of our own
                [sys.executable, "-m", "bot.demo.child", *command],
                env=environment,
                cwd=self.place.folder,  # away from a `.env` that speaks of a real workspace
                stdin=subprocess.PIPE,  # closed when we are gone: then it ends too
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone; we end them in order
            )

    def wait_until(self, name: str, answers: Callable[[], bool]) -> None:
        given_up = time.monotonic() + PATIENCE
        while not answers():
            self._look()
            if time.monotonic() > given_up:
                raise ChildDied(name, f"did not answer within {PATIENCE:.0f} seconds", self.place.log(name))
            time.sleep(0.05)

    def watch(self, say: Say) -> NoReturn:
        """Starts the bot again when it stops by itself, and says so; gives up when it stops again at once."""
        while True:
            try:
                self._look()
            except ChildDied as died:
                self._start_again(died, say)
            time.sleep(0.3)

    def _start_again(self, died: ChildDied, say: Say) -> None:
        before, now = self._restarted.get(died.name), time.monotonic()
        if died.name not in self._again or (before is not None and now - before < TOO_SOON):
            raise died
        self._restarted[died.name] = now
        self.start(died.name, *self._again[died.name])
        say(f"The {died.name} {died.how}, and has been started again. Nothing is lost.")

    def end(self) -> None:
        for number in STOPPERS:
            signal.signal(number, signal.SIG_IGN)  # we are ending already; a second Ctrl-C changes nothing
        for child in reversed(self._running.values()):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(LAST_WISH)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _look(self) -> None:
        for name, child in self._running.items():
            code = child.poll()
            if code is not None:
                raise ChildDied(name, f"stopped by itself (exit code {code})", self.place.log(name))


STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def _ended_by_a_person() -> Iterator[None]:
    def end(_number: int, _frame: object) -> NoReturn:
        raise Ended

    before = {number: signal.signal(number, end) for number in STOPPERS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
