"""What every command needs: its settings, and a sentence in place of a traceback."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.engine import DatabaseFault

UNFIT = 2
"""The exit code when something must be set right before a start makes sense."""

SQLITE_IS_SMALL = (
    "On SQLite one process does everything: start `indgang serve --with-clock`. "
    "For separate `serve` and `clock` processes, let DATABASE_URL name a PostgreSQL database."
)


FELL = 70
"""The exit code of a fault that nobody foresaw."""
UNFORESEEN = (
    "Something went wrong that nobody foresaw. The line above says of what kind it is and where; "
    "what it said itself is kept back, since it may quote somebody. Report it with that line."
)
DAMAGED_FILE = (
    "The database's file is damaged, or is no database. Stop the bot, put the file aside, and bring the newest backup "
    "back: `indgang migrate`, and then `indgang restore FILE`. Nothing was changed."
)
NOT_ITS_ROLE = (
    "The database's role may not do this. `migrate` and `restore` have DATABASE_URL with the role that owns the tables, "
    "`serve`, `clock` and the others with one that has its rights in them: »Two roles in PostgreSQL« in docs/operations.md."
)
WRONG_KEYS = (
    "INDGANG_KEYS does not hold the key this database is sealed with; nothing was changed. "
    "Put the right key back, or let DATABASE_URL name the database that belongs to this key."
)

NOT_WRITTEN = "{file} cannot be written ({why}). Check the folder, and that you may use it."
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
    except Exception as why:  # what it knows it says; whatever else goes on as it is
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
    from storage.engine import DatabaseFault
    from storage.only_one import AnotherIsRunning
    from storage.sealing import KeyUnfit
    from storage.upgrade import Behind, FromTheFuture, UpgradeWaits

    match why:
        case SettingsUnfit():
            return _said(*((fault.what, fault.facts) for fault in why.faults))
        case PlaceTaken():
            return [f"Nobody can listen at {why.place}: {TAKEN}"]
        case KeyUnfit():
            return _said(("keys_unfit", {"why": why.why}))
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
        case DatabaseFault():
            return [_of_the_database(why)]
        case _:
            return []


def _of_the_database(fault: DatabaseFault) -> str:
    """What it says itself may quote a row, and is told to nobody: its kind is, and its place to the log."""
    from bot.log import get_log
    from storage.engine import DatabaseAway, is_damaged, is_not_allowed, lacks_a_table

    kind = type(getattr(fault, "orig", None) or fault).__name__
    if is_damaged(fault):
        return DAMAGED_FILE
    if is_not_allowed(fault):
        return NOT_ITS_ROLE
    if lacks_a_table(fault):
        return BEHIND
    if isinstance(fault, DatabaseAway):
        return f"The database does not answer ({kind}). Look at it with `indgang doctor`."
    get_log().error("unforeseen", exc_info=fault)
    return f"The database answers in a way this program does not know ({kind}). Look at it with `indgang doctor`."


@contextmanager
def without_its_words() -> Iterator[None]:
    """Around the whole program: what nobody foresaw leaves its type and place in the log, and never a traceback, whose
    last line may quote what somebody wrote. In a thread of nobody's it is counted too, as the process goes on.
    """
    from bot.log import get_log

    threading.excepthook = _in_a_thread
    try:
        yield
    except Exception as why:  # the outermost border: logged with its place, said, and the program ends with a code of its own
        get_log().error("unforeseen", exc_info=why)
        typer.echo(UNFORESEEN, err=True)
        raise SystemExit(FELL) from why


def _in_a_thread(ended: threading.ExceptHookArgs) -> None:
    from bot import metrics
    from bot.log import get_log

    if ended.exc_type is SystemExit:
        return
    get_log().error("thread_fell", exc_info=ended.exc_value)
    metrics.thread_fell()


def _said(*faults: tuple[str, Mapping[str, str | int]]) -> list[str]:
    """In English where the machine speaks English, else in Danish: the doctor's own words."""
    from bot.doctor import spoken
    from bot.texts import texts

    here = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    words = texts("en" if here.lower().startswith("en") else "da")
    return [spoken(words, what, **facts) for what, facts in faults]


NOTHING_TO_HEAR_BY = (
    "SLACK_APP_TOKEN is missing: Socket Mode needs it. Make an App-Level Token (xapp-…) with connections:write, "
    "or listen over HTTP with --http HOST:PORT."
)

WORKERS_NEED_POSTGRESQL = (
    "Several workers are several processes, and on SQLite one does everything. "
    "Leave --workers out, or let DATABASE_URL name a PostgreSQL database."
)


def write_out(file: Path, content: bytes) -> None:
    """Ends the program with a sentence when it cannot be written there."""
    try:
        file.write_bytes(content)
    except OSError as why:
        stop(NOT_WRITTEN.format(file=file, why=why.strerror))


def stop(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    sys.exit(UNFIT)
