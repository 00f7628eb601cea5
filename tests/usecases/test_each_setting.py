"""Each demand that can be configured has a dated setting: another value, and the program does another thing (R114, D8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.anchoring import Anchor, Facts, Moves, propose
from bot.domain.birth import Born
from bot.domain.calendar import add_months
from bot.domain.case import AgeBand
from bot.domain.rules import Rules
from bot.domain.significance import verdict
from bot.domain.status import staff_table
from bot.domain.tracks import Track
from bot.domain.transitions import marks_of_birth
from bot.rules import DEFAULT, read_rules
from bot.texts import texts
from bot.usecases.anchorings import AnchorForm
from bot.views import anchoring as anchoring_views
from bot.views.case import band_choices
from bot.views.setup import area_choices
from handlers.frame_line import read_line
from tests.rules.book import Book
from tests.support.office import readable

TODAY = date(2026, 11, 16)
DANISH = texts("da")
BOOK, STANDARD = Book(), read_rules().on(TODAY)
AT_16, AT_25 = Born(2010, 3), Born(2001, 5)


def bands(rules: Rules) -> list[str]:
    return [str(choice.text) for choice in band_choices(DANISH, rules)]


def proposed(born: Born, **facts: bool) -> Callable[[Rules], str]:
    return lambda rules: propose(rules.anchoring.in_force, Facts(born, **facts), TODAY).area


def anchoring_form(rules: Rules) -> str:
    facts = AnchorForm(
        case_id="c",
        alias="Bogfinke",
        key="26-0001",
        area="social",
        payer=None,
        rule_set=rules.anchoring.in_force,
        chosen=(),
        proposal=Anchor(Moves.STAYS, "social"),
        history=(),
        may_assess=True,
    )
    return readable(anchoring_views.form(DANISH, rules, facts, meta="{}")["blocks"])


def says(words: str) -> Callable[[Rules], bool]:
    return lambda rules: words in anchoring_form(rules)


def turns_middle(rules: Rules) -> date:
    marks = marks_of_birth(AT_25, rules.transitions, rules.working_days)
    return next(m.due_on for m in marks if m.code == f"age_{rules.ages.middle}")


Change = tuple[tuple[str, str], ...]
Row = tuple[str, Change, Callable[[Rules], Any], Any, Any]
CHOSEN = "chosen: tillempet "
TABLE: tuple[Row, ...] = (
    ("R001", (("{da: Ungeindsatsen og UU, en", "{da: Ungeenheden, en"),), lambda r: str(area_choices(DANISH, r)[1].text), "Ungeindsatsen og UU", "Ungeenheden"),
    ("R014", (("task_days: 5", "task_days: 8"),), lambda r: r.working_days.after(date(2026, 11, 19), r.deadlines.task_days), date(2026, 11, 26), date(2026, 12, 1)),
    ("R016", (("[social, employment, health]", "[social, employment]"),), lambda r: [a.code for a in r.areas_of(Track.ADULT)], ["social", "employment", "health"], ["social", "employment"]),
    ("R025", (("middle: 25", "middle: 26"), ("{age: 25", "{age: 26")), turns_middle, date(2026, 5, 1), date(2027, 5, 3)),
    ("R026", (("youth: 18", "youth: 19"), ("{age: 18", "{age: 19")), lambda r: bands(r)[1], "18–29 år", "19–29 år"),
    ("R028", (("adult: 30", "adult: 31"), ("{age: 30", "{age: 31")), lambda r: bands(r)[1:], ["18–29 år", "30 år og derover"], ["18–30 år", "31 år og derover"]),
    ("R032", ((CHOSEN, "chosen: forslag_2_18 "), ("har vidtgående fysiske handicap", "har store fysiske handicap")), says("har store fysiske handicap"), False, True),
    ("R038", (("teens: true", "teens: false"),), bands, ["15–17 år", "18–29 år", "30 år og derover"], ["18–29 år", "30 år og derover"]),
    ("R042", (("adult: 30", "adult: 35"), ("{age: 30", "{age: 35")), lambda r: r.ages.band(32), AgeBand.ADULT, AgeBand.YOUTH),
    ("R061", (("  most: 50000", "  most: 60000"),), lambda r: r.frame_of(Track.YOUTH).most.ore, 5_000_000, 6_000_000),
    ("R063", (("    words: [enkeltydelse, ydelse, cykel,", "    words: [enkeltydelse, ydelse, cykelhjelm,"),), lambda r: {one.purpose for one in read_line("cykel 300", purposes=r.purposes, today=TODAY).readings}, {"single_benefit"}, {None}),
    ("R070", (("{code: goal_type, kind: change}", "{code: goal_type, kind: doubt}"),), lambda r: str(getattr(verdict(r.plan.questions, ["goal_type"]), "kind", "")), "change", "doubt"),
    ("R079", ((CHOSEN, "chosen: forslag_1 "),), proposed(AT_25, most_vulnerable=True), "social", "youth"),
    ("R080", ((CHOSEN, "chosen: forslag_2 "),), proposed(AT_16), "social", "youth"),
    ("R081", ((CHOSEN, "chosen: forslag_2 "),), says("har en alvorlig psykisk sygdom"), False, True),
    ("R082", ((CHOSEN, "chosen: forslag_2_18 "), ("har omfattende misbrugsproblemer", "har store misbrugsproblemer")), says("har store misbrugsproblemer"), False, True),
    ("R101", (("handover_age: 18", "handover_age: 15"),), proposed(AT_16), "social", "youth"),
    ("R102", ((CHOSEN, "chosen: forslag_2_18 "),), proposed(AT_16, light_needs_only=True), "youth", "social"),
    ("R103", (("unless: [light_needs_only], ", ""),), proposed(AT_16, light_needs_only=True), "youth", "social"),
    ("R108", (("payer_follows_anchor: false", "payer_follows_anchor: true"),), lambda r: r.frame.proposed_payer(anchored="youth", paying="social"), "social", "youth"),
    ("R127", (("    fte: 5\n", "    fte: 4\n"),), lambda r: str(staff_table(r, {"youth": 220}).rows[0].cells[1]), "44", "55"),
    ("R128", (("  months: 12", "  months: 24"),), lambda r: add_months(TODAY, -r.reports.months), date(2025, 11, 16), date(2024, 11, 16)),
    ("R129", (("  after: forslag_2 ", "  after: tillempet "),), lambda r: r.anchoring.set(r.reports.after).version, "v2020-11", "v2021-02"),
)  # fmt: skip

HERE = (
    "R001", "R014", "R016", "R025", "R026", "R028", "R032", "R038", "R042", "R061", "R063", "R070", "R079", "R080",
    "R081", "R082", "R101", "R102", "R103", "R108", "R127", "R128", "R129",
)  # fmt: skip
ELSEWHERE = {
    "R036": "test_settings_are_rules.py::test_whether_an_adults_yes_is_waited_for_is_the_municipalitys_to_say",
    "R037": "test_lists_are_rules.py::test_a_reason_of_the_towns_own_is_taken_while_it_is_offered_and_read_ever_after",
    "R062": "test_settings_are_rules.py::test_a_period_is_asked_for_as_it_was_when_the_plan_was_decided",
    "R067": "test_settings_are_rules.py::test_what_can_be_chosen_is_what_the_rules_file_of_the_day_names",
    "R104": "test_settings_are_rules.py::test_what_is_left_out_is_neither_offered_nor_taken",
    "R106": "test_advisory.py::test_what_a_meeting_advises_takes_effect_when_the_leader_follows_it",
    "R107": "test_advisory.py::test_what_a_meeting_advises_takes_effect_when_the_leader_follows_it",
    "R114": "test_rules_file.py::test_the_day_picks_the_version_and_old_decisions_keep_theirs",
    "R118": "test_settings_are_rules.py::test_what_is_left_out_is_neither_offered_nor_taken",
}
"""Stories of their own, that need a town."""


def after(folder: Path, changes: Change) -> Rules:
    text = DEFAULT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "regler.yaml"
    path.write_text(text, encoding="utf-8")
    return read_rules(path).on(TODAY)


@pytest.mark.rule("D8", *HERE)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: str(row[0]))
def test_another_value_in_the_file_and_the_program_does_another_thing(tmp_path: Path, row: Row) -> None:
    _, changes, look, before, then = row
    assert (look(STANDARD), look(after(tmp_path, changes))) == (before, then)


def test_no_demand_that_can_be_configured_is_without_such_a_story() -> None:
    configurable = {d.number for d in BOOK.demands if d.kind == "C"}
    assert tuple(row[0] for row in TABLE) == HERE
    assert configurable == {*HERE, *ELSEWHERE}
    found = [number for number in configurable if number not in BOOK.settings and number not in ELSEWHERE]
    assert found == [], "no line of the rules file names these"
    for number, story in ELSEWHERE.items():
        assert any(one.endswith(story) for one in BOOK.stories[number]), (number, story)
