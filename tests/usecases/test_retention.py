"""What is over is forgotten when its time has come and somebody has said yes; what is counted stays (T31, D27)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.calendar import add_months
from bot.domain.case import Case, CaseNotFound, Stage
from bot.domain.people import NotForYou
from bot.domain.report import ReportCode
from bot.domain.retention import Block, HoldReasonMissing, NothingChosen, NotToAnonymise, RetentionRules
from bot.usecases.reports import Wanted
from storage import forgetting
from storage.tables import journal, metadata, people
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.rows import a_case

MAJA, ANNE = "Maja Holm", "Ditte Lund"
ENDED = date(2026, 11, 20)
LATER = date(2031, 12, 1)


def over(town: OfficeTown) -> Case:
    """A case with a whole life behind it: plan, frame, spending; closed, and every note in the case system."""
    case, _ = active_case(town, MAJA)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.put_birth_month(case.id, "2004-05")
        closed = replace(work.cases.get(case.id).moved(Stage.CLOSED), closed_on=ENDED, closed_for="education")
        closed = work.cases.save(closed)
        seqs = [e.seq for e in work.journal.of_case(case.id)]
        work.journal.mark_journaled(seqs, by=town.person(MAJA).id, at=town.clock.at)
    return closed


def due(town: OfficeTown) -> tuple[list[str], list[tuple[str, tuple[Block, ...]]]]:
    found = town.office.retention.due(town.asked(ANNE, once=False))
    return [p.key for p in found.ready], [(p.key, p.blocks) for p in found.blocked]


@pytest.mark.rule("T31")
def test_nothing_is_due_before_its_time(town: OfficeTown):
    over(town)
    town.jump_to(date(2031, 11, 19), time(9))
    assert due(town) == ([], [])


@pytest.mark.rule("T31")
def test_when_its_time_has_come_it_is_told_of_once_a_month_and_anonymised_when_somebody_says_yes(
    town: OfficeTown,
):
    case = over(town)
    town.jump_to(LATER, time(9))
    assert due(town) == ([case.key], [])
    assert [town.office.retention.tell_due(town.clock.at) for _ in range(2)] == [1, 0]
    assert town.office.retention.anonymise(town.asked(ANNE), (case.id,)) == 1
    assert due(town) == ([], [])
    with town.work() as work:
        kept = work.cases.get(case.id)
        assert (kept.stage, kept.area, kept.age_band, kept.closed_on, kept.closed_for, kept.goals) == (
            Stage.ANONYMISED,
            case.area,
            case.age_band,
            ENDED,
            "education",
            case.goals,
        )
        assert work.cases.by_key(case.key) is None
        assert work.cases.aliases_taken(case.committee, [case.alias]) == [case.alias]


@pytest.mark.rule("T31", "T30")
@pytest.mark.parametrize(
    ("stage", "ran", "years"),
    [
        (Stage.CLOSED, True, 5),
        (Stage.OUT_OF_SCOPE, True, 5),
        (Stage.NOT_REFERRED, False, 1),
        (Stage.CANCELLED, False, 1),
    ],
)
def test_a_plan_that_ran_is_kept_as_long_where_the_case_came_back_and_got_no_new_one(
    stage: Stage, ran: bool, years: int
) -> None:
    case = replace(a_case(), stage=stage, plan_decided_on=ENDED if ran else None)
    for rules in (RetentionRules(), RetentionRules(closed_years=1, unfinished_years=5)):
        kept = {5: rules.closed_years, 1: rules.unfinished_years}[years]
        until = rules.kept_until(case, ENDED)
        assert until == add_months(ENDED, 12 * kept)
        assert rules.over_by(until)[stage] >= ENDED, "it is looked for when its time has come"


@pytest.mark.rule("T31")
def test_nobody_and_no_number_is_left_outside_the_journal(town: OfficeTown):
    case = over(town)
    ids = _people_named_with(town, case)
    assert ids
    town.jump_to(LATER, time(9))
    town.office.retention.anonymise(town.asked(ANNE), (case.id,))
    assert _people_named_with(town, case) == set()
    everything = _everything(town, but={journal.name, "spent_aliases"})
    assert [t for t, rows in everything.items() if case.key in rows or case.alias in rows] == []
    with town.work() as work:
        assert work.cases.areas_with_reference(case.id) == []
        assert not work.cases.has_birth_month(case.id)


@pytest.mark.rule("T31")
def test_the_figures_are_the_same_afterwards(town: OfficeTown):
    case = over(town)
    over(town)
    town.jump_to(LATER, time(9))
    before = _reports(town)
    town.office.retention.anonymise(town.asked(ANNE), (case.id,))
    assert _reports(town) == before


@pytest.mark.rule("T31")
def test_a_note_that_is_missing_in_the_case_system_holds_it_back(town: OfficeTown):
    case = over(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.journal.write(replace(work.journal.of_case(case.id)[0], act="frame_corrected", seq=0))
    town.jump_to(LATER, time(9))
    assert due(town) == ([], [(case.key, (Block.NOTES_MISSING,))])
    with pytest.raises(NotToAnonymise):
        town.office.retention.anonymise(town.asked(ANNE), (case.id,))


@pytest.mark.rule("T31")
def test_what_is_held_stays_until_it_is_released(town: OfficeTown):
    case = over(town)
    town.office.retention.hold(town.asked(ANNE), case.key, reason="complaint")
    town.jump_to(LATER, time(9))
    assert due(town) == ([], [(case.key, (Block.HELD,))])
    with pytest.raises(NotToAnonymise):
        town.office.retention.anonymise(town.asked(ANNE), (case.id,))
    town.office.retention.release(town.asked(ANNE), case.id)
    assert due(town) == ([case.key], [])


def test_one_that_may_not_be_anonymised_keeps_the_others_from_it(town: OfficeTown):
    ready, (still_open, _) = over(town), active_case(town, MAJA)
    town.jump_to(LATER, time(9))
    with pytest.raises(NotToAnonymise):
        town.office.retention.anonymise(town.asked(ANNE), (ready.id, still_open.id))
    assert due(town)[0] == [ready.key]


def test_only_the_data_protection_officer_decides_and_says_what_and_why(town: OfficeTown):
    case = over(town)
    for act in (
        lambda who: town.office.retention.due(town.asked(who, once=False)),
        lambda who: town.office.retention.anonymise(town.asked(who), (case.id,)),
        lambda who: town.office.retention.hold(town.asked(who), case.key, reason="complaint"),
        lambda who: town.office.retention.release(town.asked(who), case.id),
    ):
        for who in (MAJA, "Jens Toft", "Lone Ager", "Bo Winther"):
            with pytest.raises(NotForYou):
                act(who)
    with pytest.raises(HoldReasonMissing):
        town.office.retention.hold(town.asked(ANNE), case.key, reason=None)
    with pytest.raises(CaseNotFound):
        town.office.retention.hold(town.asked(ANNE), "26-9999", reason="complaint")
    with pytest.raises(NothingChosen):
        town.office.retention.anonymise(town.asked(ANNE), ())


def test_keys_of_what_was_asked_and_forms_left_behind_are_forgotten(town: OfficeTown):
    maja = town.person(MAJA).id
    over(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.drafts.keep(maja, "case_new", "", {"a": "b"}, town.clock.at)
    town.jump(days=14)
    assert town.office.retention.clear_due(town.clock.at) == 0
    town.jump(days=47)
    assert town.office.retention.clear_due(town.clock.at) > 1
    with town.work() as work:
        assert work.drafts.held(maja, "case_new", "") is None
    assert town.office.retention.clear_due(town.clock.at) == 0


@pytest.mark.rule("T31", "D37")
def test_what_was_begun_about_a_case_goes_with_it_and_nothing_else(town: OfficeTown):
    case, other, maja = over(town), town.registered(MAJA), town.person(MAJA).id
    town.jump_to(LATER, time(9))
    with town.house.storage.open_work(at=town.clock.at) as work:
        frame, item = work.frames.of_case(case.id)[0].id, work.presentations.of_case(case.id)[0].id
        for subject in (case.id, frame, item, f"{item}:0a1b2c3d4e5", other.id, ""):
            work.drafts.keep(maja, "some.form", subject, {"a": "b"}, town.clock.at)
    town.office.retention.anonymise(town.asked(ANNE), (case.id,))
    with town.work() as work:
        assert {subject for _, subject in work.drafts.of(maja)} == {other.id, ""}


def test_every_table_of_a_case_is_known_to_be_kept_or_forgotten():
    named = {
        *forgetting.DELETED,
        *forgetting.DELETED_BY_ITEM,
        *forgetting.KEPT,
        *forgetting.UNTOUCHED,
    }
    of_a_case = {t for t in metadata.tables.values() if {"case_id", "presentation_id"} & set(t.c.keys())}
    assert {t.name for t in of_a_case} == {t.name for t in named}


def _people_named_with(town: OfficeTown, case: Case) -> set[str]:
    """Employees that stand anywhere in the rows of the case, its items and its frames."""
    with town.house.storage.database.reading.connect() as connection:
        known = set(connection.execute(select(people.c.id)).scalars()) - {forgetting.NOBODY}
        found: set[str] = set()
        for table in (*forgetting.KEPT, metadata.tables["cases"]):
            column = table.c.id if table.name == "cases" else table.c.case_id
            for row in connection.execute(select(table).where(column == case.id)):
                found |= {p for p in known if p in repr(tuple(row))}
        return found


def _everything(town: OfficeTown, *, but: set[str]) -> dict[str, str]:
    with town.house.storage.database.reading.connect() as connection:
        return {
            name: repr(connection.execute(select(table)).all())
            for name, table in metadata.tables.items()
            if name not in but
        }


def _reports(town: OfficeTown) -> list[Any]:
    wanted = Wanted(date(2026, 1, 1), LATER)
    codes = (ReportCode.STATUS, ReportCode.EVALUATION)
    return [town.office.reports.make(code, wanted, at=town.clock.at) for code in codes]
