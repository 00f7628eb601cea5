"""`make bench`: P1 to P9 as ratios, criterion 14 in seconds, a case count, and whether waiting tells what is not yours (D11).

By turns, with medians; a table here, and beside it as JSON and as Markdown.

make bench                  # everything, in ten minutes at most
make bench ARGS="--only P5" # one goal, or several
BENCH=full make bench       # up to a million cases and a hundred thousand requests: takes hours
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import counting, delivery, process, reminders, requests, same_answer, scale
from tests.benchmarks.measure import Finding
from tests.support.databases import Databases

GOALS: dict[str, tuple[tuple[str, ...], Callable[..., Iterator[Finding]]]] = {
    "requests": (("P1", "P2", "P3", "P4", "C14"), requests.measured),
    "scale": (("P5",), scale.measured),
    "reminders": (("P6",), reminders.measured),
    "process": (("P7", "P8"), process.measured),
    "delivery": (("P9",), delivery.measured),
    "counting": (("R129",), counting.measured),
    "same answer": (("D11",), same_answer.measured),
}


def main() -> int:
    wanted, full = _asked()
    place = Path("build")
    place.mkdir(exist_ok=True)
    disk = Path(tempfile.mkdtemp(prefix="indgang-bench-", dir=place.absolute()))
    memory = Path("/dev/shm") if Path("/dev/shm").is_dir() else disk
    began, load = time.monotonic(), os.getloadavg()
    found: list[Finding] = []
    try:
        durable, quick = Databases(durable=True, folder=disk), Databases(durable=True, folder=memory)
        for name, (goals, measured) in GOALS.items():
            if wanted & set(goals):
                # Commits are measured on a disk; what is looked up among many lies where it can be made quickly, while there is room.
                databases = quick if name == "scale" and not full else durable
                for finding in measured(databases, full=full):
                    if finding.goal in wanted:
                        found.append(finding)
                        print(_line(finding), file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(disk, ignore_errors=True)
    about = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "size": "full" if full else "quick",
        "seconds": round(time.monotonic() - began),
        "load": f"{load[0]:.1f} at the start, {os.getloadavg()[0]:.1f} at the end, on {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    _write(place, found, about)
    _print(found, about)
    return 0 if all(f.met is not False for f in found) else 1


def _asked() -> tuple[set[str], bool]:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", nargs="+", metavar="P5", help="these goals alone")
    asked = parser.parse_args()
    every = {goal for goals, _ in GOALS.values() for goal in goals}
    return set(asked.only or every) & every, os.environ.get("BENCH") == "full"


def _line(f: Finding) -> str:
    return f"{f.goal}  {f.what}: {f.measured}  ratio {f.ratio}  {_met(f)}"


def _met(f: Finding) -> str:
    return "" if f.met is None else "met" if f.met else "NOT MET"


COLUMNS = ("", "what", "goal", "measured", "ratio", "")


def _row(f: Finding) -> tuple[str, ...]:
    return f.goal, f.what, f.wanted, f.measured, "" if f.ratio is None else f"{f.ratio:.2f}", _met(f)


def _write(place: Path, found: list[Finding], about: dict[str, object]) -> None:
    whole = {**about, "findings": [asdict(f) for f in found]}
    (place / "bench.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_row, found)]
    said = "".join("| " + " | ".join(row) + " |\n" for row in rows)
    facts = ", ".join(f"{name} {value}" for name, value in about.items())
    (place / "bench.md").write_text(f"{said}\n{facts}\n", "utf-8")


def _print(found: list[Finding], about: dict[str, object]) -> None:
    table = Table(*COLUMNS, title="P1-P9")
    for finding in found:
        table.add_row(*_row(finding), style="red" if finding.met is False else None)
    console = Console(width=160)
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in about.items()))


if __name__ == "__main__":
    sys.exit(main())
