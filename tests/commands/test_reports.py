"""The command line: every bad row by its line, nothing kept until all are good, the documents' figures printed (R129)."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.demo import launch
from bot.documents.count_file import CountFile
from storage.engine import Database
from storage.sealing import new_key
from storage.tables import counts
from tests.support import caseload
from tests.support.databases import Databases


@pytest.fixture(autouse=True)
def _a_danish_machine(_an_english_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "da")


@pytest.fixture
def address(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = databases.fresh("sqlite", tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": address,
        "INDGANG_KEYS": new_key(),
        "INDGANG_TEAM": "T0NORDRE01",
        "INDGANG_FIRST_ADMINISTRATOR": "U0BO000001",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return address


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def kept(address: str) -> int:
    database = Database(address)
    with database.reading.connect() as connection:
        number = connection.execute(select(func.count()).select_from(counts)).scalar_one()
    database.close()
    return int(number)


FIGURES = [[359, 339, 339], [265, 250, 220], [94, 89, 119], [106, 114], [45, 50], [61, 64]]


def figures_in(file: Path) -> list[list[int]]:
    """The rows of whole numbers in a report, the first two tables first."""
    if file.suffix == ".csv":
        rows = [line.split(";") for line in file.read_text("utf-8-sig").splitlines()]
    elif file.suffix == ".xlsx":
        rows = [[str(c) for c in row if c is not None] for row in load_workbook(file).active.values]
    else:
        rows = [
            [c.text for c in row.cells] for table in docx.Document(str(file)).tables for row in table.rows
        ]
    return [[int(c) for c in row[1:]] for row in rows if row[1:] and all(c.isdecimal() for c in row[1:])]


@pytest.mark.rule("R129", "R085", "R087", "R088", "R091", "R093")
def test_from_the_file_to_the_documents_figures(address: str, tmp_path: Path) -> None:
    file = str(caseload.write(tmp_path / "nord_2020.csv", separator=";", bom=True))
    assert (
        "510 rækker, alle i orden. Intet er gemt" in run("import", "sagstaelling", file, "--dry-run").output
    )
    assert kept(address) == 0
    assert "510 rækker er hentet ind som »nord_2020«" in run("import", "sagstaelling", file).output
    days = ("--baseline", "2019-06-30", "--as-of", "2020-11-19")
    said = [" ".join(line.split()) for line in run("report", "sagstaelling", *days).output.splitlines()]
    for line in (
        "Sager i alt 359 339 339",
        "Flyttes til Ungeindsatsen og UU 265 250 220",
        "Forbliver på socialområdet 94 89 119",
        "Omregnet: forholdsmæssigt omregnet, ikke optalt.",
        "Sager i alt 106 114",
        "Flyttes til arbejdsmarkedsafdelingen 45 50",
        "Forbliver på socialområdet 61 64",
    ):
        assert line in said
    for ending in ("csv", "xlsx", "docx"):
        out = tmp_path / f"r.{ending}"
        done = run("report", "sagstaelling", *days, "--compare", "--format", ending, "--out", str(out))
        assert done.exit_code == 0
        assert figures_in(out)[:6] == FIGURES
    english = run("report", "sagstaelling", *days, "--language", "en").output
    assert "Shift from proposal 1 to proposal 2: 30 young people; fewer cases: 20" in english
    assert run("report", "status", *days).exit_code == 0
    assert run("report", "evaluering").exit_code == 0
    assert "Afstemt: 0 posteringer" in run("report", "rammer").output


@pytest.mark.rule("R129")
def test_every_bad_row_is_named_and_none_is_kept(address: str, tmp_path: Path) -> None:
    good = caseload.rows()[:20]
    bad = [dict(row) for row in good]
    bad[3]["birth_date"] = "2000-02-30"
    bad[5]["key"] = bad[2]["key"]
    bad[7] |= {"no_prospect": "9", "closed_on": "2001-01-01"}
    bad[9]["key"] = "010203-4567"
    file = caseload.write(tmp_path / "c.csv", bad)
    file.write_text(file.read_text() + "K9,2000-01,2019-01-01,,0,0,0,ekstra\nK10,2000-01\n")
    done = run("import", "sagstaelling", str(file))
    assert done.exit_code == 2
    lines = [line for line in done.output.splitlines() if line.startswith("Linje")]
    assert [line.split(":")[0] for line in lines] == [
        "Linje 5, birth_date",
        "Linje 7, key",
        "Linje 9, no_prospect",
        "Linje 9, closed_on",
        "Linje 11, key",
        "Linje 22",
        "Linje 23",
    ]
    assert "6 rækker af 22 kan ikke bruges." in done.output
    assert "010203" not in done.output
    assert kept(address) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "filen er tom"),
        ("key,birth_date\nA,2000-01\n", "opened_on"),
        (",".join((*caseload.COLUMNS, "navn")) + "\n", "flere kolonner"),
    ],
)
def test_a_file_that_is_no_count_is_refused_at_its_first_line(
    address: str, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "c.csv"
    file.write_text(content)
    done = run("import", "sagstaelling", str(file))
    assert done.exit_code == 2
    assert said in done.output
    assert "Linje 1" in done.output


def test_what_is_not_there_is_told_in_words(address: str, tmp_path: Path) -> None:
    assert "kan ikke åbnes" in run("import", "sagstaelling", "nix.csv").output
    assert "Der er ingen sagstælling" in run("report", "sagstaelling").output
    run("import", "sagstaelling", str(caseload.write(tmp_path / "c.csv", caseload.rows()[:5])))
    assert "allerede en sagstælling med navnet c" in run("import", "sagstaelling", "c.csv").output
    assert "forslag_1, forslag_2" in run("report", "sagstaelling", "--rule-set", "nix").output
    assert "Der er ingen demo" in run("report", "evaluering", "--demo", "nix").output
    for swapped in (
        ("evaluering", "--since", "2026-02-01", "--until", "2026-01-31"),
        ("sagstaelling", "--baseline", "2026-02-01", "--as-of", "2026-01-31"),
    ):
        assert run("report", *swapped).output.startswith("Den første dag ligger efter den sidste."), swapped


@pytest.mark.rule("R129")
def test_a_file_with_a_name_as_people_give_files_is_brought_in(address: str, tmp_path: Path) -> None:
    file = str(caseload.write(tmp_path / "sagstælling 2020 (ny).csv", caseload.rows()[:5]))
    assert "5 rækker, alle i orden. Intet er gemt" in run("import", "sagstaelling", file, "--dry-run").output
    assert "hentet ind som »sagstælling-2020-ny«" in run("import", "sagstaelling", file).output
    odd = str(caseload.write(tmp_path / "!!.csv", caseload.rows()[:5]))
    assert "hentet ind som »sagstaelling«" in run("import", "sagstaelling", odd).output


def test_what_is_made_outside_slack_can_be_made_of_the_demo_too(tmp_path: Path) -> None:
    """Without any settings of its own: where no demo lies, it says so; a demo that sleeps has no Slack to ask."""
    out = str(tmp_path / "m.ics")
    file = tmp_path / "folk.csv"
    file.write_text("slack_id,role,area\n")
    page = ("plan", "26-0001", "--as", "U1", "--out", str(tmp_path / "p.html"))
    for command in (page, ("calendar", "--out", out), ("people", "import", str(file))):
        assert "Der er ingen demo i nix" in run(*command, "--demo", "nix").output
    made = launch.Place(tmp_path / "demo")
    made.folder.mkdir()
    launch._make_key(made)
    launch._upgrade(made)
    launch._write_world(made)
    made.settled.touch()
    told = run("calendar", "--out", out, "--demo", str(made.folder))
    assert (told.exit_code, told.stderr) == (0, "")
    assert Path(out).read_text().startswith("BEGIN:VCALENDAR")
    assert "Demoen kører ikke" in run("people", "import", str(file), "--demo", str(made.folder)).output


@pytest.mark.rule("R129")
def test_the_file_is_read_row_by_row(tmp_path: Path) -> None:
    """Eight times the rows take no more memory, but for the few bytes that find a key that stands twice."""

    def most(rows: int) -> int:
        table = [{**row, "key": f"K{n}"} for n, row in enumerate(caseload.rows() * 8)][:rows]
        file = CountFile(caseload.write(tmp_path / f"{rows}.csv", table), date(2026, 11, 16))
        del table
        tracemalloc.start()
        survey = file.survey()
        assert sum(map(len, survey.faults())) == 0
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(4000) - most(500) < 3500 * 60


@pytest.mark.rule("R129")
def test_who_looks_at_the_command_sees_how_far_it_is(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(caseload.write(tmp_path / "nord.csv"))
    assert "%" not in run("import", "sagstaelling", file, "--dry-run").stderr, "nobody looks"
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    assert "98%" in run("import", "sagstaelling", file).stderr, "500 of 510"
