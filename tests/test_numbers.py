"""A number in a docstring or a test leads somewhere: docs/rules.md explains every one that is used."""

from __future__ import annotations

import re
from pathlib import Path

from bot.assembly import tellers
from bot.rules import DEFAULT, read_rules
from bot.views.notices import VIEWS
from tests.access.facts import COLUMNS, FACTS, STAGES
from tests.access.sites import SHORTCUTS
from tests.access.told import DUTIES, NEWS
from tests.support.office import FakeSlack

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


def test_what_is_said_of_the_access_tables_is_as_many_as_there_are() -> None:
    """Whoever adds to a table says it in docs/security.md too."""
    facts, told = len(FACTS), {news.kind for news in NEWS}
    kinds = tellers(FakeSlack(), read_rules(DEFAULT)).keys()
    said = (
        f"{len(COLUMNS)} columns",
        f"{facts} facts",
        f"{len(STAGES)} stages: {len(COLUMNS) * facts * len(STAGES):,} combinations",
        f"Every kind of message ({len(kinds)})",
        f"for the {len(told)} kinds that name one, and {len({duty.kind for duty in DUTIES})} that go with a role",
        f"{len(SHORTCUTS)} short cuts",
        f"Every kind of notice ({len(VIEWS.keys() - {'agenda'})})",
    )
    text = (ROOT / "docs/security.md").read_text("utf-8")
    assert [figure for figure in said if figure not in text] == []
