"""What a start reads, and what it says when it cannot go on: seconds are no measure on a machine that others use too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.support.over_http import free_port
from tests.support.processes import environment, start

ROOT = Path(__file__).resolve().parents[1]

MASTER = "import bot.__main__, bot.settings, bot.log, bot.web, storage.only_one"
"""What `indgang serve --http` needs to hold the port and the lock, before it forks."""

WORKER = """
from bot import serving
from bot.assembly import House
from bot.settings import Settings
from handlers.bolt import Front
house = House.build(Settings.read())
one = serving.Serving(house)
Front(house.settings, one.dispatch, house.client, calendar=serving.calendar_of(house))
"""

ONLY_THE_WORKERS = {"sqlalchemy", "slack_bolt", "slack_sdk", "jinja2", "cryptography", "handlers", "schedules", "bot.assembly"}  # fmt: skip
ONLY_WHERE_USED = {"alembic", "sqlalchemy.orm", "psycopg", "icalendar", "openpyxl", "docx", "holidays", "aiohttp", "bot.sandbox", "bot.demo"}  # fmt: skip


def test_a_start_reads_what_it_needs_and_compiles_no_words(tmp_path: Path) -> None:
    told = f"""
import json, sys
{MASTER}
master = set(sys.modules)
{WORKER}
from bot.texts import texts
words = [len(texts(language)._env.cache) for language in ("da", "en")]
print(json.dumps([sorted(master & {ONLY_THE_WORKERS}), sorted(set(sys.modules) & {ONLY_WHERE_USED}), words]))
"""
    ended = subprocess.run(
        [sys.executable, "-c", told],
        env={**settings(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == [[], [], [0, 0]]


def test_over_http_the_worker_says_what_stands_in_the_way_and_no_other_is_begun(tmp_path: Path) -> None:
    serve = ["serve", "--with-clock", "--http", f"127.0.0.1:{free_port()}"]
    child = start(serve, settings(tmp_path), tmp_path)
    too_long = threading.Timer(30, os.kill, (child.pid, signal.SIGTERM))
    too_long.start()
    code, said = child.ends()
    too_long.cancel()
    sentences = [line for line in said.splitlines() if not line.startswith("{")]
    assert (code, sentences) == (
        2,
        [
            "The database is empty or not up to date; nothing was started or changed. If it should not be empty, correct DATABASE_URL (or mount its disk); else run `indgang migrate`."
        ],
    )


def settings(folder: Path) -> dict[str, str]:
    return environment(f"sqlite:///{folder}/town.db", SLACK_SIGNING_SECRET="0123456789abcdef")
