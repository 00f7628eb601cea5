"""Asks the public lists of known weaknesses about every locked package, and fails closed.

    make audit   # needs the internet

A package that could not be looked up counts as a finding: silence is no clean bill of health.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = (
    "-m",
    "pip_audit",
    "--requirement",
    "requirements.lock",
    "--require-hashes",
    "--disable-pip",
    "--format",
    "json",
)


def findings(report: dict[str, Any]) -> list[str]:
    """One line for each known weakness, and for each package nobody could say anything about."""
    found = []
    for part in report.get("dependencies", []):
        if "skip_reason" in part:
            found.append(f"{part['name']}: could not be audited")
        found += [f"{part['name']} {part['version']}: {w['id']}" for w in part.get("vulns", [])]
    return found or ([] if report.get("dependencies") else ["nothing was audited"])


def main() -> int:
    done = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True, check=False)
    try:
        found = findings(json.loads(done.stdout))
    except ValueError:
        found = ["the audit itself failed: " + (done.stderr.strip().splitlines() or ["no answer"])[-1]]
    for line in found:
        print(line)
    print(
        f"{len(found)} findings."
        if found
        else "Every locked package was looked up; nothing is known against any."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
