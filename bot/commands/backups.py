"""`indgang backup FILE` and `indgang restore FILE`: all that is remembered, in one file, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plain import in_plain_words, settings, stop

if TYPE_CHECKING:
    from storage.archive import Manifest
    from storage.engine import Database
    from storage.sealing import KeyRing

TAKEN = "{file} lies there already, and a backup never covers another. Choose another name."
NO_FOLDER = "There is no folder {file}. Make it, or name a file that ends with .zip. Nothing was written."
NOWHERE = "{file} cannot be written or read ({why}). Check the folder, and that you may use it."
AHEAD = (
    "{file} says that it was taken later than now: this machine's clock is wrong, or was. No old backup was deleted; "
    "set the clock, or move that file away."
)
NO_BACKUP = "{file} is not a backup of Én Indgang, or only part of one. Nothing was changed."
OTHER_KEYS = (
    "{file} was sealed with keys that INDGANG_KEYS does not hold, or its list of contents has been changed. "
    "Put the keys of that time into INDGANG_KEYS. Nothing was changed."
)
DAMAGED = "{file} is damaged: {what} is not what was put in. Take another backup. Nothing was changed."
NEWER = (
    "{file} was made by a newer version of this program ({program}). Use that version. Nothing was changed."
)
NOT_EMPTY = (
    "The database is not empty ({rows:,} rows). With --replace they go, and the backup's take their place; "
    "take a backup of them first. Nothing was changed."
)
SERVED = (
    "The bot has this database open ({connections} connections). Stop every `serve` and `clock` first. "
    "Nothing was changed."
)
SERVED_HERE = "The bot runs on this database ({note}). Stop it first. Nothing was changed."
NEXT = (
    "The bot may be started: what it owes is looked for in Slack before it is sent, and agendas and "
    "reminders wait. Next: `indgang doctor --after-restore`."
)

InFile = Annotated[Path, typer.Argument(help="The backup.")]


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            help="The .zip file to write; it must not be there yet. A folder: it is named after the minute, UTC."
        ),
    ],
    *,
    keep_days: Annotated[
        int | None,
        typer.Option(min=1, help="Then delete the backups beside it that are older, in days: 35."),
    ] = None,
) -> None:
    """Everything the bot remembers, as it stood at one instant, in one file; while everybody works."""
    from storage.archive import FileTaken
    from storage.backup import back_up

    if file.is_dir():
        file = file / f"indgang-{datetime.now(UTC):%Y%m%dT%H%M}.zip"
    elif file.suffix != ".zip":  # a disk that is not there is no name for a file
        stop(NO_FOLDER.format(file=file))
    with in_plain_words(), _both() as (database, keys), _progress() as shown:
        try:
            made = back_up(
                database,
                file,
                keys=keys,
                program=program(),
                now=lambda: datetime.now(UTC),
                progress=lambda table, rows: shown("Reading", table, rows),
            )
        except FileTaken:
            stop(TAKEN.format(file=file))
        except OSError as why:
            stop(NOWHERE.format(file=file, why=why.strerror))
    typer.echo(f"{file}: {_inside(made)}.")
    typer.echo("The keys are not in it. Keep them apart: without them it cannot be restored.")
    if keep_days:
        _tidy(file, made.taken_at, keep_days)


def _tidy(made: Path, at: datetime, days: int) -> None:
    """The backup is there, whatever lies beside it."""
    from storage.archive import forget_old

    tidied = forget_old(made.parent, before=at - timedelta(days=days), now=at, new=made)
    if tidied.ahead:
        typer.echo(AHEAD.format(file=tidied.ahead.name), err=True)
    for path in tidied.gone:
        typer.echo(f"{path.name} was older than {days} days, and is deleted.")
    for path in tidied.stay:
        typer.echo(f"{path.name} is older than {days} days, and stays: the newest three always do.")
    for path, why in tidied.left:
        typer.echo(
            f"{path.name} cannot be read or deleted ({why}), and is left as it is. Look at it.", err=True
        )


def restore(
    file: InFile,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="What is in the database now may go.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look through the backup and the database, and change nothing.")
    ] = False,
) -> None:
    """Bring a backup back, whole or not at all. The bot must be stopped; afterwards it looks before it sends."""
    from storage import restore as restoring

    with in_plain_words(), _both() as (database, keys), _progress() as shown, _refusals(file):
        if dry_run:
            found = restoring.look_through(database, file, keys=keys, progress=shown)
        else:
            found = restoring.restore(
                database, file, keys=keys, replace=replace, at=datetime.now(UTC), progress=shown
            )
    typer.echo(f"{file}: {_inside(found.manifest)}, by version {found.manifest.program}.")
    if found.rows_there:
        gone = (
            "are in the database, and would go: the restore itself takes --replace"
            if dry_run
            else "that were there are gone"
        )
        typer.echo(f"{found.rows_there:,} rows {gone}.")
    typer.echo("It can be restored. Nothing was changed." if dry_run else f"Restored. {NEXT}")


def restored(
    as_of: Annotated[
        datetime,
        typer.Argument(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="When it was as it is now, in UTC; rather too early.",
        ),
    ],
) -> None:
    """Say that the database was brought back by other means (a base backup, a disk): it looks before it sends, too."""
    from storage.restore import brought_back

    with in_plain_words(), _both() as (database, _), _refusals(Path("-")):
        brought_back(database, taken_at=as_of.replace(tzinfo=UTC), at=datetime.now(UTC))
    typer.echo(NEXT)


def program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("indgang")
    except PackageNotFoundError:
        return "from source"


def _inside(manifest: Manifest) -> str:
    return f"{manifest.rows:,} rows of {manifest.taken_at:%Y-%m-%d %H:%M} UTC"


@contextmanager
def _refusals(file: Path) -> Iterator[None]:
    from storage.archive import BackupDamaged, NotABackup, OtherKeys
    from storage.only_one import AnotherIsRunning
    from storage.restore import NewerBackup, NotEmpty, StillServed

    try:
        yield
    except NotABackup:
        stop(NO_BACKUP.format(file=file))
    except OtherKeys:
        stop(OTHER_KEYS.format(file=file))
    except BackupDamaged as damaged:
        stop(DAMAGED.format(file=file, what=damaged.what))
    except NewerBackup as newer:
        stop(NEWER.format(file=file, program=newer.program))
    except NotEmpty as full:
        stop(NOT_EMPTY.format(rows=full.rows))
    except StillServed as served:
        stop(SERVED.format(connections=served.connections))
    except AnotherIsRunning as other:
        stop(SERVED_HERE.format(note=other.note))
    except OSError as why:
        stop(NOWHERE.format(file=file, why=why.strerror))


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
            status.update(f"{what.capitalize()}: {table} ({rows:,} rows)")

        yield shown
