"""What is installed is all of it: the program, its words, its rules, its migrations and the sandbox's page."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT), cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    arguments = (
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        str(target),
        str(wheel),
    )
    run("-m", "pip", *arguments, cwd=target)
    return target


def test_it_brings_everything_that_is_read_at_run_time(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for folder, pattern in {
            "bot/texts": "*.j2",
            "bot/rules": "*.yaml",
            "bot/sandbox/page": "*.*",
            "storage/migrations": "*.py",
        }.items()
        for path in (ROOT / folder).rglob(pattern)
    }
    assert ours - names == set()
    assert "bot/manifest.yml" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_it_brings_nothing_that_is_only_ours(wheel: Path):
    tops = {name.split("/", maxsplit=1)[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.startswith("indgang-")} == {
        "bot",
        "handlers",
        "storage",
        "schedules",
    }


def test_the_installed_program_answers_and_upgrades_a_database(installed: Path, tmp_path: Path):
    help_text = run("-m", "bot", "--help", cwd=tmp_path, PYTHONPATH=str(installed))
    for command in ("serve", "clock", "sandbox", "demo", "migrate", "doctor", "keys"):
        assert command in help_text
    key = run("-m", "bot", "keys", "new", cwd=tmp_path, PYTHONPATH=str(installed)).strip()
    said = run(
        "-m",
        "bot",
        "migrate",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        INDGANG_KEYS=key,
        INDGANG_TEAM="T1",
        INDGANG_FIRST_ADMINISTRATOR="U1",
        DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}",
        LANGUAGE="en",
    )
    assert "up to date" in said
    assert (tmp_path / "new.db").exists()
    where = run(
        "-c",
        "import storage.upgrade; print(storage.upgrade.__file__)",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert where.startswith(str(installed))
