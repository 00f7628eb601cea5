"""Kills a process at every single step, and lets another finish what it began.

A step is what leaves the process: a statement, a commit (before and after), a call to Slack (before and after). Between
two transactions a process holds nothing, and there it forks: the child plays on and dies at the first step, the next
child at the second, until one lives through to the next such place and goes on from there. So each death is a real one,
and what lies before it is not played again and again.

Where a death changed nothing, in the rows and at Slack, the town is as it was after the step before, and has been
judged. Where it did, a fresh process presses the same buttons again and delivers, and the history decides.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.domain.errors import Refusal
from bot.usecases.ports import AlreadyAsked
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.storm import history
from tests.storm.flows import Flow, Held, begins, lay_out
from tests.storm.site import Picture, Rows, Site
from tests.storm.slack_file import OK, first_time
from tests.storm.town import FileTown

ROUNDS = 9
ROUND_SECONDS = 130
"""Longer than a lease and than the first pauses after a fault."""

BROKE = 70


class WatchedDatabase(Database):
    """Tells when a transaction is about to begin: `between` is called while nothing is held."""

    between: Callable[..., None] | None = None

    @property
    def writing(self) -> Any:
        return self._told("_writing")

    @writing.setter
    def writing(self, engine: Any) -> None:
        self._writing = engine

    @property
    def reading(self) -> Any:
        return self._told("_reading")

    @reading.setter
    def reading(self, engine: Any) -> None:
        self._reading = engine

    def _told(self, name: str) -> Any:
        if self.between and not self.is_held:
            self.between(writes=name == "_writing")
        return getattr(self, name)

    @property
    def engines(self) -> set[Any]:
        return {self._writing, self._reading}

    held_streams = 0

    @property
    def is_held(self) -> bool:
        return self.is_in_transaction or (not self.is_sqlite and self.held_streams > 0)

    @property
    def is_in_transaction(self) -> bool:
        return any(engine.pool.checkedout() for engine in self.engines)

    def let_go(self) -> None:
        """No connection crosses a fork."""
        for engine in self.engines:
            engine.dispose()


@dataclass
class WatchedStreams:
    """Whoever speaks in a stream holds it over several transactions: a place to fork comes before and after."""

    streams: Any
    database: WatchedDatabase

    @contextmanager
    def hold(self, stream: str) -> Iterator[bool]:
        if self.database.between:
            self.database.between()
        with self.streams.hold(stream) as mine:
            self.database.held_streams += 1
            yield mine
            self.database.held_streams -= 1
        if hasattr(self.streams, "close"):
            self.streams.close()  # no session crosses a fork


@dataclass
class Outcome:
    """Of one flow, under one behaviour of Slack's."""

    flow: str
    behaviour: str
    points: int = 0
    states: int = 0  # towns that a death left otherwise than it found them, and that were finished by another
    verdict: history.Verdict = field(default_factory=history.Verdict)
    astray: list[str] = field(default_factory=list)
    """What came out otherwise than without a death."""


@dataclass
class Scene:
    """The town laid out on one site; `runner` is killed, `successor` comes after."""

    site: Site
    folder: Path
    keys: KeyRing = field(default_factory=lambda: KeyRing.read(new_key()))

    def __post_init__(self) -> None:
        self.database = WatchedDatabase(self.site.address)
        self.ladder = Ladder(self)
        about = {"keys": self.keys, "step": self.ladder.speaks}
        self.runner = FileTown(self.database, self.site.slack, prefix="ra", settle=True, **about)  # type: ignore[arg-type]
        self.held = lay_out(self.runner)
        self.successor = FileTown(self.database, self.site.slack, prefix="sp", keys=self.keys)
        for town in (self.runner, self.successor):
            for speaks in (town.house.delivery, town.house.sweeping):
                speaks._streams = WatchedStreams(speaks._streams, self.database)  # type: ignore[assignment]
        self.database.let_go()
        self.picture = self.site.picture()

    def warm(self, flows: tuple[Flow, ...]) -> dict[str, history.Verdict]:
        """Each flow once without a death, so that every statement has been compiled; and what the history says."""
        said = {}
        for flow in flows:
            begun = self.prepared(flow)
            play(self.runner, flow, self.held, self.site, OK)
            said[flow.name] = history.judge(self.site.lines(), self.site.rows(), before=begun)
            self.database.let_go()
            self.site.put_back(self.picture)
        gc.collect()
        gc.freeze()
        return said

    def prepared(self, flow: Flow) -> Rows:
        """The town as the flow finds it."""
        self.runner.clock.at = begins(flow, self.held)
        flow.before(self.runner, self.held)
        return self.site.rows()

    @property
    def on_sqlite(self) -> bool:
        return self.runner.house.storage.database.is_sqlite

    def climb(self, flow: Flow, behaviour: str) -> Outcome:
        """Every death there is on the way."""
        self.site.put_back(self.picture)
        report = self.folder / "report.jsonl"
        report.write_text("")
        pid = os.fork()
        if pid == 0:
            _and_never_back(lambda: self.ladder.run(flow, behaviour, report), report)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said = [json.loads(line) for line in report.read_text().splitlines()]
        assert status == 0, [line["broke"] for line in said if "broke" in line] or status
        return _outcome(flow, behaviour, said)


class Ladder:
    """Not `thorough`: nobody dies in a transaction that only reads; it is as if they had died before it began."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self.thorough = scene, True
        self._climbing = False
        self._left: int | None = None  # steps until this process dies; None: it lives
        self._last: Picture | None = None
        self._judged: set[str] = set()
        scene.database.between = self.between
        for engine in scene.database.engines:
            event.listen(engine, "before_cursor_execute", lambda *_: self.step("statement"))
            _tell_of_commits(engine, self.step)

    def run(self, flow: Flow, behaviour: str, report: Path) -> None:
        scene = self._scene
        gc.disable()  # nobody here lives long
        self._flow, self._report, self._begun = flow, report, scene.prepared(flow)
        self._climbing = True
        play(scene.runner, flow, scene.held, scene.site, behaviour)
        self._climbing = False
        self._judge("the end")

    def speaks(self, what: str) -> None:
        """About to speak with Slack, or just heard."""
        if self._climbing and self._scene.database.is_in_transaction:
            self._say(broke=f"{what} inside a transaction")
        if what.startswith("before"):
            self.between()
        self.step(what)

    def step(self, what: str) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self._say(died=what)
            os.kill(os.getpid(), signal.SIGKILL)

    def between(self, *, writes: bool = True) -> None:
        """Nothing is held: from here every step on to the next such place is somebody's last."""
        if not self._climbing or self._scene.database.is_held or not (writes or self.thorough):
            return
        site = self._scene.site
        self._scene.database.let_go()
        self._left = None
        here = self._last = site.picture(self._last)
        if not self._judged:
            self._judge_once(here, here)  # as it is when whoever dies has done nothing yet
        for steps in range(1, 10_000):
            pid = os.fork()
            if pid == 0:
                self._left = steps
                return
            died = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if died != -signal.SIGKILL:
                os._exit(died)  # that one lived, and has gone on to the end
            if not site.is_as(here):
                self._judge_once(site.picture(here), here)

    def _judge_once(self, now: Picture, here: Picture) -> None:
        """A town that is in nothing different from one that has been judged needs no other verdict."""
        if now.print not in self._judged:
            self._judged.add(now.print)
            self._judge("a death")
        self._scene.site.put_back(here)

    def _judge(self, after: str) -> None:
        """Somebody else comes, presses again and delivers; then the history is read."""
        scene = self._scene
        scene.database.let_go()
        if after == "a death":
            pid = os.fork()
            if pid == 0:
                self._climbing, self._left = False, None
                _and_never_back(
                    lambda: play(scene.successor, self._flow, scene.held, scene.site, OK), self._report
                )
            os.waitpid(pid, 0)
        lines, rows = scene.site.lines(), scene.site.rows()
        verdict = history.judge(lines, rows, before=self._begun)
        came = history.come_to(rows, lines)
        print_ = hashlib.sha256(json.dumps(came).encode()).hexdigest()[:16]
        kept = self._report.with_name(f"came-{print_}.json")
        if not kept.exists():
            kept.write_text(json.dumps(came))
        self._say(after=after, verdict=asdict(verdict), came=str(kept))

    def _say(self, **said: Any) -> None:
        with self._report.open("a") as file:
            file.write(json.dumps(said) + "\n")


def play(town: FileTown, flow: Flow, held: Held, site: Site, behaviour: str) -> None:
    """The press, and delivery until nothing is owed. Pressed again it says that it is done, or that it cannot be."""
    town.clock.at = begins(flow, held)
    town.faults = first_time(behaviour, site.slack)
    try:
        flow.act(town, held)
    except (AlreadyAsked, Refusal):
        pass
    for wait in (0.0, flow.later.total_seconds()):
        town.jump(seconds=wait)
        for _ in range(ROUNDS):
            town.deliver()
            if not site.owed():
                return
            town.jump(seconds=ROUND_SECONDS)


def _outcome(flow: Flow, behaviour: str, said: list[dict[str, Any]]) -> Outcome:
    outcome = Outcome(flow.name, behaviour, points=sum("died" in line for line in said))
    outcome.astray += [line["broke"] for line in said if "broke" in line]
    judged = [line for line in said if "after" in line]
    ends = [line for line in judged if line["after"] == "the end"]
    assert len(ends) == 1, f"{flow.name}: {len(ends)} came to the end"
    outcome.states = len(judged) - 1
    wanted = json.loads(Path(ends[0]["came"]).read_text())
    for line in judged:
        verdict = {
            name: tuple(found) if isinstance(found, list) else found
            for name, found in line["verdict"].items()
        }
        outcome.verdict += history.Verdict(**verdict)
    for came in {line["came"] for line in judged} - {ends[0]["came"]}:
        outcome.astray += history.differences(wanted, json.loads(Path(came).read_text()))
    return outcome


def _tell_of_commits(engine: Any, step: Callable[[str], None]) -> None:
    commit = engine.dialect.do_commit

    def told(connection: Any) -> None:
        step("before commit")
        commit(connection)
        step("after commit")

    engine.dialect.do_commit = told


def _and_never_back(do: Callable[[], None], report: Path) -> None:
    """A forked process ends here, whatever happens; what it logs on the way is not for whoever runs the tests."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        do()
    except BaseException:
        with report.open("a") as file:
            file.write(json.dumps({"broke": traceback.format_exc()[-2000:]}) + "\n")
        os._exit(BROKE)
    os._exit(0)
