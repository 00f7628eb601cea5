"""A report as a spreadsheet, with charts that the spreadsheet draws itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.series import SeriesLabel
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents.csv_file import harmless
from bot.documents.printed import Printed, PrintedTable
from bot.domain.money import Kroner
from bot.domain.report import Share, Value

BOLD = Font(bold=True)
CHART_ROWS = 16
"""How many rows of the sheet a chart covers; the next table begins below it."""

_FORMATS = {Share: "0.0%", Fraction: "0.0", Kroner: '#,##0.00" kr."', int: "#,##0"}


def as_xlsx(report: Printed) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    _Sheet(book.create_sheet(), report).write()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Sheet:
    """One sheet, written from the top; it counts its own lines, as an empty one leaves no trace in the library."""

    def __init__(self, sheet: Worksheet, report: Printed) -> None:
        self._sheet, self._report, self._line = sheet, report, 1

    def write(self) -> None:
        report = self._report
        self._sheet.title = "".join(c for c in report.title if c not in "[]:*?/\\")[:31]
        self._text(report.title, bold=True)
        for fact in report.facts:
            self._text(fact)
        for table in report.tables:
            self._line += 1
            self._table(table)
        self._line += 1
        self._text(report.definitions_title, bold=True)
        for definition in report.definitions:
            self._text(definition)
        self._widths()
        self._on_paper()

    def _on_paper(self) -> None:
        """Lying, and as wide as a page: tables and charts are printed beside each other."""
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self._sheet.page_setup.fitToHeight = 0

    def _widths(self) -> None:
        for number in range(1, 12):
            column = self._sheet.column_dimensions[get_column_letter(number)]
            column.width = 46 if number == 1 else 18

    def _text(self, text: str, *, bold: bool = False) -> None:
        cell = self._put(1, harmless(text))
        if bold:
            cell.font = BOLD
        self._line += 1

    def _put(self, column: int, value: float | str | None) -> Cell:
        return self._sheet.cell(self._line, column, value)

    def _table(self, table: PrintedTable) -> None:
        head = self._line
        self._heads((table.title, *table.columns))
        for row in table.rows:
            self._row(row.label, row.cells, bold=row.total)
        for note in table.notes:
            self._text(note)
        if table.chart_rows():
            self._chart(table, head)

    def _heads(self, texts: Sequence[str]) -> None:
        for number, text in enumerate(texts, start=1):
            cell = self._put(number, harmless(text))
            cell.font, cell.alignment = BOLD, Alignment(wrap_text=True, vertical="top")
        self._line += 1

    def _row(self, label: str, cells: Sequence[Value], *, bold: bool) -> None:
        self._put(1, harmless(label))
        for number, value in enumerate(cells, start=2):
            cell = self._put(number, self._value(value))
            cell.number_format = _FORMATS.get(type(value), "General")
            cell.font = Font(bold=bold)
        self._line += 1

    def _chart(self, table: PrintedTable, head: int) -> None:
        """Bars for the rows that are no totals, to the right of the table and in its order; a cell of words has none."""
        wanted = table.chart_rows()
        lines = [head + n for n, row in enumerate(table.rows, start=1) if row in wanted]
        chart = BarChart()
        chart.type, chart.title, chart.height, chart.width = "bar", table.title, 7.5, 16
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
        for column in table.charted:
            chart.add_data(self._reference(column + 2, lines), titles_from_data=False)
            chart.series[-1].tx = SeriesLabel(v=table.columns[column].replace("\n", " "))
        chart.set_categories(self._reference(1, lines))
        place = get_column_letter(len(table.columns) + 3)
        self._sheet.add_chart(chart, f"{place}{head}")
        self._line = max(self._line, head + CHART_ROWS)

    def _reference(self, column: int, lines: Sequence[int]) -> Reference:
        return Reference(self._sheet, min_col=column, min_row=min(lines), max_row=max(lines))

    def _value(self, value: Value) -> float | int | str | None:
        match value:
            case Kroner():
                return value.ore / 100
            case Share():
                return float(value.of)
            case Fraction():
                return float(value)
            case int() | None:
                return value
            case _:
                return harmless(self._report.written(value))
