"""Who comes in, which roles they are given, their settings, and when they are away."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.demo import town as demo
from bot.domain.people import (
    AbsenceBackwards,
    AreaMissing,
    DeputyUnfit,
    LastAdministrator,
    NotAnEmployee,
    NotForYou,
    Person,
    Post,
    Role,
    TooManyPeople,
)
from bot.texts import texts
from bot.usecases.people import AwayLine
from bot.views import help as help_views
from bot.views import settings as views
from tests.support.office import OfficeTown, readable

BO, KIM = "Bo Winther", "U0KIM00001"
CASEWORKER = frozenset({Post(Role.CASEWORKER, "social")})


def test_a_person_who_is_given_a_role_is_welcomed_once(town: OfficeTown) -> None:
    for _ in range(2):
        town.office.people.give_posts(town.asked(BO), (KIM,), CASEWORKER, {KIM: "Kim Nyholm"})
    town.deliver()
    assert [text.splitlines() for text in town.heard(KIM)] == [
        [
            "Hej Kim. Du kan nu bruge Én Indgang som Sagsbehandler. Åbn fanen Hjem øverst for at komme i gang.",
            "Kom i gang",
        ]
    ]


def test_a_wish_for_access_goes_to_administrators_once_a_day_and_is_settled_by_a_role(
    town: OfficeTown,
) -> None:
    kim = town.house.office.people.at_the_door(KIM, team=demo.TEAM, name="Kim Nyholm", at=town.clock.at)
    assert [town.office.people.wish_for_access(town.asked(kim)) for _ in range(2)] == [True, False]
    town.deliver()
    assert "Kim Nyholm beder om adgang" in town.heard(town.person(BO))[0]
    town.office.people.give_posts(town.asked(BO), (KIM,), CASEWORKER, {KIM: "Kim Nyholm"})
    town.deliver()
    assert town.heard(town.person(BO)) == ["Klaret. Du finder resten på startsiden i Én Indgang."]
    with town.work() as work:
        assert work.people.access_wishes() == []


def test_what_is_handled_is_said_in_the_language_of_whoever_reads_it(town: OfficeTown) -> None:
    town.office.people.set_settings(town.asked(BO), language="en", overview_at=time(8))
    kim = town.house.office.people.at_the_door(KIM, team=demo.TEAM, name="Kim Nyholm", at=town.clock.at)
    town.office.people.wish_for_access(town.asked(kim))
    town.deliver()
    town.office.people.give_posts(town.asked(BO), (KIM,), CASEWORKER, {KIM: "Kim Nyholm"})
    town.deliver()
    assert town.heard(town.person(BO)) == ["Handled. You find the rest in Home in Én Indgang."]


def test_roles_are_laid_to_what_a_person_has_or_become_all_they_have(town: OfficeTown) -> None:
    chair = frozenset({Post(Role.CHAIR)})
    held = {Post(Role.CHAIR, committee=demo.COMMITTEE)}
    jens = town.person("Jens Toft")
    town.office.people.give_posts(town.asked(BO), (jens.id,), chair, {jens.id: jens.name}, keep=True)
    assert town.person("Jens Toft").posts == {Post(Role.AREA_LEADER, "social"), *held}
    town.office.people.give_posts(town.asked(BO), (jens.id,), chair, {jens.id: jens.name})
    assert town.person("Jens Toft").posts == held


def test_who_has_a_seat_stays_a_member(town: OfficeTown) -> None:
    ali = town.person("Ali Demir")
    town.office.people.give_posts(town.asked(BO), (ali.id,), CASEWORKER, {ali.id: ali.name})
    assert town.person("Ali Demir").has(Role.COMMITTEE_MEMBER)


def test_roles_that_cannot_be_given(town: OfficeTown) -> None:
    give = town.office.people.give_posts
    bo = town.person(BO)
    with pytest.raises(AreaMissing):
        give(town.asked(BO), (KIM,), frozenset({Post(Role.CASEWORKER)}), {KIM: "Kim"})
    with pytest.raises(NotAnEmployee) as stranger:
        give(town.asked(BO), (KIM, "U0GAEST001"), CASEWORKER, {KIM: "Kim"})
    assert stranger.value.facts == {"count": 1}
    with pytest.raises(TooManyPeople):
        give(town.asked(BO), tuple(f"U{n}" for n in range(31)), CASEWORKER, {})
    with pytest.raises(LastAdministrator):
        give(town.asked(BO), (bo.id,), CASEWORKER, {bo.id: bo.name})
    with pytest.raises(NotForYou):
        give(town.asked("Maja Holm"), (KIM,), CASEWORKER, {KIM: "Kim"})
    assert town.person(BO).has(Role.ADMINISTRATOR)
    with town.work() as work:
        assert work.people.find(KIM) is None


@pytest.mark.rule("D5", "D10")
def test_settings_are_the_persons_own(town: OfficeTown) -> None:
    saved = town.office.people.set_settings(town.asked("Maja Holm"), language="en", overview_at=time(8, 0))
    assert (saved.language, saved.overview_at) == ("en", time(8, 0))
    assert town.office.people.settings(town.asked("Maja Holm")).person == saved


@pytest.mark.rule("D31")
def test_an_absence_is_told_to_who_takes_over_and_ends_early(town: OfficeTown) -> None:
    first, last = date(2026, 11, 16), date(2026, 11, 27)
    ali = town.person("Ali Demir")
    town.office.absences.away(town.asked("Maja Holm"), first, last, ali.id)
    line = town.office.people.settings(town.asked("Maja Holm")).absences[0]
    assert (line.first, line.last, line.deputy, line.told) == (first, last, None, "Ali Demir")
    town.deliver()
    assert [told.splitlines() for told in town.heard(ali)] == [
        [
            "Maja Holm er væk mandag 16. november til fredag 27. november og har peget på dig.",
            "Andre kan spørge dig. Du ser intet nyt.",
        ]
    ]
    town.jump(days=2)
    town.office.absences.back(town.asked("Maja Holm"), line.id)
    town.deliver()
    assert town.office.people.settings(town.asked("Maja Holm")).absences == ()
    assert town.heard(ali) == ["Klaret. Du finder resten på startsiden i Én Indgang."]
    with town.work() as work:
        assert [(a.first, a.last) for a in work.people.absences_of("U0MAJA0001")] == [
            (first, date(2026, 11, 17))
        ]


def test_an_absence_replaces_the_one_it_overlaps(town: OfficeTown) -> None:
    town.office.absences.away(town.asked("Maja Holm"), date(2026, 11, 18), date(2026, 11, 20), None)
    town.office.absences.away(town.asked("Maja Holm"), date(2026, 11, 19), date(2026, 11, 24), None)
    lines = town.office.people.settings(town.asked("Maja Holm")).absences
    assert [(a.first, a.last, a.deputy) for a in lines] == [(date(2026, 11, 19), date(2026, 11, 24), None)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 11, 20), date(2026, 11, 19)), (date(2026, 11, 2), date(2026, 11, 13))]
)
def test_an_absence_ends_after_it_begins_and_not_before_today(
    town: OfficeTown, first: date, last: date
) -> None:
    with pytest.raises(AbsenceBackwards):
        town.office.absences.away(town.asked("Maja Holm"), first, last, None)


@pytest.mark.parametrize("deputy", ["U0MAJA0001", KIM, "U0GAEST001"])
def test_whoever_takes_over_is_a_colleague_with_a_role(town: OfficeTown, deputy: str) -> None:
    with pytest.raises(DeputyUnfit):
        town.office.absences.away(town.asked("Maja Holm"), date(2026, 11, 16), date(2026, 11, 17), deputy)


@pytest.mark.parametrize("language", ["da", "en"])
def test_settings_and_help_are_drawn_in_the_persons_language(town: OfficeTown, language: str) -> None:
    facts = town.office.people.settings(town.asked("Maja Holm"))
    facts = type(facts)(facts.person, (AwayLine("a1", date(2026, 11, 18), date(2026, 11, 20), "Ali Demir"),))
    shown = readable(views.form(texts(language), facts, meta="{}")["blocks"])
    assert ("Jeg er væk" if language == "da" else "I am away") in shown
    assert "Ali Demir" in shown
    help_page = readable(help_views.page(texts(language), town.person("Henrik Dahl"))["blocks"])
    assert ("Marker sagen klar" if language == "da" else "mark the case ready") in help_page


@pytest.mark.rule("D31", "D11")
def test_whoever_waits_for_a_role_hears_whom_to_ask_while_every_administrator_is_away(
    town: OfficeTown,
) -> None:
    def home(language: str = "da") -> str:
        return readable(town.house.draw_home(town.person("Kim Nyholm"), town.clock.at, texts(language)))

    with town.house.storage.open_work(at=town.clock.at) as work:
        kim = work.people.find(KIM) or work.people.add(Person(KIM, demo.TEAM, "Kim Nyholm"))
    town.office.people.wish_for_access(town.asked(kim))
    assert home().endswith("når administratoren har givet dig en rolle.")
    town.office.absences.away(town.asked(BO), date(2026, 11, 16), date(2026, 11, 20), "U0MAJA0001")
    assert home().endswith("Administratoren er væk til og med fredag 20. november; spørg Maja Holm imens.")
    assert home("en").endswith("The administrator is away to Friday 20 November; ask Maja Holm meanwhile.")
    town.jump(days=5)
    assert home().endswith("når administratoren har givet dig en rolle.")
