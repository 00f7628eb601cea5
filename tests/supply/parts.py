"""The packages that run in production, as the lock names them, with their licences.

make licences   # writes docs/licences.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
PAGE = ROOT / "docs" / "licences.md"
ONLY_ELSEWHERE = frozenset({"colorama"})
"""In the lock for another operating system, and never installed here; BSD-3-Clause by its project's page."""

MAY_BE = (
    "MIT",
    "MIT-0",
    "BSD",
    "Apache",
    "PSF",
    "Python Software Foundation",
    "ISC",
    "LGPL-3.0-only",  # psycopg: used as a library, unchanged
)


@dataclass(frozen=True, order=True)
class Part:
    name: str
    version: str
    licence: str

    @property
    def may_be_used(self) -> bool:
        """Each of several licences must be known: an unknown one is read by a person first."""
        words = re.split(r" AND | OR |, ", self.licence)
        return all(any(w.startswith(m) for m in MAY_BE) for w in words) and bool(self.licence)


def locked(lock: Path = LOCK) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: version for name, version in found if name not in ONLY_ELSEWHERE}


def parts() -> list[Part]:
    """Raises PackageNotFoundError when the environment is not what the lock says."""
    return sorted(_part(name, version) for name, version in locked().items())


def page() -> str:
    lines = [f"| {p.name} | {p.version} | {p.licence} |" for p in parts()]
    head = (
        "# Licences\n\nWhat the program is made of besides itself, from `requirements.lock` "
        "(`make licences` writes this page).\n\n| package | version | licence |\n|---|---|---|\n"
    )
    return head + "\n".join(lines) + "\n"


def _part(name: str, version: str) -> Part:
    facts = metadata(name)
    if facts["Version"] != version:
        raise PackageNotFoundError(f"{name} {version}")
    classifiers = [
        c.split("::")[-1].strip() for c in facts.get_all("Classifier") or [] if c.startswith("License")
    ]
    said = (facts.get("License") or "").strip()
    short = said if 0 < len(said) < 40 and said != "Dual License" else ""
    return Part(name, version, facts.get("License-Expression") or short or ", ".join(sorted(classifiers)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
