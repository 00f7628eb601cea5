"""The four reports: who may read which, and what they are made from (R127-R129, R015, R099).

A reader in Slack is asked for their role, and what they open is journaled; on the command line whoever runs the
installation makes a report, and that is journaled too. It is made in a reading, so that a long one keeps nobody waiting,
and journaled before anybody sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import add_months, local_date
from bot.domain.case import Case
from bot.domain.case_count import moved_in
from bot.domain.evaluation import evaluation_tables
from bot.domain.evaluation_material import Agreed, Material
from bot.domain.frame import Entry, Frame
from bot.domain.frame_overview import Ledger, ledger_table, month_table, payer_table, reversal_table
from bot.domain.people import AreaCode, NotForYou, Person
from bot.domain.presentation import Presentation
from bot.domain.report import (
    READERS,
    READERS_OF_THEIR_AREA,
    Report,
    ReportCode,
    Table,
    UsedSet,
    may_read,
    readable_by,
)
from bot.domain.rules import Rules
from bot.domain.status import anchors_table, staff_table
from bot.usecases.case_counts import CountWanted, case_count_report, count_named, count_tables
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases


@dataclass(frozen=True)
class Wanted:
    """`since` and `until` are days, both included; `areas` narrows an evaluation to somebody's own."""

    since: date
    until: date
    count: CountWanted | None = None  # None: the newest count, on the day it was brought in
    areas: tuple[AreaCode, ...] | None = None


class Reports(UseCases):
    def mine(self, asked: Asked) -> tuple[ReportCode, ...]:
        """The reports the person may read. Raises NotForYou when there is none."""
        found = readable_by(asked.by)
        if not found:
            raise NotForYou
        return found

    def open(self, asked: Asked, code: ReportCode) -> Report:
        """For a reader in Slack, over the last year. Raises NotForYou, NoCount."""
        if not may_read(asked.by, code):
            raise NotForYou
        areas = areas_of_reader(asked.by, code)
        rules = self._rules.on(asked.today)
        wanted = Wanted(add_months(asked.today, -rules.reports.months), asked.today, areas=areas)
        with self._open_reading(at=asked.at) as work:
            report = MAKERS[code](work, rules, wanted)
        with self._open_work(asked) as work:
            for case in report.cases:
                work.look(case, what="report_opened")
            work.note("report_opened", report=code.value)
            return report

    def make(self, code: ReportCode, wanted: Wanted, *, at: datetime) -> Report:
        """For whoever runs the installation. Raises NoCount, NoSuchRuleSet."""
        with self._open_reading(at=at) as work:
            report = _looking_back(MAKERS[code](work, self._rules.on(local_date(at)), wanted), local_date(at))
        with self._open_work(at=at) as work:
            for case in report.cases:
                work.look(case, what="report_made")
            work.note("report_made", report=code.value)
            return report


LOOKING_BACK = frozenset({ReportCode.STATUS, ReportCode.EVALUATION, ReportCode.FRAMES})
"""Reports in which something is only known as it is now, which one of a day gone by says (R098)."""


def _looking_back(report: Report, today: date) -> Report:
    if report.as_of >= today or report.code not in LOOKING_BACK:
        return report
    tables = tuple(replace(t, facts={"day": today}) if t.code == "anchors" else t for t in report.tables)
    definitions = (*report.definitions, f"looking_back_{report.code.value}")
    return replace(report, tables=tables, definitions=definitions)


def areas_of_reader(person: Person, code: ReportCode) -> tuple[AreaCode, ...] | None:
    """None: the whole effort. Who leads areas, and has no wider task, reads of these alone (R015)."""
    if any(person.has(role) for role in READERS[code]):
        return None
    return person.areas_as(*READERS_OF_THEIR_AREA.get(code, frozenset()))


def _case_count(work: Work, rules: Rules, wanted: Wanted) -> Report:
    return case_count_report(work, rules, wanted.count or _newest(work))


def _newest(work: Work) -> CountWanted:
    return CountWanted(as_of=local_date(count_named(work, None).at), compare=True)


def _status(work: Work, rules: Rules, wanted: Wanted) -> Report:
    """With the newest count where there is one, and without it where there is none."""
    tables: tuple[Table, ...] = ()
    sets: tuple[UsedSet, ...] = ()
    name = None
    if wanted.count or any(c.complete for c in work.counts.all()):
        asked_for = wanted.count or _newest(work)
        count = count_named(work, asked_for.count)
        name = count.name
        tables, sets = count_tables(work, rules, asked_for, count)
    moved = moved_in(tables)
    return Report(
        ReportCode.STATUS,
        wanted.until,
        rules.version,
        ("snapshot", "age", "moves", "anchor", "fte", "kept_back_together"),
        (
            *tables,
            staff_table(rules, moved),  # R127
            anchors_table(work.figures.cases(), rules),
        ),
        counted=name,
        rule_sets=sets,
        ages=rules.ages,
    )


def _evaluation(work: Work, rules: Rules, wanted: Wanted) -> Report:
    return Report(
        ReportCode.EVALUATION,
        wanted.until,
        rules.version,
        (
            "settled",
            "days",
            "first_time",
            "punctual",
            "each_case",
            "frame_sums",
            "passages",
            "practice",
            "kept_back",
        ),
        evaluation_tables(_material(work, rules, wanted), rules),
        since=wanted.since,
    )


def _material(work: Work, rules: Rules, wanted: Wanted) -> Material:
    figures = work.figures
    cases, presentations = figures.cases(), figures.presentations()
    frames = [replace(x.frame, used=x.used) for x in ledgers_of(work, wanted.until)]
    agreed = [
        Agreed(e.case_id, e.at, date.fromisoformat(e.facts["day"]))
        for e in work.journal.of_acts("follow_up_agreed")
        if e.case_id
    ]
    return Material(
        cases=cases,
        presentations=presentations,
        meetings=figures.meetings(),
        frames=frames,
        tasks=figures.tasks(),
        transitions=work.transitions.of_cases([c.id for c in cases]),
        agreed=agreed,
        since=wanted.since,
        until=wanted.until,
        areas=wanted.areas
        if wanted.areas is not None
        else _areas_at_work(rules, cases, presentations, frames),
    )


def _areas_at_work(
    rules: Rules, cases: list[Case], presentations: list[Presentation], frames: list[Frame]
) -> tuple[AreaCode, ...]:
    """In the file's order; an area that has nothing at all is left out, so that its zeros hide nobody else's numbers."""
    here = {c.area for c in cases} | {p.area for p in presentations} | {f.payer for f in frames}
    return tuple(a.code for a in rules.areas if a.code in here)


def _frames(work: Work, rules: Rules, wanted: Wanted) -> Report:
    ledgers = ledgers_of(work, wanted.until)
    return Report(
        ReportCode.FRAMES,
        wanted.until,
        rules.version,
        ("frame", "committed", "spent", "expired", "month", "practice"),
        (
            payer_table(ledgers, rules, wanted.until),
            month_table(ledgers, rules),
            ledger_table(ledgers, rules, wanted.until),
            reversal_table(ledgers, rules),
        ),
        holds_keys=True,
        cases=tuple(dict.fromkeys(x.frame.case_id for x in ledgers)),
    )


def ledgers_of(work: Work, until: date | None = None) -> list[Ledger]:
    """Every frame that had begun when the day ended, with its entries; practice cases have none here (D43)."""
    by_frame: dict[str, list[Entry]] = defaultdict(list)
    for entry in work.figures.entries():
        by_frame[entry.frame_id].append(entry)
    keys = {c.id: c.key for c in work.figures.cases()}
    found = (Ledger(f, keys[f.case_id], tuple(by_frame[f.id]), until) for f in work.figures.frames())
    return [ledger for ledger in found if ledger.had_begun()]


Maker = Callable[[Work, Rules, Wanted], Report]

MAKERS: dict[ReportCode, Maker] = {
    ReportCode.CASE_COUNT: _case_count,
    ReportCode.STATUS: _status,
    ReportCode.EVALUATION: _evaluation,
    ReportCode.FRAMES: _frames,
}
