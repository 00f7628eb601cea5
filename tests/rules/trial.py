"""Carries stories out without some lines of the house, each time in a process of its own, and says how they fell.

What is removed within a function is removed by exchanging its code in a fork of this process, which has already
loaded everything: that costs no more than the stories. What is read at import needs the house to be loaded anew.
"""

from __future__ import annotations

import ast
import builtins
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from bot.domain.errors import Refusal

SECONDS = 120
OPTIONS = (
    "-n0",
    "-q",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "--hypothesis-seed=0",
    "-k",
    "not postgresql",
)
WORD = "__indgang_reached__"
Reached = set[tuple[str, int]]


@dataclass(frozen=True)
class Outcome:
    """What became of the stories of one trial."""

    red: str = ""  # the first that failed, `path::name`
    why: str = ""  # the kind of failure and its first line
    crashed: bool = False  # it fell over; it was not contradicted

    @property
    def speaks(self) -> bool:
        """A story said no: an assertion failed, or what was expected did not come."""
        return bool(self.red) and not self.crashed


class Witness:
    """A pytest plugin that remembers the first failure that speaks, and which lines said that they were reached."""

    def __init__(self) -> None:
        self.reached: defaultdict[str, Reached] = defaultdict(set)
        self.failure = Outcome()
        self.now = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        kind = call.excinfo.type if call.excinfo else None
        if kind is None or issubclass(kind, pytest.skip.Exception) or self.failure.speaks:
            return
        first = (str(call.excinfo.value).strip().splitlines() or [""])[0] if call.excinfo else ""
        crashed = call.when != "call" or not (call.excinfo and _says_no(call.excinfo.value))
        if not crashed or not self.failure.red:
            self.failure = Outcome(plain(item.nodeid), f"{kind.__name__}: {first}", crashed)

    def note(self, file: str, first: int, last: int) -> None:
        self.reached[self.now].update((file, line) for line in range(first, last + 1))


def _says_no(failure: BaseException) -> bool:
    """An assertion, or another refusal than the expected one; many examples may say it in several ways at once."""
    if isinstance(failure, BaseExceptionGroup):
        return any(map(_says_no, failure.exceptions))
    return isinstance(failure, AssertionError | pytest.fail.Exception | Refusal)


class _Telling(ast.NodeTransformer):
    """Before each statement of a function, a word that it was reached."""

    def __init__(self, file: str) -> None:
        self._file = file

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and not isinstance(node, ast.Module | ast.ClassDef):
                setattr(node, field, [told for statement in block for told in self._told(statement)])
        return node

    def _told(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        first = getattr(statement, "decorator_list", None) or [statement]
        until = statement.lineno if hasattr(statement, "body") else statement.end_lineno
        word = ast.parse(f"{WORD}({self._file!r}, {statement.lineno}, {until})").body[0]
        for node in ast.walk(word):
            ast.copy_location(node, first[0])
        yield from (word, statement)


def plain(nodeid: str) -> str:
    """A story's name without its parameters."""
    return nodeid.split("[", maxsplit=1)[0]


class Court:
    """Tries stories that pytest has collected in this process."""

    def __init__(self, items: list[pytest.Item], house: Path, files: list[str]) -> None:
        self._house = house
        self._files = files  # those in which it is of interest what a story reaches
        self._reached: dict[str, Reached | None] = {}  # None: red as things stand
        self._items: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            self._items[plain(item.nodeid)].append(item)
        _make_template_once()
        self._loaded: defaultdict[str, list[FunctionType]] = defaultdict(list)
        gc.unfreeze()  # what the stories' own conftest has put aside, which nobody would find here
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(str(house)):
                self._loaded[thing.__code__.co_filename].append(thing)

    def reached(self, stories: list[str]) -> dict[str, Reached]:
        """Per story, the (file, line) it reached; a story that is red as things stand is left out."""
        new = [story for story in stories if story not in self._reached]

        def watch() -> object:
            witness = Witness()
            setattr(builtins, WORD, witness.note)
            for file in self._files:
                self._let_tell(file)
            for story in new:
                self._carry_out([story], witness)
                witness.reached[story] |= set()  # also one that reaches nothing but what is read at import
                if witness.failure.red:
                    witness.reached.pop(story, None)
                    witness.failure = Outcome()
            return {story: sorted(lines) for story, lines in witness.reached.items()}

        found: Any = (_apart(watch) if new else None) or {}
        self._reached |= {
            story: {(path, line) for path, line in found[story]} if story in found else None for story in new
        }
        return {story: seen for story in stories if (seen := self._reached[story]) is not None}

    def _let_tell(self, file: str) -> None:
        path = str(self._house / file)
        told = _Telling(file).visit(ast.parse(Path(path).read_text("utf-8")))
        new = {code.co_qualname: code for code in _codes(compile(told, path, "exec"))}
        for function in self._loaded[path]:
            code = new.get(function.__code__.co_qualname)
            if code and code.co_freevars == function.__code__.co_freevars:
                function.__code__ = code

    def without_code(self, stories: list[str], file: str, line: int, without: str) -> Outcome | None:
        """The outcome with the functions around `line` as they are in `without`; None if that cannot be done."""
        path = str(self._house / file)
        around = [f for f in self._loaded[path] if line in _span(f.__code__)]
        new = {code.co_qualname: code for code in _codes(compile(without, path, "exec"))}
        exchange = [(f, new.get(f.__code__.co_qualname)) for f in around]
        if not exchange or any(c is None or c.co_freevars != f.__code__.co_freevars for f, c in exchange):
            return None

        def judge() -> object:
            for function, code in exchange:
                if code:
                    function.__code__ = code
            witness = Witness()
            self._carry_out(stories, witness)
            return asdict(witness.failure)

        said: Any = _apart(judge)
        return Outcome(**said) if said else Outcome()

    def _carry_out(self, stories: list[str], witness: Witness) -> None:
        for item in [item for story in stories for item in self._items[story]]:
            item.config.pluginmanager.register(witness)
            witness.now = plain(item.nodeid)
            runtestprotocol(item, log=False, nextitem=None)
            item.config.pluginmanager.unregister(witness)
            if witness.failure.speaks:
                return


def _make_template_once() -> None:
    """The empty upgraded database every story copies; made here, each fork finds it made."""
    from tests.support.databases import Databases
    from tests.support.office import OfficeTown

    made = Databases()
    templates = {("sqlite", settle): made._template("sqlite", settle) for settle in (None, OfficeTown)}
    begin = Databases.__init__

    def begun(databases: Databases) -> None:
        begin(databases)
        databases._templates = dict(templates)  # type: ignore[assignment]

    Databases.__init__ = begun  # type: ignore[method-assign]


def _span(code: CodeType) -> range:
    lines = [line for inner in _codes(code) for _, _, line in inner.co_lines() if line]
    return range(min(lines, default=0), max(lines, default=0) + 1)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _apart(ask: Callable[[], object]) -> object:
    """What `ask` answers in a fork of this process; None if it was lost or took too long."""
    with tempfile.NamedTemporaryFile(prefix="indgang-trial-") as answer:
        child = os.fork()
        if not child:
            try:
                said = json.dumps(ask())
                Path(answer.name).write_text(said, encoding="utf-8")
            finally:
                os._exit(0)
        timer = threading.Timer(SECONDS, os.kill, (child, 9))
        timer.start()
        os.waitpid(child, 0)
        timer.cancel()
        said = Path(answer.name).read_text("utf-8")
    return json.loads(said) if said else None


def loaded_anew(stories: list[str], house: Path) -> Outcome:
    """The outcome in a process that loads the house as it stands on the disk now."""
    command = [sys.executable, "-m", "tests.rules.trial", *stories]
    try:
        done = subprocess.run(
            command, cwd=house, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Outcome()
    last = done.stdout.splitlines()[-1:] or ["{}"]
    return Outcome(**json.loads(last[0])) if last[0].startswith("{") else Outcome()


if __name__ == "__main__":
    sole = Witness()
    pytest.main([*OPTIONS, *sys.argv[1:]], plugins=[sole])
    print("\n" + json.dumps(asdict(sole.failure)))
