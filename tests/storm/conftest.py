"""For those who are killed: a fast place for files, and figures that are printed at the end of the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LONG = int(os.environ.get("INDGANG_STORM", "0"))
"""Not 0: `make storm`, which does everything there is, and takes its time."""

Figures = Callable[..., None]
MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def fast_folder() -> Iterator[Path]:
    """In memory where there is such a place: a process's death is felt there too, and a power cut is not tested here."""
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="indgang-storm-", dir=where))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def figures(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Figures:
    """What a story counted; printed at the end of the run."""

    def note(**counted: object) -> None:
        record_property(
            "figures",
            f"{request.node.name}: " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in counted.items()),
        )

    return note


def step(what: str, done: int, of: int) -> None:
    """How far a long story has come, for the bar of `make storm`."""
    where = os.environ.get("STORM_STEPS")
    if where:
        Path(where).write_text(f"{what}\t{done}\t{of}")
