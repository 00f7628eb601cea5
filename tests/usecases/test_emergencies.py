"""The emergency door: one case, an hour, a reason; told at once, looked through within a week."""

from __future__ import annotations

import pytest

from bot.domain.case import Case, CaseNotFound
from bot.domain.emergency import ReasonTooShort
from bot.domain.people import NotForYou, Person, Post, Role
from bot.domain.personal_data import PersonalDataRefused
from bot.usecases.emergencies import EmergencyLine
from tests.support.office import OfficeTown

MAJA, JENS, ANNE = "Maja Holm", "Jens Toft", "Kim Nyholm"
WHY = "Sagsbehandleren er syg, og borgeren står her nu"


@pytest.fixture
def town(town: OfficeTown) -> OfficeTown:
    anne = Person("U0KIM00001", town.person(MAJA).team, ANNE, frozenset({Post(Role.DPO)}))
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add(anne)
    return town


def stranger(town: OfficeTown) -> str:
    """A caseworker of another area, who sees nothing of Maja's cases."""
    with town.work() as work:
        others = work.people.holding(Role.CASEWORKER, "youth")
    return next(p.name for p in others if not p.is_leader)


def sees(town: OfficeTown, who: str, case: Case) -> bool:
    with town.work() as work:
        return work.cases.seen_by(case.id, town.person(who), town.clock.at) is not None


def test_it_opens_one_case_for_an_hour_and_no_other(town: OfficeTown):
    case, other, who = town.registered(MAJA), town.registered(MAJA), stranger(town)
    assert not sees(town, who, case)
    town.office.emergencies.open(town.asked(who), case.key, WHY)
    assert (sees(town, who, case), sees(town, who, other)) == (True, False)
    town.jump(minutes=59, seconds=59)
    assert sees(town, who, case)
    town.jump(seconds=1)
    assert not sees(town, who, case)


def test_leader_and_data_protection_officer_hear_of_it_at_once(town: OfficeTown):
    case, who = town.registered(MAJA), stranger(town)
    town.office.emergencies.open(town.asked(who), case.key, WHY)
    town.deliver()
    for hearer in (JENS, ANNE):
        (said,) = [m for m in town.heard(town.person(hearer)) if "Nødadgang" in m]
        assert said.startswith(f"⚠️ Nødadgang: {who} har åbnet {case.key}. Adgangen lukker kl. 8.50.")
    with town.work() as work:
        assert "emergency_opened" in [e.act for e in work.journal.of_case(case.id)]


def test_what_was_opened_is_counted_and_somebody_else_looks_it_through(town: OfficeTown):
    case, who = town.registered(MAJA), stranger(town)
    town.office.emergencies.open(town.asked(who), case.key, WHY)
    opened_at = town.clock.at
    town.office.cases.show(town.asked(who), case.id)
    town.office.cases.show(town.asked(MAJA), case.id)
    (line,) = town.office.emergencies.list(town.asked(ANNE, once=False))
    assert line == EmergencyLine(line.id, case.key, who, opened_at, WHY, looks=1, overdue=False)
    town.jump(days=8)
    assert town.office.emergencies.list(town.asked(JENS, once=False))[0].overdue
    town.office.emergencies.looked_through(town.asked(JENS), line.id)
    assert town.office.emergencies.list(town.asked(ANNE, once=False)) == ()


def test_nobody_looks_through_their_own(town: OfficeTown):
    case = town.registered(MAJA)
    town.office.emergencies.open(town.asked(JENS), case.key, WHY)
    assert town.office.emergencies.list(town.asked(JENS, once=False)) == ()
    (line,) = town.office.emergencies.list(town.asked(ANNE, once=False))
    with pytest.raises(CaseNotFound):
        town.office.emergencies.looked_through(town.asked(JENS), line.id)


@pytest.mark.parametrize("why", ["", "haster", " " * 30 + "kort"])
def test_a_reason_of_nothing_is_refused(town: OfficeTown, why: str):
    case = town.registered(MAJA)
    with pytest.raises(ReasonTooShort):
        town.office.emergencies.open(town.asked(stranger(town)), case.key, why)


def test_a_reason_about_somebody_is_refused(town: OfficeTown):
    case = town.registered(MAJA)
    with pytest.raises(PersonalDataRefused):
        town.office.emergencies.open(town.asked(stranger(town)), case.key, "Borgeren 010190-1234 står her nu")


@pytest.mark.parametrize("key", ["26-9999", "", "x-aaaaaaaaaa"])
def test_a_key_that_is_none_opens_nothing(town: OfficeTown, key: str):
    with pytest.raises(CaseNotFound):
        town.office.emergencies.open(town.asked(stranger(town)), key, WHY)


@pytest.mark.parametrize("who", ["Bo Winther", ANNE])
def test_who_runs_the_machine_or_watches_over_it_never_comes_in(town: OfficeTown, who: str):
    case = town.registered(MAJA)
    with pytest.raises(NotForYou):
        town.office.emergencies.open(town.asked(who), case.key, WHY)


def test_whoever_loses_the_role_is_out_the_same_minute(town: OfficeTown):
    case, who = town.registered(MAJA), stranger(town)
    town.office.emergencies.open(town.asked(who), case.key, WHY)
    person = town.person(who)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(person.given(frozenset({Post(Role.EVALUATOR)})))
    assert not sees(town, who, case)


def test_the_reason_stands_sealed(town: OfficeTown):
    from sqlalchemy import text

    town.office.emergencies.open(town.asked(stranger(town)), town.registered(MAJA).key, WHY)
    with town.house.storage.database.reading.connect() as connection:
        (held,) = connection.execute(text("SELECT why FROM emergencies")).scalars()
    assert b"borgeren" not in bytes(held)
