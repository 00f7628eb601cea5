"""What every command needs: its settings, and a sentence in place of a traceback."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from enum import StrEnum
from errno import EDQUOT, EFBIG, ENOSPC, errorcode
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.engine import DatabaseFault

UNFIT = 2
"""The exit code when something must be set right before a start makes sense."""

BROKEN_OFF = 130
"""The exit code after Ctrl-C, as a shell counts it."""

NO_ROOM = (ENOSPC, EDQUOT, EFBIG)

FELL = 70
"""The exit code of a fault that nobody foresaw."""
UNFORESEEN = {
    "da": "Noget gik galt, som ingen havde forudset. Linjen ovenfor siger, hvad slags og hvor; hvad den selv sagde, er "
    "holdt tilbage, da den kan citere nogen. Meld det med den linje.",
    "en": "Something went wrong that nobody foresaw. The line above says of what kind it is and where; what it said itself "
    "is kept back, since it may quote somebody. Report it with that line.",
}
"""Here, and not among the texts: reading those may be what fell."""


class Language(StrEnum):
    DA = "da"
    EN = "en"


Speaks = Annotated[Language, typer.Option("--language", "--lang")]
MaybeSpeaks = Annotated[
    Language | None,
    typer.Option(
        "--language",
        "--lang",
    ),
]
_spoken: ContextVar[str | None] = ContextVar("the language of this call", default=None)
_fell_in: ContextVar[str | None] = ContextVar("the language of a call that nobody catches", default=None)


ASKED_FOR = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a machine says which language it speaks, in the order in which one overrules the next."""


def spoken_here() -> str:
    """One language through a call: the one it was given, else English where the machine speaks English, else Danish."""
    here = next((os.environ[name] for name in ASKED_FOR if os.environ.get(name)), "")
    return _spoken.get() or ("en" if here.lower().startswith("en") else "da")


Fact = str | int | date | None


def said(block: str, /, **facts: Fact) -> str:
    """A sentence of the command line's own."""
    return in_a_terminal("command", block, facts)


def diagnosed(block: str, /, **facts: Fact) -> str:
    """A sentence the doctor says too."""
    return in_a_terminal("doctor", block, facts)


def in_a_terminal(view: str, block: str, facts: Mapping[str, Fact]) -> str:
    """In the language of the call."""
    from bot.texts import as_is, texts

    told = {name: as_is(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return str(texts(spoken_here()).say(view, block, **told))


def os_fault(why: OSError) -> str:
    """What the machine says of a file, in words."""
    return said("os_fault", why=errorcode.get(why.errno or 0, type(why).__name__))


def settings(**flags: str | None) -> Settings:
    """`flags`: settings said on the command line, by their names; they overrule every other place."""
    from bot import log
    from bot.settings import Settings

    found = Settings.read({**os.environ, **{name: said for name, said in flags.items() if said is not None}})
    log.set_up(found.log)
    return found


Demo = Annotated[Path | None, typer.Option("--demo")]


def settings_or_demo(demo: Path | None) -> Settings:
    """The installation's settings, or those of the demo that lies in the folder. Ends the program where none lies."""
    from bot.demo.launch import settings_of

    if demo is None:
        return settings()
    found = settings_of(demo)
    if found is None:
        stop(said("no_demo", folder=str(demo)))
    return found


@contextmanager
def in_language(language: Language | None) -> Iterator[None]:
    """What is said inside is in that language; None: in the machine's."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def in_plain_words(language: Language | None = None) -> Iterator[None]:
    """What stands in the way of a start is told in sentences of the call's language, without a traceback."""
    with in_language(language):
        try:
            yield
        except Exception as why:  # what it knows it says; whatever else goes on as it is
            if isinstance(getattr(why, "orig", None), KeyboardInterrupt):
                raise KeyboardInterrupt from None  # Ctrl-C while the library tidied up after Ctrl-C
            sentences = _in_the_way(why)
            if sentences:
                stop(*sentences)
            _fell_in.set(spoken_here())
            raise


def _in_the_way(why: Exception) -> list[str]:
    """Empty for what nobody foresaw. All its kinds are known only here: a start without a fault need not read them."""
    from bot.clocks import ClockAway
    from bot.health import PlaceTaken
    from bot.rules import RulesUnfit
    from bot.settings import SettingsUnfit
    from storage.canary import WrongKeys
    from storage.engine import DatabaseFault
    from storage.only_one import AnotherIsRunning, CannotBeHeld
    from storage.sealing import KeyUnfit
    from storage.server import ServerUnfit
    from storage.upgrade import Behind, FromTheFuture, UpgradeWaits

    match why:
        case SettingsUnfit():
            return [diagnosed(fault.what, **fault.facts) for fault in why.faults]
        case ClockAway():
            return [said("clock_away")]
        case PlaceTaken():
            return [said("place_taken", place=str(why.place))]
        case KeyUnfit():
            return [diagnosed("keys_unfit", why=why.why)]
        case WrongKeys():
            return [said("wrong_keys")]
        case RulesUnfit():
            return [*why.faults, said("rules_unfit")]
        case AnotherIsRunning():
            return [f"{said('another_serves', note=why.note)} {said('sqlite_is_small')}"]
        case CannotBeHeld():
            return [diagnosed("database_shut")]
        case ServerUnfit():
            return [diagnosed(why.why, **why.facts)]
        case Behind():
            return [said("behind")]
        case UpgradeWaits():
            return [said("upgrade_waits")]
        case FromTheFuture():
            return [said("from_the_future")]
        case DatabaseFault():
            return [_of_the_database(why)]
        case _:
            return []


def _of_the_database(fault: DatabaseFault) -> str:
    """What it says itself may quote a row, and is told to nobody: its kind is, and its place to the log."""
    from bot.log import get_log
    from storage.engine import (
        DatabaseAway,
        is_damaged,
        is_full,
        is_held,
        is_not_allowed,
        is_pooled,
        is_shut,
        lacks_a_table,
        only_reads,
    )

    kind = type(getattr(fault, "orig", None) or fault).__name__
    if is_damaged(fault):
        return diagnosed("database_damaged")
    if is_full(fault):
        return diagnosed("database_full")
    if is_held(fault):
        return diagnosed("database_held")
    if is_shut(fault):
        return diagnosed("database_shut")
    if is_pooled(fault):
        return diagnosed("server_pooled")
    if only_reads(fault):
        return diagnosed("server_only_reads")
    if is_not_allowed(fault):
        return said("not_its_role")
    if lacks_a_table(fault):
        return said("behind")
    if isinstance(fault, DatabaseAway):
        return said("database_away", kind=kind)
    get_log().error("unforeseen", exc_info=fault)
    return said("database_strange", kind=kind)


@contextmanager
def without_its_words() -> Iterator[None]:
    """Around the whole program: what nobody foresaw leaves its type and place in the log, and never a traceback, whose
    last line may quote what somebody wrote. In a thread of nobody's it is counted too, as the process goes on.
    """
    from bot.log import get_log

    threading.excepthook = _in_a_thread
    _fell_in.set(None)
    try:
        yield
    except KeyboardInterrupt:  # before a command had begun, or in the moment it ended
        raise SystemExit(BROKEN_OFF) from None
    except Exception as why:  # the outermost border: logged with its place, said, and the program ends with a code of its own
        get_log().error("unforeseen", exc_info=why)
        typer.echo(UNFORESEEN[_fell_in.get() or spoken_here()], err=True)
        raise SystemExit(FELL) from why


def _in_a_thread(ended: threading.ExceptHookArgs) -> None:
    from bot import metrics
    from bot.log import get_log

    if ended.exc_type is SystemExit:
        return
    get_log().error("thread_fell", exc_info=ended.exc_value)
    metrics.thread_fell()


def answer_lost(why: OSError) -> NoReturn:
    """What was said could not be written where it went: a full disk, most often. What was done has been done."""
    if sys.stdout is sys.__stdout__:  # what is left of it must not change the exit code when the program ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    stop(said("answer_lost", why=os_fault(why)))


@contextmanager
def ended_tidily() -> Iterator[None]:
    """Whoever is told to end, or whose line has gone, ends as by Ctrl-C: half a file is taken away first."""
    before = {number: signal.signal(number, _broken_off) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _broken_off(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def write_out(file: Path, content: bytes) -> None:
    """Ends the program with a sentence when it cannot be written there; half a file is taken away again."""
    new = not os.path.lexists(file)
    try:
        file.write_bytes(content)
    except OSError as why:
        if new:
            with suppress(OSError):
                file.unlink()
        stop(said("not_written", file=str(file), why=os_fault(why)))


def stop(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    sys.exit(UNFIT)
