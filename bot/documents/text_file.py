"""A report for the terminal: columns that line up."""

from __future__ import annotations

from bot.documents.printed import Printed, PrintedTable

GAP = "   "


def as_text(report: Printed) -> str:
    parts = [report.title, "\n".join(report.facts)]
    parts += [_table(report, table) for table in report.tables]
    if report.definitions:
        parts.append("\n".join([report.definitions_title, *(f"- {d}" for d in report.definitions)]))
    return "\n\n".join(parts) + "\n"


def _table(report: Printed, table: PrintedTable) -> str:
    heads = [column.split("\n") for column in table.columns]
    height = max((len(h) for h in heads), default=1)
    lines = [
        [table.title if n == 0 else "", *(h[n] if n < len(h) else "" for h in heads)] for n in range(height)
    ]
    lines += [[row.label, *map(report.written, row.cells)] for row in table.rows]
    widths = [max(len(line[c]) for line in lines) for c in range(len(table.columns) + 1)]
    drawn = [
        GAP.join(
            [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    return "\n".join([*(line.rstrip() for line in drawn), *table.notes])
