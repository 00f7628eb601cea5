"""A rolling upgrade with the older program alive: its own code, from the history, serves beside ours on one database.

The rows are held against the older program in tests/storage/test_rolling_upgrade.py; here it runs.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.assembly import House
from storage.upgrade import upgrade
from tests.journeys.test_frame_journey import Inside
from tests.journeys.test_several_sockets_journey import (
    MONDAY_EIGHT,
    QUESTION,
    _nothing_owed,
    _times_in_slack,
    _told,
)
from tests.storm.conftest import LONG, Figures
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.over_http import Bot
from tests.support.over_sockets import ForkedBot, SocketTown
from tests.support.stage import waits_until
from tests.support.town import ROOT

STEPS_BACK = 4
"""The older program knows the rows as they were before so many migrations."""
ROUNDS = 40 * max(1, LONG // 100)
MIGRATIONS = "storage/migrations/versions"

pytestmark = pytest.mark.skipif(
    not LONG, reason="an older program beside ours takes a minute and a half: make storm"
)


def the_older_program(folder: Path) -> str:
    """Lays its code down there; gives its commit. Skips where there is no history."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git history here: the older program cannot be brought back")
    newest = sorted(path.name for path in (ROOT / MIGRATIONS).glob("2*.py"))[-STEPS_BACK]
    added = ["log", "--diff-filter=A", "--format=%H", "--", f"{MIGRATIONS}/{newest}"]
    came = _git(*added).decode().split()
    if not came:
        pytest.skip("the history here begins after the older program")
    commit = _git("rev-parse", f"{came[-1]}^").decode().strip()
    subprocess.run(["tar", "-x", "-C", folder], input=_git("archive", commit), check=True)
    return commit


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


class RollingTown(SocketTown):
    """The older program migrates and serves; then ours migrates, and serves beside it."""

    def __init__(self, database_url: str, folder: Path, *, older: Path) -> None:
        super().__init__(database_url, folder)
        self._older = older

    def start_bot(self) -> None:
        there = self.environment() | {"PYTHONPATH": str(self._older)}
        migrated = Bot(there, self._older, "migrate", status=False)
        assert migrated.ends(60) == 0, migrated.words
        self.older = Bot(there, self._older, "serve")
        self.older.waits_until_ready()
        self.house = House.build(self.settings())
        upgrade(self.house.storage.database)
        self._settle(self.house)
        self.house.storage.database.close()  # before the forks
        self.newer = ForkedBot(self.environment(), self.folder, "serve")
        self.bots = [self.older, self.newer, ForkedBot(self.environment(), self.folder, "clock")]
        for bot in self.bots:
            bot.waits_until_ready()
        self.stage.waits_for_the_bot(connections=2, within=60)


def _heard(bot: Bot) -> Counter[str]:
    return Counter(line["event"] for line in bot.log)


def test_people_work_through_the_older_and_the_newer_program_and_nothing_is_lost_doubled_or_refused(
    databases: Databases, tmp_path: Path, figures: Figures
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    commit = the_older_program(older)
    address = databases.empty("postgresql", tmp_path)
    with RollingTown(address, tmp_path, older=older) as town:
        case, _ = active_case(Inside(town), kroner=900_000)
        lone, maja = town.person("Lone Ager"), town.person("Maja Holm")
        for amount in range(100, 100 + ROUNDS):  # whoever is not answered raises Hindered
            lone.says(QUESTION)
            maja.types(f"/ramme {case.alias[:4].lower()} {amount} bus")
        waits_until(lambda: _told(town)["reply"] >= ROUNDS and _nothing_owed(town), 300)
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            stands = sorted(entry.amount.ore // 100 for entry in work.frames.entries(f"frame-{case.id}"))
        assert stands == list(range(100, 100 + ROUNDS))
        town.stage.jump(MONDAY_EIGHT)
        waits_until(lambda: _told(town)["agenda"] >= 1 and _told(town)["overview"] >= 1, 90)
        waits_until(lambda: _nothing_owed(town), 60)
        told: Any = _told(town)
        assert (told["reply"], told["agenda"], told["overview"]) == (ROUNDS, 1, 1)
        assert _times_in_slack(town) == {1}
        by = {name: _heard(bot) for name, bot in (("older", town.older), ("newer", town.newer))}
        assert {bot.process.poll() for bot in town.bots} == {None}
        assert all(count["heard"] > ROUNDS // 4 for count in by.values()), by
        assert [count["trouble"] for count in by.values()] == [0, 0]
    figures(
        older=commit[:7],
        commands=2 * ROUNDS,
        heard_by_the_older=by["older"]["heard"],
        heard_by_the_newer=by["newer"]["heard"],
        posts=sum(told.values()),
        lost_doubled_or_refused=0,
    )
    databases.take_back(address)
