"""`indgang journal …`: whether it is as it was written, and all that was done and seen of one case (D12)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import in_plain_words, settings, stop

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.domain.chain import Anchor, Verdict
    from bot.texts import Texts

journal = typer.Typer(help="The journal: who did and saw what.", no_args_is_help=True)

NO_MARK = (
    "{text} is no mark. A mark is a number, a colon and at least twenty characters, as in the week's message."
)
FAULTS = {
    "changed": "Line {at} was changed.",
    "gone": "Line {at} was removed.",
    "slipped_in": "Entry no. {at} was put in by another way.",
    "gap": "A link is missing before line {at}.",
    "cut": "The end was cut off: line {at} has been there.",
    "made_anew": "The chain was made anew: the mark of line {at} does not fit.",
}
KEEP_IT = "Keep the database and its backups as they are, and see docs/operations/journal-broken.md."


@journal.callback()
def _journal() -> None:
    """A group with one command is still a group."""


@journal.command("verify")
def verify(
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor", help="A mark from a message, a log or a file: 12345:ab12… May be given again."
        ),
    ] = None,
) -> None:
    """Walk the whole chain. Exit code 1 when somebody has changed it."""
    marks = [_mark(text) for text in anchor or ()]
    with in_plain_words():
        from bot.assembly import House

        house = House.build(settings())
        try:
            verdict = house.office.journal_watch.look_through(house.clock.now(), anchors=marks)
        finally:
            house.close()
    typer.echo(sentence(verdict))
    if not verdict.whole:
        typer.echo(KEEP_IT)
        raise typer.Exit(1)


@journal.command("case")
def case(
    key: Annotated[str, typer.Argument(help="The case's key, such as 26-0042.")],
    acting: Annotated[
        str, typer.Option("--as", help="The Slack id (U…) of the data protection officer who asks.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The file to write (.csv).")],
    language: Annotated[str, typer.Option("--language", help="da or en.")] = "da",
) -> None:
    """Who did and saw what of a case, in which roles and when. That it was asked for stands in the journal too."""
    with in_plain_words():
        from bot.assembly import House
        from bot.domain.case import CaseNotFound
        from bot.domain.people import NoRole, NotForYou
        from bot.texts import texts

        house = House.build(settings())
        try:
            out.write_bytes(log_file(house, key, acting, texts(language, house.rules.own_words)))
        except (NoRole, NotForYou):
            stop("Only a data protection officer may have the log. Give the id of one: --as U…")
        except CaseNotFound:
            stop("No case has that key.")
        finally:
            house.close()
    typer.echo(str(out))


@journal.command("holdings")
def holdings(
    key: Annotated[str, typer.Argument(help="The case's key, such as 26-0042.")],
    acting: Annotated[str, typer.Option("--as", help="The Slack id (U…) of somebody who may see the case.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write (.json).")],
) -> None:
    """All that is held on a case, for the citizen who asks. Numbers are opened for the area of whoever asks."""
    with in_plain_words():
        from bot.assembly import House
        from bot.domain.case import CaseNotFound

        house = House.build(settings())
        try:
            out.write_text(holdings_file(house, key, acting), encoding="utf-8")
        except CaseNotFound:
            stop(
                "That case is not there, or it is not theirs. Give the id of its caseworker or leader: --as U…"
            )
        finally:
            house.close()
    typer.echo(str(out))


@journal.command("trim")
def trim(
    acting: Annotated[
        str, typer.Option("--as", help="The Slack id (U…) of the data protection officer who decides.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without, nothing is changed.")] = False,
) -> None:
    """Take off what the rules say is too old, up to a mark; a signed line stays in its place. Never undone."""
    with in_plain_words():
        from bot.assembly import House
        from bot.domain.people import NoRole, NotForYou
        from bot.usecases.trimming import JournalNotWhole, NothingToTrim
        from storage.engine import DatabaseFault

        house = House.build(settings())
        try:
            typer.echo(trimmed(house, acting, yes=yes))
        except (NoRole, NotForYou):
            stop("Only a data protection officer may decide that. Give the id of one: --as U…")
        except JournalNotWhole:
            stop("The journal is not whole, so nothing is taken off it.", KEEP_IT)
        except NothingToTrim:
            typer.echo("Nothing is old enough up to a mark, or a case that is still here stands before it.")
        except DatabaseFault as fault:
            stop(f"{NOT_OURS} ({type(fault).__name__})")
        finally:
            house.close()


NOT_OURS = "Nothing was taken off: this takes the role that owns the tables, and a quiet moment."


def trimmed(house: House, acting: str, *, yes: bool) -> str:
    """Raises NoRole, NotForYou, JournalNotWhole, NothingToTrim."""
    from bot.commands.outside import person_of
    from bot.usecases.ports import Asked

    asked = Asked(person_of(house, acting), house.clock.now(), "command:journal")
    found = house.office.trimming.trim(asked) if yes else house.office.trimming.due(asked)
    cut = found.cut
    said = f"{cut.entries:,} lines ({cut.looks:,} looks) from {cut.first} to {cut.last}, up to line {cut.place:,}"
    return f"Taken off: {said}." if yes else f"Would be taken off: {said}. Say --yes to do it."


def holdings_file(house: House, key: str, acting: str) -> str:
    """Raises CaseNotFound."""
    import json

    from bot.commands.outside import person_of
    from bot.usecases.ports import Asked

    asked = Asked(person_of(house, acting), house.clock.now(), "command:journal")
    return json.dumps(house.office.looks.holdings(asked, key), ensure_ascii=False, indent=2) + "\n"


def log_file(house: House, key: str, acting: str, words: Texts) -> bytes:
    """Raises NoRole, NotForYou, CaseNotFound."""
    from bot.commands.outside import person_of
    from bot.documents.csv_file import lines_as_csv
    from bot.usecases.ports import Asked
    from bot.views.looks import cells_of

    asked = Asked(person_of(house, acting), house.clock.now(), "command:journal")
    found = house.office.looks.of_case(asked, key)
    head = [str(words.say("looks", f"column_{c}")) for c in COLUMNS]
    return lines_as_csv([head, *(cells_of(words, line) for line in found.lines)], words.language)


COLUMNS = ("at", "by", "roles", "act", "look", "surface", "why")


def sentence(verdict: Verdict) -> str:
    if verdict.fault:
        return FAULTS[verdict.fault.value].format(at=verdict.at)
    return f"Whole: {verdict.places:,} lines, mark {verdict.last or 'none yet'}."


def _mark(text: str) -> Anchor:
    from bot.domain.chain import Anchor

    try:
        return Anchor.read(text)
    except ValueError:
        stop(NO_MARK.format(text=text))
