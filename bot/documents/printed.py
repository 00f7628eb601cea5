"""A report in words: what each printer is given, in one language. The values stay values, so that a sheet can add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain.money import Kroner
from bot.domain.report import Label, Report, Row, Share, Table, Value
from bot.domain.suppression import Kept
from bot.texts import MARKUP, Said, Texts, formats


@dataclass(frozen=True)
class PrintedRow:
    label: str
    cells: tuple[Value, ...]
    total: bool
    in_chart: bool


@dataclass(frozen=True)
class PrintedTable:
    title: str
    columns: tuple[str, ...]  # a heading may take two lines
    rows: tuple[PrintedRow, ...]
    notes: tuple[str, ...]
    charted: tuple[int, ...]

    def chart_rows(self) -> tuple[PrintedRow, ...]:
        """Rows worth a bar: no totals, and none at all where no number would have one. What is hidden has no bar."""
        rows = tuple(r for r in self.rows if r.in_chart)
        return rows if any(bar_of(r.cells[c]) for r in rows for c in self.charted) else ()


@dataclass(frozen=True)
class Printed:
    """`facts` say the date, the rules and where it comes from; `definitions` what each word means."""

    title: str
    facts: tuple[str, ...]
    definitions: tuple[str, ...]
    definitions_title: str
    tables: tuple[PrintedTable, ...]
    texts: Texts

    def written(self, value: Value) -> str:
        return written(value, self.texts)


def printed(report: Report, texts: Texts) -> Printed:
    return Printed(
        title=plain(texts.say("report", f"title_{report.code}")),
        facts=tuple(plain(line) for line in facts_of(report, texts)),
        definitions=tuple(
            plain(texts.say("report", f"definition_{d}", ages=report.ages)) for d in report.definitions
        ),
        definitions_title=plain(texts.say("report", "definitions")),
        tables=tuple(_table(table, texts) for table in report.tables),
        texts=texts,
    )


def facts_of(report: Report, texts: Texts) -> list[Said]:
    """The lines every report begins with, whatever prints it."""
    period = {"since": report.since, "as_of": report.as_of}
    how = "as_of" if report.since is None else "compared" if report.counted else "period"
    lines = [texts.say("report", how, **period)]
    lines.append(texts.say("report", "rules", version=report.rules_version))
    if report.rule_sets:
        lines.append(texts.say("report", "rule_sets", sets=list(report.rule_sets)))
    if report.counted:
        lines.append(texts.say("report", "counted", name=report.counted))
    return lines


def label(texts: Texts, said: Label, kind: str) -> Said:
    return texts.say("report", f"{kind}_{said.code}", **said.facts)


def note(texts: Texts, said: Label) -> Said:
    """A note's numbers may be kept back: they are written before they are put into the sentence."""
    facts = {k: written(v, texts) if isinstance(v, Kept) else v for k, v in said.facts.items()}
    return texts.say("report", f"note_{said.code}", **facts)


def written(value: Value, texts: Texts) -> str:
    """A cell as people read it."""
    language = texts.language
    match value:
        case None:
            return ""
        case Kept():
            return plain(texts.say("report", "kept_back"))
        case Share():
            return formats.share_of(value.of, language)
        case Kroner():
            return formats.kroner(value, language)
        case Fraction():
            return formats.one_decimal(value, language)
        case date():
            return formats.short_date(value, language)
        case int():
            return formats.number(value, language)
        case Label():
            return plain(label(texts, value, "cell"))


def bar_of(value: Value) -> float | int | None:
    """How long its bar is; None: it is kept back, or no number of things or money."""
    match value:
        case Kroner():
            return value.ore / 100
        case int():
            return value
        case _:
            return None


def plain(said: str) -> str:
    """Outside Slack nothing is escaped, and no letter stands in for another."""
    text = str(said).translate(_AS_TYPED)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_AS_TYPED = {ord(harmless): chr(typed) for typed, harmless in MARKUP.items() if len(harmless) == 1}


def _row(row: Row, texts: Texts) -> PrintedRow:
    said = plain(label(texts, row.label, "row"))
    return PrintedRow(said, row.cells, row.total, in_chart=row.in_chart and not row.total)


def _table(table: Table, texts: Texts) -> PrintedTable:
    return PrintedTable(
        title=plain(texts.say("report", f"table_{table.code}", **table.facts)),
        columns=tuple(plain(label(texts, c, "column")) for c in table.columns),
        rows=tuple(_row(r, texts) for r in table.rows),
        notes=tuple(plain(note(texts, n)) for n in table.notes),
        charted=table.charted,
    )
