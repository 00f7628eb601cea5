"""What every command needs: its settings, and a sentence in place of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings, SettingsUnfit

UNFIT = 2
"""The exit code when something must be set right before a start makes sense."""

SQLITE_IS_SMALL = (
    "On SQLite one process does everything: start `indgang serve --with-clock`. "
    "For separate `serve` and `clock` processes, let DATABASE_URL name a PostgreSQL database."
)


WRONG_KEYS = (
    "INDGANG_KEYS does not hold the key this database is sealed with; nothing was changed. "
    "Put the right key back, or let DATABASE_URL name the database that belongs to this key."
)

TAKEN = "another program does, or it is not this machine's. Choose another HOST:PORT."
BEHIND = "The database is not up to date. Run `indgang migrate` first; nothing was started or changed."
UPGRADE_WAITS = (
    "Somebody holds the database for long: another upgrade, a backup or a report. "
    "Run `indgang migrate` again when that has ended; what was done stays done."
)
FROM_THE_FUTURE = (
    "The database belongs to a newer version of this program. Start that version; nothing was changed here."
)


def settings(**flags: str | None) -> Settings:
    """`flags`: settings said on the command line, by their names; they overrule every other place."""
    from bot import log
    from bot.settings import Settings

    found = Settings.read({**os.environ, **{name: said for name, said in flags.items() if said is not None}})
    log.set_up(found.log)
    return found


Demo = Annotated[
    Path | None,
    typer.Option("--demo", help="Use the database of the demo in this folder, and no settings."),
]


def settings_or_demo(demo: Path | None) -> Settings:
    """The installation's settings, or those of the demo that lies in the folder. Ends the program where none lies."""
    from bot.demo.launch import settings_of

    if demo is None:
        return settings()
    found = settings_of(demo)
    if found is None:
        stop(f"There is no demo in {demo}. Start it once with `indgang demo`.")
    return found


@contextmanager
def in_plain_words() -> Iterator[None]:
    """What stands in the way of a start is told in sentences, without a traceback."""
    try:
        yield
    except Exception as why:
        sentences = _in_the_way(why)
        if sentences:
            stop(*sentences)
        raise


def _in_the_way(why: Exception) -> list[str]:
    """Empty for what nobody foresaw. All its kinds are known only here: a start without a fault need not read them."""
    from bot.health import PlaceTaken
    from bot.rules import RulesUnfit
    from bot.settings import SettingsUnfit
    from storage.canary import WrongKeys
    from storage.engine import DatabaseAway
    from storage.only_one import AnotherIsRunning
    from storage.sealing import KeyUnfit
    from storage.upgrade import Behind, FromTheFuture, UpgradeWaits

    match why:
        case SettingsUnfit():
            return _said(why)
        case PlaceTaken():
            return [f"Nobody can listen at {why.place}: {TAKEN}"]
        case KeyUnfit():
            return [f"INDGANG_KEYS cannot be used: {why}. Make a key with `indgang keys new`."]
        case WrongKeys():
            return [WRONG_KEYS]
        case RulesUnfit():
            return ["The rules file cannot be used.", *why.faults]
        case AnotherIsRunning():
            return [f"Another process ({why.note}) serves this database already. {SQLITE_IS_SMALL}"]
        case Behind():
            return [BEHIND]
        case UpgradeWaits():
            return [UPGRADE_WAITS]
        case FromTheFuture():
            return [FROM_THE_FUTURE]
        case DatabaseAway():
            away = type(why.orig).__name__
            return [f"The database does not answer ({away}). Look at it with `indgang doctor`."]
        case _:
            return []


def _said(unfit: SettingsUnfit) -> list[str]:
    """In English where the machine speaks English, else in Danish: the doctor's own words."""
    from bot.doctor import spoken
    from bot.texts import texts

    here = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    words = texts("en" if here.lower().startswith("en") else "da")
    return [spoken(words, fault.what, **fault.facts) for fault in unfit.faults]


NOTHING_TO_HEAR_BY = (
    "SLACK_APP_TOKEN is missing: Socket Mode needs it. Make an App-Level Token (xapp-…) with connections:write, "
    "or listen over HTTP with --http HOST:PORT."
)

WORKERS_NEED_POSTGRESQL = (
    "Several workers are several processes, and on SQLite one does everything. "
    "Leave --workers out, or let DATABASE_URL name a PostgreSQL database."
)


def stop(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    sys.exit(UNFIT)
