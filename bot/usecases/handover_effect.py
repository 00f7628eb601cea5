"""What a decided change of caseworker and a decided background group do to a case, and to whom they are told (T24, T27)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.contacts import Contact, Handover
from bot.domain.frame import open_commitments, outstanding
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, Role
from bot.domain.presentation import Kind, Recommendation
from bot.domain.two_chairs import may_coordinate
from bot.usecases.acting import end_substitutes
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Work
from bot.usecases.tasks import TaskLine, line_of_task


def decide_handover(work: Work, case: Case, handover: Handover, *, at: datetime) -> Case:
    """Written down; carried out at once when its day has come. The new one is told in both cases."""
    settle_handover(work, case.id, at=at)
    work.handovers.add(handover)
    work.note("handover_decided", case=case.id, caseworker=handover.new, on=handover.on.isoformat())
    if handover.on <= local_date(at):
        return carry_out(work, case, handover, at=at)
    if handover.overlaps(local_date(at)):
        tell_overlap(work, handover)
    else:
        _tell(work, handover, "ahead")
    return case


def settle_handover(work: Work, case: str, *, at: datetime) -> None:
    """One that waits for its day does not come: another was decided, or the case has closed (T24, T28)."""
    waiting = work.handovers.waiting_on(case)
    if waiting:
        work.handovers.save(replace(waiting, done_at=at, new=waiting.old, on=local_date(at)))


def overlaps_to_tell(work: Work, day: date) -> list[Handover]:
    """The overlaps that have begun and whose new caseworker has not heard it."""
    begun = work.handovers.overlapping(day)
    return [h for h in begun if h.overlaps(day) and work.notices.by_key(_key(h, "overlap")) is None]


def tell_overlap(work: Work, handover: Handover) -> None:
    """From now on both see the case; the old one answers for it until the day (T24)."""
    work.note("overlap_begun", case=handover.case_id, caseworker=handover.new, on=handover.on.isoformat())
    _tell(work, handover, "overlap")


def can_be_carried_out(work: Work, today: date) -> list[Handover]:
    """Those whose day has come, to somebody who is here; the others wait until the committee names another."""
    return [h for h in work.handovers.due(today) if may_coordinate(work.people.find(h.new))]


def carry_out(work: Work, case: Case, handover: Handover, *, at: datetime) -> Case:
    """From this moment the new one sees the case and the old one does not; what is open goes along (T24).

    Nobody is left with a case who is here no longer: it waits, and the alarm of the case says so (T32).
    """
    if not may_coordinate(work.people.find(handover.new)):
        return case
    work.handovers.save(replace(handover, done_at=at))
    if not case.is_open or case.caseworker != handover.old:
        return case
    given = replace(case.given_to(handover.new, at=at), accepted_at=None)
    saved = work.cases.save(given)
    for presentation in work.presentations.of_case(case.id):
        if presentation.is_open and handover.old in (presentation.requested_by, presentation.collector):
            moved = replace(presentation, requested_by=handover.new, collector=handover.new)
            work.presentations.save(moved)
    end_substitutes(work, case, at=at)
    work.note("caseworker_appointed", case=case.id, caseworker=handover.new, instead_of=handover.old)
    _tell(work, handover, "now")
    return saved


def show_taken(work: Work, case: Case) -> None:
    """The messages that asked the fixed caseworker to take the case are shown without the question (T17)."""
    last = work.handovers.last_done(case.id)
    if last:
        work.notices.retell(_key(last, "now"))
    for told in work.notices.showing("decided"):
        if told.to == case.caseworker and case.id in _cases_of(work, told):
            work.notices.retell(told.key)


def _cases_of(work: Work, told: Notice) -> set[str]:
    return {work.presentations.get(item).case_id for item in told.presentations}


def set_group(work: Work, case: Case, final: Recommendation) -> Case:
    """T27: only the committee sets it up, changes it and ends it (R065)."""
    group = () if final.group_ends else final.group
    if group != case.group:
        work.note("group_set" if group else "group_ended", case=case.id, members=str(len(group)))
    return replace(case, group=group, complicated=case.complicated and not final.group_ends)


def _tell(work: Work, handover: Handover, when: str) -> None:
    facts = {"handover": handover.id}
    work.notices.tell(Notice(_key(handover, when), "handover", handover.new, facts))


def _key(handover: Handover, when: str) -> str:
    return f"handover:{handover.id}:{when}:{handover.new}"


@dataclass(frozen=True)
class HandoverCard:
    """What the new caseworker takes over: promises, dates, what is set aside, and whom to call (B1.19)."""

    case_id: str
    alias: str
    key: str
    caseworker: str
    since: date | None  # None: since the case was registered
    before: str | None  # who had it; None: nobody else
    ahead: date | None  # the day it will be handed over; None: it has been
    overlap_from: date | None  # the first day both see it; None: no overlap
    next_day: date | None
    tasks: tuple[TaskLine, ...]
    set_aside: tuple[tuple[str, Kroner], ...]  # purpose, and what it still holds
    complicated: bool  # marked as especially so (R065)
    group: tuple[Contact, ...]
    contacts: tuple[Contact, ...]
    leaders: tuple[tuple[AreaCode, str], ...]  # whom to ask in each area
    changes: int  # how often the caseworker was exchanged (R056)

    @property
    def held(self) -> Kroner:
        return Kroner(sum(amount.ore for _, amount in self.set_aside))


def card_of(work: Work, case: Case, areas: tuple[AreaCode, ...]) -> HandoverCard:
    follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
    meeting = work.meetings.find(follow_up.meeting_id) if follow_up and follow_up.meeting_id else None
    last, waiting = work.handovers.last_done(case.id), work.handovers.waiting_on(case.id)
    frame = work.frames.open_of(case.id)
    entries = tuple(work.frames.entries(frame.id)) if frame else ()
    open_tasks = [t for t in work.tasks.of_case(case.id) if not t.is_done]
    return HandoverCard(
        case_id=case.id,
        alias=case.alias,
        key=case.key,
        caseworker=work.people.get(case.caseworker).name,
        since=local_date(case.fixed_since) if case.fixed_since else None,
        before=work.people.get(last.old).name if last else None,
        ahead=waiting.on if waiting else None,
        overlap_from=waiting.overlap_from if waiting else None,
        next_day=meeting.day if meeting else None,
        tasks=tuple(line_of_task(work, t) for t in open_tasks),
        set_aside=tuple((e.purpose, outstanding(e, entries)) for e in open_commitments(entries)),
        complicated=case.complicated,
        group=case.group,
        contacts=case.contacts,
        leaders=tuple((a, name) for a in areas for name in _leader(work, a)),
        changes=work.handovers.count(case.id),
    )


def _leader(work: Work, area: AreaCode) -> list[str]:
    return [p.name for p in work.people.holding(Role.AREA_LEADER, area)][:1]


def _tell_handover(telling: Telling) -> Told | None:
    """That it is coming, while the new one has no access; in the overlap, and from the day on, the card in short."""
    reader, work = telling.recipient, telling.work
    handover = work.handovers.find(telling.notice.facts["handover"])
    if reader is None or handover is None or handover.new != reader.id:
        return None
    case = work.cases.get(handover.case_id)
    if ":ahead:" in telling.notice.key:
        if handover.done_at or not case.is_open or not reader.has(Role.CASEWORKER):
            return None
    elif work.cases.seen_by(case.id, reader, telling.at) is None:
        return None
    card = card_of(work, case, ())
    waits = handover.done_at is None
    told = HandoverTold(
        replace(card, ahead=handover.on if waits else None),
        sees_it=":ahead:" not in telling.notice.key,
        may_accept=not waits and case.caseworker == reader.id and case.waits_to_be_taken,
    )
    return Told(told, reader.language)


@dataclass(frozen=True)
class HandoverTold:
    card: HandoverCard
    sees_it: bool  # the reader may see the case now
    may_accept: bool = False  # »Jeg tager sagen« has not been said (T17)


@dataclass(frozen=True)
class Coming:
    """A case the person follows beside its caseworker, until it is theirs."""

    case_id: str
    alias: str
    name: str  # the caseworker until then
    on: date


def coming_to_me(part: PartAsked) -> tuple[Coming, ...] | None:
    """OVERDRAGES TIL DIG: the overlaps the person is in today; none is no part at all (T24)."""
    work, me, today = part.work, part.asked.by, part.asked.today
    if not me.has(Role.CASEWORKER):
        return None
    mine = [h for h in work.handovers.overlapping(today) if h.new == me.id and h.overlaps(today)]
    return tuple(_coming(work, h) for h in mine) or None


def _coming(work: Work, handover: Handover) -> Coming:
    case = work.cases.get(handover.case_id)
    return Coming(case.id, case.alias, work.people.get(handover.old).name, handover.on)


@dataclass(frozen=True)
class NotTaken:
    """A case of the leader's area whose fixed caseworker has not said »Jeg tager sagen« (T17)."""

    case_id: str
    alias: str
    name: str
    since: date  # appointed on


def not_taken_yet(part: PartAsked) -> tuple[NotTaken, ...] | None:
    """A leader sees who has not said it, the longest first; when all have, there is no part at all."""
    work, areas = part.work, part.asked.by.areas_as(Role.AREA_LEADER)
    waiting = [c for a in areas for c in work.cases.in_area(a) if c.waits_to_be_taken and not c.is_stilled]
    lines = [_not_taken(work, case) for case in waiting]
    return tuple(sorted(lines, key=lambda line: (line.since, line.alias))) or None


def _not_taken(work: Work, case: Case) -> NotTaken:
    since = case.fixed_since or datetime.min.replace(tzinfo=UTC)
    return NotTaken(case.id, case.alias, work.people.get(case.caseworker).name, local_date(since))


TELLERS: dict[str, Teller] = {"handover": _tell_handover}
