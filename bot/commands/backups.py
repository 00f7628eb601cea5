"""`indgang backup FILE` and `indgang restore FILE`: all that is remembered, in one file, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import ended_tidily, in_plain_words, os_fault, said, settings, stop

if TYPE_CHECKING:
    from storage.archive import Manifest
    from storage.engine import Database
    from storage.sealing import KeyRing


def backup(
    file: Path,
    *,
    keep_days: Annotated[int | None, typer.Option(min=1)] = None,
) -> None:
    """Everything the bot remembers, as it stood at one instant, in one file; while everybody works."""
    from storage.archive import FileTaken
    from storage.backup import back_up

    if _is_folder(file):
        file = file / f"indgang-{datetime.now(UTC):%Y%m%dT%H%M}.zip"
    elif file.suffix != ".zip":  # a disk that is not there is no name for a file
        stop(said("no_folder", file=str(file)))
    with ended_tidily(), in_plain_words(), _both() as (database, keys), _progress() as shown:
        try:
            made = back_up(
                database,
                file,
                keys=keys,
                program=program(),
                now=lambda: datetime.now(UTC),
                progress=lambda table, rows: shown("read", table, rows),
            )
        except FileTaken:
            stop(said("taken", file=str(file)))
        except OSError as why:
            stop(said("nowhere", file=str(file), why=os_fault(why)))
    typer.echo(said("inside", file=str(file), **_inside(made)))
    typer.echo(said("keys_apart"))
    if keep_days:
        _tidy(file, made.taken_at, keep_days)


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except OSError as why:  # a name too long, a disk that does not answer
        stop(said("nowhere", file=str(file), why=os_fault(why)))


def _tidy(made: Path, at: datetime, days: int) -> None:
    """The backup is there, whatever lies beside it."""
    from storage.archive import forget_old

    tidied = forget_old(made.parent, before=at - timedelta(days=days), now=at, new=made)
    if tidied.ahead:
        typer.echo(said("ahead", file=tidied.ahead.name), err=True)
    for path in tidied.gone:
        typer.echo(said("old_gone", file=path.name, days=days))
    for path in tidied.stay:
        typer.echo(said("old_stays", file=path.name, days=days))
    for path, why in tidied.left:
        typer.echo(said("old_left", file=path.name, why=why), err=True)


def restore(
    file: Path,
    *,
    replace: Annotated[bool, typer.Option("--replace")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
) -> None:
    """Bring a backup back, whole or not at all. The bot must be stopped; afterwards it looks before it sends."""
    from storage import restore as restoring

    with ended_tidily(), in_plain_words(), _both() as (database, keys), _progress() as shown, _refusals(file):
        if dry_run:
            found = restoring.look_through(database, file, keys=keys, progress=shown)
        else:
            found = restoring.restore(
                database, file, keys=keys, replace=replace, at=datetime.now(UTC), progress=shown
            )
    inside = _inside(found.manifest)
    typer.echo(said("inside_by", file=str(file), program=found.manifest.program, **inside))
    if found.rows_there:
        typer.echo(said("rows_would_go" if dry_run else "rows_gone", rows=found.rows_there))
    typer.echo(said("can_be_restored") if dry_run else f"{said('restored')} {said('next')}")


def restored(
    as_of: Annotated[
        datetime,
        typer.Argument(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        ),
    ],
) -> None:
    """Say that the database was brought back by other means (a base backup, a disk): it looks before it sends, too."""
    from storage.restore import brought_back

    if as_of.replace(tzinfo=UTC) > datetime.now(UTC):
        stop(said("in_future", at=f"{as_of:%Y-%m-%d %H:%M}"))
    with in_plain_words(), _both() as (database, _), _refusals(Path("-")):
        brought_back(database, taken_at=as_of.replace(tzinfo=UTC), at=datetime.now(UTC))
    typer.echo(said("next"))


def program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("indgang")
    except PackageNotFoundError:
        return "from source"


def _inside(manifest: Manifest) -> dict[str, str | int]:
    return {"rows": manifest.rows, "at": f"{manifest.taken_at:%Y-%m-%d %H:%M}"}


@contextmanager
def _refusals(file: Path) -> Iterator[None]:
    from storage.archive import BackupDamaged, NotABackup, OtherKeys
    from storage.only_one import AnotherIsRunning
    from storage.restore import NewerBackup, NotEmpty, StillServed

    try:
        yield
    except NotABackup:
        stop(said("no_backup", file=str(file)))
    except OtherKeys:
        stop(said("other_keys", file=str(file)))
    except BackupDamaged as damaged:
        stop(said("damaged", file=str(file), what=damaged.what))
    except NewerBackup as newer:
        stop(said("newer", file=str(file), program=newer.program))
    except NotEmpty as full:
        stop(said("not_empty", rows=full.rows))
    except StillServed as served:
        stop(said("served", connections=served.connections))
    except AnotherIsRunning as other:
        stop(said("served_here", note=other.note))
    except OSError as why:
        stop(said("nowhere", file=str(file), why=os_fault(why)))


@contextmanager
def _both() -> Iterator[tuple[Database, KeyRing]]:
    from storage.engine import Database
    from storage.sealing import KeyRing

    found = settings()
    database = Database(found.database_url.get_secret_value())
    try:
        yield database, KeyRing.read(found.keys.get_secret_value())
    finally:
        database.close()


@contextmanager
def _progress() -> Iterator[Callable[[str, str, int], None]]:
    """A line that says what is in hand; nothing of it where nobody looks."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("…") as status:

        def shown(what: str, table: str, rows: int) -> None:
            status.update(said("in_hand", what=what, table=table, rows=rows))

        yield shown
