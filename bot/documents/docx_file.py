"""A report as a note in Danish (or English), for a committee's agenda: tables, and bars drawn with letters.

A picture of a chart would need a drawing library and would say nothing to a screen reader; a bar made of letters is
read as its number, prints anywhere and is edited like text.
"""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from bot.documents.plan_page import PlanPage
from bot.documents.printed import Printed, PrintedTable
from bot.domain.money import Kroner
from bot.domain.report import Value

BAR = 24
"""How many letters the longest bar has."""
BLANK = 40


def as_docx(report: Printed) -> bytes:
    note = docx.Document()
    note.core_properties.title = report.title
    note.core_properties.author = ""
    note.core_properties.language = "da-DK" if report.texts.language == "da" else "en-GB"
    note.add_heading(report.title, level=1)
    for fact in report.facts:
        note.add_paragraph(fact)
    for table in report.tables:
        _table(note, table, report)
        _bars(note, table, report)
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
    grid = note.add_table(rows=1, cols=1 + len(table.columns), style="Light Grid Accent 1")
    for cell, head in zip(grid.rows[0].cells[1:], table.columns, strict=True):
        cell.text = head
    for row in table.rows:
        cells = grid.add_row().cells
        cells[0].text = row.label
        for cell, value in zip(cells[1:], row.cells, strict=True):
            cell.text = report.written(value)
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if row.total:
            for cell in cells:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
    for line in table.notes:
        note.add_paragraph(line)


def _bars(note: Document, table: PrintedTable, report: Printed) -> None:
    rows = table.chart_rows()
    longest = max((_size(row.cells[c]) for row in rows for c in table.charted), default=0)
    if not table.charted or not longest:
        return
    for row in rows:
        for column in table.charted:
            value = row.cells[column]
            paragraph = note.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            about = f"{row.label}, {table.columns[column]}: ".replace("\n", " ")
            paragraph.add_run(about).font.size = Pt(8)
            drawn = "█" * max(1, round(_size(value) * BAR / longest)) if _size(value) else ""
            paragraph.add_run(f"{drawn} {report.written(value)}").font.size = Pt(8)


def _size(value: Value) -> int:
    return value.ore if isinstance(value, Kroner) else value if isinstance(value, int) else 0
