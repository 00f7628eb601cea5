"""The demo town's past: an autumn of casework, lived through the use cases with an earlier clock.

Nothing here is written into the database from the side: whoever could not have done it in the page could not do it
here. So the town's figures, journal and minutes agree with one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from bot.demo.lives import (
    DEC_10,
    JAN_28,
    LIVES,
    NOV_5,
    NOV_12,
    NOV_19,
    OCT_1,
    OCT_8,
    OCT_22,
    OCT_29,
    SEP_17,
    SEP_24,
    D,
    Life,
)
from bot.domain.calendar import instant
from bot.domain.case import AgeBand
from bot.domain.closing import CONFIRMED, JOURNAL
from bot.domain.contacts import Contact
from bot.domain.decision import Recording
from bot.domain.money import Kroner
from bot.domain.people import Person
from bot.domain.presentation import CRITERIA, Kind, Measure, Presentation
from bot.domain.task import STEPS
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.handovers import Change, GroupWish
from bot.usecases.ports import Asked
from bot.usecases.readiness import Agreement
from bot.usecases.referrals import Wish
from bot.usecases.session_facts import ItemView

SECRETARY, CHAIR, OTHER_REPRESENTATIVE = "Lone Ager", "Henrik Dahl", "Grethe Munk"
LEADER = {"social": "Jens Toft", "youth": "Lise Vang", "schools": "Ole Skov"}
AREAS = ("social", "youth", "schools")
ADULT_AREAS = ("social", "employment", "health")
HERE = ("U0HENRIK01", "U0GRETHE01", "U0ALI00001", "U0NANNA001", "U0SOFIE001", "U0TINE0001")
LATE = ("Vaterpas",)
"""Decided and communicated, and the measure has not started."""
GROUP = (
    Contact("family_counsellor", "social"),
    Contact("youth_guidance", "youth"),
    Contact("mentor", "youth"),
)
BORN = {AgeBand.TEENS: "2009-11", AgeBand.YOUTH: "2002-04", AgeBand.ADULT: "1991-01"}
NEWS = "Kastanje"
"""The one passage nobody has looked at yet."""
PURPOSES = ("mentor_support", "housing_support", "transport")


@dataclass
class Teller:
    """Lives the past through the office, day by day."""

    house: Any
    people: dict[str, Person] = field(default_factory=dict)
    found: dict[str, Presentation] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(4711))

    def tell(self) -> None:
        with self.house.storage.open_reading(at=datetime(2026, 9, 1, tzinfo=UTC)) as work:
            self.people = {p.name: p for p in work.people.all()}
        for life in LIVES:
            if life.meeting is None or life.meeting >= NOV_19:
                continue
            self._brings(life)
        for day in (SEP_17, SEP_24, OCT_1, OCT_8, OCT_22, OCT_29, NOV_5, NOV_12):
            self._holds(day)
        for life in LIVES:
            self._uses(life)
        for life in LIVES:
            if life.meeting is None or life.meeting >= NOV_19:
                self._brings(life)
        self._prepares_follow_up(self._life("Hyldebusk"), on=D(2026, 11, 13))
        self._comes_again()
        self._looks_ahead()
        self._journals_the_old_notes()

    def _asked(self, name: str, day: date, clock: time = time(9, 0)) -> Asked:
        return Asked(self.people[name], instant(day, clock), "demo")

    def _meeting(self, day: date) -> Any:
        with self.house.storage.open_reading(at=instant(day, time(8))) as work:
            return work.meetings.between(work.committees.all()[0].id, day, day)[0]

    def _number(self, area: str) -> str:
        number = next(self._numbers)
        return {"social": f"S2026-11{number}", "youth": f"U-5{number}", "schools": f"TL{number}"}[area]

    def _brings(self, life: Life) -> None:
        office, person = self.house.office, self.people[life.by]
        area = person.home_area or "social"
        asked = self._asked(life.by, life.began)
        case = office.cases.register(
            asked, reference=self._number(area), band=life.band, alias=life.alias, area=area
        )
        if life.until == "registered":
            return
        wish = Wish(
            criteria=CRITERIA,
            assessed_by="school" if life.band == AgeBand.TEENS else None,
            consent="yes" if life.band == AgeBand.ADULT else None,
            consent_on=life.began if life.band == AgeBand.ADULT else None,
        )
        presentation = office.referrals.request(asked, case.id, wish)
        self.found[life.alias] = presentation
        leader = self._asked(LEADER[area], life.began + timedelta(days=1))
        if life.until == "returned":
            office.referrals.return_(leader, presentation.id, missing=("consent", "area_status"))
        if life.meeting is None:
            return
        meeting = self._meeting(life.meeting)
        office.referrals.refer(leader, presentation.id, collector=None, meeting_id=meeting.id)
        if life.until == "referred":
            self._half_prepares(life, presentation.id)
            if life.asks:
                self._asks(life, presentation.id)
            return
        self._prepares(life, presentation.id)
        office.readiness.mark_ready(
            self._asked(LEADER[area], life.began + timedelta(days=4)), presentation.id
        )
        if life.until == "ready":
            office.cases.add_reference(
                self._asked("Sofie Bech", NOV_12 + timedelta(days=1)), case.id, area="youth", text="U-58831"
            )

    def _half_prepares(self, life: Life, presentation: str) -> None:
        asked = self._asked(life.by, life.began + timedelta(days=2))
        self.house.office.readiness.save_person(
            asked, presentation, own_view="conversation", ticks=("consent",), birth_month="2003-08"
        )

    def _asks(self, life: Life, presentation: str) -> None:
        """Somebody else has been proposed as fixed caseworker, and has the question in their messages (A3)."""
        asked = self._asked(life.by, D(2026, 11, 13), time(14, 30))
        proposal = replace(self._agreement(life), caseworker=self.people[life.asks or life.by].id)
        self.house.office.readiness.save_agreement(asked, presentation, proposal)

    def _prepares(self, life: Life, presentation: str) -> None:
        ready = self.house.office.readiness
        asked = self._asked(life.by, life.began + timedelta(days=3))
        born = life.born or BORN[life.band]
        ticks = ("consent", "parents") if life.band == AgeBand.TEENS else ("consent",)
        ready.save_person(asked, presentation, own_view="conversation", ticks=ticks, birth_month=born)
        status = dict.fromkeys(ADULT_AREAS if life.band == AgeBand.ADULT else AREAS, life.began)
        ready.save_areas(asked, presentation, status=status, ticks=("other_parties", "documents"))
        ready.save_plan(asked, presentation, goals=life.goals, ticks=("statutory_plans", "motivation"))
        ready.add_measure(asked, presentation, Measure("mentor_support", "youth", Kroner.of(8_400)))
        ready.save_agreement(asked, presentation, self._agreement(life))
        if life.fixed and life.fixed != life.by:
            ready.answer_proposal(
                self._asked(life.fixed, life.began + timedelta(days=3), time(13, 0)), presentation, yes=True
            )

    def _agreement(self, life: Life) -> Agreement:
        outside = not 25_000 <= life.frame <= 50_000
        return Agreement(
            caseworker=self.people[life.fixed or life.by].id,
            amount=Kroner.of(life.frame),
            purposes=PURPOSES if life.frame else (),
            payer=self.people[life.by].home_area,
            reason="special_need" if outside and life.frame else None,
            follow_up_on=life.follow_up,
        )

    def _holds(self, day: date) -> None:
        """The secretary holds the meeting, and the other management representative approves the next day."""
        office, meeting = self.house.office, self._meeting(day)
        for life in LIVES:
            if life.group == day:
                self._asks_for_a_group(life, meeting.id)
            if life.closing and life.follow_up == day:
                self._prepares_follow_up(life, on=day - timedelta(days=3))
        page = office.sessions.start(self._asked(SECRETARY, day, time(9, 0)), meeting.id, attending=HERE)
        clock = time(9, 10)
        while isinstance(page, ItemView):
            clock = (datetime.combine(day, clock) + timedelta(minutes=9)).time()
            page = office.sessions.save(
                self._asked(SECRETARY, day, clock),
                meeting.id,
                page.presentation.id,
                self._recording(page.presentation),
                seen=page.decision.revision,
            )
        office.sessions.close(self._asked(SECRETARY, day, time(11, 5)), meeting.id)
        approver = self._asked(OTHER_REPRESENTATIVE, day + timedelta(days=1), time(8, 40))
        office.minutes.approve(approver, meeting.id)
        self._take_their_cases(day)
        self._decides(day)

    def _take_their_cases(self, held: date) -> None:
        """Whoever has been appointed says »Jeg tager sagen« the day after; the newest have not yet."""
        if held >= NOV_12:
            return
        for name in {life.by for life in LIVES}:
            asked = self._asked(name, held + timedelta(days=1), time(14, 0))
            with self.house.storage.open_reading(at=asked.at) as work:
                waiting = [c.id for c in work.cases.of_caseworker(asked.by.id) if c.waits_to_be_taken]
            for case in waiting:
                self.house.office.handovers.accept(asked, case)

    def _decides(self, held: date) -> None:
        """Each area makes and communicates its legal decisions within the week; the newest are still open."""
        if held >= NOV_5:
            return
        for area, leader in LEADER.items():
            asked = self._asked(leader, held + timedelta(days=5))
            with self.house.storage.open_reading(at=asked.at) as work:
                tasks = work.tasks.of_area(area)
            for task in tasks:
                started = None if self._alias(task.case_id) in LATE else asked.today
                self.house.office.tasks.tick(asked, task.id, frozenset(STEPS), started_on=started)

    def _journals_the_old_notes(self) -> None:
        for name in {life.by for life in LIVES} | set(LEADER.values()):
            asked = self._asked(name, D(2026, 11, 13), time(15, 0))
            notes = self.house.office.notes.missing(asked)
            old = tuple(note.seq for note in notes if note.at < instant(D(2026, 11, 12), time(0)))
            self.house.office.notes.mark(asked, old)

    def _recording(self, presentation: Presentation) -> Recording:
        alias = self._alias(presentation.case_id)
        life = self._life(alias)
        if life.until == "out_of_scope":
            return Recording(
                choice="out_of_scope", reason="one_area_enough", area="youth", contact="U0SOFIE001"
            )
        if presentation.kind == Kind.FOLLOW_UP and presentation.for_discussion_only:
            return Recording(choice="postponed", reason="info_missing", to_meeting=self._meeting(NOV_19).id)
        return Recording(choice="as_recommended", participation="heard_in_conversation")

    def _alias(self, case: str) -> str:
        with self.house.storage.open_reading(at=datetime(2026, 11, 1, tzinfo=UTC)) as work:
            return str(work.cases.get(case).alias)

    def _life(self, alias: str) -> Life:
        return next(one for one in LIVES if one.alias == alias)

    def _case(self, alias: str) -> str:
        return self.found[alias].case_id

    def _uses(self, life: Life) -> None:
        if life.until != "decided" or life.meeting is None:
            return
        with self.house.storage.open_reading(at=instant(NOV_12, time(12))) as work:
            if work.frames.open_of(self._case(life.alias)) is None:
                return
        who = life.fixed or life.by
        for number, (kroner, purpose) in enumerate(life.uses):
            day = max(life.meeting + timedelta(days=5 + 2 * number), D(2026, 10, 5))
            day = min(day, D(2026, 11, 13))
            period = day + timedelta(days=60) if purpose != "transport" else None
            use = Use(Kroner.of(kroner), purpose, day, period_until=period)
            self.house.office.frames.use(self._asked(who, day, time(14, 0)), self._case(life.alias), use)
        if life.held:
            aside = Use(
                Kroner.of(life.held),
                "mentor_support",
                D(2026, 11, 9),
                commitment=True,
                period_until=D(2027, 1, 8),
            )
            asked = self._asked(who, D(2026, 11, 9), time(14, 30))
            self.house.office.frames.use(asked, self._case(life.alias), aside)

    def _prepares_follow_up(self, life: Life, *, on: date) -> None:
        with self.house.storage.open_reading(at=instant(on, time(10))) as work:
            follow_up = work.presentations.open_of(self._case(life.alias), Kind.FOLLOW_UP)
        assert follow_up is not None, life.alias
        answers = Answers(
            progress=dict.fromkeys(life.goals, "reached" if life.closing else "on_track"),
            outcome="close" if life.closing else "unchanged",
            closing=life.closing,
            own_view="conversation",
            next_meeting=None if life.closing else self._meeting(JAN_28).id,
        )
        self.house.office.follow_ups.prepare(self._asked(life.by, on), follow_up.id, answers)

    def _asks_for_a_group(self, life: Life, meeting: str) -> None:
        """Especially complicated: a background group, asked for just before the meeting (T27)."""
        assert life.group is not None
        asked = self._asked(life.by, life.group - timedelta(days=3))
        wish = GroupWish(complicated=True, members=GROUP, own_view="conversation")
        asks = self.house.office.handovers.ask_group(asked, self._case(life.alias), wish)
        self._is_scheduled(asks.id, asked.today, meeting)
        status = dict.fromkeys(ADULT_AREAS if life.band == AgeBand.ADULT else AREAS, asked.today)
        self.house.office.readiness.save_areas(asked, asks.id, status=status, ticks=("documents",))
        leader = self._asked(LEADER[self.people[life.by].home_area or ""], asked.today)
        self.house.office.readiness.mark_ready(leader, asks.id)

    def _comes_again(self) -> None:
        """Three cases are on their way back to the committee on 10 December; one of them has a substitute."""
        office, on, approved = self.house.office, D(2026, 11, 11), D(2026, 11, 13)
        more = office.frames.ask_new(
            self._asked("Ali Demir", approved, time(15)),
            self._case("Rødhals"),
            amount=Kroner.of(48_000),
            purposes=PURPOSES,
            reason="new_need",
        )
        change = office.adjustments.bring_back(
            self._asked("Tine Lauridsen", approved, time(15)), self._case("Kastanje"), Kind.CHANGE
        )
        other = office.handovers.ask_change(
            self._asked("Peter Krogh", on),
            self._case("Solsort"),
            Change("workload", self.people["Sofie Bech"].id, DEC_10, "conversation"),
        )
        office.readiness.answer_proposal(self._asked("Sofie Bech", on, time(14)), other.id, yes=True)
        office.substitutes.set(
            self._asked("Lise Vang", on, time(14)),
            self._case("Solsort"),
            person=self.people["Sofie Bech"].id,
            first=on,
            last=DEC_10,
        )
        for item, day in ((other, NOV_12), (more, approved), (change.presentation, approved)):
            self._is_scheduled(item.id, day, self._meeting(DEC_10).id)

    def _is_scheduled(self, item: str, on: date, meeting: str) -> None:
        self.house.office.agendas.add(self._asked(SECRETARY, on, time(15, 30)), item, meeting)

    def _looks_ahead(self) -> None:
        """The passages that have come are seen, and what was asked after a closing is answered, but for the newest."""
        friday = instant(D(2026, 11, 13), time(10))
        self.house.office.passages.watch_due(friday)
        with self.house.storage.open_reading(at=friday) as work:
            passages = [t for life in LIVES if life.alias in self.found for t in self._passages(work, life)]
            after = [a for a in ("Ringdue", "Kikkert") for a in work.after_closings.of_case(self._case(a))]
        for life, found in passages:
            if life.alias != NEWS:
                self.house.office.passages.open(self._asked(life.fixed or life.by, D(2026, 11, 13)), found)
        for one in after:
            if one.kind == JOURNAL:
                by = self._life(self._alias(one.case_id)).by
                self.house.office.closings.answer(self._asked(by, D(2026, 11, 13)), one.id, CONFIRMED)

    def _passages(self, work: Any, life: Life) -> list[tuple[Life, str]]:
        return [(life, t.id) for t in work.transitions.of_case(self._case(life.alias))]
