"""Who is called to an extraordinary meeting, and who says that they come (D32)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.meeting import Meeting, MeetingOver, NobodyCalled, NotAMember
from bot.domain.notices import Notice
from bot.domain.people import PersonId, Role, require
from bot.usecases.cases import the_committee
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.hurrying import show_chairs
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases

YES, REGRET = "yes", "regret"


@dataclass(frozen=True)
class Called:
    """How the call stands, in numbers."""

    count: int
    yes: int
    regrets: int


@dataclass(frozen=True)
class CalledTold:
    """What a member is asked, or has answered."""

    meeting: Meeting
    answer: str | None  # YES, REGRET, or None: not yet

    @property
    def waits(self) -> bool:
        return self.answer is None


class Calling(UseCases):
    def choices(self, asked: Asked) -> tuple[tuple[PersonId, str], ...]:
        """The members who can be called; alternates are asked for whoever cannot come."""
        require(asked.by, Role.CHAIR)
        with self._open_reading(at=asked.at) as work:
            names = {p.id: p.name for p in work.people.all()}
            return tuple((m, names[m]) for m in members(work, asked))

    def come(self, asked: Asked, meeting_id: str) -> Meeting:
        """*Jeg kommer*; a second time changes nothing. Raises MeetingOver, NotAMember."""
        with self._open_work(asked) as work:
            meeting = work.meetings.get(meeting_id, lock=True)
            if asked.by.id not in meeting.called:
                raise NotAMember
            if not meeting.is_ahead(asked.at):
                raise MeetingOver(state=meeting.state, day=meeting.day)
            work.meetings.withdraw_regret(meeting.id, asked.by.id)
            saved = work.meetings.save(replace(meeting, called={**meeting.called, asked.by.id: YES}))
            work.note("called_comes", meeting=saved.id)
            show_call(work, saved, asked.by.id)
            return saved


def members(work: Work, asked: Asked) -> tuple[PersonId, ...]:
    seats = work.committees.seats(the_committee(work, asked.by), on=asked.today)
    return tuple(s.person for s in seats if not s.alternate)


def call(
    work: Work, asked: Asked, meeting: Meeting, people: tuple[PersonId, ...], *, until: datetime
) -> Meeting:
    """Each is asked when the chair's ten minutes are over. Raises NobodyCalled."""
    chosen = tuple(p for p in members(work, asked) if p in people)
    if not chosen:
        raise NobodyCalled
    saved = work.meetings.save(replace(meeting, called=dict.fromkeys(chosen, "")))
    work.note("called", meeting=saved.id, people=",".join(chosen))
    for person in chosen:
        facts = {"meeting": saved.id}
        key = f"called:{saved.id}:{person}"
        work.notices.tell(Notice(key, "called", person, facts, not_before=until, expires_at=saved.begins))
    return saved


def show_call(work: Work, meeting: Meeting, person: PersonId) -> None:
    """Whoever answered, and the chair, are shown what is true now."""
    if person not in meeting.called:
        return
    work.notices.retell(f"called:{meeting.id}:{person}")
    for item in work.presentations.hurried_to(meeting.id):
        show_chairs(work, item)


def how_it_stands(work: Work, meeting: Meeting) -> Called | None:
    """None for a meeting nobody was called to one by one."""
    if not meeting.called:
        return None
    regrets = {r.person for r in work.meetings.regrets(meeting.id)} & set(meeting.called)
    yes = {p for p, answer in meeting.called.items() if answer == YES} - regrets
    return Called(len(meeting.called), len(yes), len(regrets))


def _tell(telling: Telling) -> Told | None:
    reader, work = telling.recipient, telling.work
    meeting = work.meetings.get(telling.notice.facts["meeting"])
    if reader is None or not reader.has(Role.COMMITTEE_MEMBER) or not meeting.is_ahead(telling.at):
        return None
    absent = any(r.person == reader.id for r in work.meetings.regrets(meeting.id))
    answer = REGRET if absent else meeting.called.get(reader.id) or None
    return Told(CalledTold(meeting, answer), reader.language)


TELLERS: dict[str, Teller] = {"called": _tell}
