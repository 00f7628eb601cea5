"""`indgang journal verify`: whether the journal is as it was written, held against marks from outside (D12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import in_plain_words, settings, stop

if TYPE_CHECKING:
    from bot.domain.chain import Anchor, Verdict

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
