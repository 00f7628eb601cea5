"""What the forms and the tables ask for, and what they never do: areas by the file, three kinds of goals, no diagnosis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.documents.count_file import CountFile, FileUnfit
from bot.domain.anchoring import FACTS
from bot.domain.count import COLUMNS, Fault
from bot.domain.decision import missing_in
from bot.domain.money import Kroner
from bot.domain.presentation import FrameTerms, Kind, Recommendation
from bot.domain.tracks import Track
from bot.rules import DEFAULT, read_rules
from bot.texts import texts
from bot.views import anchoring as anchoring_views
from bot.views import ready as ready_views
from storage.tables import metadata
from tests.support.office import OfficeTown

PROBLEMS = (
    "psyk",
    "psych",
    "handicap",
    "disab",
    "kronisk",
    "chronic",
    "misbrug",
    "abuse",
    "addict",
    "diagnos",
    "health",
)
"""The four groups of problems, in the words a column or a code would have."""


def values(thing: Any) -> set[str]:
    """Every value that can be chosen in a drawn form."""
    if isinstance(thing, dict):
        here = {thing["value"]} if "text" in thing and "value" in thing else set()
        return here.union(*map(values, thing.values()))
    return set().union(*map(values, thing)) if isinstance(thing, list) else set()


@pytest.mark.rule("R001", "R016")
def test_the_rules_file_names_the_areas_and_says_which_take_part(tmp_path: Path) -> None:
    rules = read_rules().versions[-1]
    assert [a.code for a in rules.areas_of(Track.YOUTH)] == ["social", "youth", "schools"]
    assert [a.code for a in rules.areas_of(Track.ADULT)] == ["social", "employment", "health"]
    text = DEFAULT.read_text("utf-8")
    for before, after in (
        ("{da: Socialområdet, en: Social services}", "{da: Voksenområdet, en: Adult services}"),
        ("areas: [social, youth, schools]", "areas: [social, schools]"),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    (tmp_path / "regler.yaml").write_text(text, "utf-8")
    other = read_rules(tmp_path / "regler.yaml").versions[-1]
    assert [a.name("da") for a in other.areas_of(Track.YOUTH)] == ["Voksenområdet", "Trivsel og Læring"]


@pytest.mark.rule("R049", "R031")
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_plan_aims_at_education_work_or_a_clarified_income(town: OfficeTown, language: str) -> None:
    item = town.referred("Maja Holm")
    shown = town.office.readiness.show(town.asked("Maja Holm", once=False), item.id)
    form = ready_views.plan_form(texts(language), town.house.rules.on(town.today), shown, meta="{}")
    goals = next(b for b in form["blocks"] if b["block_id"] == "goals")
    assert values(goals) == {"education", "employment", "income_basis"}


@pytest.mark.rule("R031", "T15")
def test_a_new_case_is_not_decided_without_a_goal() -> None:
    frame = FrameTerms(Kroner.of(0), (), "youth")
    whole = Recommendation(
        goals=("education",), caseworker="U0MAJA0001", frame=frame, follow_up_on=date(2027, 2, 3)
    )
    assert missing_in(Kind.NEW, whole) == ()
    assert missing_in(Kind.NEW, replace(whole, goals=())) == ("plan",)


@pytest.mark.rule("R032")
def test_no_form_and_no_table_asks_which_problems_somebody_has(town: OfficeTown) -> None:
    columns = {column.name for table in metadata.sorted_tables for column in table.columns}
    case = town.registered("Maja Holm")
    asked = town.office.anchorings.form(town.asked("Maja Holm", once=False), case.id)
    form = anchoring_views.form(texts("da"), town.house.rules.on(town.today), asked, meta="{}")
    codes = {value for value in values(form) if value != "health"}  # the area of that name
    named = {word for word in PROBLEMS for said in (*columns, *codes, *COLUMNS) if word in said}
    assert named == {"disab"}, "only disability_pension, an income, is asked of a count and a proposal"
    assert set(FACTS) == {"disability_pension", "no_prospect", "most_vulnerable", "light_needs_only"}


@pytest.mark.rule("R032")
def test_a_case_count_with_another_column_is_not_taken_in(tmp_path: Path) -> None:
    file = tmp_path / "count.csv"
    file.write_text(",".join((*COLUMNS, "misbrug")) + "\n")
    with pytest.raises(FileUnfit) as refused:
        CountFile(file, date(2026, 11, 16)).survey()
    assert refused.value.fault.fault == Fault.EXTRA_COLUMNS
