"""Setting the house up, in Slack: the committee, its slot and channel, its roster, and what is still missing (D15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.committee import (
    ChannelUnreachable,
    Committee,
    CommitteeMissing,
    Seat,
    SeatHeldByOther,
    SeatKind,
    next_period,
    roster_faults,
)
from bot.domain.meeting import Face, Meeting, MeetingState, face_of
from bot.domain.people import AreaCode, Person, PersonId, Post, Role, require
from bot.domain.personal_data import refuse_personal_data
from bot.domain.rules import Area, Rules
from bot.domain.tracks import Track
from bot.usecases.homes import PartAsked
from bot.usecases.outbox import broken_places, open_again
from bot.usecases.ports import Asked, ChannelGuard, ChannelSeen, Work
from bot.usecases.role_news import Changed, tell_of_roles, watching
from bot.usecases.tools import Tools, UseCases

AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Gap:
    """Something the house cannot run without: a code with words in setup.j2, and the area it is about."""

    code: str
    area: AreaCode | None = None  # None: it is about the whole house


@dataclass(frozen=True)
class AdminDesk:
    """The administrator's part of Home. No case is in it, ever (privacy matrix)."""

    gaps: tuple[Gap, ...]
    wishes: tuple[tuple[PersonId, str], ...]
    without_role: int
    unreached: int  # as many as the form lists
    waiting: int  # for a place that can be reached; some are in both


@dataclass(frozen=True)
class Slot:
    """The committee as the form gives it: its name, when and where it meets, and its language (D24)."""

    name: str
    weekday: int
    starts: time
    minutes: int
    room: str
    language: str


@dataclass(frozen=True)
class SeatLine:
    id: str
    name: str
    kind: SeatKind
    area: AreaCode
    alternate: bool
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Roster:
    seats: tuple[SeatLine, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class ChannelChosen:
    """What the guard saw in the channel, and how many there have no role here (D6)."""

    face: Face
    outsiders: int


class Setup(UseCases):
    """`lay_out` lays the meetings of the coming year that are not there yet."""

    def __init__(self, tools: Tools, *, guard: ChannelGuard, lay_out: Callable[[datetime], object]) -> None:
        super().__init__(tools)
        self._guard, self._lay_out = guard, lay_out

    def committee(self, asked: Asked) -> Committee | None:
        """The committee as it is set up now; None before the first time."""
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_reading(at=asked.at) as work:
            return next(iter(work.committees.all()), None)

    def save_committee(self, asked: Asked, slot: Slot) -> Committee:
        """Makes the committee or changes it. Another weekly slot lays the coming meetings anew where nothing is placed.

        A meeting with items, regrets or a post of its own stays where it is.
        """
        require(asked.by, Role.ADMINISTRATOR)
        for text, field in ((slot.name, "name"), (slot.room, "room")):
            refuse_personal_data(text, field)
        saved = self._save(asked, slot)
        self._lay_out(asked.at)
        return saved

    def _save(self, asked: Asked, slot: Slot) -> Committee:
        with self._open_work(asked) as work:
            known = next(iter(work.committees.all()), None)
            if known is None:
                made = Committee(
                    self._chance.id(), slot.name, slot.weekday, slot.starts, slot.minutes, slot.room
                )
                saved = work.committees.add(replace(made, language=slot.language))
            else:
                saved = work.committees.save(replace(known, **vars(slot)))
                self._follow_the_slot(work, asked.today, before=known, now=saved)
            facts = {"weekday": str(slot.weekday), "starts": slot.starts.isoformat()}
            work.note("committee_set", committee=saved.id, **facts)
            return saved

    def _follow_the_slot(self, work: Work, today: date, *, before: Committee, now: Committee) -> None:
        same_slot = (before.weekday, before.starts) == (now.weekday, now.starts)
        for meeting in work.meetings.between(now.id, today, today + AHEAD):
            if meeting.state != MeetingState.PLANNED:
                continue
            ours = not meeting.extra and meeting.moved_from is None and meeting.posted_at is None
            if ours and not same_slot and work.meetings.drop(meeting.id):
                continue
            renewed = _with_new_place(meeting, before, now)
            if renewed != meeting:
                work.meetings.save(renewed)
                work.notices.retell(renewed.post_key)

    def choose_channel(self, asked: Asked, channel: str) -> ChannelChosen:
        """The channel the agenda goes to, looked at first. Raises CommitteeMissing, ChannelUnreachable."""
        require(asked.by, Role.ADMINISTRATOR)
        seen = self._guard.look(channel)
        if not seen.exists or seen.archived or not seen.bot_inside:
            raise ChannelUnreachable
        with self._open_work(asked) as work:
            committee = work.committees.get(_the_committee(work).id, lock=True)
            work.committees.save(replace(committee, channel=channel))
            open_again(work, channel)
            if committee.channel and committee.channel != channel:
                work.notices.redirect(committee.channel, channel)
                open_again(work, committee.channel)  # nobody waits there any more
            work.note("channel_chosen", committee=committee.id, channel=channel)
            return _chosen(work, seen, committee)

    def roster(self, asked: Asked) -> Roster:
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_reading(at=asked.at) as work:
            return self._roster(work, asked)

    def seat(
        self,
        asked: Asked,
        person: PersonId,
        name: str | None,
        *,
        kind: SeatKind,
        area: AreaCode,
        alternate: bool,
        first: date | None = None,
        last: date | None = None,
    ) -> Roster:
        """A seat, and the post of a member with it. `name` is the directory's; None for who is no employee.

        A person has one seat: another one takes its place, and a later period in the same lengthens it. `first` and `last` are the period it is held for (R003).
        Raises SeatHeldByOther, CommitteeMissing, SeatBackwards, SeatHeldNow.
        """
        require(asked.by, Role.ADMINISTRATOR)
        if name is None:
            raise SeatHeldByOther
        with self._open_work(asked) as work:
            committee = _the_committee(work)
            known = work.people.find(person, lock=True) or work.people.add(
                Person(person, asked.by.team, name)
            )
            work.people.save(known.given(known.posts | {Post(Role.COMMITTEE_MEMBER)}))
            gained = Changed(person, frozenset({Post(Role.COMMITTEE_MEMBER)}) - known.posts)
            tell_of_roles(work, asked, [gained], watching(work), id=self._chance.id())
            seat = Seat(self._chance.id(), committee.id, person, kind, area, alternate, first, last)
            now = next((s for s in work.committees.seats(committee.id) if s.person == person), None)
            work.committees.put_seat(next_period(now, seat, asked.today))
            work.note(
                "seat_given", person=person, kind=kind, area=area, alternate="yes" if alternate else "no"
            )
            return self._roster(work, asked)

    def unseat(self, asked: Asked, seat_id: str) -> Roster:
        """Takes a seat, and the post of a member with it. A seat that is gone already changes nothing."""
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_work(asked) as work:
            committee = _the_committee(work)
            seat = next((s for s in work.committees.seats(committee.id) if s.id == seat_id), None)
            if seat:
                work.committees.remove_seat(seat.id)
                person = work.people.get(seat.person, lock=True)
                work.people.save(person.given(person.posts - {Post(Role.COMMITTEE_MEMBER)}))
                work.note("seat_taken", person=seat.person, kind=seat.kind, area=seat.area)
            return self._roster(work, asked)

    def send_again(self, asked: Asked) -> int:
        """Tries the parked messages again, now that somebody has mended what was wrong; gives how many."""
        require(asked.by, Role.ADMINISTRATOR, Role.SECRETARY)
        with self._open_work(asked) as work:
            count = sum(open_again(work, to) for to in broken_places(work))
            work.note("sent_again", count=str(count))
            return count

    def _roster(self, work: Work, asked: Asked) -> Roster:
        rules = self._rules.on(asked.today)
        seats = work.committees.seats(_the_committee(work).id)
        names = {p.id: p.name for p in work.people.all()}
        lines = tuple(
            SeatLine(s.id, names[s.person], s.kind, s.area, s.alternate, s.first, s.last) for s in seats
        )
        return Roster(lines, roster_faults(_of_those_here(work, seats), rules.roster, asked.today))


def _of_those_here(work: Work, seats: list[Seat]) -> tuple[Seat, ...]:
    """Nobody sits in the seat of somebody whose account is closed (R003)."""
    here = {p.id for p in work.people.all() if p.active}
    return tuple(s for s in seats if s.person in here)


def _the_committee(work: Work) -> Committee:
    found = next(iter(work.committees.all()), None)
    if found is None:
        raise CommitteeMissing
    return found


def _with_new_place(meeting: Meeting, before: Committee, now: Committee) -> Meeting:
    """Room and length follow the committee's, unless the secretary gave the meeting its own."""
    room = now.room if meeting.room == before.room else meeting.room
    minutes = now.minutes if meeting.minutes == before.minutes else meeting.minutes
    return replace(meeting, room=room, minutes=minutes)


def _chosen(work: Work, seen: ChannelSeen, committee: Committee) -> ChannelChosen:
    """Said when the channel is chosen; before each post the guard looks again."""
    entitled = {p.id for p in work.people.all() if _sees_agendas(p, committee)}
    outsiders = len(set(seen.members) - entitled)
    blocked = seen.shared_outside or bool(seen.guests)
    return ChannelChosen(face_of(blocked=blocked, private=seen.private, outside=outsiders > 0), outsiders)


def _sees_agendas(person: Person, committee: Committee) -> bool:
    return person.has(Role.COMMITTEE_MEMBER) or person.runs(committee.id)


def admin_desk(part: PartAsked) -> AdminDesk | None:
    """The part of Home for administrators."""
    if not part.asked.by.has(Role.ADMINISTRATOR):
        return None
    work = part.work
    people, wishes = work.people.all(), tuple(work.people.access_wishes())
    without = {p.id for p in people if p.active and not p.posts} | {person for person, _ in wishes}
    stuck = work.notices.stuck(at=part.asked.at)
    return AdminDesk(
        gaps=tuple(gaps(work, part.rules, people, part.asked.today)),
        wishes=wishes,
        without_role=len(without),
        unreached=work.notices.unreached(0)[1],
        waiting=stuck.waiting,
    )


def gaps(work: Work, rules: Rules, people: list[Person], today: date) -> list[Gap]:
    """What is missing before the house can run, the next step first (issue 2, item 0)."""
    committee = next(iter(work.committees.all()), None)
    if committee is None:
        return [Gap("committee")]
    seats = work.committees.seats(committee.id)
    found = [] if committee.channel else [Gap("channel")]
    if not seats or roster_faults(_of_those_here(work, seats), rules.roster, today):
        found.append(Gap("roster"))
    for role in (Role.SECRETARY, Role.CHAIR):
        if not any(p.has(role, committee=committee.id) for p in people):
            found.append(Gap(role.value))
    for area in _in_use(rules, people):
        if sum(p.active and p.leads(area.code) for p in people) < rules.roster.leaders_per_area:  # D3
            found.append(Gap("leaders", area.code))
    if not any(p.has(Role.CASEWORKER) for p in people):
        found.append(Gap("caseworker"))
    return found


def _in_use(rules: Rules, people: list[Person]) -> list[Area]:
    """The areas of the youth track, and each other one that somebody works in already (R016)."""
    worked_in = {p.area for person in people if person.active for p in person.posts}
    youth = rules.tracks[Track.YOUTH].areas
    return [a for a in rules.areas if a.code in youth or a.code in worked_in]
