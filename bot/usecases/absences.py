"""»Jeg er væk« for every role: who takes over, who is told, and one overview on the first morning back (D31, A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.case import Case
from bot.domain.notices import Notice
from bot.domain.people import (
    MUST_BE_LENT,
    Absence,
    AbsenceBackwards,
    DeputyNotAllowed,
    DeputyUnfit,
    Handed,
    NotForYou,
    Person,
    PersonId,
    Post,
    Role,
    WishAnswered,
    handed,
    lendable_to,
    require,
)
from bot.domain.substitute import SubstituteTooLong, SubstituteUnfit, free_days
from bot.usecases.agendas import comes_after_all, regrets_while_away
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.substitutes import Substitutes, fit_for
from bot.usecases.tools import Tools, UseCases
from bot.usecases.while_away import TELLERS as BACK
from bot.usecases.while_away import back_key, let_out, tell_of_absences

LOOKS_BACK = timedelta(days=14)
"""Somebody who was away longer ago has found out."""


@dataclass(frozen=True)
class AwayWish:
    """A caseworker will be away and proposes a colleague; the leader answers with one press."""

    absence_id: str
    name: str
    proposed: str
    first: date
    last: date
    count: int
    covered: int = 0  # cases somebody stands in on already on all these days: they stay as they are
    answered: bool = False
    choices: tuple[tuple[PersonId, str], ...] = ()
    chosen: PersonId | None = None


class Absences(UseCases):
    def __init__(self, tools: Tools, substitutes: Substitutes) -> None:
        super().__init__(tools)
        self._substitutes = substitutes

    def away(self, asked: Asked, first: date, last: date, deputy: PersonId | None) -> Absence:
        """»Jeg er væk« (D31): no message reaches the person meanwhile. An overlapping absence is replaced.

        A caseworker with cases proposes, and the leader answers. A leader, secretary or chair names a deputy, who acts
        for them on these days; whoever reads figures, one who may read them meanwhile. A member's meetings get regrets,
        and the alternates are asked. Whoever can be lent nothing is told that colleagues may come (docs/decisions/18).
        Raises AbsenceBackwards, DeputyUnfit, DeputyNotAllowed, SubstituteTooLong.
        """
        if last < first or last < asked.today:
            raise AbsenceBackwards
        with self._open_work(asked) as work:
            me = work.people.get(asked.by.id)
            absence = self._planned(work, asked, me, first, last, deputy)
            for earlier in work.people.absences_of(me.id):
                if earlier.first <= last and first <= earlier.last:
                    self._end(work, asked, earlier)
                    _comes(work, asked, earlier, but=absence)
            work.people.add_absence(absence)
            lent = ",".join(sorted({post.role.value for post in absence.lends}))
            work.note("away", first=first.isoformat(), last=last.isoformat(), deputy=deputy or "", lent=lent)
            self._tell(work, me, absence)
            regrets_while_away(work, me.id, first, last, deputy, at=asked.at)
            return absence

    def handed(self, asked: Asked, absence: Absence) -> tuple[str, Handed] | None:
        """Whom the person has named, and what that one can do; None when nobody takes over."""
        with self._open_reading(at=asked.at) as work:
            named = _named(absence)
            return (work.people.get(named).name, _handed(work, absence)) if named else None

    def back(self, asked: Asked, absence_id: str) -> None:
        """»Jeg er tilbage«: it ends today, and so do the substitutes. One that has not begun falls away."""
        with self._open_work(asked) as work:
            for absence in work.people.absences_of(asked.by.id):
                if absence.id == absence_id:
                    self._end(work, asked, absence)
                    _comes(work, asked, absence)
                    let_out(work, asked, absence)
                    work.note("back", first=absence.first.isoformat())

    def wish(self, asked: Asked, absence_id: str) -> AwayWish:
        """For *Vælg en anden*. Raises WishAnswered, NotForYou."""
        with self._open_reading(at=asked.at) as work:
            absence, cases = _wish_to_answer(work, asked, absence_id)
            area = cases[0].area if cases else ""
            return replace(
                _wish(work, absence, len(cases), asked.by, asked.today),
                choices=fit_for(work, absence.person, area),
                chosen=absence.proposed,
            )

    def approve(self, asked: Asked, absence_id: str, *, person: PersonId | None = None) -> AwayWish:
        """One press: the proposed colleague, or `person`, stands in on the open cases where nobody does (T25).

        A case somebody stands in on stays theirs in those days. One that has had substitutes too long in a row waits
        still, and keeps no other from being taken over. Raises WishAnswered, SubstituteTooLong, SubstituteUnfit.
        """
        with self._open_work(asked) as work:
            absence, waiting = _wish_to_answer(work, asked, absence_id)
            substitute = person or absence.proposed or ""
            first = max(absence.first, asked.today)
            covered = _wish(work, absence, 0, asked.by, asked.today).covered
            cases = self._substitutes.take_over_free(
                work, asked, waiting, person=substitute, first=first, last=absence.last, batch=absence.id
            )
            work.people.end_absence(absence.id)
            left = _without_substitute(work, absence, asked.today)
            named = replace(absence, proposed=absence.proposed if left else None)
            named = replace(named, deputy=absence.deputy or (None if left else substitute))
            work.people.add_absence(named)
            work.note("away_approved", person=absence.person, deputy=substitute, cases=str(len(cases)))
            for leader in _who_answers(work, absence.person, cases):
                work.notices.retell(f"away_wish:{absence.id}:{leader.id}")
            if not left:
                key = f"away_answer:{absence.id}:{absence.person}"
                work.notices.tell(Notice(key, "away_answer", absence.person, {"absence": absence.id}))
            wish = _wish(work, named, len(cases), asked.by, asked.today)
            proposed = work.people.get(substitute).name
            return replace(wish, proposed=proposed, covered=covered, answered=not left)

    def allow_deputies(self, asked: Asked, person: PersonId, allowed: tuple[PersonId, ...]) -> None:
        """The administrator says who may be a leader's, secretary's or chair's deputy. Raises DeputyUnfit."""
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_work(asked) as work:
            for one in allowed:
                _fit(work, person, one)
            if work.people.find(person) is None:
                raise DeputyUnfit(field="person")
            work.people.put_allowed_deputies(person, allowed)
            work.note("deputies_allowed", person=person, deputies=",".join(allowed))

    def allowed_deputies(self, asked: Asked, person: PersonId) -> tuple[PersonId, ...]:
        require(asked.by, Role.ADMINISTRATOR)
        with self._open_reading(at=asked.at) as work:
            return tuple(work.people.allowed_deputies(person))

    def back_due(self, at: datetime) -> int:
        """On the first working morning back: »Mens du var væk: 3 registreringer, 1 beslutning, 6 punkter udsat«.

        Once, if anything; news that waited is in it, and absences that follow one another are one.
        """
        today = local_date(at)
        if not self._rules.on(today).working_days.is_working(today):
            return 0
        with self._open_reading(at=at) as work:
            over = [a for a in work.people.absences_between(today - LOOKS_BACK, today) if a.last < today]
            due: dict[PersonId, list[Absence]] = {}
            for absence in over:
                if _is_back(work, absence, at, today):
                    due.setdefault(absence.person, []).append(absence)
        each, told = OneByOne(), 0
        for absences in due.values():
            with each.alone(), self._open_work(at=at) as work:
                told += tell_of_absences(work, absences, at)
        each.over()
        return told

    def _planned(  # noqa: PLR0917 - what an absence is made of
        self, work: Work, asked: Asked, me: Person, first: date, last: date, deputy: PersonId | None
    ) -> Absence:
        absence = Absence(me.id, first, last, None, self._chance.id())
        if deputy is None:
            return absence
        other = _fit(work, me.id, deputy)
        lends = _lent(work, me, other)
        cases = work.cases.of_caseworker(me.id)
        if not cases:
            takes_over = bool(lends) or _may_take_seat(work, me.id, deputy)
            return replace(
                absence,
                deputy=deputy if takes_over else None,
                told=None if takes_over else deputy,
                lends=lends,
            )
        most = self._rules.on(asked.today).substitutes.longest_days
        if (last - first).days + 1 > most:
            raise SubstituteTooLong(most=most)
        if not other.has(Role.CASEWORKER):
            raise SubstituteUnfit(field="deputy")
        return replace(absence, proposed=deputy, deputy=deputy if lends else None, lends=lends)

    def _tell(self, work: Work, me: Person, absence: Absence) -> None:
        facts = {"person": me.id, "absence": absence.id}
        if named := absence.deputy or absence.told:
            work.notices.tell(Notice(f"away:{absence.id}:{named}", "away", named, facts))
        if absence.proposed:
            for leader in _who_answers(work, me.id, work.cases.of_caseworker(me.id)):
                key = f"away_wish:{absence.id}:{leader.id}"
                work.notices.tell(Notice(key, "away_wish", leader.id, facts))

    def _end(self, work: Work, asked: Asked, absence: Absence) -> None:
        work.people.end_absence(absence.id)
        for kind in ("away", "away_wish"):
            work.notices.handle(f"{kind}:{absence.id}:")
        self._substitutes.end_batch(work, asked, absence.id)
        if absence.first < asked.today:
            yesterday = asked.today - timedelta(days=1)
            work.people.add_absence(replace(absence, last=min(absence.last, yesterday), proposed=None))


def _comes(work: Work, asked: Asked, absence: Absence, *, but: Absence | None = None) -> None:
    """Meetings on days one is no longer away: the regrets are taken back (D31). `but` takes the absence's place."""
    first = max(absence.first, asked.today)
    spans = [(first, absence.last)]
    if but:
        day = timedelta(days=1)
        spans = [(first, min(absence.last, but.first - day)), (max(first, but.last + day), absence.last)]
    for begins, ends in spans:
        if begins <= ends:
            comes_after_all(work, absence.person, begins, ends, at=asked.at)


def _fit(work: Work, person: PersonId, deputy: PersonId) -> Person:
    found = work.people.find(deputy)
    if deputy == person or found is None or not found.has_any_role:
        raise DeputyUnfit
    return found


def _lent(work: Work, me: Person, other: Person) -> frozenset[Post]:
    """What is lent to the deputy. Raises DeputyNotAllowed where somebody must act, and this one may in nothing of it."""
    lends = lendable_to(me, other, allowed=other.id in work.people.allowed_deputies(me.id))
    if not lends and any(post.role in MUST_BE_LENT for post in me.posts):
        raise DeputyNotAllowed
    return lends


def _may_take_seat(work: Work, member: PersonId, other: PersonId) -> bool:
    """Whether the other is an alternate of the member's area (R003)."""
    seats = {(s.committee, s.area) for s in work.committees.seats_of(member) if not s.alternate}
    return any(s.alternate and (s.committee, s.area) in seats for s in work.committees.seats_of(other))


def _named(absence: Absence) -> PersonId | None:
    return absence.deputy or absence.told or absence.proposed


def _handed(work: Work, absence: Absence) -> Handed:
    named = _named(absence)
    seat = named is not None and _may_take_seat(work, absence.person, named)
    away = {a.person for a in work.people.absences_between(absence.first, absence.last)} | {absence.person}
    here = [p for p in work.people.all() if p.active and p.id not in away]
    held = frozenset(post.role for p in here for post in p.posts)
    return handed(work.people.get(absence.person), absence, seat=seat, held=held)


def _wish_to_answer(work: Work, asked: Asked, absence_id: str) -> tuple[Absence, list[Case]]:
    """The wish, and the cases of it that wait for this leader: each area answers for its own (T25)."""
    require(asked.by, Role.AREA_LEADER, Role.DEPUTY_LEADER)
    absence = work.people.absence(absence_id)
    if absence is None or absence.proposed is None or absence.last < asked.today:
        raise WishAnswered
    led = [c for c in work.cases.of_caseworker(absence.person) if asked.by.leads(c.area)]
    if absence.person == asked.by.id or not led:
        raise NotForYou
    waiting = {c.id for c in _without_substitute(work, absence, asked.today)}
    mine = [c for c in led if c.id in waiting]
    if not mine:
        raise WishAnswered
    return absence, mine


def _without_substitute(work: Work, absence: Absence, today: date) -> list[Case]:
    """The open cases that nobody stands in on in some of these days."""
    first = max(absence.first, today)
    return [
        c
        for c in work.cases.of_caseworker(absence.person)
        if free_days(work.substitutes.of_case(c.id), first, absence.last)
    ]


def _who_answers(work: Work, person: PersonId, cases: Sequence[Case]) -> list[Person]:
    """The leaders of the areas the cases are in; the deputies where there is no other leader."""
    found: dict[PersonId, Person] = {}
    for area in sorted({c.area for c in cases}):
        leaders = [p for p in work.people.holding(Role.AREA_LEADER, area) if p.id != person]
        leaders = leaders or [p for p in work.people.holding(Role.DEPUTY_LEADER, area) if p.id != person]
        found |= {p.id: p for p in leaders}
    return list(found.values())


def _wish(work: Work, absence: Absence, count: int, leader: Person, today: date) -> AwayWish:
    """`count` cases of those the leader answers for; the others have somebody."""
    name = work.people.get(absence.person).name
    led = [c.id for c in work.cases.of_caseworker(absence.person) if leader.leads(c.area)]
    free = {c.id for c in _without_substitute(work, absence, today)}
    proposed = work.people.get(absence.proposed or absence.deputy or absence.person).name
    covered = sum(case not in free for case in led)
    return AwayWish(absence.id, name, proposed, absence.first, absence.last, count, covered)


def _is_back(work: Work, absence: Absence, at: datetime, today: date) -> bool:
    person = work.people.find(absence.person)
    if person is None or not person.has_any_role or work.people.away(person.id, today):
        return False
    return at >= instant(today, person.overview_at) and work.notices.by_key(back_key(absence)) is None


# --- Home and words ---


def wishes_of_mine(part: PartAsked) -> tuple[AwayWish, ...] | None:
    """A leader's: colleagues who will be away and have proposed somebody."""
    me, work, today = part.asked.by, part.work, part.asked.today
    if not me.is_leader:
        return None
    found = []
    for absence in work.people.absences_between(today, date.max):
        if absence.proposed is None or absence.person == me.id:
            continue
        waiting = [c for c in _without_substitute(work, absence, today) if me.leads(c.area)]
        if waiting:
            found.append(_wish(work, absence, len(waiting), me, today))
    return tuple(found) or None


def named_by(part: PartAsked) -> tuple[SomebodyAway, ...] | None:
    """For whom the person stands in today, or is asked instead of, and what that lets them do."""
    me, work, today = part.asked.by.id, part.work, part.asked.today
    mine = [a for a in work.people.absences_between(today, today) if me in (a.deputy, a.told)]
    lines = tuple(_somebody(work, a) for a in mine)
    return (
        tuple(line for line, a in zip(lines, mine, strict=True) if a.told or not line.handed.only_cases)
        or None
    )


def may_allow(part: PartAsked) -> bool | None:
    """The administrator says who may be whose deputy."""
    return True if part.asked.by.has(Role.ADMINISTRATOR) else None


@dataclass(frozen=True)
class SomebodyAway:
    name: str
    first: date
    last: date
    handed: Handed


def _somebody(work: Work, absence: Absence) -> SomebodyAway:
    name = work.people.get(absence.person).name
    return SomebodyAway(name, absence.first, absence.last, _handed(work, absence))


def _told_of(telling: Telling) -> Absence | None:
    absence = telling.work.people.absence(telling.notice.facts["absence"])
    if absence is None or telling.recipient is None or absence.last < local_date(telling.at):
        return None
    return absence


def _tell_away(telling: Telling) -> Told | None:
    absence = _told_of(telling)
    if absence is None or telling.recipient is None:
        return None
    return Told(_somebody(telling.work, absence), telling.recipient.language)


def _tell_wish(telling: Telling) -> Told | None:
    absence, reader = _told_of(telling), telling.recipient
    if absence is None or reader is None:
        return None
    led = [c for c in telling.work.cases.of_caseworker(absence.person) if reader.leads(c.area)]
    today = local_date(telling.at)
    waiting = [c for c in _without_substitute(telling.work, absence, today) if reader.leads(c.area)]
    answered = absence.proposed is None or not waiting
    wish = _wish(telling.work, absence, len(waiting or led), reader, today)
    wish = replace(wish, answered=answered)
    return Told(wish, reader.language) if led else None


def _tell_answer(telling: Telling) -> Told | None:
    absence = _told_of(telling)
    if absence is None or telling.recipient is None:
        return None
    reader = telling.recipient
    return Told(_wish(telling.work, absence, 0, reader, local_date(telling.at)), reader.language)


TELLERS: dict[str, Teller] = {
    "away": _tell_away,
    "away_wish": _tell_wish,
    "away_answer": _tell_answer,
    **BACK,
}


# --- Home ---


@dataclass(frozen=True)
class MyDeputy:
    """Who acts for a leader, the secretary or the chair, and when; `area` are the deputies who have the role always."""

    absence: Absence | None  # the one that stands, or the next
    name: str | None
    area: tuple[str, ...]


def deputy_for_me(part: PartAsked) -> MyDeputy | None:
    """STEDFORTRÆDER FOR MIG: for whoever must be acted for (D31)."""
    work, me = part.work, part.asked.by
    if not any(post.role in MUST_BE_LENT for post in me.posts):
        return None
    coming = [a for a in work.people.absences_of(me.id) if a.last >= part.asked.today]
    absence = min(coming, key=lambda a: a.first, default=None)
    named = _named(absence) if absence else None
    areas = me.areas_as(Role.AREA_LEADER)
    deputies = {p.id: p.name for area in areas for p in work.people.holding(Role.DEPUTY_LEADER, area)}
    deputies.pop(me.id, None)
    return MyDeputy(absence, work.people.get(named).name if named else None, tuple(deputies.values()))
