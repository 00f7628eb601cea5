"""The data protection officer reads the settings in force, and how the impact assessment stands (A12)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.assessment import Assessment
from bot.domain.people import NotForYou
from bot.texts import texts
from bot.views import in_force as views
from tests.support.office import OfficeTown, readable

ROOT = Path(__file__).resolve().parents[2]
DPO = "Ditte Lund"
ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@ON_ONE_DATABASE
def test_the_settings_are_read_as_they_are_and_by_nobody_else(town: OfficeTown) -> None:
    desk = town.office.in_force
    with pytest.raises(NotForYou):
        desk.settings(town.asked("Maja Holm"))
    with pytest.raises(NotForYou):
        desk.assessment(town.asked("Jens Toft"))
    found = desk.settings(town.asked(DPO))
    said = {language: readable(views.settings(texts(language), found)["blocks"]) for language in ("da", "en")}
    rules = town.house.rules.on(town.today)
    for part in (
        f"version {rules.version}",
        "afsluttede sager 5 år, sager uden plan 1 år, journalen 5 år",
        "14 dage efter mødet og i beskeder efter 30 dage",
        "én sag i 60 minutter",
        "Her kan intet ændres",
    ):
        assert part in said["da"]
    assert "closed cases 5 years" in said["en"] and "Nothing can be changed here" in said["en"]
    home = town.house.draw_home(town.person(DPO), town.clock.at, texts("da"))
    pressed = [e["action_id"] for b in home["blocks"] for e in b.get("elements", []) if "action_id" in e]
    assert any(p.startswith("dpo.settings") for p in pressed)
    assert any(p.startswith("dpo.assessment") for p in pressed)


def test_the_assessment_in_the_program_is_the_documents() -> None:
    known, words = Assessment(), texts("da")
    document = (ROOT / known.document).read_text("utf-8")
    assert f"Udgave: {known.edition.day}. november {known.edition.year}." in document
    rows = [line for line in document.splitlines() if line.startswith("| ")]
    assert len(rows) - 1 == known.risks
    lacks = document.rsplit("## Kommunen mangler at", 1)[1].strip().rstrip(".")
    points = re.split(r", og (?=beslutte)|, (?!hvem)", lacks)
    said = [str(words.term("dpia", code)) for code in known.open_points]
    assert [p[0].upper() + p[1:] for p in points] == said
    modal = readable(views.assessment(words, known)["blocks"])
    assert "12 risici" in modal and "Kommunen mangler (7)" in modal and "• Angive hjemmel" in modal
    assert "12 risks" in readable(views.assessment(texts("en"), known)["blocks"])
