"""R129: a case count of fifty thousand rows is brought in within a minute, in the memory a small one takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from storage.sealing import new_key
from tests.benchmarks.measure import Finding, at_most, within
from tests.support import caseload
from tests.support.databases import Databases

FEW, MANY = 5_000, 50_000


def measured(databases: Databases, *, full: bool) -> Iterator[Finding]:
    few, small = _brought_in(databases, FEW)
    many, large = _brought_in(databases, MANY)
    yield within("R129", f"{MANY:,} rows of a case count (with {FEW:,}: {few:.1f} s)", 60, many)
    yield at_most(
        "R129",
        f"most memory for {MANY:,} rows, {FEW:,} to one",
        1.1,
        large / small,
        f"{_mb(small)}, {_mb(large)}",
    )


def _brought_in(databases: Databases, many: int) -> tuple[float, int]:
    """Seconds by the clock, and the most bytes in memory, of the command as an operator gives it."""
    with tempfile.TemporaryDirectory(dir="build") as folder:
        table = [{**row, "key": f"K{n}"} for n, row in enumerate(caseload.rows() * (many // 510 + 1))][:many]
        file = caseload.write(Path(folder) / "count.csv", table)
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "import", "sagstaelling", str(file)],
            env={**os.environ, **_settings(databases.fresh("sqlite"))},
            stdout=subprocess.DEVNULL,
        )
        most = 0
        while process.poll() is None:
            most = max(most, _most_yet(process.pid))
            time.sleep(0.02)
        if process.returncode:
            raise RuntimeError(f"the import ended with {process.returncode}")
        return time.monotonic() - began, most


def _most_yet(process: int) -> int:
    """What wait4 says of a child counts what this process had in memory when it began; the system's own line does not."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _settings(address: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": address,
        "INDGANG_KEYS": new_key(),
        "INDGANG_TEAM": "T0NORDRE01",
        "INDGANG_FIRST_ADMINISTRATOR": "U0BO000001",
    }


def _mb(size: float) -> str:
    return f"{size / 1024**2:.0f} MB"
