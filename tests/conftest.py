"""What every test may ask for: a real database of each kind, and an environment that knows nothing of this machine."""

from __future__ import annotations

import gc
import itertools
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import log
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from storage.unit_of_work import Storage
from tests.storm.deaths import Deaths, Table
from tests.support.databases import Databases, Settle

ENGINES = ("sqlite", "postgresql")
OURS = ("SLACK_", "INDGANG_", "DATABASE_URL")
KEPT = {
    name: os.environ[name]
    for name in (
        "INDGANG_REQUIRE_BROWSER",
        "INDGANG_REQUIRE_PROMTOOL",
        "INDGANG_JOURNEY_JOURNAL",
        "INDGANG_PICTURES",
        "INDGANG_FIGURES",
        "INDGANG_STORM",
    )
    if name in os.environ
}
"""What the build tells the tests; everything else of ours is taken away, so that a test sees the same everywhere."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def pytest_configure() -> None:
    for name in [n for n in os.environ if n.startswith(OURS) and n not in KEPT]:
        del os.environ[name]
    os.environ["LANGUAGE"] = "da"  # whatever this machine speaks
    _lie_in_memory()


def _lie_in_memory() -> None:
    """A test's files need not survive the machine, and a commit waits milliseconds for a disk: where memory can hold
    files, they lie there. Everything else is as on a disk: `synchronous=FULL`, locks, and a process that is killed.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # where tmp_path lies
        tempfile.tempdir = str(MEMORY)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Whoever lets the log speak elsewhere for a story leaves it as it is before anybody sets it up."""
    yield
    log._write_lines("json", None)


# --- databases ---


@pytest.fixture(scope="session")
def databases() -> Databases:
    return Databases()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settle() -> Settle | None:
    """What a fresh database holds besides its tables; a folder of tests may say otherwise."""
    return None


@pytest.fixture
def database_address(engine: str, databases: Databases, settle: Settle | None) -> Iterator[str]:
    """A fresh, upgraded database of each kind in turn."""
    address = databases.fresh(engine, settle=settle)
    yield address
    databases.take_back(address)


@pytest.fixture
def empty_address(engine: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, of each kind in turn."""
    address = databases.empty(engine, tmp_path)
    yield address
    if address.startswith("postgres"):
        databases.postgres.drop(address)


@pytest.fixture
def database(database_address: str, databases: Databases) -> Iterator[Database]:
    database = databases.at(database_address)
    yield database
    databases.leave(database)


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing.read(new_key())


@pytest.fixture
def new_id() -> Callable[[], str]:
    """Ids that count, so that what a test sees can be read."""
    numbers = itertools.count(1)
    return lambda: f"id-{next(numbers):04d}"


@pytest.fixture
def storage(database: Database, keys: KeyRing, new_id: Callable[[], str]) -> Storage:
    return Storage(database, keys=keys, new_id=new_id)


# --- deaths ---


@pytest.fixture(autouse=True)
def deaths(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where tests/storm/deaths.yaml says so, others ask the same as the story, and are killed."""
    owed = Table.read().of(request.node.nodeid)
    if not owed:
        yield
        return
    deaths = Deaths(set(owed))
    with deaths.watching():
        yield
    request.node.user_properties.append(("deaths", deaths.points))
    found = [*deaths.found, *(f"{name} wrote nothing here" for name in sorted(deaths.owed))]
    assert not found, "\n".join(found)


# --- what is not Python's ---


def browser() -> str | None:
    """The Chromium on this machine, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; skips where it is not, and fails where the build demands it."""
    return _there(browser(), "BROWSER")


@pytest.fixture(scope="session")
def promtool() -> str:
    """Where Prometheus' own reader of rules is; skips and fails in the same way."""
    return _there(shutil.which("promtool"), "PROMTOOL")


NO_BROWSER = "no Chromium on this machine (Debian: apt-get install chromium)"
NO_PROMTOOL = "no promtool on this machine (Debian: apt-get install prometheus)"
NOT_HERE = {"BROWSER": NO_BROWSER, "PROMTOOL": NO_PROMTOOL}


def _there(found: str | None, what: str) -> str:
    if found is None and _required(what):
        pytest.fail(f"INDGANG_REQUIRE_{what} is set: {NOT_HERE[what]}")
    if found is None:
        pytest.skip(NOT_HERE[what])
    return found


def _required(what: str) -> bool:
    return os.environ.get(f"INDGANG_REQUIRE_{what}", "") not in ("", "0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith("tests/storm/"))  # what takes longest begins first
    if browser() or _required("BROWSER"):  # required and missing: the tests run, and fail by themselves
        return
    for item in items:
        if item.get_closest_marker("browser"):
            # Said loudly in the summary; where the build demands a browser, the test fails instead.
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_collection_finish() -> None:
    """Thousands of stories stand there to the end: whoever looks for garbage, here or in a fork, need not look there."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and browser() is None:
        pytest.fail(f"a browser test cannot run: {NO_BROWSER}")


# --- how long each part took ---

WHOLE, ABREAST = 720, 3
"""Seconds from start to end on two cores, and the workers that share them."""
BUDGET = {
    "usecases": 610, "storm": 530, "journeys": 270, "storage": 180, "browser": 180, "access": 80, "demo": 65,
    "texts": 30, "privacy": 30, "the house": 50, "sandbox": 25, "commands": 55, "domain": 20, "handlers": 30,
}  # fmt: skip
"""Seconds of work; what is not named shares what is left of the whole."""
OTHERS = ABREAST * WHOLE - sum(BUDGET.values())

_began = time.monotonic()
_seconds: defaultdict[str, float] = defaultdict(float)
_stories: defaultdict[str, int] = defaultdict(int)
_skipped = dict.fromkeys(NOT_HERE, 0)
_figures: list[str] = []
_deaths: list[int] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    part = _part(report.nodeid)
    _seconds[part] += report.duration
    if report.when == "call" or report.skipped:
        _stories[part] += 1
    if report.when == "teardown":  # with what was counted until then
        _figures.extend(str(said) for name, said in report.user_properties if name == "figures")
        _deaths.extend(int(str(died)) for name, died in report.user_properties if name == "deaths")
    for what, why in NOT_HERE.items():
        _skipped[what] += report.skipped and why in str(report.longrepr)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    write = terminalreporter.write_line
    if _seconds:
        terminalreporter.section("seconds per part (work, on all cores together)")
        for part, seconds in sorted(_seconds.items(), key=lambda found: -found[1]):
            write(_spent(seconds, BUDGET.get(part, OTHERS), f"{part} ({_stories[part]})"))
        write(_spent(time.monotonic() - _began, WHOLE, "from start to end"))
    if _deaths:
        _figures.append(f"every use case that writes: stories {len(_deaths)}, killed {sum(_deaths)}")
    if _figures:
        terminalreporter.section("what was counted")
        for said in sorted(_figures):
            write(said)
        if where := os.environ.get("STORM_FIGURES"):
            Path(where).write_text(json.dumps(sorted(_figures)))  # for tests/storm/report.py
    for what, times in _skipped.items():
        if times:
            terminalreporter.section(f"{times} {what} TESTS DID NOT RUN", red=True, bold=True)
            write(NOT_HERE[what])


def _spent(seconds: float, budget: int, what: str) -> str:
    return f"{seconds:8.1f} of {budget:4}  {what}{'  OVER ITS BUDGET' if seconds > budget else ''}"


def _part(nodeid: str) -> str:
    pieces = nodeid.split("::", maxsplit=1)[0].split("/")
    return pieces[1] if len(pieces) > 2 else "the house"
