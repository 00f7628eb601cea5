"""What the controller sees at a glance is added up in the database, and is what the ledgers say (R099, A12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from bot.domain.frame_overview import PayerSums
from bot.domain.money import Kroner
from bot.domain.people import Post, Role
from bot.domain.report import total_of
from bot.texts import texts
from bot.usecases.report_homes import frame_figures
from bot.usecases.reports import ledgers_of
from storage.engine import Database
from storage.tables import frames
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.plans import listening
from tests.usecases.test_frames import used
from tests.usecases.test_reports import given, part

ROLES = (Role.CONTROLLER, Role.EVALUATOR, Role.DEPARTMENT_HEAD, Role.DPO)


@pytest.fixture
def office(database: Database) -> OfficeTown:
    return OfficeTown(database)


@pytest.mark.rule("A12")
def test_homes_of_those_who_look_over_the_archive_ask_no_more_of_many_cases_than_of_few(
    office: OfficeTown,
) -> None:
    def asked_of(role: Role) -> int:
        kim = given(office, Post(role, "jobs" if role == Role.DEPARTMENT_HEAD else None))
        with listening(office.house.storage.database) as asked:
            office.house.draw_home(kim, office.clock.at, texts("da"))
        return asked.count

    def over(many: int) -> dict[Role, int]:
        for _ in range(many):
            case, _ = active_case(office)
            used(office, case.id)
            office.requested()
            with office.house.storage.open_work(office.asked("Maja Holm")) as work:
                closed = work.cases.get(case.id).closed(on=date(2020, 1, 6), why="education")
                work.cases.save(closed)
        return {role: asked_of(role) for role in ROLES}

    over(1)  # the first time there may be a hint
    few = over(1)
    assert over(3) == few
    assert max(few.values()) < 30


@pytest.mark.rule("R099")
def test_the_controllers_glance_adds_up_to_the_ledgers(office: OfficeTown) -> None:
    """Its sums are made in the database; the report's, entry by entry."""
    for kroner, payer in ((40_000, "jobs"), (25_000, "jobs"), (30_000, "social")):
        case, _ = active_case(office, kroner=kroner)
        with office.house.storage.open_work(office.asked("Maja Holm")) as work:
            work.frames.save(replace(work.frames.open_of(case.id), payer=payer))
        used(office, case.id, kroner=1_250)
        aside = used(office, case.id, kroner=8_400, commitment=True)
        maja = office.asked("Maja Holm")
        office.office.frames.settle(
            maja, aside.entry.id, actual=Kroner.of(5_000), spent_on=office.today, keep_rest=kroner > 25_000
        )
        wrong = used(office, case.id, kroner=300)
        office.office.frames.correct(office.asked("Maja Holm"), wrong.entry.id, reason="wrong_amount")
    office.jump(days=60)
    with office.work() as work:
        ledgers = ledgers_of(work)
        found = {p.area: p for p in work.figures.payers(office.today)}
    for area in ("jobs", "social"):
        mine = [x for x in ledgers if x.frame.payer == area]
        assert found[area] == PayerSums(
            area,
            frames=len(mine),
            expired=sum(x.is_expired(office.today) for x in mine),
            granted=total_of(x.frame.amount for x in mine),
            used=total_of(x.used for x in mine),
            spent=total_of(x.spent for x in mine),
        )
        assert found[area].committed == total_of(x.committed for x in mine) != Kroner(0)


def test_a_frame_that_says_another_sum_than_its_entries_shows_in_the_controllers_home(
    office: OfficeTown,
) -> None:
    case, _ = active_case(office)
    used(office, case.id, kroner=1_250)
    with office.house.storage.database.writing.begin() as connection:
        connection.execute(update(frames).values(used_ore=frames.c.used_ore + 1))
    assert part(office, given(office, Post(Role.CONTROLLER)), frame_figures).wrong
