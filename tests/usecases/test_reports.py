"""A count comes in whole or not at all and is gone after thirty days; a report is read by whom it is for (R127-R129)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from sqlalchemy import func, select

from bot.documents.count_file import CountFile
from bot.documents.printed import printed
from bot.domain.birth import Born
from bot.domain.count import Counted
from bot.domain.money import Kroner
from bot.domain.people import NotForYou, Person, Post, Role
from bot.domain.report import CountNameTaken, NoCount, ReportCode
from bot.domain.suppression import Kept
from bot.texts import texts
from bot.usecases.case_counts import CountWanted
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked
from bot.usecases.report_homes import area_figures, frame_figures, my_reports
from bot.usecases.reports import Wanted
from bot.views import report as views
from bot.views.kit import Page, Surface
from storage.engine import Database
from storage.sealing import SealBroken
from storage.tables import count_rows, counts
from tests.support import caseload
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

JUNE, NOV = caseload.JUNE_2019, caseload.NOV_2020


def given(town: OfficeTown, *posts: Post) -> Person:
    """Kim, with these roles and no other."""
    with town.house.storage.open_work(town.asked("Bo Winther")) as work:
        kim = Person("U0KIM00001", "T0NORDRE01", "Kim Nyholm", frozenset(posts), welcomed=True)
        there = work.people.find(kim.id)
        return work.people.save(there.given(frozenset(posts))) if there else work.people.add(kim)


def by(town: OfficeTown, person: Person) -> Asked:
    return Asked(person, town.clock.at, "test")


def counted(town: OfficeTown, path: Path, name: str = "nord") -> None:
    rows = CountFile(caseload.write(path / "c.csv"), town.today).survey().rows()
    town.office.counts.bring_in(rows, name=name, at=town.clock.at)


def stored(database: Database) -> tuple[int, int]:
    with database.reading.connect() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (counts, count_rows)
        )  # type: ignore[return-value]


def made(town: OfficeTown, **wanted: Any) -> Any:
    whole = Wanted(town.today, town.today, CountWanted(NOV, JUNE, **wanted))
    return town.office.reports.make(ReportCode.CASE_COUNT, whole, at=town.clock.at)


@pytest.mark.rule("R129", "R085", "R088", "R087", "R093", "R098", "D25")
def test_a_count_is_brought_in_counted_and_gone_after_thirty_days(
    town: OfficeTown, database: Database, tmp_path: Path
) -> None:
    counted(town, tmp_path)
    assert stored(database) == (1, 510)
    report = made(town)
    assert [row.cells for row in report.tables[0].rows[:3]] == [
        (359, 339, 339),
        (265, 250, 220),
        (94, 89, 119),
    ]
    assert (report.as_of, report.rules_version, report.counted) == (
        NOV,
        town.house.rules.on(NOV).version,
        "nord",
    )
    assert [s.version for s in report.rule_sets] == ["v2019-06", "v2020-11"]
    town.jump(days=30)
    town.knock()
    assert stored(database) == (1, 510)
    town.jump(days=1)
    town.knock()
    assert stored(database) == (0, 0)
    with pytest.raises(NoCount):
        made(town)


@pytest.mark.rule("D25", "D27")
def test_a_rows_dates_lie_sealed_and_open_nowhere_else(
    town: OfficeTown, database: Database, tmp_path: Path
) -> None:
    counted(town, tmp_path)
    with database.reading.connect() as connection:
        first, second = connection.execute(select(count_rows).order_by(count_rows.c.number).limit(2)).all()
    assert b"2019-" not in first.sealed
    with town.work() as work, pytest.raises(SealBroken):
        work.counts._keys.open(
            second.sealed, table="count_rows", column="sealed", row=f"{first.count_id}/{first.number}"
        )


def test_what_stops_on_the_way_leaves_nothing(town: OfficeTown, database: Database, tmp_path: Path) -> None:
    def breaking(rows: Iterator[Counted]) -> Iterator[Counted]:
        for number, row in enumerate(rows):
            if number == 400:
                raise KeyboardInterrupt
            yield row

    rows = CountFile(caseload.write(tmp_path / "c.csv"), town.today).survey().rows()
    with pytest.raises(KeyboardInterrupt):
        town.office.counts.bring_in(breaking(rows), name="nord", at=town.clock.at)
    assert stored(database) == (0, 0)
    counted(town, tmp_path)
    with pytest.raises(CountNameTaken):
        counted(town, tmp_path)


@pytest.mark.rule("R129")
def test_a_count_is_never_in_memory_as_a_whole(
    town: OfficeTown, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of however many rows, one batch is being written while at most the next is read."""
    monkeypatch.setattr("bot.usecases.counts.BATCH", 50)
    alive: WeakSet[Counted] = WeakSet()
    most = [0]

    def read() -> Iterator[Counted]:
        for number in range(400):
            row = Counted(Born(2000, 5), JUNE - timedelta(days=number), None, False, False, False)
            alive.add(row)
            yield row
            del row
            most[0] = max(most[0], len(alive))

    town.office.counts.bring_in(read(), name="nord", at=town.clock.at)
    assert stored(database) == (1, 400)
    assert most[0] <= 2 * 50


@pytest.mark.rule("R127", "R094", "R095", "R096", "R097", "R099")
def test_the_status_note_says_who_moved_and_which_staff_went_along(town: OfficeTown, tmp_path: Path) -> None:
    counted(town, tmp_path)
    wanted = Wanted(town.today, NOV, CountWanted(NOV, JUNE))
    report = town.office.reports.make(ReportCode.STATUS, wanted, at=town.clock.at)
    staff = next(t for t in report.tables if t.code == "staff")
    assert [(row.label.facts["move"].code, row.cells[0]) for row in staff.rows] == [
        ("caseworkers_youth", 5),
        ("housing_support_youth", 6),
        ("caseworkers_adults", 1),
        ("housing_budget_adults", 2),
    ]
    assert [row.cells[1] for row in staff.rows][:1] == [44]
    without = town.office.reports.make(ReportCode.STATUS, replace(wanted, count=None), at=town.clock.at)
    assert without.counted == "nord"


@pytest.mark.rule("R015", "D11")
def test_each_reads_what_is_for_them(town: OfficeTown) -> None:
    def readable_to(*posts: Post) -> list[str]:
        kim = given(town, *posts)
        found = []
        for code in ReportCode:
            try:
                town.office.reports.open(by(town, kim), code)
            except NotForYou:
                continue
            except NoCount:
                pass
            found.append(code.value)
        return found

    whole = ["case_count", "status", "evaluation"]
    assert readable_to(Post(Role.EVALUATOR)) == whole
    assert readable_to(Post(Role.SECRETARY)) == whole
    assert readable_to(Post(Role.CONTROLLER)) == ["frames"]
    assert readable_to(Post(Role.DEPARTMENT_HEAD, "social")) == ["case_count", "evaluation"]
    assert readable_to(Post(Role.AREA_LEADER, "social")) == ["evaluation"]
    for role in (Role.CASEWORKER, Role.COMMITTEE_MEMBER, Role.DPO, Role.ADMINISTRATOR):
        assert readable_to(Post(role, "social" if role == Role.CASEWORKER else None)) == []


@pytest.mark.rule("R099", "D12", "D21")
def test_the_controller_reads_keys_and_each_look_is_journaled(town: OfficeTown) -> None:
    case, _ = active_case(town, kroner=40_000)
    spend(town, case.id, 1_250)
    kim = given(town, Post(Role.CONTROLLER))
    report = town.office.reports.open(by(town, kim), ReportCode.FRAMES)
    ledger = next(t for t in report.tables if t.code == "ledger")
    assert [(r.label.facts["key"], r.cells[3]) for r in ledger.rows] == [(case.key, Kroner.of(1_250))]
    with town.work() as work:
        looks = [e for e in work.journal.of_case(case.id, looks=True) if e.look and e.act == "report_opened"]
    assert [e.by for e in looks] == [kim.id]


@pytest.mark.rule("R098", "R099", "D9")
def test_a_report_of_a_day_gone_by_counts_what_was_written_by_then(town: OfficeTown, tmp_path: Path) -> None:
    """Entries have their day; what is only known as it is now is said to be so."""
    case, _ = active_case(town, kroner=40_000)
    spend(town, case.id, 1_250)
    then = town.today
    town.clock.at += timedelta(days=3)
    spend(town, case.id, 600)

    def of(code: ReportCode, until: date) -> Any:
        return town.office.reports.make(code, Wanted(until, until), at=town.clock.at)

    def used(report: Any) -> Any:
        total = next(t for t in report.tables if t.code == "by_payer").rows[-1].cells
        month = next(t for t in report.tables if t.code == "by_month").rows[-1].cells
        return total[0], total[3], total[4], month[1]

    early, late = of(ReportCode.FRAMES, then), of(ReportCode.FRAMES, town.today)
    assert used(early) == (1, Kroner.of(1_250), Kroner.of(38_750), Kroner.of(1_250))
    assert used(late) == (1, Kroner.of(1_850), Kroner.of(38_150), Kroner.of(1_850))
    assert of(ReportCode.FRAMES, then - timedelta(days=300)).tables[0].rows[-1].cells[0] == 0
    assert early.tables[0].notes[0].code == "reconciled"
    assert early.definitions == (*late.definitions, "looking_back_frames")
    note, now = of(ReportCode.STATUS, then), of(ReportCode.STATUS, town.today)
    assert (note.tables[-1].facts, now.tables[-1].facts) == ({"day": town.today}, {})
    for report in (early, note, of(ReportCode.EVALUATION, then)):
        assert "i dag" in printed(report, texts("da")).definitions[-1]
        assert "today" in printed(report, texts("en")).definitions[-1]


def spend(town: OfficeTown, case: str, kroner: int) -> None:
    from bot.usecases.frames import Use

    use = Use(Kroner.of(kroner), "transport", town.today)
    town.office.frames.use(town.asked("Maja Holm"), case, use)


@pytest.mark.rule("D43", "R128")
def test_practice_cases_count_nowhere(town: OfficeTown) -> None:
    case, _ = active_case(town)
    spend(town, case.id, 900)
    with town.house.storage.open_work(town.asked("Maja Holm")) as work:
        work.cases.save(replace(work.cases.get(case.id), practice=True))
    with town.work() as work:
        figures = work.figures
        assert [figures.cases(), figures.presentations(), figures.frames(), figures.tasks()] == [
            [],
            [],
            [],
            [],
        ]
    kim = given(town, Post(Role.CONTROLLER))
    report = town.office.reports.open(by(town, kim), ReportCode.FRAMES)
    assert report.tables[0].rows[-1].cells[:2] == (0, Kroner(0))


def part(town: OfficeTown, person: Person, find: Any) -> Any:
    with town.work() as work:
        return find(PartAsked(work, by(town, person), town.house.rules.on(town.today)))


@pytest.mark.rule("R015")
def test_homes_of_those_who_read_figures(town: OfficeTown) -> None:
    case, _ = active_case(town, kroner=40_000)
    spend(town, case.id, 1_250)
    town.requested()
    rules = town.house.rules.on(town.today)
    head = given(town, Post(Role.DEPARTMENT_HEAD, "social"))
    found = part(town, head, area_figures)
    assert (found.waiting, found.returned, found.overdue_starts, found.answered_in) == (Kept.BACK, 0, 0, None)
    mine = part(town, head, my_reports)
    assert part(town, head, frame_figures) is None
    controller = given(town, Post(Role.CONTROLLER))
    figures = part(town, controller, frame_figures)
    assert (figures.count, figures.spent_this_month, figures.wrong) == (1, Kroner.of(1_250), False)
    for language, spent in (("da", "1.250,00 kr."), ("en", "DKK 1,250.00")):
        page = Page(Surface.HOME)
        views.area_part(page, texts(language), rules, found)
        views.reports_part(page, texts(language), rules, mine)
        said = readable(page.home())
        assert case.alias not in said
        assert case.key not in said
        page = Page(Surface.HOME)
        views.frames_part(page, texts(language), rules, figures)
        views.reports_part(page, texts(language), rules, part(town, controller, my_reports))
        assert spent in readable(page.home())
    assert part(town, town.person("Maja Holm"), my_reports) is None


def test_every_report_has_words_and_fits_in_a_form(town: OfficeTown, tmp_path: Path) -> None:
    counted(town, tmp_path)
    case, _ = active_case(town, kroner=40_000)
    spend(town, case.id, 1_250)
    for code, role in (
        (ReportCode.FRAMES, Role.CONTROLLER),
        *((c, Role.EVALUATOR) for c in list(ReportCode)[:3]),
    ):
        kim = given(town, Post(role))
        report = town.office.reports.open(by(town, kim), code)
        view = views.shown(texts("da"), report)
        views.shown(texts("en"), report)
        paper = printed(report, texts("da"))
        assert f"{report.as_of:%d-%m-%Y}" in paper.facts[0]
        assert report.rules_version in paper.facts[1]
        assert paper.definitions, "what each word means"
        assert len(view["blocks"]) <= 100
        assert all(len(b["text"]["text"]) <= 3000 for b in view["blocks"] if b["type"] == "section")
        said = readable(view["blocks"])
        assert report.rules_version in said
        assert (case.key in said) == (code == ReportCode.FRAMES)
        assert case.alias not in said


@pytest.mark.rule("R128")
def test_few_are_few_on_the_command_line_too(town: OfficeTown) -> None:
    active_case(town)
    wanted = Wanted(town.today - timedelta(days=365), town.today)
    report = town.office.reports.make(ReportCode.EVALUATION, wanted, at=town.clock.at)
    cells = [v for t in report.tables for r in t.rows for v in r.cells]
    assert all(v in (Kept.BACK, None) for v in cells)
    assert date.fromisoformat(str(report.since)) == wanted.since
