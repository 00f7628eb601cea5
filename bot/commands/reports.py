"""`indgang import sagstaelling FILE.csv` and `indgang report …`: a case count comes in, reports go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.plain import (
    Demo,
    Language,
    MaybeSpeaks,
    Speaks,
    in_plain_words,
    settings_or_demo,
    spoken_here,
    stop,
    write_out,
)
from bot.commands.usage import Commands

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.documents.count_file import CountFile
    from bot.documents.printed import Printed
    from bot.domain.count import BadRow
    from bot.domain.report import Report
    from bot.texts import Texts
    from bot.usecases.case_counts import CountWanted
    from bot.usecases.reports import Wanted

imports = Commands()
report = Commands()

T = TypeVar("T")
_NAME = re.compile(r"[\w.-]{1,60}")


class Format(StrEnum):
    TEXT = "text"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"


_WRITTEN = ["%Y-%m-%d"]
AsOf = Annotated[datetime | None, typer.Option(formats=_WRITTEN)]
Baseline = Annotated[datetime | None, typer.Option(formats=_WRITTEN)]
Since = Annotated[datetime | None, typer.Option(formats=_WRITTEN)]
Until = Annotated[datetime | None, typer.Option(formats=_WRITTEN)]
As = Annotated[Format, typer.Option("--format")]
Out = Annotated[Path | None, typer.Option("--out")]
OfCount = Annotated[str | None, typer.Option("--count")]


@imports.command("sagstaelling")
def bring_in(
    file: Path,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    name: Annotated[str | None, typer.Option("--name")] = None,
    language: MaybeSpeaks = None,
    demo: Demo = None,
) -> None:
    """Bring in a case count: every bad row is named first, and nothing is kept until all rows are good."""
    with in_plain_words(language), _house(demo) as (house, at):
        from bot.domain.calendar import local_date
        from bot.texts import as_is, texts

        words = texts(spoken_here())
        called = name or _fit(file.stem)
        if not _NAME.fullmatch(called):
            stop(words.say("count", "name_unfit"))
        if house.office.counts.is_taken(called, at=at) and not dry_run:
            stop(words.say("count", "name_taken", name=as_is(called)))
        survey = _surveyed(file, local_date(at), words)
        _look_through(survey, words)
        if dry_run:
            typer.echo(words.say("count", "all_good", rows=survey.length))
            return
        rows = _shown(survey.rows(), words.say("count", "saving"), survey.length)
        count = house.office.counts.bring_in(rows, name=called, at=at)
        typer.echo(words.say("count", "saved", rows=count.rows, name=as_is(called), days=_kept_days()))


def _fit(stem: str) -> str:
    """A name of the file's own name: »sagstælling 2020« becomes »sagstælling-2020«."""
    return re.sub(r"[^\w.-]+", "-", stem).strip("-")[:60] or "sagstaelling"


@report.command("sagstaelling")
def case_count(
    *,
    as_of: AsOf = None,
    baseline: Baseline = None,
    count: OfCount = None,
    before: str | None = None,
    rule_set: Annotated[str | None, typer.Option("--rule-set")] = None,
    compare: Annotated[bool, typer.Option("--compare")] = False,
    written: As = Format.TEXT,
    out: Out = None,
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """Count cases on a day under a rule set, beside an earlier day if one is named."""
    from bot.usecases.case_counts import CountWanted

    def wanted(today: date) -> CountWanted:
        return CountWanted(_day(as_of) or today, _day(baseline), count, before, rule_set, compare)

    _make("case_count", wanted, written=written, out=out, language=language, demo=demo)


@report.command("status")
def status(
    *,
    as_of: AsOf = None,
    baseline: Baseline = None,
    count: OfCount = None,
    written: As = Format.TEXT,
    out: Out = None,
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """The status note: who moved, staff that went along, where the cases are now."""
    from bot.usecases.case_counts import CountWanted

    def wanted(today: date) -> CountWanted | None:
        named = as_of or baseline or count
        return CountWanted(_day(as_of) or today, _day(baseline), count) if named else None

    _make("status", wanted, until=as_of, written=written, out=out, language=language, demo=demo)


@report.command("evaluering")
def evaluation(
    *,
    since: Since = None,
    until: Until = None,
    written: As = Format.TEXT,
    out: Out = None,
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """The evaluation: pace, first-time decisions, follow-ups, continuity, frames, endings. A year unless one is named."""
    _make(
        "evaluation",
        _no_count,
        since=since,
        until=until,
        written=written,
        out=out,
        language=language,
        demo=demo,
    )


@report.command("rammer")
def frames(
    *,
    until: Until = None,
    written: As = Format.TEXT,
    out: Out = None,
    language: Speaks = Language.DA,
    demo: Demo = None,
) -> None:
    """The frames by payer, by month and by key, reconciled to the entries. For the controller."""
    _make("frames", _no_count, until=until, written=written, out=out, language=language, demo=demo)


def _no_count(_today: date) -> None:
    """This report is made from cases, not from a count."""


def _make(
    code: str,
    count: Callable[[date], CountWanted | None],
    *,
    written: Format,
    out: Path | None,
    language: Language,
    demo: Path | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    with in_plain_words(language), _house(demo) as (house, at):
        from bot.domain.calendar import add_months, local_date
        from bot.domain.report import ReportCode
        from bot.texts import texts
        from bot.usecases.reports import Wanted

        last = _day(until) or local_date(at)
        months = house.rules.on(local_date(at)).reports.months
        wanted = Wanted(_day(since) or add_months(last, -months), last, count(local_date(at)))
        words = texts(language.value, house.rules.own_words)
        if _are_swapped(wanted):
            stop(words.say("count", "days_swapped"))
        with _refusals_in(words):
            made = house.office.reports.make(ReportCode(code), wanted, at=at)
        _write(made, written, out, words)


def _are_swapped(wanted: Wanted) -> bool:
    """A report from a later day to an earlier one would be empty, and look as if nothing had happened."""
    count = wanted.count
    return wanted.since > wanted.until or bool(count and count.baseline and count.baseline > count.as_of)


def _write(made: Report, written: Format, out: Path | None, words: Texts) -> None:
    from bot.documents.printed import printed
    from bot.texts import as_is

    text = printed(made, words)
    if out is None and written in (Format.TEXT, Format.CSV):
        typer.echo(_bytes(text, written).decode("utf-8-sig"), nl=False)
        return
    path = out or Path(f"{made.code.value}-{made.as_of}.{written.value}")
    write_out(path, _bytes(text, written))
    typer.echo(words.say("count", "written", path=as_is(str(path))))


def _bytes(text: Printed, written: Format) -> bytes:
    match written:
        case Format.TEXT:
            from bot.documents.text_file import as_text

            return as_text(text).encode()
        case Format.CSV:
            from bot.documents.csv_file import as_csv

            return as_csv(text)
        case Format.XLSX:
            from bot.documents.xlsx_file import as_xlsx

            return as_xlsx(text)
        case Format.DOCX:
            from bot.documents.docx_file import as_docx

            return as_docx(text)


def _surveyed(file: Path, today: date, words: Texts) -> CountFile:
    from bot.documents.count_file import CountFile, FileUnfit
    from bot.texts import as_is

    try:
        return CountFile(file, today).survey()
    except FileUnfit as unfit:
        stop(_fault(unfit.fault, words), words.say("count", "nothing_kept"))
    except OSError:
        stop(words.say("count", "cannot_open", path=as_is(str(file))))


def _look_through(survey: CountFile, words: Texts) -> None:
    """Every bad row is told as it is found; any at all ends the command."""
    bad = 0
    for faults in _shown(survey.faults(), words.say("count", "checking"), survey.length):
        for fault in faults:
            typer.echo(_fault(fault, words), err=True)
        bad += bool(faults)
    if bad:
        stop(words.say("count", "bad_rows", bad=bad, rows=survey.length), words.say("count", "nothing_kept"))


def _fault(bad: BadRow, words: Texts) -> str:
    from bot.texts import as_is

    reason = words.say("count", f"fault_{bad.fault}", column=bad.column)
    return words.say("count", "at_line", line=bad.line, column=as_is(bad.column), reason=reason)


def _shown(things: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The things, with a bar of how far it is; nothing of it where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        for number, thing in enumerate(things, start=1):
            yield thing
            if number % 500 == 0:
                progress.update(task, completed=number)


@contextmanager
def _refusals_in(words: Texts) -> Iterator[None]:
    from bot.documents.printed import plain
    from bot.domain.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        stop(plain(words.say("refusal", refusal.text_key(), **refusal.facts)))


@contextmanager
def _house(demo: Path | None) -> Iterator[tuple[House, datetime]]:
    """The house, and what the clock says. Raises Behind, FromTheFuture, WrongKeys or ClockAway."""
    from bot.assembly import House

    house = House.build(settings_or_demo(demo))
    try:
        house.check_keys()
        yield house, house.clock.now()
    finally:
        house.close()


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _kept_days() -> int:
    from bot.domain.count import KEPT_DAYS

    return KEPT_DAYS
