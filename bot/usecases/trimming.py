"""The journal's own retention: what is too old is taken off its beginning, at a mark, and a signed line stays in its place.

A line goes when it is older than the rules of the day say and its case has been anonymised. The chain can lose its
beginning only, so one line that must stay keeps all that came after it: an open case, one that is kept for a complaint,
one whose notes are not in the case system.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.calendar import instant
from bot.domain.chain import Cut
from bot.domain.errors import Refusal
from bot.domain.people import Role, require
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import Tools, UseCases

if TYPE_CHECKING:
    from bot.usecases.journal_watch import JournalWatch

MIDNIGHT = datetime.min.time()


class JournalNotWhole(Refusal):
    """Somebody has changed it: nothing is taken off what may be evidence."""


class NothingToTrim(Refusal):
    """No line is old enough, or the first one that must stay is too near the beginning."""


@dataclass(frozen=True)
class Trim:
    """What would go, or went; `kept_from` is the day on which the lines begin that are too young."""

    cut: Cut
    kept_from: date


class Trimming(UseCases):
    def __init__(self, tools: Tools, *, watch: JournalWatch) -> None:
        super().__init__(tools)
        self._watch = watch

    def due(self, asked: Asked) -> Trim:
        """Reads only: the dry run. Raises NotForYou, JournalNotWhole, NothingToTrim."""
        require(asked.by, Role.DPO)
        if not self._watch.look_through(asked.at).whole:
            raise JournalNotWhole
        with self._open_reading(at=asked.at) as work:
            return self._due(work, asked.today)

    def trim(self, asked: Asked) -> Trim:
        """Never undone; the marks of what is gone say nothing any more. Raises as `due` does."""
        self.due(asked)
        with self._open_work(asked) as work:
            found = self._due(work, asked.today)
            signed = replace(found.cut, signature=work.sign(found.cut.said))
            work.journal.take_off(signed.place)
            work.note("journal_trimmed", **signed.facts)
            return replace(found, cut=signed)

    def _due(self, work: Work, today: date) -> Trim:
        from_day = self._rules.on(today).retention.journal_from(today)
        stays = work.journal.kept_from(instant(from_day, MIDNIGHT))
        marks = (c.verdict.last for c in work.journal.checks(most=10_000) if c.verdict.whole)
        fit = [m.place for m in marks if m and (stays is not None and m.place < stays)]
        cut = work.journal.beginning(max(fit)) if fit else None
        if cut is None:
            raise NothingToTrim
        return Trim(cut, from_day)
