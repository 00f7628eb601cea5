"""Takes each check of access out alone, in a copy of the house, and sees its story miss it.

make prove-access                     # all of them, two at a time
make prove-access ARGS="minutes"      # those whose place or file has the word
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.access.refusals import ROWS
from tests.access.sites import sites
from tests.access.told import DUTIES, NEWS
from tests.rules.prove import LEFT_OUT
from tests.rules.trial import OPTIONS, Court, Outcome, loaded_anew

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE, SAID = 2, "proved.txt"
EACH = "tests/access/test_each_check.py::test_whoever_may_not_is_refused"
TOLD = "tests/access/test_what_is_told.py::test_whoever_lost_the_right_before_it_was_sent_hears_of_no_case"
DUTY = "tests/access/test_what_is_told.py::test_whoever_has_the_role_no_longer_hears_nothing_at_all"


@dataclass(frozen=True)
class Check:
    """`without` is the file as it is when the check is gone; `story` one test, as pytest names it."""

    file: str
    story: str
    gone: str
    line: int
    without: str


def checks(house: Path = ROOT) -> list[Check]:
    """Those in the use cases by their places, the others as they are listed. Raises LookupError for one that is nowhere."""
    return [*_placed(house), *listed(house)]


def _placed(house: Path) -> Iterator[Check]:
    stories = {row.place: f"{EACH}[{row.place}]" for row in ROWS}
    stories |= {news.place: f"{TOLD}[{news.name}]" for news in NEWS if news.place}
    stories |= {news.place: f"{DUTY}[{news.name}]" for news in DUTIES if news.place}
    for site in sites(house):
        yield Check(site.file, stories[site.name], site.name, site.line, site.without)


def listed(house: Path) -> Iterator[Check]:
    """Each place where a listed check stands is taken out by itself. Raises LookupError for one that is nowhere."""
    for group in yaml.safe_load((house / "tests/access/removals.yaml").read_text("utf-8")):
        whole = (house / group["file"]).read_text("utf-8")
        for said in group["gone"]:
            gone, instead = (said, "") if isinstance(said, str) else said
            if gone not in whole:
                raise LookupError(f"{group['file']}: {gone}")
            at = -1
            while (at := whole.find(gone, at + 1)) >= 0:
                line = whole.count("\n", 0, at + len(gone) - len(gone.lstrip())) + 1
                without = whole[:at] + instead + whole[at + len(gone) :]
                yield Check(group["file"], group["story"], gone.strip(), line, without)


def mine(part: str) -> list[Check]:
    """Every second one of those that were asked for: the parts run at the same time."""
    number, *words = part.split(",")
    found = [c for c in checks() if not any(words) or any(w in f"{c.file} {c.gone}" for w in words)]
    return found[int(number) :: AT_ONCE]


class _Session:
    def __init__(self, part: list[Check]) -> None:
        self._part = part

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        court = Court(session.items, ROOT, [])
        for item in session.items:
            if "[" in item.nodeid:
                court._items[item.nodeid].append(item)
        missed, book = 0, (ROOT / SAID).open("a", encoding="utf-8")
        for check in self._part:
            if check.story not in court._items:
                raise LookupError(check.story)
            began = time.monotonic()
            outcome = court.without_code([check.story], check.file, check.line, check.without)
            if outcome is None:
                outcome = _anew(check)
            missed += outcome.speaks
            said = "red" if outcome.speaks else f"STILL GREEN {outcome}"
            seconds = time.monotonic() - began
            line = f"{said:5} {seconds:4.1f} s {check.file}:{check.line} {check.gone.splitlines()[-1][:90]}"
            for where in (sys.stdout, book):
                print(line, file=where, flush=True)
        session.testsfailed = len(self._part) - missed
        return True


def _anew(check: Check) -> Outcome:
    """What is read when a module is loaded is taken out on the disk."""
    path = ROOT / check.file
    kept = path.read_text("utf-8")
    path.write_text(check.without, "utf-8")
    try:
        return loaded_anew([check.story], ROOT)
    finally:
        path.write_text(kept, "utf-8")


def main(words: list[str]) -> int:
    """In copies of the house, one for each at work: nothing that is tried touches the real one."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="indgang-prove-") as folder:
        houses = [Path(os.path.realpath(folder)) / f"house-{number}" for number in range(AT_ONCE)]
        at_work = [_begin(house, number, words) for number, house in enumerate(houses)]
        whole = all(process.wait() in (0, 1) for process in at_work)
        said = [line for house in houses for line in (house / SAID).read_text("utf-8").splitlines()]
    green = [line for line in said if not line.startswith("red")]
    print(*green, sep="\n")
    print(f"{len(said) - len(green)} of {len(said)} checks are missed when they are gone", end=" ")
    print(f"({time.monotonic() - began:.0f} s)")
    return 0 if whole and said and not green else 1


def _begin(house: Path, number: int, words: list[str]) -> subprocess.Popen[bytes]:
    shutil.copytree(ROOT, house, ignore=shutil.ignore_patterns(*LEFT_OUT, "build"))
    (house / SAID).touch()
    command = [sys.executable, "-m", "tests.access.prove", "--part", ",".join((str(number), *words))]
    return subprocess.Popen(command, cwd=house)


if __name__ == "__main__":
    if "--part" in sys.argv:
        part = mine(sys.argv[-1])
        stories = sorted({check.story.split("[")[0] for check in part})
        sys.exit(pytest.main([*OPTIONS, *stories], plugins=[_Session(part)]))
    sys.exit(main(sys.argv[1:]))
