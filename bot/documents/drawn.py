"""A table's bars as an office program draws them: the chart's XML, and the sheet of numbers behind it.

The numbers stand in the chart too, so that it is shown as it is; the sheet is for whoever wants to change it. A number
that is kept back has no bar: its row says so, and so does what is read aloud.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import SubElement, fromstring, tostring

from bot.documents.csv_file import harmless
from bot.documents.printed import Printed, PrintedRow, PrintedTable, bar_of, plain
from bot.domain.money import Kroner

SHEET = "Ark1"
COLOURS = ("1F4E79", "E08A1E", "7FB2DD", "8C8C8C")
"""Dark and light in turn, so that they can be told apart on a grey print and by who cannot tell colours apart."""

READ_ALOUD = 40
"""So many bars are told one by one; of more it is said that the table has them."""

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Drawn:
    """`told` is what the picture shows, in words; `height` is in centimetres, and never more than a page has."""

    table: PrintedTable
    report: Printed

    @property
    def rows(self) -> tuple[PrintedRow, ...]:
        return self.table.chart_rows()

    @property
    def height(self) -> float:
        bars = len(self.rows) * len(self.table.charted)
        return min(21.0, 2.8 + 0.45 * bars + 0.25 * len(self.rows))

    @property
    def told(self) -> str:
        """For who cannot see it: what it is, and each bar with its number."""
        bars = [
            f"{row.label}, {self._heading(column)}: {self.report.written(row.cells[column])}"
            for row in self.rows
            for column in self.table.charted
        ]
        numbers = f"{'; '.join(bars)}." if len(bars) <= READ_ALOUD else self._say("chart_many")
        return f"{self._say('chart')} {self.table.title}. {numbers}"

    @property
    def missing(self) -> str | None:
        """That there are numbers without a bar; None where all have one."""
        charted = [row.cells[column] for row in self.rows for column in self.table.charted]
        return self._say("chart_without") if any(bar_of(value) is None for value in charted) else None

    def xml(self, sheet_relation: str) -> bytes:
        """The chart; its sheet of numbers is found by that relation."""
        chart: Any = self._bars()  # the library's types know nothing of how it writes itself
        written = chart._write()  # noqa: SLF001 - its way to a chart's XML, without a sheet around it
        tree = fromstring(tostring(written))
        tree.find(_in("chart")).insert(0, tree.makeelement(_in("autoTitleDeleted"), {"val": "1"}))
        behind = SubElement(tree, _in("externalData"), {f"{{{_RELATIONS}}}id": sheet_relation})
        SubElement(behind, _in("autoUpdate"), {"val": "0"})
        return bytes(_DECLARED + tostring(tree))

    def sheet(self) -> bytes:
        """The same numbers, for who edits the chart."""
        book = Workbook()
        book.properties.creator = ""
        page = book.worksheets[0]
        page.title = SHEET
        page.append(["", *(harmless(self._heading(column)) for column in self.table.charted)])
        for row in self.rows:
            page.append([harmless(self._name(row)), *(bar_of(row.cells[c]) for c in self.table.charted)])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _bars(self) -> BarChart:
        chart = BarChart()
        chart.type, chart.gapWidth, chart.roundedCorners = "bar", 60, False
        chart.title = None  # the table has it
        chart.legend = Legend() if len(self.table.charted) > 1 else None
        if chart.legend:
            chart.legend.position = "b"
        chart.x_axis.delete, chart.y_axis.delete = False, True  # each bar has its number beside it
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
        lengths = [bar_of(row.cells[column]) or 0 for row in self.rows for column in self.table.charted]
        chart.y_axis.scaling.min = min(0, *lengths)
        chart.y_axis.majorGridlines = None
        chart.x_axis.txPr = _letters(900)
        for place, column in enumerate(self.table.charted):
            chart.series.append(self._series(place, column))
        return chart

    def _series(self, place: int, column: int) -> Series:
        letter, last = get_column_letter(place + 2), len(self.rows) + 1
        form = '#,##0.00" kr."' if self._is_money(column) else "#,##0"
        series = Series()
        series.idx = series.order = place
        series.tx = SeriesLabel(StrRef(f"{SHEET}!${letter}$1", _words([self._heading(column)])))
        names = _words([self._name(row) for row in self.rows])
        series.cat = AxDataSource(strRef=StrRef(f"{SHEET}!$A$2:$A${last}", names))
        numbers = [bar_of(row.cells[column]) for row in self.rows]
        points = [NumVal(idx=n, v=number) for n, number in enumerate(numbers) if number is not None]
        cache = NumData(formatCode=form, ptCount=len(numbers), pt=points)
        series.val = NumDataSource(numRef=NumRef(f"{SHEET}!${letter}$2:${letter}${last}", cache))
        series.spPr = GraphicalProperties(
            solidFill=COLOURS[place % len(COLOURS)], ln=LineProperties(noFill=True)
        )
        series.invertIfNegative = False
        series.dLbls = DataLabelList(showVal=True, numFmt=form, txPr=_letters(800))
        for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, other, False)
        return series

    def _is_money(self, column: int) -> bool:
        return any(isinstance(row.cells[column], Kroner) for row in self.rows)

    def _name(self, row: PrintedRow) -> str:
        """With what is hidden of it."""
        hidden = [c for c in self.table.charted if bar_of(row.cells[c]) is None]
        if not hidden:
            return row.label
        word = self.report.written(row.cells[hidden[0]])
        return f"{row.label} ({word})" if len(hidden) == len(self.table.charted) else f"{row.label} *"

    def _heading(self, column: int) -> str:
        return self.table.columns[column].replace("\n", " ")

    def _say(self, block: str) -> str:
        return plain(self.report.texts.say("report", block))


def _in(name: str) -> str:
    return f"{{{_CHART}}}{name}"


def _words(words: Sequence[str]) -> StrData:
    return StrData(ptCount=len(words), pt=[StrVal(idx=n, v=word) for n, word in enumerate(words)])


def _letters(size: int) -> RichText:
    """In hundredths of a point."""
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=size))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties(sz=size))])
