"""`indgang outbox list|retry|cancel`: messages that could not be sent, without a word of what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import Demo, in_plain_words, settings_or_demo, stop

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.usecases.outbox import StuckLine

outbox = typer.Typer(help="Messages that could not be sent.", no_args_is_help=True)
NOT_STUCK = "No such message is stuck. See which are: `indgang outbox list`."
Which = Annotated[list[str] | None, typer.Argument(help="The ids from `indgang outbox list`.")]
All = Annotated[bool, typer.Option("--all", help="Every dead and parked message.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="Show so many at most.")]
Whole = Annotated[bool, typer.Option("--all", help="Show every one.")]


@outbox.command("list")
def show(limit: Limit = 50, everything: Whole = False, demo: Demo = None) -> None:
    """Each message that is dead, parked, or keeps failing, the oldest first: its id, state, kind, where it goes, Slack's word for why, and since when."""
    with _house(demo) as house:
        most = None if everything else limit
        lines, count = house.office.outbox.first_of(house.clock.now(), most=most)
        for line in lines:
            typer.echo(_as_words(line))
        typer.echo(f"{count} message(s) could not be sent.{_not_shown(count - len(lines))}")


@outbox.command()
def retry(which: Which = None, everything: All = False, demo: Demo = None) -> None:
    """Try again; one that keeps failing, within five minutes. What may stand in Slack already is looked for first."""
    with _house(demo) as house:
        at = house.clock.now()
        for id in _chosen(house, which, everything=everything):  # noqa: A001
            if not house.office.outbox.retry(id, at=at):
                stop(NOT_STUCK)
            typer.echo(f"{id} is tried again.")


@outbox.command()
def cancel(which: Which = None, everything: All = False, demo: Demo = None) -> None:
    """Never send it. What it tells is still in the person's Home. One that keeps failing may stand in Slack: it is
    looked for once more, and stays if it is there.
    """
    with _house(demo) as house:
        at = house.clock.now()
        for id in _chosen(house, which, everything=everything):  # noqa: A001
            if not house.office.outbox.cancel(id, at=at):
                stop(NOT_STUCK)
            typer.echo(f"{id} is never sent.")


def _chosen(house: House, which: list[str] | None, *, everything: bool) -> list[str]:
    if everything:
        from bot.usecases.outbox import STUCK

        return [line.id for line in house.office.outbox.listed(house.clock.now()) if line.state in STUCK]
    if not which:
        stop("Name at least one message, or say --all.")
    return which


def _not_shown(count: int) -> str:
    return f" {count} more: `indgang outbox list --all`." if count else ""


def _as_words(line: StuckLine) -> str:
    since = line.owed_since.strftime("%Y-%m-%d %H:%M UTC")
    return f"{line.id}  {line.state:<7} {line.kind:<16} {line.to:<12} {line.code or '-'}  since {since}"


@contextmanager
def _house(demo: Path | None) -> Iterator[House]:
    with in_plain_words():
        from bot.assembly import House

        house = House.build(settings_or_demo(demo))
        try:
            yield house
        finally:
            house.close()
