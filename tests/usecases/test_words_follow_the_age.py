"""An »ungeplan« and »den unge« are for the young: the words follow the age on the day they are shown (R042, X1, T26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.case import AgeBand
from bot.domain.presentation import Kind
from bot.texts import texts
from bot.views import adjust, case, handover, plan, ready
from bot.views import minutes as minutes_views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import approved
from tests.support.session import ready as on_the_meeting

TURNS_30 = ("1996", "12")
BIRTHDAY_MONTH = date(2026, 12, 1)


def said(town: OfficeTown, case_id: str, presentation: str, language: str) -> str:
    """What the caseworker reads about the case, wherever it is."""
    words, rules, asked = (
        texts(language),
        town.house.rules.on(town.today),
        town.asked("Maja Holm", once=False),
    )
    office = town.office
    views = (
        case.page(words, rules, office.cases.show(asked, case_id), meta="{}"),
        plan.page(words, rules, office.plans.show(asked, case_id), meta="{}"),
        adjust.form(words, rules, office.adjustments.begin(asked, case_id), meta="{}"),
        handover.change_form(words, rules, office.handovers.change_form(asked, case_id), meta="{}"),
        ready.page(words, office.readiness.show(asked, presentation), meta="{}"),
        ready.person_form(words, rules, office.readiness.show(asked, presentation), meta="{}"),
    )
    return "\n".join(readable(view) for view in views)


def registered_long_ago(town: OfficeTown, case_id: str) -> None:
    """When whoever was born in 1995 was young still."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        found = work.cases.get(case_id)
        work.cases.save(replace(found, registered_at=found.registered_at.replace(year=2023)))


YOUNG = {"da": ("Ungeplan", "Den unge", "18–29"), "en": ("Youth plan", "The young person", "18–29")}
GROWN = {
    "da": ("Indsatsplan", "Borgeren", "30 år og derover"),
    "en": ("Action plan", "The citizen", "30 years and over"),
}


@pytest.mark.rule("R042", "T26", "R054")
@pytest.mark.parametrize("language", ["da", "en"])
def test_who_turns_30_is_called_so_from_that_day_and_nothing_else_moves(
    town: OfficeTown, language: str
) -> None:
    made, _ = active_case(town)
    year, month = TURNS_30
    town.office.passages.save_birth_month(town.asked("Maja Holm"), made.id, year=year, month=month)
    change = town.office.adjustments.bring_back(town.asked("Maja Holm"), made.id, Kind.CHANGE)
    town.jump_to(date(2026, 11, 30), time(8, 0))
    town.knock()
    before = said(town, made.id, change.presentation.id, language)
    assert [w in before for w in (*YOUNG[language], *GROWN[language])] == [True] * 3 + [False] * 3

    with town.work() as work:
        stood = work.cases.get(made.id)
    town.jump_to(BIRTHDAY_MONTH, time(0, 5))
    for _ in range(2):
        town.office.passages.grow_due(town.clock.at)
    after = said(town, made.id, change.presentation.id, language)
    assert [w in after for w in (*YOUNG[language], *GROWN[language])] == [False] * 3 + [True] * 3
    with town.work() as work:
        stands = work.cases.get(made.id)
        acts = [e.act for e in work.journal.of_case(made.id) if e.act == "age_band_passed"]
    assert stands == replace(stood, grown_to=AgeBand.ADULT, version=stood.version + 1)
    assert acts == ["age_band_passed"]


@pytest.mark.rule("R042")
def test_a_month_that_is_entered_late_is_heeded_at_once(town: OfficeTown) -> None:
    made, _ = active_case(town)
    registered_long_ago(town, made.id)
    town.office.passages.save_birth_month(town.asked("Maja Holm"), made.id, year="1995", month="01")
    assert town.office.cases.get(town.asked("Maja Holm"), made.id).band == AgeBand.ADULT


@pytest.mark.rule("R042", "D40")
def test_minutes_keep_what_the_citizen_was_called_when_it_was_decided(town: OfficeTown) -> None:
    meeting = town.next_meetings(1)[0]
    item = on_the_meeting(town, meeting)
    approved(town, meeting)
    registered_long_ago(town, item.case_id)
    town.office.passages.save_birth_month(town.asked("Maja Holm"), item.case_id, year="1995", month="01")
    found = town.office.minutes.of_case(town.asked("Lone Ager", once=False), meeting.id, item.id)
    shown = "\n".join(minutes_views.case_minutes(texts("da"), town.house.rules.on(town.today), found))
    assert "Ungeplanen er besluttet" in shown and "*Den unges medvirken:*" in shown
