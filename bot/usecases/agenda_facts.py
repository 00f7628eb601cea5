"""What stands on an agenda and who may see which part of it: facts for the desk, the members and the weekly post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.ballot import BallotState
from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.committee import Committee, Seat
from bot.domain.meeting import (
    Agenda,
    Item,
    Meeting,
    MeetingState,
    Stage,
    build_agenda,
    involved_areas,
    is_ready,
    material_deadline,
    minutes_of,
    preliminary_from,
    stage_of,
)
from bot.domain.people import AreaCode, Person, PersonId, Role
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Rules
from bot.usecases.attendance import present_areas, presenter_away
from bot.usecases.cases import own_areas, the_committee
from bot.usecases.homes import PartAsked
from bot.usecases.memory import Memory
from bot.usecases.ports import Asked, Work
from bot.usecases.readiness import missing_points
from bot.usecases.tools import meeting_run_by


@dataclass(frozen=True)
class ItemLine:
    """One case on the agenda, as those who may see it need it."""

    item: Item
    case_id: str
    alias: str
    key: str
    caseworker: PersonId
    ready: bool
    missing: int  # things missing; 0 and not ready: it waits for the leader's mark
    mandates: frozenset[PersonId]
    conflicts: frozenset[PersonId]
    lacking: tuple[AreaCode, ...]  # involved areas nobody comes from
    away: str | None = None  # the name of whoever presents, when they are away that day (T10)

    @property
    def id(self) -> str:
        return self.item.presentation.id

    def answered_by(self, person: PersonId) -> bool:
        return person in self.mandates or person in self.conflicts


@dataclass(frozen=True)
class AgendaView:
    """The whole agenda. Whoever draws it shows only what its surface and its reader may have."""

    agenda: Agenda
    committee: Committee
    stage: Stage
    deadline: datetime
    lines: tuple[ItemLine, ...]
    open_tasks: int
    next_meeting: Meeting | None
    members: tuple[Seat, ...]  # permanent seats
    written: int = 0  # decided in writing since the last meeting, for point 2 of this one (D32)

    @property
    def meeting(self) -> Meeting:
        return self.agenda.meeting

    @property
    def is_locked(self) -> bool:
        return self.stage != Stage.PRELIMINARY

    @property
    def answered(self) -> int:
        """How many members have said for every item of their area that they may decide, or that they may not."""
        return sum(
            all(i.answered_by(s.person) for i in self.lines if concerns(i, s.area)) for s in self.members
        )


def concerns(line: ItemLine, area: AreaCode) -> bool:
    """Until the measures are known an item may concern every area."""
    presentation = line.item.presentation
    return not presentation.recommendation.measures or area in involved_areas(presentation)


@dataclass(frozen=True)
class MyAgenda:
    """What one person is shown of a meeting: all of it, their own items, or nothing (D6)."""

    view: AgendaView
    lines: tuple[ItemLine, ...]
    whole: bool
    is_member: bool
    regretted: bool
    me: PersonId


@dataclass(frozen=True)
class QuestionLine:
    """One question on an item before the meeting, as it stands there (R125)."""

    id: str
    by: str  # a name
    question: str
    answer: str | None  # None: not answered yet


@dataclass(frozen=True)
class OpenedItem:
    """One item, opened: the recommendation, readiness, and the number in one's own system."""

    view: AgendaView
    line: ItemLine
    case: Case
    tail: str | None
    case_system_of: AreaCode | None
    caseworker_name: str | None
    is_member: bool
    me: PersonId
    memory: Memory | None = None  # None: the committee has not decided on the case before
    questions: tuple[QuestionLine, ...] = ()  # before the meeting, with their answers (R125)
    may_ask: bool = False
    may_answer: bool = False
    may_take_mark: bool = False  # the viewer may say that something is missing again (T09)
    sent_late: tuple[datetime, ...] = ()  # material added after the agenda was made (R141)


@dataclass(frozen=True)
class Waiting:
    """An item that waits for a place on an agenda."""

    id: str
    alias: str
    kind: Kind
    minutes: int


@dataclass(frozen=True)
class Desk:
    """Mødepult: this meeting, the next ones in short, and what waits."""

    view: AgendaView | None
    waiting: tuple[Waiting, ...]
    coming: tuple[tuple[Meeting, int], ...]  # until the next ordinary one, and how many items each has
    undoable: tuple[Meeting, ...]  # cancelled, moved or added less than ten minutes ago
    is_chair: bool
    absent: tuple[str, ...]  # names of members who cannot come
    today: date
    post_waits: bool  # its hour has come, and it does not stand in the channel


@dataclass(frozen=True)
class Prepared:
    """A member's preparation: the preliminary agenda, from Thursday of the week before (D18)."""

    mine: MyAgenda
    tails: dict[
        str, tuple[AreaCode, str]
    ]  # presentation -> own area, and the last digits of its number there


def current_meeting(work: Work, asked: Asked) -> Meeting | None:
    """The one that is on, else the next that has not ended."""
    near = _near(work, asked)
    on_now = (m for m in near if m.state == MeetingState.IN_SESSION or m.is_ahead(asked.at))
    return next(on_now, None)


def _near(work: Work, asked: Asked) -> list[Meeting]:
    """From last week until after the longest holiday."""
    committee, today = the_committee(work, asked.by), asked.today
    return work.meetings.between(committee, today - timedelta(days=7), today + timedelta(days=90))


def seat_of(work: Work, meeting: Meeting, person: Person) -> Seat | None:
    """The person's seat, if they are a member of the meeting's committee now."""
    if not person.has(Role.COMMITTEE_MEMBER):
        return None
    held = work.committees.seats(meeting.committee, on=meeting.day)
    return next((s for s in held if s.person == person.id), None)


def view_of(work: Work, rules: Rules, meeting: Meeting, at: datetime) -> AgendaView:
    standing = tuple(work.presentations.on_agenda(meeting.id))
    agenda = build_agenda(meeting, standing, rules.agenda)
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    present = present_areas(work, meeting, seats)
    stand_ins = {s.case_id: s.person for s in work.substitutes.standing(local_date(at))}
    after = work.meetings.next_after(meeting.committee, meeting.day, count=2)
    work.cases.gather(p.case_id for p in standing)
    work.substitutes.gather_cases([p.case_id for p in standing], meeting.day)
    work.presentations.gather_answers([p.id for p in standing])
    return AgendaView(
        agenda=agenda,
        committee=work.committees.get(meeting.committee),
        stage=stage_of(meeting, rules, at),
        deadline=material_deadline(meeting, rules),
        lines=tuple(_line(work, rules, meeting, item, present, stand_ins, at) for item in agenda.items),
        open_tasks=work.tasks.open_before_meeting(meeting.committee, meeting),
        next_meeting=next((m for m in after if m.begins > meeting.begins), None),
        members=tuple(s for s in seats if not s.alternate),
        written=_written(work, meeting, at),
    )


def _written(work: Work, meeting: Meeting, at: datetime) -> int:
    """What no minutes hold yet is this meeting's, when it is the next one or the one that is on."""
    settled = work.ballots.in_states(meeting.committee, BallotState.AGREED, BallotState.APPROVED)
    waits = sum(b.minuted_in is None for b in settled)
    if not waits or meeting.state == MeetingState.IN_SESSION:
        return waits
    coming = work.meetings.next_after(meeting.committee, local_date(at), count=2)
    following = next((m for m in coming if at < m.ends), None)
    return waits if following and following.id == meeting.id else 0


def _line(  # noqa: PLR0917 - what one line is made of
    work: Work,
    rules: Rules,
    meeting: Meeting,
    item: Item,
    present: frozenset[AreaCode],
    stand_ins: dict[str, PersonId],
    at: datetime,
) -> ItemLine:
    """Whoever stands in on the case today presents it (T25)."""
    presentation = item.presentation
    case = work.cases.get(presentation.case_id)
    ready = is_ready(presentation)
    away = presenter_away(work, meeting, presentation)
    involved = sorted(involved_areas(presentation))
    return ItemLine(
        item=item,
        case_id=case.id,
        alias=case.alias,
        key=case.key,
        caseworker=stand_ins.get(case.id, case.caseworker),
        ready=ready,
        missing=0 if ready else len(missing_points(presentation, case, rules, local_date(at))),
        mandates=frozenset(m.person for m in work.presentations.mandates(presentation.id)),
        conflicts=frozenset(c.person for c in work.presentations.conflicts(presentation.id)),
        lacking=tuple(a for a in involved if a not in present),
        away=work.people.get(away).name if away else None,
    )


def my_agenda(work: Work, rules: Rules, meeting: Meeting, asked: Asked) -> MyAgenda:
    """A member, the secretary and the chair see the whole; others what they present or lead; all else nothing."""
    view = view_of(work, rules, meeting, asked.at)
    me = asked.by
    seen = work.cases.seen_among([line.case_id for line in view.lines], me, asked.at)
    seat = seat_of(work, meeting, me)
    whole = seat is not None or me.runs(meeting.committee)
    lines = tuple(
        line
        for line in view.lines
        if line.case_id in seen
        and me.id not in line.conflicts
        and (whole or line.caseworker == me.id or me.leads(line.item.presentation.area))
    )
    regretted = any(r.person == me.id for r in work.meetings.regrets(meeting.id))
    return MyAgenda(view, lines, whole, seat is not None, regretted, me.id)


def desk_of(work: Work, rules: Rules, asked: Asked, meeting_id: str | None = None) -> Desk:
    meeting = meeting_run_by(work, asked, meeting_id) if meeting_id else current_meeting(work, asked)
    committee = meeting.committee if meeting else the_committee(work, asked.by)
    coming = work.meetings.next_after(committee, asked.today, count=4)
    later = [m for m in coming if meeting and m.begins > meeting.begins]
    until = next((n for n, m in enumerate(later, start=1) if not m.extra), len(later))
    names = {p.id: p.name for p in work.people.all()}
    return Desk(
        view=view_of(work, rules, meeting, asked.at) if meeting else None,
        waiting=tuple(_waiting(work, rules, p) for p in _to_place(work, committee)),
        coming=tuple((m, len(work.presentations.on_agenda(m.id))) for m in later[:until]),
        undoable=tuple(
            m for m in _near(work, asked) if m.may_be_undone(asked.at) and not m.is_the_chairs_call
        ),
        is_chair=asked.by.has(Role.CHAIR, committee=committee),
        absent=tuple(names[r.person] for r in work.meetings.regrets(meeting.id)) if meeting else (),
        today=asked.today,
        post_waits=meeting is not None and meeting.posted_at is not None and _waits(work, meeting),
    )


def _waits(work: Work, meeting: Meeting) -> bool:
    post = work.notices.by_key(meeting.post_key)
    return post is not None and post.ts is None


def _to_place(work: Work, committee: str) -> list[Presentation]:
    """What waits for a place; not what the members are deciding in writing (D32)."""
    return [p for p in work.presentations.waiting(committee) if not p.in_written_procedure]


def _waiting(work: Work, rules: Rules, presentation: Presentation) -> Waiting:
    minutes = minutes_of(presentation, rules.agenda)
    return Waiting(presentation.id, work.cases.get(presentation.case_id).alias, presentation.kind, minutes)


def prepared_of(work: Work, rules: Rules, asked: Asked) -> Prepared | None:
    """A member's preparation; None until the preliminary agenda is there (D18)."""
    meeting = current_meeting(work, asked)
    if meeting is None or seat_of(work, meeting, asked.by) is None:
        return None
    if asked.at < preliminary_from(meeting, rules):
        return None
    mine = my_agenda(work, rules, meeting, asked)
    areas = own_areas(asked.by)
    work.cases.gather_references([line.case_id for line in mine.lines])
    found = {line.id: work.cases.references(line.case_id, areas) for line in mine.lines}
    return Prepared(mine, {id: (r[0].area, r[0].tail) for id, r in found.items() if r})  # noqa: A001


def desk_part(part: PartAsked) -> Desk | None:
    """Mødepult in Home, for the secretary and the chair (A12)."""
    return desk_of(part.work, part.rules, part.asked) if part.asked.by.runs_meetings else None


def member_part(part: PartAsked) -> Prepared | None:
    return prepared_of(part.work, part.rules, part.asked)
