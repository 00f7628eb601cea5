"""Every line of the standard names code and a test that are there, or says that it is open."""

from __future__ import annotations

import math
import re
from pathlib import Path

from bot.chance import LETTERS, MachineChance

ROOT = Path(__file__).resolve().parents[1]
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/asvs.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [\d.]+", line)
]


def test_every_file_that_is_named_is_there() -> None:
    named = {
        path
        for line in LINES
        for path in re.findall(r"`([\w./]+/[\w./]*|Dockerfile|[\w-]+\.\w+)`", " ".join(line))
    }
    assert len(named) > 40
    assert sorted(p for p in named if not (ROOT / p).exists()) == []


def test_every_line_is_shown_by_a_test_or_says_that_it_is_open() -> None:
    shown = [line for line in LINES if "tests/" in line[2] or "**Open**" in line[2] or line[2] == "–"]
    assert len(shown) == len(LINES)
    assert [line[0] for line in LINES if line[2] == "–"] == [
        "9, 10 tokens, OAuth",
        "11.1.1, 11.1.2 keys and ciphers listed",
        "16.1.1 what is logged, where, how long",
    ]


def test_an_id_holds_128_bits_of_chance() -> None:
    """11.5.1"""
    made = {MachineChance().id() for _ in range(100)}
    assert len(made) == 100
    assert all(set(one) <= set(LETTERS) for one in made)
    assert min(len(one) for one in made) * math.log2(len(set(LETTERS))) > 128
