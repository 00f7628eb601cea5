"""`make storm`: every long part in turn, with a bar, and a report of what was counted: storm-report.json and .md.

What the stories of a part said, and how one failed, stands in storm-report.txt.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.storm.deaths import Table

WHERE_EACH_DIES = sorted({f"tests/{story.split('::')[0]}" for story in Table.read().every_story})
PARTS = {
    "every use case that writes": ["tests/storm/test_each_method_dies.py", *WHERE_EACH_DIES],
    "every crash point": ["tests/storm/test_crash_points.py", "tests/storm/test_the_history.py"],
    "random kills": ["tests/storm/test_random_kills.py"],
    "hard times": ["tests/storm/test_hard_times.py"],
    "at once": ["tests/storm/test_at_once.py"],
    "weeks": ["tests/storm/test_weeks.py"],
    "fuzz": ["tests/storm/test_fuzz.py"],
    "a crowd over three replicas": ["tests/storm/test_crowd.py"],
    "hostile crowd": ["tests/handlers/test_http.py"],
    "replicas and sockets": [
        "tests/journeys/test_replicas_journey.py",
        "tests/journeys/test_several_sockets_journey.py",
        "tests/storm/test_exchange.py",
    ],
    "the older program beside the newer": ["tests/storm/test_the_old_beside_the_new.py"],
    "canaries": ["tests/privacy"],
    "in great numbers": [
        "tests/storm/test_seals_at_size.py",
        "tests/storm/test_pace_at_size.py",
        "tests/access/test_the_channel.py",
        "tests/access/test_the_door.py",
        "tests/usecases/test_looks.py",
    ],
    "backups while people write": ["tests/storage/test_backup_drill.py"],
    "a year in the channel": ["tests/usecases/test_safe_without_thinking.py"],
    "random people": ["tests/usecases/test_random_people.py"],
    "random messages and agendas": [
        "tests/usecases/test_random_delivery.py",
        "tests/usecases/test_random_agenda.py",
    ],
}
SAID = Path("storm-report.txt")
PLAIN = ["-o", "addopts=--strict-markers --import-mode=importlib", "-v", "-n", "0", "--no-header"]
COLLECTED, FINISHED = re.compile(r"collected (\d+) items"), re.compile(r" (PASSED|FAILED|ERROR|SKIPPED) ")


@dataclass
class Part:
    name: str
    command: str
    seconds: float = 0.0
    ended: dict[str, int] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def main(wanted: list[str]) -> int:
    """Only the parts named, or all of them. Gives 1 when anything failed."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        Console().print(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
        return 2
    SAID.unlink(missing_ok=True)
    done = [_run(name, [path for path in PARTS[name] if Path(path).exists()]) for name in wanted or PARTS]
    Path("storm-report.json").write_text(json.dumps([asdict(part) for part in done], indent=1))
    Path("storm-report.md").write_text(_table(done))
    Console().print(f"Written: storm-report.json, storm-report.md, {SAID}")
    return int(any(part.failed for part in done))


def _run(name: str, paths: list[str]) -> Part:
    storm = os.environ.get("INDGANG_STORM", "100")
    part = Part(name, f'INDGANG_STORM={storm} python -m tests.storm.report "{name}"')
    folder = Path(tempfile.mkdtemp(prefix="indgang-report-"))
    told = {
        "INDGANG_STORM": storm,
        "STORM_FIGURES": str(folder / "figures"),
        "STORM_STEPS": str(folder / "steps"),
    }
    began = time.monotonic()
    with (
        SAID.open("a", encoding="utf-8") as said,
        subprocess.Popen(
            [sys.executable, "-m", "pytest", *PLAIN, *paths],
            env=os.environ | told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as running,
    ):
        _watch(part, running, folder / "steps", said)
    part.seconds = round(time.monotonic() - began, 1)
    if (folder / "figures").exists():
        part.counted = json.loads((folder / "figures").read_text())
    if running.returncode and not part.failed:
        part.failed.append(f"pytest ended with {running.returncode}")
    return part


def _watch(part: Part, running: subprocess.Popen[str], steps: Path, said: TextIO) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
    )
    with Progress(*columns, TimeElapsedColumn()) as bars:
        stories, inside = bars.add_task(part.name, total=1), bars.add_task("", total=1, visible=False)
        over = threading.Event()
        threading.Thread(target=_follow, args=(bars, inside, steps, over), daemon=True).start()
        for line in running.stdout or ():
            said.write(line)
            if found := COLLECTED.search(line):
                bars.update(stories, total=int(found[1]))
            elif found := FINISHED.search(line):
                bars.advance(stories)
                part.ended[found[1].lower()] = part.ended.get(found[1].lower(), 0) + 1
                if found[1] in ("FAILED", "ERROR"):
                    part.failed.append(line.split(" ")[0])
        over.set()


def _follow(bars: Progress, inside: Any, steps: Path, over: threading.Event) -> None:
    """How far the story in hand has come, as it says itself."""
    while not over.wait(0.5):
        if steps.exists() and (said := steps.read_text().split("\t")) and len(said) == 3:
            bars.update(
                inside, description=f"  {said[0]}", completed=int(said[1]), total=int(said[2]), visible=True
            )


def _table(parts: list[Part]) -> str:
    rows = ["| part | what was counted | seconds | result | command |", "|---|---|---|---|---|"]
    for part in parts:
        counted = "<br>".join(part.counted)
        result = "; ".join(part.failed) or ", ".join(f"{n} {how}" for how, n in part.ended.items())
        rows.append(f"| {part.name} | {counted} | {part.seconds:.0f} | {result} | `{part.command}` |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
