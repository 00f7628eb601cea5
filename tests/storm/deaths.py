"""Every use case that writes is killed where it writes, in a story of its own: `deaths.yaml` says in which.

The story goes on as if nothing had been: before its first real asking, others ask the same in forks of this process and
die, before their commit and after it. Before it they must leave nothing at all. After it the same press comes again, from
somebody else, and the town must have come to what it comes to when nobody dies: the same rows in every table, and the
same messages owed. What delivery makes of an owed message, whoever dies on the way, is climbed in the ladder.
"""

from __future__ import annotations

import ast
import gc
import os
import re
import signal
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import event

from bot.domain.errors import Refusal
from bot.usecases.ports import AlreadyAsked
from bot.usecases.tools import UseCases
from storage.engine import Database
from tests.storm import history
from tests.storm.site import Rows, site_at

HERE = Path(__file__).parent
USECASES = HERE.parents[1] / "bot" / "usecases"
EVERY_STATEMENT = bool(int(os.environ.get("INDGANG_STORM", "0")))
"""`make storm` kills at each statement too; in `make test` before and after each commit."""

LIVED, REFUSED, BROKE, KILLED = 0, 3, 70, -signal.SIGKILL
ENGINES = ("sqlite", "postgresql")
OTHERS_IDS = 50_000
"""So far on does whoever comes after count, as another process with ids of its own."""


def writing_methods() -> set[str]:
    """`Cases.register` and all the others somebody may ask that open a transaction to write, found in the code."""
    found: set[str] = set()
    for path in sorted(USECASES.glob("*.py")):
        for part in ast.parse(path.read_text()).body:
            if isinstance(part, ast.ClassDef):
                found |= {f"{part.name}.{name}" for name in _writing(part) if not name.startswith("_")}
    return found


def _writing(part: ast.ClassDef) -> set[str]:
    """By itself, or by another method of its own."""
    methods = [m for m in part.body if isinstance(m, ast.FunctionDef)]
    asks = {m.name: {n.attr for n in ast.walk(m) if isinstance(n, ast.Attribute)} for m in methods}
    writing = {name for name, names in asks.items() if "_open_work" in names}
    while more := {name for name, names in asks.items() if name not in writing and names & writing}:
        writing |= more
    return writing


OF_A_DATABASE = re.compile(r"(?<=\[)(?:sqlite|postgresql)-?|-(?:sqlite|postgresql)(?=\])")


@dataclass(frozen=True)
class Table:
    """`deaths.yaml`, which says what each part of it is."""

    stories: dict[str, list[str]]
    on_sqlite: dict[str, list[str]]
    several: dict[str, str]
    unlike: dict[str, dict[str, str]]
    drafts: dict[str, str]
    elsewhere: dict[str, str]

    @classmethod
    @cache
    def read(cls) -> Table:
        return cls(**yaml.safe_load((HERE / "deaths.yaml").read_text()))

    @property
    def every_story(self) -> dict[str, list[str]]:
        return {**self.stories, **self.on_sqlite}

    @property
    def all(self) -> list[str]:
        """Each method that dies in a story."""
        return sorted(name for names in self.every_story.values() for name in names)

    def of(self, story: str) -> list[str]:
        """What dies in a story, on its database. In `make test` each on one of them, in turn; in `make storm` on both."""
        told, engine = named(story)
        owed = self.stories.get(told, [])
        if not EVERY_STATEMENT and owed:
            owed = [name for name in owed if self.engine_of(name) == engine]
        return [*owed, *self.on_sqlite.get(told, [])]

    def engine_of(self, name: str) -> str:
        return ENGINES[self.all.index(name) % len(ENGINES)]


def named(story: str) -> tuple[str, str]:
    """A story with what it is told, but for the database; and the database, if it is told one."""
    plain = story.removeprefix("tests/")
    found = OF_A_DATABASE.search(plain)
    return OF_A_DATABASE.sub("", plain).replace("[]", ""), found[0].strip("-") if found else ""


@dataclass
class Deaths:
    """Of the methods a story owes, the first asking that writes anything."""

    owed: set[str]
    table: Table = field(default_factory=Table.read)
    points: int = 0
    found: list[str] = field(default_factory=list)
    _busy: bool = False

    @contextmanager
    def watching(self) -> Iterator[Deaths]:
        with pytest.MonkeyPatch.context() as patch:
            for name in sorted(self.owed):
                of, method = name.split(".")
                kind = next(k for k in _all(UseCases) if k.__name__ == of)
                patch.setattr(kind, method, self._killed_first(name, getattr(kind, method)))
            yield self

    def _killed_first(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def asked(case: Any, *args: Any, **named: Any) -> Any:
            database = case._open_work.__self__.database
            if self._busy or name not in self.owed or _is_held(database):
                return method(case, *args, **named)
            self._busy = True
            try:
                return self._asked(name, case, lambda: method(case, *args, **named))
            finally:
                self._busy = False

        return asked

    def _asked(self, name: str, case: Any, ask: Callable[[], Any]) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            town = _Town(case, ask, Path(folder))
            again = town.deaths(several=name in self.table.several)
            if not again:  # refused, or there was nothing to write: it dies another time
                return ask()
            self.owed.discard(name)
            self.points += town.points
            with town.counted() as commits:
                answer = ask()
            if commits[0] > 1 and name not in self.table.several:
                self.found.append(f"{name} is {commits[0]} transactions")
            torn, unlike = town.judged(again, but_for=self.table.unlike.get(name, {}))
            self.found += [
                f"{name}: {said}" for said in (*(torn if name not in self.table.drafts else ()), *unlike)
            ]
            town.leave()
            return answer


@dataclass
class _Town:
    """As it is when something is asked that will write."""

    case: Any
    ask: Callable[[], Any]
    folder: Path
    points: int = 0

    def __post_init__(self) -> None:
        self.database: Database = self.case._open_work.__self__.database
        self._let_go()
        self.site = site_at(self.database.address, self.folder / "slack.jsonl")
        self.before, self.rows = self.site.picture(), self.site.rows()

    def deaths(self, *, several: bool) -> list[Rows]:
        """The towns that those who died after something was written have left, once somebody has asked again."""
        found = []
        for step in range(1, 10_000):
            ended = self._fork(lambda: self._dies_at(step))  # noqa: B023
            if ended != KILLED:
                break
            self.points += 1
            if not self.site.is_as(self.before):
                found.append(self._asked_again())
            elif step == FIRST_AFTER_A_COMMIT and not EVERY_STATEMENT and not several:
                break  # it has written nothing
            if step == FIRST_AFTER_A_COMMIT and not EVERY_STATEMENT and not several:
                break  # it is one transaction, and whether it is, the one who lives will show
        self.site.put_back(self.before)
        return found

    def _asked_again(self) -> Rows:
        ended = self._fork(self._by_somebody_else)
        assert ended in (LIVED, REFUSED), f"asked again it broke: {ended}"
        rows = self.site.rows()
        self.site.put_back(self.before)
        return rows

    def _dies_at(self, step: int) -> None:
        left = step

        def one_step(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        _tell_of_commits(self.database, one_step)
        if EVERY_STATEMENT:
            event.listen(self.database.writing, "before_cursor_execute", one_step)
        self.ask()

    def _by_somebody_else(self) -> None:
        self.case._chance._count += OTHERS_IDS
        self.ask()

    def _fork(self, do: Callable[[], None]) -> int:
        """A process of its own, with connections of its own: none of ours is open."""
        said = self.folder / "broke"
        pid = os.fork()
        if pid == 0:
            gc.disable()
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                do()
            except (AlreadyAsked, Refusal):
                os._exit(REFUSED)
            except BaseException:
                said.write_text(traceback.format_exc()[-2000:])
                os._exit(BROKE)
            os._exit(LIVED)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert ended != BROKE, said.read_text()
        return ended

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """How often whoever lives commits."""
        commits, dialect = [0], self.database.writing.dialect
        whole = dialect.do_commit

        def counts(connection: Any) -> None:
            commits[0] += 1
            whole(connection)

        dialect.do_commit = counts  # type: ignore[method-assign]
        yield commits
        dialect.do_commit = whole  # type: ignore[method-assign]

    def judged(self, again: list[Rows], *, but_for: Collection[str]) -> tuple[tuple[str, ...], list[str]]:
        """What is torn where everybody lived; and what came out otherwise where somebody had died, a line each."""
        lived = self.site.rows()
        wanted, unlike = history.come_to(lived, []), []
        for rows in again:
            found = history.differences(wanted, history.come_to(rows, []))
            unlike += [line for line in found if not _is_right(line) and line.split(" ")[0] not in but_for]
        return history.judge([], lived, before=self.rows).torn, unlike

    def leave(self) -> None:
        self._let_go()
        self.site.leave()

    def _let_go(self) -> None:
        """No connection crosses a fork."""
        self.database.writing.dispose()
        self.database.reading.dispose()


FIRST_AFTER_A_COMMIT = 2


def _is_right(difference: str) -> bool:
    """Whoever looks twice has looked twice."""
    return difference.startswith("journal has") and '"look": 1' in difference.replace("true", "1")


def _is_held(database: Database) -> bool:
    return any(engine.pool.checkedout() for engine in {database.writing, database.reading})


def _tell_of_commits(database: Database, step: Callable[[], None]) -> None:
    commit = database.writing.dialect.do_commit

    def told(connection: Any) -> None:
        step()
        commit(connection)
        step()

    database.writing.dialect.do_commit = told  # type: ignore[method-assign]


def _all(kind: type) -> Iterator[type]:
    for below in kind.__subclasses__():
        yield below
        yield from _all(below)
