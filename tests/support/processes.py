"""The program in processes of its own, as an operator starts it: nothing of this machine's settings comes along.

They are forked, since what takes long in a start is reading the program, and that has been done here.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from bot.__main__ import app
from storage.sealing import new_key

OURS = ("SLACK_", "INDGANG_", "DATABASE_URL")


def environment(address: str, *, key: str | None = None, **more: str) -> dict[str, str]:
    """On a machine that speaks English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **kept,
        "LANGUAGE": "en",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "INDGANG_KEYS": key or new_key(),
        "INDGANG_TEAM": "T1",
        "INDGANG_FIRST_ADMINISTRATOR": "U1",
        "DATABASE_URL": address,
        **more,
    }


@dataclass
class Child:
    pid: int
    said: IO[bytes]

    def ends(self) -> tuple[int, str]:
        """The exit code (below zero: the signal), and all that was said."""
        _, status = os.waitpid(self.pid, 0)
        self.said.seek(0)
        return os.waitstatus_to_exitcode(status), self.said.read().decode()


def start(command: list[str], env: Mapping[str, str], folder: Path) -> Child:
    """In an empty folder, away from a `.env` that somebody may have."""
    said = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it lives as long as the child
    pid = os.fork()
    if pid == 0:
        be(command, env, folder, said)
    return Child(pid, said)


def run(command: list[str], env: Mapping[str, str], folder: Path) -> tuple[int, str]:
    return start(command, env, folder).ends()


def be(command: Sequence[str], env: Mapping[str, str], folder: Path, said: IO[Any]) -> NoReturn:
    """In a forked child: from now on it is the program, and ends as it does."""
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", buffering=1, closefd=False) for n in (1, 2))
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    code: Any = 70
    try:
        app(list(command))
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)
