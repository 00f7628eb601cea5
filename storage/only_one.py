"""One long-running process on SQLite: whoever holds the file beside the database is it (D20)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote, unquote

FILE = "sqlite:///"
"""How an address of a file begins; read here, so that whoever only holds the lock need not know the whole library."""


class AnotherIsRunning(Exception):
    """Somebody else holds it; `note` is what they wrote into it."""

    def __init__(self, path: Path, note: str) -> None:
        super().__init__(str(path))
        self.path, self.note = path, note


class CannotBeHeld(Exception):
    """The file beside the database cannot be written; `why` is the machine's own word for it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def only_one_on(address: str) -> AbstractContextManager[None]:
    """Held while a process serves the database. PostgreSQL lets many in, so nothing is held there."""
    if not address.startswith(FILE):
        return nullcontext()
    database = os.path.realpath(file_of(address))  # whatever name it is called by
    return held(Path(f"{database}.running"), note=f"process {os.getpid()}")


def file_of(address: str) -> Path:
    """The file SQLite opens by it: `%20` in it means a blank, as in every address."""
    return Path(unquote(address.removeprefix(FILE).partition("?")[0]))


def address_of(file: Path) -> str:
    """The other way round, whatever characters its name has."""
    return FILE + quote(str(file))


@contextmanager
def held(path: Path, *, note: str) -> Iterator[None]:
    """The lock goes with the process, however it ends; the file stays and means nothing by itself.

    Raises AnotherIsRunning, or CannotBeHeld.
    """
    try:
        opened = path.open("a+", encoding="utf-8")
    except OSError as why:
        raise CannotBeHeld(why.strerror or type(why).__name__) from None
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AnotherIsRunning(path, file.read().strip()) from None
        file.truncate(0)
        file.write(note)
        file.flush()
        yield
