"""Takes each check of access out alone, in a copy of the house, and sees a story miss it.

make prove-access
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.rules.prove import LEFT_OUT
from tests.rules.trial import OPTIONS, Court, Outcome, loaded_anew

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Check:
    """`without` is the file as it is when the check is gone."""

    file: str
    story: str
    gone: str
    line: int
    without: str


def checks(house: Path) -> Iterator[Check]:
    """Each place where a listed check stands is taken out by itself. Raises LookupError for one that stands nowhere."""
    for group in yaml.safe_load((house / "tests/access/removals.yaml").read_text("utf-8")):
        whole = (house / group["file"]).read_text("utf-8")
        for said in group["gone"]:
            gone, instead = (said, "") if isinstance(said, str) else said
            if gone not in whole:
                raise LookupError(f"{group['file']}: {gone}")
            at = -1
            while (at := whole.find(gone, at + 1)) >= 0:
                line = whole.count("\n", 0, at) + 1
                without = whole[:at] + instead + whole[at + len(gone) :]
                yield Check(group["file"], group["story"], gone.strip(), line, without)


class _Session:
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        found = list(checks(ROOT))
        court = Court(session.items, ROOT, [])
        missed = 0
        for check in found:
            outcome = court.without_code([check.story], check.file, check.line, check.without)
            if outcome is None:
                outcome = _anew(check)
            missed += outcome.speaks
            said = "red" if outcome.speaks else f"STILL GREEN {outcome}"
            print(f"{said:5} {check.file}:{check.line} {check.gone.splitlines()[-1][:90]}", flush=True)
        print(f"{missed} of {len(found)} checks are missed when they are gone")
        session.testsfailed = len(found) - missed
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


def main() -> int:
    """In a copy of the house: nothing that is tried touches the real one."""
    with tempfile.TemporaryDirectory(prefix="indgang-prove-") as folder:
        house = Path(os.path.realpath(folder)) / "house"
        shutil.copytree(ROOT, house, ignore=shutil.ignore_patterns(*LEFT_OUT))
        command = [sys.executable, "-m", "tests.access.prove", "--within"]
        return subprocess.run(command, cwd=house, check=False).returncode


if __name__ == "__main__":
    if "--within" in sys.argv:
        stories = sorted({check.story for check in checks(ROOT)})
        sys.exit(pytest.main([*OPTIONS, *stories], plugins=[_Session()]))
    sys.exit(main())
