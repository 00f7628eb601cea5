"""Where the journal's mark is kept outside the database: a file that is only added to, and a line of the log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.domain.chain import SHOWN, Anchor
from bot.log import get_log

log = get_log()
RESTORED = "restored"


class AnchorFile:
    """One line a night, »2026-11-30 12345:ab12…«. Put it on a disk that only adds, or that another keeper has."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, day: date, anchor: Anchor) -> None:
        """Raises OSError."""
        line = f"{day.isoformat()} {anchor.place}:{anchor.print}\n"
        with self._path.open("a", encoding="ascii") as file:
            file.write(line)
            file.flush()

    def restored(self, day: date, place: int) -> None:
        """The operator has confirmed a restore, which the journal notes at that place: what marks of before know of
        it and later is gone. Raises OSError.
        """
        with self._path.open("a", encoding="ascii") as file:
            file.write(f"{day.isoformat()} {RESTORED} {place}\n")

    def kept(self) -> Iterator[Anchor]:
        """What can be read of it; a line that is none of ours says nothing."""
        if not self._path.exists():
            return iter(())
        found: list[Anchor] = []
        for line in self._path.read_text(encoding="ascii", errors="replace").splitlines():
            said = line.partition(" ")[2]
            word, _, place = said.partition(" ")
            if word == RESTORED and place.isdecimal():
                found = [a for a in found if a.place < int(place)]
            with contextlib.suppress(ValueError):
                found.append(Anchor.read(said))
        return iter(found)


class AnchorLog:
    """The log goes where the installation sends it: to syslog under systemd, or to a collector. It is not read back."""

    def keep(self, day: date, anchor: Anchor) -> None:
        del day  # the line has its own time
        log.info("journal_mark", count=anchor.place, code=anchor.print[:SHOWN])

    def kept(self) -> Iterator[Anchor]:
        return iter(())
