"""Several processes at the same thing at the same moment; what each of them was told comes back."""

from __future__ import annotations

import json
import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

Doing = Callable[[], list[Any]]


def together(*doings: Doing) -> list[list[Any]]:
    """Each in a process of its own, forked now, and let go at one stroke. Whatever breaks in one is raised here."""
    folder = Path(tempfile.mkdtemp(prefix="indgang-together-"))
    waits, starts = os.pipe()
    started = [_begin(doing, folder / str(n), waits, starts) for n, doing in enumerate(doings)]
    os.close(waits)
    os.close(starts)  # nobody holds it any more: everybody's waiting ends
    for pid in started:
        os.waitpid(pid, 0)
    said = [json.loads((folder / str(n)).read_text()) for n in range(len(doings))]
    broken = [one["broke"] for one in said if isinstance(one, dict)]
    assert not broken, broken[0]
    return said


def _begin(doing: Doing, says: Path, waits: int, starts: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.close(starts)
        os.read(waits, 1)
        told: Any = doing()
    except BaseException:
        told = {"broke": traceback.format_exc()}
    says.write_text(json.dumps(told))
    os._exit(0)
