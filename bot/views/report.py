"""Reports in Slack: a choice of those one may read, and each of them with its tables, or lines where they are too wide."""

from __future__ import annotations

from datetime import date

from bot.documents.printed import facts_of, label, note, written
from bot.domain.money import Kroner
from bot.domain.report import Report, ReportCode, Row, Table, Value
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.report_homes import AreaFigures, FrameFigures, MyReports
from bot.views.kit import Button, Json, Page, Surface
from bot.views.lined_up import lined_up

MOST_ROWS = 24
"""Of one table; the rest is in the file."""

LONGEST = 2800
"""Letters in one block, with room for the last line."""


def choose(texts: Texts, rules: Rules, codes: tuple[ReportCode, ...], areas: tuple[str, ...]) -> Json:
    page = Page(Surface.MODAL).section(texts.say("report", "choose"))
    for code in codes:
        page.section(texts.say("report", f"about_{code}"), button=_button(texts, code))
    if areas:
        page.context(texts.say("report", "own_area", areas=[rules.area(a) for a in areas]))
    return page.modal(
        title=texts.say("report", "title_choose"),
        callback="report.choose",
        close=texts.say("common", "close"),
    )


def shown(texts: Texts, report: Report) -> Json:
    page = Page(Surface.MODAL)
    page.context(*facts_of(report, texts))
    for table in report.tables:
        for block in _blocks(_lines(texts, table)):
            page.section(block)
        page.context(*(note(texts, n) for n in table.notes))
    page.divider()
    page.section(_definitions(texts, report))
    return page.modal(
        title=texts.say("report", f"title_{report.code}"),
        callback="report.shown",
        close=texts.say("common", "close"),
    )


def reports_part(page: Page, texts: Texts, _rules: Rules, mine: MyReports) -> None:
    """Who only reads reports finds each of them; others one way to all."""
    if not mine.only:
        page.buttons(Button(texts.say("report", "reports_button"), "report.choose"), id="reports")
        return
    page.section(texts.say("report", "home_reports"))
    for code in mine.codes:
        page.section(texts.say("report", f"about_{code}"), button=_button(texts, code))


def frames_part(page: Page, texts: Texts, rules: Rules, found: FrameFigures) -> None:
    page.section(texts.say("report", "home_frames", count=found.count, expired=found.expired))
    lines = [
        texts.say(
            "report",
            "home_payer",
            area=rules.area(p.area),
            granted=p.granted,
            committed=p.committed,
            spent=p.spent,
        )
        for p in found.payers
    ]
    page.section(joined("\n", lines))
    page.context(
        texts.say("report", "home_month", spent=found.spent_this_month, reversed=found.reversed_this_month),
        texts.say("report", "home_reconciled", wrong=found.wrong),
    )


def area_part(page: Page, texts: Texts, rules: Rules, found: AreaFigures) -> None:
    page.section(texts.say("report", "home_head", areas=[rules.area(a) for a in found.areas]))
    page.section(texts.say("report", "home_waiting", waiting=found.waiting, days=found.answered_in))
    page.section(
        texts.say("report", "home_returned", returned=found.returned, overdue_starts=found.overdue_starts)
    )


def _button(texts: Texts, code: ReportCode) -> Button:
    title = texts.say("report", f"title_{code}")
    named = texts.say("report", "show_named", title=title)
    return Button(texts.say("report", "show"), "report.open", code.value, label=named)


def _lines(texts: Texts, table: Table) -> list[Said]:
    title = texts.say("report", f"table_{table.code}", **table.facts)
    rest = len(table.rows) - MOST_ROWS
    lines = [texts.say("report", "table_head", title=title)]
    drawn = lined_up(texts, table, table.rows[:MOST_ROWS])
    lines += [drawn] if drawn else [_line(texts, table, row) for row in table.rows[:MOST_ROWS]]
    return [*lines, *([texts.say("report", "more_rows", count=rest)] if rest > 0 else [])]


def _line(texts: Texts, table: Table, row: Row) -> Said:
    """A row as one line: its name, and each number with what it is; alone, a number needs no name."""
    cells = [_unbroken(value, texts) for value in row.cells]
    if len(cells) > 1:
        heads = [_in_one_line(label(texts, c, "column")) for c in table.columns]
        pairs = zip(heads, cells, strict=True)
        cells = [texts.say("report", "value_of", column=h, value=v) for h, v in pairs if v]
    name = label(texts, row.label, "row")
    block = "line_total" if row.total else "line"
    return texts.say("report", block, label=name, values=joined(" · ", cells))


def _unbroken(value: Value, texts: Texts) -> str:
    """A date or an amount is not parted at the end of a line."""
    said = written(value, texts)
    if isinstance(value, date):
        said = said.replace("-", "\u2011")
    return said.replace(" ", "\u00a0") if isinstance(value, date | Kroner) else said


def _in_one_line(said: Said) -> Said:
    return Said(said.replace("\n", " "), said.privacy)


def _definitions(texts: Texts, report: Report) -> Said:
    head = texts.say("report", "table_head", title=texts.say("report", "definitions"))
    said = [texts.say("report", f"definition_{d}", ages=report.ages) for d in report.definitions]
    return joined("\n", [head, *said])


def _blocks(lines: list[Said]) -> list[Said]:
    """The lines in blocks that Slack takes."""
    blocks: list[list[Said]] = [[]]
    for line in lines:
        if sum(len(x) + 1 for x in blocks[-1]) + len(line) > LONGEST:
            blocks.append([])
        blocks[-1].append(line)
    return [joined("\n", block) for block in blocks]
