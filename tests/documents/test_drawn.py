"""The charts of a note: drawn by Word from their own numbers, told in words, and without a bar for what is hidden (R129)."""

from __future__ import annotations

import io
from datetime import date
from itertools import cycle
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest
from openpyxl import load_workbook

from bot.documents.docx_file import as_docx
from bot.documents.printed import printed
from bot.domain.money import Kroner
from bot.domain.report import Label, Report, ReportCode, Row, Table, Value
from bot.domain.suppression import Kept
from bot.rules import read_rules
from bot.texts import texts

RULES = read_rules().on(date(2026, 11, 24))
AREAS = ("social", "youth", "schools")
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"


def a_note(language: str, *cells: tuple[Value, ...]) -> ZipFile:
    rows = [Row(Label("area", {"area": RULES.area(a)}), c) for a, c in zip(cycle(AREAS), cells, strict=False)]
    total = Row(Label("total"), (61, 52), total=True)
    table = Table("first_time", (Label("first_time"), Label("later")), (*rows, total), charted=(0, 1))
    report = Report(ReportCode.EVALUATION, date(2026, 11, 28), RULES.version, ("first_time",), (table,))
    return ZipFile(io.BytesIO(as_docx(printed(report, texts(language)))))


def chart_of(note: ZipFile) -> ET.Element:
    return ET.fromstring(note.read("word/charts/chart1.xml"))


def bars(chart: ET.Element) -> dict[str, dict[str, str]]:
    """By series, each row's number."""
    found = {}
    for series in chart.iter(f"{C}ser"):
        names = [v.text or "" for v in series.findall(f"{C}cat//{C}v")]
        points = series.findall(f"{C}val//{C}pt")
        heading = series.findtext(f"{C}tx//{C}v") or ""
        found[heading] = {names[int(p.attrib["idx"])]: p.findtext(f"{C}v") or "" for p in points}
    return found


def told(note: ZipFile) -> str:
    properties = ET.fromstring(note.read("word/document.xml")).find(f".//{WP}docPr")
    assert properties is not None
    return properties.attrib["descr"]


def text(note: ZipFile) -> str:
    return "\n".join(p.text for p in docx.Document(note.fp).paragraphs)  # type: ignore[arg-type]


@pytest.mark.rule("R127", "R129")
def test_a_chart_is_drawn_from_the_tables_own_numbers_and_told_in_words() -> None:
    note = a_note("da", (30, 20), (17, 18), (14, 14))
    assert bars(chart_of(note)) == {
        "Første gang": {"Socialområdet": "30", "Ungeindsatsen og UU": "17", "Trivsel og Læring": "14"},
        "Senere": {"Socialområdet": "20", "Ungeindsatsen og UU": "18", "Trivsel og Læring": "14"},
    }
    assert told(note) == (
        "Søjlediagram. Afgjort første gang. Socialområdet, Første gang: 30; Socialområdet, Senere: 20; "
        "Ungeindsatsen og UU, Første gang: 17; Ungeindsatsen og UU, Senere: 18; "
        "Trivsel og Læring, Første gang: 14; Trivsel og Læring, Senere: 14."
    )
    assert told(a_note("en", (30, 20))).startswith("Bar chart. Settled the first time. ")
    sheet = load_workbook(io.BytesIO(note.read("word/embeddings/tal1.xlsx"))).active
    assert list(sheet.iter_rows(values_only=True))[1] == ("Socialområdet", 30, 20)
    assert "skjult" not in told(note) + text(note)


@pytest.mark.rule("R129")
def test_what_is_hidden_has_no_bar_and_the_chart_says_so() -> None:
    note = a_note("da", (30, 20), (Kept.BACK, Kept.BACK), (14, Kept.BACK))
    assert bars(chart_of(note)) == {
        "Første gang": {"Socialområdet": "30", "Trivsel og Læring *": "14"},
        "Senere": {"Socialområdet": "20"},
    }
    names = [v.text for v in chart_of(note).findall(f".//{C}cat//{C}v")]
    assert names[1] == "Ungeindsatsen og UU (skjult)"
    assert "Ungeindsatsen og UU, Første gang: skjult" in told(note)
    assert "Skjulte tal (*) har ingen søjle." in text(note)
    assert "Hidden numbers (*) have no bar." in text(a_note("en", (30, Kept.BACK)))
    sheet = load_workbook(io.BytesIO(note.read("word/embeddings/tal1.xlsx"))).active
    assert [row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (30, 20),
        (None, None),
        (14, None),
    ]


def test_where_nothing_can_be_drawn_there_is_no_chart() -> None:
    names = a_note("da", (Kept.BACK, Kept.BACK), (0, None)).namelist()
    assert not [name for name in names if "charts" in name or "embeddings" in name]


def test_money_is_drawn_in_kroner() -> None:
    chart = chart_of(a_note("da", (Kroner(123_450), Kroner.of(2))))
    assert bars(chart) == {"Første gang": {"Socialområdet": "1234.5"}, "Senere": {"Socialområdet": "2"}}
    assert {f.text for f in chart.iter(f"{C}formatCode")} == {'#,##0.00" kr."'}


def test_of_very_many_bars_the_table_is_named_instead_of_each() -> None:
    assert told(a_note("da", *[(6, 7)] * 21)) == "Søjlediagram. Afgjort første gang. Tallene står i tabellen."


def test_every_part_is_declared_well_formed_and_where_its_relation_says() -> None:
    note = a_note("da", (30, 20), (17, Kept.BACK))
    types = ET.fromstring(note.read("[Content_Types].xml"))
    declared = {e.attrib["PartName"].lstrip("/") for e in types if "PartName" in e.attrib}
    endings = {e.attrib["Extension"] for e in types if "Extension" in e.attrib}
    names = set(note.namelist())
    assert all(n in declared or n.rpartition(".")[2] in endings for n in names - {"[Content_Types].xml"})
    assert "word/charts/chart1.xml" in declared
    assert "xlsx" in endings
    for name in names:
        if name.endswith((".xml", ".rels")):
            ET.fromstring(note.read(name))
    for rels in ("word/_rels/document.xml.rels", "word/charts/_rels/chart1.xml.rels"):
        home = dirname(dirname(rels))
        for relation in ET.fromstring(note.read(rels)):
            assert normpath(join(home, relation.attrib["Target"])) in names
    used = chart_of(note).find(f"{C}externalData")
    assert used is not None
    assert "rId1" in used.attrib.values()
