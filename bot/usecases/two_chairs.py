"""The daily check that nobody falls between two chairs (R113, T32): who is told, and when it is over again.

A gap becomes a row when it is found, is told once to the area's leaders and the chair, and is over when the fact is
mended. While they all are away and nobody stands in for them, others hear of it at once (`_others`). Home judges each standing row anew when it is drawn, so what has been mended is gone at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.anchoring import Belonging, What
from bot.domain.calendar import local_date
from bot.domain.case import Case, Stage
from bot.domain.follow_up import NoMeetingNear, follow_up_of
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, AreaMissing, NotForYou, Person, PersonId, Role
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Rules
from bot.domain.two_chairs import (
    HAS_A_PAYER,
    Alarm,
    CaseNow,
    Gap,
    PayerThere,
    check_owed,
    gaps_of,
    may_coordinate,
    next_day,
)
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.markers import put_marker
from bot.usecases.meetings import put_on
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.tools import UseCases, case_for
from bot.usecases.withdrawals import expect_not_held

MEETINGS_OFFERED = 5
INSTEAD = "instead"
"""The fact of a message told to somebody because all who should hear of it are away."""


@dataclass(frozen=True)
class DateChoices:
    """A case without a next date, and the meetings it can come on."""

    case_id: str
    alias: str
    key: str
    choices: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class PayerChoices:
    """A case without a payer, and the areas that could be; `proposed` pays its frame, or is where it is anchored."""

    case_id: str
    alias: str
    key: str
    areas: tuple[AreaCode, ...]
    proposed: AreaCode


class TwoChairs(UseCases):
    def check_due(self, at: datetime) -> int:
        """Every working day at seven, once; a day that was missed is made up for when we are back. Gives new alarms."""
        self._mend(at)
        rules = self._rules.on(local_date(at))
        day = check_owed(at, clock=rules.deadlines.check_clock, days=rules.working_days)
        key = f"two_chairs:{day.isoformat()}"
        with self._open_reading(at=at) as work:
            if work.notices.by_key(key) or not work.committees.all():
                return 0
        each = OneByOne()
        with self._open_work(at=at) as work:
            if not put_marker(work, key):
                return 0
            found = look_at(work, work.cases.open(), rules=rules, at=at, new_id=self._chance.id, each=each)
            work.note("two_chairs_checked", day=day.isoformat(), found=str(found))
        each.over()  # what was found on the others stands
        return found

    def date_choices(self, asked: Asked, case_id: str) -> DateChoices:
        """The next meetings, for *Ret* on a case without a next date. Raises CaseNotFound, NotForYou."""
        with self._open_reading(at=asked.at) as work:
            case = case_for(work, asked, case_id)
            _may_mend(asked, case)
            coming = work.meetings.next_after(case.committee, asked.today, count=MEETINGS_OFFERED + 1)
            ahead = [m for m in coming if m.is_ahead(asked.at)][:MEETINGS_OFFERED]
            return DateChoices(case.id, case.alias, case.key, tuple((m.id, m.day) for m in ahead))

    def set_next_date(self, asked: Asked, case_id: str, meeting_id: str) -> tuple[str, date]:
        """A leader or whoever runs the meetings puts the case on one: its alias and the day.

        What waits goes on that agenda; an active case with nothing under way gets its follow-up there (R064).
        Raises CaseNotFound, NotForYou, NoMeetingNear, AgendaLocked, MeetingFull, MeetingOver.
        """
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            _may_mend(asked, case)
            meeting = work.meetings.find(meeting_id)
            item = _to_date(work, case)
            if meeting is None or (item is None and case.stage != Stage.ACTIVE):
                raise NoMeetingNear(field="meeting")
            rules = self._rules.on(asked.today)
            if item is None:
                fresh = follow_up_of(case, id=self._chance.id(), at=asked.at, rules_version=rules.version)
                work.presentations.add(put_on(work, rules, fresh, meeting.id, asked.at))
            else:
                expect_not_held(work, item)
                work.presentations.save(put_on(work, rules, item, meeting.id, asked.at))
            work.note("next_date_set", case=case.id, day=meeting.day.isoformat())
            work.notices.retell(meeting.post_key)
            work.result(case.id)
            return case.alias, meeting.day

    def payer_choices(self, asked: Asked, case_id: str) -> PayerChoices:
        """For *Sæt betaler* on a case whose payer is missing. Raises CaseNotFound, NotForYou, PayerThere."""
        with self._open_reading(at=asked.at) as work:
            case = _to_give_a_payer(work, asked, case_id)
            frame = work.frames.open_of(case.id)
            rules = self._rules.on(asked.today)
            paying = frame.payer if frame else None
            proposed = rules.frame.proposed_payer(anchored=case.area, paying=paying)
            return PayerChoices(case.id, case.alias, case.key, tuple(a.code for a in rules.areas), proposed)

    def set_payer(self, asked: Asked, case_id: str, area: AreaCode | None) -> Case:
        """A leader names the payer that is missing (T32); one that is there changes by a decision only (R108).

        Raises CaseNotFound, NotForYou, PayerThere, AreaMissing.
        """
        with self._open_work(asked) as work:
            case = _to_give_a_payer(work, asked, case_id, lock=True)
            if area not in [a.code for a in self._rules.on(asked.today).areas]:
                raise AreaMissing(field="payer")
            row = Belonging(
                self._chance.id(), case.id, case.committee, What.PAYER, area, asked.today, asked.at,
                asked.by.id, "was_missing", role=Role.AREA_LEADER,
            )  # fmt: skip
            work.belongings.add(row)
            saved = work.cases.save(replace(case, payer=area))
            work.note("payer_set", case=case.id, area=area)
            work.result(case.id)
            return saved

    def _mend(self, at: datetime) -> None:
        """What has been put right since is written down, and its messages say so."""
        rules = self._rules.on(local_date(at))
        with self._open_reading(at=at) as work:
            standing = work.alarms.standing()
            if not standing:
                return
            looking = Looking(work, rules, at)
            if all(a.gap in looking.gaps(work.cases.get(a.case_id)) for a in standing):
                return
        with self._open_work(at=at) as work:
            looking, standing = Looking(work, rules, at), work.alarms.standing()
            cases = {a.case_id: work.cases.get(a.case_id) for a in standing}
            over = [a for a in standing if a.gap not in looking.gaps(cases[a.case_id])]
            _is_over(work, over, at)


def _may_mend(asked: Asked, case: Case) -> None:
    if not (asked.by.leads(case.area) or asked.by.runs(case.committee)):
        raise NotForYou


def _to_give_a_payer(work: Work, asked: Asked, case_id: str, *, lock: bool = False) -> Case:
    case = case_for(work, asked, case_id, lock=lock)
    if not asked.by.leads(case.area):
        raise NotForYou
    if case.stage not in HAS_A_PAYER or case.payer is not None:
        raise PayerThere
    return case


def _to_date(work: Work, case: Case) -> Presentation | None:
    """What waits for a meeting on the case, the newest first; on a stilled one its closing."""
    waiting = [p for p in work.presentations.of_case(case.id) if p.may_stand_on_an_agenda]
    closing = [p for p in waiting if p.kind == Kind.CLOSURE and case.is_stilled]
    return next(iter(closing or waiting), None)


class Looking:
    """One look at several cases; whom and what they share is asked for once."""

    def __init__(self, work: Work, rules: Rules, at: datetime) -> None:
        self._work, self._rules, self._at = work, rules, at
        self._today = local_date(at)
        self._people = {p.id: p for p in work.people.all()}
        self._areas = {a.code for a in rules.areas}
        self._coming = {h.case_id: h.new for h in work.handovers.due(date.max)}  # decided, on their way

    def gaps(self, case: Case) -> tuple[Gap, ...]:
        if not case.is_open or case.practice:
            return ()
        deadlines = self._rules.deadlines
        return gaps_of(
            self._now(case),
            today=self._today,
            days=self._rules.working_days,
            overdue_after=deadlines.chair_sees_after,
        )

    def _now(self, case: Case) -> CaseNow:
        presentations = [p for p in self._work.presentations.of_case(case.id) if p.is_open]
        found = (self._work.meetings.find(p.meeting_id) for p in presentations if p.meeting_id)
        days, deadlines = self._rules.working_days, self._rules.deadlines
        meetings = {m.id: m for m in found if m}
        return CaseNow(
            case=case,
            coordinator=self._coordinator(case),
            substitute=self._people.get(stands_in(self._work, case, self._today) or ""),
            anchor_known=case.area in self._areas,
            anchor_led=bool(leaders_of(self._people.values(), case.area)),
            next_day=next_day(case, presentations, meetings, days=days, deadlines=deadlines),
        )

    def _coordinator(self, case: Case) -> Person | None:
        """Whoever has it; when it is on its way to somebody who has gone, that one, long before the day (T24)."""
        coming = self._people.get(self._coming.get(case.id, case.caseworker))
        return self._people.get(case.caseworker) if may_coordinate(coming) else coming


def stands_in(work: Work, case: Case, today: date) -> PersonId | None:
    """Who is the caseworker's substitute on the case today (T25); None: nobody."""
    found = work.substitutes.now_on(case.id, today)
    return found.person if found else None


def leaders_of(people: Iterable[Person], area: AreaCode) -> list[Person]:
    """The leaders of the area itself who are here (R009); its deputies where there is none."""
    here = list(people)
    leaders = [p for p in here if p.has(Role.AREA_LEADER, area)]
    return leaders or [p for p in here if p.has(Role.DEPUTY_LEADER, area)]


def look_at(
    work: Work,
    cases: Iterable[Case],
    *,
    rules: Rules,
    at: datetime,
    new_id: Callable[[], str],
    each: OneByOne | None = None,
) -> int:
    """Finds new gaps on these cases, writes them down and tells them, in one message a person; gives how many.

    `each`: a case that cannot be looked at is put aside there, and the others have their turn; else it is raised.
    """
    looking = Looking(work, rules, at)
    known = {(a.case_id, a.gap) for a in work.alarms.standing()}
    batch, found = new_id(), 0
    told: dict[PersonId, list[str]] = {}
    instead: set[PersonId] = set()
    for case in cases:
        gaps: list[Gap] = []
        with each.alone() if each else nullcontext():
            gaps = [gap for gap in looking.gaps(case) if (case.id, gap) not in known]
        for gap in gaps:
            alarm = work.alarms.add(Alarm(new_id(), case.id, gap, at, batch=batch))
            work.note("gap_found", case=case.id, gap=gap.value)
            found += 1
            people = _who_hears(work, case)
            others = () if any(_is_here(work, p) for p in people) else _others(work, case)
            instead.update(others)
            for person in (*people, *others):
                told.setdefault(person, []).append(alarm.id)
    for person, alarms in told.items():
        facts = {"batch": batch, "alarms": ",".join(alarms)} | ({INSTEAD: "1"} if person in instead else {})
        work.notices.tell(Notice(f"alarm:{batch}:{person}", "alarm", person, facts))  # T32, R113
    return found


def look_at_cases_of(
    work: Work, person: Person, *, rules: Rules, at: datetime, new_id: Callable[[], str]
) -> int:
    """A colleague is no longer here, or in a role: their cases are looked at now, those they stand in on, and led."""
    led = person.posts
    areas = {p.area for p in led if p.role in (Role.AREA_LEADER, Role.DEPUTY_LEADER) and p.area}
    cases = {c.id: c for c in work.cases.of_caseworker(person.id)}
    coming = [h.case_id for h in work.handovers.due(date.max) if h.new == person.id]
    cases |= {id: work.cases.get(id) for id in coming}  # noqa: A001
    stood_in = work.substitutes.of_person(person.id, local_date(at))
    cases |= {s.case_id: work.cases.get(s.case_id) for s in stood_in}
    cases |= {c.id: c for area in sorted(areas) for c in work.cases.in_area(area)}
    return look_at(work, cases.values(), rules=rules, at=at, new_id=new_id)


def _who_hears(work: Work, case: Case) -> list[PersonId]:
    everybody = work.people.all()
    chairs = [p for p in everybody if p.has(Role.CHAIR, committee=case.committee)]
    return list(dict.fromkeys(p.id for p in (*leaders_of(everybody, case.area), *chairs)))


def _others(work: Work, case: Case) -> tuple[PersonId, ...]:
    """Who hears of it while all who should are away (F13): the first of these of whom somebody is here.

    The area's deputies; its heads, who read how many; the secretary, who plans the meetings and reads how many too.
    """
    for role, where in (
        (Role.DEPUTY_LEADER, {"area": case.area}),
        (Role.DEPARTMENT_HEAD, {"area": case.area}),
        (Role.SECRETARY, {"committee": case.committee}),
    ):
        here = tuple(p.id for p in work.people.holding(role, **where) if _is_here(work, p.id))
        if here:
            return here
    return ()


def _is_here(work: Work, person: PersonId) -> bool:
    return work.notices.reaches(Notice("", "alarm", person))


def _is_over(work: Work, alarms: list[Alarm], at: datetime) -> None:
    for alarm in alarms:
        work.alarms.save(replace(alarm, mended_at=at))
        work.note("gap_mended", case=alarm.case_id, gap=alarm.gap.value)
    left = {a.id for a in work.alarms.standing()}
    batches = {a.batch for a in alarms}
    for notice in work.notices.showing("alarm"):
        if notice.facts["batch"] in batches:
            if left.isdisjoint(notice.facts["alarms"].split(",")):
                work.notices.handle(notice.key)
            else:
                work.notices.retell(notice.key)


# --- what people see ---


@dataclass(frozen=True)
class AlarmLine:
    """One gap on one case, with what its button is pressed for."""

    case_id: str
    alias: str
    key: str
    gap: Gap
    since: date
    fixes: tuple[
        str, ...
    ] = ()  # what the reader can do about it, the most obvious first: date, substitute, change, anchor, payer
    left_by: PersonId | None = None  # who answered for it, where the reader can put somebody else there
    changeable: bool = False  # the committee can be asked for another caseworker


@dataclass(frozen=True)
class Alarms:
    """What stands now; `lines` only for those who may see the cases. `count` counts cases, and zero is a count."""

    count: int
    lines: tuple[AlarmLine, ...] = ()
    instead: bool = False  # told because all who should hear of it are away


def my_alarms(part: PartAsked) -> Alarms | None:
    """The top of Home for leaders and the chair; for a department head only how many."""
    me = part.asked.by
    heads = me.areas_as(Role.DEPARTMENT_HEAD)
    if not (me.is_leader or me.has(Role.CHAIR) or heads):
        return None
    areas = {*heads, *me.areas_as(Role.AREA_LEADER, Role.DEPUTY_LEADER)}
    lines, counted = [], set()
    for alarm, case in _standing(part.work, part.rules, part.asked.at):
        if not (me.has(Role.CHAIR, committee=case.committee) or case.area in areas):
            continue
        counted.add(case.id)
        if part.work.cases.seen_by(case.id, me, part.asked.at):
            lines.append(_line(part.work, alarm, case, me))
    return Alarms(len(counted), tuple(lines))


def _standing(work: Work, rules: Rules, at: datetime) -> Iterator[tuple[Alarm, Case]]:
    """Alarms whose gap is there still, at this moment."""
    standing = work.alarms.standing()
    if not standing:
        return
    looking = Looking(work, rules, at)
    for alarm in standing:
        case = work.cases.get(alarm.case_id)
        if alarm.gap in looking.gaps(case):
            yield alarm, case


def _line(work: Work, alarm: Alarm, case: Case, reader: Person) -> AlarmLine:
    fixes = tuple(_fixes(work, alarm, case, reader))
    return AlarmLine(case.id, case.alias, case.key, alarm.gap, local_date(alarm.since), fixes)


def _fixes(work: Work, alarm: Alarm, case: Case, reader: Person) -> Iterator[str]:
    if alarm.gap == Gap.NEXT_DATE and (case.stage == Stage.ACTIVE or _to_date(work, case)):
        yield "date"
    if alarm.gap == Gap.COORDINATOR and reader.leads(case.area):
        yield "substitute"
        asked_for = work.presentations.open_of(case.id, Kind.CASEWORKER_CHANGE)
        if case.stage == Stage.ACTIVE and asked_for is None:
            yield "change"
    if alarm.gap == Gap.ANCHOR and (
        reader.leads(case.area) or reader.has(Role.CHAIR, committee=case.committee)
    ):
        yield "anchor"
    if alarm.gap == Gap.PAYER and reader.leads(case.area):
        yield "payer"


def _reads_how_many(reader: Person, case: Case) -> bool:
    secretary = reader.has(Role.SECRETARY, committee=case.committee)
    return reader.has(Role.DEPARTMENT_HEAD, case.area) or secretary


def tellers(rules: RulesBook) -> dict[str, Teller]:
    """The message lists what still is missing when it is sent, of the cases its reader may see then."""

    def tell(telling: Telling) -> Told | None:
        reader = telling.recipient
        if reader is None:
            return None
        facts, found, counted = telling.notice.facts, [], set()
        ids, instead = facts["alarms"].split(","), INSTEAD in facts
        for alarm, case in _standing(telling.work, rules.on(local_date(telling.at)), telling.at):
            if alarm.id not in ids:
                continue
            if telling.work.cases.seen_by(case.id, reader, telling.at):
                found.append(_line(telling.work, alarm, case, reader))
                counted.add(case.id)
            elif instead and _reads_how_many(reader, case):
                counted.add(case.id)
        return Told(Alarms(len(counted), tuple(found), instead), reader.language) if counted else None

    return {"alarm": tell}
