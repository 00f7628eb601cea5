"""What every use case is given: the database, the rules and chance."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.alias import AliasWord
from bot.domain.case import Case, CaseNotFound
from bot.domain.meeting import Meeting
from bot.domain.presentation import AlreadySettled, Presentation
from bot.domain.rules import Rules
from bot.domain.tracks import track_of
from bot.usecases.ports import Asked, Chance, Known, NotHere, OpenWork, RulesBook, Work


@dataclass(frozen=True)
class Tools:
    open_work: OpenWork
    open_reading: OpenWork
    known: Known
    rules: RulesBook
    chance: Chance
    alias_words: tuple[AliasWord, ...] = ()


class UseCases:
    """One method is one thing somebody can ask for, in one transaction."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._open_reading, self._known = tools.open_reading, tools.known
        self._rules = tools.rules
        self._chance = tools.chance
        self._alias_words = tools.alias_words


def rules_for(book: RulesBook, presentation: Presentation, case: Case) -> Rules:
    """What a presentation is prepared and decided under: the version it keeps, in its case's track (D8, X14)."""
    return book.version(presentation.rules_version).in_track(track_of(case.age_band))


def rules_of(book: RulesBook, case: Case) -> Rules:
    """What a running case is read by: the version its plan was decided under, in its track (D8)."""
    return book.version(case.rules_version).in_track(track_of(case.age_band))


def case_for(work: Work, asked: Asked, case: str, *, lock: bool = False) -> Case:
    """The case, if it is there and the person may see it now. Raises CaseNotFound: one answer for both (D11)."""
    found = work.cases.seen_by(case, asked.by, asked.at, lock=lock)
    if found is None:
        raise CaseNotFound
    return found


def meeting_run_by(work: Work, asked: Asked, meeting_id: str, *, lock: bool = False) -> Meeting:
    """For whoever runs meetings; those of another committee are to them as if they were not (D11). Raises NotHere."""
    meeting = work.meetings.get(meeting_id, lock=lock)
    if not asked.by.runs(meeting.committee):
        raise NotHere("meetings")
    return meeting


def show_again(work: Work, meeting_id: str) -> None:
    """The post shows what is true now; each time the face is chosen anew (D6)."""
    meeting = work.meetings.get(meeting_id)
    work.notices.retell(meeting.post_key)


def was_asked(work: Work, asked: Asked, presentation: Presentation) -> None:
    """For what is asked of the proposed caseworker. Raises CaseNotFound for whoever never was: one answer for both (D11)."""
    if work.notices.by_key(f"proposal:{presentation.id}:{asked.by.id}") is None:
        case_for(work, asked, presentation.case_id)


def already(presentation: Presentation, work: Work | None = None) -> AlreadySettled:
    """What is true of it now; with `work`, by whose hand too."""
    name = None
    if work and presentation.settled_by:
        name = work.people.get(presentation.settled_by).name
    return AlreadySettled(state=presentation.state, by=name, at=presentation.settled_at)
