"""What leaves as a file: the same numbers in every format, none of them a formula, each with its date and its rules."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import docx
import pytest
from openpyxl import load_workbook

from bot.documents.csv_file import as_csv, harmless
from bot.documents.docx_file import as_docx
from bot.documents.printed import Printed, printed
from bot.documents.text_file import as_text
from bot.documents.xlsx_file import as_xlsx
from bot.domain.case_count import count_tables
from bot.domain.count import read_row
from bot.domain.count_sheet import Ask, Sheet
from bot.domain.money import Kroner
from bot.domain.report import Label, Report, ReportCode, Row, Share, Table, UsedSet
from bot.domain.rules import Named
from bot.domain.suppression import Kept
from bot.domain.tracks import Ages
from bot.rules import read_rules
from bot.texts import texts
from tests.support.caseload import JUNE_2019, NOV_2020, rows

AGES = Ages()

TODAY = date(2026, 11, 16)
RULES = read_rules().on(TODAY)

AS_IN_THE_DOCUMENTS = """
Tabel 1. Unge 15-29 år Forslag 1 Forslag 1 Forslag 2
juni 2019 omregnet nov. 2020
Sager i alt 359 339 339
Flyttes til Ungeindsatsen og UU 265 250 220
Forbliver på socialområdet 94 89 119
Andel der flyttes 73,8 % 73,7 % 64,9 %
Forskydning fra forslag 1 til forslag 2: 30 unge; nedgang i sager: 20

Tabel 2. Borgere på 30 år og derover juni 2019 nov. 2020
Sager i alt 106 114
Flyttes til arbejdsmarkedsafdelingen 45 50
Forbliver på socialområdet 61 64
Andel der flyttes 42,5 % 43,9 %
"""


@pytest.fixture(scope="module")
def report() -> Report:
    counted = [read_row(row, today=TODAY) for row in rows()]
    first, second = (
        Ask(RULES.anchoring.set(c), d) for c, d in (("forslag_1", JUNE_2019), ("forslag_2", NOV_2020))
    )
    every = tuple(Ask(s, NOV_2020) for s in RULES.anchoring.sets)
    return Report(
        ReportCode.CASE_COUNT,
        NOV_2020,
        RULES.version,
        ("snapshot", "age", "kept_back"),
        count_tables(Sheet(second, first, every).counting(counted)),
        since=JUNE_2019,
        counted="nord_2020",
        rule_sets=tuple(
            UsedSet(Named(a.rule_set.code, a.rule_set.names), a.rule_set.version) for a in (first, second)
        ),
    )


@pytest.fixture
def danish(report: Report) -> Printed:
    return printed(report, texts("da"))


@pytest.mark.rule("R085", "R086", "R087", "R088", "R089", "R090", "R091", "R092", "R093", "R098", "R129")
def test_the_two_tables_read_as_in_the_documents(danish: Printed) -> None:
    said = [" ".join(line.split()) for line in as_text(danish).splitlines()]
    for line in AS_IN_THE_DOCUMENTS.strip().splitlines():
        assert line in said
    text = "\n".join(said)
    for fact in (
        "forholdsmæssigt omregnet, ikke optalt",
        "30-06-2019 og 19-11-2020",
        f"Regler: version {RULES.version}",
        "Forslag 1 (model 1), v2019-06; Forslag 2 (model 2), v2020-11",
        "»nord_2020«",
        "»Skjult« er et tal under 5",
    ):
        assert fact in text


def test_columns_line_up(danish: Printed) -> None:
    lines = as_text(danish).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Tabel 1"))
    assert len({len(line) for line in lines[start + 1 : start + 6]}) == 1


@pytest.mark.rule("R129")
def test_csv_has_bare_numbers_between_semicolons(danish: Printed) -> None:
    lines = list(csv.reader(io.StringIO(as_csv(danish).decode("utf-8-sig")), delimiter=";"))
    assert ["Flyttes til Ungeindsatsen og UU", "265", "250", "220"] in lines
    assert ["Andel der flyttes", "42,5", "43,9"] in lines


@pytest.mark.rule("R129")
def test_the_sheet_holds_numbers_and_draws_its_own_charts(danish: Printed) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(danish))).active
    found = {row[0]: row[1:4] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert found["Flyttes til Ungeindsatsen og UU"] == (265, 250, 220)
    assert found["Flyttes til arbejdsmarkedsafdelingen"][:2] == (45, 50)
    assert len(sheet._charts) == 4
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0), (
        "as wide as a page"
    )


def test_a_chart_never_lies_on_a_table(danish: Printed) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(danish))).active
    tops = [(chart.anchor._from.row, chart.anchor._from.col) for chart in sheet._charts]
    assert all(after[0] - before[0] >= 15 for before, after in pairwise(tops))
    assert all(column >= 3 for _, column in tops)


@pytest.mark.rule("R127", "R129")
def test_the_note_is_danish_with_tables_and_charts(danish: Printed) -> None:
    note = docx.Document(io.BytesIO(as_docx(danish)))
    grid = [[cell.text for cell in row.cells] for row in note.tables[0].rows]
    assert grid[2] == ["Flyttes til Ungeindsatsen og UU", "265", "250", "220"]
    text = "\n".join(p.text for p in note.paragraphs)
    assert "Sagstælling" in text
    assert "forholdsmæssigt omregnet, ikke optalt" in text
    assert len(note.inline_shapes) == 4
    assert note.core_properties.language == "da-DK"


@pytest.mark.rule("R098", "R129")
def test_every_file_says_its_day_its_rules_and_what_each_word_means(danish: Printed) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(danish))).active
    in_cells = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    in_note = "\n".join(p.text for p in docx.Document(io.BytesIO(as_docx(danish))).paragraphs)
    in_lines = as_csv(danish).decode().replace('""', '"')
    for line in (danish.title, *danish.facts, *danish.definitions):
        assert all(line in written for written in (as_text(danish), in_lines, in_cells, in_note)), line
    assert len(danish.facts) == 4


@pytest.mark.parametrize("risky", ["=1+1", "+45", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_text_is_run_as_a_formula(danish: Printed, risky: str) -> None:
    assert harmless(risky) == f"'{risky}"
    table = replace(
        danish.tables[0], title=risky, notes=(risky,), rows=(replace(danish.tables[0].rows[0], label=risky),)
    )
    evil = replace(danish, title=risky, facts=(risky,), definitions=(risky,), tables=(table,))
    lines = list(csv.reader(io.StringIO(as_csv(evil).decode("utf-8-sig")), delimiter=";"))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for line in lines for cell in line)
    sheet = load_workbook(io.BytesIO(as_xlsx(evil))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_every_kind_of_value_in_both_languages() -> None:
    cells = (
        1250,
        Fraction(5, 2),
        Share(Fraction(2, 3)),
        Kroner(-123450),
        date(2026, 11, 26),
        Kept.BACK,
        None,
    )
    table = Table("anchors", tuple(Label("youth") for _ in cells), (Row(Label("total"), cells),))
    whole = Report(ReportCode.STATUS, TODAY, "3", (), (table,))
    for language, said in (
        ("da", ["1.250", "2,5", "66,7 %", "-1.234,50 kr.", "26-11-2026", "skjult", ""]),
        ("en", ["1,250", "2.5", "66.7%", "DKK -1,234.50", "26 Nov 2026", "hidden", ""]),
    ):
        text = printed(whole, texts(language))
        assert [text.written(v) for v in cells] == said
        assert b"-1234" in as_csv(text)
        assert as_xlsx(text)[:2] == as_docx(text)[:2] == b"PK"


def test_what_is_kept_back_is_kept_back_in_every_format(report: Report) -> None:
    table = replace(report.tables[1], rows=(Row(Label("cases"), (Kept.BACK, 114)),))
    hidden = printed(replace(report, tables=(table,)), texts("da"))
    assert "skjult" in as_text(hidden)
    assert "skjult;114" in as_csv(hidden).decode()
    sheet = load_workbook(io.BytesIO(as_xlsx(hidden))).active
    assert ("Sager i alt", "skjult", 114) in [row[:3] for row in sheet.iter_rows(values_only=True)]
    assert len(sheet._charts) == 1, "a bar for the one that is printed"
    table = replace(table, rows=(Row(Label("cases"), (Kept.BACK, Kept.BACK)),))
    none = printed(replace(report, tables=(table,)), texts("da"))
    assert not load_workbook(io.BytesIO(as_xlsx(none))).active._charts
