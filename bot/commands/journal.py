"""`indgang journal …`: whether it is as it was written, and all that was done and seen of one case (D12)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import Language, Speaks, in_plain_words, said, settings, stop, write_out
from bot.commands.usage import Commands

if TYPE_CHECKING:
    from bot.assembly import House
    from bot.domain.chain import Anchor, Verdict
    from bot.texts import Texts

journal = Commands()


@journal.callback()
def _journal() -> None:
    """A group with one command is still a group."""


@journal.command("verify")
def verify(
    anchor: Annotated[list[str] | None, typer.Option("--anchor")] = None,
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
        typer.echo(said("keep_it"))
        raise typer.Exit(1)


@journal.command("case")
def case(
    key: str,
    acting: Annotated[str, typer.Option("--as")],
    out: Annotated[Path, typer.Option("--out")],
    language: Speaks = Language.DA,
) -> None:
    """Who did and saw what of a case, in which roles and when. That it was asked for stands in the journal too."""
    with in_plain_words(language):
        from bot.assembly import House
        from bot.domain.case import CaseNotFound
        from bot.domain.people import NoRole, NotForYou
        from bot.texts import texts

        house = House.build(settings())
        try:
            write_out(out, log_file(house, key, acting, texts(language, house.rules.own_words)))
        except (NoRole, NotForYou):
            stop(said("log_is_officers"))
        except CaseNotFound:
            stop(said("no_case"))
        finally:
            house.close()
    typer.echo(str(out))


@journal.command("holdings")
def holdings(
    key: str,
    acting: Annotated[str, typer.Option("--as")],
    out: Annotated[Path, typer.Option("--out")],
) -> None:
    """All that is held on a case, for the citizen who asks. Numbers are opened for the area of whoever asks."""
    with in_plain_words():
        from bot.assembly import House
        from bot.domain.case import CaseNotFound

        house = House.build(settings())
        try:
            house.check_keys()
            write_out(out, holdings_file(house, key, acting).encode())
        except CaseNotFound:
            stop(said("not_theirs"))
        finally:
            house.close()
    typer.echo(str(out))


@journal.command("trim")
def trim(
    acting: Annotated[str, typer.Option("--as")],
    yes: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    """Take off what the rules say is too old, up to a mark; a signed line stays in its place. Never undone."""
    with in_plain_words():
        from bot.assembly import House
        from bot.domain.people import NoRole, NotForYou
        from bot.usecases.trimming import JournalNotWhole, NothingToTrim
        from storage.engine import DatabaseAway, DatabaseFault, is_not_allowed, lacks_a_table

        house = House.build(settings())
        try:
            typer.echo(trimmed(house, acting, yes=yes))
        except (NoRole, NotForYou):
            stop(said("trim_is_officers"))
        except JournalNotWhole:
            stop(said("not_whole"), said("keep_it"))
        except NothingToTrim:
            typer.echo(said("nothing_to_trim"))
        except DatabaseFault as fault:
            if lacks_a_table(fault) or not (is_not_allowed(fault) or isinstance(fault, DatabaseAway)):
                raise  # that is no matter of roles or moments
            stop(said("not_trimmed", kind=type(fault).__name__))
        finally:
            house.close()


def trimmed(house: House, acting: str, *, yes: bool) -> str:
    """Raises NoRole, NotForYou, JournalNotWhole, NothingToTrim."""
    from bot.commands.outside import person_of
    from bot.usecases.ports import Asked

    asked = Asked(person_of(house, acting), house.clock.now(), "command:journal")
    found = house.office.trimming.trim(asked) if yes else house.office.trimming.due(asked)
    cut = found.cut
    counts = {"entries": cut.entries, "looks": cut.looks, "place": cut.place}
    return said("trim_done" if yes else "trim_due", first=str(cut.first), last=str(cut.last), **counts)


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
        return said(f"chain_{verdict.fault.value}", at=verdict.at)
    return said("chain_whole", places=verdict.places, mark=str(verdict.last) if verdict.last else None)


def _mark(text: str) -> Anchor:
    from bot.domain.chain import Anchor

    try:
        return Anchor.read(text)
    except ValueError:
        stop(said("no_mark", text=text))
