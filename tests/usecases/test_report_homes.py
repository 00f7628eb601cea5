"""The Homes of those who read figures: the evaluator, the controller and a department head, and no case in any (A12)."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from bot.domain.people import NotForYou
from bot.domain.report import ReportCode
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.overviews import my_area
from bot.views import overview as overview_views
from bot.views.kit import Page, Surface
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.usecases.test_reports import spend
from tests.usecases.test_settings_are_rules import written

EVALUATOR, CONTROLLER, HEAD = "Palle Rask", "Eva Storm", "Anne Bruun"
READERS = (EVALUATOR, CONTROLLER, HEAD)
FIRST = {"da": "mandag 16. november · uge 47", "en": "Monday 16 November · week 47"}
FOOT = {"da": "Næste møde torsdag 19. november kl. 9.00", "en": "Next meeting Thursday 19 November at 9:00"}


@pytest.fixture
def town(town: OfficeTown) -> OfficeTown:
    """With something of everything: an active case whose frame is used, and a request that waits."""
    case, _ = active_case(town, kroner=40_000)
    spend(town, case.id, 1_250)
    town.requested()
    for name in READERS:
        town.office.people.welcomed(town.asked(name))  # not the first day any more
    return town


def shown(town: OfficeTown, who: str, language: str = "da") -> list[str]:
    """What stands between the day and the next meeting."""
    lines = readable(town.house.draw_home(town.person(who), town.clock.at, texts(language))).splitlines()
    return lines[lines.index(FIRST[language]) + 1 : lines.index(FOOT[language])]


def doors(town: OfficeTown, who: str) -> list[str]:
    """The reports that are one press away."""
    blocks = town.house.draw_home(town.person(who), town.clock.at, texts("da"))["blocks"]
    buttons = [b["accessory"] for b in blocks if "accessory" in b]
    return [b["value"] for b in buttons if b["action_id"] == "report.open"]


@pytest.mark.rule("R128", "D11")
def test_an_evaluators_home_is_the_reports_each_with_its_own_door(town: OfficeTown) -> None:
    assert shown(town, EVALUATOR) == [
        "*RAPPORTER*",
        "*Sagstælling* – unge og voksne på en dag, efter regelsæt",
        "Vis",
        "*Statusnotat* – hvem der er flyttet, og hvor sagerne er nu",
        "Vis",
        "*Evaluering* – tempo, opfølgning, skift, rammer og afslutning",
        "Vis",
    ]
    assert shown(town, EVALUATOR, "en")[0] == "*REPORTS*"
    asked = town.asked(EVALUATOR)
    assert doors(town, EVALUATOR) == ["case_count", "status", "evaluation"]
    assert town.office.reports.open(asked, ReportCode.EVALUATION).tables
    with pytest.raises(NotForYou):
        town.office.reports.open(town.asked(EVALUATOR), ReportCode.FRAMES)


@pytest.mark.rule("R099", "D11")
def test_a_controllers_home_is_the_frames_by_payer_reconciled(town: OfficeTown) -> None:
    lines = shown(town, CONTROLLER)
    assert lines[:2] == [
        "*RAMMER* · 1 ramme · 0 udløbne",
        "Socialområdet: bevilget 40.000,00 kr. · disponeret 0,00 kr. · brugt 1.250,00 kr.",
    ]
    assert lines[6:8] == [
        "Denne måned: 1.250,00 kr. brugt · 0,00 kr. ført tilbage",
        "Posteringer og rammer stemmer",
    ]
    assert "*FRAMES* · 1 frame · 0 expired" in shown(town, CONTROLLER, "en")
    assert doors(town, CONTROLLER) == ["frames"]


@pytest.mark.rule("R015", "D11")
def test_a_department_heads_home_is_counts_of_their_own_area(town: OfficeTown) -> None:
    assert shown(town, HEAD)[:4] == [
        "0 sager mangler noget.",
        "*SOCIALOMRÅDET*",
        "Under 5 ønsker venter på svar",
        "0 ønsker mangler oplysninger · 0 indsatser ikke startet til tiden",
    ]
    assert "Fewer than 5 requests wait for an answer" in shown(town, HEAD, "en")
    assert doors(town, HEAD) == ["case_count", "evaluation"]


def test_no_case_is_in_any_of_them(town: OfficeTown) -> None:
    with town.work() as work:
        cases = work.figures.cases()
    assert len(cases) == 2
    for who in READERS:
        said = "\n".join(shown(town, who))
        assert not [case for case in cases if case.alias in said or case.key in said], who


@pytest.mark.rule("R015", "D8", "T07")
def test_a_leaders_home_says_how_fast_requests_are_answered_and_from_what_mark_frames_are_counted(
    database: Database, tmp_path: Path
) -> None:
    """Two working days over a weekend; the middle of four would be somebody's own. The mark is the file's lowest."""
    town = OfficeTown(database, rules_path=written(tmp_path, ("told_at: [80, 100]", "told_at: [60, 100]")))
    town.jump_to(date(2026, 11, 20), time(9, 0))  # a Friday
    wishes = [town.requested() for _ in range(5)]
    town.jump_to(date(2026, 11, 24), time(9, 0))

    def said(language: str) -> str:
        with town.work() as work:
            found = my_area(
                PartAsked(work, town.asked("Jens Toft", once=False), town.house.rules.on(town.today))
            )
        page = Page(Surface.HOME)
        overview_views.area_part(page, texts(language), town.house.rules.on(town.today), found)
        return readable(page.home())

    for wish in wishes[:4]:
        town.office.referrals.refer(town.asked("Jens Toft"), wish.id, collector=None, meeting_id=None)
    assert "svartid" not in said("da")
    town.office.referrals.refer(town.asked("Jens Toft"), wishes[4].id, collector=None, meeting_id=None)
    assert "over 60 % · svartid på henvisninger 2 arbejdsdage" in said("da")
    assert "requests answered within 2 working days" in said("en")
    town.jump_to(date(2027, 3, 1), time(9, 0))
    assert "svartid" not in said("da"), "a quarter is looked at"
