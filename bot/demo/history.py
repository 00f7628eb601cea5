"""The demo town's past: an autumn of casework, lived through the use cases with an earlier clock.

Nothing here is written into the database from the side: whoever could not have done it in the page could not do it
here. So the town's figures, journal and minutes agree with one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from bot.domain.calendar import instant
from bot.domain.case import AgeBand
from bot.domain.decision import Recording
from bot.domain.money import Kroner
from bot.domain.people import Person
from bot.domain.presentation import CRITERIA, Kind, Measure, Presentation
from bot.domain.task import STEPS
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.ports import Asked
from bot.usecases.readiness import Agreement
from bot.usecases.referrals import Wish
from bot.usecases.sessions import ItemView

SECRETARY, CHAIR, OTHER_REPRESENTATIVE = "Lone Ager", "Henrik Dahl", "Grethe Munk"
LEADER = {"social": "Jens Toft", "youth": "Lise Vang", "schools": "Ole Skov"}
AREAS = ("social", "youth", "schools")
HERE = ("U0HENRIK01", "U0GRETHE01", "U0ALI00001", "U0NANNA001", "U0SOFIE001", "U0TINE0001")
PURPOSES = ("mentor_support", "housing_support", "transport")


@dataclass(frozen=True)
class Life:
    """What happened to one case until now. `until` is the last thing that happened."""

    alias: str
    by: str
    until: str  # registered | requested | returned | referred | ready | decided | out_of_scope
    began: date
    meeting: date | None = None
    follow_up: date | None = None
    frame: int = 40_000  # kroner; 0 is »ingen ramme«
    uses: tuple[tuple[int, str], ...] = ()
    band: AgeBand = AgeBand.YOUTH
    goals: tuple[str, ...] = ("education",)
    fixed: str | None = None  # None: whoever brought the case
    urgent: str | None = None


D = date
OCT_1, OCT_8, OCT_29, NOV_5, NOV_12 = (
    D(2026, 10, 1),
    D(2026, 10, 8),
    D(2026, 10, 29),
    D(2026, 11, 5),
    D(2026, 11, 12),
)
NOV_19, NOV_26, DEC_3, DEC_10 = D(2026, 11, 19), D(2026, 11, 26), D(2026, 12, 3), D(2026, 12, 10)
JAN_14, JAN_21, JAN_28 = D(2027, 1, 14), D(2027, 1, 21), D(2027, 1, 28)
SEP_14, OCT_12, OCT_19 = D(2026, 9, 14), D(2026, 10, 12), D(2026, 10, 19)

LIVES: tuple[Life, ...] = (
    # Decided on 1 October
    Life(
        "Stillits",
        "Maja Holm",
        "decided",
        SEP_14,
        OCT_1,
        NOV_12,
        30_000,
        ((24_500, "mentor_support"),),
        goals=("employment",),
    ),
    Life("Gråand", "Maja Holm", "decided", SEP_14, OCT_1, NOV_19, 40_000, ((6_000, "transport"),)),
    Life(
        "Enebær",
        "Tine Lauridsen",
        "decided",
        SEP_14,
        OCT_1,
        NOV_19,
        25_000,
        ((25_000, "housing_support"),),
        AgeBand.TEENS,
    ),
    Life("Hyldebusk", "Ali Demir", "decided", SEP_14, OCT_1, NOV_19, 35_000, ((12_250, "mentor_support"),)),
    Life("Blåmejse", "Sofie Bech", "decided", SEP_14, OCT_8, NOV_12, 28_000, ((9_000, "transport"),)),
    Life("Vaterpas", "Nanna Ilsø", "decided", SEP_14, OCT_8, NOV_26, 45_000, ((11_400, "mentor_support"),)),
    # Decided on 29 October
    Life(
        "Isfugl",
        "Maja Holm",
        "decided",
        OCT_12,
        OCT_29,
        JAN_21,
        40_000,
        ((24_000, "mentor_support"), (8_400, "housing_support"), (400, "transport")),
    ),
    Life("Musvit", "Peter Krogh", "decided", OCT_12, OCT_29, JAN_14, 50_000, ((7_500, "mentor_support"),)),
    Life(
        "Kompas",
        "Maja Holm",
        "decided",
        OCT_12,
        OCT_29,
        JAN_28,
        60_000,
        ((15_000, "housing_support"),),
        AgeBand.ADULT,
        ("income_basis",),
    ),
    Life("Tommestok", "Ali Demir", "decided", OCT_12, OCT_29, DEC_10, 0),
    Life(
        "Solsort",
        "Sofie Bech",
        "decided",
        OCT_12,
        NOV_5,
        JAN_14,
        32_000,
        ((2_900, "transport"),),
        fixed="Peter Krogh",
    ),
    # Decided on 5 and 12 November
    Life(
        "Kastanje",
        "Tine Lauridsen",
        "decided",
        OCT_19,
        NOV_5,
        JAN_28,
        26_000,
        ((1_150, "transport"),),
        AgeBand.TEENS,
    ),
    Life("Liguster", "Peter Krogh", "out_of_scope", OCT_19, NOV_5, JAN_28),
    Life("Rødhals", "Ali Demir", "decided", D(2026, 10, 26), NOV_12, JAN_28, 38_000, ((800, "transport"),)),
    # On their way now
    Life("Bogfinke", "Maja Holm", "ready", D(2026, 11, 2), NOV_19, JAN_28),
    Life("Ahorn", "Sofie Bech", "referred", D(2026, 11, 4), NOV_19, JAN_28),
    Life("Trillebør", "Nanna Ilsø", "referred", D(2026, 11, 9), NOV_26, JAN_28),
    Life("Sekstant", "Peter Krogh", "returned", D(2026, 11, 9)),
    Life("Knopsvane", "Ali Demir", "requested", D(2026, 11, 12)),
    Life("Vandkande", "Tine Lauridsen", "requested", D(2026, 11, 13)),
    Life("Spartel", "Peter Krogh", "requested", D(2026, 11, 13), band=AgeBand.ADULT),
    Life("Havterne", "Maja Holm", "registered", D(2026, 11, 13)),
)


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
        for day in (OCT_1, OCT_8, OCT_29, NOV_5, NOV_12):
            self._holds(day)
        for life in LIVES:
            self._uses(life)
        for life in LIVES:
            if life.meeting is None or life.meeting >= NOV_19:
                self._brings(life)
        self._prepares_follow_up("Hyldebusk", "Ali Demir")
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

    def _prepares(self, life: Life, presentation: str) -> None:
        ready = self.house.office.readiness
        asked = self._asked(life.by, life.began + timedelta(days=3))
        born = {AgeBand.TEENS: "2009-11", AgeBand.YOUTH: "2002-04", AgeBand.ADULT: "1991-01"}[life.band]
        ticks = ("consent", "parents") if life.band == AgeBand.TEENS else ("consent",)
        ready.save_person(asked, presentation, own_view="conversation", ticks=ticks, birth_month=born)
        status = dict.fromkeys(AREAS, life.began)
        ready.save_areas(asked, presentation, status=status, ticks=("other_parties", "documents"))
        ready.save_plan(asked, presentation, goals=life.goals, ticks=("statutory_plans",))
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
        if day == NOV_12:
            self._prepares_follow_up(
                "Stillits", "Maja Holm", outcome="close", closing="employment", on=D(2026, 11, 9)
            )
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
        self._decides(day)

    def _decides(self, held: date) -> None:
        """Each area makes and communicates its legal decisions within the week; the newest are still open."""
        if held >= NOV_5:
            return
        for area, leader in LEADER.items():
            asked = self._asked(leader, held + timedelta(days=5))
            with self.house.storage.open_reading(at=asked.at) as work:
                tasks = work.tasks.of_area(area)
            for task in tasks:
                self.house.office.tasks.tick(asked, task.id, frozenset(STEPS))

    def _journals_the_old_notes(self) -> None:
        for name in {life.by for life in LIVES} | set(LEADER.values()):
            asked = self._asked(name, D(2026, 11, 13), time(15, 0))
            notes = self.house.office.notes.missing(asked)
            old = tuple(note.seq for note in notes if note.at < instant(D(2026, 11, 12), time(0)))
            self.house.office.notes.mark(asked, old)

    def _recording(self, presentation: Presentation) -> Recording:
        alias = self._alias(presentation.case_id)
        life = next(one for one in LIVES if one.alias == alias)
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

    def _prepares_follow_up(
        self,
        alias: str,
        by: str,
        *,
        outcome: str = "unchanged",
        closing: str | None = None,
        on: date = D(2026, 11, 13),
    ) -> None:
        with self.house.storage.open_reading(at=instant(on, time(10))) as work:
            follow_up = work.presentations.open_of(self._case(alias), Kind.FOLLOW_UP)
            goals = work.cases.get(self._case(alias)).goals
        assert follow_up is not None, alias
        answers = Answers(
            progress=dict.fromkeys(goals, "reached" if outcome == "close" else "on_track"),
            outcome=outcome,
            closing=closing,
            own_view="conversation",
            next_meeting=None if outcome == "close" else self._meeting(JAN_28).id,
        )
        self.house.office.follow_ups.prepare(self._asked(by, on), follow_up.id, answers)
