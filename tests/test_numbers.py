"""A number in a docstring or a test leads somewhere: docs/rules.md explains every one that is used."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBER = re.compile(r"(?<![A-Z0-9a-z_\"'.-])([RT]\d{2,3}|[DX]\d{1,2})(?![A-Za-z0-9_])")
SOURCES = ("bot", "handlers", "storage", "schedules", "tests")


def test_every_number_that_is_used_is_explained() -> None:
    explained = set(
        re.findall(r"^\| ([RTDX]\d+) \|", (ROOT / "docs/rules.md").read_text("utf-8"), re.MULTILINE)
    )
    used: dict[str, str] = {}
    for folder in SOURCES:
        for file in (ROOT / folder).rglob("*.py"):
            for number in NUMBER.findall(file.read_text("utf-8")):
                used.setdefault(number, str(file.relative_to(ROOT)))
    assert {n: f for n, f in used.items() if n not in explained} == {}
