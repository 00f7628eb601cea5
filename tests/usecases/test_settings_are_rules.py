"""What a municipality may want otherwise stands in its rules file, with a default, and is read from there (D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.case import AgeBand
from bot.domain.frame import PeriodMissing
from bot.domain.money import Kroner
from bot.domain.people import Role
from bot.rules import DEFAULT
from bot.texts import texts
from bot.usecases.frame_facts import Use
from bot.views import frame as frame_views
from bot.views.ready import born_between
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown


def written(folder: Path, *changes: tuple[str, str], newer: tuple[tuple[str, str], ...] = ()) -> Path:
    """The default file with some settings changed; `newer` is a second version, from the story's first day."""
    text = DEFAULT.read_text(encoding="utf-8")
    if newer:
        later = text.replace('version: "3"', 'version: "4"').replace("2026-10-01", "2026-11-16", 1)
        for before, after in newer:
            assert before in later, before
            later = later.replace(before, after, 1)
        (folder / "ny.yaml").write_text(later, encoding="utf-8")
        text = text.replace("other_versions: []", "other_versions: [ny.yaml]")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    path = folder / "regler.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.rule("D8", "R062")
def test_a_period_is_asked_for_as_it_was_when_the_plan_was_decided(
    database: Database, tmp_path: Path
) -> None:
    transport = "    words: [befordring,"
    rules = written(tmp_path, newer=((transport, f"    needs_period: true\n{transport}"),))
    town = OfficeTown(database, rules_path=rules)
    case, _ = active_case(town)
    maja, bus = town.asked("Maja Holm", once=False), Use(Kroner.of(450), "transport", town.today)

    def asks_for_a_period() -> bool:
        form = town.office.frames.form(maja, case.id)
        shown = frame_views.use_form(texts("da"), town.house.rules.on(town.today), form, meta="{}")
        return any(b.get("block_id") == "period_until" for b in shown["blocks"])

    assert asks_for_a_period()
    with pytest.raises(PeriodMissing):
        town.office.frames.use(maja, case.id, bus)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), rules_version="3"))
    assert not asks_for_a_period()
    assert town.office.frames.use(maja, case.id, bus).left == Kroner.of(39_550)


@pytest.mark.rule("D8", "R026", "R042")
def test_the_years_of_birth_to_choose_among_follow_the_ages_in_force(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("adult: 30}", "adult: 27}")))
    rules = town.house.rules.on(town.today)
    assert [born_between(rules, band, 2026) for band in AgeBand] == [
        (2008, 2012),
        (1999, 2009),
        (1950, 2000),
    ]


@pytest.mark.rule("D8", "D3")
def test_how_many_leaders_an_area_needs_is_a_setting(database: Database, tmp_path: Path) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("leaders_per_area: 2", "leaders_per_area: 4")))
    with town.work() as work:
        leads = sum(p.leads("social") for p in work.people.all())
    home = str(town.house.draw_home(town.person("Bo Winther"), town.clock.at, texts("da")))
    assert (leads, "Socialområdet: mangler ledere; mindst 4 skal kunne svare" in home) == (3, True)


@pytest.mark.rule("D8", "D6")
def test_how_long_a_member_sees_the_cases_of_a_meeting_is_a_setting(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("member_sees_days: 14", "member_sees_days: 3")))
    meeting = town.next_meetings(1)[0]
    item = town.referred(meeting=meeting.id)
    sofie = town.person("Sofie Bech")
    assert sofie.has(Role.COMMITTEE_MEMBER)

    def sees(days_after: int) -> bool:
        at = town.clock.at + (meeting.day - town.today) + timedelta(days=days_after)
        with town.work() as work:
            return work.cases.seen_by(item.case_id, sofie, at) is not None

    assert [sees(days) for days in (0, 3, 4, 14)] == [True, True, False, False]


@pytest.mark.rule("D8", "D18")
def test_how_long_a_status_from_an_area_lasts_is_a_setting(database: Database, tmp_path: Path) -> None:
    town = OfficeTown(
        database, rules_path=written(tmp_path, ("status_lasts_days: 92", "status_lasts_days: 10"))
    )
    item = town.referred()
    asked = town.asked("Maja Holm", once=False)
    missing = []
    for days in (10, 11):
        status = dict.fromkeys(("social", "youth", "schools"), town.today - timedelta(days=days))
        town.office.readiness.save_areas(asked, item.id, status=status, ticks=())
        missing.append("area_status" in town.office.readiness.show(asked, item.id).missing)
    assert missing == [False, True]
