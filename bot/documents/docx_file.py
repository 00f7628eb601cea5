"""A report as a note in Danish (or English), for a committee's agenda: tables, and under them the office program's charts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap
from docx.shared import Cm, Pt
from docx.table import _Row as GridRow

from bot.documents.drawn import Drawn
from bot.documents.plan_page import PlanPage
from bot.documents.printed import Printed, PrintedTable

WIDTH = 15.2
"""Of a chart, in centimetres: as wide as the text."""
NAMES = 4.0
MANY = 6
"""So many columns of numbers make a table a wide one."""
BLANK = 40
TO_SHEET = "rId1"
"""The chart's own relation to the numbers behind it."""


def as_docx(report: Printed) -> bytes:
    note = docx.Document()
    note.core_properties.title = report.title
    note.core_properties.author = ""
    note.core_properties.language = "da-DK" if report.texts.language == "da" else "en-GB"
    note.add_heading(report.title, level=1)
    for fact in report.facts:
        note.add_paragraph(fact)
    for number, table in enumerate(report.tables, start=1):
        _table(note, table, report)
        if table.chart_rows():
            _chart(note, Drawn(table, report), number)
    note.add_heading(report.definitions_title, level=2)
    for definition in report.definitions:
        note.add_paragraph(definition, style="List Bullet")
    out = io.BytesIO()
    note.save(out)
    return out.getvalue()


def plan_as_docx(page: PlanPage) -> bytes:
    """The citizen's page: headings, points, and blanks to fill in by hand."""
    note = docx.Document()
    note.core_properties.title = page.title
    note.core_properties.author = ""
    note.core_properties.language = "da-DK" if page.language == "da" else "en-GB"
    note.add_heading(page.title, level=1)
    for part in page.parts:
        note.add_heading(part.heading, level=2)
        for line in part.lines:
            note.add_paragraph(line)
        for point in part.points:
            note.add_paragraph(point, style="List Bullet")
        for blank in part.blanks:
            note.add_paragraph(f"{blank}: {'_' * BLANK}")
    note.add_paragraph(page.foot)
    out = io.BytesIO()
    note.save(out)
    return out.getvalue()


def _table(note: Document, table: PrintedTable, report: Printed) -> None:
    note.add_heading(table.title, level=2)
    if table.rows:
        _grid(note, table, report)
    for line in table.notes:
        note.add_paragraph(line)


def _grid(note: Document, table: PrintedTable, report: Printed) -> None:
    """Names get more room than numbers; in a wide table all is smaller, so that no word is broken."""
    numbers = len(table.columns)
    names = NAMES if numbers < MANY else NAMES - 1
    grid = note.add_table(rows=1, cols=1 + numbers, style="Light Grid Accent 1")
    grid.autofit = False
    for column in grid.columns:
        column.width = Cm((WIDTH - names) / numbers)
    grid.columns[0].width = Cm(names)
    size = Pt(10 if numbers < MANY else 7.5)
    _line(grid.rows[0], ("", *table.columns), size)
    for row in table.rows:
        cells = (row.label, *map(report.written, row.cells))
        _line(grid.add_row(), cells, size, bold=row.total or None, align=WD_ALIGN_PARAGRAPH.RIGHT)


def _line(
    row: GridRow,
    words: Sequence[str],
    size: Pt,
    *,
    bold: bool | None = None,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    for number, (cell, said) in enumerate(zip(row.cells, words, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(said)
        run.bold, run.font.size = bold, size
        paragraph.alignment = align if number else None


def _chart(note: Document, drawn: Drawn, number: int) -> None:
    """A chart in the text, with its numbers and their sheet in parts of their own, and what it shows in words."""
    package = note.part.package
    sheet = Part(
        PackURI(f"/word/embeddings/tal{number}.xlsx"), CONTENT_TYPE.SML_SHEET, drawn.sheet(), package
    )
    place = PackURI(f"/word/charts/chart{number}.xml")
    chart = Part(place, CONTENT_TYPE.DML_CHART, drawn.xml(TO_SHEET), package)
    chart.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, sheet, TO_SHEET)
    relation = note.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    paragraph = note.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.keep_with_next = drawn.missing is not None
    size = f'cx="{Cm(WIDTH)}" cy="{Cm(drawn.height)}"'
    paragraph.add_run().element.append(
        parse_xml(
            f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent {size}/><wp:docPr id="{number}" name={quoteattr(drawn.table.title)}'
            f" descr={quoteattr(drawn.told)}/><wp:cNvGraphicFramePr/>"
            f'<a:graphic><a:graphicData uri="{nsmap["c"]}"><c:chart {nsdecls("c")} r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )
    if drawn.missing:
        note.add_paragraph(drawn.missing)
