"""*Ret* after approval: a new, dated version of the minutes, told to whoever has the old one (A7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.amendment import Amendment, VersionGone, amended
from bot.domain.case import AgeBand, Case
from bot.domain.journal import Entry
from bot.domain.meeting import Meeting, MeetingOver, MeetingState, Minuted
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role, require
from bot.usecases.acting import acts_for
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.minutes import minuted_in, tell_chairs
from bot.usecases.ports import Asked, NotHere, Work
from bot.usecases.tools import UseCases, case_for, meeting_run_by


@dataclass(frozen=True)
class AmendView:
    """What the form begins from."""

    meeting: Meeting
    item: Minuted
    alias: str
    key: str
    band: AgeBand
    people: tuple[tuple[PersonId, str], ...]  # who may have been there


@dataclass(frozen=True)
class NoteOfMinutes:
    """One case's minutes as a note in the case system."""

    case: Case
    seqs: tuple[
        int, ...
    ] = ()  # the journal's entries it is the note of, the newest last; none: nothing is approved
    journaled: bool = False
    may_mark: bool = False


class Amendments(UseCases):
    def form(self, asked: Asked, meeting_id: str, presentation_id: str) -> AmendView:
        """Raises NotForYou, CaseNotFound, MeetingOver before the approval."""
        with self._open_reading(at=asked.at) as work:
            meeting, item, case = _to_amend(work, asked, meeting_id, presentation_id)
            seats = [s.person for s in work.committees.seats(meeting.committee, on=meeting.day)]
            ids = dict.fromkeys((*seats, *meeting.attending, *item.decision.reservations))
            people = tuple((id, work.people.get(id).name) for id in ids)  # noqa: A001
            return AmendView(meeting, item, case.alias, case.key, case.band_now, people)

    def amend(
        self, asked: Asked, meeting_id: str, presentation_id: str, amendment: Amendment, *, seen: int
    ) -> None:
        """The next version. `seen` is the version that was shown. Raises what `form` and `amended` raise, VersionGone."""
        with self._open_work(asked) as work:
            meeting, item, case = _to_amend(work, asked, meeting_id, presentation_id, lock=True)
            if meeting.minutes_version != seen:
                raise VersionGone(by=_name(work, meeting.amended_by), at=meeting.amended_at)
            changed, new = amended(meeting, item, amendment, by=asked.by.id, at=asked.at)
            saved = work.meetings.save(changed)
            _keep_on_the_item(work, new)
            number = str(saved.minutes_version)
            facts = {"meeting": saved.id, "presentation": presentation_id, "number": number}
            work.note("minutes_amended", case=case.id, **facts)
            everybody = set(saved.attending) != set(meeting.attending)
            _tell(work, saved, saved.record if everybody else (new,))
            tell_chairs(work, saved)
            work.result(saved.id)

    def note_of(self, asked: Asked, meeting_id: str, presentation_id: str) -> NoteOfMinutes:
        """Whether the note of approved minutes stands in the case system, and whether the person may tick that it does."""
        with self._open_reading(at=asked.at) as work:
            return _note_of(work, asked, meeting_id, presentation_id)

    def journaled(self, asked: Asked, meeting_id: str, presentation_id: str) -> NoteOfMinutes:
        """»Markér som journaliseret« on the newest version, once. Raises CaseNotFound, NotForYou before the approval."""
        with self._open_work(asked) as work:
            found = _note_of(work, asked, meeting_id, presentation_id)
            if not (found.may_mark or found.journaled):
                raise NotForYou
            if found.may_mark:
                work.journal.mark_journaled(list(found.seqs), by=asked.by.id, at=asked.at)
                work.note("note_journaled", case=found.case.id, seq=str(found.seqs[-1]))
            return replace(found, journaled=True, may_mark=False)


def _note_of(work: Work, asked: Asked, meeting_id: str, presentation_id: str) -> NoteOfMinutes:
    """The newest act the minutes are the note of: a correction is a note of its own."""
    meeting = work.meetings.get(meeting_id)
    case = case_for(work, asked, minuted_in(work, meeting, presentation_id).case_id)
    acts = [e for e in work.journal.of_case(case.id) if _is_noted(e, meeting_id, presentation_id)]
    if meeting.state != MeetingState.APPROVED or not acts:
        return NoteOfMinutes(case)
    seqs = tuple(e.seq for e in acts)
    journaled = work.journal.is_journaled(seqs[-1])
    mine = acts_for(work, case, asked.by, asked.today) or asked.by.leads(case.area)
    return NoteOfMinutes(case, seqs, journaled=journaled, may_mark=mine and not journaled)


def _is_noted(entry: Entry, meeting_id: str, presentation_id: str) -> bool:
    """An item is decided once; it may be put off at several meetings, and its minutes be corrected."""
    facts = entry.facts
    match entry.act:
        case "item_decided":
            return facts.get("presentation") == presentation_id
        case "minutes_amended" if "presentation" not in facts:  # as it was written down at first
            return facts.get("meeting") == meeting_id
        case _:
            return entry.minutes == (meeting_id, presentation_id)


def _to_amend(
    work: Work, asked: Asked, meeting_id: str, presentation_id: str, *, lock: bool = False
) -> tuple[Meeting, Minuted, Case]:
    require(asked.by, Role.SECRETARY, Role.CHAIR)
    meeting = meeting_run_by(work, asked, meeting_id, lock=lock)
    if meeting.state != MeetingState.APPROVED:
        raise MeetingOver(state=meeting.state, day=meeting.day)
    item = minuted_in(work, meeting, presentation_id)
    if item.written:  # nobody was there; what was agreed in writing stands in its answers
        raise NotHere("minutes")
    return meeting, item, case_for(work, asked, item.case_id)


def _keep_on_the_item(work: Work, item: Minuted) -> None:
    """The committee's memory and the reports read the decision where it is kept; what was put off has none left."""
    presentation = work.presentations.get(item.presentation_id, lock=True)
    if presentation.decision is not None and presentation.approved_at is not None:
        work.presentations.save(replace(presentation, decision=item.decision))


def _tell(work: Work, meeting: Meeting, items: tuple[Minuted, ...]) -> None:
    """Each case's caseworker has the old version in the case system."""
    for item in items:
        if item.written:
            continue
        case = work.cases.get(item.case_id)
        facts = {"meeting": meeting.id, "presentation": item.presentation_id}
        key = (
            f"minutes_amended:{meeting.id}:{meeting.minutes_version}:{item.presentation_id}:{case.caseworker}"
        )
        work.notices.tell(Notice(key, "minutes_amended", case.caseworker, facts, case_id=case.id))


def _name(work: Work, person: PersonId | None) -> str:
    return work.people.get(person).name if person else ""


@dataclass(frozen=True)
class AmendedTold:
    meeting: Meeting
    presentation_id: str
    alias: str
    key: str


def _tell_amended(telling: Telling) -> Told | None:
    reader, work, facts = telling.recipient, telling.work, telling.notice.facts
    meeting = work.meetings.get(facts["meeting"])
    item = next((m for m in meeting.record if m.presentation_id == facts["presentation"]), None)
    if reader is None or item is None:
        return None
    case = work.cases.seen_by(item.case_id, reader, telling.at)
    if case is None:
        return None
    return Told(AmendedTold(meeting, item.presentation_id, case.alias, case.key), reader.language)


TELLERS: dict[str, Teller] = {"minutes_amended": _tell_amended}
