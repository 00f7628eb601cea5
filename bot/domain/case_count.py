"""What a case count says at a date under a rule set: who would move and who would stay, by age (R077-R093, R144).

A rule set proposes; the assessed anchor of a real case is a professional's (R083), so these are figures for planning.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.anchoring import RuleSet
from bot.domain.count_sheet import ADULTS, ALL, MOVES, STAYS, YOUTH, Ask, Sheet, bands
from bot.domain.report import Label, Row, Table, Value, apart, rescaled, share
from bot.domain.rules import Named
from bot.domain.suppression import Kept


def count_tables(sheet: Sheet) -> tuple[Table, ...]:
    """Every table of the report: their numbers are kept back together."""
    if sheet.before:
        tables = [youth_table(sheet, sheet.before), adult_table(sheet, sheet.before)]
    else:
        tables = [_day_table(sheet, YOUTH), _day_table(sheet, ADULTS)]
    return (*tables, *([bands_table(sheet), comparison(sheet)] if sheet.every else []))


def youth_table(sheet: Sheet, before: Ask) -> Table:
    """Table 1: the first snapshot, the same in proportion to the second one's size, and the second (R085-R092)."""
    after = sheet.after
    old, shown = _column(sheet, before, YOUTH), _column(sheet, after, YOUTH)
    middle = _in_proportion(old, shown[0])
    columns = (
        Label("set_at", {"set": _short(before.rule_set), "day": before.day}),
        Label("set_rescaled", {"set": _short(before.rule_set)}),
        Label("set_at", {"set": _short(after.rule_set), "day": after.day}),
    )
    notes = (
        Label(
            "shift",
            {
                "old": _short(before.rule_set),
                "new": _short(after.rule_set),
                "shift": apart(middle[1], shown[1]),
                "fewer": apart(old[0], shown[0]),
            },
        ),
        Label("rescaled"),
    )
    rows = _rows("youth", old, middle, shown)
    return Table("youth", columns, rows, notes, {"ages": sheet.ages}, charted=(0, 1, 2))


def adult_table(sheet: Sheet, before: Ask) -> Table:
    """Table 2: both snapshots as they were counted; nothing in proportion (R087, R093)."""
    columns = (Label("at", {"day": before.day}), Label("at", {"day": sheet.after.day}))
    old, new = _column(sheet, before, ADULTS), _column(sheet, sheet.after, ADULTS)
    return Table("adults", columns, _rows("adults", old, new), facts={"ages": sheet.ages}, charted=(0, 1))


def _day_table(sheet: Sheet, group: str) -> Table:
    """One day alone."""
    column = (Label("set_at", {"set": _short(sheet.after.rule_set), "day": sheet.after.day}),)
    rows = _rows(group, _column(sheet, sheet.after, group))
    return Table(group, column, rows, facts={"ages": sheet.ages}, charted=(0,))


def moved_in(tables: Sequence[Table]) -> dict[str, Value]:
    """How many move by the last column of the tables of the young and the adults, as printed."""
    return {t.code: t.rows[1].cells[-1] for t in tables if t.code in (YOUTH, ADULTS)}


def bands_table(sheet: Sheet) -> Table:
    """The young of the second snapshot by age."""
    ask = sheet.after

    def row(label: Label, of: str, *, total: bool = False) -> Row:
        return Row(label, tuple(sheet.shown(ask, part, of) for part in (MOVES, STAYS, ALL)), total=total)

    names = [f"{low}-{high}" for low, high in bands(sheet.ages)]
    rows = (
        *(row(Label("band", {"band": n}), n) for n in names),
        row(Label("total"), YOUTH, total=True),
    )
    columns = (Label("moves"), Label("stays"), Label("total"))
    return Table("bands", columns, rows, facts={"set": _short(ask.rule_set), "day": ask.day}, charted=(0, 1))


def comparison(sheet: Sheet) -> Table:
    """The rule sets side by side on one day (R144)."""
    rows = []
    for ask in sheet.every:
        whole, moves, stays = _column(sheet, ask, YOUTH)
        label = Label("rule_set", {"set": _named(ask.rule_set)})
        rows.append(Row(label, (whole, moves, stays, share(moves, whole))))
    columns = (Label("total"), Label("moves"), Label("stays"), Label("share"))
    facts = {"day": sheet.after.day, "ages": sheet.ages}
    return Table("comparison", columns, tuple(rows), facts=facts, charted=(1, 2))


def _column(sheet: Sheet, ask: Ask, group: str) -> list[Value]:
    """The total, who moves and who stays, as they may be printed."""
    return [sheet.shown(ask, part, group) for part in (ALL, MOVES, STAYS)]


def _in_proportion(old: Sequence[Value], whole: Value) -> list[Value]:
    """The first column at the second one's size; kept back where the numbers it is made from are."""
    parts = [n for n in old[1:] if isinstance(n, int)]
    if len(parts) < len(old) - 1 or not isinstance(whole, int):
        return [whole, Kept.BACK, Kept.BACK]
    return [whole, *rescaled(parts, whole)]


def _rows(group: str, *columns: list[Value]) -> tuple[Row, ...]:
    lines = zip(("cases", f"moves_{group}", "stays_social"), zip(*columns, strict=True), strict=True)
    shares = tuple(share(column[1], column[0]) for column in columns)
    return (
        *(Row(Label(code), tuple(values), total=code == "cases") for code, values in lines),
        Row(Label("share_moving"), shares, in_chart=False),
    )


def _named(rule_set: RuleSet) -> Named:
    return Named(rule_set.code, rule_set.names)


def _short(rule_set: RuleSet) -> Named:
    """»Forslag 1« of »Forslag 1 (model 1)«."""
    return Named(rule_set.code, {lang: name.split(" (")[0] for lang, name in rule_set.names.items()})
