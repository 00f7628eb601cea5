"""`indgang keys …`: a new key, how far a change of keys has come, and the change itself (D27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import in_plain_words, said, settings, stop
from bot.commands.usage import Commands

if TYPE_CHECKING:
    from storage.unit_of_work import Storage

keys = Commands()


@keys.command("new")
def new() -> None:
    """Print a new key. Where a database is in use it goes last into INDGANG_KEYS, then first: docs/administrator.md."""
    from storage.sealing import new_key

    typer.echo(new_key())


@keys.command("status")
def status() -> None:
    """Say how much other keys than the first in INDGANG_KEYS have sealed; at 0 the others may go."""
    with in_plain_words():
        from storage.resealing import left

        storage = _storage()
        behind = {table: rows for table, rows in left(storage.database, storage.keys).items() if rows}
        for sentence in _standing(behind, others=bool(storage.keys.old)):
            typer.echo(sentence)


def _standing(behind: Mapping[str, int], *, others: bool) -> Iterator[str]:
    """What the numbers count, and what is to be done about them."""
    if behind:
        yield said("sealed_by_others")
        yield from (f"  {said(f'sealed_{table}', rows=rows)}" for table, rows in behind.items())
        yield said("seal_on", rows=sum(behind.values()))
        return
    yield said("sealed_all")
    if others:
        yield said("sealed_others_may_go")


@keys.command("reseal")
def reseal(
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
) -> None:
    """Seal everything with the first key, while the bot runs. May be stopped at any moment and begun again."""
    from storage.resealing import left
    from storage.resealing import reseal as move
    from storage.sealing import SealBroken

    with in_plain_words():
        storage = _storage()
        total = sum(left(storage.database, storage.keys).values())
        if dry_run or not total:
            typer.echo(said("would_reseal", rows=total) if total else said("nothing_to_reseal"))
            return
        try:
            with typer.progressbar(length=total, label=said("resealing")) as bar:
                for moved in move(storage.database, storage.keys):
                    bar.update(moved)
        except SealBroken as broken:
            stop(said("never_opens", place=str(broken)))
        _note(storage, total)
    typer.echo(said("resealed"))


def _storage() -> Storage:
    """Raises WrongKeys when the ring does not belong to the database: a wrong key never seals anything."""
    from bot.assembly import House

    house = House.build(settings())
    house.check_keys()
    return house.storage


def _note(storage: Storage, rows: int) -> None:
    from datetime import UTC, datetime

    with storage.open_work(at=datetime.now(UTC)) as work:
        work.note("keys_changed", rows=str(rows))
