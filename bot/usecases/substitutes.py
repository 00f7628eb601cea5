"""Somebody else on a case for a while: set for one case, for all of a sick colleague's, and ended (T25, D31, X8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.case import Case
from bot.domain.notices import Notice
from bot.domain.people import Absence, NotForYou, PersonId, Role, require
from bot.domain.presentation import TooLateToUndo
from bot.domain.rules import Rules
from bot.domain.substitute import (
    NothingToTakeOver,
    Substitute,
    SubstituteAlready,
    SubstituteBackwards,
    SubstituteTooLong,
    SubstituteUnfit,
    check,
    free_days,
    reminded_on,
)
from bot.usecases.agendas import comes_after_all, regrets_while_away
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.left_behind import led_caseworkers, left_by, next_meeting, stood_in_before
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for


@dataclass(frozen=True)
class SubstituteForm:
    """What the form is drawn from."""

    case_id: str
    alias: str
    key: str
    caseworker: str
    choices: tuple[tuple[PersonId, str], ...]
    first: date
    last: date


@dataclass(frozen=True)
class SickForm:
    """»6 sager, 1 på torsdag«: what is to be taken over, once somebody is chosen."""

    people: tuple[tuple[PersonId, str], ...]
    person: PersonId | None = None
    count: int = 0
    meeting_day: date | None = None  # the next meeting with one of the cases, within a week
    on_meeting: int = 0
    choices: tuple[tuple[PersonId, str], ...] = ()
    last: date | None = None
    covered: int = 0  # cases that somebody stands in on already: they stay as they are


@dataclass(frozen=True)
class TakenOver:
    """What came of it, as it is echoed; `batch` undoes it for ten minutes (D35)."""

    batch: str
    absent: str
    name: str
    count: int
    last: date
    covered: int = 0


@dataclass(frozen=True)
class StandingIn:
    """A case the person stands in on, or one of the area's where somebody does."""

    case_id: str
    alias: str
    key: str
    caseworker: str
    name: str
    last: date


class Substitutes(UseCases):
    def form(self, asked: Asked, case_id: str) -> SubstituteForm:
        """Raises CaseNotFound, NotForYou."""
        with self._open_reading(at=asked.at) as work:
            case = _to_arrange(work, asked, case_id)
            longest = self._rules.on(asked.today).substitutes.longest_days
            return SubstituteForm(
                case.id,
                case.alias,
                case.key,
                work.people.get(case.caseworker).name,
                fit_for(work, case.caseworker, case.area),
                asked.today,
                asked.today + timedelta(days=min(14, longest) - 1),
            )

    def set(self, asked: Asked, case_id: str, *, person: PersonId, first: date, last: date) -> TakenOver:
        """*Sæt stedfortræder*: one case; both are told. Raises SubstituteTooLong, SubstituteUnfit, SubstituteAlready."""
        with self._open_work(asked) as work:
            case = _to_arrange(work, asked, case_id, lock=True)
            batch = self._chance.id()
            self.take_over(work, asked, (case,), person=person, first=first, last=last, batch=batch)
            work.result(batch)
            return _taken_over(work, case.caseworker, person, 1, last, batch)

    def end(self, asked: Asked, case_id: str) -> Case:
        """The fixed caseworker is back: it ends at once. Again: nothing."""
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if not (asked.by.leads(case.area) or asked.by.id == case.caseworker):
                raise NotForYou
            standing = work.substitutes.now_on(case.id, asked.today)
            if standing:
                self._end(work, asked, standing)
            return case

    def sick_form(self, asked: Asked, person: PersonId | None) -> SickForm:
        """The own areas' caseworkers, and who stands in there; once one is chosen, what they leave and who may take it.

        Raises NotForYou.
        """
        require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        with self._open_reading(at=asked.at) as work:
            people = led_caseworkers(work, asked.by, asked.today)
            if person is None:
                return SickForm(tuple((p.id, p.name) for p in people))
            chosen = work.people.get(person)
            sick_days = self._rules.on(asked.today).substitutes.sick_days
            last = asked.today + timedelta(days=sick_days - 1)
            left, covered = left_by(work, asked, person, last)
            cases = [one.case for one in left]
            day, count = next_meeting(work, cases, asked.today)
            named = {p.id: p.name for p in people} | {chosen.id: chosen.name}
            return SickForm(
                tuple(named.items()),
                person,
                len(cases),
                day,
                count,
                fit_for(work, person, chosen.home_area or ""),
                last,
                covered,
            )

    def sick(self, asked: Asked, person: PersonId, *, substitute: PersonId, last: date) -> TakenOver:
        """One form for all cases from today on, own and stood in on, and the colleague is left in peace (D31).

        A case somebody stands in on stays theirs. Raises NothingToTakeOver, and what `take_over` raises.
        """
        require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        with self._open_work(asked) as work:
            absent = work.people.get(person)
            if last < asked.today:
                raise SubstituteBackwards
            left, covered = left_by(work, asked, person, last, lock=True)
            if not left:
                raise NothingToTakeOver(covered=covered)
            batch = self._chance.id()
            if absent.active:
                _is_away(work, asked, person, substitute, last, batch)
            for one in left:
                if one.stood_in:
                    self._end(work, asked, one.stood_in)
                self._stand_in(
                    work, asked, one.case, person=substitute, first=asked.today, last=one.until, batch=batch
                )
            cases = tuple(one.case for one in left)
            _tell_taken_over(work, cases, person=substitute, first=asked.today, batch=batch)
            work.note("colleague_ill", person=person, substitute=substitute, cases=str(len(cases)))
            work.notices.handle(f"left_cases:{person}:")
            work.result(batch)
            until = max(one.until for one in left)
            return replace(_taken_over(work, person, substitute, len(cases), until, batch), covered=covered)

    def receipt(self, asked: Asked, batch: str) -> TakenOver:
        """For a form that was sent twice: the same answer again."""
        with self._open_reading(at=asked.at) as work:
            stints = work.substitutes.of_batch(batch)
            stint = stints[0]
            stood_in = stood_in_before(work, stint)
            absent = stood_in.person if stood_in else work.cases.get(stint.case_id).caseworker
            return _taken_over(work, absent, stint.person, len(stints), stint.last, batch)

    def undo(self, asked: Asked, batch: str) -> int:
        """*Fortryd* within ten minutes, by whoever set it (D35). Raises TooLateToUndo."""
        with self._open_work(asked) as work:
            stints = work.substitutes.of_batch(batch)
            minutes = timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)
            mine = [s for s in stints if s.set_by == asked.by.id and s.ended_at is None]
            if not mine or asked.at > mine[0].set_at + minutes:
                raise TooLateToUndo
            for stint in mine:
                before = stood_in_before(work, stint)
                self._end(work, asked, replace(stint, last=stint.first), act="substitute_undone")
                if before:
                    _stands_in_again(work, replace(before, ended_at=None, last=stint.last))
            absence = work.people.absence(batch)
            if absence:
                work.people.end_absence(batch)
                comes_after_all(work, absence.person, absence.first, absence.last, at=asked.at)
            return len(mine)

    def take_over(
        self,
        work: Work,
        asked: Asked,
        cases: tuple[Case, ...],
        *,
        person: PersonId,
        first: date,
        last: date,
        batch: str,
    ) -> None:
        """Sets the same substitute on each of the cases, or on none. Raises what `check` raises, and SubstituteUnfit."""
        for case in cases:
            self._stand_in(work, asked, case, person=person, first=first, last=last, batch=batch)
        _tell_taken_over(work, cases, person=person, first=first, batch=batch)

    def take_over_free(
        self,
        work: Work,
        asked: Asked,
        cases: Sequence[Case],
        *,
        person: PersonId,
        first: date,
        last: date,
        batch: str,
    ) -> tuple[Case, ...]:
        """On the days nobody stands in; gives the cases. What has been stood in on too long in a row is left.

        Raises SubstituteTooLong when all of it has, and SubstituteUnfit.
        """
        begins: dict[date, list[Case]] = {}
        why = None
        for case in cases:
            try:
                for since, until in free_days(work.substitutes.of_case(case.id), first, last):
                    self._stand_in(work, asked, case, person=person, first=since, last=until, batch=batch)
                    begins.setdefault(since, []).append(case)
            except SubstituteTooLong as refusal:  # nothing has been written of these days
                why = refusal
        if why and not begins:
            raise why
        for since, some in begins.items():
            _tell_taken_over(work, tuple(some), person=person, first=since, batch=batch)
        return tuple({case.id: case for some in begins.values() for case in some}.values())

    def _stand_in(
        self, work: Work, asked: Asked, case: Case, *, person: PersonId, first: date, last: date, batch: str
    ) -> None:
        rules = self._rules.on(asked.today)
        _check_fit(work, case, person, first)
        stint = Substitute(
            self._chance.id(), case.id, person, first, last, asked.by.id, asked.at, batch=batch
        )
        earlier = tuple(work.substitutes.of_case(case.id))
        _check_free(work, stint, earlier)
        check(stint, earlier=earlier, rules=rules.substitutes, days=rules.working_days, today=asked.today)
        work.substitutes.add(stint)
        _note_set(work, stint)

    def end_batch(self, work: Work, asked: Asked, batch: str) -> None:
        """Those set together end together, when the one who was away is back."""
        for stint in work.substitutes.of_batch(batch):
            if stint.ended_at is None and stint.last >= asked.today:
                before = stood_in_before(work, stint)
                self._end(work, asked, stint)
                if before:
                    self._is_back(work, asked, before.person, stint)

    def _is_back(self, work: Work, asked: Asked, person: PersonId, stint: Substitute) -> None:
        """A substitute is well again, and has the rest of the days."""
        set_now = {"set_by": asked.by.id, "set_at": asked.at, "first": asked.today}
        rest = replace(stint, id=self._chance.id(), person=person, **set_now)  # type: ignore[arg-type]
        _note_set(work, work.substitutes.add(rest))

    def remind_due(self, at: datetime) -> int:
        """On the 25th day in a row the leaders are reminded to ask for a change of caseworker (T25). Once."""
        today = local_date(at)
        rules = self._rules.on(today)
        with self._open_reading(at=at) as work:
            due = [s for s in work.substitutes.standing(today) if _is_long(work, s, rules, today)]
        each = OneByOne()
        for stint in due:
            with each.alone(), self._open_work(at=at) as work:
                _remind(work, stint)
        each.over()
        return len(due)

    def _end(self, work: Work, asked: Asked, stint: Substitute, *, act: str = "substitute_ended") -> None:
        work.substitutes.save(stint.ended(at=asked.at, day=asked.today))
        work.note(act, case=stint.case_id, person=stint.person)
        work.notices.handle(f"substitute:{stint.batch}:")
        work.notices.handle(f"substitute_long:{stint.case_id}:")


def fit_for(work: Work, absent: PersonId, area: str) -> tuple[tuple[PersonId, str], ...]:
    """Caseworkers who may stand in: the area's own first."""
    others = [p for p in work.people.holding(Role.CASEWORKER) if p.id != absent]
    others.sort(key=lambda p: (not p.has(Role.CASEWORKER, area), p.name))
    return tuple((p.id, p.name) for p in others)


def _to_arrange(work: Work, asked: Asked, case_id: str, *, lock: bool = False) -> Case:
    """An open case of an area the person leads. Raises CaseNotFound, NotForYou."""
    case = case_for(work, asked, case_id, lock=lock)
    if not asked.by.leads(case.area) or not case.is_open:
        raise NotForYou
    return case


def _check_fit(work: Work, case: Case, person: PersonId, first: date) -> None:
    found = work.people.find(person)
    if found is None or not found.has(Role.CASEWORKER) or person == case.caseworker:
        raise SubstituteUnfit
    if work.people.away(person, first):
        raise SubstituteUnfit


def _check_free(work: Work, stint: Substitute, earlier: tuple[Substitute, ...]) -> None:
    for one in earlier:
        if one.ended_at is None and one.first <= stint.last and stint.first <= one.last:
            raise SubstituteAlready(name=work.people.get(one.person).name, last=one.last)


def _stands_in_again(work: Work, stint: Substitute) -> None:
    work.substitutes.save(stint)
    _note_set(work, stint)


def _note_set(work: Work, stint: Substitute) -> None:
    days = {"first": stint.first.isoformat(), "last": stint.last.isoformat()}
    work.note("substitute_set", case=stint.case_id, person=stint.person, **days)


def _is_away(  # noqa: PLR0917 - what an absence is made of
    work: Work, asked: Asked, person: PersonId, substitute: PersonId, last: date, batch: str
) -> None:
    """From now on the colleague hears nothing, and a member's meetings get regrets (D31)."""
    said = work.people.away(person, asked.today)
    if said:
        work.people.end_absence(said.id)
        work.notices.handle(f"away_wish:{said.id}:")
        work.people.add_absence(replace(said, deputy=said.deputy or substitute, proposed=None))
    else:
        work.people.add_absence(Absence(person, asked.today, last, substitute, batch))
    regrets_while_away(work, person, asked.today, last, at=asked.at)


def _taken_over(  # noqa: PLR0917 - the facts of one receipt
    work: Work, absent: PersonId, person: PersonId, count: int, last: date, batch: str
) -> TakenOver:
    return TakenOver(batch, work.people.get(absent).name, work.people.get(person).name, count, last)


def _tell_taken_over(
    work: Work, cases: tuple[Case, ...], *, person: PersonId, first: date, batch: str
) -> None:
    """The substitute hears of all in one message, on the first day at the earliest; so does the one who is away."""
    begins = instant(first, time(7, 0))
    facts = {"batch": batch}
    key = f"substitute:{batch}:{person}:{first.isoformat()}"
    work.notices.tell(Notice(key, "substitute", person, facts, not_before=begins))
    for absent in dict.fromkeys(case.caseworker for case in cases):
        if work.people.away(absent, first) is None:
            key = f"substitute:{batch}:{absent}"
            work.notices.tell(Notice(key, "substituted", absent, facts, not_before=begins))


def _is_long(work: Work, stint: Substitute, rules: Rules, today: date) -> bool:
    day = reminded_on(
        tuple(work.substitutes.of_case(stint.case_id)),
        stint,
        rules=rules.substitutes,
        days=rules.working_days,
    )
    return day is not None and day <= today and work.notices.by_key(_long_key(stint, stint.set_by)) is None


def _remind(work: Work, stint: Substitute) -> None:
    case = work.cases.get(stint.case_id)
    told = {stint.set_by} | {p.id for p in work.people.holding(Role.AREA_LEADER, case.area)}
    for leader in sorted(told):
        facts = {"substitute": stint.id}
        work.notices.tell(Notice(_long_key(stint, leader), "substitute_long", leader, facts, case_id=case.id))
    work.note("substitute_long", case=case.id, last=stint.last.isoformat())


def _long_key(stint: Substitute, leader: PersonId) -> str:
    return f"substitute_long:{stint.case_id}:{stint.id}:{leader}"


# --- Home ---


def standing_in(part: PartAsked) -> tuple[StandingIn, ...] | None:
    """STEDFORTRÆDER: the cases the person stands in on today; none is no part at all (A12)."""
    if not part.asked.by.has(Role.CASEWORKER):
        return None
    mine = part.work.substitutes.of_person(part.asked.by.id, part.asked.today)
    return tuple(_line(part.work, s) for s in mine) or None


@dataclass(frozen=True)
class LeadersHands:
    """What a leader does about people: somebody is ill, who stands in where, wishes that wait."""

    standing: tuple[StandingIn, ...]


def leaders_hands(part: PartAsked) -> LeadersHands | None:
    if not part.asked.by.is_leader:
        return None
    me, work = part.asked.by, part.work
    standing = [
        s for s in work.substitutes.standing(part.asked.today) if me.leads(work.cases.get(s.case_id).area)
    ]
    return LeadersHands(tuple(_line(work, s) for s in standing))


def _line(work: Work, stint: Substitute) -> StandingIn:
    case = work.cases.get(stint.case_id)
    return StandingIn(
        case.id,
        case.alias,
        case.key,
        work.people.get(case.caseworker).name,
        work.people.get(stint.person).name,
        stint.last,
    )


# --- words ---


@dataclass(frozen=True)
class SubstituteTold:
    lines: tuple[StandingIn, ...]
    mine: bool  # the reader stands in; else somebody does for the reader
    name: str  # the other of the two


def _tell_substitute(telling: Telling) -> Told | None:
    reader, work = telling.recipient, telling.work
    if reader is None:
        return None
    today = local_date(telling.at)
    stints = [s for s in work.substitutes.of_batch(telling.notice.facts["batch"]) if s.covers(today)]
    seen = [s for s in stints if work.cases.seen_by(s.case_id, reader, telling.at)]
    if not seen:
        return None
    lines = tuple(_line(work, s) for s in seen)
    mine = seen[0].person == reader.id
    return Told(SubstituteTold(lines, mine, lines[0].caseworker if mine else lines[0].name), reader.language)


def _tell_long(telling: Telling) -> Told | None:
    reader, work = telling.recipient, telling.work
    stint = work.substitutes.find(telling.notice.facts["substitute"])
    if reader is None or stint is None or not stint.covers(local_date(telling.at)):
        return None
    if work.cases.seen_by(stint.case_id, reader, telling.at) is None:
        return None
    return Told(_line(work, stint), reader.language)


TELLERS: dict[str, Teller] = {
    "substitute": _tell_substitute,
    "substituted": _tell_substitute,
    "substitute_long": _tell_long,
}
