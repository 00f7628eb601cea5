"""»Gængs praksis«: notes, each version kept, and how what was presented has been decided (R070, R073, R075, R119)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.common_practice import LONGEST, PracticeEmpty, PracticeNamesCase, PracticeNote, newest
from bot.domain.intents import words_of
from bot.domain.meeting import MeetingState
from bot.domain.people import NoRole, Role, require
from bot.domain.personal_data import refuse_personal_data
from bot.domain.suppression import Kept, protect
from bot.domain.text import clean
from bot.usecases.cases import the_committee
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases

YEAR = timedelta(days=365)
_KEY = re.compile(r"\b\d{2}-\d{4}\b")


@dataclass(frozen=True)
class NoteShown:
    note: PracticeNote
    by: str  # a name
    versions: int


@dataclass(frozen=True)
class Cell:
    """How often; None where the group is too small to be told, or would give one away that is."""

    row: str
    column: str
    count: int | None


@dataclass(frozen=True)
class PracticeView:
    notes: tuple[NoteShown, ...]
    decided: tuple[Cell, ...]  # kind of presentation x decision
    reasons: tuple[Cell, ...]  # why cases came back
    adjusted: tuple[Cell, ...]  # kinds of minor adjustments
    since: datetime
    may_write: bool


class CommonPractice(UseCases):
    def show(self, asked: Asked) -> PracticeView:
        """For every role: nothing in it is about a case. Raises NoRole."""
        if not asked.by.has_any_role:
            raise NoRole
        with self._open_reading(at=asked.at) as work:
            committee = the_committee(work, asked.by)
            notes = work.practice_notes.of(committee)
            counted = Counter(n.topic for n in notes)
            since = asked.at - YEAR
            smallest = self._rules.on(asked.today).plan.smallest_cell
            minuted = list(_minuted(work, committee, asked))
            return PracticeView(
                notes=tuple(
                    NoteShown(n, work.people.get(n.by).name, counted[n.topic]) for n in newest(notes)
                ),
                decided=cells(((kind, choice) for kind, choice, _ in minuted), smallest=smallest),
                reasons=cells((("", r) for _, _, why in minuted for r in why), smallest=smallest),
                adjusted=cells((("", a.how) for a in work.adjustments.since(since)), smallest=smallest),
                since=since,
                may_write=asked.by.runs(committee),
            )

    def versions(self, asked: Asked, topic: str) -> tuple[NoteShown, ...]:
        """Every version on a topic, the newest first: who wrote what, when."""
        if not asked.by.has_any_role:
            raise NoRole
        with self._open_reading(at=asked.at) as work:
            found = [n for n in work.practice_notes.of(the_committee(work, asked.by)) if n.topic == topic]
            shown = [NoteShown(n, work.people.get(n.by).name, len(found)) for n in found]
            return tuple(reversed(shown))

    def write(self, asked: Asked, *, topic: str, text: str) -> PracticeNote:
        """A new version, by the chair or the secretary. Raises NotForYou, PracticeEmpty, PersonalDataRefused, TextTooLong,
        PracticeNamesCase: common practice holds nothing of a single case (R075, R136).
        """
        require(asked.by, Role.CHAIR, Role.SECRETARY)
        said = clean(refuse_personal_data(text, "text"), most=LONGEST, multiline=True)
        if not said:
            raise PracticeEmpty
        with self._open_work(asked) as work:
            committee = the_committee(work, asked.by)
            _refuse_cases(work, committee, said)
            before = [n for n in work.practice_notes.of(committee) if n.topic == topic]
            note = PracticeNote(
                self._chance.id(), committee, topic, len(before) + 1, said, asked.by.id, asked.at
            )
            work.practice_notes.add(note)
            work.note("practice_written", topic=topic, number=str(note.number))
            work.result(note.id)
            return note


def cells(pairs: Iterable[tuple[str, str]], *, smallest: int) -> tuple[Cell, ...]:
    """Counted by pair; small groups are kept back, with as many others as it takes."""
    counted = Counter(pairs)
    rows = sorted({row for row, _ in counted})
    columns = sorted({column for _, column in counted})
    if not counted:
        return ()
    grid = [[counted[(row, column)] for column in columns] for row in rows]
    shown = protect(grid, row_totals=False, column_totals=False, smallest=smallest)
    return tuple(
        Cell(row, column, None if isinstance(shown[i][j], Kept) else int(shown[i][j]))
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if counted[(row, column)]
    )


def _minuted(work: Work, committee: str, asked: Asked) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    """What the last year's approved minutes say: kind, decision, and why the case came back."""
    first = local_date(asked.at - YEAR)
    for meeting in work.meetings.between(committee, first, asked.today):
        if meeting.state == MeetingState.APPROVED:
            for item in meeting.record:
                presentation = work.presentations.find(item.presentation_id)
                yield item.kind.value, item.decision.choice, presentation.reasons if presentation else ()


def _refuse_cases(work: Work, committee: str, text: str) -> None:
    """An alias or a key makes it about somebody (R136)."""
    words = set(words_of(text))
    found = work.cases.aliases_taken(committee, [spelt for w in words for spelt in (w, w.capitalize())])
    key = _KEY.search(text)
    if found or key:
        raise PracticeNamesCase(found=found[0] if found else str(key.group() if key else ""))
