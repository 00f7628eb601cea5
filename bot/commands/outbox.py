"""`indgang outbox list|retry|cancel`: messages that could not be sent, without a word of what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import Demo, in_plain_words, said, settings_or_demo, stop
from bot.commands.usage import Commands

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.usecases.outbox import StuckLine

outbox = Commands()
Which = Annotated[list[str] | None, typer.Argument()]
All = Annotated[bool, typer.Option("--all")]
Limit = Annotated[int, typer.Option("--limit", min=1)]
Whole = Annotated[bool, typer.Option("--all")]


@outbox.command("list")
def show(limit: Limit = 50, everything: Whole = False, demo: Demo = None) -> None:
    """Each message that is dead, parked, or keeps failing, the oldest first: its id, state, kind, where it goes, Slack's word for why, and since when."""
    with _house(demo) as house:
        most = None if everything else limit
        lines, count = house.office.outbox.first_of(house.clock.now(), most=most)
        for line in lines:
            typer.echo(_as_words(line))
        typer.echo(said("could_not_be_sent", count=count) + _not_shown(count - len(lines)))


@outbox.command()
def retry(which: Which = None, everything: All = False, demo: Demo = None) -> None:
    """Try again; one that keeps failing, within five minutes. What may stand in Slack already is looked for first."""
    with _house(demo) as house:
        at = house.clock.now()
        for id in _chosen(house, which, at, everything=everything):  # noqa: A001
            if not house.office.outbox.retry(id, at=at):
                stop(said("not_stuck"))
            typer.echo(said("tried_again", id=id))


@outbox.command()
def cancel(which: Which = None, everything: All = False, demo: Demo = None) -> None:
    """Never send it. What it tells is still in the person's Home. One that keeps failing may stand in Slack: it is
    looked for once more, and stays if it is there.
    """
    with _house(demo) as house:
        at = house.clock.now()
        for id in _chosen(house, which, at, everything=everything):  # noqa: A001
            if not house.office.outbox.cancel(id, at=at):
                stop(said("not_stuck"))
            typer.echo(said("never_sent", id=id))


def _chosen(house: House, which: list[str] | None, at: datetime, *, everything: bool) -> list[str]:
    """Each once. Where one that is named is not stuck, the program ends before any of them is moved."""
    if not everything and not which:
        stop(said("name_one"))
    listed = house.office.outbox.listed(at)
    if everything:
        from bot.usecases.outbox import STUCK

        stuck = [line.id for line in listed if line.state in STUCK]
        if not stuck:
            typer.echo(said("none_to_move"))
        return stuck
    if not {line.id for line in listed}.issuperset(which or ()):
        stop(said("not_stuck"))
    return list(dict.fromkeys(which or ()))


def _not_shown(count: int) -> str:
    return f" {said('more_of_them', count=count)}" if count else ""


def _as_words(line: StuckLine) -> str:
    since = said("since", at=f"{line.owed_since:%Y-%m-%d %H:%M}")
    return f"{line.id}  {line.state:<7} {line.kind:<16} {line.to:<12} {line.code or '-'}  {since}"


@contextmanager
def _house(demo: Path | None) -> Iterator[House]:
    with in_plain_words():
        from bot.assembly import House

        house = House.build(settings_or_demo(demo))
        try:
            yield house
        finally:
            house.close()
