"""The report of a case count: at a date, under a rule set, beside an earlier one (R129, R144)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain import case_count
from bot.domain.anchoring import RuleSet
from bot.domain.count import Count
from bot.domain.count_sheet import Ask, Sheet
from bot.domain.report import NoCount, NoSuchRuleSet, Report, ReportCode, Table, UsedSet
from bot.domain.rules import Named, Rules
from bot.usecases.ports import Work


@dataclass(frozen=True)
class CountWanted:
    """`compare` adds the ages, and every rule set side by side."""

    as_of: date
    baseline: date | None = None  # None: one day alone
    count: str | None = None  # None: the newest
    before: str | None = None  # None: the rule sets the rules file names for it (R129)
    after: str | None = None
    compare: bool = False


def case_count_report(work: Work, rules: Rules, wanted: CountWanted) -> Report:
    """Raises NoCount, NoSuchRuleSet."""
    count = count_named(work, wanted.count)
    tables, sets = count_tables(work, rules, wanted, count)
    return Report(
        ReportCode.CASE_COUNT,
        wanted.as_of,
        rules.version,
        ("snapshot", "age", "moves", "proposal", "kept_back_together"),
        tables,
        since=wanted.baseline,
        counted=count.name,
        rule_sets=sets,
        ages=rules.ages,
    )


def count_tables(
    work: Work, rules: Rules, wanted: CountWanted, count: Count
) -> tuple[tuple[Table, ...], tuple[UsedSet, ...]]:
    """The tables, and the rule sets they were made under, with their versions."""
    after = Ask(_rule_set(rules, wanted.after or rules.reports.after), wanted.as_of)
    before = (
        Ask(_rule_set(rules, wanted.before or rules.reports.before), wanted.baseline)
        if wanted.baseline
        else None
    )
    every = tuple(Ask(s, wanted.as_of) for s in rules.anchoring.sets) if wanted.compare else ()
    sheet = Sheet(after, before, every, rules.ages).counting(work.counts.rows(count.id))
    tables = case_count.count_tables(sheet)
    sets = {a.rule_set.code: a.rule_set for a in (*([before] if before else []), after, *every)}
    return tables, tuple(UsedSet(Named(s.code, s.names), s.version) for s in sets.values())


def count_named(work: Work, name: str | None) -> Count:
    """The whole count of that name; the newest without one. Raises NoCount."""
    found = [c for c in work.counts.all() if c.complete and name in (None, c.name)]
    if not found:
        raise NoCount(name=name)
    return found[0]


def _rule_set(rules: Rules, code: str) -> RuleSet:
    found = next((s for s in rules.anchoring.sets if s.code == code), None)
    if found is None:
        raise NoSuchRuleSet(codes=[s.code for s in rules.anchoring.sets])
    return found
