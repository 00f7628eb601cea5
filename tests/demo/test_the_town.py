"""The town as it lies when the demo opens: there is a case of each kind, and everything in it can be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.demo import town as demo
from bot.demo.lives import LIVES
from bot.domain.case import AgeBand, Stage
from bot.domain.presentation import Kind, State
from bot.texts import texts
from bot.views import case as case_views
from bot.views.home import MOST_BLOCKS
from storage.engine import Database
from storage.tables import metadata
from tests.support.forms import FORMS, opens
from tests.support.hands import Hands
from tests.support.office import OfficeTown, readable

LANGUAGES = ("da", "en")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeTown]:
    """Lived once; the stories leave it as it is."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('settled')}/town.db")
    metadata.create_all(database.writing)
    yield OfficeTown(database, settle=demo.settle)
    database.close()


def test_the_town_has_a_case_of_each_kind_there_is_to_show(town: OfficeTown) -> None:
    today = town.asked("Lone Ager").today
    with town.work() as work:
        cases = [c for c in work.cases.open() if not c.practice]
        groups = [c.alias for c in cases if c.group]
        frames = {c.alias: f for c in cases if (f := work.frames.open_of(c.id))}
        presented = [p for c in cases for p in work.presentations.of_case(c.id)]
        passages = [t.code for c in cases for t in work.transitions.of_case(c.id)]
        substitutes = work.substitutes.standing(today)
    again = [p for p in presented if p.is_open and p.kind not in (Kind.NEW, Kind.FOLLOW_UP)]
    used = sorted(round(f.used.ore / f.amount.ore, 2) for f in frames.values() if f.amount.ore)
    assert Counter(c.stage for c in cases) == {Stage.REGISTERED: 2, Stage.IN_REFERRAL: 9, Stage.ACTIVE: 23}
    assert Counter(c.age_band for c in cases)[AgeBand.TEENS] == 5
    assert (len(groups), len(substitutes), len(again)) == (2, 1, 3)
    assert used[-2:] == [0.82, 1.0]
    assert Counter(passages) == {"age_18": 2, "age_30": 1}


def test_somebody_is_asked_to_be_the_caseworker_and_money_is_set_aside(town: OfficeTown) -> None:
    with town.work() as work:
        new = work.presentations.in_states(State.REFERRED)
        asked = [p.recommendation.caseworker for p in new if p.recommendation.caseworker_said_yes_at is None]
    assert "U0NANNA001" in asked
    controller = readable(town.house.draw_home(town.person("Eva Storm"), town.clock.at, texts("da")))
    assert "disponeret 11.500,00 kr." in controller.replace("\xa0", " ")
    assert len({life.alias for life in LIVES}) == 38


def test_two_follow_ups_are_overdue_and_their_leaders_see_it(town: OfficeTown) -> None:
    chair = readable(town.house.draw_home(town.person("Henrik Dahl"), town.clock.at, texts("da")))
    assert "OVERSKREDET > 7 DAGE (2)" in chair.replace("&gt;", ">")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_opens_for_its_caseworker(town: OfficeTown, language: str) -> None:
    words, rules = texts(language), town.house.rules.on(town.asked("Lone Ager").today)
    opened = 0
    for citizen in demo.CAST:
        with town.work() as work:
            cases = list(work.cases.of_caseworker(citizen.id))
        for case in cases:
            page = town.office.cases.show(town.asked(citizen.name), case.id)
            actions = case_views.actions(words, page)
            assert case_views.page(words, rules, page, meta="{}", actions=actions)["blocks"], case.alias
            opened += 1
    assert opened >= 20


def test_the_time_to_an_answer_is_the_leaders_and_not_the_committees(town: OfficeTown) -> None:
    home = town.house.draw_home(town.person("Anne Bruun"), town.clock.at, texts("da"))
    assert "svartid 1 arbejdsdag" in readable(home).replace("\xa0", " ")


@pytest.mark.rule("A12")
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybodys_home_fits_on_a_phone(town: OfficeTown, language: str) -> None:
    for citizen in demo.CAST:
        if citizen.posts:
            home = town.house.draw_home(town.person(citizen.name), town.clock.at, texts(language))
            assert len(home["blocks"]) <= MOST_BLOCKS, citizen.name


@pytest.mark.rule("D37")
def test_whatever_is_filled_in_a_form_is_there_again_after_esc(town: OfficeTown) -> None:
    """Criterion 9: Slack says nothing of what stood in a form that is closed; each choice was kept as it was made."""
    people = {person: Hands(town, person) for person, _ in FORMS.values()}
    for form, (person, _) in FORMS.items():
        hands = people[person]
        assert opens(hands, form), form
        fresh, filled = hands.answers, hands.fills_all()
        hands.closes(says_what_stood=False)
        is_told = filled != fresh  # where there was something else to choose
        assert (opens(hands, form), hands.answers, hands.has_draft) == (True, filled, is_told), form
